"""The expected calibration error by a slow loop and by hand."""

import pytest

from lightbox.metrics.calibration import BINS, calibrate, tendency
from lightbox.metrics.intervals import wilson
from tests.unit.metrics.answers import draw_answers, make_answers


def slow_error(answers, bins):
    total = 0.0
    for number in range(bins):
        inside = []
        for values, right in zip(answers.probabilities.tolist(), answers.right.tolist(), strict=True):
            confidence = round(max(values), 6)
            if number / bins < confidence <= (number + 1) / bins:
                inside.append((confidence, right))
        if inside:
            gap = sum(right for _confidence, right in inside) - sum(confidence for confidence, _right in inside)
            total += abs(gap)
    return total / len(answers)


@pytest.mark.parametrize("bins", [1, 5, BINS])
@pytest.mark.parametrize("skill", [0.0, 2.0])
def test_the_error_agrees_with_a_slow_loop(bins, skill):
    answers = draw_answers(400, skill=skill)
    assert calibrate(answers, bins=bins).error == pytest.approx(slow_error(answers, bins))


def test_a_bin_holds_its_upper_edge_also_where_float32_lies_above_it():
    answers = make_answers([0, 1, 0], [[0.4, 0.3, 0.3], [0.4, 0.3, 0.3], [0.41, 0.3, 0.29]])
    first, second = calibrate(answers, bins=5).bins
    assert (first.low, first.high, first.scans, first.accuracy) == (0.2, 0.4, 2, 0.5)
    assert (second.low, second.scans) == (0.4, 1)
    assert first.interval == wilson(1, 2)


def test_a_network_that_is_sure_and_always_right_has_no_error_and_one_that_is_wrong_has_all():
    assert calibrate(make_answers([0, 1], [[1, 0, 0], [0, 1, 0]])).error == 0
    assert calibrate(make_answers([2, 2], [[1, 0, 0], [0, 1, 0]])).error == 1


def test_bins_share_all_scans_out():
    answers = draw_answers(10_000)
    found = calibrate(answers)
    assert len(found.bins) <= BINS
    assert sum(each.scans for each in found.bins) == 10_000
    assert found.confidence == pytest.approx(answers.probabilities.max(axis=1).mean())


def test_no_scans_have_no_error():
    assert calibrate(make_answers([], [])).error is None


@pytest.mark.parametrize(
    ("confidence", "accuracy", "sign"), [(0.9, 0.7, 1), (0.7, 0.9, -1), (0.8, 0.815, 0), (0.8, 0.8, 0), (0.83, 0.8, 1)]
)
def test_the_tendency_is_the_sign_of_confidence_less_accuracy_beyond_two_points(confidence, accuracy, sign):
    assert tendency(confidence, accuracy) == sign
