"""What a typed question is taken for, and what the search does not pretend to know."""

import tomllib
from pathlib import Path

import pytest

from lightbox.navigator.facets import Query

OTHERS = tomllib.loads((Path(__file__).parent / "answers" / "other_questions.toml").read_text())["questions"]


def names(index, text, **chosen):
    return [library.name for library in index.search(Query(text, chosen))]


@pytest.mark.parametrize(
    ("text", "facet", "values"),
    [
        ("LRP for a PyTorch ResNet", "method", ("LRP",)),
        ("LRP for a PyTorch ResNet", "framework", ("pytorch",)),
        ("counterfactuals for tabular in R", "language", ("R",)),
        ("counterfactuals for tabular in R", "method", ("Counterfactual",)),
        ("GradCAM", "method", ("Grad-CAM family",)),
        ("timeseries", "data", ("time-series",)),
        ("concept-based explanations", "method", ("Concept (TCAV/CBM/CEM)",)),
        ("large language models", "data", ("llm",)),
        ("random forests", "data", ("tabular",)),
        ("is there fairness", "topic", ("fairness",)),
        ("hugging face", "framework", ("transformers",)),
        ("ALE plots", "method", ("PDP/ALE/ICE",)),
        ("feature visualization", "method", ("Feature visualisation",)),
        ("layer-wise relevance propagation", "method", ("LRP",)),
        ("layerwise relevance propagation", "method", ("LRP",)),
        ("super pixels", "method", ("LIME",)),
        ("glass box", "method", ("Glass-box models",)),
        ("concept bottleneck", "method", ("Concept (TCAV/CBM/CEM)", "Glass-box models")),
        ("how certain is my classifier", "method", ("Uncertainty",)),
        ("is my heat map trustworthy", "goal", ("evaluation",)),
        ("R language", "language", ("R",)),
        ("CRAN", "language", ("R",)),
        ("rstats", "language", ("R",)),
        ("Julia explainable AI", "language", ("Julia",)),
        ("java library", "language", ("Java",)),
        ("C++", "language", ("C++",)),
        ("R-CNN", "language", ()),
        ("R-squared", "language", ()),
        ("C#", "language", ()),
        ("deep-training data", "goal", ()),
        ("c-index survival", "language", ()),
        ("Faster R-CNN", "task", ("object-detection",)),
        ("faster rcnn", "task", ("object-detection",)),
        ("yolov8", "task", ("object-detection",)),
        ("histopathology", "data", ("medical-image",)),
        ("WSI", "data", ("medical-image",)),
        ("VLM", "data", ("multimodal",)),
        ("LSTM", "data", ("time-series", "text")),
        ("RNN", "data", ("time-series", "text")),
        ("image restoration", "topic", ("low-level-vision",)),
        ("R2 score regression", "goal", ()),
        ("image quality model", "goal", ()),
    ],
)
def test_a_phrase_is_taken_for_what_people_mean_by_it(index, text, facet, values):
    assert index.read(text).values(facet) == values


def test_a_general_word_filters_only_where_nothing_more_exact_was_asked(index):
    assert index.read("attribution for Keras").values("goal") == ("attribution",)
    assert index.read("evaluate my saliency maps").values("goal") == ("evaluation",)
    assert names(index, "evaluate my saliency maps")[0] == "Quantus"


def test_words_of_asking_find_nothing_by_themselves(index):
    for text in (
        "how and which library can explain my model",
        "explainable AI",
        "interpretability tools",
        "interpretable machine learning",
        "what is the best XAI package",
        "please help me understand my neural network",
        "top libraries for understanding models",
        "which licence",
    ):
        reading = index.read(text)
        assert (reading.asked, reading.names, reading.held, reading.unknown) == ((), (), (), ()), text


def test_a_word_of_one_or_two_letters_finds_no_longer_word(index):
    found = names(index, "R")
    assert found
    assert all("R" in index.find(name).language for name in found)
    for text in ("ca", "to", "xp"):
        assert all(f" {text} " in f" {row} " for row in index.read(text).held)


def test_three_letters_are_the_start_of_a_word(index):
    assert "Zennit" in names(index, "zen")


@pytest.mark.parametrize(
    "text", ["quantum attribution", "zebra", "zebra-crossing explanations in PyTorch", "super-duper"]
)
def test_where_the_main_word_is_unknown_nothing_is_shown(index, text):
    assert index.read(text).lost
    assert names(index, text) == []


