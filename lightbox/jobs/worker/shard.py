"""What a worker does with one shard of a batch."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lightbox.core.errors import PassingError, UserFacingError
from lightbox.core.program_version import version_text
from lightbox.core.whole_file import write_whole
from lightbox.explainers.base import Target
from lightbox.imaging.preprocess import prepare
from lightbox.jobs.batch_table import make_table
from lightbox.jobs.shard_files import deaths_path, is_done, maps_path, open_folder, table_path
from lightbox.jobs.worker import calls, held_networks
from lightbox.networks.finite import LogitError
from lightbox.scan_check.concern import find_concern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from lightbox.explainers.base import Attribution, ParamValue
    from lightbox.imaging.preprocess import Prepared
    from lightbox.jobs.request import Progress
    from lightbox.networks import Card

DEATHS_ALLOWED = 3
KILLER = "This image ended its worker process three times, probably because memory ran out."
Maps = dict[str, "NDArray[np.float32]"]
Row = dict[str, Any]


def explain_shard(
    *,
    number: int,
    names: Sequence[str],
    folder: str,
    out: str,
    card: Card,
    params: Mapping[str, Mapping[str, ParamValue]],
    reader: str,
    progress: Progress,
) -> int:
    """Finish a shard, image by image, each in a file of its own until all are there; the number of images."""
    if is_done(Path(out), number):
        return len(names)
    desk = open_folder(Path(out), number)
    for place, name in enumerate(names):
        path = desk / f"{place:05d}.npz"

        def report(fraction: float, place: int = place) -> None:
            progress((place + fraction) / len(names))

        report(0.0)
        if _read_image(path) is None:
            with _counting_deaths(deaths_path(desk, place)) as deaths:
                if deaths >= DEATHS_ALLOWED:
                    rows: list[Row] = [_error_row(name, card, KILLER)]
                    maps: Maps = {}
                else:
                    rows, maps = _explain_image(
                        Path(folder), name, card=card, params=params, reader=reader, progress=report
                    )
                write_whole(path, _pack(rows, {f"{place:05d}/{key}": values for key, values in maps.items()}))
    _close_shard(Path(out), number, desk, len(names))
    return len(names)


@contextmanager
def _counting_deaths(path: Path) -> Iterator[int]:
    """How many workers of this run died of an image, noted in a file that only a death leaves behind.

    A cancelled job and one that fails are no deaths. The driver's own end takes its workers with it and is none
    either: `forget_deaths` runs when the next one starts.
    """
    deaths = len(path.read_bytes()) if path.is_file() else 0
    write_whole(path, b"x" * (deaths + 1))
    try:
        yield deaths
    finally:
        path.unlink(missing_ok=True)


def _explain_image(
    folder: Path,
    name: str,
    *,
    card: Card,
    params: Mapping[str, Mapping[str, ParamValue]],
    reader: str,
    progress: Progress,
) -> tuple[list[Row], Maps]:
    """Rows and maps of one image; one that cannot be read is a row that says why.

    Raises:
        UserFacingError: what stands in the way is no fault of the image: the folder, the checkpoint, or its weights.
            As rows, such faults would stay in the table after they are mended.
    """
    try:
        scan = calls.resolve(reader)((folder / name).read_bytes(), card.task)
        view = prepare(scan.pixels, card.preprocessing)
        concern = str(find_concern(scan.pixels, card.task) or "")
    except PassingError:
        raise  # of this moment, and not of the image: the next run reads it
    except (UserFacingError, OSError) as error:
        if not folder.is_dir():
            raise UserFacingError(
                f"A worker does not see the folder {folder.name}.",
                "Give every worker the same folders under the same paths, on a file system that all of them share.",
            ) from error
        return [_error_row(name, card, str(error))], {}
    try:
        prediction = calls.predict(card=card, prepared=view.pixels, progress=progress)
    except LogitError as error:
        if error.damaged:
            raise
        return [{**_error_row(name, card, str(error)), "concern": concern}], {}
    shared = {
        **_error_row(name, card, ""),
        "scan_sha256": scan.sha256,
        "concern": concern,
        "predicted": card.classes[int(prediction.probabilities.argmax())],
        "probabilities": prediction.probabilities.tolist(),
        "logits": prediction.logits.tolist(),
    }
    rows: list[Row] = []
    maps: Maps = {}
    target = Target(int(prediction.probabilities.argmax()))
    for place, (method, chosen) in enumerate(params.items()):

        def report(fraction: float, place: int = place) -> None:
            progress((place + fraction) / len(params))

        report(0.0)
        row, values = _explain_one(view, method, target, card=card, params=chosen, progress=report)
        rows.append({**shared, "method": method, **row})
        if values is not None:
            maps[method] = values
    return rows, maps


def _explain_one(
    view: Prepared,
    method: str,
    target: Target,
    *,
    card: Card,
    params: Mapping[str, ParamValue],
    progress: Progress,
) -> tuple[Row, NDArray[np.float32] | None]:
    try:
        found: Attribution = calls.explain(
            card=card, method=method, prepared=view.pixels, target=target, params=params, progress=progress
        )
    except held_networks.CheckpointError:
        raise
    except UserFacingError as error:
        return {"error": str(error)}, None
    row = {
        "target": card.classes[found.target.index],
        "against": "" if found.target.against is None else card.classes[found.target.against],
        "params": json.dumps(dict(found.params), sort_keys=True),
        "logit": found.logit,
        "seconds": found.seconds,
        "checks": [{"key": check.key, "value": float(check.value), "passed": check.passed} for check in found.checks],
        "caption": found.caption,
        "withheld": found.withheld,
    }
    return row, found.values


def _error_row(name: str, card: Card, error: str) -> Row:
    """A row with everything that is known before the image is read."""
    return {
        "image": name,
        "task": card.task,
        "network": card.network,
        "weights_sha256": card.sha256,
        "classes": list(card.classes),
        "error": error,
        "lightbox": version_text(),
    }


def _pack(rows: list[Row], maps: Maps) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, rows=np.array(json.dumps(rows)), **maps)  # type: ignore[arg-type]
    return buffer.getvalue()


def _read_image(path: Path) -> tuple[list[Row], Maps] | None:
    """A finished image's rows and maps; None where it is not there, or was torn by a failing disk."""
    try:
        with np.load(path, allow_pickle=False) as file:
            maps = {key: file[key] for key in file.files if key != "rows"}
            return json.loads(str(file["rows"])), maps
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def _close_shard(out: Path, number: int, desk: Path, count: int) -> None:
    """Gather the images into the shard's two files. The table comes last, because its presence says "done"."""
    rows: list[Row] = []
    maps: Maps = {}
    for place in range(count):
        image = _read_image(desk / f"{place:05d}.npz")
        if image is None:
            if is_done(out, number):
                return  # a worker that outlived the batch before this one closed it meanwhile
            raise RuntimeError(f"image {place} of shard {number} was written and cannot be read")
        keys = {key.partition("/")[2]: key for key in image[1]}
        rows += [{**row, "map": keys.get(row.get("method", ""), "")} for row in image[0]]
        maps.update(image[1])
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **maps)  # type: ignore[arg-type]
    write_whole(maps_path(out, number), buffer.getvalue())
    write_whole(table_path(out, number), make_table(rows))
    shutil.rmtree(desk, ignore_errors=True)
