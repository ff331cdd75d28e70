"""What the viewer is sent, and when."""

import base64
import gc
import json
import weakref
import zlib
from dataclasses import replace

import numpy as np
import pytest

from components.maps.display_bar import Display
from components.maps.viewer import payload
from components.maps.viewer.payload import Shown, ShownMap, pack, scan_samples, tables
from lightbox.comparison.truth import Truth
from lightbox.explainers import Attribution, Check, Target
from lightbox.imaging.colour import Scale, colour_signed, colour_unsigned, scale_limit
from lightbox.imaging.overlay import FULL_OPACITY_FROM
from lightbox.imaging.preprocess import Box
from lightbox.imaging.scan import Provenance, Scan

TITLES = ("Normal", "Viral pneumonia")


def scan(shape=(60, 50), *, bits=8, seed=0):
    pixels = np.random.default_rng(seed).random(shape, dtype=np.float32)
    return Scan(pixels, "chest_xray", Provenance("array", "grey", bits, shape))


def shown_map(method="lrp", *, seed=1, checks=(), signed=True):
    values = np.random.default_rng(seed).normal(size=(7, 7)).astype(np.float32)
    result = Attribution(values, method, Target(1), {}, 0.1, checks, signed=signed)
    scale = scale_limit(values, signed=signed)
    return ShownMap(f"convnet.{method}", "ConvNet", result, scale, Box(5, 0, 50, 50), TITLES)


def shown(*maps, **facts):
    return Shown(maps or (shown_map(),), Display("overlay", 0.8, positive_only=False), **facts)


def unpacked(message):
    """The header, and the bytes behind it, read as the format says."""
    length = int.from_bytes(message[:4], "little")
    return json.loads(message[4 : 4 + length]), message[4 + length :]


def block(message, place):
    start, length = place
    return unpacked(message)[1][start : start + length]


def test_a_viewer_that_is_closed_is_sent_no_number():
    header, rest = unpacked(pack(shown(), scan()))
    assert rest == b""
    assert header["scan"]["block"] is None
    assert [one["block"] for one in header["maps"]] == [None]


def test_an_open_viewer_is_sent_every_value_as_it_is():
    maps = (shown_map(), shown_map("lime", seed=2))
    message = pack(shown(*maps), scan(), have=())
    header, _rest = unpacked(message)
    for one, described in zip(maps, header["maps"], strict=True):
        assert described["block"][0] % 4 == 0
        sent = np.frombuffer(block(message, described["block"]), "<f4").reshape(described["rows"], described["columns"])
        np.testing.assert_array_equal(sent, one.result.values)


def test_what_the_viewer_has_is_not_sent_again():
    maps = (shown_map(), shown_map("lime", seed=2))
    header, rest = unpacked(pack(shown(*maps), scan(), have=()))
    stamps = [header["scan"]["stamp"], *(one["stamp"] for one in header["maps"])]
    assert len(set(stamps)) == 3
    again, less = unpacked(pack(shown(*maps), scan(), have={stamps[0], stamps[1]}))
    assert again["scan"]["block"] is None
    assert again["maps"][0]["block"] is None
    assert again["maps"][1]["block"] == [0, 4 * 49]
    assert 4 * 49 == len(less) < len(rest)


def test_other_values_have_another_stamp_and_another_scan_too():
    stamps = {shown(shown_map(seed=seed)).stamps for seed in range(3)}
    assert len(stamps) == 3
    assert len({unpacked(pack(shown(), scan(seed=seed)))[0]["scan"]["stamp"] for seed in range(3)}) == 3


@pytest.mark.parametrize(("bits", "brightest", "kind"), [(8, 255, "u1"), (12, 65535, "<u2"), (16, 65535, "<u2")])
def test_the_scan_keeps_the_depth_of_its_file(bits, brightest, kind):
    one = scan(bits=bits)
    message = pack(shown(), one, have=())
    header = unpacked(message)[0]["scan"]
    sent = np.frombuffer(zlib.decompress(block(message, header["block"])), kind)
    assert header["bytes_each"] == np.dtype(kind).itemsize
    np.testing.assert_allclose(sent.reshape(60, 50) / brightest, one.pixels, atol=0.5001 / brightest)


