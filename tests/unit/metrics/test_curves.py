"""Areas by their meaning, not by the library that drew the curve."""

import numpy as np
import pytest

from lightbox.metrics.curves import MOST_POINTS, precision_recall, roc
from tests.unit.metrics.answers import draw_answers, make_answers


def chance_to_rank_right(truth, values):
    """The area under a ROC: the share of pairs in the right order, ties counting half."""
    ours, others = values[truth][:, None], values[~truth][None]
    return (ours > others).mean() + 0.5 * (ours == others).mean()


def mean_precision_at_each_hit(truth, values):
    """The average precision, ties standing together."""
    total = 0.0
    for value in values[truth]:
        reached = values >= value
        total += truth[reached].mean()
    return total / truth.sum()


@pytest.mark.parametrize("count", [20, 300])
@pytest.mark.parametrize("seed", [0, 1])
def test_areas_agree_with_their_definitions(count, seed):
    answers = draw_answers(count, seed=seed)
    for index, (line, other) in enumerate(zip(roc(answers), precision_recall(answers), strict=True)):
        truth, values = answers.labels == index, answers.probabilities[:, index]
        assert line.key == other.key == answers.classes[index]
        assert line.scans == other.scans == truth.sum()
        assert line.area == pytest.approx(chance_to_rank_right(truth, values))
        assert other.area == pytest.approx(mean_precision_at_each_hit(truth, values))


def test_a_class_without_scans_has_no_curve():
    answers = draw_answers(60, missing=2)
    assert [line.key for line in roc(answers)] == ["normal", "bacterial"]
    assert [line.key for line in precision_recall(answers)] == ["normal", "bacterial"]


def test_one_scan_has_no_roc_and_no_scans_have_nothing():
    assert roc(make_answers([1], [[0, 1, 0]])) == ()
    assert [line.area for line in precision_recall(make_answers([1], [[0, 1, 0]]))] == [1.0]
    assert roc(make_answers([], [])) == precision_recall(make_answers([], [])) == ()


def test_ten_thousand_scans_are_drawn_with_few_points_that_lie_on_the_whole_curve():
    from sklearn.metrics import roc_curve

    answers = draw_answers(10_000, skill=0.5)
    for index, line in enumerate(roc(answers)):
        assert len(line.x) <= MOST_POINTS
        assert (line.x[0], line.y[0], line.x[-1], line.y[-1]) == (0, 0, 1, 1)
        assert (np.diff(line.x) >= 0).all()
        whole_x, whole_y, _thresholds = roc_curve(answers.labels == index, answers.probabilities[:, index])
        assert set(zip(line.x, line.y, strict=True)) <= set(zip(whole_x, whole_y, strict=True))
        # A curve that only rises stays between two of its points; they are evenly spread along a way of length 2,
        # each at most one step of the whole curve late.
        step = np.max(np.diff(whole_x) + np.diff(whole_y))
        assert np.max(np.diff(line.x) + np.diff(line.y)) <= 2 / (MOST_POINTS - 1) + step + 1e-9
    for line in precision_recall(answers):
        assert len(line.x) <= MOST_POINTS
        assert line.x.min() == 0
        assert line.x.max() == 1
