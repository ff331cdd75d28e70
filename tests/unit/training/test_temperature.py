import math

import numpy as np
import pytest
import torch

from lightbox.metrics.calibration import calibrate as read_calibration
from lightbox.metrics.calibration import expected_calibration_error
from lightbox.training.temperature import COLDEST, HOTTEST, calibrate, fit_temperature


@pytest.mark.parametrize(("logit", "right", "scans"), [(4.0, 75, 100), (0.5, 90, 100), (2.0, 60, 80)])
def test_two_classes_have_the_temperature_that_the_formula_gives(logit, right, scans):
    """Every scan has logits (a, 0): the likelihood is greatest where sigmoid(a / T) is the share that is right."""
    logits = torch.tensor([[logit, 0.0]]).repeat(scans, 1)
    labels = torch.tensor([0] * right + [1] * (scans - right))
    share = right / scans
    assert fit_temperature(logits, labels) == pytest.approx(logit / math.log(share / (1 - share)), rel=1e-4)


@pytest.mark.parametrize("true", [0.4, 1.0, 2.7])
def test_labels_drawn_at_a_temperature_give_it_back(true):
    generator = torch.Generator().manual_seed(0)
    logits = 3 * torch.randn(20_000, 4, generator=generator, dtype=torch.float64)
    labels = torch.multinomial((logits / true).softmax(1), 1, generator=generator)[:, 0]
    assert fit_temperature(logits, labels) == pytest.approx(true, rel=0.03)


def test_a_network_that_is_always_right_or_never_ends_at_a_bound():
    logits = torch.tensor([[1.0, 0.0]]).repeat(10, 1)
    assert fit_temperature(logits, torch.zeros(10, dtype=torch.long)) == pytest.approx(COLDEST, rel=1e-3)
    assert fit_temperature(logits, torch.ones(10, dtype=torch.long)) == pytest.approx(HOTTEST, rel=1e-3)


def test_no_other_temperature_makes_the_labels_likelier():
    generator = torch.Generator().manual_seed(1)
    logits = 2 * torch.randn(300, 3, generator=generator)
    labels = torch.multinomial((logits / 1.5).softmax(1), 1, generator=generator)[:, 0]
    best = fit_temperature(logits, labels)

    def loss(temperature):
        return float(torch.nn.functional.cross_entropy(logits.double() / temperature, labels))

    assert all(loss(best) <= loss(other) + 1e-9 for other in np.geomspace(COLDEST, HOTTEST, 200))


def test_the_card_says_how_far_off_before_and_after():
    logits = torch.tensor([[4.0, 0.0]]).repeat(100, 1)
    labels = torch.tensor([0] * 75 + [1] * 25)
    found = calibrate(logits, labels)
    assert found["validation_images"] == 100
    assert found["validation_error_before"] == pytest.approx(1 / (1 + math.exp(-4)) - 0.75, abs=1e-4)
    assert found["validation_error_after"] == pytest.approx(0, abs=1e-4)


def test_the_error_is_that_of_the_reliability_diagram():
    from lightbox.metrics.predictions import Predictions

    generator = np.random.default_rng(0)
    probabilities = generator.dirichlet((1, 1, 1), 200).astype(np.float32)
    labels = generator.integers(0, 3, 200)
    answers = Predictions(
        "t", "n", ("a", "b", "c"), tuple(map(str, range(200))), ("0" * 64,) * 200, labels, probabilities,
        np.zeros(200, dtype=bool),
    )  # fmt: skip
    assert expected_calibration_error(probabilities.max(1), answers.right) == read_calibration(answers).error