def test_a_very_large_scan_is_reduced_and_its_own_size_is_told(monkeypatch):
    monkeypatch.setattr(payload, "MOST_PIXELS", 1000)
    one = scan((100, 40))
    samples = scan_samples(one)
    header = unpacked(pack(shown(), one))[0]["scan"]
    assert (header["rows"], header["columns"]) == (100, 40)
    assert samples.shape == (header["shown_rows"], header["shown_columns"]) == (50, 20)
    np.testing.assert_allclose(samples.mean() / 255, one.pixels.mean(), atol=0.01)


def test_the_colours_are_those_of_the_colour_table_and_of_an_overlay():
    found = {name: np.frombuffer(base64.b64decode(text), np.uint8).reshape(257, 4) for name, text in tables().items()}
    signed, rising = np.linspace(-1, 1, 257), np.linspace(0, 1, 257)
    np.testing.assert_array_equal(found["signed"][:, :3], colour_signed(signed[None], 1.0)[0])
    np.testing.assert_array_equal(found["unsigned"][:, :3], colour_unsigned(rising[None], 1.0)[0])
    np.testing.assert_allclose(found["signed"][:, 3], 255 * np.minimum(1, abs(signed) / FULL_OPACITY_FROM), atol=0.5)
    np.testing.assert_allclose(found["unsigned"][:, 3], 255 * np.minimum(1, rising / FULL_OPACITY_FROM), atol=0.5)
    assert found["positive"][:129, 3].max() == 0
    np.testing.assert_array_equal(found["positive"][128:], found["signed"][128:])


def test_a_map_says_which_checks_it_failed():
    checks = (
        Check("a", 1.0, True, "Fine."),
        Check("b", 2.0, False, "It does not add up."),
        Check("c", 3.0, None, "3."),
    )
    header, _rest = unpacked(pack(shown(shown_map(checks=checks)), scan()))
    assert header["maps"][0]["failed"] == ["It does not add up."]


def test_a_scan_in_doubt_and_a_known_outline_are_told():
    mask = np.zeros((60, 50), bool)
    mask[10:20, 15:30] = True
    known = Truth.place("viral_pneumonia", "Viral pneumonia", mask)
    header, _rest = unpacked(pack(shown(known=known, doubted=True), scan()))
    assert header["doubted"] is True
    points = np.concatenate([np.array(line) for line in header["outline"]])
    # Positions count from the first pixel's corner: the outline runs along the edges of the mask's pixels.
    assert points.min(axis=0) == pytest.approx([10, 15], abs=0.51)
    assert points.max(axis=0) == pytest.approx([20, 30], abs=0.51)
    assert unpacked(pack(shown(), scan()))[0]["outline"] == []


def test_a_scale_that_is_shared_ends_where_all_its_maps_do():
    one = shown_map()
    wider = replace(one, scale=Scale(9.0, signed=True))
    assert unpacked(pack(shown(wider), scan()))[0]["maps"][0]["limit"] == 9.0


@pytest.mark.parametrize(
    ("signed", "positive_only", "shares"),
    [
        (True, False, [0.5, 0.8, -0.5, -0.8]),
        (True, True, [0.5, 0.8]),
        (False, False, [0.5, 0.8]),
    ],
)
def test_contours_lie_at_the_shares_of_the_scale_that_the_page_draws(signed, positive_only, shares):
    one = replace(shown_map(), scale=Scale(2.0, signed=signed))
    about = Shown((one,), Display("contours", 0.8, positive_only=positive_only))
    levels = unpacked(pack(about, scan()))[0]["maps"][0]["levels"]
    assert [level["value"] / 2.0 for level in levels] == shares
    assert len({level["colour"] for level in levels}) == (2 if signed and not positive_only else 1)


def test_a_map_that_is_zero_everywhere_has_no_contours():
    one = replace(shown_map(), scale=Scale(0.0, signed=True))
    assert unpacked(pack(shown(one), scan()))[0]["maps"][0]["levels"] == []


def test_what_is_shown_can_be_let_go_of():
    about = shown()
    about.stamps  # noqa: B018  (kept inside)
    held = weakref.ref(about)
    del about
    gc.collect()
    assert held() is None
