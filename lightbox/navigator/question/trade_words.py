"""The words of the trade: phrases that no vocabulary has, or whose word there asks for more than one thing."""

from __future__ import annotations

from lightbox.navigator.methods import HEAT_MAP
from lightbox.navigator.question.asked import Asked

_CAM = (Asked("method", ("Grad-CAM family",)),)
_SHAP = (Asked("method", ("SHAP",)),)
_SHORTCUTS = (Asked("method", ("Relevance clustering",)),)
_CNN = (Asked("family", ("cnn",), "wish"), Asked("data", ("image",)))
_VIT = (Asked("family", ("vit",), "wish"), Asked("data", ("image",)))
_LLM = (Asked("family", ("llm",), "wish"), Asked("data", ("llm",)))
_LLM_API = (Asked("family", ("llm-api",), "wish"), Asked("data", ("llm",)))
_TEXT_MODEL = (Asked("family", ("llm",), "wish"), Asked("data", ("text", "llm")))
_TREES = (Asked("family", ("trees",), "wish"), Asked("data", ("tabular",)))
_EVALUATION = (Asked("goal", ("evaluation",)),)
_UNCERTAINTY = (Asked("method", ("Uncertainty",)),)
_INSIDE = (Asked("goal", ("inside",)),)
_TRAINING = (Asked("goal", ("training-data",)),)
_CONCEPTS = (Asked("method", ("Concept (TCAV/CBM/CEM)",)),)
_GLASS_BOX = (Asked("method", ("Glass-box models",)),)
_MEDICAL = (Asked("data", ("medical-image",), wider=("image",)),)
_TABULAR = (Asked("data", ("tabular",)),)
_SERIES = (Asked("data", ("time-series",)),)
_GENOMICS = (Asked("data", ("genomics",)),)
_MULTIMODAL = (Asked("data", ("multimodal",)),)
_RESTORATION = (Asked("topic", ("low-level-vision",)),)
_DETECTION = (Asked("task", ("object-detection",)),)
_BLACK_BOX = (Asked("agnostic", ("yes", "both")),)
_ATTRIBUTION = Asked("goal", ("attribution",), "general")
_HEAT_MAPS = (_ATTRIBUTION, Asked("data", ("image",), "wish"))
_R = (Asked("language", ("R",)),)
_SCRIPT = (Asked("language", ("JavaScript", "TypeScript")),)
_DASHBOARD = (Asked("interface", ("dashboard",)),)
_KERAS_3 = (Asked("framework", ("keras",)), Asked("runs", ("keras-3",), "wish"))
_OPEN = (Asked("permission", ("permissive", "copyleft")),)

