import numpy as np
import pytest
from PIL import Image

from lightbox.core.errors import UserFacingError
from lightbox.imaging._decode_child import decode_here
from lightbox.imaging.decode import decode
from lightbox.imaging.read_local import read_grey, read_scan

from .builders import jpeg, phantom, png
from .cases import case

COLOURS = np.stack([phantom(), phantom()[::-1], phantom()[:, ::-1]], axis=-1)


def with_alpha(mode):
    image = Image.fromarray(phantom() if mode == "LA" else COLOURS).convert(mode)
    image.putalpha(Image.fromarray(phantom()[::-1]))
    return png(image)


def turned(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


DIFFERENT = {
    "12 bits in 16": png(phantom(top=4095)),
    "grey with alpha": with_alpha("LA"),
    "colour with alpha": with_alpha("RGBA"),
    "grey with a transparent value": png(phantom(), transparency=255),
    "palette with a transparent entry": png(Image.fromarray(COLOURS).quantize(16), transparency=0),
    "turned": jpeg(phantom(), exif=turned(6)),
    "turned PNG": png(phantom(), exif=turned(3)),
    "printing colours": jpeg(Image.fromarray(COLOURS).convert("CMYK")),
    "one bit": png(Image.fromarray(phantom()).convert("1")),
}
PLAIN = {
    "grey": png(phantom()),
    "colour": png(COLOURS),
    "palette": png(Image.fromarray(COLOURS).quantize(16)),
    "grey JPEG": jpeg(phantom()),
    "colour JPEG, upright": jpeg(COLOURS, exif=turned(1)),
}


@pytest.mark.parametrize("content", DIFFERENT.values(), ids=DIFFERENT)
def test_a_picture_that_conversion_would_spoil_is_read_as_an_upload_is(content, tmp_path):
    path = tmp_path / "one.png"
    path.write_bytes(content)
    np.testing.assert_array_equal(read_grey(path), decode_here(content, "chest_xray").pixels)


@pytest.mark.parametrize("content", PLAIN.values(), ids=PLAIN)
def test_plain_pictures_are_rounded_to_grey_levels_as_the_shipped_trainings_saw_them(content, tmp_path):
    path = tmp_path / "one.png"
    path.write_bytes(content)
    with Image.open(path) as image:
        np.testing.assert_array_equal(read_grey(path), np.asarray(image.convert("L"), dtype=np.float32) / 255)
    # Half a level of rounding, and the last digit of Pillow's weights.
    np.testing.assert_allclose(read_grey(path), decode_here(content, "chest_xray").pixels, atol=0.51 / 255)


@pytest.mark.parametrize(
    "content", [b"", b"no picture", png(phantom())[:-60], png(phantom(top=4095))[:-60], jpeg(phantom())[:-150]]
)
def test_a_file_that_is_no_whole_picture_is_an_error_that_names_it(content, tmp_path):
    path = tmp_path / "one.png"
    path.write_bytes(content)
    with pytest.raises(UserFacingError, match=r"^one\.png cannot be read as a picture\. Save"):
        read_grey(path)
    with pytest.raises(UserFacingError, match=r"^train/one cannot be read as a picture\. Take it out"):
        read_grey(path, name="train/one", hint="Take it out.")


def test_a_file_that_is_not_there_and_one_too_large_to_decode_are_named_too(tmp_path, monkeypatch):
    path = tmp_path / "one.png"
    with pytest.raises(UserFacingError, match=r"one\.png cannot be read"):
        read_grey(path)
    path.write_bytes(png(phantom(top=4095)))
    monkeypatch.setenv("LIGHTBOX_MAX_MEGAPIXELS", "0.0001")
    with pytest.raises(UserFacingError, match=r"one\.png: This picture is 30 x 24"):
        read_grey(path)


def test_a_trusted_file_is_read_as_an_upload_is():
    content = png(phantom())
    here, apart = read_scan(content, "chest_xray"), decode(content, "chest_xray")
    assert (here.sha256, here.provenance, here.modality) == (apart.sha256, apart.provenance, apart.modality)


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40)], ids=["empty", "text", "header"]
)
def test_a_trusted_file_that_is_no_picture_is_refused_in_words(content):
    with pytest.raises(UserFacingError, match=r"\w+"):
        read_scan(content, "chest_xray")


def test_the_limit_of_size_holds_for_trusted_files_too(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MAX_MEGAPIXELS", "0.0001")
    with pytest.raises(UserFacingError, match="pixels"):
        read_scan(png(phantom()), "chest_xray")


@pytest.mark.parametrize("name", ["j2k_20s.dcm", "jls_slow_459.dcm"])
def test_a_trusted_file_that_keeps_a_codec_busy_is_ended_too(name):
    with pytest.raises(UserFacingError, match="far more computing"):
        read_scan(case(name), "chest_xray")


def test_compressed_dicom_is_the_same_scan_on_every_road():
    content = case("6b_overlay_j2k.dcm")
    assert read_scan(content, "chest_xray").sha256 == decode_here(content, "chest_xray").sha256
