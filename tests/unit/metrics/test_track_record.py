"""How often an answer was right, counted by hand and by a slow loop."""

import numpy as np
import pytest

from lightbox.metrics.calibration import calibrate
from lightbox.metrics.intervals import wilson
from lightbox.metrics.track_record import FEW, find_track_record
from lightbox.metrics.unseen import ALL, NEW
from tests.unit.metrics.answers import CLASSES, draw_answers, make_answers

N, B, V = [0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]


def test_a_table_by_hand():
    """Bacterial: four are, three of them found; five are called so, two of which are viral."""
    answers = make_answers([1, 1, 1, 1, 2, 2, 0], [B, B, B, N, B, B, N])
    found = find_track_record(answers, "bacterial")
    assert (found.subset, found.scans, found.truly, found.called, found.right) == (ALL, 7, 4, 5, 3)
    assert found.found_interval == wilson(3, 4)
    assert found.right_interval == wilson(3, 5)
    assert found.confused_with == "viral"
    assert found.accuracy == pytest.approx(4 / 7)
    assert not found.wrong_more_often


def test_it_agrees_with_a_slow_loop():
    answers = draw_answers(300, seed=3, skill=0.5)
    seen = set(answers.names[::3])
    for index, label in enumerate(CLASSES):
        truly = called = right = 0
        wrong = dict.fromkeys(CLASSES, 0)
        for name, leaked, truth, values in zip(
            answers.names, answers.leaked, answers.labels, answers.probabilities.tolist(), strict=True
        ):
            if leaked or name in seen:
                continue
            said = max(range(3), key=lambda each, values=values: values[each])
            truly += truth == index
            called += said == index
            right += said == index == truth
            if said == index != truth:
                wrong[CLASSES[truth]] += 1
        found = find_track_record(answers, label, seen)
        assert found.subset == NEW
        assert (found.truly, found.called, found.right) == (truly, called, right)
        assert wrong[found.confused_with] == max(wrong.values())
        assert found.wrong_more_often == (truly >= FEW and called > 2 * right)
        assert sum(count for _key, count in found.scans_of) == found.scans


def test_wrong_more_often_than_right_is_said_where_the_test_set_has_scans_of_the_class():
    """Of a class that no test scan is of, every answer is wrong, which says nothing of the answer."""
    assert find_track_record(make_answers([0] * 20 + [1] * FEW, [B] * (20 + FEW)), "bacterial").wrong_more_often
    assert not find_track_record(make_answers([0] * FEW + [1] * FEW, [B] * 2 * FEW), "bacterial").wrong_more_often, (
        "as often"
    )
    assert not find_track_record(make_answers([0] * 30, [B] * 30), "bacterial").wrong_more_often


def test_what_nobody_has_counted_is_zero_of_zero():
    found = find_track_record(make_answers([0], [N]), "viral")
    assert (found.truly, found.called, found.right, found.confused_with) == (0, 0, 0, "")
    assert found.found_interval == found.right_interval == (0, 1)
    assert not found.wrong_more_often
    none = find_track_record(make_answers([0], [N], leaked=np.array([True])), "normal")
    assert (none.scans, none.accuracy, none.calibration.error) == (0, None, None)


def test_the_calibration_is_of_the_same_scans():
    answers = draw_answers(200, seed=1)
    seen = set(answers.names[:100])
    kept = answers.take([name not in seen and not leaked for name, leaked in
                         zip(answers.names, answers.leaked, strict=True)])  # fmt: skip
    assert find_track_record(answers, "normal", seen).calibration == calibrate(kept)


def test_an_unknown_class_is_an_error():
    with pytest.raises(ValueError, match="fungal"):
        find_track_record(make_answers([0], [N]), "fungal")
