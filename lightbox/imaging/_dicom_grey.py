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
from lightbox.imaging._dicom_values import UnreadableError, is_stated, numbers, place_of, word
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
# All that a table without sense was seen to raise, in pydicom or in numpy.
BAD_TABLE = (AttributeError, TypeError, ValueError, LookupError, NotImplementedError)
PADDING_TAGS = tuple(
    f"{kind}PixelPadding{which}" for kind in ("", "Float", "DoubleFloat") for which in ("Value", "RangeLimit")
)
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
        values, in_units = _modality(stored, dataset, notes)
        values[blank] = 0
        if not np.isfinite(values).all():
            raise UserFacingError(
                "The pixel values of this DICOM file are too large to compute with.", "Export it as PNG."
            )
        grey, window = _voi(values, ~blank, dataset, notes, in_units=in_units)
    if _is_inverted(dataset, photometric, notes):
        grey = np.float32(1) - grey
    grey[blank] = 0
    return grey, window


def _is_inverted(dataset: Dataset, photometric: str, notes: list[str]) -> bool:
    """Whether the highest value is shown black. MONOCHROME1 and INVERSE say the same thing, not one after the other.

    Reference:
        DICOM PS3.3 C.7.6.3.1.2 and C.8.11.3 (PresentationLUTShape: INVERSE belongs to MONOCHROME1).
    """
    shape = word(dataset, "PresentationLUTShape")
    if photometric == "MONOCHROME1":
        contradicted = " Its PresentationLUTShape says the opposite and was ignored." if shape == "IDENTITY" else ""
        notes.append(f"Stored with white as the lowest value (MONOCHROME1); it was inverted.{contradicted}")
        return True
    if shape == "INVERSE":
        notes.append("The file asks for its brightness to be inverted (PresentationLUTShape INVERSE); it was.")
        return True
    return False


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
    span = _padding(stored, dataset, notes)
    if span is not None:
        blank = (stored >= span[0]) & (stored <= span[1])
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


def _padding(stored: NDArray[Any], dataset: Dataset, notes: list[str]) -> tuple[float, float] | None:
    """The lowest and the highest stored value that mean "no pixel here"; None where the file names none."""
    kind = {"i": "", "u": ""}.get(stored.dtype.kind, "Float" if stored.dtype.itemsize == 4 else "DoubleFloat")
    try:
        stated = [numbers(dataset, f"{kind}PixelPadding{which}", notes)[:1] for which in ("Value", "RangeLimit")]
        ends = [_as_stored(number, stored, dataset) for found in stated for number in found]
    except (UnreadableError, ArithmeticError, ValueError):
        notes.append("The padding value of the file could not be read, or is none that its pixels can have.")
        return None
    return (min(ends), max(ends)) if stated[0] else None


def _as_stored(number: float, stored: NDArray[Any], dataset: Dataset) -> float:
    """A padding value as the pixels hold it: writers state -2000 as 63536, and the other way round.

    Raises:
        UnreadableError: no pixel can have this value.

    Reference:
        DICOM PS3.3 C.7.5.1.1.2: PixelRepresentation says how the value is to be read.
    """
    if stored.dtype.kind not in "iu":
        return number
    signed, width = stored.dtype.kind == "i", stored.dtype.itemsize * 8
    bits = min(width, int(dataset.get("BitsStored") or width))
    value = _of_bits(int(number), width, signed=signed)
    if signed and 2 ** (bits - 1) <= value < 2**bits:
        value = _of_bits(value, bits, signed=True)
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1)) if signed else (0, 2**bits)
    if not low <= value < high:
        raise UnreadableError
    return value


def _of_bits(value: int, bits: int, *, signed: bool) -> int:
    """The number that the lowest ``bits`` of ``value`` spell."""
    value &= 2**bits - 1
    return value - 2**bits if signed and value >= 2 ** (bits - 1) else value


