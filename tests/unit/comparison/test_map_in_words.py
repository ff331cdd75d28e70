"""A map's words are about the scan that is on show, and agree with the sentence above the maps."""

import numpy as np

from lightbox.comparison.map_in_words import describe_map
from lightbox.imaging.describe import find_strongest
from lightbox.imaging.preprocess import Box

SCAN = (400, 500)
# What the network sees: the middle of the scan.
BOX = Box(100, 150, 200, 250)


def test_positions_are_the_scans_not_the_networks():
    values = np.zeros((100, 100), dtype=np.float32)
    values[49:51, 49:51] = 1  # the middle of the box: row 200 of 400, column 275 of 500
    words = describe_map(values, BOX, SCAN, signed=True)
    assert "the strongest point is 55 % of the way from left to right and 50 % from top to bottom" in words
    corner = np.zeros((100, 100), dtype=np.float32)
    corner[:2, :2] = 1  # row 102, column 152
    assert "30 % of the way from left to right and 25 % from top" in describe_map(corner, BOX, SCAN, signed=True)


def test_the_strongest_evidence_is_told_beside_where_all_of_it_lies():
    values = np.full((100, 100), 0.02, dtype=np.float32)
    values[10:30, 20:40] = 1
    words = describe_map(values, Box(0, 0, *SCAN), SCAN, signed=True)
    assert words.endswith("The strongest 5 % of the evidence for it lie in the picture's upper left third.")
    flat = describe_map(np.ones((50, 50), dtype=np.float32), Box(0, 0, *SCAN), SCAN, signed=True)
    assert flat.endswith("The strongest 5 % of the evidence for it are spread over the whole picture.")
    against = describe_map(-values, Box(0, 0, *SCAN), SCAN, signed=True)
    assert "strongest 5 %" not in against


def test_of_a_superpixel_the_strongest_point_is_its_middle():
    values = np.zeros((90, 90))
    values[30:61, 10:31] = 2.0
    assert find_strongest(values) == (45, 20)
    values[80, 80] = 3.0
    assert find_strongest(values) == (80, 80)


def test_huge_values_and_empty_maps_have_words_too():
    huge = np.full((10, 10), 3e38, dtype=np.float32)
    assert "nan" not in describe_map(huge, BOX, SCAN, signed=True)
    assert describe_map(np.zeros((10, 10), dtype=np.float32), BOX, SCAN, signed=True) == "The map is zero everywhere."
