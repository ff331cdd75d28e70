"""The eight ways to lay a picture on a table: turned by quarters, mirrored or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

UPRIGHT, MIRRORED, UPSIDE_DOWN, FLIPPED = "upright", "mirrored", "upside_down", "flipped"
TURNED_LEFT, TURNED_RIGHT = "turned_left", "turned_right"
LEFT_MIRRORED, RIGHT_MIRRORED = "turned_left_mirrored", "turned_right_mirrored"

# What was done to an upright picture: by name, a function of (..., H, W).
_MOVES: dict[str, Callable[[NDArray[np.float32]], NDArray[np.float32]]] = {
    UPRIGHT: lambda pixels: pixels,
    MIRRORED: lambda pixels: pixels[..., ::-1],
    UPSIDE_DOWN: lambda pixels: pixels[..., ::-1, ::-1],
    FLIPPED: lambda pixels: pixels[..., ::-1, :],
    TURNED_LEFT: lambda pixels: np.rot90(pixels, 1, axes=(-2, -1)),
    TURNED_RIGHT: lambda pixels: np.rot90(pixels, -1, axes=(-2, -1)),
    LEFT_MIRRORED: lambda pixels: np.rot90(pixels[..., ::-1], 1, axes=(-2, -1)),
    RIGHT_MIRRORED: lambda pixels: np.rot90(pixels[..., ::-1], -1, axes=(-2, -1)),
}
TURNS = tuple(_MOVES)
_NUMBERED = np.arange(9, dtype=np.float32).reshape(3, 3)


def turn(pixels: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    """``pixels``, (..., H, W), laid as ``name`` says; a quarter exchanges height and width."""
    return np.ascontiguousarray(_MOVES[name](pixels))


def set_upright(pixels: NDArray[np.float32], name: str) -> NDArray[np.float32]:
    """The inverse of `turn`: a picture that lies as ``name`` says, upright again."""
    return turn(pixels, INVERSE[name])


def _name_of(picture: NDArray[np.float32]) -> str:
    return next(name for name in TURNS if np.array_equal(turn(_NUMBERED, name), picture))


# COMPOSED[second][first]: what both together are.
COMPOSED = {second: {first: _name_of(turn(turn(_NUMBERED, first), second)) for first in TURNS} for second in TURNS}
INVERSE = {name: next(back for back in TURNS if COMPOSED[back][name] == UPRIGHT) for name in TURNS}
