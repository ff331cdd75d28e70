"""DICOM's greyscale pipeline: modality LUT, VOI LUT, inversion, once each and in that order.

Reference:
    DICOM PS3.3 C.7.6.3.1.2 (photometric interpretation), C.11.1 (modality LUT), C.11.2 (VOI LUT),
    C.7.5.1.1.2 (pixel padding).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.imaging._window import (
    look_up,
    luminance,
    stretch,
    window_linear,
    window_linear_exact,
    window_sigmoid,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pydicom import Dataset

Window = tuple[float, float] | None
WINDOWS = {"LINEAR": window_linear, "LINEAR_EXACT": window_linear_exact, "SIGMOID": window_sigmoid}


def to_grey(
    stored: NDArray[Any], dataset: Dataset, photometric: str, notes: list[str]
) -> tuple[NDArray[np.float32], Window]:
    """(H, W) float32 in 0..1 and the window in rescaled units, None where a table or full range was used.

    Args:
        stored: (H, W) or (H, W, 3) decoded samples.
        dataset: the technical tags.
        photometric: what ``stored`` holds after decoding.
        notes: sentences are added.

    Raises:
        UserFacingError: the samples are of a kind that has no grey picture.
    """
    if photometric == "PALETTE COLOR":
        return _grey_of_palette(stored, dataset, notes), None
    if photometric == "RGB" and stored.ndim == 3:
        return _grey_of_colours(stored, 2.0 ** int(dataset.BitsStored) - 1, notes), None
    if photometric not in {"MONOCHROME1", "MONOCHROME2"} or stored.ndim != 2:
        raise UserFacingError(
            "This DICOM file stores its colours in a form that Lightbox does not read.",
            "Export it as PNG, or as DICOM with the photometric interpretation MONOCHROME2 or RGB.",
        )
    blank = _blank(stored, dataset, notes)
    with np.errstate(all="ignore"):
        values = _modality(stored, dataset, notes)
        values[blank] = 0
        if not np.isfinite(values).all():
            raise UserFacingError(
                "The pixel values of this DICOM file are too large to compute with.", "Export it as PNG."
            )
        grey, window = _voi(values, ~blank, dataset, notes)
    if photometric == "MONOCHROME1":
        notes.append("Stored with white as the lowest value (MONOCHROME1); it was inverted.")
        grey = np.float32(1) - grey
    grey[blank] = 0
    return grey, window


def _grey_of_colours(colours: NDArray[Any], full: float, notes: list[str]) -> NDArray[np.float32]:
    grey, coloured = luminance(colours, full)
    if coloured:
        notes.append("The picture was in colour; only its luminance was used.")
    return grey


def _grey_of_palette(stored: NDArray[Any], dataset: Dataset, notes: list[str]) -> NDArray[np.float32]:
    channels, tables, stated_bits = [], [], []
    for colour in ("Red", "Green", "Blue"):
        count, first, bits = dataset[f"{colour}PaletteColorLookupTableDescriptor"].value
        data = dataset[f"{colour}PaletteColorLookupTableData"].value
        tables.append(_entries(data, count or 2**16, dataset))
        stated_bits.append(bits)
        channels.append(look_up(stored, tables[-1], first))
    return _grey_of_colours(np.stack(channels, axis=-1), _white_of_palette(tables, stated_bits), notes)


def _white_of_palette(tables: Sequence[NDArray[Any]], stated_bits: Sequence[int]) -> float:
    """The value of white. Entries of 8 bits may lie in words of 16, and some writers say 8 of words they fill."""
    eight = all(table.dtype.itemsize == 1 for table in tables)
    if not eight and all(bits == 8 for bits in stated_bits):
        eight = all(int(table.max()) <= 255 for table in tables)
    return 255.0 if eight else 65535.0


def _entries(data: Any, count: int, dataset: Dataset) -> NDArray[Any]:
    """The (N,) entries of a lookup table, stored as numbers, as 16-bit words, or as bytes."""
    if not isinstance(data, bytes):
        return np.atleast_1d(np.asarray(data, dtype=np.uint16))[:count]
    if count <= len(data) < 2 * count:
        return np.frombuffer(data, dtype=np.uint8)[:count]
    little = dataset.original_encoding[1]
    return np.frombuffer(data, dtype="<u2" if little else ">u2", count=count).astype(np.uint16)


def _blank(stored: NDArray[Any], dataset: Dataset, notes: list[str]) -> NDArray[np.bool_]:
    """Pixels that carry no measurement: padding, and what is not a number. They are drawn black."""
    blank = np.zeros(stored.shape, dtype=np.bool_)
    padding = dataset.get("PixelPaddingValue")
    if padding is not None:
        limit = dataset.get("PixelPaddingRangeLimit")
        low, high = sorted((float(padding), float(padding if limit is None else limit)))
        blank = (stored >= low) & (stored <= high)
        if blank.all():
            blank[:] = False
        elif blank.any():
            notes.append("Pixels marked as padding are drawn black.")
    if np.issubdtype(stored.dtype, np.floating):
        odd = ~np.isfinite(stored)
        if odd.all():
            raise UserFacingError("No pixel of this DICOM file holds a number.", "Export the picture again.")
        if odd.any():
            notes.append(f"{int(odd.sum())} pixels are not numbers and are drawn black.")
        blank |= odd
    return blank


def _modality(stored: NDArray[Any], dataset: Dataset, notes: list[str]) -> NDArray[Any]:
    """Stored values in the units of the modality, by table or by slope and intercept."""
    exact: Any = np.float32 if stored.dtype.itemsize <= 2 else np.float64
    if dataset.get("ModalityLUTSequence"):
        table = dataset.ModalityLUTSequence[0]
        count, first, _ = table.LUTDescriptor
        return look_up(stored, _entries(table.LUTData, count or 2**16, dataset), first).astype(exact)
    slope, intercept = dataset.get("RescaleSlope"), dataset.get("RescaleIntercept")
    values: NDArray[Any] = stored.astype(exact)
    if slope is None and intercept is None:
        return values
    slope, intercept = float(1 if slope is None else slope), float(0 if intercept is None else intercept)
    if slope == 0 or not math.isfinite(slope) or not math.isfinite(intercept):
        notes.append("The rescale slope and intercept of the file make no sense and were ignored.")
        return values
    values *= exact(slope)
    values += exact(intercept)
    return values


def _voi(
    values: NDArray[Any], valid: NDArray[np.bool_], dataset: Dataset, notes: list[str]
) -> tuple[NDArray[np.float32], Window]:
    """Values as the file's own table or window shows them, else their full range."""
    grey, window = _by_table(values, dataset, notes), None
    if grey is None:
        grey, window = _by_window(values, dataset, notes)
    if grey is None:
        notes.append("The file has no display window; its lowest to highest value are shown.")
        return stretch(values, notes, valid=valid)
    shown = grey[valid]
    if shown.min() == shown.max() and values[valid].min() < values[valid].max():
        notes.append("The file's own window leaves nothing to see; the full range of values is shown.")
        return stretch(values, notes, valid=valid)
    return grey, window