def _modality(stored: NDArray[Any], dataset: Dataset, notes: list[str]) -> tuple[NDArray[Any], bool]:
    """Values in the units of the modality, by table or by slope and intercept, and whether that worked."""
    exact: Any = np.float32 if stored.dtype.itemsize <= 2 else np.float64
    place = place_of(dataset, "ModalityLUTSequence", "RescaleSlope", "RescaleIntercept")
    if place.get("ModalityLUTSequence"):
        try:
            entries, first, _ = _table(place.ModalityLUTSequence[0], dataset)
        except BAD_TABLE:
            notes.append("The table that gives the pixels their units (modality LUT) could not be read.")
            return stored.astype(exact), False
        return look_up(stored, entries, first).astype(exact), True
    values: NDArray[Any] = stored.astype(exact)
    try:
        slope, intercept = (numbers(place, name, notes)[:1] for name in ("RescaleSlope", "RescaleIntercept"))
    except UnreadableError:
        slope, intercept = [0.0], [0.0]
    if not slope and not intercept:
        return values, True
    factor, offset = next(iter(slope), 1.0), next(iter(intercept), 0.0)
    if factor == 0 or not math.isfinite(factor) or not math.isfinite(offset):
        notes.append("The rescale slope and intercept of the file make no sense and were ignored.")
        return values, False
    values *= exact(factor)
    values += exact(offset)
    return values, True


def _table(item: Dataset, dataset: Dataset) -> tuple[NDArray[Any], int, int]:
    """The (N,) entries of a lookup table, the value of the first, and the bits of an entry."""
    count, first, bits = item.LUTDescriptor
    return _entries(item.LUTData, count or 2**16, dataset), int(first), int(bits)


def _voi(
    values: NDArray[Any], valid: NDArray[np.bool_], dataset: Dataset, notes: list[str], *, in_units: bool
) -> tuple[NDArray[np.float32], Window]:
    """Values as the file's own table or window shows them, else their full range."""
    place = place_of(dataset, "VOILUTSequence", "WindowCenter", "WindowWidth")
    stated = [name for name in ("VOILUTSequence", "WindowCenter", "WindowWidth") if is_stated(place, name)]
    grey, window = None, None
    if stated and in_units:
        grey = _by_table(values, place, dataset, notes)
        if grey is None:
            grey, window = _by_window(values, place, notes)
    if grey is None:
        if not stated:
            notes.append("No display window was found in the file; its lowest to highest value are shown.")
        elif not in_units:
            notes.append("The display window is of no use without them; the full range of values is shown.")
        return stretch(values, notes, valid=valid)
    shown = grey[valid]
    if shown.min() == shown.max() and values[valid].min() < values[valid].max():
        notes.append("The file's own window leaves nothing to see; the full range of values is shown.")
        return stretch(values, notes, valid=valid)
    return grey, window


def _by_table(values: NDArray[Any], place: Dataset, dataset: Dataset, notes: list[str]) -> NDArray[np.float32] | None:
    """Values through the first VOI LUT; None where there is none that can be read."""
    if not place.get("VOILUTSequence"):
        return None
    try:
        entries, first, bits = _table(place.VOILUTSequence[0], dataset)
        if not 1 <= bits <= 16:
            raise UnreadableError
    except BAD_TABLE:
        notes.append("The file's own lookup table (VOI LUT) could not be read and was ignored.")
        return None
    if first >= 2**15 and values.min() < 0:
        first -= 2**16  # stored unsigned although rescaled values are negative
    notes.append("The file's own lookup table (VOI LUT) sets the brightness.")
    return np.clip(look_up(values, entries, first) / np.float32(2**bits - 1), 0, 1).astype(np.float32)


def _by_window(values: NDArray[Any], place: Dataset, notes: list[str]) -> tuple[NDArray[np.float32] | None, Window]:
    """Values through the first window; None where there is none that makes sense."""
    try:
        centers, widths = (numbers(place, name, notes) for name in ("WindowCenter", "WindowWidth"))
    except UnreadableError:
        notes.append("The display window of the file could not be read; the full range of values is shown.")
        return None, None
    if not centers or not widths:
        notes.append("The file states half a display window, which was ignored; the full range of values is shown.")
        return None, None
    center, width = centers[0], widths[0]
    function = word(place, "VOILUTFunction") or "LINEAR"
    smallest = 1.0 if function == "LINEAR" else 1e-9
    if function not in WINDOWS or not math.isfinite(center) or not smallest <= width < math.inf:
        notes.append("The display window of the file makes no sense and was ignored; the full range is shown.")
        return None, None
    if len(centers) > 1:
        notes.append(f"The file offers {len(centers)} display windows; the first was used.")
    if function == "SIGMOID":
        notes.append("The display window is a sigmoid; its ends are approached, not reached.")
    middle, span = (center - 0.5, width - 1) if function == "LINEAR" else (center, width)
    return WINDOWS[function](values, center, width), (middle - span / 2, middle + span / 2)
