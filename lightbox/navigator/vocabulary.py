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
        Term("transformers", "Transformers", ("hugging face", "huggingface"), host="Python"),
        Term("timm", "timm", host="Python"),
        Term("transformer-lens", "TransformerLens", host="Python"),
        Term("nnsight", "NNsight", host="Python"),
        Term("vllm", "vLLM", host="Python"),
        Term("pyg", "PyTorch Geometric", ("pyg",), host="Python"),
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

DATA_TYPES = by_key(
    (
        Term("image", "Image", ("picture", "vision")),
        Term("medical-image", "Medical image", ("x-ray", "MRI", "CT", "histology", "radiology")),
        Term("3d", "3D", ("volume", "point cloud")),
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
        Term("active", "Active", ("maintained",), help="A commit in the last 18 months."),
        Term("dormant", "Dormant", ("unmaintained",), help="Seen without a commit for 18 months."),
        Term("archived", "Archived", help="Its owners closed it."),
        Term("unknown", "Unknown", help="Not known: the source is too old to tell, so nothing is guessed."),
    )
)

COMMIT_SOURCES = ("snapshot", "navigator", "github", "unknown")
STARS_SOURCES = ("navigator", "github")
REGISTRIES = ("pypi", "cran", "julia")
VERIFIED = ("yes", "partly", "no")

# The columns that hold several words, and the vocabulary of each column.
LISTS = ("language", "frameworks", "data_types", "tasks", "methods", "interface")
COLUMN_TERMS: dict[str, dict[str, Term]] = {
    "language": LANGUAGES,
    "paradigm": PARADIGMS,
    "frameworks": FRAMEWORKS,
    "data_types": DATA_TYPES,
    "tasks": TASKS,
    "methods": METHODS,
    "scope": SCOPES,
    "model_agnostic": MODEL_AGNOSTIC,
    "interface": INTERFACES,
}
