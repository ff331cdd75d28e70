"""Scores that are already there when a measurement of hours is stopped and started again."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import lightbox
from lightbox.core.errors import UserFacingError
from lightbox.core.versions import package_versions
from lightbox.core.whole_file import prove_writable, write_whole
from lightbox.ground_truth.localisation_table import DAMAGED
from lightbox.ground_truth.scores import MapScore, PhantomScore
from lightbox.metrics.localisation import Localisation

if TYPE_CHECKING:
    from lightbox.jobs import Work


class ScoreFiles:
    """One file per phantom, under the key of all that its score depends on and under the program that made it.

    Args:
        folder: made where it is absent; scores of another program in it are left alone and not read.

    Raises:
        UserFacingError: the folder cannot be written to.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / program_sha256()[:16]
        try:
            prove_writable(self._folder)
        except OSError as error:
            raise _not_written(folder, error) from error

    def find(self, work: Work) -> PhantomScore | None:
        """The score that an earlier run left, None where it left none that can be read."""
        path = self._path(work)
        if not path.is_file():
            return None
        try:
            return _read(path)
        except DAMAGED:
            return None

    def keep(self, work: Work, score: PhantomScore) -> None:
        """Write a score.

        Raises:
            UserFacingError: the folder cannot be written to.
        """
        try:
            write_whole(self._path(work), _write(score))
        except OSError as error:
            raise _not_written(self._folder.parent, error) from error

    def _path(self, work: Work) -> Path:
        return self._folder / f"{work.key}.npz"


@cache
def program_sha256() -> str:
    """sha256 over this package's sources and the versions of its engines: a score of others is none of ours."""
    folder = Path(lightbox.__file__).parent
    total = hashlib.sha256(json.dumps(package_versions(), sort_keys=True).encode())
    for path in sorted(folder.rglob("*.py")):
        total.update(f"{path.relative_to(folder).as_posix()}\0".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _not_written(folder: Path, error: OSError) -> UserFacingError:
    return UserFacingError(f"{folder} cannot be written to ({error.strerror}).", "Give another folder with --work.")


def _write(score: PhantomScore) -> bytes:
    words = {
        "label": score.label,
        "seed": score.seed,
        "predicted": score.predicted,
        "maps": {
            method: {
                "localisation": None if found.localisation is None else asdict(found.localisation),
                "seconds": found.seconds,
                "withheld": found.withheld,
                "failed": found.failed,
            }
            for method, found in score.maps.items()
        },
    }
    arrays: dict[str, Any] = {"words": np.array(json.dumps(words)), "mask": score.mask}
    for method, found in score.maps.items():
        if found.picture is not None:
            arrays[f"picture/{method}"] = found.picture
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    return content.getvalue()


def _read(path: Path) -> PhantomScore:
    with np.load(path, allow_pickle=False) as stored:
        words = json.loads(str(stored["words"]))
        pictures = {name.removeprefix("picture/"): stored[name] for name in stored.files if "/" in name}
        mask = stored["mask"]
    maps = {
        method: MapScore(
            localisation=None if row["localisation"] is None else Localisation(**row["localisation"]),
            seconds=row["seconds"],
            withheld=row["withheld"],
            failed=row["failed"],
            picture=pictures.get(method),
        )
        for method, row in words["maps"].items()
    }
    return PhantomScore(words["label"], words["seed"], words["predicted"], mask, maps)
