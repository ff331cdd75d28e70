"""The words a row of the catalogue may use. A new word is one new line here."""

from __future__ import annotations

from lightbox.navigator.methods import METHODS
from lightbox.navigator.terms import Term, by_key

LANGUAGES = by_key(Term(key, key) for key in ("Python", "R", "Julia", "Java", "JavaScript", "TypeScript", "C++"))

PARADIGMS = by_key(
    (
        Term("classic", "Classic", help="Explains inputs and outputs."),
        Term("mechanistic", "Mechanistic", ("mechinterp",), help="Opens the inside of networks."),
        Term("hybrid", "Hybrid", help="Both classic and mechanistic."),
        Term("evaluation", "Evaluation", ("benchmark",), help="Scores or benchmarks explanations."),
        Term("platform", "Platform", help="An app or a host, not an explainer library."),
    )
)

FRAMEWORKS = by_key(
    (
        Term("pytorch", "PyTorch", ("torch",), host="Python"),
        Term("tensorflow", "TensorFlow", ("tf",), host="Python"),
        Term("keras", "Keras", ("tf.keras",), host="Python"),
        Term("jax", "JAX", ("flax",), host="Python"),
        Term("scikit-learn", "scikit-learn", ("sklearn",), host="Python"),
        Term("xgboost", "XGBoost", host="Python"),
        Term("lightgbm", "LightGBM", host="Python"),
        Term("catboost", "CatBoost", host="Python"),
        Term("transformers", "Transformers", ("hugging face", "huggingface"), host="Python", within="pytorch"),
        Term("timm", "timm", host="Python", within="pytorch"),
        Term("transformer-lens", "TransformerLens", ("hooked transformer",), host="Python", within="pytorch"),
        Term("nnsight", "NNsight", host="Python"),
        Term("vllm", "vLLM", host="Python"),
        Term("pyg", "PyTorch Geometric", ("pyg",), host="Python", within="pytorch"),
        Term("dgl", "DGL", host="Python"),
        Term("skorch", "skorch", host="Python"),
        Term("pyspark", "PySpark", ("spark",), host="Python"),
        Term("h2o", "H2O", host="Python"),
        Term("onnx", "ONNX", host="Python"),
        Term("openvino", "OpenVINO", host="Python"),
        Term("paddle", "PaddlePaddle", host="Python"),
        Term("r-models", "R models", host="R"),
        Term("r-torch", "torch for R", host="R"),
        Term("neuralnet", "neuralnet (R)", host="R"),
        Term("flux", "Flux (Julia)", host="Julia"),
        Term("java", "Java models", host="Java"),
        Term("tfjs", "TensorFlow.js", host="JavaScript"),
        Term("any", "Any model", ("model-agnostic", "black box"), help="Takes a plain prediction function."),
    )
)

# Their models are plain modules, so that whatever takes any module of the framework around takes them too.
OPEN_TO_PARENT = ("timm", "transformers")

DATA_TYPES = by_key(
    (
        Term("image", "Image", ("picture", "vision")),
        Term("medical-image", "Medical image", ("x-ray", "MRI", "CT", "histology", "radiology")),
        Term("3d", "3D", ("3-D", "volume", "point cloud")),
        Term("video", "Video"),
        Term("tabular", "Tabular", ("table",)),
        Term("time-series", "Time series", ("sequence", "signal")),
        Term("text", "Text", ("NLP",)),
        Term("llm", "Language models (LLM)", ("large language model", "GPT")),
        Term("multimodal", "Multimodal"),
        Term("audio", "Audio", ("music", "speech")),
        Term("graph", "Graph", ("GNN",)),
        Term("genomics", "Genomics", ("DNA",)),
    )
)

TASKS = by_key(
    (
        Term("classification", "Classification"),
        Term("regression", "Regression"),
        Term("segmentation", "Segmentation"),
        Term("object-detection", "Object detection", ("detector", "YOLO")),
        Term("generation", "Generation"),
        Term("question-answering", "Question answering"),
        Term("vqa", "Visual question answering"),
        Term("similarity", "Similarity"),
        Term("ranking", "Ranking"),
        Term("forecasting", "Forecasting"),
        Term("reinforcement-learning", "Reinforcement learning"),
    )
)

