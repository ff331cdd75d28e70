"""Twenty questions of practitioners, each a link to the navigator, with the libraries it has to bring."""

from urllib.parse import parse_qsl

import pytest

from lightbox.navigator.address import read

# (question, link, libraries that must be found, number of hits; None where only some matter)
QUESTIONS = [
    ("LRP for a PyTorch ResNet", "method=lrp&framework=pytorch&data=image", {"Zennit", "Captum", "Zennit-CRP"}, 12),
    (
        "Counterfactuals for tabular scikit-learn, still maintained",
        "method=counterfactual&framework=scikit-learn&data=tabular&status=active",
        {"DiCE", "alibi", "COLA", "PyXAI", "Calibrated Explanations", "AIX360", "OmniXAI"},
        7,
    ),
    ("Heat maps for Keras", "framework=keras&goal=attribution&data=image&status=active", {"Xplique", "SHAP"}, 9),
    ("... and one whose row speaks of Keras 3", "q=keras+3&goal=attribution&data=image", {"eli5"}, 1),
    ("Is there code for contrastive LRP?", "method=contrastive-lrp", {"Contrastive-LRP"}, 1),
    (
        "Grad-CAM for 3D medical volumes in PyTorch",
        "method=grad-cam-family&data=medical-image,3d&all=data&framework=pytorch",
        {"M3d-CAM (medcam)", "MONAI (monai.visualize)", "TorchEsegeta"},
        3,
    ),
    ("Shapley values in R", "method=shap&interface=r", {"shapr", "shapviz", "DALEX", "iml"}, None),
    (
        "Heat maps of an ONNX model, made for ONNX",
        "framework=onnx&goal=attribution&data=image&any_model=no",
        {"DIANNA", "OpenVINO XAI"},
        2,
    ),
    ("LIME for time series", "method=lime&data=time-series", {"DIANNA", "TSInterpret", "tsCaptum"}, 9),
    (
        "Explain a graph network in PyTorch Geometric",
        "framework=pyg&method=graph-explanations",
        {"PyTorch Geometric (torch_geometric.explain)", "DIG (dig.xgraph)", "GraphXAI"},
        3,
    ),
    (
        "Sparse autoencoders for language models, permissive and alive",
        "method=sae&data=llm&permission=permissive&status=active",
        {"SAELens", "sparsify", "Delphi"},
        10,
    ),
    ("Open up a JAX model", "framework=jax&goal=inside", {"Penzai"}, 1),
    (
        "Explain an object detector I can only call",
        "task=object-detection&agnostic=yes,both&goal=attribution",
        {"XAITK-Saliency", "Vision Explanation Methods"},
        5,
    ),
    (
        "Which training images are behind a PyTorch prediction?",
        "goal=training-data&framework=pytorch&data=image&status=active",
        {"Captum", "dattri", "pyDVL", "quanda"},
        7,
    ),
    (
        "Score heat maps, with sanity checks",
        "method=sanity-checks,evaluation-metrics&all=method&data=image",
        {"Quantus", "Xplique"},
        4,
    ),
    ("Grad-CAM for a segmentation network", "task=segmentation&method=grad-cam-family", {"pytorch-grad-cam"}, 5),
    (
        "A dashboard for an XGBoost model",
        "framework=xgboost&interface=dashboard&data=tabular&any_model=no&language=python",
        {"explainerdashboard", "Shapash"},
        4,
    ),
    ("DNA sequence models in PyTorch", "data=genomics&framework=pytorch", {"tangermeme"}, 2),
    ("Gradient heat maps in Julia", "language=julia&goal=attribution", {"ExplainableAI.jl"}, 1),
    ("Prototypes on X-rays", "method=prototype&data=medical-image", {"PIP-Net"}, 1),
    ("Steer a language model inside vLLM", "method=steering&framework=vllm", {"EasySteer", "NNsight"}, 3),
    ("Explain an audio classifier", "data=audio&method=lime", {"audioLIME", "ferret"}, 2),
    ("Anchors for text", "method=anchors&data=text", {"alibi", "Anchor", "explabox"}, 3),
    ("Which may I not use in a product?", "permission=restricted", {"alibi", "TorchRay", "CircuitKIT"}, 5),
]


@pytest.mark.parametrize(("question", "link", "expected", "hits"), QUESTIONS, ids=[row[0] for row in QUESTIONS])
def test_a_practitioner_s_question_is_answered_by_clicking(index, question, link, expected, hits):
    address, complaints = read(dict(parse_qsl(link)), index)
    found = [library.name for library in index.search(address.query, address.sort)]
    assert complaints == []
    assert expected <= set(found)
    # The table grows: a later row may add hits, a lost one is an error.
    assert hits is None or len(found) >= hits
    assert len(found) < len(index.libraries) / 3
