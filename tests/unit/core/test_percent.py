"""A share in words."""

import math

import pytest

from lightbox.core.percent import percent, whole_percent


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.0, "0 %"),
        (1.0, "100 %"),
        (0.9999, "over 99 %"),
        (0.0004, "under 0.1 %"),
        (0.0004999, "under 0.1 %"),
        (0.04, "4 %"),
        (0.083, "8.3 %"),
        (0.777, "78 %"),
        (-0.12, "-12 %"),
        (math.nan, "no share"),
    ],
)
def test_a_share_never_rounds_to_nothing_or_all(share, words):
    assert percent(share) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0 %"), (1.0, "100 %"), (0.996, "more than 99 %"), (0.004, "less than 1 %"), (0.777, "78 %")],
)
def test_a_whole_share_never_rounds_to_nothing_or_all(share, words):
    assert whole_percent(share) == words