FAMILIES = by_key(
    (
        Term("cnn", "Convolutional network", ("CNN", "convnet", "ResNet", "VGG", "EfficientNet", "DenseNet", "U-Net")),
        Term("vit", "Vision transformer", ("ViT", "DeiT", "Swin", "DINO", "CLIP")),
        Term("llm", "Language model with its weights", ("BERT", "GPT-2", "Llama", "Gemma", "Qwen", "Mistral")),
        Term("llm-api", "Language model behind an API", ("API", "ChatGPT", "GPT-4", "Claude", "Gemini")),
        Term("trees", "Trees and forests", ("random forest", "decision tree", "gradient boosting", "tree ensemble")),
        Term("gnn", "Graph network", ("graph neural network", "GNN")),
    )
)

TOPICS = by_key(
    (
        Term("fairness", "Fairness", ("bias", "discrimination")),
        Term("survival", "Survival analysis", ("Cox model", "time to event")),
        Term("low-level-vision", "Super-resolution and restoration", ("super-resolution", "denoising", "deblurring")),
    )
)

# A package allows numpy 2 or Keras 3 where its newest release came after them, requires them and has no pin on them.
RUNS_WITH = by_key(
    (
        Term(
            "gpu",
            "GPU code of its own",
            ("GPU", "CUDA"),
            help="It computes on a GPU itself, beyond where the model runs.",
        ),
        Term(
            "keras-3", "Keras 3", help="Its newest release requires Keras or TensorFlow and does not rule Keras 3 out."
        ),
        Term("numpy-2", "numpy 2", help="Its newest release requires numpy and does not rule numpy 2 out."),
        Term(
            "python-3.15", "Python 3.15", ("newest Python",), help="Its newest release does not rule Python 3.15 out."
        ),
    )
)

SCOPES = by_key(
    (
        Term("local", "One prediction", ("local",)),
        Term("global", "The whole model", ("global",)),
        Term("both", "Both", ("local", "global")),
    )
)

MODEL_AGNOSTIC = by_key(
    (
        Term("yes", "Yes, needs predictions only", ("model-agnostic", "black box")),
        Term("no", "No, needs the inside", ("white box",)),
        Term("both", "Has methods of either kind", ("model-agnostic", "black box", "white box")),
    )
)

INTERFACES = by_key(
    (
        Term("python api", "Python API"),
        Term("dashboard", "Dashboard", ("web page", "app", "GUI")),
        Term("notebook widget", "Notebook widget", ("jupyter",)),
        Term("cli", "Command line", ("terminal",)),
        Term("r", "R"),
        Term("julia", "Julia"),
        Term("java", "Java"),
        Term("js", "JavaScript"),
    )
)

# "unknown" is written as an empty cell: a snapshot too old to tell is not a dormant project.
STATUSES = by_key(
    (
        Term("active", "Active", ("maintained",), help="A commit or a release in the last 18 months."),
        Term("dormant", "Dormant", ("unmaintained",), help="Seen without a commit or a release for 18 months."),
        Term("archived", "Archived", help="Its owners closed it."),
        Term("unknown", "Unknown", help="Not known: the source is too old to tell, so nothing is guessed."),
    )
)

COMMIT_SOURCES = ("snapshot", "navigator", "github", "unknown")
STARS_SOURCES = ("navigator", "github")
REGISTRIES = ("pypi", "cran", "julia")
VERIFIED = ("yes", "partly", "no")

# The columns that hold several words, and the vocabulary of each column.
LISTS: tuple[str, ...] = ("language", "frameworks", "data_types", "tasks", "methods", "families", "topics")
LISTS += ("interface", "runs_with", "not_with", "pins", "fact_dates")
COLUMN_TERMS: dict[str, dict[str, Term]] = {
    "language": LANGUAGES,
    "paradigm": PARADIGMS,
    "frameworks": FRAMEWORKS,
    "data_types": DATA_TYPES,
    "tasks": TASKS,
    "methods": METHODS,
    "families": FAMILIES,
    "topics": TOPICS,
    "scope": SCOPES,
    "model_agnostic": MODEL_AGNOSTIC,
    "interface": INTERFACES,
    "runs_with": RUNS_WITH,
    "not_with": RUNS_WITH,
}
