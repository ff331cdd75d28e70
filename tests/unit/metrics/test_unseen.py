"""What training has seen is left out, by the one rule that every page keeps."""

import dataclasses

import numpy as np
import pytest

from lightbox.metrics.unseen import ALL, NEW, UNLEAKED, find_seen, keep_new, keep_strictest
from lightbox.networks import NETWORKS, find_checkpoint
from lightbox.provenance.data_audit import find_audit
from tests.unit.metrics.answers import make_answers

RIGHT = [[1, 0, 0]] * 4


def test_the_strictest_choice_leaves_out_copies_and_pictures_stored_again():
    answers = make_answers([0] * 4, RIGHT, leaked=np.array([True, False, False, False]))
    assert keep_strictest(answers, {"test/1.png"})[0] == NEW
    assert keep_strictest(answers, {"test/1.png"})[1].names == ("test/2.png", "test/3.png")
    assert keep_strictest(answers, {"test/0.png"})[0] == UNLEAKED, "the audit knows of no more than the table"
    assert keep_strictest(answers, set())[1].names == ("test/1.png", "test/2.png", "test/3.png")
    clean = make_answers([0] * 4, RIGHT)
    assert keep_strictest(clean, set()) == (ALL, clean)
    assert keep_strictest(clean, {"elsewhere.png"})[0] == ALL


def test_of_other_data_an_audit_knows_nothing():
    audit, card = find_audit("brain_mri"), find_checkpoint("brain_mri", "convnet")
    seen = find_seen(audit, [card, None])
    assert seen == audit.leaked_names()
    assert seen
    other = dataclasses.replace(card, training={"published_sha256": "of other data"})
    assert find_seen(audit, [card, other]) == set()
    assert find_seen(None, [card]) == set()


@pytest.mark.parametrize("network", NETWORKS)
def test_every_leaked_file_of_a_shipped_network_is_among_those_that_the_audit_found(network):
    from lightbox.metrics.predictions import PREDICTIONS_NAME, read_predictions

    card = find_checkpoint("brain_mri", network)
    answers = read_predictions(card.folder / PREDICTIONS_NAME, card)
    seen = find_seen(find_audit("brain_mri"), [card])
    which, kept = keep_strictest(answers, seen)
    assert which == NEW
    assert kept.names == keep_new(answers, seen).names
