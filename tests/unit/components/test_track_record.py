"""The sentence about a network's own record says what was counted, and says plainly where an answer is mostly wrong."""

import dataclasses

import numpy as np
import pytest

from components.compare import track_record
from components.networks import choices
from lightbox.metrics.confusion import confusion_matrix
from lightbox.metrics.intervals import wilson
from lightbox.metrics.predictions import PREDICTIONS_NAME, read_predictions
from lightbox.metrics.track_record import find_track_record
from lightbox.metrics.unseen import NEW, find_seen, keep_strictest
from lightbox.networks import NETWORKS, find_checkpoint
from lightbox.provenance.data_audit import find_audit
from tests.unit.metrics.answers import make_answers

N, B, V = [0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]


def said(labels, probabilities, label="bacterial", **more):
    return track_record.describe(find_track_record(make_answers(labels, probabilities, **more), label), "Bacterial")


def test_both_figures_stand_with_their_intervals_where_there_are_few_scans():
    low, high = wilson(3, 4)
    first = f"It finds 3 of 4 Bacterial test scans (75%, {low:.0%} to {high:.0%})"
    low, high = wilson(3, 5)
    second = f"of 5 that it calls Bacterial 3 are (60%, {low:.0%} to {high:.0%})"
    assert said([1, 1, 1, 1, 2, 2, 0], [B, B, B, N, B, B, N]) == f"{first}; {second}."


def test_of_many_scans_the_share_is_enough():
    assert said([1] * 100, [B] * 50 + [N] * 50).startswith("It finds 50 of 100 Bacterial test scans (50%); of 50")


def test_an_answer_that_is_mostly_wrong_is_said_to_be():
    assert said([0, 0, 1], [B, B, B]).endswith("**this answer is wrong more often than right.**")
    assert "wrong" not in said([0, 1], [B, B])


def test_what_is_not_known_is_not_said():
    assert said([1], [N]).endswith("it calls none of them Bacterial, so nothing is known of this answer.")
    assert said([0], [B]).startswith("None of its test scans is Bacterial; of 1 that it calls Bacterial 0 are")


def test_which_scans_it_is_of_is_said():
    leaked = np.array([True, False])
    assert "1 of 1 Bacterial test scans that it was not trained on" in said([1, 1], [B, B], leaked=leaked)


def test_the_calibration_error_and_its_direction_are_those_of_the_figures():
    sure = find_track_record(make_answers([0, 1], [[1, 0, 0], [1, 0, 0]]), "normal")
    words = "Its probabilities are not calibrated: on these scans 50 percentage points off on average"
    assert track_record.describe_calibration(sure) == f"{words}, too sure."
    modest = find_track_record(make_answers([0, 1], [[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]]), "normal")
    assert track_record.describe_calibration(modest) == f"{words}, too modest."
    none = find_track_record(make_answers([], []), "normal")
    assert track_record.describe_calibration(none) == "Its probabilities are not calibrated."


@pytest.mark.parametrize("task", ["brain_mri", "chest_xray"])
@pytest.mark.parametrize("network", NETWORKS)
def test_of_shipped_networks_only_pictures_that_are_new_to_them_are_quoted(task, network):
    card = find_checkpoint(task, network)
    answers = read_predictions(card.folder / PREDICTIONS_NAME, card)
    which, kept = keep_strictest(answers, find_seen(find_audit(task), [card]))
    for index, label in enumerate(card.classes):
        found = track_record._find(card, label)
        assert found.subset == which
        assert found.right == confusion_matrix(kept)[index, index]
        assert found.scans == len(kept)
    assert task != "brain_mri" or which == NEW


def test_the_link_is_to_the_cell_of_the_most_frequent_mistake():
    card = find_checkpoint("chest_xray", "convnet")
    found = find_track_record(make_answers([1, 2, 2], [B, B, B]), "bacterial")
    link = track_record.link_to_cell(card, found)
    assert (link["true"], link["called"], link["cell_network"]) == ("viral", "bacterial", "convnet")
    assert {field.name for field in choices._FIELDS} | {"task", "networks", "true", "called"} >= link.keys()
    right = find_track_record(make_answers([1], [B]), "bacterial")
    assert track_record.link_to_cell(card, right)["true"] == "bacterial"


def test_a_network_without_figures_of_its_own_says_so(tmp_path):
    card = find_checkpoint("chest_xray", "convnet")
    assert "without its answers" in track_record._find(dataclasses.replace(card, folder=tmp_path), "viral")
    other = dataclasses.replace(card, metrics={**card.metrics, "weights_sha256": "0" * 64})
    assert "of other weights" in track_record._find(other, "viral")
    (tmp_path / PREDICTIONS_NAME).write_text("no table")
    assert "cannot be read" in track_record._find(dataclasses.replace(card, folder=tmp_path), "viral")
