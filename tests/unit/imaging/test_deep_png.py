"""PNG of 16 bits a sample: the picture does not depend on the kind that holds it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightbox.imaging import _png
from lightbox.imaging._decode_child import decode_here
from lightbox.imaging.read_local import read_grey
from tests.unit.imaging.builders import phantom, png
from tests.unit.imaging.cases import case
from tests.unit.imaging.test_whole_pictures import _png_of_chunks

DEEP = phantom(top=4095)


def deep_png(samples: np.ndarray, *, row_filter: int = 0, interlaced: bool = False, clear: bytes = b"") -> bytes:
    """A PNG of 16 bits of (H, W, C) samples: grey, grey and opacity, colour, colour and opacity."""
    import struct
    import zlib

    height, width, channels = samples.shape
    lines = []
    passes = _png.PASSES if interlaced else ((0, 0, 1, 1),)
    for top, left, down, right in passes:
        part = samples[top::down, left::right].astype(">u2")
        if part.size == 0:
            continue
        raw = np.frombuffer(part.tobytes(), np.uint8).reshape(part.shape[0], -1)
        before = np.pad(raw, ((1, 0), (2 * channels, 0)))  # the row above and the pixel to the left
        above, beside = before[:-1, 2 * channels :], before[1:, : -2 * channels]
        told = {0: raw, 1: raw - beside, 2: raw - above, 3: raw - ((above.astype(int) + beside) // 2).astype(np.uint8)}
        lines += [bytes([row_filter]) + line.tobytes() for line in told[row_filter]]
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    header = struct.pack(">IIBBBBB", width, height, 16, kind, 0, 0, int(interlaced))
    marked = [(b"tRNS", clear)] if clear else []
    return _png_of_chunks((b"IHDR", header), *marked, (b"IDAT", zlib.compress(b"".join(lines))), (b"IEND", b""))


def with_opacity(samples: np.ndarray, opacity: np.ndarray) -> np.ndarray:
    return np.concatenate([samples, opacity[..., None]], axis=-1)


@pytest.mark.parametrize("name", ["3_rgb16.png", "3_la16.png"])
def test_twelve_bits_in_colour_or_with_opacity_are_the_same_scan_as_in_grey(name):
    assert decode_here(case(name), "chest_xray").sha256 == decode_here(case("3_grey16.png"), "chest_xray").sha256
    assert decode_here(case(name), "chest_xray").provenance.notes == ()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**32 - 1), st.sampled_from([1, 2, 3, 4]),
    st.integers(0, 3), st.booleans(),
)  # fmt: skip
def test_every_bit_of_every_kind_is_read(height, width, seed, channels, row_filter, interlaced):
    samples = np.random.default_rng(seed).integers(0, 65536, (height, width, channels), dtype=np.uint16)
    content = deep_png(samples, row_filter=row_filter, interlaced=interlaced)
    deep = _png.read_deep(content, _png.read_header(content))
    colours = samples[..., :3] if channels > 2 else samples[..., 0]
    np.testing.assert_array_equal(deep.samples, colours)
    if channels in {2, 4}:
        np.testing.assert_allclose(deep.opacity, samples[..., -1] / 65535, atol=1e-6)


@pytest.mark.parametrize("channels", [1, 3])
def test_what_is_transparent_is_black_and_out_of_the_range(channels):
    opacity = np.full(DEEP.shape, 65535, np.uint16)
    opacity[:5] = 0
    samples = np.repeat(DEEP[..., None], channels, axis=-1)
    samples[:5] = 60000
    scan = decode_here(deep_png(with_opacity(samples, opacity)), "chest_xray")
    rest = DEEP[5:].astype(float)
    assert (scan.pixels[:5] == 0).all()
    np.testing.assert_allclose(scan.pixels[5:], (rest - rest.min()) / np.ptp(rest), atol=1e-6)
    assert "over black" in " ".join(scan.provenance.notes)


@pytest.mark.parametrize("channels", [1, 3])
def test_one_value_marked_transparent_is_so_by_all_its_bits(channels):
    samples = np.repeat(DEEP[..., None], channels, axis=-1)
    samples[0, 0], samples[0, 1] = 60000, 60001  # equal in their upper 8 bits
    clear = np.full(channels, 60000, ">u2").tobytes()
    scan = decode_here(deep_png(samples, clear=clear), "chest_xray")
    assert scan.pixels[0, 0] == 0
    assert scan.pixels[0, 1] == 1
    assert scan.provenance.window == (DEEP.min(), 60001)


def test_colours_of_sixteen_bits_become_luminance_on_their_own_range():
    samples = np.stack([DEEP, DEEP[::-1], DEEP[:, ::-1]], axis=-1)
    scan = decode_here(deep_png(samples), "chest_xray")
    grey = samples @ np.array([0.299, 0.587, 0.114])
    np.testing.assert_allclose(scan.pixels, (grey - grey.min()) / np.ptp(grey), atol=1e-5)
    assert "in colour" in " ".join(scan.provenance.notes)


@pytest.mark.parametrize("name", ["3_rgb16.png", "3_la16.png", "3_grey16.png"])
def test_training_reads_them_as_uploads_are_read(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(case(name))
    np.testing.assert_array_equal(read_grey(path), decode_here(case(name), "chest_xray").pixels)


def test_oblong_pixels_of_a_png_or_jpeg_are_told_of():
    from tests.unit.imaging.builders import jpeg

    for save in (png, jpeg):
        oblong = decode_here(save(phantom(), dpi=(200, 100)), "chest_xray")
        assert "2 times as high as wide" in " ".join(oblong.provenance.notes)
        assert oblong.size_hw == phantom().shape
        assert decode_here(save(phantom(), dpi=(200, 200)), "chest_xray").provenance.notes == ()
