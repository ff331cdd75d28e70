"""What people type, word by word, and what it asks of a library: the vocabularies' words and the words of the trade.

A phrase asks in one of three ways. A *filter* has to hold. A *wish* puts rows that are known to fulfil it first and
drops those known not to, because most rows do not say, and unknown is not no. A *general* word such as "attribution"
filters only where nothing more exact was asked: "evaluate my saliency maps" is about evaluation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lightbox.navigator import vocabulary
from lightbox.navigator.methods import HEAT_MAP, METHODS
from lightbox.navigator.terms import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lightbox.navigator.terms import Term

Words = tuple[str, ...]

# Words without a meaning of their own in this catalogue: articles, verbs of asking, and what every row is about.
_STOP_TEXT = """
    a about after all an and any are as at based be best by can classification classifier classify data deep
    did do does easily explain explainability explainable explainer explaining explanation explanations find
    for from get give good help how i in interpret interpretability interpretable is it large learning library
    like look looking made make me method methods ml model models my need network networks neural of on one or
    our out output package predict prediction predictions show simple some still that the there this to tool
    toolbox toolkit train trained understand us use used using visualise visualize want way we what when where
    which who why will with work works xai you
"""
STOP_WORDS = frozenset(_STOP_TEXT.split())
EXPLAINING = frozenset(word for word in STOP_WORDS if word.startswith(("explain", "explan", "interpret")))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a phrase asks: any of ``values`` of a facet, as a "filter", a "wish" or "general".

    Rows that answer one of ``wider`` are found too, behind the others: a library for pictures takes medical ones.
    """

    facet: str
    values: tuple[str, ...]
    kind: str = "filter"
    wider: tuple[str, ...] = ()


_CAM = (Asked("method", ("Grad-CAM family",)),)
_CNN = (Asked("family", ("cnn",), "wish"), Asked("data", ("image",)))
_VIT = (Asked("family", ("vit",), "wish"), Asked("data", ("image",)))
_LLM = (Asked("family", ("llm",), "wish"), Asked("data", ("llm",)))
_TEXT_MODEL = (Asked("family", ("llm",), "wish"), Asked("data", ("text", "llm")))
_TREES = (Asked("family", ("trees",), "wish"), Asked("data", ("tabular",)))
_EVALUATION = (Asked("goal", ("evaluation",)),)
_INSIDE = (Asked("goal", ("inside",)),)
_TRAINING = (Asked("goal", ("training-data",)),)
_MEDICAL = (Asked("data", ("medical-image",), wider=("image",)),)
_BLACK_BOX = (Asked("agnostic", ("yes", "both")),)
_ATTRIBUTION = Asked("goal", ("attribution",), "general")
_HEAT_MAPS = (_ATTRIBUTION, Asked("data", ("image",), "wish"))

