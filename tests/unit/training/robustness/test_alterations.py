import numpy as np
import pytest

from lightbox.training.robustness.alterations import ALTERATIONS, alter

EACH = [(key, strength) for key, (_, strengths) in ALTERATIONS.items() for strength in strengths]


def picture(height=90, width=120):
    rows, columns = np.mgrid[:height, :width]
    disc = ((rows - height / 2) ** 2 + (columns - width / 2) ** 2) < 30**2
    return (0.1 + 0.7 * disc).astype(np.float32)


@pytest.mark.parametrize(("key", "strength"), EACH)
def test_every_alteration_gives_a_picture_and_gives_it_again(key, strength):
    before = picture()
    changed = alter(key, before, strength, seed=0, number=3)
    assert changed.dtype == np.float32
    assert changed.min() >= 0
    assert changed.max() <= 1
    assert not np.array_equal(changed, before) or changed.shape != before.shape
    assert np.array_equal(changed, alter(key, before, strength, seed=0, number=3))
    assert np.array_equal(before, picture()), "what is given is not written to"


def test_a_rotation_about_the_middle_leaves_a_disc_where_it_is_and_goes_both_ways():
    # Of a disc in the middle only the corners of its ground change.
    inner = (slice(20, 70), slice(35, 85))
    turned = [alter("rotation", picture(), 10, seed=0, number=number) for number in range(12)]
    assert all(np.abs(each - picture())[inner].mean() < 0.02 for each in turned)
    wedge = np.tri(100, dtype=np.float32)
    ways = {bool(alter("rotation", wedge, 20, seed=0, number=number)[55, 60] > 0.5) for number in range(12)}
    assert ways == {True, False}


@pytest.mark.parametrize(("factor", "radius"), [(0.8, 24.0), (1.25, 37.5)])
def test_a_scale_is_that_of_the_disc(factor, radius):
    area = (alter("scale", picture(), factor, seed=0, number=0) > 0.5).sum()
    assert np.sqrt(area / np.pi) == pytest.approx(radius, abs=0.5)


def test_a_crop_takes_its_share_off_one_side_and_every_side_has_its_turn():
    numbered = np.arange(100 * 100, dtype=np.float32).reshape(100, 100) / 1e4
    found = {alter("crop", numbered, 0.1, seed=0, number=number).tobytes() for number in range(40)}
    wanted = {numbered[10:].tobytes(), numbered[:90].tobytes(), numbered[:, 10:].tobytes(), numbered[:, :90].tobytes()}
    assert found == wanted


def test_blur_is_as_strong_on_a_large_picture_as_on_a_small_one():
    step = np.zeros((224, 224), np.float32)
    step[:, 112:] = 1
    large = np.kron(step, np.ones((3, 3), np.float32))
    small, big = (alter("blur", each, 2, seed=0, number=0) for each in (step, large))
    assert np.abs(big[1::3, 1::3] - small).max() < 0.02


@pytest.mark.parametrize("side", [224, 448])
def test_noise_has_its_strength_also_after_shrinking(side):
    grey = np.full((side, side), 0.5, np.float32)
    noisy = alter("noise", grey, 0.05, seed=0, number=0)
    factor = side // 224
    shrunk = noisy.reshape(224, factor, 224, factor).mean(axis=(1, 3))
    assert shrunk.std() == pytest.approx(0.05, rel=0.03)


def test_contrast_and_inversion_are_their_formulas():
    assert np.allclose(alter("gamma", picture(), 1.6, seed=0, number=0), picture() ** 1.6, atol=1e-6)
    assert np.allclose(alter("inversion", picture(), 1, seed=0, number=0), 1 - picture(), atol=1e-6)


def test_a_worse_jpeg_is_further_off():
    chance = np.random.default_rng(0).random((64, 64)).astype(np.float32)
    errors = [np.abs(alter("jpeg", chance, quality, seed=0, number=0) - chance).mean() for quality in (95, 50, 10)]
    assert errors == sorted(errors)
    assert errors[0] < 0.02