def _by_table(values: NDArray[Any], dataset: Dataset, notes: list[str]) -> NDArray[np.float32] | None:
    """Values through the first VOI LUT; None where the file has none."""
    if not dataset.get("VOILUTSequence"):
        return None
    table = dataset.VOILUTSequence[0]
    count, first, bits = table.LUTDescriptor
    entries = _entries(table.LUTData, count or 2**16, dataset)
    if first >= 2**15 and values.min() < 0:
        first -= 2**16  # stored unsigned although rescaled values are negative
    notes.append("The file's own lookup table (VOI LUT) sets the brightness.")
    return np.clip(look_up(values, entries, first) / np.float32(2**bits - 1), 0, 1).astype(np.float32)


def _by_window(values: NDArray[Any], dataset: Dataset, notes: list[str]) -> tuple[NDArray[np.float32] | None, Window]:
    """Values through the first window; None where the file has none that makes sense."""
    centers, widths = _numbers(dataset.get("WindowCenter")), _numbers(dataset.get("WindowWidth"))
    if not centers or not widths:
        return None, None
    center, width = centers[0], widths[0]
    function = str(dataset.get("VOILUTFunction") or "LINEAR").strip().upper()
    smallest = 1.0 if function == "LINEAR" else 1e-9
    if function not in WINDOWS or not math.isfinite(center) or not smallest <= width < math.inf:
        notes.append("The display window of the file makes no sense and was ignored.")
        return None, None
    if len(centers) > 1:
        notes.append(f"The file offers {len(centers)} display windows; the first was used.")
    if function == "SIGMOID":
        notes.append("The display window is a sigmoid; its ends are approached, not reached.")
    middle, span = (center - 0.5, width - 1) if function == "LINEAR" else (center, width)
    return WINDOWS[function](values, center, width), (middle - span / 2, middle + span / 2)


def _numbers(value: Any) -> list[float]:
    """The numbers of a tag that may hold none, one or several."""
    if value is None or value == "":
        return []
    many = [value] if isinstance(value, (int, float, str)) else list(value)
    return [float(number) for number in many]
