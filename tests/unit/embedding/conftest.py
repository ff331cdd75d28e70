"""An atlas of hand-made scans: two groups that are known, and what is far from both."""

from dataclasses import replace

import numpy as np
import pytest

from lightbox.embedding.build import Known, build_atlas
from lightbox.embedding.features import Features
from lightbox.networks import find_checkpoint


def make_features(count, *, seed=0, centre=0.0):
    """Of scans in as many groups as the chest network has classes, 54 channels as it has."""
    rng = np.random.default_rng(seed)
    groups = np.arange(count) % 3
    pooled = np.abs(rng.normal(0.2, 0.05, (count, 54))) + 3 * np.eye(3)[groups].repeat(18, axis=1) + centre
    shapes = (144, 16, 36, 45, 54)
    blocks = tuple((rng.normal(size=(count, width)) + centre).astype(np.float32) for width in shapes)
    return Features(pooled.astype(np.float32), blocks, (5 * np.eye(3)[groups]).astype(np.float32))


@pytest.fixture(scope="package")
def card():
    return find_checkpoint("chest_xray", "convnet")


@pytest.fixture(scope="package")
def atlas(card):
    count = 60
    phantom = np.arange(count) >= 48
    known = Known(
        names=tuple(f"test/{number}.png" for number in range(count)),
        sha256=tuple("" if drawn else f"{number:064x}" for number, drawn in enumerate(phantom)),
        labels=np.arange(count) % 3,
        phantom=phantom,
        features=make_features(count),
    )
    measured = {"test": make_features(40, seed=2).blocks, "photo": make_features(10, seed=3, centre=30.0).blocks}
    return build_atlas(card, known, make_features(200, seed=1), measured=measured, settings={"made": "by a test"})


@pytest.fixture
def stale(atlas):
    return replace(atlas, weights_sha256="0" * 64)
