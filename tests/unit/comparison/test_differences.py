"""Two choices, and what differs between them in words."""

from dataclasses import replace

import pytest

from lightbox.comparison.choice import Choice
from lightbox.comparison.differences import describe_differences

ONE = Choice(("lrp", "lime"), "viral", "normal", {"baseline": "blur", "seed": 0}, {"lime": {"samples": 512}})


def test_equal_choices_differ_in_nothing():
    assert describe_differences(ONE, ONE) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"explain": "normal"}, ["explains: Normal"]),
        ({"explain": "predicted"}, ["explains: the predicted class"]),
        ({"against": "runner_up"}, ["rather than: the runner-up"]),
        ({"shared": {"baseline": "black", "seed": 7}}, ["baseline: Black", "seed: 7"]),
        ({"own": {"lime": {"samples": 64}}}, ["LIME, Samples: 64"]),
        ({"own": {"lime": {"samples": 512}, "lrp": {"composite": "epsilon_plus"}}}, None),
    ],
)
def test_a_difference_is_named_with_the_value_of_the_first(change, words):
    found = describe_differences(replace(ONE, **change), ONE)
    if words is None:
        assert all(each.startswith("LRP, ") for each in found)
    else:
        assert found == words


def test_a_default_that_is_written_out_is_no_difference():
    from lightbox.explainers import METHODS

    default = next(row.default for row in METHODS["lrp"].params if row.name == "composite")
    assert describe_differences(replace(ONE, own={**ONE.own, "lrp": {"composite": default}}), ONE) == []


def test_a_method_that_only_one_has_is_not_spoken_of():
    assert describe_differences(replace(ONE, methods=("lrp",), own={}), ONE) == []
