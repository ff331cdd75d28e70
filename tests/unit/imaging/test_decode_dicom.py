"""DICOM: what a viewer would show, or one clear sentence that quotes nothing of the file."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import numpy as np
import pytest
from pydicom.data import get_testdata_file
from pydicom.uid import (
    JPEG2000,
    MPEG2MPML,
    DeflatedExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEGBaseline8Bit,
    RLELossless,
)

from lightbox.core.errors import UserFacingError
from lightbox.imaging import _dicom, _dicom_pixels
from lightbox.imaging._decode_child import decode_here
from lightbox.imaging.decode import decode
from tests.unit.imaging.builders import MARKER, dicom, jpeg, lut, phantom, png

DEEP = phantom(top=4095)


def shown(content: bytes) -> np.ndarray:
    return decode_here(content, "chest_xray").pixels


def notes_of(content: bytes) -> str:
    return " ".join(decode_here(content, "chest_xray").provenance.notes)


def bundled(name: str) -> bytes:
    return Path(get_testdata_file(name, download=False)).read_bytes()


def stretched(values: np.ndarray) -> np.ndarray:
    return (values - values.min()) / np.ptp(values)


@pytest.mark.parametrize("samples", [phantom(), DEEP, DEEP.astype(np.int16) - 2000, DEEP.astype(np.uint32) * 9])
@pytest.mark.parametrize("syntax", [None, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian])
def test_without_a_window_the_full_range_is_shown(samples, syntax):
    scan = decode_here(dicom(samples, **({"transfer_syntax": syntax} if syntax else {})), "brain_mri")
    np.testing.assert_allclose(scan.pixels, stretched(samples.astype(float)), atol=1e-6)
    assert scan.provenance.window == (samples.min(), samples.max())
    assert scan.provenance.format == "DICOM"


def test_unused_bits_above_the_stored_ones_are_ignored():
    np.testing.assert_array_equal(shown(dicom(DEEP | 0xF000, BitsStored=12, HighBit=11)), shown(dicom(DEEP)))


def test_same_picture_as_png_and_as_dicom_is_the_same_scan():
    assert decode_here(dicom(DEEP), "chest_xray").sha256 == decode_here(png(DEEP), "chest_xray").sha256


def test_monochrome1_is_monochrome2_inverted():
    window = {"WindowCenter": 1800, "WindowWidth": 900, "RescaleSlope": 2, "RescaleIntercept": -100}
    for tags in ({}, window):
        normal = shown(dicom(DEEP, **tags))
        inverted = shown(dicom(DEEP, PhotometricInterpretation="MONOCHROME1", **tags))
        np.testing.assert_array_equal(inverted, 1 - normal)


def test_linear_window_follows_the_standard_after_rescaling():
    center, width, slope, intercept = 300.0, 401.0, 0.5, -100.0
    content = dicom(DEEP, WindowCenter=center, WindowWidth=width, RescaleSlope=slope, RescaleIntercept=intercept)
    rescaled = DEEP * slope + intercept
    # PS3.3 C.11.2.1.2.1 written pixel by pixel.
    expected = [
        0 if x <= center - 0.5 - (width - 1) / 2
        else 1 if x > center - 0.5 + (width - 1) / 2
        else (x - (center - 0.5)) / (width - 1) + 0.5
        for x in rescaled.ravel()
    ]  # fmt: skip
    np.testing.assert_allclose(shown(content).ravel(), expected, atol=1e-6)
    assert decode_here(content, "chest_xray").provenance.window == (99.5, 499.5)


def test_width_one_is_a_threshold():
    np.testing.assert_array_equal(shown(dicom(DEEP, WindowCenter=2000, WindowWidth=1)), DEEP > 1999.5)


def test_linear_exact_and_sigmoid_windows_follow_the_standard():
    tags = {"WindowCenter": 2000, "WindowWidth": 1000}
    exact = shown(dicom(DEEP, VOILUTFunction="LINEAR_EXACT", **tags))
    np.testing.assert_allclose(exact, np.clip((DEEP - 2000.0) / 1000 + 0.5, 0, 1), atol=1e-6)
    sigmoid = shown(dicom(DEEP, VOILUTFunction="SIGMOID", **tags))
    np.testing.assert_allclose(sigmoid, 1 / (1 + np.exp(-4 * (DEEP - 2000.0) / 1000)), atol=1e-6)


def test_first_of_several_windows_is_used_and_said():
    one = dicom(DEEP, WindowCenter=1000, WindowWidth=500)
    several = dicom(DEEP, WindowCenter=[1000, 3000], WindowWidth=[500, 100])
    np.testing.assert_array_equal(shown(several), shown(one))
    assert "2 display windows; the first" in notes_of(several)


@pytest.mark.parametrize(
    "tags",
    [
        {"WindowCenter": 100, "WindowWidth": 0},
        {"WindowCenter": 100, "WindowWidth": -5},
        {"WindowCenter": "NaN", "WindowWidth": 5},
        {"WindowCenter": 100, "WindowWidth": 5, "VOILUTFunction": "LOG"},
        {"WindowCenter": 90000, "WindowWidth": 5},
    ],
)
def test_window_without_sense_falls_back_to_the_full_range_and_says_so(tags):
    np.testing.assert_allclose(shown(dicom(DEEP, **tags)), stretched(DEEP.astype(float)), atol=1e-6)
    assert "full range" in notes_of(dicom(DEEP, **tags)) or "ignored" in notes_of(dicom(DEEP, **tags))


@pytest.mark.parametrize(("size", "first", "bits"), [(4096, 0, 12), (1000, 500, 8), (65536, 0, 16), (300, 4000, 10)])
def test_voi_table_maps_values_and_ends(size, first, bits):
    entries = np.round(np.linspace(0, 1, size) ** 2 * (2**bits - 1)).astype(np.uint16)
    content = dicom(DEEP, VOILUTSequence=[lut(entries, first, bits, explanation=MARKER)])
    index = [min(max(int(x) - first, 0), size - 1) for x in DEEP.ravel()]
    np.testing.assert_allclose(shown(content).ravel(), entries[index] / (2**bits - 1), atol=1e-6)
    assert MARKER not in repr(decode_here(content, "chest_xray"))


def test_voi_table_may_begin_below_zero():
    entries = np.arange(4096, dtype=np.uint16)
    content = dicom(DEEP, RescaleSlope=1, RescaleIntercept=-1024, VOILUTSequence=[lut(entries, 65536 - 1024, 12)])
    np.testing.assert_allclose(shown(content), DEEP / 4095, atol=1e-6)


def test_modality_table_comes_before_the_window():
    entries = (4095 - np.arange(4096)).astype(np.uint16)
    content = dicom(DEEP, ModalityLUTSequence=[lut(entries, 0, 12)], WindowCenter=1000, WindowWidth=400)
    expected = np.clip(((4095.0 - DEEP) - 999.5) / 399 + 0.5, 0, 1)
    np.testing.assert_allclose(shown(content), expected, atol=1e-6)


def test_padding_is_black_and_does_not_stretch_the_range():
    values = DEEP.astype(np.int16)
    values[:3] = -2000
    for photometric in ("MONOCHROME2", "MONOCHROME1"):
        content = dicom(values, PixelPaddingValue=-2000, PhotometricInterpretation=photometric)
        assert (shown(content)[:3] == 0).all()
        assert np.ptp(shown(content)[3:]) == 1
    assert "padding" in notes_of(content)


def test_numbers_that_are_none_are_black_and_counted():
    values = DEEP.astype(np.float32)
    values[0, :3] = np.nan, np.inf, -np.inf
    scan = decode_here(dicom(values), "chest_xray")
    assert (scan.pixels[0, :3] == 0).all()
    np.testing.assert_allclose(scan.pixels[1:], DEEP[1:] / 4095, atol=1e-6)
    assert "3 pixels are not numbers" in " ".join(scan.provenance.notes)
    with pytest.raises(UserFacingError, match="No pixel"):
        shown(dicom(np.full((4, 4), np.nan)))


@pytest.mark.parametrize("scale", [1e300, 1e-300])
def test_extreme_numbers_do_not_overflow(scale):
    values = DEEP.astype(np.float64) * scale
    np.testing.assert_allclose(shown(dicom(values)), DEEP / 4095, atol=1e-6)


def test_slope_without_sense_is_ignored_and_said():
    content = dicom(DEEP, RescaleSlope=0, RescaleIntercept=3)
    np.testing.assert_allclose(shown(content), DEEP / 4095, atol=1e-6)
    assert "rescale" in notes_of(content)


def test_constant_picture_stays_constant():
    assert np.ptp(shown(dicom(np.full((5, 6), 300, np.uint16)))) == 0
    assert "same value" in notes_of(dicom(np.full((5, 6), 300, np.uint16)))


def test_colour_becomes_luminance():
    red = np.zeros((6, 6, 3), np.uint8)
    red[..., 0] = 255
    np.testing.assert_allclose(shown(dicom(red)), 0.299, atol=1e-6)
    assert "in colour" in notes_of(dicom(red))
    np.testing.assert_allclose(shown(dicom(np.stack([phantom()] * 3, -1))), phantom() / 255, atol=1e-6)
    # BT.601 red in YBR_FULL.
    ybr = np.broadcast_to(np.array([76, 85, 255], np.uint8), (6, 6, 3)).copy()
    np.testing.assert_allclose(shown(dicom(ybr, PhotometricInterpretation="YBR_FULL")), 0.299, atol=0.01)


def test_palette_shows_its_colours():
    tags = {}
    for colour, value in (("Red", 255), ("Green", 0), ("Blue", 0)):
        tags[f"{colour}PaletteColorLookupTableDescriptor"] = [2, 0, 8]
        tags[f"{colour}PaletteColorLookupTableData"] = bytes([0, value])
    samples = (phantom() > 100).astype(np.uint8)
    content = dicom(samples, PhotometricInterpretation="PALETTE COLOR", **tags)
    np.testing.assert_allclose(shown(content), samples * 0.299, atol=1e-6)


@pytest.mark.parametrize(
    ("bits", "white", "share"),
    [(8, 255, 1.0), (8, 65535, 1.0), (16, 65535, 1.0), (16, 255, 255 / 65535)],
    ids=["8 bits in words", "words that are said to hold 8 bits", "16 bits", "dark 16 bits"],
)
def test_palette_of_words_is_as_bright_as_its_entries_say(bits, white, share):
    tags = {}
    for colour in ("Red", "Green", "Blue"):
        tags[f"{colour}PaletteColorLookupTableDescriptor"] = [2, 0, bits]
        tags[f"{colour}PaletteColorLookupTableData"] = np.array([0, white], dtype="<u2").tobytes()
    samples = (phantom() > 100).astype(np.uint8)
    content = dicom(samples, PhotometricInterpretation="PALETTE COLOR", **tags)
    np.testing.assert_allclose(shown(content), samples * share, atol=1e-6)


@pytest.mark.parametrize("named", [True, False])
def test_file_without_preamble_is_read(named):
    content = dicom(DEEP, preamble=False, named=named)
    np.testing.assert_array_equal(shown(content), shown(dicom(DEEP)))
    np.testing.assert_array_equal(shown(dicom(DEEP)[128:]), shown(dicom(DEEP)))


@pytest.mark.parametrize(
    "name",
    [
        "MR_small_RLE.dcm",
        "MR_small_jp2klossless.dcm",
        "MR_small_jpeg_ls_lossless.dcm",
        "MR_small_bigendian.dcm",
        "MR_small_implicit.dcm",
        "MR_small_expb.dcm",
        "MR_small_padded.dcm",
    ],
)
def test_every_lossless_transfer_syntax_gives_the_same_scan(name):
    reference = decode_here(bundled("MR_small.dcm"), "brain_mri")
    assert decode_here(bundled(name), "brain_mri").sha256 == reference.sha256


def test_jpeg_lossless_and_rle_give_the_same_colours():
    lossless = shown(bundled("SC_rgb_jpeg_gdcm.dcm"))
    np.testing.assert_allclose(lossless, shown(bundled("SC_rgb_rle.dcm")), atol=0.01)


def test_jpeg_baseline_differs_by_compression_only():
    content = dicom(
        phantom(), transfer_syntax=JPEGBaseline8Bit, compressed=jpeg(phantom()), WindowCenter=128, WindowWidth=256
    )
    assert np.abs(shown(content) - phantom() / 255).mean() < 0.01


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (dicom(None), "no picture"),
        (dicom(DEEP, Rows=60000, Columns=60000), "megapixels"),
        (dicom(DEEP, Rows=48), "does not match"),
        (dicom(DEEP, Rows=12), "does not match"),
        (dicom(DEEP, Columns=29), "does not match"),
        (dicom(DEEP, Rows=0), "size of zero"),
        (dicom(DEEP << 4, BitsStored=12, HighBit=15), "12-bit values end at bit 15"),
        (dicom(np.concatenate([DEEP, DEEP]), Rows=24, NumberOfFrames=2), "2 pictures"),
        (dicom(DEEP, PhotometricInterpretation="HSV"), "cannot be read|form that"),
        (dicom(DEEP, PhotometricInterpretation=MARKER), "cannot be read|form that"),
        (dicom(DEEP, transfer_syntax=MPEG2MPML, compressed=b"1234"), "MPEG2"),
        (dicom(DEEP).replace(b"1.2.840.10008.1.2.1\x00", b"1.2.840.10008.9.9.9\x00"), "not in the standard"),
        (dicom(DEEP, transfer_syntax=JPEG2000, compressed=b"1234"), "JPEG 2000.*damaged"),
        (dicom(DEEP, transfer_syntax=RLELossless, compressed=b"1234"), "RLE.*damaged"),
        (dicom(phantom(), transfer_syntax=JPEGBaseline8Bit, compressed=jpeg(phantom(24, 29))), "does not match"),
        (dicom(DEEP)[:200], "DICOM"),
        (dicom(DEEP)[:-100], "does not match|cannot be read"),
        (bytes(128) + b"DICM", "DICOM"),
    ],
)
def test_what_is_no_single_honest_picture_is_refused_in_one_sentence(content, sentence):
    with pytest.raises(UserFacingError, match=sentence) as caught:
        shown(content)
    assert caught.value.hint
    assert MARKER not in str(caught.value)


def test_missing_decoder_is_named_with_what_to_do(monkeypatch):
    class Missing:
        is_available = False

    monkeypatch.setattr(_dicom_pixels, "get_decoder", lambda _: Missing())
    with pytest.raises(UserFacingError, match=r"JPEG-LS Lossless.*no decoder.*uncompressed"):
        shown(bundled("MR_small_jpeg_ls_lossless.dcm"))


def test_deep_nesting_is_one_sentence():
    opened = b"\x10\x00\x02\x10SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    with pytest.raises(UserFacingError, match="cannot be read"):
        shown(dicom(None) + 2000 * opened)


def test_nothing_identifying_leaves_the_file(caplog, capfd, recwarn):
    caplog.set_level(logging.DEBUG)
    good = dicom(DEEP, named=True, WindowCenter=2000, WindowWidth=1000)
    bad = dicom(DEEP, named=True, Rows=77)
    broken = bytearray(good)
    broken[300:330] = b"\xff" * 30
    said = []
    for content in (good, bad, bytes(broken), good[:-500], dicom(DEEP, named=True, preamble=False)):
        assert MARKER.encode() in content
        for read in (decode_here, decode):
            try:
                said.append(repr(read(content, "chest_xray")))
            except UserFacingError as error:
                said += [str(error), repr(error.__cause__)]
    printed = capfd.readouterr()
    everything = " ".join(said) + caplog.text + printed.out + printed.err + " ".join(str(w.message) for w in recwarn)
    assert "DOE" not in everything
    assert "JANE" not in everything
    assert "sha256" in caplog.text  # the log does speak


def test_only_technical_tags_are_ever_parsed():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = lut(np.arange(9), 0, 12, explanation=MARKER)
        dataset = _dicom._parse(dicom(DEEP, named=True, VOILUTSequence=[table]), [])
    assert {element.keyword for element in dataset} <= {*_dicom.TECHNICAL_TAGS, "SpecificCharacterSet"}
    assert MARKER not in str(dataset)


def test_burned_in_text_is_warned_of():
    assert "burned into" in notes_of(dicom(DEEP, BurnedInAnnotation="YES"))
    assert "burned into" not in notes_of(dicom(DEEP, BurnedInAnnotation="NO"))
