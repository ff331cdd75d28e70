"""PNG and JPEG: the right picture or one clear sentence."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageOps, PngImagePlugin

from lightbox.core.errors import UserFacingError
from lightbox.imaging._decode_child import decode_here
from lightbox.imaging._sniff import sniff
from tests.unit.imaging.builders import MARKER, jpeg, phantom, png, png_header

EIGHT_BIT_STEP = 1 / 255 + 1e-6


def notes_of(content: bytes) -> str:
    return " ".join(decode_here(content, "brain_mri").provenance.notes)


@pytest.mark.parametrize("content", [png(phantom()), png(np.stack([phantom()] * 3, -1)), png(phantom(), optimize=True)])
def test_eight_bit_grey_keeps_every_value(content):
    scan = decode_here(content, "chest_xray")
    np.testing.assert_array_equal(scan.pixels, phantom().astype(np.float32) / np.float32(255))
    assert scan.modality == "chest_xray"
    assert scan.provenance.format == "PNG"
    assert scan.provenance.bit_depth == 8
    assert scan.provenance.window is None


def test_jpeg_differs_from_its_source_by_compression_only():
    scan = decode_here(jpeg(phantom()), "chest_xray")
    assert np.abs(scan.pixels * 255 - phantom()).mean() < 2
    assert scan.provenance.format == "JPEG"


@pytest.mark.parametrize("top", [255, 4095, 65535])
def test_depth_of_samples_does_not_change_the_picture(top):
    expected = phantom().astype(np.float32) / 255
    scan = decode_here(png(phantom(top=top)), "chest_xray")
    np.testing.assert_allclose(scan.pixels, expected, atol=EIGHT_BIT_STEP)  # rounding of the 8-bit phantom
    if top > 255:
        assert scan.provenance.bit_depth == 16
        assert scan.provenance.window == (0.0, top)


def test_sixteen_bit_grey_is_not_clipped():
    values = np.linspace(1000, 60000, 400).reshape(20, 20).astype(np.uint16)
    scan = decode_here(png(values), "chest_xray")
    assert len(np.unique(scan.pixels)) == 400
    assert scan.provenance.window == (1000.0, 60000.0)


@pytest.mark.parametrize("content", [png(np.full((9, 9), 77, np.uint8)), png(np.full((9, 9), 7700, np.uint16))])
def test_constant_picture_stays_constant(content):
    scan = decode_here(content, "chest_xray")
    assert scan.pixels.min() == scan.pixels.max()


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_laid_over_black(mode):
    image = Image.new(mode, (10, 8), (200, 255) if mode == "LA" else (200, 200, 200, 255))
    image.putpixel((3, 2), (255, 0) if mode == "LA" else (255, 255, 255, 0))
    scan = decode_here(png(image), "chest_xray")
    assert scan.pixels[2, 3] == 0
    assert scan.pixels[0, 0] == pytest.approx(200 / 255)
    assert "over black" in " ".join(scan.provenance.notes)


def test_opaque_alpha_changes_nothing():
    grey = Image.fromarray(phantom())
    scan = decode_here(png(grey.convert("RGBA")), "chest_xray")
    np.testing.assert_array_equal(scan.pixels, decode_here(png(grey), "chest_xray").pixels)
    assert scan.provenance.notes == ()


def test_palette_shows_its_colours_and_its_transparency():
    image = Image.new("P", (4, 3), 1)
    image.putpalette([255, 255, 255, 10, 10, 10, 90, 90, 90])
    image.putpixel((0, 0), 0)
    image.putpixel((1, 0), 2)
    scan = decode_here(png(image), "chest_xray")
    np.testing.assert_allclose(scan.pixels[0] * 255, [255, 90, 10, 10], atol=1e-4)
    assert scan.provenance.photometric == "palette"
    transparent = decode_here(png(image, transparency=0), "chest_xray")
    np.testing.assert_allclose(transparent.pixels[0] * 255, [0, 90, 10, 10], atol=1e-4)


@pytest.mark.parametrize("mode", ["L", "RGB", "1"])
def test_one_colour_marked_transparent_becomes_black(mode):
    image = Image.new(mode, (5, 5), {"L": 50, "RGB": (50, 50, 50), "1": 0}[mode])
    image.putpixel((2, 2), {"L": 255, "RGB": (255, 255, 255), "1": 1}[mode])
    scan = decode_here(png(image, transparency={"L": 255, "RGB": (255, 255, 255), "1": 1}[mode]), "chest_xray")
    assert scan.pixels[2, 2] == 0


def test_one_bit_is_black_and_white():
    image = Image.fromarray(phantom() > 100)
    scan = decode_here(png(image), "chest_xray")
    np.testing.assert_array_equal(scan.pixels, (phantom() > 100).astype(np.float32))
    assert scan.provenance.bit_depth == 1


def test_colour_becomes_luminance_and_says_so():
    image = Image.new("RGB", (10, 10), (255, 0, 0))
    scan = decode_here(png(image), "chest_xray")
    np.testing.assert_allclose(scan.pixels, 0.299, atol=1e-6)
    assert "in colour" in " ".join(scan.provenance.notes)


def test_grey_jpeg_stored_as_colour_is_not_called_coloured():
    assert notes_of(jpeg(np.stack([phantom()] * 3, -1))) == ""


def test_cmyk_is_upright_in_brightness_with_and_without_adobe_marker():
    inverted = jpeg(Image.fromarray(phantom()).convert("RGB").convert("CMYK"))
    expected = phantom().astype(np.float32) / 255
    assert b"Adobe" in inverted
    assert np.abs(decode_here(inverted, "chest_xray").pixels - expected).mean() < 0.02
    # The same ink, not inverted, and without the marker that announces the inversion.
    plain = jpeg(Image.eval(Image.fromarray(phantom()).convert("RGB").convert("CMYK"), lambda ink: 255 - ink))
    at = plain.index(b"\xff\xee")
    length = int.from_bytes(plain[at + 2 : at + 4], "big")
    unmarked = plain[:at] + plain[at + 2 + length :]
    assert b"Adobe" not in unmarked
    assert np.abs(decode_here(unmarked, "chest_xray").pixels - expected).mean() < 0.02


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("save", [png, jpeg])
def test_orientation_tag_is_obeyed(orientation, save):
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = save(phantom(), exif=exif)
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(content)))
    scan = decode_here(content, "chest_xray")
    np.testing.assert_array_equal(scan.pixels, np.asarray(upright, dtype=np.float32) / np.float32(255))
    assert scan.provenance.original_hw == phantom().shape
    assert bool(scan.provenance.notes) == (orientation > 1)


def test_first_frame_of_an_animation_is_used_and_named():
    first, second = Image.fromarray(phantom()), Image.fromarray(255 - phantom())
    content = png(first, save_all=True, append_images=[second])
    scan = decode_here(content, "chest_xray")
    np.testing.assert_array_equal(scan.pixels, phantom().astype(np.float32) / np.float32(255))
    assert "2 pictures" in " ".join(scan.provenance.notes)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
@pytest.mark.parametrize("content", [png(phantom(200, 200)), jpeg(phantom(200, 200))])
def test_file_cut_short_is_refused(content, share):
    with pytest.raises(UserFacingError, match="damaged or cut short"):
        decode_here(content[: int(share * len(content))], "chest_xray")


@pytest.mark.parametrize("size", [(6000, 5000), (60000, 60000), (2**31 - 1, 1), (1, 2**31 - 1)])
def test_large_picture_is_refused_from_its_header(size):
    with pytest.raises(UserFacingError, match="megapixels; the limit is 25"):
        decode_here(png_header(*size), "chest_xray")


def test_limit_on_megapixels_is_a_setting(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MAX_MEGAPIXELS", "0.0001")
    with pytest.raises(UserFacingError, match=r"30 x 24.*limit is 0\.0001"):
        decode_here(jpeg(phantom()), "chest_xray")


def test_limit_on_bytes_is_a_setting(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MAX_UPLOAD_MB", "0.0001")
    with pytest.raises(UserFacingError, match=r"limit is 0\.0001 MB"):
        decode_here(png(phantom()), "chest_xray")


def test_text_in_a_png_goes_nowhere():
    text = PngImagePlugin.PngInfo()
    text.add_text("Patient", MARKER)
    text.add_itxt("Author", MARKER, zip=True)
    scan = decode_here(png(phantom(), pnginfo=text), "chest_xray")
    assert MARKER not in repr(scan)
    with pytest.raises(UserFacingError) as caught:
        decode_here(png(phantom(), pnginfo=text)[:-60], "chest_xray")
    assert MARKER not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"patient,age\n1,2\n", "plain text"),
        ("Größe".encode(), "plain text"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<!DOCTYPE html><html></html>", "HTML"),
        (b"%PDF-1.7\n", "PDF"),
        (b"GIF89a" + bytes(20), "GIF"),
        (b"II*\x00" + bytes(20), "TIFF"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "WEBP"),
        (b"BM" + bytes(50), "BMP"),
        (b"PK\x03\x04" + bytes(50), "ZIP"),
        (b"\x1f\x8b\x08" + bytes(50), "slice"),
        (bytes(344) + b"n+1\x00" + bytes(40), "slice"),
        (b"\x00\x01\x02\x03" * 20, "known type"),
    ],
)
def test_other_files_are_named_and_refused(content, sentence):
    with pytest.raises(UserFacingError, match=sentence) as caught:
        sniff(content)
    assert caught.value.hint


@pytest.mark.parametrize("content", [png(phantom()), jpeg(phantom())])
def test_a_preamble_that_imitates_another_type_is_still_dicom(content):
    assert sniff(content[:128].ljust(128, b"\x00") + b"DICM") == "DICOM"