# Phrases that are no word of a vocabulary, or whose word there asks for more than one thing.
_BY_HAND: dict[str, tuple[Asked, ...]] = {
    **dict.fromkeys((*HEAT_MAP, "saliency", "relevance map", "important pixel"), _HEAT_MAPS),
    "attribution": (_ATTRIBUTION,),
    **dict.fromkeys(("ResNet", "VGG", "EfficientNet", "DenseNet", "MobileNet", "Inception", "ConvNeXt"), _CNN),
    **dict.fromkeys(("ViT", "vision transformer", "DeiT", "Swin", "DINO", "DINOv2"), _VIT),
    **dict.fromkeys(("Llama", "Gemma", "Qwen", "Mistral", "GPT-2", "Pythia"), _LLM),
    **dict.fromkeys(("BERT", "RoBERTa", "DistilBERT"), _TEXT_MODEL),
    **dict.fromkeys(("ChatGPT", "GPT-4", "Claude", "Gemini"), (Asked("family", ("llm-api",), "wish"), _LLM[1])),
    **dict.fromkeys(("random forest", "decision tree", "gradient boosting", "tree ensemble", "tree model"), _TREES),
    **dict.fromkeys(("YOLO", "object detector"), (Asked("task", ("object-detection",)),)),
    **dict.fromkeys(("graph neural network", "graph network", "GNN"), (Asked("data", ("graph",)),)),
    **dict.fromkeys(("evaluate", "evaluating", "evaluation", "score", "trust", "quality"), _EVALUATION),
    **dict.fromkeys(("mechanistic", "mechanistic interpretability", "mech interp", "inside"), _INSIDE),
    **dict.fromkeys(("training data", "training example", "training image", "training sample"), _TRAINING),
    **dict.fromkeys(("medical", "medical imaging", "ultrasound", "pathology", "radiograph", "scan"), _MEDICAL),
    **dict.fromkeys(("black box", "model agnostic", "only predictions", "only call"), _BLACK_BOX),
    "white box": (Asked("agnostic", ("no", "both")),),
    "global": (Asked("scope", ("global", "both")),),
    "local": (Asked("scope", ("local", "both")),),
    "Keras 3": (Asked("framework", ("keras",)), Asked("runs", ("keras-3",), "wish")),
    "R": (Asked("language", ("R",)),),
    "JS": (Asked("language", ("JavaScript", "TypeScript")),),
    "JavaScript": (Asked("language", ("JavaScript", "TypeScript")),),
    "vision language model": (Asked("data", ("multimodal",)),),
    "language model": (Asked("data", ("llm",)),),
    "prompt": (Asked("data", ("llm",)),),
    **dict.fromkeys(("grad cam", "score cam", "layer cam", "eigen cam", "HiResCAM"), _CAM),
    "concept based": (Asked("method", ("Concept (TCAV/CBM/CEM)",)),),
    "circuit": (Asked("method", ("Circuit discovery",)),),
    "steer": (Asked("method", ("Steering",)),),
    "Shapley": (Asked("method", ("SHAP",)),),
    "GradientSHAP": (Asked("method", ("SHAP",)),),
    "training set": _TRAINING,
    "maintained": (Asked("status", ("active",)),),
    "active": (Asked("status", ("active",)),),
    "permissive": (Asked("permission", ("permissive",)),),
    "copyleft": (Asked("permission", ("copyleft",)),),
    "open source": (Asked("permission", ("permissive", "copyleft")),),
    "ECG": (Asked("data", ("time-series",)),),
    "EEG": (Asked("data", ("time-series",)),),
    "detector": (Asked("task", ("object-detection",)),),
    "RL": (Asked("task", ("reinforcement-learning",)),),
    "sentiment": (Asked("data", ("text",)),),
    "photo": (Asked("data", ("image",)),),
    "computer vision": (Asked("data", ("image",)),),
    "API": (Asked("family", ("llm-api",), "wish"),),
}
# Single words of a title that would ask for more than people mean by them.
_NOT_ALONE = frozenset(
    ("other", "plain", "any", "one prediction", "both", "no", "yes", "r", "generation", "similarity")
)
_VOCABULARIES: tuple[tuple[str, Mapping[str, Term], str], ...] = (
    ("method", METHODS, "filter"),
    ("framework", vocabulary.FRAMEWORKS, "filter"),
    ("data", vocabulary.DATA_TYPES, "filter"),
    ("task", {key: term for key, term in vocabulary.TASKS.items() if key != "classification"}, "filter"),
    ("topic", vocabulary.TOPICS, "filter"),
    ("language", vocabulary.LANGUAGES, "filter"),
    ("interface", {key: term for key, term in vocabulary.INTERFACES.items() if key not in ("r", "js")}, "filter"),
    ("family", vocabulary.FAMILIES, "wish"),
    ("runs", vocabulary.RUNS_WITH, "wish"),
)


def phrases() -> dict[Words, tuple[Asked, ...]]:
    """What each phrase asks, by its words as `normal` writes them."""
    found: dict[Words, tuple[Asked, ...]] = {}
    for facet, terms, kind in _VOCABULARIES:
        for key, term in terms.items():
            for text in _spellings(term):
                spelled = normal(words(text))
                if spelled and text.lower() not in _NOT_ALONE and set(spelled) - STOP_WORDS:
                    found.setdefault(spelled, _MEDICAL if key == "medical-image" else (Asked(facet, (key,), kind),))
    found |= {normal(words(text)): asked for text, asked in _BY_HAND.items()}
    # "gradcam" and "timeseries" are typed as one word as often as not.
    joined = {("".join(spelled),): asked for spelled, asked in found.items() if len(spelled) in (2, 3)}
    return joined | found


def _spellings(term: Term) -> Iterator[str]:
    """The key, the title and the aliases, and each part of "PDP / ALE / ICE" by itself."""
    texts = [text for text in (term.key, term.title, *term.aliases) if text not in HEAT_MAP]
    yield from texts
    for text in texts[:2]:
        yield from (part.strip() for part in re.split(r"[/()]", text) if part.strip())
        yield text.removesuffix(" family")


def normal(spelled: Iterable[str]) -> Words:
    """Words without the "s" of a plural, on either side of a comparison."""
    return tuple(word[:-1] if word.endswith("s") and len(word) > 3 else word for word in spelled)
