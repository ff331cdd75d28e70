"""Libraries named in a question: written apart, set against each other, or as the one that others should be like."""

import itertools

import pytest

from lightbox.navigator import maintenance
from lightbox.navigator.facets import Query
from lightbox.navigator.similar import similar_to


def names(index, text):
    return [library.name for library in index.search(Query(text))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("transformer lens", "TransformerLens"),
        ("interpret ml", "InterpretML"),
        ("explainer dashboard", "explainerdashboard"),
        ("sae lens", "SAELens"),
        ("sae_lens", "SAELens"),
        ("aix 360", "AIX360"),
        ("time shap rnn", "TimeSHAP"),
        ("nn sight", "NNsight"),
        ("token shap for a prompt", "TokenSHAP"),
        ("pytorch grad cam", "pytorch-grad-cam"),
    ],
)
def test_a_name_written_apart_finds_its_library_first(index, text, name):
    assert names(index, text)[0] == name


def test_a_method_is_asked_for_before_a_library_that_is_called_like_it(index):
    assert index.read("kernel shap in python").names == ()
    assert "SHAP" in names(index, "tree shap for xgboost")[:2]


@pytest.mark.parametrize(
    ("text", "facet", "value"),
    [
        ("how to interpret text models", "data", "text"),
        ("pytorch explain resnet", "framework", "pytorch"),
        ("how can I interpret ML models with shap", "method", "SHAP"),
    ],
)
def test_everyday_words_in_a_row_are_no_name(index, text, facet, value):
    reading = index.read(text)
    assert reading.names_alone == ()
    assert value in reading.values(facet)
    assert index.count(Query(text)) > 5


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("shap vs lime", {"SHAP", "LIME"}),
        ("captum vs zennit", {"Captum", "Zennit"}),
        ("lime or shap", {"LIME", "SHAP"}),
        ("transformerlens or nnsight", {"TransformerLens", "NNsight"}),
        ("difference between captum and zennit", {"Captum", "Zennit"}),
        ("compare captum and tf-explain", {"Captum", "tf-explain"}),
        ("quantus versus captum", {"Quantus", "Captum"}),
        ("captum vs shap", {"Captum", "SHAP"}),
        ("tf-explain vs tf-keras-vis on images", {"tf-explain", "tf-keras-vis"}),
    ],
)
def test_libraries_set_against_each_other_are_both_found_and_come_first(index, text, both):
    assert {index.libraries[at].name for at in index.read(text).compared} == both
    assert set(names(index, text)[:2]) == both


def test_two_methods_that_are_both_wanted_are_no_comparison(index):
    assert index.read("SHAP and LIME").compared == ()
    assert all({"SHAP", "LIME"} <= set(index.find(name).methods) for name in names(index, "SHAP and LIME"))


def test_or_widens_between_words_of_one_kind(index):
    either = index.read("integrated gradients for pytorch or jax")
    assert either.values("framework") == ("pytorch", "jax")
    assert index.count(Query("lrp pytorch or keras")) > index.count(Query("lrp pytorch"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("captum alternative", "Captum"),
        ("alternatives to shap", "SHAP"),
        ("similar to zennit", "Zennit"),
        ("like shap but for R", "SHAP"),
        ("something like captum for tensorflow", "Captum"),
        ("a library like captum for tensorflow", "Captum"),
        ("equivalent of captum in tensorflow", "Captum"),
        ("instead of captum", "Captum"),
        ("replacement for transformer lens", "TransformerLens"),
        ("captum but for tensorflow", "Captum"),
    ],
)
def test_others_like_a_library_are_like_it_and_not_it(index, text, name):
    assert [index.libraries[at].name for at in index.read(text).like] == [name]
    found = index.search(Query(text))
    alike = {one.library.name for one in similar_to(index.find(name), index.libraries, limit=len(index.libraries))}
    assert found
    assert name not in [row.name for row in found]
    assert {row.name for row in found} <= alike


def test_of_those_alike_the_living_come_first_then_the_most_alike(index):
    found = index.search(Query("captum alternative"))
    life = [maintenance.life_on(index.today, status=index.status(row), last_sign=row.last_sign) for row in found]
    assert life == sorted(life, reverse=True)
    likeness = index._answering.likeness(index.read("captum alternative").like)
    alike = [likeness[index.libraries.index(row)] for row in found]
    assert all(
        one >= other
        for (one, alive), (other, living) in itertools.pairwise(zip(alike, life, strict=True))
        if alive == living
    )


@pytest.mark.parametrize(
    ("text", "covers"),
    [
        ("tf-explain alternative", "Xplique"),
        ("alternative to innvestigate", "Xplique"),
        ("transformer lens alternative", "NNsight"),
        ("pdpbox alternative", "Effector"),
    ],
)
def test_what_does_more_takes_the_place_of_what_does_less(index, text, covers):
    assert covers in names(index, text)[:3]


def test_what_takes_the_place_of_a_python_library_is_written_in_python(index):
    assert all("Python" in row.language for row in index.search(Query("tf-explain alternative"))[:5])


def test_the_rest_of_the_question_narrows_those_alike(index):
    found = index.search(Query("like shap but for R"))
    assert found
    assert all("R" in row.language for row in found)
    assert found[0].name in ("DALEX", "shapr", "kernelshap", "shapviz", "InterpretML", "vip")
    assert all(row.works_with("tensorflow") for row in index.search(Query("something like captum for tensorflow")))


@pytest.mark.parametrize(
    "text", ["I would like SHAP for my tables", "SHAP but faster", "this looks like that prototype network"]
)
def test_to_like_a_thing_is_to_want_it(index, text):
    assert index.read(text).like == ()


def test_an_alternative_to_a_method_is_another_answer_to_its_question(index):
    found = index.search(Query("alternative to grad-cam in pytorch"))
    assert "attribution" in index.read("alternative to grad-cam in pytorch").values("goal")
    assert found
    assert not any("Grad-CAM family" in row.methods for row in found[:5])
