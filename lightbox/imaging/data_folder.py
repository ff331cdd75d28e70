"""The operator's folder of data set images: a file leaves it only if it is the very file that was evaluated."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath

from lightbox.core import settings
from lightbox.core.errors import UserFacingError
from lightbox.imaging._limits import check_bytes


def data_folder() -> Path | None:
    """``LIGHTBOX_DATA_DIR``, or None where it is not set.

    Raises:
        UserFacingError: it is set to something that is not a folder.
    """
    if not settings.get("DATA_DIR"):
        return None
    folder = settings.get_path("DATA_DIR")
    if not folder.is_dir():
        raise UserFacingError(
            "LIGHTBOX_DATA_DIR is set, but there is no such folder.", "Correct the setting, or unset it."
        )
    return folder


def read_verified(folder: Path, name: str, sha256: str) -> bytes:
    """The content of the file ``name`` of the folder, known to be what ``sha256`` says.

    Args:
        folder: nothing outside it is read, wherever a name or a link points.
        name: relative path with forward slashes, as in predictions.csv.
        sha256: of the file, 64 hexadecimal digits.

    Raises:
        UserFacingError: there is no such file in the folder, it is too large, or its content is another.
    """
    path = _inside(folder, name)
    try:
        check_bytes(path.stat().st_size)
        content = path.read_bytes()
    except OSError as error:
        raise UserFacingError(f"{name} cannot be read.", "Check the file and its permissions.") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise UserFacingError(
            f"{name} is not the file that the network was tested on (sha256 differs), so it is not opened.",
            "Restore the file from the published data set.",
        )
    return content


def _inside(folder: Path, name: str) -> Path:
    """Where the file really is, links followed."""
    relative = PurePosixPath(name)
    try:
        root = folder.resolve(strict=True)
        path = (root / relative).resolve(strict=True)
    except (OSError, ValueError, RuntimeError):  # absent; a NUL byte; links in a circle
        path = None
    if path is None or relative.is_absolute() or not path.is_relative_to(root) or not path.is_file():
        raise UserFacingError(
            f"There is no file {name} in the data folder.",
            "Point LIGHTBOX_DATA_DIR at the folder that these relative paths start from.",
        )
    return path
