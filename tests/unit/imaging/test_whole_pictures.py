"""A picture of which a part is missing is refused on every road; a whole one never is."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydicom.uid import JPEGBaseline8Bit, JPEGLosslessSV1

from lightbox.core.errors import UserFacingError
from lightbox.imaging import _jpeg, _png
from lightbox.imaging._decode_child import decode_here
from lightbox.imaging.read_local import read_grey
from tests.unit.imaging.builders import dicom, jpeg, phantom, png
from tests.unit.imaging.cases import case

END = b"\xff\xd9"
COLOURS = np.stack([phantom(90, 120), phantom(90, 120)[::-1], phantom(90, 120)[:, ::-1]], axis=-1)
JPEGS = {
    "grey": jpeg(phantom(90, 120)),
    "grey, coarse": jpeg(phantom(90, 120), quality=20),
    "colour": jpeg(COLOURS),
    "colour, every sample": jpeg(COLOURS, subsampling=0),
    "progressive grey": jpeg(phantom(90, 120), progressive=True),
    "progressive colour": jpeg(COLOURS, progressive=True),
    "printing colours": jpeg(Image.fromarray(COLOURS).convert("CMYK")),
    "restarts": jpeg(COLOURS, restart_marker_blocks=4),
    "the middle grey of missing data": jpeg(np.full((90, 120), 128, np.uint8)),
    "a corner of that grey": jpeg(np.pad(phantom(90, 120), 16, constant_values=128)),
    "narrow": jpeg(phantom(90, 1)),
}


def refusal(content: bytes) -> str:
    with pytest.raises(UserFacingError) as caught:
        decode_here(content, "chest_xray")
    return caught.value.message


def cut_jpeg(content: bytes, share: float) -> bytes:
    """The last scan with a share of its data, and the end marker."""
    last = max(start for start, marker in _jpeg._segments(content) if marker == 0xDA)
    data = last + 2 + int.from_bytes(content[last + 2 : last + 4], "big")
    kept = data + int(share * (len(content) - 2 - data))
    while content[kept - 1] == 0xFF:  # half a stuffed byte would make another marker
        kept -= 1
    return content[:kept] + END


def test_cases_from_use_are_refused_and_say_what_is_missing():
    assert "about 50 % of its 224 rows" in refusal(case("short_idat.png"))
    assert "data of this JPEG end before its picture does" in refusal(case("trunc_eoi.jpg"))


@pytest.mark.parametrize("name", JPEGS)
def test_a_whole_jpeg_is_read(name):
    content = JPEGS[name]
    assert decode_here(content, "chest_xray").size_hw == Image.open(io.BytesIO(content)).size[::-1]


@pytest.mark.parametrize("share", [0.05, 0.5, 0.8])
@pytest.mark.parametrize("name", [name for name in JPEGS if "missing" not in name])
def test_a_jpeg_without_a_part_of_its_data_is_refused_though_it_has_its_end(name, share):
    assert "end before its picture does" in refusal(cut_jpeg(JPEGS[name], share))


def test_a_progressive_jpeg_without_its_last_scans_is_refused():
    content = JPEGS["progressive colour"]
    starts = [start for start, marker in _jpeg._segments(content) if marker == 0xDA]
    assert len(starts) > 3
    for start in starts[1:]:
        assert "end before its picture does" in refusal(content[:start] + END)


def test_stray_bytes_that_decoders_pass_over_are_no_missing_data():
    content = JPEGS["colour"]
    starts = [start for start, _ in _jpeg._segments(content)]
    stray = content[: starts[2]] + b"\x00\x13\x00" + content[starts[2] :] + b"behind the end"
    whole = decode_here(content, "chest_xray")
    assert decode_here(stray, "chest_xray").sha256 == whole.sha256


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1), st.integers(1, 100), st.booleans(), st.booleans()
)
def test_whatever_is_in_a_jpeg_it_is_read_where_it_is_whole(height, width, seed, quality, progressive, coloured):
    chance = np.random.default_rng(seed)
    samples = chance.integers(0, 256, (height, width, 3) if coloured else (height, width), dtype=np.uint8)
    samples[height // 2 :] = 128
    content = jpeg(samples, quality=quality, progressive=progressive)
    assert decode_here(content, "chest_xray").size_hw == (height, width)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_the_same_holds_for_jpeg_inside_dicom(share):
    def inside(compressed: bytes, **options) -> bytes:
        return dicom(phantom(90, 120), compressed=compressed, **options)

    whole = JPEGS["grey"]
    assert decode_here(inside(whole, transfer_syntax=JPEGBaseline8Bit), "chest_xray").size_hw == (90, 120)
    message = refusal(inside(cut_jpeg(whole, share), transfer_syntax=JPEGBaseline8Bit))
    assert "end before its picture does" in message


def png_of_rows(samples: np.ndarray, rows: int, *, interlaced: bool = False) -> bytes:
    """A grey PNG with the first bytes of its data only: ``rows`` of them, or that share of an interlaced picture."""
    height, width = samples.shape
    passes = _png.PASSES if interlaced else ((0, 0, 1, 1),)
    lines = [b"\x00" + line.tobytes() for top, left, down, right in passes
             for line in samples[top::down, left::right] if line.size]  # fmt: skip
    data = zlib.compress(b"".join(lines[: len(lines) * rows // height]))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, int(interlaced))
    return _png_of_chunks((b"IHDR", header), (b"IDAT", data), (b"IEND", b""))


def _png_of_chunks(*chunks: tuple[bytes, bytes]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("shape", [(40, 30), (5, 3), (9, 1)])
def test_a_png_without_some_rows_is_refused_and_a_whole_one_is_read(shape, interlaced):
    samples = phantom(*shape)
    whole = decode_here(png_of_rows(samples, shape[0], interlaced=interlaced), "chest_xray")
    np.testing.assert_array_equal(whole.pixels, samples.astype(np.float32) / np.float32(255))
    assert "cut short" in refusal(png_of_rows(samples, 0, interlaced=interlaced))
    for rows in {1, shape[0] // 2, shape[0] - 1}:
        assert "This PNG ends before its picture does" in refusal(png_of_rows(samples, rows, interlaced=interlaced))


@pytest.mark.parametrize(
    "image",
    [
        Image.fromarray(phantom()),
        Image.fromarray(COLOURS),
        Image.fromarray(COLOURS).quantize(3),
        Image.fromarray(phantom() > 9),
        Image.fromarray(phantom()).convert("LA"),
        Image.fromarray(phantom(top=4095)),
        Image.new("L", (3000, 1200)),
    ],
)
def test_whole_pngs_of_every_kind_are_read(image):
    assert decode_here(png(image), "chest_xray").size_hw == image.size[::-1]


@pytest.mark.parametrize("name", ["short_idat.png", "trunc_eoi.jpg"])
def test_training_pictures_are_held_to_the_same_rule(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(case(name))
    with pytest.raises(UserFacingError, match=rf"^{name}: .*ends? before its picture does"):
        read_grey(path)


def with_header(content: bytes, *, process: int = 0xC0, bits: int = 8) -> bytes:
    at = content.index(b"\xff\xc0")
    return content[: at + 1] + bytes([process]) + content[at + 2 : at + 4] + bytes([bits]) + content[at + 5 :]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (with_header(jpeg(phantom()), process=0xC1, bits=12), r"12 bits a sample; Lightbox reads JPEG of 8 bits"),
        (with_header(jpeg(phantom()), process=0xC3), r"does not read \(lossless\)"),
        (with_header(jpeg(phantom()), process=0xF7), r"does not read \(JPEG-LS\)"),
        (with_header(jpeg(phantom()), process=0xC9), r"does not read \(arithmetic coding\)"),
        (with_header(jpeg(phantom()), process=0xC5), r"does not read \(a rare one\)"),
    ],
)
def test_kinds_of_jpeg_that_are_not_read_are_named_and_not_called_damaged(content, sentence):
    with pytest.raises(UserFacingError, match=sentence) as caught:
        decode_here(content, "chest_xray")
    assert "damaged" not in str(caught.value)


def test_a_jpeg_of_twelve_bits_in_dicom_is_named_too():
    content = dicom(
        phantom(top=4095), transfer_syntax=JPEGBaseline8Bit,
        compressed=with_header(jpeg(phantom()), process=0xC1, bits=12),
    )  # fmt: skip
    assert "JPEG of 12 bits a sample, for which no decoder" in refusal(content)


def test_lossless_jpeg_in_dicom_without_a_part_is_refused():
    import pydicom
    from pydicom.data import get_testdata_file
    from pydicom.encaps import encapsulate, get_frame

    path = get_testdata_file("SC_rgb_jpeg_gdcm.dcm", download=False)
    dataset = pydicom.dcmread(path)
    assert dataset.file_meta.TransferSyntaxUID == JPEGLosslessSV1
    frame = get_frame(dataset.PixelData, 0, number_of_frames=1)
    for share in (0.4, 0.9):
        cut = cut_jpeg(frame, share)
        dataset.PixelData = encapsulate([cut + bytes(len(cut) % 2)])
        buffer = io.BytesIO()
        dataset.save_as(buffer)
        assert "end before its picture does" in refusal(buffer.getvalue())
