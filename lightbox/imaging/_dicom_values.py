"""Where a DICOM file states a value, and what the value is; a bad value in one tag spoils no other.

A value may stand at the top of the file or, in enhanced files, in the functional groups of its frame or of all frames.
Every reader asks `place_of`, so that no value is taken as absent while it stands in another place.

Reference:
    DICOM PS3.3 C.7.6.16 (functional groups), PS3.5 6.2 (decimal strings: a point, never a comma).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydicom.datadict import dictionary_VR, keyword_for_tag, tag_for_keyword

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom import Dataset

COMMA_NOTE = "A number in the file is written with a decimal comma, and was read so."
# The frame's own group says more than the one of all frames.
GROUPS = ("PerFrameFunctionalGroupsSequence", "SharedFunctionalGroupsSequence")
MACROS = (
    "FrameVOILUTSequence",
    "PixelValueTransformationSequence",
    "PixelMeasuresSequence",
    "PlaneOrientationSequence",
    "FramePixelDataPropertiesSequence",
    "PatientOrientationInFrameSequence",
)
GROUPED_VALUES = (
    "WindowCenter",
    "WindowWidth",
    "VOILUTFunction",
    "VOILUTSequence",
    "RescaleSlope",
    "RescaleIntercept",
    "ModalityLUTSequence",
    "PixelSpacing",
    "ImagerPixelSpacing",
    "ImageOrientationPatient",
    "PatientOrientation",
)
LUT_VALUES = ("LUTDescriptor", "LUTData")
# What is kept of the items of each sequence. All else in them, names and dates included, is dropped at the door.
KEPT = {
    "ModalityLUTSequence": frozenset(LUT_VALUES),
    "VOILUTSequence": frozenset(LUT_VALUES),
    **{macro: frozenset(GROUPED_VALUES) for macro in MACROS},
    **{group: frozenset((*MACROS, *GROUPED_VALUES)) for group in GROUPS},
}


TEXT = frozenset({"DS", "IS", "CS"})


class UnreadableError(ValueError):
    """A tag is there, and its value is not what the standard allows."""


def drop_the_rest(dataset: Dataset) -> None:
    """Delete everything but technical values from the first item of each sequence, and all further items.

    Raises:
        Exception: of pydicom, where a sequence is damaged.
    """
    for name, kept in KEPT.items():
        items = dataset.get(name)
        if not items:
            continue
        del items[1:]
        for tag in list(items[0].keys()):
            if keyword_for_tag(tag) not in kept:
                del items[0][tag]
        drop_the_rest(items[0])


def place_of(dataset: Dataset, *keywords: str) -> Dataset:
    """The part of the file that states at least one of ``keywords``, which belong together; the top where none does."""
    return next(
        (place for place in _places(dataset) if any(is_stated(place, keyword) for keyword in keywords)), dataset
    )


def is_stated(place: Dataset, keyword: str) -> bool:
    """Whether a tag is there and not empty, be its value good or bad."""
    if keyword not in place:
        return False
    element = place.get_item(tag_for_keyword(keyword))
    value = element.value
    if isinstance(value, bytes) and _representation(element) in TEXT:
        return bool(value.strip(b" \x00"))
    if isinstance(value, str):
        return bool(value.strip(" \x00"))
    return value is not None and (not hasattr(value, "__len__") or len(value) > 0)


def numbers(place: Dataset, keyword: str, notes: list[str]) -> list[float]:
    """The numbers of a tag that may hold none, one or several.

    Raises:
        UnreadableError: one of them is no number.
    """
    if not is_stated(place, keyword):
        return []
    try:
        return [_number(each, notes) for each in _values(place, keyword)]
    except UnreadableError:
        raise
    except Exception as error:
        raise UnreadableError(keyword) from error


def words(place: Dataset, keyword: str) -> list[str]:
    """The code words of a tag, in capitals; none where it is absent.

    Raises:
        UnreadableError: it holds something else.
    """
    if not is_stated(place, keyword):
        return []
    try:
        return [str(each).strip(" \x00").upper() for each in _values(place, keyword)]
    except Exception as error:
        raise UnreadableError(keyword) from error


def word(place: Dataset, keyword: str) -> str:
    """The first code word of a tag, "" where it is absent, empty or unreadable."""
    try:
        return next(iter(words(place, keyword)), "")
    except UnreadableError:
        return ""


def _places(dataset: Dataset) -> Iterator[Dataset]:
    """All parts of the file where a value of its one picture may stand, the most particular first."""
    for group in GROUPS:
        for item in list(dataset.get(group) or ())[:1]:
            for macro in MACROS:
                yield from list(item.get(macro) or ())[:1]
            yield item
    yield dataset


def _representation(element: Any) -> str:
    """The value representation; files with implicit ones leave it to the dictionary."""
    return str(element.VR or dictionary_VR(element.tag))


def _values(place: Dataset, keyword: str) -> list[Any]:
    """The values of a tag as they stand in the file: pydicom's own reading of a bad number raises."""
    element = place.get_item(tag_for_keyword(keyword))
    if isinstance(element.value, bytes) and _representation(element) in TEXT:
        return element.value.decode("ascii").split("\\")
    value = place[keyword].value
    return [value] if isinstance(value, int | float | str | bytes) else list(value)


def _number(value: Any, notes: list[str]) -> float:
    """A number. A comma stands for a point where it cannot stand for thousands or part two numbers."""
    if not isinstance(value, str):
        return float(value)
    text = value.strip(" \x00")
    if re.fullmatch(r"[+-]?\d+,(\d{1,2}|\d{4,})", text):
        if COMMA_NOTE not in notes:
            notes.append(COMMA_NOTE)
        text = text.replace(",", ".")
    try:
        return float(text)
    except ValueError:
        raise UnreadableError from None
