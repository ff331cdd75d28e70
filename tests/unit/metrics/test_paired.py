"""Two networks on the same scans."""

from dataclasses import replace
from itertools import permutations
from math import comb

import numpy as np
import pytest

from lightbox.core.errors import UserFacingError
from lightbox.metrics.paired import align, compare
from tests.unit.metrics.answers import draw_answers, make_answers


def answers_of(right):
    """A network that is right on the scans given, on a set of class 0."""
    return make_answers([0] * len(right), [[1, 0, 0] if each else [0, 1, 0] for each in right])


def test_the_counts_and_the_exact_test_by_hand():
    a = answers_of([1, 1, 1, 1, 1, 1, 0, 0, 1, 0])
    b = answers_of([1, 0, 0, 0, 0, 0, 1, 0, 1, 0])
    paired = compare(a, b)
    assert (paired.scans, paired.only_a, paired.only_b) == (10, 5, 1)
    assert paired.difference == pytest.approx(0.4)
    # Six scans on which they differ: five or six of them on one side, either side.
    assert paired.p_value == pytest.approx(2 * (comb(6, 0) + comb(6, 1)) / 2**6)
    # Bonett and Price: (5 + 1) / 12 and (1 + 1) / 12.
    p, q = 6 / 12, 2 / 12
    half = 1.959964 * np.sqrt((p + q - (p - q) ** 2) / 12)
    assert paired.interval == pytest.approx((p - q - half, p - q + half))


def test_the_difference_turns_round_with_the_networks():
    a, b = draw_answers(200, skill=2), draw_answers(200, skill=1)
    there, back = compare(a, b), compare(b, a)
    assert there.difference == pytest.approx(-back.difference)
    assert there.interval == pytest.approx((-back.interval[1], -back.interval[0]))
    assert there.p_value == pytest.approx(back.p_value)
    assert there.difference == pytest.approx(a.right.mean() - b.right.mean())


def test_a_network_does_not_differ_from_itself():
    a = draw_answers(100)
    assert compare(a, a).p_value == 1
    assert compare(a, a).difference == 0


def test_the_interval_holds_the_truth_as_often_as_it_says():
    generator = np.random.default_rng(0)
    # Both right, only A, only B, neither.
    shares = np.array([0.6, 0.12, 0.05, 0.23])
    held = []
    for _turn in range(400):
        both, only_a, only_b, neither = generator.multinomial(120, shares)
        a = answers_of([1] * (both + only_a) + [0] * (only_b + neither))
        b = answers_of([1] * both + [0] * only_a + [1] * only_b + [0] * neither)
        low, high = compare(a, b).interval
        held.append(low <= 0.07 <= high)
    # 95 % of 400, three standard errors below; it may hold too often.
    assert np.mean(held) >= 0.95 - 3 * np.sqrt(0.95 * 0.05 / 400)


def test_the_order_of_the_files_does_not_matter():
    a, b = draw_answers(60, skill=2), draw_answers(60, skill=1)
    shuffled = b.take(np.random.default_rng(1).permutation(60))
    assert compare(a, shuffled) == compare(a, b)


@pytest.mark.parametrize(
    "other",
    [draw_answers(59), draw_answers(60, seed=1), draw_answers(60, classes=("normal", "viral", "bacterial")).take([1])],
)
def test_different_scans_are_refused(other):
    with pytest.raises(UserFacingError, match="not tested on the same scans"):
        compare(draw_answers(60), other)
    with pytest.raises(UserFacingError, match="not tested on the same scans"):
        compare(make_answers([], []), make_answers([], []))


def test_the_order_of_the_classes_on_a_card_does_not_matter():
    a, b = draw_answers(80, skill=2), draw_answers(80, skill=1)
    other = b.in_order(("viral", "normal", "bacterial"))
    assert other.classes == ("viral", "normal", "bacterial")
    assert compare(a, other) == compare(a, b)
    np.testing.assert_array_equal(align(other, a).probabilities, b.probabilities)
    np.testing.assert_array_equal(align(other, a).labels, b.labels)


def test_a_class_that_is_as_likely_as_another_stays_the_answer_in_any_order():
    tied = make_answers([0, 1, 2], [[0.4, 0.4, 0.2], [0.2, 0.4, 0.4], [0.5, 0.0, 0.5]])
    for order in permutations(tied.classes):
        again = tied.in_order(order)
        assert [order[index] for index in again.predicted] == [tied.classes[index] for index in tied.predicted]
        assert [order[index] for index in again.labels] == list(tied.classes)


def test_what_is_different_is_what_is_said():
    a = draw_answers(60)
    with pytest.raises(UserFacingError, match="tell different classes apart") as refusal:
        compare(a, draw_answers(60, classes=("normal", "pneumonia")))
    assert "same scans" not in refusal.value.message
    with pytest.raises(UserFacingError, match=r"1 of the files were given to one of them only, such as test/59\.png"):
        compare(a, a.take(np.arange(59)))
    with pytest.raises(UserFacingError, match="true class of test/"):
        compare(a, replace(a, labels=(a.labels + 1) % 3))
    with pytest.raises(UserFacingError, match=r"the file test/0\.png had another content"):
        compare(a, replace(a, sha256=("f" * 64, *a.sha256[1:])))
