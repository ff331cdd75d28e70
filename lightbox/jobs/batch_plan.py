"""Before a batch begins: which files are scans, in which shard each is, and that nobody else writes there."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from lightbox.core.errors import UserFacingError
from lightbox.core.file_lock import hold
from lightbox.core.file_names import show_name
from lightbox.core.program_version import program_version
from lightbox.core.whole_file import prove_writable, write_whole
from lightbox.imaging.choose_files import leave_out
from lightbox.imaging.recognise import HEAD_BYTES
from lightbox.jobs.shard_files import left_out_path, plan_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path


def hold_alone(out: Path) -> AbstractContextManager[None]:
    """Hold ``out``, made where it is missing, for this process.

    Raises:
        UserFacingError: nothing can be written there, or another process holds it.
    """
    try:
        prove_writable(out)
    except OSError as error:
        raise UserFacingError(
            f"Nothing can be written into {out} ({error.strerror or error}).",
            "Choose another folder with --out, or make this one writable.",
        ) from error
    words = f"Another batch is writing to {out.name}."
    return hold(out / ".lock", words, "Wait for it to end, or choose another folder with --out.")


def look_through(folder: Path, out: Path) -> tuple[list[str], dict[str, str]]:
    """The scans of a folder in the order of their names, and why each of the other files is none.

    What lies in ``out`` was written by a batch, and is neither.
    """
    inside = out.resolve().is_relative_to(folder.resolve()) and out.resolve() != folder.resolve()
    own = out.resolve().relative_to(folder.resolve()) if inside else None
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    names = sorted(str(path) for path in paths if own is None or not path.is_relative_to(own))

    def read_head(name: str) -> bytes:
        with (folder / name).open("rb") as file:
            return file.read(HEAD_BYTES)

    left_out = leave_out(names, read_head)
    return [name for name in names if name not in left_out], left_out


def plan_shards(found: list[str], out: Path, settings: Mapping[str, Any], shard_size: int) -> list[list[str]]:
    """Which image is in which shard. Written before the first is computed; later images only add shards."""
    path = plan_path(out)
    shards: list[list[str]] = []
    if path.is_file():
        plan = _read_plan(path)
        if plan["settings"] != settings:
            raise UserFacingError(
                f"{out.name} holds a batch with another network, other weights, methods or parameters.",
                "Repeat its arguments to go on with it, or choose another folder with --out.",
            )
        shards = plan["shards"]
    known = {name for shard in shards for name in shard}
    new = [name for name in found if name not in known]
    shards += [new[start : start + shard_size] for start in range(0, len(new), shard_size)]
    if new:
        write_whole(path, json.dumps({"lightbox": program_version(), "settings": settings, "shards": shards}).encode())
    return shards


def _read_plan(path: Path) -> dict[str, Any]:
    try:
        plan = json.loads(path.read_text(encoding="utf-8"))
        return {name: plan[name] for name in ("settings", "shards")}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UserFacingError(
            f"The {path.name} in {path.parent.name} is not one that a batch wrote ({error}).",
            "Choose another folder with --out.",
        ) from error


def nothing_found(folder: Path, left_out: Mapping[str, str]) -> UserFacingError:
    if not left_out:
        return UserFacingError(
            f"There is no image in {folder.name}: it holds no file, to any depth.",
            "Name the folder that holds the scans.",
        )
    name, reason = next(iter(left_out.items()))
    return UserFacingError(
        f"There is no image in {folder.name}: none of its {len(left_out)} files is a scan. {show_name(name)}: {reason}",
        "Name a folder with PNG, JPEG or DICOM files.",
    )


def write_left_out(out: Path, left_out: Mapping[str, str]) -> None:
    """The list of what is no scan; none where there is nothing to list."""
    path = left_out_path(out)
    if not left_out:
        path.unlink(missing_ok=True)
        return
    text = io.StringIO(newline="")
    csv.writer(text).writerows([("path", "reason"), *left_out.items()])
    write_whole(path, text.getvalue().encode("utf-8", errors="replace"))