TRADE_WORDS: dict[str, tuple[Asked, ...]] = {
    # What is to be known.
    **dict.fromkeys((*HEAT_MAP, "saliency", "relevance map", "important pixel"), _HEAT_MAPS),
    "attribution": (_ATTRIBUTION,),
    **dict.fromkeys(("evaluate", "evaluating", "evaluation", "trust", "trustworthy", "faithful"), _EVALUATION),
    **dict.fromkeys(("explanation quality", "quality of explanation", "score explanation"), _EVALUATION),
    **dict.fromkeys(("trust a prediction", "trust the prediction", "trust my prediction"), _UNCERTAINTY),
    **dict.fromkeys(("certain", "certainty", "confident", "confidence", "how sure"), _UNCERTAINTY),
    **dict.fromkeys(("mechanistic", "mechanistic interpretability", "mech interp", "inside"), _INSIDE),
    **dict.fromkeys(("training data", "training example", "training image", "training sample"), _TRAINING),
    "training set": _TRAINING,
    # Methods.
    **dict.fromkeys(("grad cam", "score cam", "layer cam", "eigen cam", "HiResCAM"), _CAM),
    **dict.fromkeys(("layerwise", "layer wise", "layerwise relevance propagation"), (Asked("method", ("LRP",)),)),
    **dict.fromkeys(("Shapley", "SHAP value", "GradientSHAP", "kernel SHAP", "tree SHAP", "deep SHAP"), _SHAP),
    "super pixel": (Asked("method", ("LIME",)),),
    **dict.fromkeys(("glass box", "inherently interpretable"), _GLASS_BOX),
    **dict.fromkeys(("cluster heat map", "shortcut", "spurious correlation"), _SHORTCUTS),
    "nearest neighbors": (Asked("method", ("Example-based",)),),
    "concept based": _CONCEPTS,
    **dict.fromkeys(("concept bottleneck", "CBM"), _CONCEPTS + _GLASS_BOX),
    "circuit": (Asked("method", ("Circuit discovery",)),),
    "steer": (Asked("method", ("Steering",)),),
    **dict.fromkeys(("edit fact", "knowledge editing", "fact editing"), (Asked("method", ("Model editing",)),)),
    # Models and their data.
    **dict.fromkeys(("ResNet", "VGG", "EfficientNet", "DenseNet", "MobileNet", "Inception", "ConvNeXt"), _CNN),
    **dict.fromkeys(("ViT", "vision transformer", "DeiT", "Swin", "DINO", "DINOv2"), _VIT),
    **dict.fromkeys(("Llama", "Gemma", "Qwen", "Mistral", "GPT-2", "Pythia"), _LLM),
    **dict.fromkeys(("BERT", "RoBERTa", "DistilBERT"), _TEXT_MODEL),
    **dict.fromkeys(("ChatGPT", "GPT-4", "Claude", "Gemini"), _LLM_API),
    "API": (_LLM_API[0],),
    **dict.fromkeys(("language model", "prompt"), (Asked("data", ("llm",)),)),
    **dict.fromkeys(("vision language model", "VLM", "LLaVA"), _MULTIMODAL),
    **dict.fromkeys(("sentiment", "natural language"), (Asked("data", ("text",)),)),
    **dict.fromkeys(("random forest", "decision tree", "gradient boosting", "tree ensemble", "tree model"), _TREES),
    **dict.fromkeys(("credit score", "credit scoring", "credit risk", "churn", "fraud"), _TABULAR),
    **dict.fromkeys(("graph neural network", "graph network", "GNN"), (Asked("data", ("graph",)),)),
    **dict.fromkeys(("LSTM", "RNN", "recurrent network"), (Asked("data", ("time-series", "text")),)),
    **dict.fromkeys(("ECG", "EEG"), _SERIES),
    **dict.fromkeys(("photo", "computer vision"), (Asked("data", ("image",)),)),
    **dict.fromkeys(("medical", "medical imaging", "ultrasound", "pathology", "radiograph", "scan"), _MEDICAL),
    **dict.fromkeys(("histopathology", "digital pathology", "WSI", "whole slide", "tumor", "tumour"), _MEDICAL),
    **dict.fromkeys(
        ("DNA sequence", "protein", "protein sequence", "gene expression"), (Asked("data", ("genomics",)),)
    ),
    # Tasks and topics.
    **dict.fromkeys(("YOLO", "detector", "object detector", "detection model", "DETR", "Detectron"), _DETECTION),
    **dict.fromkeys(("R-CNN", "Mask R-CNN", "Fast R-CNN", "Faster R-CNN", "Cascade R-CNN"), _DETECTION),
    "RL": (Asked("task", ("reinforcement-learning",)),),
    **dict.fromkeys(("Cox", "Cox regression"), (Asked("topic", ("survival",)),)),
    **dict.fromkeys(("restoration", "image restoration", "upscaling"), _RESTORATION),
    # Access and scope.
    **dict.fromkeys(("black box", "model agnostic", "only predictions", "only call"), _BLACK_BOX),
    "gradient free": _BLACK_BOX,
    "white box": (Asked("agnostic", ("no", "both")),),
    "global": (Asked("scope", ("global", "both")),),
    "local": (Asked("scope", ("local", "both")),),
    # Surroundings.
    **dict.fromkeys(("Keras 3", "tf.keras 3"), _KERAS_3),
    **dict.fromkeys(("R", "R language", "R package", "R project", "CRAN", "rstats", "tidyverse", "tidymodels"), _R),
    "Julia": (Asked("language", ("Julia",)),),
    "Java": (Asked("language", ("Java",)),),
    **dict.fromkeys(("cpp", "c plus plus"), (Asked("language", ("C++",)),)),
    **dict.fromkeys(("JS", "JavaScript"), _SCRIPT),
    "apache spark": (Asked("framework", ("pyspark",)),),
    **dict.fromkeys(("no code", "without code", "low code", "without programming", "non programmer"), _DASHBOARD),
    **dict.fromkeys(("maintained", "active"), (Asked("status", ("active",)),)),
    # What a licence allows; the licences themselves come from the rows.
    "permissive": (Asked("permission", ("permissive",)),),
    "copyleft": (Asked("permission", ("copyleft",)),),
    **dict.fromkeys(("open source", "commercial use", "commercially"), _OPEN),
    **dict.fromkeys(("non-commercial", "noncommercial"), (Asked("permission", ("restricted",)),)),
    **dict.fromkeys(("no licence", "no license", "without licence"), (Asked("permission", ("unknown",)),)),
}

# What it asks for to be without these.
WITHOUT: dict[str, tuple[Asked, ...]] = dict.fromkeys(("gradient", "weight", "parameter"), _BLACK_BOX)
