"""What stands on a map about its checks: words that are true at every end of the scale, and what to do."""

import math

import pytest

from lightbox.explainers.badges import badge_of, badges_of
from lightbox.explainers.base import Check


@pytest.mark.parametrize(
    ("key", "value", "passed", "words"),
    [
        ("conservation", 1.0001, True, "Adds up"),
        ("conservation", 0.31, False, "Does not add up: 31 % of what was put in"),
        ("conservation", 3.2e9, False, "Does not add up: 3.2e+09 times what was put in"),
        ("conservation", 0.42, None, "Holds 42 % of the logit"),
        ("conservation_a", 1.0, True, "Its side adds up"),
        ("conservation_b", 0.5, False, "The other side does not add up: 50 % of what was put in"),
        ("completeness_gap", 0.002, True, "Complete, 0.2 % off"),
        ("completeness_gap", 0.12, False, "Incomplete: 12 % off"),
        ("climb", -1.3, None, "The logit falls from the baseline"),
        ("climb", 0.0001, None, "Next to nothing to explain"),
        ("surrogate_r2", 0.77, True, "Fits the network: 77 %"),
        ("surrogate_r2", 0.2, False, "Does not fit the network: 20 %"),
        ("stability", 0.94, True, "Repeatable 0.94"),
        ("stability", 0.3, False, "Not repeatable: 0.30"),
        ("stability", math.nan, None, "No ranking to repeat"),
        ("positive_evidence", 0.76, None, "76 % for it, 24 % against"),
        ("positive_evidence", 0.0, False, "Nothing speaks for it"),
        ("places_not_zero", 0.41, None, "Marks 41 % of the layer"),
        ("places_not_zero", 0.0, None, "Nothing speaks for it"),
        ("of_a_plugin", 0.5, None, "Of a plugin 0.5"),
    ],
)
def test_a_check_is_told_in_words(key, value, passed, words):
    assert badge_of(Check(key, value, passed, "A sentence.")).words == words


@pytest.mark.parametrize(
    "key",
    ["conservation", "conservation_a", "conservation_b", "completeness_gap", "surrogate_r2", "stability"],
)
def test_what_failed_says_what_to_do_and_nothing_else_does(key):
    assert badge_of(Check(key, 0.5, passed=False, sentence="")).remedy.endswith(".")
    assert badge_of(Check(key, 0.5, passed=True, sentence="")).remedy == ""
    assert badge_of(Check(key, 0.5, None, "")).remedy == ""


def test_two_sides_that_add_up_are_one_badge_with_both_sentences_and_what_failed_stands_first():
    first, second = (Check(key, 1.0, passed=True, sentence=key) for key in ("conservation_a", "conservation_b"))
    failed = Check("stability", 0.3, passed=False, sentence="")
    broken, both = badges_of([first, second, failed])
    assert (both.words, both.sentences) == ("Both sides add up", ("conservation_a", "conservation_b"))
    assert broken.words == "Not repeatable: 0.30"
    alone = badges_of([first, Check("conservation_b", 0.5, passed=False, sentence="")])
    assert [badge.words for badge in alone] == [
        "The other side does not add up: 50 % of what was put in",
        "Its side adds up",
    ]
