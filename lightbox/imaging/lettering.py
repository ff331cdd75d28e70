"""Words in pictures: the font, and lines broken to fit a width."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import ImageFont


def font(size: int, *, bold: bool = False) -> Any:
    """DejaVu Sans of ``size`` pixels, which comes with matplotlib: Pillow's own font has no umlauts."""
    import matplotlib as mpl

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    try:
        return ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name), size)
    except OSError:
        return ImageFont.load_default(size)


def wrap(line: str, face: Any, width: int) -> list[str]:
    """The line broken between words to ``width`` pixels; a word that is wider is broken anywhere."""
    wrapped = [""]
    for word in line.split():
        longer = f"{wrapped[-1]} {word}".strip()
        if face.getlength(longer) <= width:
            wrapped[-1] = longer
            continue
        wrapped.append("")
        for letter in word:
            if wrapped[-1] and face.getlength(wrapped[-1] + letter) > width:
                wrapped.append("")
            wrapped[-1] += letter
    return [part for part in wrapped if part] or [""]
