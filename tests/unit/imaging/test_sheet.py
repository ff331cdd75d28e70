"""A sheet is the same as PNG and as SVG."""

import base64
import io
import xml.etree.ElementTree as ET

import numpy as np
from PIL import Image

from lightbox.core import notice
from lightbox.imaging.lettering import font
from lightbox.imaging.sheet import Column, Picture, Sheet, Words

SVG, HREF = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
PIXELS = np.random.default_rng(0).integers(0, 256, (30, 40, 3), dtype=np.uint8)


def a_sheet(text="Größe < 3 & more"):
    return Sheet(200, 100, "A title", (Picture(20, 10, PIXELS, 'A "map"'),), (Words(5, 90, text, 14, bold=True),))


def test_the_png_holds_the_pixels_untouched_and_the_notice():
    image = Image.open(io.BytesIO(a_sheet().to_png()))
    drawn = np.asarray(image)
    assert drawn.shape == (100, 200, 3)
    np.testing.assert_array_equal(drawn[10:40, 20:60], PIXELS)
    assert (drawn[:10] == 255).all()
    assert (drawn[70:] != 255).any(), "the words"
    assert image.info == {"Comment": notice.TEXT}


def test_the_svg_holds_the_same_pixels_and_real_text():
    root = ET.fromstring(a_sheet().to_svg())  # noqa: S314  (our own)
    assert (root.get("width"), root.get("height")) == ("200", "100")
    (image,) = root.iter(f"{SVG}image")
    assert [image.get(name) for name in ("x", "y", "width", "height")] == ["20", "10", "40", "30"]
    assert image.get("aria-label") == 'A "map"'
    kind, content = image.get(HREF).split(",")
    assert kind == "data:image/png;base64"
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(content)))), PIXELS)
    (words,) = root.iter(f"{SVG}text")
    assert words.text == "Größe < 3 & more"
    assert words.get("font-weight") == "bold"
    assert root.find(f"{SVG}title").text == "A title"
    assert root.find(f"{SVG}desc").text == notice.TEXT


def test_signs_that_xml_does_not_know_do_not_break_the_svg():
    root = ET.fromstring(a_sheet("a\x00b\x1bc\ud800d").to_svg())  # noqa: S314  (our own)
    (words,) = root.iter(f"{SVG}text")
    assert words.text == "a�b�c�d"


def test_a_column_wraps_to_its_width_and_grows_downwards():
    column = Column(10, 20, 150, 13)
    column.add_picture(np.zeros((50, 150, 3), np.uint8))
    assert column.bottom >= 70
    before = column.bottom
    column.add_text(["one two three four five six seven eight nine ten eleven twelve"])
    assert len(column.words) > 1
    assert all(font(13).getlength(line.text) <= 150 for line in column.words)
    assert all(before < line.y <= column.bottom for line in column.words)
    assert " ".join(line.text for line in column.words).split()[-1] == "twelve"


def test_words_over_a_picture_push_down_what_follows_where_they_are_longer():
    short, long = Column(0, 0, 150, 13), Column(0, 0, 150, 13)
    field = np.zeros((60, 150, 3), np.uint8)
    short.add_picture(field, over=("brief",))
    long.add_picture(field, over=("very long " * 40,))
    assert 60 <= short.bottom < 80
    assert max(line.y for line in long.words) < long.bottom
    assert all(line.x > 0 for line in long.words)


def test_a_colour_bar_has_words_at_its_start_middle_and_end():
    column = Column(10, 0, 100, 13)
    column.add_bar(np.zeros((13, 100, 3), np.uint8), [("start", "against"), ("middle", "0"), ("end", "for")])
    assert [(line.x, line.anchor) for line in column.words] == [(10, "start"), (60, "middle"), (110, "end")]
    assert {line.y for line in column.words} <= set(range(14, column.bottom))
