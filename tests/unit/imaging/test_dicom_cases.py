"""The same facts in another place or form of the file give the same picture; what changes it is said."""

from __future__ import annotations

import io
import warnings

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.uid import JPEG2000, JPEG2000Lossless

from lightbox.core.errors import UserFacingError
from lightbox.imaging._decode_child import decode_here
from lightbox.imaging._dicom import TECHNICAL_TAGS
from tests.unit.imaging.builders import MARKER, dicom, phantom
from tests.unit.imaging.cases import case

DEEP = phantom(top=4095)
GROUPS = ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")


def shown(content: bytes) -> np.ndarray:
    return decode_here(content, "chest_xray").pixels


def notes_of(content: bytes) -> str:
    return " ".join(decode_here(content, "chest_xray").provenance.notes)


def item(**tags) -> Dataset:
    dataset = Dataset()
    for name, value in tags.items():
        setattr(dataset, name, value)
    return dataset


def changed(content: bytes, **raw: tuple[str, bytes]) -> bytes:
    """The file with tags set to bytes that pydicom would not write."""
    dataset = pydicom.dcmread(io.BytesIO(content))
    for name, (representation, value) in raw.items():
        tag = pydicom.datadict.tag_for_keyword(name)
        dataset[tag] = pydicom.dataelem.RawDataElement(
            pydicom.tag.Tag(tag), representation, len(value), value, 0, False, True
        )
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset.save_as(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "control"),
    [
        ("4_window_in_groups.dcm", "4_control_top_level.dcm"),
        ("4b_window_per_frame.dcm", "4_control_top_level.dcm"),
        ("4c_negative_slope_in_groups.dcm", "4c_control_top_level.dcm"),
        ("5_us_63536.dcm", "5_control_ss.dcm"),
        ("6b_overlay_j2k.dcm", "6_control.dcm"),
        ("8_comma_window.dcm", "8_control.dcm"),
        ("28_upside_down.dcm", "28_control.dcm"),
    ],
)
def test_the_same_picture_in_another_form_is_the_same_scan(name, control):
    assert decode_here(case(name), "brain_mri").sha256 == decode_here(case(control), "brain_mri").sha256


def test_a_comma_is_read_as_a_point_and_said_where_it_cannot_be_anything_else():
    assert "decimal comma" in notes_of(case("8_comma_window.dcm"))
    thousands = changed(dicom(DEEP), WindowCenter=("DS", b"2,048 "), WindowWidth=("DS", b"4,096 "))
    assert "could not be read" in notes_of(thousands)
    np.testing.assert_array_equal(shown(thousands), shown(dicom(DEEP)))


def test_an_absent_window_is_only_stated_where_there_is_none():
    assert "No display window was found" in notes_of(case("6_control.dcm"))
    for name in ("4_window_in_groups.dcm", "4b_window_per_frame.dcm", "8_comma_window.dcm", "8_control.dcm"):
        assert "window" not in notes_of(case(name)).lower()
    half = notes_of(dicom(DEEP, WindowCenter=2000))
    assert "half a display window" in half
    assert "No display window" not in half


VALUES = {"WindowCenter": 1500, "WindowWidth": 900, "RescaleSlope": -1, "RescaleIntercept": 3000}
MACRO_OF = {
    "WindowCenter": "FrameVOILUTSequence",
    "WindowWidth": "FrameVOILUTSequence",
    "RescaleSlope": "PixelValueTransformationSequence",
    "RescaleIntercept": "PixelValueTransformationSequence",
}


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(["top", *GROUPS]), st.sampled_from(["top", *GROUPS]))
def test_wherever_window_and_slope_stand_the_picture_is_the_same(window, slope):
    tags: dict = {"NumberOfFrames": 1}
    for name, value in VALUES.items():
        place = window if name.startswith("Window") else slope
        if place == "top":
            tags[name] = value
            continue
        group = tags.setdefault(place, [Dataset()])[0]
        if MACRO_OF[name] not in group:
            setattr(group, MACRO_OF[name], [Dataset()])
        setattr(getattr(group, MACRO_OF[name])[0], name, value)
    np.testing.assert_array_equal(shown(dicom(DEEP, **tags)), shown(dicom(DEEP, **VALUES)))


def test_what_the_frame_says_of_itself_comes_before_what_is_said_of_all():
    shared = [item(FrameVOILUTSequence=[item(WindowCenter=100, WindowWidth=50)])]
    frame = [item(FrameVOILUTSequence=[item(WindowCenter=1500, WindowWidth=900)])]
    content = dicom(DEEP, SharedFunctionalGroupsSequence=shared, PerFrameFunctionalGroupsSequence=frame)
    np.testing.assert_array_equal(shown(content), shown(dicom(DEEP, WindowCenter=1500, WindowWidth=900)))


def test_names_in_functional_groups_are_dropped_at_the_door():
    from lightbox.imaging import _dicom

    group = item(
        FrameVOILUTSequence=[item(WindowCenter=1500, WindowWidth=900, WindowCenterWidthExplanation=MARKER)],
        ReferencedPatientSequence=[item(PatientName=MARKER)],
        PatientName=MARKER,
    )
    content = dicom(DEEP, SharedFunctionalGroupsSequence=[group])
    assert MARKER.encode() in content
    assert MARKER not in str(_dicom._parse(content, []))


def test_a_window_is_not_used_on_values_whose_units_are_unknown():
    content = changed(dicom(DEEP, WindowCenter=100, WindowWidth=50, RescaleIntercept=0), RescaleSlope=("DS", b"one "))
    np.testing.assert_array_equal(shown(content), shown(dicom(DEEP)))
    assert "of no use without them" in notes_of(content)


