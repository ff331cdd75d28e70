"""Scores that are already there when a measurement of hours is stopped and started again."""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import asdict
from functools import cache
from importlib.metadata import packages_distributions, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import lightbox
from lightbox.core.errors import UserFacingError
from lightbox.core.import_graph import find_needs, hash_code
from lightbox.core.whole_file import prove_writable, write_whole
from lightbox.ground_truth.localisation_table import DAMAGED
from lightbox.ground_truth.scores import CALL, MapScore, PhantomScore
from lightbox.metrics.localisation import Localisation

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lightbox.jobs import Work

# The engine brings a score from its worker and has no part in it.
CARRIERS = ("lightbox.jobs",)
# Its module is not imported, but its files are read: the template of the brain.
CARRIED = ("nilearn",)


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
def program_sha256(folder: Path = Path(lightbox.__file__).parent) -> str:
    """sha256 over all code that a score depends on, and the releases of the packages that this code imports.

    The scan, the checkpoint and the settings are in the key of the work.

    Args:
        folder: of the package.
    """
    needs = find_needs(CALL.partition(":")[0], folder, leave_out=CARRIERS)
    code = {module: hash_code(path) for module, path in needs.ours.items()}
    text = json.dumps({"code": code, "packages": _releases(needs.others)}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _releases(modules: Iterable[str]) -> dict[str, str]:
    """Release by package, of the installed packages that hold these modules, and `CARRIED`."""
    holders = packages_distributions()
    names = {name for module in (*modules, *CARRIED) for name in holders.get(module, ())}
    return {name: version(name) for name in names}


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
