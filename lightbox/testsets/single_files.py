"""Single files that were uploaded together: pictures, and a table that says what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.core import settings
from lightbox.core.errors import UserFacingError
from lightbox.core.file_names import tidy_name
from lightbox.imaging.recognise import HEAD_BYTES
from lightbox.testsets import limits
from lightbox.testsets.item import SAME_NAME, Brought, Item, Remark, printable
from lightbox.testsets.labels import apply_table, folder_label
from lightbox.testsets.sift import set_aside

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def gather_files(
    files: Sequence[tuple[str, int, Callable[[], bytes]]], task: str, classes: Sequence[str] | None = None
) -> Brought:
    """Uploaded files as a test set.

    Args:
        files: name, size and a function that gives the content, each.
        task: key of the task.
        classes: of the networks, the task's own where None.

    Raises:
        UserFacingError: there are too many, or no usable table names their classes.
    """
    if len(files) > limits.MOST_FILES:
        raise UserFacingError(
            f"These are {len(files):,} files; the limit is {limits.MOST_FILES:,}.", "Bring fewer at a time."
        )
    limit, total = settings.get_number("TEST_SET_MB"), sum(size for _, size, _ in files) / limits.MEBIBYTE
    if total > limit:
        raise UserFacingError(
            f"These files have {total:,.0f} MB together; the limit is {limit:g} MB.", "Bring fewer at a time."
        )
    tables = [number for number, (name, _, _) in enumerate(files) if name.lower().endswith(".csv")]
    if not tables:
        raise UserFacingError(
            "Among the files there is no CSV that names the classes.",
            "Add one CSV with the columns file and label, or bring a ZIP of class folders.",
        )
    if len(tables) > 1:
        raise UserFacingError(
            f"There are {len(tables)} CSV files, so it is not clear which one counts.", "Leave one of them in."
        )
    items: list[Item] = []
    problems: list[Remark] = []
    taken: set[str] = set()
    for number, (raw, size, _) in enumerate(files):
        name = printable(tidy_name(raw))
        if number in tables:
            continue
        if name in taken:
            problems.append(Remark(name, SAME_NAME))
            continue
        taken.add(name)
        items.append(Item(name, size, folder_label(name, task, classes), number))

    def read(item: Item) -> bytes:
        return files[item.number][2]()

    name, _, content = files[tables[0]]
    kept, left_out = set_aside(items, lambda item: read(item)[:HEAD_BYTES])
    return apply_table(Brought(kept, (*problems, *left_out), read), tidy_name(name), content())
