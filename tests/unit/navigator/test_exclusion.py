"""What a question rules out: it excludes, and never asks."""

import pytest

from lightbox.navigator.facets import Query
from lightbox.navigator.short_answers import matching, questions


def rows(index, text, **chosen):
    return index.search(Query(text, chosen))


def names(index, text):
    return [library.name for library in rows(index, text)]


@pytest.mark.parametrize(
    ("text", "facet", "value"),
    [
        ("explain a random forest without SHAP", "method", "SHAP"),
        ("not SHAP, tabular, sklearn", "method", "SHAP"),
        ("LRP without PyTorch", "framework", "pytorch"),
        ("counterfactuals not in R", "language", "R"),
        ("without tensorflow", "framework", "tensorflow"),
        ("lime with no keras", "framework", "keras"),
        ("feature importance except SHAP", "method", "SHAP"),
        ("feature importance, excluding SHAP", "method", "SHAP"),
        ("non-SHAP feature importance", "method", "SHAP"),
        ("shap-free feature importance", "method", "SHAP"),
        ("integrated gradients instead of lime", "method", "LIME"),
        ("anything other than SHAP for tables", "method", "SHAP"),
        ("I don't want to use SHAP for my tables", "method", "SHAP"),
        ("heat maps that do not need TensorFlow", "framework", "tensorflow"),
    ],
)
def test_an_excluded_word_is_no_wish(index, text, facet, value):
    reading = index.read(text)
    assert value not in reading.values(facet)
    assert any(asked.facet == facet and value in asked.values for _, asked in reading.without)
    # Those that lie wholly within are gone; those with other answers besides stand behind those without.
    answers = [index.facets[facet].answers(row, index.today) for row in rows(index, text)]
    assert answers
    assert all(set(own) - {value} for own in answers if own)


@pytest.mark.parametrize(
    ("text", "value", "facet"),
    [("lime without tensorflow", "tensorflow", "framework"), ("tabular, no SHAP", "SHAP", "method")],
)
def test_rows_that_have_other_answers_too_stand_behind_those_without(index, text, value, facet):
    has = [value in index.facets[facet].answers(row, index.today) for row in rows(index, text)]
    assert set(has) == {True, False}
    assert has == sorted(has)


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("counterfactual not dice", "DiCE"),
        ("feature importance without SHAP", "SHAP"),
        ("pytorch heat maps, no captum", "Captum"),
        ("grad-cam other than pytorch-grad-cam", "pytorch-grad-cam"),
        ("activation patching without transformer lens", "TransformerLens"),
    ],
)
def test_a_library_excluded_by_its_name_is_gone(index, text, gone):
    found = names(index, text)
    assert found
    assert gone not in found


def test_what_is_within_a_framework_is_excluded_with_it(index):
    found = rows(index, "LRP without PyTorch")
    assert not any(set(row.frameworks) <= {"pytorch", "transformers", "timm", "pyg"} for row in found)
    assert "Zennit" not in [row.name for row in found]


def test_two_things_are_excluded_by_one_word(index):
    reading = index.read("tabular without SHAP or LIME")
    assert {asked.values for _, asked in reading.without} == {("SHAP",), ("LIME",)}
    assert reading.values("data") == ("tabular",)
    # What follows and is of another kind is asked for.
    assert index.read("lime without keras and tabular").values("data") == ("tabular",)


def test_a_comma_ends_what_is_excluded(index):
    reading = index.read("not SHAP, LIME, tabular")
    assert [asked.values for _, asked in reading.without] == [("SHAP",)]
    assert "LIME" in reading.values("method")


@pytest.mark.parametrize(
    "text",
    ["not only SHAP for tables", "not just SHAP for tables", "not sure which SHAP for tables", "no, SHAP, tables"],
)
def test_not_only_is_no_exclusion(index, text):
    assert (index.read(text).without, index.read(text).ignored) == ((), ())
    assert index.read(text).values("method") == ("SHAP",)


def test_without_a_kind_of_model_is_not_without_its_data(index):
    assert [asked.facet for _, asked in index.read("tables without random forests").without] == ["family"]


def test_not_global_keeps_what_does_both(index):
    scopes = {row.scope for row in rows(index, "tabular, not global")}
    assert scopes == {"local", "both"}


def test_without_gradients_is_a_known_wish_and_non_commercial_a_known_licence(index):
    for text in ("without gradients", "without access to the weights", "gradient-free", "I do not have the gradients"):
        assert index.read(f"heat maps {text}").values("agnostic") == ("yes", "both")
    assert index.read("what-if for non-programmers").values("interface") == ("dashboard",)
    assert index.read("non-commercial").values("permission") == ("restricted",)


def test_what_a_release_allows_is_never_a_reason_to_drop_it(index):
    assert index.count(Query("shap no gpu")) == index.count(Query("shap"))


def test_excluded_words_that_nothing_can_be_filtered_by_are_named(index):
    reading = index.read("grad-cam for pytorch without plotly")
    assert reading.ignored == ("plotly",)
    assert names(index, "grad-cam for pytorch without plotly") == names(index, "grad-cam for pytorch")


@pytest.mark.parametrize("text", ["LRP without PyTorch", "not LRP for pytorch resnet", "counterfactuals not in R"])
def test_no_short_answer_to_the_opposite_question(index, text):
    question = matching(Query(text), index, questions(index))
    assert question is None or not {"lrp", "r"} & {value.lower() for value in question.asks.values()}


def test_a_short_answer_leaves_out_what_is_excluded(index):
    known = questions(index)
    assert "Captum" in [one.library.name for one in matching(Query("LRP pytorch"), index, known).answers]
    for text in ("LRP pytorch not captum", "LRP pytorch, alternative to captum"):
        found = matching(Query(text), index, known)
        assert found is None or "Captum" not in [one.library.name for one in found.answers]
