"""Training pictures are what the network will see at use, or an error that names the file."""

import hashlib

import numpy as np
import pytest
from PIL import Image

from lightbox.core.errors import UserFacingError
from lightbox.imaging._decode_child import decode_here
from lightbox.imaging.preprocess import Preprocessing, prepare
from lightbox.training.arrays import load_pictures
from lightbox.training.datasets import Example
from lightbox.training.embed import _look_at_files
from tests.unit.imaging.builders import jpeg, phantom, png

WHOLE = Preprocessing(size=24, percentiles=(0.0, 100.0))


def example(folder, content, ending="png"):
    path = folder / f"one.{ending}"
    path.write_bytes(content)
    return Example(path, f"train/normal/one.{ending}", "normal", "train", "", hashlib.sha256(content).hexdigest())


def turned_jpeg():
    exif = Image.Exif()
    exif[0x0112] = 6
    return jpeg(phantom(), exif=exif)


@pytest.mark.parametrize("content", [png(phantom(top=4095)), turned_jpeg()], ids=["12 bits in 16", "turned"])
def test_a_training_picture_is_prepared_as_at_use(content, tmp_path):
    seen = load_pictures([example(tmp_path, content)], "train", ("normal",), WHOLE).pixels[0]
    at_use = prepare(decode_here(content, "chest_xray").pixels, WHOLE).pixels
    np.testing.assert_array_equal(seen, np.rint(at_use * 255))


def test_a_training_picture_cut_short_is_named(tmp_path):
    one = example(tmp_path, jpeg(phantom())[:-150], "jpg")
    with pytest.raises(UserFacingError, match=r"^train/normal/one\.jpg cannot be read as a picture\. .*lightbox audit"):
        load_pictures([one], "train", ("normal",), WHOLE)
    with pytest.raises(UserFacingError, match=r"^train/normal/one\.jpg cannot be read"):
        _look_at_files(None, [one])
