"""The temperature on a card is used wherever probabilities are told, and only for the weights that it was fitted to."""

import math

import numpy as np
import pytest
import torch

from lightbox.core.errors import UserFacingError
from lightbox.jobs.request import fingerprint
from lightbox.networks import load_checkpoint, read_card
from tests.unit.jobs.conftest import write_checkpoint


def write_temperature(folder, text, *, sha256=None):
    card = folder / "card.toml"
    card.write_text(
        card.read_text() + f'[calibration]\nweights_sha256 = "{sha256 or read_card(folder).sha256}"\n{text}\n'
    )
    return read_card(folder)


@pytest.fixture
def folder(tmp_path):
    return write_checkpoint(tmp_path / "trained")


def test_without_one_the_probabilities_are_softmax(folder):
    card = read_card(folder)
    assert not card.calibrated
    assert card.temperature == 1
    logits = torch.tensor([[1.0, 2.0, 3.0, 0.0]])
    assert torch.allclose(load_checkpoint(card).probabilities(logits), logits.softmax(1))


def test_logits_are_divided_by_it_and_the_class_stays(folder):
    card = write_temperature(folder, "temperature = 2.5")
    assert card.calibrated
    network = load_checkpoint(card)
    logits = torch.tensor([1.0, 2.0, 3.0, 0.0])
    odds = [math.exp(value / 2.5) for value in logits.tolist()]
    assert network.probabilities(logits).tolist() == pytest.approx([value / sum(odds) for value in odds], rel=1e-6)
    assert network.probabilities(logits).dtype == torch.float32
    assert torch.equal(network.probabilities(logits[None])[0], network.probabilities(logits))


def test_a_temperature_of_other_weights_is_none(folder):
    card = write_temperature(folder, "temperature = 2.5", sha256="0" * 64)
    assert not card.calibrated
    assert card.temperature == 1


@pytest.mark.parametrize("value", ["0.0", "-1.0", "inf", "nan", '"2"', "true"])
def test_a_temperature_that_is_no_positive_number_is_refused(folder, value):
    with pytest.raises(UserFacingError, match=r"calibration\.temperature"):
        write_temperature(folder, f"temperature = {value}")


def test_a_table_without_a_temperature_is_refused(folder):
    with pytest.raises(UserFacingError, match="has no 'temperature'"):
        write_temperature(folder, "validation_images = 3")


def test_answers_of_another_temperature_are_other_answers(folder):
    before = fingerprint(read_card(folder))
    assert fingerprint(write_temperature(folder, "temperature = 2.5")) != before


def test_the_library_the_test_sets_and_the_pages_tell_the_same_probabilities(folder, tmp_path, monkeypatch):
    from lightbox.jobs.worker import calls, held_networks
    from lightbox.testsets import worker

    card = write_temperature(folder, "temperature = 3.0")
    network = load_checkpoint(card)
    pixels = np.random.default_rng(0).random((96, 96)).astype(np.float32)
    wanted = network.probabilities(network.logits(network.to_input(pixels)))[0].numpy()

    class Borrowed:
        def __init__(self, _card):
            pass

        def __enter__(self):
            return network

        def __exit__(self, *_):
            return None

    monkeypatch.setattr(held_networks, "borrow", Borrowed)
    monkeypatch.setattr(held_networks, "device", lambda: torch.device("cpu"))
    told = calls.predict(card=card, prepared=pixels, progress=lambda _share: None)
    assert np.array_equal(told.probabilities, wanted)
    assert np.array_equal(worker._probabilities(network, pixels[None])[0], wanted)
    assert not np.allclose(wanted, torch.from_numpy(told.logits).softmax(0).numpy())
