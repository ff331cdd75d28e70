"""Pictures that seem to come from one place: like size, shape, colour and margin.

Nothing tells where a public slice was scanned or screenshotted, but scanners, archives and web sites leave their
format. Holding out whole formats imitates a test split from elsewhere better than holding out pictures at random.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from PIL import Image

from lightbox.core.errors import UserFacingError
from lightbox.training.datasets.appearance import BRIGHT, DARK, Look, look_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lightbox.training.datasets.example import Example

# A size that so many pictures share to the pixel is a format of its own.
COMMON = 20
SIDES = ((240, "small"), (480, "medium"))
MARGINS = ((0.02, "no margin"), (0.08, "narrow margin"), (0.16, "margin"))
SQUARE = 1.08


def group_by_source(examples: Sequence[Example]) -> dict[str, str]:
    """Source of every training example by name; examples of other splits keep their group.

    Raises:
        UserFacingError: a picture cannot be read.
    """
    train = [example for example in examples if example.split == "train"]
    with ThreadPoolExecutor() as pool:
        looks = list(pool.map(_look, train))
    sources = dict(zip((example.name for example in train), name_sources(looks), strict=True))
    return {example.name: sources.get(example.name, example.group) for example in examples}


def name_sources(looks: Sequence[Look]) -> list[str]:
    """Such as "512x512, grey, dark narrow margin", one for each look."""
    sizes = Counter((look.width, look.height) for look in looks)
    return [
        ", ".join(
            (
                f"{look.width}x{look.height}" if sizes[look.width, look.height] >= COMMON else _shape(look),
                "colour" if look.in_colour else "grey",
                _margin(look),
            )
        )
        for look in looks
    ]


def _shape(look: Look) -> str:
    side = next((word for limit, word in SIDES if max(look.width, look.height) < limit), "large")
    if max(look.width, look.height) < SQUARE * min(look.width, look.height):
        return f"{side} square"
    return f"{side} {'landscape' if look.width > look.height else 'portrait'}"


def _margin(look: Look) -> str:
    width = next((word for limit, word in MARGINS if look.margin < limit), "wide margin")
    if width == "no margin":
        return width
    return f"{'dark' if look.tone < DARK else 'bright' if look.tone > BRIGHT else 'grey'} {width}"


def _look(example: Example) -> Look:
    try:
        with Image.open(example.path, formats=("PNG", "JPEG")) as image:
            size = image.size
            # JPEG can be decoded at a fraction of its size: enough to see the format.
            image.draft(None, (256, 256))
            return look_at(image, size)
    except OSError as error:
        raise UserFacingError(
            f"{example.name} cannot be read as a picture.", "Take it out; `lightbox audit` lists all such files."
        ) from error
