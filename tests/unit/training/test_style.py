import pytest
import torch

from lightbox.training.style import _random_filter, _tone_curve, restyle


def pictures(count=6, side=48):
    generator = torch.Generator().manual_seed(3)
    axis = torch.linspace(-1, 1, side)
    disc = ((axis[:, None] ** 2 + axis[None, :] ** 2) < 0.5).float()
    return (disc * (0.3 + 0.5 * torch.rand(count, 1, 1, 1, generator=generator))).clamp(0, 1)


def restyled(probability, seed=0):
    return restyle(pictures(), probability, torch.Generator().manual_seed(seed))


def test_nothing_changes_at_probability_zero():
    assert torch.equal(restyled(0.0), pictures())


def test_what_comes_out_is_a_picture_and_depends_on_the_seed_alone():
    first = restyled(1.0)
    assert first.shape == (6, 1, 48, 48)
    assert torch.isfinite(first).all()
    assert first.min() >= 0
    assert first.max() <= 1
    assert torch.equal(first, restyled(1.0))
    assert not torch.equal(first, restyled(1.0, seed=1))


def test_the_share_of_changed_pictures_is_the_probability():
    many = pictures(count=400, side=16)
    changed = restyle(many, 0.25, torch.Generator().manual_seed(0))
    share = float((changed != many).flatten(1).any(1).float().mean())
    assert share == pytest.approx(1 - 0.75**4, abs=0.08)


def test_a_tone_curve_keeps_air_dark_and_equal_greys_equal():
    before = pictures()
    after = _tone_curve(before, torch.Generator().manual_seed(1))
    for old, new in zip(before, after, strict=True):
        assert (new[old == 0] == 0).all()
        inside = new[old > 0]
        assert torch.allclose(inside, inside[0].expand_as(inside))


def test_a_random_filter_stays_where_the_picture_is():
    """It looks one pixel around itself: nothing wanders."""
    before = torch.zeros(1, 1, 33, 33)
    before[0, 0, 16, 16] = 1.0
    after = _random_filter(before, torch.Generator().manual_seed(0))
    changed = (after - after[0, 0, 0, 0]).abs() > 1e-6
    rows, columns = changed[0, 0].nonzero(as_tuple=True)
    assert rows.min() >= 15
    assert rows.max() <= 17
    assert columns.min() >= 15
    assert columns.max() <= 17