def test_where_the_main_word_is_known_the_search_goes_on_and_names_the_rest(index):
    reading = index.read("LRP for my zebra classifier")
    assert (reading.lost, reading.unknown) == (False, ("zebra",))
    assert "Zennit" in names(index, "LRP for my zebra classifier")


@pytest.mark.parametrize("text", ["saliancy map", "intergrated gradients", "causal inference treatment effect"])
def test_a_word_that_some_row_holds_does_not_hide_that_the_main_word_is_unknown(index, text):
    assert index.read(text).held
    assert index.read(text).lost
    assert names(index, text) == []


def test_words_that_filter_nothing_are_told_from_those_that_do(index):
    reading = index.read("rule list for small data")
    assert (reading.required, reading.dropped) == ((), ("small",))
    reading = index.read("heat maps of masks")
    assert (reading.required, reading.dropped) == ((), ("masks",))
    reading = index.read("gifsplanation")
    assert (reading.required, reading.dropped) == (("gifsplanation",), ())
    reading = index.read("zennit canonizers")
    assert (reading.required, reading.dropped) == ((), ("canonizers",))


@pytest.mark.parametrize(
    "text", ["github.com/jacobgil/pytorch-grad-cam", "https://github.com/chr5tphr/zennit", "pip install captum"]
)
def test_an_address_or_an_install_line_finds_its_library(index, text):
    assert names(index, text)[0] in ("pytorch-grad-cam", "Zennit", "Captum")


def test_super_resolution_is_not_superpixels(index):
    assert names(index, "super-resolution attribution") == ["LAM (Local Attribution Maps)"]


def test_limits_are_not_praise(index):
    for library in index.libraries:
        for word in ("patented", "spleeter", "graphviz"):
            if word in library.notable_limits and word not in library.description:
                assert library.name not in names(index, word)


def test_a_library_that_rules_a_thing_out_is_not_found_for_it(index):
    found = names(index, "keras 3 heat maps")
    assert found
    assert not any("keras-3" in index.find(name).not_with for name in found)
    # Most rows do not say: those known to run with it stand before those.
    known = ["keras-3" in index.find(name).runs_with for name in found if index.find(name).names("keras")]
    assert known == sorted(known, reverse=True)
    assert "keras-3" in index.find(names(index, "keras 3 Grad-CAM")[0]).runs_with


def test_only_the_whole_name_counts_as_a_name(index):
    assert index.read("pytorch").names == ()
    assert index.read("captum for images").names == (("captum", index.libraries.index(index.by_key["captum"])),)
    assert names(index, "LRP for a PyTorch ResNet")[:2] == ["Zennit", "Captum"]


def test_medical_pictures_are_pictures_and_those_made_for_them_come_first(index):
    found = names(index, "Grad-CAM for medical images")
    medical = ["medical-image" in index.find(name).data_types for name in found]
    assert medical == sorted(medical, reverse=True)
    assert "pytorch-grad-cam" in found


@pytest.mark.parametrize(("child", "parent"), [("timm", "pytorch"), ("transformers", "pytorch"), ("pyg", "pytorch")])
def test_a_framework_includes_those_within(index, child, parent):
    asked = {row.name for row in index.search(Query(chosen={"framework": (parent,)}, any_model=False))}
    within = {row.name for row in index.libraries if child in row.frameworks}
    assert within
    assert within <= asked


def test_what_takes_any_pytorch_module_takes_a_timm_model(index):
    assert index.by_key["captum"].works_with("timm") == "wider"
    assert index.by_key["captum"].works_with("pyg") == ""
    assert "Captum" in names(index, "timm integrated gradients")


def test_a_search_without_hits_says_which_phrase_to_leave_out(index):
    query = Query("contrastive LRP for time series")
    assert index.count(query) == 0
    for phrase, eased, hits in index.rewordings(query):
        assert phrase not in eased.text
        assert index.count(eased) == hits > 0
    assert index.rewordings(query)


def test_the_questions_that_nothing_was_tuned_on_are_answered(index):
    """Twenty questions written down before the order was changed: one accepted library among the first three."""
    answered = [question for question, accepted in OTHERS if set(names(index, question)[:3]) & set(accepted)]
    assert len(OTHERS) == 20
    # Measured when the order was changed: 18. A row that comes or goes may move one.
    assert len(answered) >= 17, sorted({question for question, _ in OTHERS} - set(answered))
