"""The folder of a run: whose state it holds, and that one process at a time works in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lightbox.core.errors import UserFacingError
from lightbox.core.file_lock import hold
from lightbox.core.tasks import TASKS
from lightbox.core.whole_file import write_whole
from lightbox.training.recipe import Recipe

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

IDENTITY_NAME = "run.json"


def hold_work(work: Path, command: str) -> AbstractContextManager[None]:
    """Hold the folder: the kernel drops the lock with the process, so what still seems to run in it then is dead.

    Args:
        work: the folder, made where it is absent.
        command: of `lightbox`, for the words.
    """
    work.mkdir(parents=True, exist_ok=True)
    words = f"Another `lightbox {command}` is working in {work}."
    return hold(work / "lock", words, "Wait for it, or give another folder with --work.")


def claim(work: Path, identity: Mapping[str, Any]) -> None:
    """Write down whose run this is.

    Raises:
        UserFacingError: the folder holds a run of another recipe, of other data, or of another order of classes.
    """
    path = work / IDENTITY_NAME
    if path.is_file() and not is_same_run(path.read_text(encoding="utf-8"), identity):
        raise other_run(work, "run")
    write_whole(path, json.dumps(identity, indent=1, sort_keys=True).encode())


def other_run(work: Path, what: str) -> UserFacingError:
    """The refusal to mix two runs or studies."""
    return UserFacingError(
        f"{work} holds a {what} with other settings or data.", "Give another folder with --work, or delete that one."
    )


def is_same_run(text: str, identity: Mapping[str, Any]) -> bool:
    """Whether a saved identity is this one. A run begun before something was asked for had its default."""
    saved = read_identity(text)
    saved["recipe"] = {**Recipe().as_dict(), **saved.get("recipe", {})}
    return bool({"initial_weights": "random", "audited": False, **saved} == json.loads(json.dumps(identity)))


def read_identity(text: str) -> dict[str, Any]:
    """A saved identity, with the classes of the app's task where it does not say them; empty where it is damaged."""
    try:
        saved = dict(json.loads(text))
    except (ValueError, TypeError):
        return {}
    if saved.get("task") in list(TASKS):
        saved.setdefault("classes", list(TASKS[saved["task"]].classes))
    return saved
