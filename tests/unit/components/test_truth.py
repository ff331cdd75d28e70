"""The known truth over a map: where it is drawn, and what is said."""

import numpy as np
import pytest

from components.maps import truth
from components.maps.display_bar import Display
from components.maps.heatmap import OUTLINE_COLOUR, Film, build_map
from lightbox.comparison.truth import Truth
from lightbox.imaging.colour import Scale
from lightbox.imaging.masks import mask_outline
from lightbox.imaging.preprocess import Box
from lightbox.imaging.samples import list_samples, read_mask
from lightbox.metrics.localisation import Localisation

MASK = np.zeros((40, 60), dtype=bool)
MASK[10:20, 30:50] = True
DISPLAY = Display(view="overlay", opacity=0.8, positive_only=False, shared_scale=False)


def scale():
    return Scale(1.0, signed=True)


def test_the_outline_lies_on_the_masks_edges_in_native_pixels():
    film = Film("", (40, 60), Box(4, 8, 32, 48))
    figure = build_map(film, np.zeros((16, 16), np.float32), scale(), DISPLAY, outline=mask_outline(MASK))
    (line,) = [trace for trace in figure.data if trace.type == "scatter" and trace.line.color == OUTLINE_COLOUR]
    # Pixel 10 begins at 10.0 on the axes, and pixel 19 ends at 20.0.
    assert (np.nanmin(line.y), np.nanmax(line.y)) == (10.0, 20.0)
    assert (np.nanmin(line.x), np.nanmax(line.x)) == (30.0, 50.0)


def test_without_an_outline_nothing_is_drawn_over_the_map():
    film = Film("", (40, 60), Box(0, 0, 40, 60))
    figure = build_map(film, np.zeros((16, 16), np.float32), scale(), DISPLAY)
    assert [trace.type for trace in figure.data] == ["heatmap"]


def test_a_map_is_scored_where_its_crop_lies():
    known = Truth.place("viral", "Viral", MASK)
    box = Box(10, 30, 10, 20)
    found = known.localise(np.ones((8, 8), np.float32), box)
    assert (found.mass, found.area) == (1.0, 1.0)
    assert known.localise(np.ones((8, 8), np.float32), Box(0, 0, 8, 8)) is None


@pytest.mark.parametrize(
    ("found", "words", "peak"),
    [
        (
            Localisation(pointing=1.0, mass=0.71, rank=0.5, area=0.04, positive=True),
            "71 % of the evidence for it lies in the outline; chance would be 4 %.",
            "The strongest point lies in it.",
        ),
        (
            Localisation(pointing=0.25, mass=0.1, rank=0.5, area=0.04, positive=True),
            "10 % of the evidence for it lies in the outline; chance would be 4 %.",
            "Of the strongest points, 25 % lie in it.",
        ),
        (
            Localisation(pointing=0.0, mass=0.0, rank=0.0, area=0.04, positive=False),
            "No evidence for it, so none lies in the outline; chance would be 4 %.",
            "",
        ),
        (None, "The network's crop leaves nothing of the pathology.", ""),
    ],
)
def test_the_words_say_share_chance_and_strongest_point(found, words, peak):
    assert truth.describe(found) == words
    assert truth.describe_peak(found) == peak


def test_a_sample_has_a_truth_where_something_was_placed():
    for sample in list_samples():
        known = truth.read(sample)
        assert (known is None) == (not read_mask(sample).any())
        if known is not None:
            assert known.label == sample.label
            assert known.lines
    assert truth.read(None) is None
