"""Words that nobody knows and that are nearly words somebody knows: offered, never taken."""

import time
from dataclasses import replace

import pytest

from lightbox.navigator.facets import Query
from lightbox.navigator.index import Index
from lightbox.navigator.question.did_you_mean import correction


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("integrated gradents tensorflow", "integrated gradients tensorflow"),
        ("intergrated gradients", "integrated gradients"),
        ("saliancy map", "saliency map"),
        ("pytroch lrp", "pytorch lrp"),
        ("pytroch grad cam", "pytorch grad cam"),
        ("tensorlfow lime", "tensorflow lime"),
        ("captm", "captum"),
        ("zenit lrp", "zennit lrp"),
        ("shapely values", "shapley values"),
        ("gard cam", "grad cam"),
        ("explainer dashbord", "explainer dashboard"),
        ("explainerdashbord", "explainerdashboard"),
        ("xgbost shap", "xgboost shap"),
        ("nnsigth", "nnsight"),
        ("LRP, for (pytroch) only", "LRP, for (pytorch) only"),
        ("spase autoencoders", "sparse autoencoders"),
    ],
)
def test_a_slip_of_the_finger_is_offered_the_right_word(index, text, meant):
    offered = correction(Query(text, {"status": ("active",)}), index)
    assert offered == Query(meant, {"status": ("active",)})
    # Offered only: the search itself takes the words as they are.
    assert index.read(text).unknown


@pytest.mark.parametrize(
    "text",
    [
        "",
        "LRP for a PyTorch ResNet",
        "zebra",
        "lmie",
        "quixotic heat maps",
        "blockchain explanations",
        # No word is left out, and "stable" is no "table".
        "reinforcement learning policy explanation",
        "stable diffusion",
    ],
)
def test_nothing_is_offered_for_what_is_right_or_far_from_everything(index, text):
    assert correction(Query(text), index) is None


def test_what_is_offered_brings_something(index):
    offered = correction(Query("contrstive LRP", {"data": ("tabular",)}), index)
    assert offered is None or index.count(offered)


def test_two_slips_are_righted_at_once(index):
    assert correction(Query("intergrated gradents for tensorlfow"), index).text == "integrated gradients for tensorflow"


def test_a_slip_among_a_thousand_libraries_is_found_in_a_blink(libraries, day):
    many = Index(tuple(replace(one, name=f"{one.name} {copy}") for copy in range(7) for one in libraries), day)
    start = time.perf_counter()
    assert correction(Query("pytroch intergrated gradents with tensorlfow"), many)
    # It is asked only where a word is unknown, and once a text.
    assert time.perf_counter() - start < 2
