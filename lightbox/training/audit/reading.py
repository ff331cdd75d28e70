"""Every file of a data set read once: its hash, its look, a thumbnail."""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, UnidentifiedImageError

from lightbox.training.audit.likeness import SIDE
from lightbox.training.datasets.appearance import Look, look_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from lightbox.training.datasets import Example


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One file as it was found.

    Args:
        example: its place in the data set.
        sha256: of the bytes now; a manifest may say otherwise.
        look: from outside, None where it cannot be decoded.
        thumbnail: (128, 128) uint8, the whole picture squeezed.
        problem: why it cannot be decoded, else empty.
    """

    example: Example
    sha256: str
    look: Look | None = None
    thumbnail: NDArray[np.uint8] | None = None
    problem: str = ""


def read_files(examples: Sequence[Example], on_file: Callable[[int, int], None] | None = None) -> list[Reading]:
    """All files read and decoded; a file that cannot be is a `Reading` that says so.

    Args:
        examples: what to read.
        on_file: called with (read, all) now and then.
    """
    readings = []
    with ThreadPoolExecutor() as pool:
        for reading in pool.map(_read, examples):
            readings.append(reading)
            if on_file is not None and (len(readings) % 100 == 0 or len(readings) == len(examples)):
                on_file(len(readings), len(examples))
    return readings


def _read(example: Example) -> Reading:
    try:
        content = example.path.read_bytes()
    except OSError as error:
        return Reading(example, example.sha256, problem=f"cannot be opened: {error.strerror}")
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as image:
            image.load()
            return Reading(example, sha256, look_at(image), _thumbnail(image))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        # Pillow's own words may name a buffer in memory; its class and first words are enough.
        reason = "no PNG or JPEG picture" if isinstance(error, UnidentifiedImageError) else str(error)
        return Reading(example, sha256, problem=reason)


def _thumbnail(image: Image.Image) -> NDArray[np.uint8]:
    how = Image.Resampling.BOX if min(image.size) >= 2 * SIDE else Image.Resampling.BILINEAR
    return np.asarray(image.convert("L").resize((SIDE, SIDE), how), dtype=np.uint8)
