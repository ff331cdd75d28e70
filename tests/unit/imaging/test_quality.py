"""Warnings name what is wrong with a scan, and nothing else."""

from __future__ import annotations

import numpy as np

from lightbox.imaging.quality import warnings_about
from lightbox.imaging.scan import Provenance, Scan
from tests.unit.imaging.builders import phantom


def scan(pixels: np.ndarray) -> Scan:
    return Scan(pixels.astype(np.float32), "chest_xray", Provenance("array", "grey", 8, pixels.shape[:2]))


def test_ordinary_scan_has_no_warning():
    pixels = phantom(100, 120) / 255
    pixels[pixels == 1] = 0.9
    assert warnings_about(scan(pixels)) == ()


def test_small_scan_is_warned_of():
    (warning,) = warnings_about(scan(np.random.default_rng(0).uniform(0, 0.9, (63, 200))))
    assert "200 x 63" in warning


def test_nearly_constant_scan_is_warned_of():
    pixels = np.full((100, 100), 0.5)
    pixels[0, :5] = 1
    (warning,) = warnings_about(scan(pixels))
    assert "nearly constant" in warning


def test_white_areas_are_warned_of_and_black_background_is_not():
    pixels = np.random.default_rng(0).uniform(0.1, 0.9, (100, 100))
    pixels[:40] = 0
    assert warnings_about(scan(pixels)) == ()
    pixels[:10] = 1
    (warning,) = warnings_about(scan(pixels))
    assert "10 % of the pixels are fully white" in warning
