"""An exported picture carries its caption, its scale and the notice, and nothing hidden."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from lightbox.core import notice
from lightbox.imaging import film as films
from lightbox.imaging.colour import Scale, table
from lightbox.imaging.film import colour_bar, data_uri, film, png_bytes
from lightbox.imaging.lettering import font, wrap
from tests.unit.imaging.builders import phantom

SIGNED, UNSIGNED = Scale(0.02, signed=True, clipped_percentile=99.5, clipped_share=0.005), Scale(3.0, signed=False)
PICTURE = np.random.default_rng(1).integers(0, 256, (700, 800, 3), dtype=np.uint8)


@pytest.mark.parametrize("scale", [SIGNED, UNSIGNED])
def test_film_shows_the_picture_untouched_with_everything_under_it(scale):
    made = film(PICTURE, scale, title="LRP, viral pneumonia", caption=["Rule: epsilon.", "Sum 0.9997 of the logit."])
    np.testing.assert_array_equal(made[:700], PICTURE)
    assert made.shape[1:] == (800, 3)
    assert 80 < made.shape[0] - 700 < 300
    assert (made[700:] != 255).any()


def test_small_picture_is_enlarged_by_a_whole_factor():
    small = np.stack([phantom(50, 90)] * 3, -1)
    made = film(small, SIGNED)
    assert made.shape[1] == 720
    np.testing.assert_array_equal(made[: 50 * 8 : 8, ::8], small)


def test_every_text_is_drawn(monkeypatch):
    drawn: list[str] = []
    original = films.ImageDraw.ImageDraw.text

    def note_and_draw(self, at, text, **options):
        drawn.append(text)
        original(self, at, text, **options)

    monkeypatch.setattr(films.ImageDraw.ImageDraw, "text", note_and_draw)
    film(PICTURE, SIGNED, title="Größe", caption=["one two", "x" * 300])
    text = " ".join(drawn)
    for expected in ("Größe", "one two", "≥ 0.02", "≤ −0.02", "0"):
        assert expected in text
    assert notice.TEXT in text
    assert "".join(drawn).count("x") >= 300
    drawn.clear()
    film(PICTURE, UNSIGNED)
    assert {"0", "3"} <= set(drawn)


def test_notice_fits_the_width():
    face = font(14)
    assert all(face.getlength(line) <= 400 for line in wrap(notice.TEXT, face, 400))


@pytest.mark.parametrize("bold", [False, True])
def test_font_has_the_letters_of_german_and_the_signs_of_mathematics(bold):
    face = font(20, bold=bold)
    missing = face.getmask("\U0010fffe")
    for letter in "äöüßÄÖÜéñ×−≤≥±°µ":
        assert bytes(face.getmask(letter)) != bytes(missing), letter


def test_colour_bar_runs_from_end_to_end_with_zero_in_the_middle():
    bar = colour_bar(SIGNED, width=257, height=4)
    np.testing.assert_array_equal(bar[0], table("coolwarm"))
    np.testing.assert_array_equal(colour_bar(UNSIGNED, width=257)[0], table("cividis"))


def test_png_has_no_metadata_but_the_notice():
    plain = Image.open(io.BytesIO(png_bytes(PICTURE)))
    assert plain.info == {}
    noted = Image.open(io.BytesIO(png_bytes(PICTURE, with_notice=True)))
    assert noted.info == {"Comment": notice.TEXT}
    np.testing.assert_array_equal(np.asarray(noted), PICTURE)


@pytest.mark.parametrize("picture", [PICTURE, PICTURE[..., 0], np.dstack([PICTURE, PICTURE[..., :1]])])
def test_data_uri_is_the_picture(picture):
    kind, encoded = data_uri(picture).split(",")
    assert kind == "data:image/png;base64"
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded)))), picture)


def test_data_uri_reduces_the_longer_side_and_takes_a_scan():
    scan = np.full((300, 700), 0.5, np.float32)
    encoded = data_uri(scan, max_side=350).split(",")[1]
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded))))
    assert picture.shape == (150, 350)
    assert (picture == 128).all()
    assert data_uri(scan, max_side=700) == data_uri(scan)
