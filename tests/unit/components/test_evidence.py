"""One value of a map in words."""

import math

import numpy as np
import pytest

from components.maps import evidence
from lightbox.explainers import Attribution, Target

TITLES = ("Glioma", "Meningioma", "No tumour")


def result(method="lrp", *, target=None, signed=True):
    return Attribution(np.zeros((2, 2), np.float32), method, target or Target(1), {}, 0.1, signed=signed)


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, "no evidence"),
        (0.049, "next to no evidence for or against Meningioma"),
        (-0.049, "next to no evidence for or against Meningioma"),
        (0.051, "weak evidence for Meningioma"),
        (0.33, "weak evidence for Meningioma"),
        (0.34, "moderate evidence for Meningioma"),
        (0.66, "moderate evidence for Meningioma"),
        (0.67, "strong evidence for Meningioma"),
        (3.0, "strong evidence for Meningioma"),
        (-0.2, "weak evidence against Meningioma"),
        (-0.5, "moderate evidence against Meningioma"),
        (-1.0, "strong evidence against Meningioma"),
    ],
)
@pytest.mark.parametrize("limit", [1.0, 3e-7, 250.0])
def test_a_value_is_called_by_its_share_of_the_colour_scale(share, expected, limit):
    words = evidence.wording(result(), TITLES)
    assert evidence.describe(share * limit, limit, words) == expected


def test_a_contrastive_map_speaks_for_one_class_rather_than_the_other():
    words = evidence.wording(result("contrastive_lrp", target=Target(1, 0)), TITLES)
    assert evidence.describe(0.2, 1, words) == "weak evidence for Meningioma rather than Glioma"
    assert evidence.describe(-0.9, 1, words) == "strong evidence for Glioma rather than Meningioma"


def test_a_map_of_one_side_never_speaks_against():
    words = evidence.wording(result("grad_cam", signed=False), TITLES)
    said = [evidence.describe(value, 1, words) for value in (-1.0, -0.01, 0.0, 0.01, 0.1, 1.0)]
    assert said == [
        "no evidence for Meningioma; this map shows none against it",
        "no evidence for Meningioma; this map shows none against it",
        "no evidence",
        "next to no evidence for Meningioma",
        "weak evidence for Meningioma",
        "strong evidence for Meningioma",
    ]


def test_a_class_set_against_counts_only_where_the_map_used_it():
    assert evidence.explained_class(result(target=Target(1, 0)), TITLES) == "Meningioma"
    assert evidence.explained_class(result("contrastive_lrp"), TITLES) == "Meningioma"
    contrastive = result("contrastive_lrp", target=Target(1, 0))
    assert evidence.explained_class(contrastive, TITLES) == "Meningioma rather than Glioma"


def test_a_map_that_is_zero_everywhere_has_no_evidence_and_a_place_outside_no_value():
    words = evidence.wording(result(), TITLES)
    assert evidence.describe(0.0, 0.0, words) == "no evidence"
    assert evidence.describe(math.nan, 1.0, words) == "outside what the network sees"


@pytest.mark.parametrize(
    ("one", "positive_only", "expected"),
    [
        (result(), False, ("against", "for Meningioma")),
        (result(), True, ("none", "for Meningioma")),
        (result("grad_cam", signed=False), False, ("none", "for Meningioma")),
        (result("contrastive_lrp", target=Target(1, 0)), False, ("for Glioma", "for Meningioma")),
    ],
)
def test_the_ends_of_a_colour_bar_say_what_they_stand_for(one, positive_only, expected):
    assert evidence.ends(one, TITLES, positive_only=positive_only) == expected
