"""A ZIP archive as a test set. Nothing is ever unpacked to a disk, and nothing that it says is believed."""

from __future__ import annotations

import stat
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

from lightbox.core import settings
from lightbox.core.errors import UserFacingError
from lightbox.core.file_names import tidy_name
from lightbox.imaging.recognise import HEAD_BYTES, is_litter, kind_of_file
from lightbox.testsets import limits
from lightbox.testsets.item import SAME_NAME, Brought, Item, Remark, printable
from lightbox.testsets.labels import choose_table, folder_label
from lightbox.testsets.sift import set_aside

if TYPE_CHECKING:
    from collections.abc import Sequence

READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
SAYS_UTF8 = 0x800
DOS_FOLDER = 0x10
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


class _Frugal:
    """A file that refuses to be read in large pieces while zipfile reads the list of contents in one.

    The list's stated size is the archive's to invent, and each of its entries takes ten times its room in memory.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.opening = True

    def read(self, size: int = -1) -> bytes:
        if self.opening and (size < 0 or size > limits.MOST_DIRECTORY_BYTES):
            content = self._file.read(limits.MOST_DIRECTORY_BYTES + 1)
            if len(content) > limits.MOST_DIRECTORY_BYTES:
                raise _too_many()
            return content
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


def open_archive(file: IO[bytes], task: str, classes: Sequence[str] | None = None) -> Brought:
    """The scans in a ZIP archive, in class folders or named by a table in it.

    Args:
        file: the archive, seekable; it is read again for each scan, so it must stay open.
        task: key of the task.
        classes: of the networks, the task's own where None.

    Raises:
        UserFacingError: it is no ZIP archive, lists too much, or its table cannot be used.
    """
    guarded = _Frugal(file)
    try:
        archive = zipfile.ZipFile(guarded)
    except DAMAGED:
        raise _no_archive(file) from None
    guarded.opening = False
    entries = [entry for entry in archive.infolist() if not _is_folder(entry)]
    _check_totals([entry for entry in entries if not is_litter(entry.filename)])
    items, problems, tables = _sift(entries, task, classes)

    def read(item: Item) -> bytes:
        return _read(archive, entries[item.number])

    def read_head(item: Item) -> bytes:
        try:
            with archive.open(entries[item.number]) as stream:
                return stream.read(HEAD_BYTES)
        except DAMAGED as error:
            raise OSError from error

    kept, left_out = set_aside(items, read_head)
    return choose_table(Brought(kept, (*problems, *left_out), read), tables)


def _no_archive(file: IO[bytes]) -> UserFacingError:
    """Why a file cannot be opened as an archive: by its first bytes it is one that is not whole, or something else."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    kind = kind_of_file(head)
    if kind == "ZIP":
        return UserFacingError(
            "This is not a ZIP archive that can be opened: its list of contents, at the end, is missing or damaged.",
            "Copy or download it again; if it stays so, pack the folders again, as ZIP.",
        )
    what = f"its first bytes are those of {kind}" if kind else "its first bytes are not those of one"
    what = what if head else "it is empty (0 bytes)"
    return UserFacingError(f"This is not a ZIP archive: {what}.", "Pack the folders as ZIP.")


def _is_folder(entry: zipfile.ZipInfo) -> bool:
    """Whether an entry is an empty folder, however the system that packed it writes one."""
    said = entry.filename.endswith("\\") or bool(entry.external_attr & DOS_FOLDER) or _mode(entry) == stat.S_IFDIR
    return entry.is_dir() or (said and entry.file_size == 0)


def _mode(entry: zipfile.ZipInfo) -> int:
    """The kind of file on a Unix system, 0 where the archive was packed on another."""
    return stat.S_IFMT(entry.external_attr >> 16)


def _name_of(entry: zipfile.ZipInfo) -> str:
    """The entry's path. macOS writes UTF-8 without saying so, which zipfile reads in the letters of old DOS."""
    if entry.flag_bits & SAYS_UTF8:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename


def _check_totals(entries: Sequence[zipfile.ZipInfo]) -> None:
    if len(entries) > limits.MOST_FILES:
        raise _too_many()
    total = sum(entry.file_size for entry in entries)
    if total > limits.MOST_BYTES:
        raise UserFacingError(
            f"Unpacked, this archive would have {total / limits.MEBIBYTE:,.0f} MB; the limit is "
            f"{limits.MOST_BYTES / limits.MEBIBYTE:,.0f} MB.",
            "Bring the scans in several archives.",
        )


def _sift(
    entries: Sequence[zipfile.ZipInfo], task: str, classes: Sequence[str] | None
) -> tuple[list[Item], list[Remark], list[Item]]:
    """What may be a scan, what is not even looked into, and the tables."""
    items: list[Item] = []
    problems: list[Remark] = []
    tables: list[Item] = []
    taken: set[str] = set()
    for number, entry in enumerate(entries):
        raw = _name_of(entry)
        refusal = _refuse(entry)
        name = printable(raw if refusal else tidy_name(raw))
        reason = refusal or (SAME_NAME if name in taken else "")
        taken.add(name)
        if reason:
            problems.append(Remark(name, reason))
            continue
        item = Item(name, entry.file_size, folder_label(name, task, classes), number)
        (tables if name.lower().endswith(".csv") else items).append(item)
    return items, problems, tables


def _refuse(entry: zipfile.ZipInfo) -> str:
    """Why an entry is not even looked into, "" where it may be."""
    name = entry.filename.replace("\\", "/")
    limit = settings.get_number("MAX_UPLOAD_MB") * limits.MEBIBYTE
    ratio = entry.file_size // max(1, entry.compress_size)
    size, most = f"{entry.file_size / limits.MEBIBYTE:,.1f}", f"{limit / limits.MEBIBYTE:g}"
    reasons = {
        "Its name points to a place outside the archive.": (
            name.startswith("/") or name[1:2] == ":" or ".." in name.split("/")
        ),
        "It is a link or a device, not a file.": _mode(entry) not in (0, stat.S_IFREG),
        "It is encrypted.": bool(entry.flag_bits & ENCRYPTED),
        "It is compressed by a method that is not read here; pack it as an ordinary ZIP.": (
            entry.compress_type not in READABLE
        ),
        f"It has {size} MB; the limit is {most} MB.": entry.file_size > limit,
        f"It would grow to {ratio} times its size: no picture does that.": (
            entry.file_size > limits.RATIO_MATTERS_FROM and ratio > limits.MOST_RATIO
        ),
    }
    return next((reason for reason, applies in reasons.items() if applies), "")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The content, never more than the size that was checked.

    Raises:
        UserFacingError: the entry is damaged, or lies about its size.
    """
    try:
        with archive.open(entry) as stream:
            content = stream.read(entry.file_size + 1)
    except DAMAGED:
        content = None
    if content is None or len(content) != entry.file_size:
        raise UserFacingError("It is damaged inside the archive.", "Pack it again.")
    return content


def _too_many() -> UserFacingError:
    return UserFacingError(
        f"This archive lists more than the {limits.MOST_FILES:,} files that are allowed.",
        "Bring the scans in several archives.",
    )
