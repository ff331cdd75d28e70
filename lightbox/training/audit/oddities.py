"""Pictures that stand out, each by a rule that is stated with what it found."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from lightbox.provenance.data_audit import Oddity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lightbox.training.audit.reading import Reading
    from lightbox.training.datasets.appearance import Look

TINY = 100
LONG = 2.0
BLANK_RANGE = 0.08
BRIGHT_BACKGROUND = 0.5
# Robust deviations (1.4826 times the median absolute one) from the median of all pictures.
FAR = 6.0
FEWEST = 20
MOST_NAMED = 25


def find_oddities(readings: Sequence[Reading]) -> tuple[Oddity, ...]:
    """One entry a rule that found something, in the order of the rules."""
    seen = [(reading, reading.look) for reading in readings if reading.look is not None]
    looks = [look for _reading, look in seen]
    colour_is_odd = sum(look.in_colour for look in looks) * 2 < len(looks)
    bright_is_odd = sum(look.tone > BRIGHT_BACKGROUND for look in looks) * 4 < len(looks)
    rules: list[tuple[str, str, Callable[[Look], bool]]] = [
        ("tiny", f"The shorter side has fewer than {TINY} pixels.", lambda look: min(look.width, look.height) < TINY),
        (
            "extreme_aspect",
            f"One side is more than {LONG:g} times the other.",
            lambda look: max(look.width, look.height) > LONG * min(look.width, look.height),
        ),
        (
            "nearly_blank",
            f"Nine tenths of the pixels lie within {BLANK_RANGE:.0%} of the brightness range.",
            lambda look: look.levels[4] - look.levels[0] < BLANK_RANGE,
        ),
    ]
    if colour_is_odd:
        rules.append(
            (
                "in_colour",
                (
                    "Most pictures are grey; here at least 0.2 % of the pixels have a colour (an overlay, a watermark, "
                    "a photograph)."
                ),
                lambda look: look.in_colour,
            )
        )
    if bright_is_odd:
        rules.append(
            (
                "bright_background",
                (
                    "Most pictures have a dark edge; here the edge is brighter than half of the range (a scanned film, "
                    "a screenshot, another modality)."
                ),
                lambda look: look.tone > BRIGHT_BACKGROUND,
            )
        )
    found = [_collect(rule, sentence, [row for row, look in seen if test(look)]) for rule, sentence, test in rules]
    found += [_histogram_outliers(seen)]
    return tuple(oddity for oddity in found if oddity.total)


def _histogram_outliers(seen: Sequence[tuple[Reading, Look]]) -> Oddity:
    """By the five levels: how far the farthest of them is from the data set's median, in robust deviations."""
    sentence = (
        f"A brightness percentile (5, 25, 50, 75, 95) lies more than {FAR:g} robust deviations from the median of all "
        "pictures: unusual exposure or sequence, or another modality, such as CT."
    )
    if len(seen) < FEWEST:
        return _collect("unusual_brightness", sentence, [])
    levels = np.array([look.levels for _reading, look in seen])
    distance = np.abs(levels - np.median(levels, axis=0))
    # Dark backgrounds make the low percentiles nearly constant, so the deviation has a floor of 2 %.
    scale = np.maximum(1.4826 * np.median(distance, axis=0), 0.02)
    far = (distance / scale).max(axis=1) > FAR
    return _collect("unusual_brightness", sentence, [row for (row, _look), odd in zip(seen, far, strict=True) if odd])


def _collect(rule: str, sentence: str, readings: Sequence[Reading]) -> Oddity:
    names = tuple(reading.example.name for reading in readings)
    counts = Counter(reading.example.label for reading in readings)
    return Oddity(rule, sentence, names[:MOST_NAMED], len(names), dict(sorted(counts.items())))
