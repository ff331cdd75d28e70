"""The scan as the rest of the program knows it: pixels, and how they came about."""

from __future__ import annotations

import copy
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The patient's sides: L and R (left and right), A and P (front and back), H and F (head and feet).
Sides = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Provenance:
    """How the pixels came about. Never a file name, never a tag that names a person.

    Args:
        format: "PNG", "JPEG", "DICOM", "array".
        photometric: "grey", "RGB", "CMYK", "palette", "MONOCHROME1", ...: what the file held.
        bit_depth: bits per stored sample.
        original_hw: (height, width) of the file's pixels, before orientation was applied.
        window: (low, high) in stored or rescaled units mapped to 0 and 1; None where the file's own range was kept.
        notes: what a careful reader should know, one sentence each ("alpha was dropped", "EXIF rotation applied").
        sides: which side of the patient lies at the picture's left, right, upper and lower edge, as letters, "" for an
            edge that lies between two; None where the file does not say. Never a guess from the picture.
    """

    format: str
    photometric: str
    bit_depth: int
    original_hw: tuple[int, int]
    window: tuple[float, float] | None = None
    notes: tuple[str, ...] = ()
    sides: Sides | None = None


@dataclass(frozen=True, slots=True)
class Scan:
    """One greyscale picture at native resolution.

    Args:
        pixels: (H, W) float32 in 0..1, read-only; 0 is black.
        modality: the key of a task: "chest_xray" or "brain_mri".
        provenance: how the pixels came about.

    Attributes:
        sha256: of shape and pixels: two scans with equal pixels are the same scan.
    """

    pixels: NDArray[np.float32]
    modality: str
    provenance: Provenance
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        pixels = np.ascontiguousarray(self.pixels, dtype=np.float32)
        if pixels.ndim != 2 or pixels.size == 0:
            raise ValueError(f"a scan is (H, W) with at least one pixel, got shape {pixels.shape}")
        if not np.isfinite(pixels).all() or pixels.min() < 0 or pixels.max() > 1:
            raise ValueError("a scan's pixels are finite and within 0..1")
        pixels.setflags(write=False)
        digest = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest()
        object.__setattr__(self, "pixels", pixels)
        object.__setattr__(self, "sha256", digest)

    def read_as(self, modality: str) -> Scan:
        """The same pixels taken for a scan of another modality. Nothing is copied, and nothing hashed again."""
        other = copy.copy(self)
        object.__setattr__(other, "modality", modality)
        return other

    @property
    def size_hw(self) -> tuple[int, int]:
        return self.pixels.shape[0], self.pixels.shape[1]