UNIMPORTANT = sorted(
    {*TECHNICAL_TAGS}
    - {"PixelData", "Rows", "Columns", "SamplesPerPixel", "BitsAllocated", "BitsStored", "HighBit"}
    - {"PixelRepresentation", "PhotometricInterpretation", "FloatPixelData", "DoubleFloatPixelData"}
)


@pytest.mark.parametrize("name", UNIMPORTANT)
@pytest.mark.parametrize("value", [b"?!,x", b"\xff\xfe\xfd\xfc", b"1\\2\\", b"nan "])
def test_a_bad_value_in_one_tag_never_damages_the_whole_file(name, value):
    representation = pydicom.datadict.dictionary_VR(pydicom.datadict.tag_for_keyword(name)).split()[0]
    content = changed(dicom(DEEP), **{name: (representation, value)})
    pixels = shown(content)
    assert sorted(pixels.shape) == [24, 30] or "square" in notes_of(content)


@pytest.mark.parametrize("name", ["Rows", "Columns", "SamplesPerPixel", "BitsAllocated"])
def test_a_tag_without_which_there_is_no_picture_is_named(name):
    dataset = pydicom.dcmread(io.BytesIO(dicom(DEEP)))
    delattr(dataset, name)
    buffer = io.BytesIO()
    dataset.save_as(buffer)
    with pytest.raises(UserFacingError, match=f"does not say what its {name} is"):
        shown(buffer.getvalue())


@pytest.mark.parametrize("bits", [10, 12, 15])
@pytest.mark.parametrize("syntax", [JPEG2000Lossless, JPEG2000])
@pytest.mark.parametrize("signed", [False, True])
def test_bits_above_the_stored_ones_are_no_picture_whatever_the_decoder(bits, syntax, signed):
    openjpeg = pytest.importorskip("openjpeg")
    values = (phantom(48, 60, top=2**bits - 1).astype(np.int32) - signed * 2 ** (bits - 1)).astype(
        "i2" if signed else "u2"
    )
    stored = values.view(np.uint16) & (2**bits - 1)
    overlaid = (stored | np.where(phantom(48, 60) % 3 == 0, 1 << bits, 0)).astype(np.uint16)
    tags = {"BitsStored": bits, "HighBit": bits - 1, "PixelRepresentation": int(signed)}
    compressed = openjpeg.encode(overlaid)
    content = dicom(overlaid, transfer_syntax=syntax, compressed=compressed, **tags)
    np.testing.assert_array_equal(shown(content), shown(dicom(values, BitsStored=bits, HighBit=bits - 1)))


def test_lossy_overshoot_is_white_and_not_black():
    openjpeg = pytest.importorskip("openjpeg")
    values = np.where(np.add.outer(np.arange(64), np.arange(64)) % 16 < 8, 4095, 0).astype(np.uint16)
    compressed = openjpeg.encode(values, bits_stored=16, compression_ratios=[20])
    assert openjpeg.decode(compressed).max() > 4095
    content = dicom(values, transfer_syntax=JPEG2000, compressed=compressed, BitsStored=12, HighBit=11)
    assert np.abs(shown(content)[values == 4095] - 1).mean() < 0.2


@pytest.mark.parametrize(
    ("samples", "padding", "bits"),
    [
        (np.where(DEEP > 3000, -2000, DEEP // 4).astype(np.int16), 63536, 16),
        (np.where(DEEP > 3000, -2000, DEEP // 4).astype(np.int16), 2096, 12),
        (np.where(DEEP > 3000, -2000, DEEP // 4).astype(np.int16), -2000, 12),
        (np.where(DEEP > 3000, 63536, DEEP // 4).astype(np.uint16), -2000, 16),
    ],
)
def test_padding_is_read_as_the_pixels_are(samples, padding, bits):
    representation = "SS" if padding < 0 else "US"
    raw = np.array(padding, "<i2" if padding < 0 else "<u2").tobytes()
    content = changed(dicom(samples, BitsStored=bits, HighBit=bits - 1), PixelPaddingValue=(representation, raw))
    padded = DEEP > 3000
    assert (shown(content)[padded] == 0).all()
    rest = (DEEP // 4)[~padded].astype(float)
    np.testing.assert_allclose(shown(content)[~padded], (rest - rest.min()) / np.ptp(rest), atol=1e-6)
    assert "padding" in notes_of(content)


def test_padding_that_no_pixel_can_have_is_ignored_and_said():
    content = dicom(DEEP, BitsStored=12, HighBit=11, PixelPaddingValue=60000)
    np.testing.assert_array_equal(shown(content), shown(dicom(DEEP)))
    assert "padding value of the file could not be read" in notes_of(content)


def test_inverse_presentation_is_a_negative_and_said():
    plain = changed(case("presentation_inverse.dcm"), PresentationLUTShape=("CS", b"IDENTITY"))
    np.testing.assert_array_equal(shown(case("presentation_inverse.dcm")), 1 - shown(plain))
    assert "INVERSE" in notes_of(case("presentation_inverse.dcm"))
    # MONOCHROME1 and INVERSE say the same thing: once inverted, not twice.
    first = dicom(DEEP, PhotometricInterpretation="MONOCHROME1")
    np.testing.assert_array_equal(
        shown(dicom(DEEP, PhotometricInterpretation="MONOCHROME1", PresentationLUTShape="INVERSE")), shown(first)
    )
