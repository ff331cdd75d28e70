"""The answers as the files spell them, and every way in which a file can be wrong."""

import dataclasses

import numpy as np
import pytest

from lightbox.core.errors import UserFacingError
from lightbox.metrics.predictions import read_predictions
from lightbox.networks import NETWORKS, find_checkpoint
from tests.unit.metrics.answers import draw_answers, make_answers

HEAD = "path,sha256,label,predicted,leaked,p_normal,p_bacterial,p_viral\n"
HASH = "ab" * 32
ROW = f"test/a.png,{HASH},normal,viral,false,0.200000,0.300000,0.500000\n"


@pytest.fixture
def read(tmp_path):
    card = dataclasses.replace(find_checkpoint("chest_xray", "convnet"), folder=tmp_path)

    def read_text(text):
        (tmp_path / "predictions.csv").write_text(text, encoding="utf-8")
        return read_predictions(tmp_path / "predictions.csv", card)

    return read_text


def test_a_file_is_read_as_it_stands(read):
    answers = read(HEAD + ROW + ROW.replace("a.png", "b.png").replace("normal,viral,false", "viral,viral,true"))
    assert answers.names == ("test/a.png", "test/b.png")
    assert answers.sha256 == (HASH, HASH)
    assert answers.labels.tolist() == [0, 2]
    assert answers.predicted.tolist() == [2, 2]
    assert answers.right.tolist() == [False, True]
    assert answers.leaked.tolist() == [False, True]
    np.testing.assert_allclose(answers.probabilities, [[0.2, 0.3, 0.5]] * 2, atol=1e-7)
    assert answers.without_leaked().names == ("test/a.png",)


def test_the_columns_may_stand_in_any_order(read):
    head = "p_viral,label,predicted,leaked,p_normal,p_bacterial,path,sha256\n"
    answers = read(f"{head}0.5,normal,viral,false,0.2,0.3,test/a.png,{HASH}\n")
    np.testing.assert_allclose(answers.probabilities, [[0.2, 0.3, 0.5]], atol=1e-7)


def test_a_tie_is_decided_as_the_file_decides_it(read):
    answers = read(HEAD + ROW.replace("0.200000,0.300000,0.500000", "0.400000,0.200000,0.400000"))
    assert answers.predicted.tolist() == [2]
    np.testing.assert_allclose(answers.probabilities, [[0.4, 0.2, 0.4]], atol=1e-6)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD, "holds no scan"),
        ("", "has no column label, leaked, p_bacterial"),
        (HEAD.replace("p_viral", "p_fungal") + ROW, "has no column p_viral"),
        (HEAD.replace("p_viral", "p_viral,p_fungal") + ROW.replace("0.5", "0.5,0"), "has p_fungal"),
        (HEAD + ROW + ROW, "has test/a.png twice"),
        (HEAD + ROW.replace("normal,", "fungal,"), "names the class 'fungal'.*knows only normal, bacterial, viral"),
        (HEAD + ROW.replace(",viral", ",fungal"), "Line 2 .*names the class 'fungal'"),
        (HEAD + ROW.replace("false", "no"), "says leaked is 'no'"),
        (HEAD + ROW.replace(HASH, "ab"), "sha256 that is not 64"),
        (HEAD + ROW.replace("test/a.png", ""), "has no path"),
        (HEAD + ROW.replace("0.3", "many"), "a probability that is not a number"),
        (HEAD + ROW.replace("0.300000", "nan"), "not within 0..1 or do not sum to 1"),
        (HEAD + ROW.replace("0.300000", "0.4"), "do not sum to 1"),
        (HEAD + ROW.replace("0.200000,0.300000", "-0.2,0.7"), "not within 0..1"),
        (HEAD + ROW.replace("normal,viral", "normal,bacterial"), "another class is more probable"),
        (HEAD + ROW.replace(",0.500000", ""), "more or fewer fields"),
        (HEAD + ROW.replace("\n", ",1\n"), "more or fewer fields"),
        (HEAD + '"test/a.png', "cannot be read"),
    ],
)
def test_a_broken_file_is_refused_in_words(read, text, said):
    with pytest.raises(UserFacingError, match=said):
        read(text)


def test_a_missing_or_binary_file_is_refused(read, tmp_path):
    card = find_checkpoint("chest_xray", "convnet")
    with pytest.raises(UserFacingError, match=r"chest_xray/convnet has no predictions\.csv"):
        read_predictions(tmp_path / "absent.csv", card)
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UserFacingError, match="cannot be read"):
        read_predictions(tmp_path / "binary.csv", card)


@pytest.mark.parametrize("network", list(NETWORKS))
@pytest.mark.parametrize("task", ["chest_xray", "brain_mri"])
def test_what_ships_agrees_with_its_card(task, network):
    card = find_checkpoint(task, network)
    if card is None:
        pytest.skip("not trained")
    answers = read_predictions(card.folder / "predictions.csv", card)
    assert card.measured
    assert len(answers) == card.training["test_images"]
    assert answers.leaked.sum() == card.metrics["test_leaked_images"]
    # The card was rounded to four decimals, the answers to six.
    assert answers.right.mean() == pytest.approx(card.metrics["test_accuracy"], abs=6e-5)
    honest = answers.without_leaked()
    assert honest.right.mean() == pytest.approx(card.metrics["test_accuracy_without_leaked"], abs=6e-5)
    for index, key in enumerate(card.classes):
        recall = answers.right[answers.labels == index].mean()
        assert recall == pytest.approx(card.metrics[f"test_recall_{key}"], abs=6e-5)


def test_answers_cannot_be_changed_and_share_no_memory_with_what_they_were_made_from():
    labels = np.array([0, 1])
    answers = dataclasses.replace(make_answers([0, 1], [[1, 0, 0]] * 2), labels=labels)
    labels[0] = 2
    assert answers.labels.tolist() == [0, 1]
    with pytest.raises(ValueError, match="read-only"):
        answers.probabilities[0, 0] = 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"labels": np.array([0])}, "labels of 2 scans"),
        ({"labels": np.array([0, 3])}, "no index of a class"),
        ({"labels": np.array([0, -1])}, "no index of a class"),
        ({"sha256": ("a",)}, "1 hashes for 2 scans"),
        ({"probabilities": np.full((2, 3), 0.5)}, "sum to 1"),
        ({"probabilities": np.array([[2, -1, 0]] * 2)}, r"within 0\.\.1"),
        ({"probabilities": np.array([[np.nan, 1, 0]] * 2)}, r"within 0\.\.1"),
        ({"probabilities": np.ones((2, 2))}, "probabilities of 2 scans and 3 classes"),
    ],
)
def test_answers_that_contradict_themselves_are_refused(changes, said):
    with pytest.raises(ValueError, match=said):
        dataclasses.replace(make_answers([0, 1], [[1, 0, 0]] * 2), **changes)


def test_taking_keeps_what_belongs_together_in_the_order_asked_for():
    answers = draw_answers(50)
    taken = answers.take([7, 3])
    assert taken.names == (answers.names[7], answers.names[3])
    assert taken.sha256 == (answers.sha256[7], answers.sha256[3])
    np.testing.assert_array_equal(taken.labels, answers.labels[[7, 3]])
    np.testing.assert_array_equal(taken.probabilities, answers.probabilities[[7, 3]])
    assert len(answers.take(np.zeros(50, bool))) == 0
