"""Every figure again by scikit-learn, on what ships and on sets that are odd."""

import numpy as np
import pytest
from sklearn import metrics

from lightbox.metrics.confusion import confusion_matrix, largest_mistake, normalise, scans_in_cell, score
from lightbox.metrics.intervals import wilson
from lightbox.metrics.predictions import read_predictions
from lightbox.networks import find_checkpoint
from tests.unit.metrics.answers import draw_answers, make_answers


def shipped(task, *, leaked=True):
    card = find_checkpoint(task, "convnet")
    answers = read_predictions(card.folder / "predictions.csv", card)
    return answers if leaked else answers.without_leaked()


SETS = {
    "chest": lambda: shipped("chest_xray"),
    "brain": lambda: shipped("brain_mri"),
    "brain without leaked": lambda: shipped("brain_mri", leaked=False),
    "two classes": lambda: draw_answers(80, classes=("a", "b")),
    "a class missing": lambda: draw_answers(100, missing=1),
    "one scan, right": lambda: make_answers([1], [[0, 1, 0]]),
    "one scan, wrong": lambda: make_answers([1], [[1, 0, 0]]),
    "ten thousand": lambda: draw_answers(10_000),
    "always the same class": lambda: make_answers([0, 1, 2, 2], [[1, 0, 0]] * 4),
}


@pytest.fixture(params=SETS)
def answers(request):
    return SETS[request.param]()


def test_all_figures_agree_with_scikit_learn(answers):
    everything = range(len(answers.classes))
    truth, said = answers.labels, answers.predicted
    np.testing.assert_array_equal(
        confusion_matrix(answers), metrics.confusion_matrix(truth, said, labels=everything)
    )  # fmt: skip
    scores = score(answers)
    assert scores.accuracy == pytest.approx(metrics.accuracy_score(truth, said))
    assert scores.interval == wilson(int((truth == said).sum()), len(answers))
    present = sorted(set(truth.tolist()))
    precision, recall, f1, _support = metrics.precision_recall_fscore_support(
        truth, said, labels=present, average="macro", zero_division=0
    )
    assert scores.macro_precision == pytest.approx(precision)
    assert scores.balanced_accuracy == pytest.approx(recall)
    assert scores.macro_f1 == pytest.approx(f1)
    rows = metrics.precision_recall_fscore_support(truth, said, labels=everything, zero_division=np.nan)
    for index, each in enumerate(scores.classes):
        for ours, theirs in zip(
            (each.precision, each.recall, each.f1, each.scans), (row[index] for row in rows), strict=True
        ):
            assert (ours is None and np.isnan(theirs)) or ours == pytest.approx(theirs)
        assert each.called == int((said == index).sum())


@pytest.mark.filterwarnings("ignore:.*y_pred contains classes not in y_true", "ignore:A single label was found")
def test_balanced_accuracy_is_scikit_learns(answers):
    expected = metrics.balanced_accuracy_score(answers.labels, answers.predicted)
    assert score(answers).balanced_accuracy == pytest.approx(expected)


@pytest.mark.parametrize(("how", "theirs", "axis"), [("rows", "true", 1), ("columns", "pred", 0)])
def test_shares_agree_with_scikit_learn_and_nothing_is_said_of_nothing(answers, how, theirs, axis):
    counts = confusion_matrix(answers)
    expected = metrics.confusion_matrix(
        answers.labels, answers.predicted, labels=range(len(answers.classes)), normalize=theirs
    )
    known = np.broadcast_to(counts.sum(axis=axis, keepdims=True) > 0, counts.shape)
    shares = normalise(counts, how)
    np.testing.assert_allclose(shares[known], expected[known])
    assert np.isnan(shares[~known]).all()


def test_no_scans_give_no_figures():
    scores = score(make_answers([], []))
    assert (scores.scans, scores.accuracy, scores.balanced_accuracy, scores.macro_f1) == (0, None, None, None)
    assert scores.interval == (0.0, 1.0)


def test_an_unknown_normalisation_is_refused():
    with pytest.raises(ValueError, match="'diagonal'"):
        normalise(np.eye(2, dtype=np.int64), "diagonal")


def test_the_largest_mistake_is_off_the_diagonal_and_the_first_of_equals():
    assert largest_mistake(np.array([[90, 2, 5], [5, 80, 0], [1, 1, 99]])) == (0, 2)
    assert largest_mistake(np.diag([3, 4])) == (0, 0)


def test_a_cells_scans_come_with_the_most_confident_first():
    answers = make_answers(
        [0, 0, 1, 0, 0], [[0.3, 0.7, 0], [0, 1, 0], [0, 1, 0], [0.9, 0.1, 0], [0.3, 0.7, 0]]
    )  # fmt: skip
    assert scans_in_cell(answers, 0, 1).tolist() == [1, 0, 4]
    assert scans_in_cell(answers, 2, 0).tolist() == []


def test_the_cells_share_all_scans_out():
    answers = draw_answers(500)
    found = [scans_in_cell(answers, true, called) for true in range(3) for called in range(3)]
    assert [len(each) for each in found] == confusion_matrix(answers).ravel().tolist()
    assert sorted(np.concatenate(found).tolist()) == list(range(500))
