"""Networks' answers that tests judge."""

import numpy as np

from lightbox.metrics.predictions import Predictions

CLASSES = ("normal", "bacterial", "viral")


def make_answers(labels, probabilities, *, classes=CLASSES, network="convnet", leaked=None):
    count = len(labels)
    return Predictions(
        task="chest_xray",
        network=network,
        classes=classes,
        names=tuple(f"test/{number}.png" for number in range(count)),
        sha256=tuple(f"{number:064x}" for number in range(count)),
        labels=np.array(labels, dtype=np.int64),
        probabilities=np.array(probabilities, dtype=np.float32).reshape(count, len(classes)),
        leaked=np.zeros(count, bool) if leaked is None else np.array(leaked),
    )


def draw_answers(count, *, seed=0, missing=None, classes=CLASSES, network="convnet", skill=1.0):
    """Random answers that lean to the truth; ``missing`` is a class without scans."""
    generator = np.random.default_rng(seed)
    present = [index for index in range(len(classes)) if index != missing]
    labels = generator.choice(present, count)
    logits = generator.normal(size=(count, len(classes)))
    logits[np.arange(count), labels] += skill
    odds = np.exp(logits)
    # Six decimals, as in the files: some probabilities are then equal.
    return make_answers(labels, np.round(odds / odds.sum(1, keepdims=True), 6), classes=classes, network=network,
                        leaked=generator.random(count) < 0.2)  # fmt: skip
