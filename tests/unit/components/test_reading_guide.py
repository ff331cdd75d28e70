"""How to read a map: short enough to be read, in the colours of the maps, with every word of the glossary."""

import re
from html import unescape

from components.compare import reading_guide
from lightbox.core.glossary import read_glossary
from lightbox.imaging.colour import colour_signed, colour_unsigned

MOST_SENTENCES = 10


def test_the_guide_has_ten_sentences_at_most():
    text = " ".join(reading_guide.GUIDE.values())
    assert len(re.findall(r"[.](?=\s|$)", text)) <= MOST_SENTENCES


def test_the_legend_has_the_colours_of_the_maps():
    signed, unsigned = re.findall(r"gradient\(to right,(rgb.*?\))\)", reading_guide._legend())
    found = [tuple(map(int, each)) for each in re.findall(r"rgb\((\d+),(\d+),(\d+)\)", signed)]
    against, nothing, in_favour = colour_signed([[-1.0, 0.0, 1.0]], 1.0)[0].tolist()
    assert [found[0], found[len(found) // 2], found[-1]] == [tuple(against), tuple(nothing), tuple(in_favour)]
    assert against[2] > against[0]  # blue
    assert in_favour[0] > in_favour[2]  # red
    weak, strong = colour_unsigned([[0.0, 1.0]], 1.0)[0].tolist()
    found = [tuple(map(int, each)) for each in re.findall(r"rgb\((\d+),(\d+),(\d+)\)", unsigned)]
    assert [found[0], found[-1]] == [tuple(weak), tuple(strong)]
    assert weak[2] > weak[0] + weak[1]  # dark blue
    assert min(strong[:2]) > strong[2]  # yellow


def test_every_term_of_the_glossary_can_be_unfolded():
    shown = unescape(reading_guide._words())
    for term in read_glossary():
        assert f"<summary>{term.term}</summary>" in shown
        assert term.meaning in shown
