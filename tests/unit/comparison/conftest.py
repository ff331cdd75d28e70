import hashlib

import numpy as np
import pytest

from lightbox.comparison.comparison import Comparison, Panel
from lightbox.explainers import Attribution, Check, Target
from lightbox.imaging.preprocess import Box, Preprocessing
from lightbox.imaging.scan import Provenance, Scan


def attribution(method="lrp", values=None, **changes):
    if values is None:
        values = np.linspace(-1, 2, 32 * 32, dtype=np.float32).reshape(32, 32)
    facts = {"signed": True, "checks": (Check("conservation", 0.9997, True, "It sums."),), "params": {"seed": 3}}
    return Attribution(values=values, method=method, target=Target(1), seconds=0.25, **{**facts, **changes})


@pytest.fixture
def comparison():
    """Two networks on one scan; the second one's map is twice as strong, and one map of it is withheld."""
    scan = Scan(
        np.random.default_rng(0).random((48, 64)).astype(np.float32),
        "chest_xray",
        Provenance("PNG", "grey", 8, (48, 64)),
    )
    panels = []
    for index, network in enumerate(("convnet", "resnet50")):
        values = np.linspace(-1, 2, 32 * 32, dtype=np.float32).reshape(32, 32) * (index + 1)
        maps = {"lrp": attribution(values=values)}
        if index:
            broken = np.full((32, 32), np.nan, np.float32)
            maps["integrated_gradients"] = attribution("integrated_gradients", broken, withheld="It overflowed.")
        panels.append(
            Panel(
                network=network,
                title=network,
                weights_sha256=hashlib.sha256(network.encode()).hexdigest(),
                classes=("normal", "bacterial", "viral"),
                class_titles=("Normal", "Bacterial pneumonia", "Viral pneumonia"),
                logits=(0.1, 2.0, 1.0),
                probabilities=(0.1, 0.65, 0.25),
                prepared=np.zeros((32, 32), np.float32),
                box=Box(4, 6, 40, 50),
                preprocessing=Preprocessing(size=32),
                attributions=maps,
                errors={"lime": "It failed."} if index else {},
            )
        )
    return Comparison(scan, "chest_xray", tuple(panels))
