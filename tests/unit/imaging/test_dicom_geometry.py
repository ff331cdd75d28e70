"""A picture is hung as a viewer hangs it: tags and pixels turned together give the same picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightbox.imaging._decode_child import decode_here
from lightbox.imaging.decode import decode
from tests.unit.imaging.builders import dicom, phantom
from tests.unit.imaging.cases import case

DEEP = phantom(top=4095)
# Where right and down of the usual views point: letters, and patient coordinates (x left, y back, z head).
USUAL = {"axial": "LP", "coronal": "LF", "sagittal": "PF"}
AXES = {"L": (1, 0, 0), "R": (-1, 0, 0), "P": (0, 1, 0), "A": (0, -1, 0), "H": (0, 0, 1), "F": (0, 0, -1)}
OPPOSITE = dict(zip("LRPAHF", "RLAPFH", strict=True))
# How a picture may come to be stored, and what that makes of its two directions.
STORED = {
    "as usual": (lambda p: p, lambda r, d: (r, d)),
    "upside down": (lambda p: p[::-1], lambda r, d: (r, OPPOSITE[d])),
    "mirrored": (lambda p: p[:, ::-1], lambda r, d: (OPPOSITE[r], d)),
    "turned by 180": (lambda p: p[::-1, ::-1], lambda r, d: (OPPOSITE[r], OPPOSITE[d])),
    "on its diagonal": (lambda p: p.T, lambda r, d: (d, r)),
    "turned left": (lambda p: p.T[::-1], lambda r, d: (d, OPPOSITE[r])),
    "turned right": (lambda p: p.T[:, ::-1], lambda r, d: (OPPOSITE[d], r)),
    "on its other diagonal": (lambda p: p.T[::-1, ::-1], lambda r, d: (OPPOSITE[d], OPPOSITE[r])),
}


def read(content: bytes):
    scan = decode_here(content, "brain_mri")
    return scan.pixels, " ".join(scan.provenance.notes)


def tilted(right: str, down: str, degrees: float) -> list[float]:
    """The directions of a slice tilted about its own right."""
    across, along = np.array(AXES[right], float), np.array(AXES[down], float)
    angle = np.radians(degrees)
    return [*across, *(np.cos(angle) * along + np.sin(angle) * np.cross(across, along))]


@pytest.mark.parametrize("plane", USUAL)
@pytest.mark.parametrize("way", STORED)
@pytest.mark.parametrize("degrees", [0, 25, -30])
def test_however_a_slice_is_stored_its_tags_bring_it_to_the_usual_view(plane, way, degrees):
    lay, name = STORED[way]
    right, down = name(*USUAL[plane])
    content = dicom(np.ascontiguousarray(lay(DEEP)), ImageOrientationPatient=tilted(right, down, degrees))
    pixels, notes = read(content)
    np.testing.assert_array_equal(pixels, read(dicom(DEEP))[0])
    assert ("usual view" in notes) == (way != "as usual")


@pytest.mark.parametrize(("plane", "sides"), [("axial", "RLAP"), ("coronal", "RLHF"), ("sagittal", "APHF")])
@pytest.mark.parametrize("way", STORED)
def test_the_sides_of_the_patient_are_those_of_the_picture_as_it_is_shown(plane, sides, way):
    lay, name = STORED[way]
    right, down = name(*USUAL[plane])
    pixels = np.ascontiguousarray(lay(DEEP))
    by_numbers = dicom(pixels, ImageOrientationPatient=tilted(right, down, 0))
    assert decode_here(by_numbers, "brain_mri").provenance.sides == tuple(sides)
    if plane == "coronal":
        by_letters = dicom(pixels, PatientOrientation=[right, down], Modality="DX")
        assert decode_here(by_letters, "chest_xray").provenance.sides == tuple(sides)


def test_a_file_that_does_not_say_how_the_patient_lies_has_no_sides():
    assert decode_here(dicom(DEEP), "brain_mri").provenance.sides is None
    assert decode_here(dicom(DEEP, PatientOrientation=["L", "L"]), "brain_mri").provenance.sides is None
    animal = dicom(DEEP, PatientOrientation=["L", "F"], AnatomicalOrientationType="QUADRUPED")
    assert decode_here(animal, "brain_mri").provenance.sides is None


@pytest.mark.parametrize(("degrees", "sides"), [(30, "RLAP"), (45, ("R", "L", "", ""))])
def test_an_edge_between_two_sides_of_the_patient_is_neither(degrees, sides):
    content = dicom(DEEP, ImageOrientationPatient=tilted("L", "P", degrees))
    assert decode_here(content, "brain_mri").provenance.sides == tuple(sides)


def test_the_sides_survive_the_decoder_in_its_own_process():
    content = dicom(DEEP, PatientOrientation=["L", "F"], Modality="DX")
    assert decode(content, "chest_xray").provenance.sides == ("R", "L", "H", "F")


@pytest.mark.parametrize("way", STORED)
def test_letters_bring_a_chest_radiograph_to_the_usual_view(way):
    lay, name = STORED[way]
    content = dicom(np.ascontiguousarray(lay(DEEP)), PatientOrientation=list(name("L", "F")), Modality="DX")
    pixels, notes = read(content)
    np.testing.assert_array_equal(pixels, read(dicom(DEEP))[0])
    assert ("usual view" in notes) == (way != "as usual")


def test_cases_from_use_are_upright_and_say_so():
    pixels, notes = read(case("28_upside_down.dcm"))
    np.testing.assert_array_equal(pixels, read(case("28_control.dcm"))[0])
    assert "flipped top to bottom" in notes
    pixels, notes = read(case("28b_mirrored_dx.dcm"))
    np.testing.assert_array_equal(pixels, read(case("28_control.dcm"))[0])
    assert "flipped left to right" in notes


@pytest.mark.parametrize("letters", ["PF", "AF"])
def test_a_radiograph_from_the_side_faces_the_way_it_is_stored(letters):
    pixels, notes = read(dicom(DEEP, PatientOrientation=list(letters), Modality="CR"))
    np.testing.assert_array_equal(pixels, read(dicom(DEEP))[0])
    assert "usual view" not in notes
    upside_down = read(dicom(DEEP, PatientOrientation=[letters[0], "H"], Modality="CR"))
    assert "turned by 180 degrees" in upside_down[1]


@pytest.mark.parametrize(
    "tags",
    [
        {"PatientOrientation": ["A", "R"], "Modality": "MG"},
        {"PatientOrientation": ["R", "H"], "AnatomicalOrientationType": "QUADRUPED"},
        {"PatientOrientation": ["AL", "RP"], "Modality": "MG"},
    ],
)
def test_views_with_rules_of_their_own_stay_as_stored(tags):
    np.testing.assert_array_equal(read(dicom(DEEP, **tags))[0], read(dicom(DEEP))[0])


@pytest.mark.parametrize(
    "tags",
    [
        {"ImageOrientationPatient": [0, 0, 0, 0, 0, 0]},
        {"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]},
        {"ImageOrientationPatient": [1, 0, 0]},
        {"PatientOrientation": ["L", "R"]},
        {"PatientOrientation": ["LEFT", "FOOT"]},
        {"PatientOrientation": ["LR", "F"]},
        {"PatientOrientation": ["L"]},
    ],
)
def test_orientation_without_sense_changes_nothing_and_is_said(tags):
    pixels, notes = read(dicom(DEEP, **tags))
    np.testing.assert_array_equal(pixels, read(dicom(DEEP))[0])
    assert "orientation tags of the file make no sense" in notes


def test_a_slice_halfway_between_two_views_stays_where_one_of_them_has_it_so():
    half = float(np.sqrt(0.5))
    for right in ([half, half, 0], [half, -half, 0]):
        pixels, notes = read(dicom(DEEP, ImageOrientationPatient=[*right, 0, 0, -1]))
        np.testing.assert_array_equal(pixels, read(dicom(DEEP))[0])
        assert "usual view" not in notes


def test_a_circle_stays_a_circle():
    pixels, notes = read(case("7_pixel_spacing.dcm"))
    rows, columns = (np.flatnonzero((pixels > 0.5).any(axis=axis)) for axis in (1, 0))
    assert abs(np.ptp(rows) - np.ptp(columns)) <= 2
    assert pixels.shape == (200, 200)
    assert "not square (PixelSpacing: 2 times as high as wide); the picture was resampled from 200 x 100" in notes
    assert read(case("aspect_2_1.dcm"))[0].shape == (192, 128)
    assert "PixelAspectRatio: 2 times" in read(case("aspect_2_1.dcm"))[1]


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing"]),
    st.floats(0.2, 5),
    st.floats(0.05, 3),
)
def test_resampled_pixels_are_square_and_no_direction_loses_any(name, tall, wide):
    pixels, notes = read(dicom(DEEP, **{name: [f"{tall * wide:.6f}", f"{wide:.6f}"]}))
    height, width = pixels.shape
    assert height >= 24
    assert width >= 30
    assert abs(height / 24 - tall * width / 30) <= 0.03 * max(1, tall) + 1 / 24
    assert ("resampled" in notes) == (pixels.shape != (24, 30)) or abs(tall - 1) < 0.05


def test_calibrated_spacing_comes_before_the_detectors_and_both_before_the_ratio():
    content = dicom(DEEP, PixelSpacing=[1, 1], ImagerPixelSpacing=[2, 1], PixelAspectRatio=[3, 1])
    np.testing.assert_array_equal(read(content)[0], read(dicom(DEEP))[0])
    assert read(dicom(DEEP, ImagerPixelSpacing=[2, 1], PixelAspectRatio=[3, 1]))[0].shape == (48, 30)


@pytest.mark.parametrize("spacing", [[0, 1], [1, -1], [1, 1000], [1, 2, 3], [1]])
def test_spacing_without_sense_changes_nothing_and_is_said(spacing):
    pixels, notes = read(dicom(DEEP, PixelSpacing=spacing))
    np.testing.assert_array_equal(pixels, read(dicom(DEEP))[0])
    assert "PixelSpacing of the file makes no sense" in notes


def test_square_pixels_never_exceed_the_limit_of_size(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MAX_MEGAPIXELS", "0.001")
    assert read(dicom(DEEP, PixelSpacing=[2, 1]))[0].shape == (24, 15)


def test_spacing_and_orientation_are_applied_in_that_order():
    content = dicom(np.ascontiguousarray(DEEP.T), PixelSpacing=[1, 2], ImageOrientationPatient=[0, 1, 0, 1, 0, 0])
    expected = read(dicom(DEEP, PixelSpacing=[2, 1]))[0]
    np.testing.assert_allclose(read(content)[0], expected, atol=1e-6)
