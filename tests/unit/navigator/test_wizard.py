"""Four answers lead to a ranked short list whose reasons are true, or to the answer in the way."""

import pytest

from lightbox.navigator.methods import GOALS, METHODS
from lightbox.navigator.wizard import Answers, obstacles, suggest


@pytest.mark.parametrize(
    ("answers", "first"),
    [
        (Answers("pytorch", "medical-image", "attribution", "yes"), "MONAI (monai.visualize)"),
        (Answers("pytorch", "llm", "inside", "yes"), "NNsight"),
        (Answers("r-models", "tabular", "importance", "no"), "DALEX"),
        (Answers("flux", "image", "attribution", "yes"), "ExplainableAI.jl"),
        (Answers("pyg", "graph", "graph", "yes"), "PyTorch Geometric (torch_geometric.explain)"),
        (Answers("scikit-learn", "tabular", "counterfactual", "no"), "DiCE"),
    ],
)
def test_the_expected_library_is_among_the_first_six(libraries, day, answers, first):
    assert first in [one.library.name for one in suggest(libraries, answers, today=day)][:6]


def test_whoever_cannot_see_inside_is_offered_nothing_that_must(libraries, day):
    for goal in GOALS:
        for one in suggest(libraries, Answers("pytorch", "", goal, "no"), today=day):
            assert one.library.model_agnostic != "no"
            named = next(reason.about for reason in one.reasons if reason.code == "methods")
            assert all(METHODS[method].from_predictions and method in one.library.methods for method in named)


def test_each_reason_is_a_fact_of_the_row(libraries, day):
    for one in suggest(libraries, Answers("keras", "medical-image", "attribution"), today=day):
        codes = {reason.code for reason in one.reasons}
        assert ("framework_named" in codes) == ("keras" in one.library.frameworks)
        assert ("data_named" in codes) == ("medical-image" in one.library.data_types)
        assert ("active" in codes) == (one.library.status_on(day) == "active")
        assert bool(codes & {"unknown_status", "old"}) == (one.library.status_on(day) == "unknown")
        assert ("old" in codes) <= (one.library.last_sign is not None)
        assert ("rules_out" in codes) == ("numpy-2" in one.library.not_with)
        assert ("no_licence" in codes) == (not one.library.license)


def test_the_list_is_ranked(libraries, day):
    scores = [one.score for one in suggest(libraries, Answers("pytorch", "image", "attribution"), today=day)]
    assert scores == sorted(scores, reverse=True)


def test_between_twins_the_living_one_comes_first(libraries, day):
    from dataclasses import replace

    alive = next(one for one in libraries if one.name == "Captum")
    asleep = replace(alive, name="A Captum asleep", status="dormant")
    found = suggest((asleep, alive), Answers("pytorch", "image", "attribution"), today=day)
    assert [one.library.name for one in found] == ["Captum", "A Captum asleep"]


def test_when_nothing_fits_the_answer_in_the_way_is_named(libraries, day):
    answers = Answers("flux", "image", "inside", "")
    assert suggest(libraries, answers, today=day) == []
    found = obstacles(libraries, answers)
    assert found
    for question, hits in found:
        from dataclasses import replace

        assert len(suggest(libraries, replace(answers, **{question: ""}), today=day)) == hits > 0


def test_an_open_wizard_offers_every_library(libraries, day):
    assert len(suggest(libraries, Answers(), today=day)) == len(libraries)
