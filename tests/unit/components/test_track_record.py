"""The sentence about a network's own record says what was counted, and says plainly where an answer is mostly wrong."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from components.compare import track_record
from components.networks import choices
from components.networks.results import reliability
from lightbox.imaging.preprocess import Preprocessing
from lightbox.metrics.confusion import confusion_matrix
from lightbox.metrics.intervals import wilson
from lightbox.metrics.predictions import PREDICTIONS_NAME, read_predictions
from lightbox.metrics.track_record import find_track_record
from lightbox.metrics.unseen import NEW, find_seen, keep_strictest
from lightbox.networks import NETWORKS, Card, find_checkpoint
from lightbox.provenance.data_audit import find_audit
from tests.unit.metrics.answers import make_answers

N, B, V = [0.8, 0.1, 0.1], [0.1, 0.8, 0.1], [0.1, 0.1, 0.8]


def found_in(labels, probabilities, label="bacterial", **more):
    return find_track_record(make_answers(labels, probabilities, **more), label)


def said(*arguments, **more):
    return track_record.describe(found_in(*arguments, **more), "Bacterial")


def spelled_out(*arguments, **more):
    return " ".join(track_record.spell_out(found_in(*arguments, **more), "Bacterial"))


HAND = ([1, 1, 1, 1, 2, 2, 0], [B, B, B, N, B, B, N])
THREE_TIMES = tuple(3 * each for each in HAND)


def test_the_line_has_both_counts():
    assert said(*THREE_TIMES) == "Bacterial: finds 9 of 12 test scans; where it says so it is right in 9 of 15."


def test_spelled_out_they_have_shares_and_intervals():
    found, right = wilson(3, 4), wilson(3, 5)
    words = spelled_out(*HAND)
    assert f"finds 3 of the 4 that are Bacterial: 75 % ({100 * found[0]:.0f} to {100 * found[1]:.0f} %)." in words
    assert f"Of the 5 that it calls Bacterial, 3 are: 60 % ({100 * right[0]:.0f} to {100 * right[1]:.0f} %)." in words
    assert "all 7 scans of this network's test split." in words


def test_an_answer_that_is_mostly_wrong_is_said_to_be():
    words = said([0] * 20 + [1] * 10, [B] * 30)
    assert words.endswith(":red[**where it says so it is right in only 10 of 30.**]")
    assert ":red" not in said([0] * 10 + [1] * 10, [B] * 20)


def test_of_a_class_that_hardly_any_scan_is_of_nothing_is_concluded():
    few = said([1] * 3 + [0] * 40, [B] * 2 + [N] * 31 + [B] * 10)
    assert few == "Bacterial: only 3 of 43 test scans are, **too few to tell;** it says so of 12, rightly of 2."
    none = said([0] * 40, [B] * 30 + [N] * 10)
    assert none == "Bacterial: **nothing is known of this answer.** None of 40 test scans is; it says so of 30."


def test_the_mix_of_classes_is_told_since_the_figures_depend_on_it():
    titles = {"normal": "Normal", "bacterial": "Bacterial", "viral": "Viral"}
    words = track_record.describe_mix(found_in([1, 1, 2], [B, B, B]), titles)
    assert words.startswith("By class these scans are: 0 Normal, 2 Bacterial, 1 Viral.")


def test_what_is_not_known_is_not_said():
    assert said([1] * 10, [N] * 10).endswith("**it never says so, so nothing is known of this answer.**")
    assert "It calls none of them Bacterial, so how often that answer is right is not known." in spelled_out([1], [N])
    assert "None of them is Bacterial." in spelled_out([0], [B])


def test_which_scans_it_is_of_is_said():
    leaked = np.array([True, False])
    assert said([1, 1], [B, B], leaked=leaked).startswith("Bacterial: only 1 of 1 test scans not trained on are")
    assert "the 1 scans of this network's test split" in spelled_out([1, 1], [B, B], leaked=leaked)


NOT_CALIBRATED = "Its percentages are 50 points off here, mostly too {lean}; not calibrated."
FITTED = {"temperature": 1.5, "validation_images": 300, "validation_error_before": 0.1, "validation_error_after": 0.02}


def card(**calibration):
    return Card("chest_xray", "convnet", ("a", "b"), Preprocessing(), "0" * 64, Path(), calibration=calibration)


def test_the_calibration_error_and_its_direction_are_those_of_the_figures():
    sure = found_in([0, 1], [[1, 0, 0], [1, 0, 0]], "normal")
    assert track_record.describe_calibration(sure, card()) == NOT_CALIBRATED.format(lean="high")
    modest = found_in([0, 1], [[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]], "normal")
    assert track_record.describe_calibration(modest, card()) == NOT_CALIBRATED.format(lean="low")
    assert (
        track_record.describe_calibration(found_in([], [], "normal"), card()) == "Its percentages are not calibrated."
    )


def test_calibrated_is_said_with_how_far_off_it_is_all_the_same():
    sure = found_in([0, 1], [[1, 0, 0], [1, 0, 0]], "normal")
    assert track_record.describe_calibration(sure, card(**FITTED)) == (
        "Its percentages are 50 points off here, mostly too high, though calibrated."
    )
    assert (
        track_record.describe_calibration(found_in([], [], "normal"), card(**FITTED))
        == "Its percentages are calibrated."
    )
    assert "divided by 1.50" in track_record.explain_calibration(card(**FITTED))
    assert "the 300 scans that it was validated on" in track_record.explain_calibration(card(**FITTED))
    assert "nobody has adjusted them" in track_record.explain_calibration(card())
    assert "10.0% before and 2.0% after" in reliability.fitted(card(**FITTED))
    assert reliability.fitted(card()).startswith("Not calibrated")


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
