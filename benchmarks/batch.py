"""A folder of scans on the job engine: images a second and core, one worker against two, and workers killed at random.

Run with ``python -m benchmarks.batch``. The killed run is compared with the undisturbed one, row by row and bit by
bit. ``--record`` keeps the figures in ``docs/records/batch.json``.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil
from PIL import Image
from pyarrow import parquet

from benchmarks.record import write_record
from lightbox.jobs import Engine
from lightbox.jobs.batch import READER, explain_folder
from lightbox.jobs.cluster import start_embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS_BETWEEN_KILLS = (4.0, 9.0)
SIDE = 256
IMAGES_ALONE = 100


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=int, default=500)
    parser.add_argument("--network", default="convnet")
    parser.add_argument("--methods", default="lrp,grad_cam")
    parser.add_argument("--reader", default=READER)
    parser.add_argument("--no-kills", action="store_true", help="only the rates")
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/records")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lightbox-batch-") as made:
        folder = Path(made)
        make_scans(folder / "scans", arguments.images)
        make_scans(folder / "some", min(arguments.images, IMAGES_ALONE))
        make_scans(folder / "few", 4)
        every_core = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(every_core)})
        alone = measure(arguments, folder, "some", "one", lanes=1)
        os.sched_setaffinity(0, every_core)
        together = measure(arguments, folder, "scans", "two", lanes=2)
        print(f"one worker on one core    {alone:6.2f} images/s")
        print(f"two workers on two cores  {together:6.2f} images/s, efficiency {together / (2 * alone):.0%}")
        print(f"load averages             {os.getloadavg()}", flush=True)
        if arguments.no_kills:
            return 0
        rates = {"one_worker_per_second": round(alone, 2), "two_workers_per_second": round(together, 2)}
        return compare_with_killed(arguments, folder, rates | {"efficiency": round(together / (2 * alone), 3)})


def make_scans(folder: Path, count: int) -> None:
    """Seeded PNGs: two dark lungs of random place and size, and noise."""
    folder.mkdir()
    rows, columns = np.mgrid[:SIDE, :SIDE] / SIDE
    for number in range(count):
        drawn = np.random.default_rng(number)
        middle, left, right, width = drawn.uniform((0.4, 0.2, 0.65, 0.08), (0.6, 0.35, 0.8, 0.16))
        lungs = np.exp(-(((columns - left) / width) ** 2)) + np.exp(-(((columns - right) / width) ** 2))
        pixels = (
            200 - 140 * np.clip(lungs, 0, 1) * np.exp(-(((rows - middle) / 0.3) ** 4)) + drawn.normal(0, 6, rows.shape)
        )
        Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(folder / f"{number:04d}.png")


@contextmanager
def warm_engine(arguments: argparse.Namespace, folder: Path, name: str, lanes: int) -> Iterator[Engine]:
    """An engine whose workers have explained a scan each."""
    engine = Engine(partial(start_embedded, lanes=lanes, memory_gb=None))
    try:
        while not engine.status().ready:
            time.sleep(0.1)
        explain(arguments, engine, folder / "few", folder / f"few-{name}", shard_size=1)
        yield engine
    finally:
        engine.close()


def explain(arguments: argparse.Namespace, engine: Engine, scans: Path, out: Path, **options: Any) -> int:
    return explain_folder(
        scans,
        out,
        task="chest_xray",
        network=arguments.network,
        methods=arguments.methods.split(","),
        engine=engine,
        reader=arguments.reader,
        **options,
    )


def measure(arguments: argparse.Namespace, folder: Path, scans: str, name: str, *, lanes: int) -> float:
    """Images a second of an undisturbed batch on warm workers."""
    with warm_engine(arguments, folder, name, lanes) as engine:
        begun_at = time.monotonic()
        count = explain(arguments, engine, folder / scans, folder / name)
        return count / (time.monotonic() - begun_at)


def compare_with_killed(arguments: argparse.Namespace, folder: Path, rates: dict[str, float]) -> int:
    """The same batch while workers are killed at random; 0 where nothing is lost, done twice or different."""
    stop = threading.Event()
    kills: list[int] = []
    with warm_engine(arguments, folder, "killed", 2) as engine:
        killer = threading.Thread(target=kill_workers, args=(engine, stop, kills))
        killer.start()
        try:
            explain(arguments, engine, folder / "scans", folder / "killed")
        finally:
            stop.set()
            killer.join()
    (rows, maps), (killed_rows, killed_maps) = read_batch(folder / "two"), read_batch(folder / "killed")
    lost = rows.keys() - killed_rows.keys()
    doubled = sum(count - 1 for count in killed_rows.values())
    different = [key for key in maps if key not in killed_maps or not np.array_equal(maps[key], killed_maps[key])]
    print(f"workers killed            {len(kills)}")
    print(f"rows                      {len(rows)}, lost {len(lost)}, duplicated {doubled}")
    print(f"arrays                    {len(maps)}, different {len(different)}", flush=True)
    if arguments.record:
        figures = {"images": arguments.images, "network": arguments.network, "methods": arguments.methods} | rates
        figures |= {"killed": len(kills), "rows": len(rows), "lost": len(lost), "doubled": doubled}
        figures |= {"arrays": len(maps), "different": len(different)}
        write_record("batch", figures, command=f"python -m benchmarks.batch --images {arguments.images}")
    return 0 if kills and maps and not (lost or doubled or different) and rows == killed_rows else 1


def kill_workers(engine: Engine, stop: threading.Event, kills: list[int]) -> None:
    """End a worker process the hard way, every few seconds."""
    drawn = random.Random(11)
    cluster = engine._cluster  # noqa: SLF001  (what an engine keeps to itself)
    if cluster is None or cluster.supervisor is None:
        raise ValueError("only an embedded cluster has workers that can be killed here")
    while not stop.wait(drawn.uniform(*SECONDS_BETWEEN_KILLS)):
        supervisor = psutil.Process(cluster.supervisor.pid)
        workers = [child for child in supervisor.children() if "spawn_main" in " ".join(child.cmdline())]
        if workers:
            with suppress(psutil.NoSuchProcess):
                victim = drawn.choice(workers)
                victim.kill()
                kills.append(victim.pid)


def read_batch(out: Path) -> tuple[Counter[tuple[Any, ...]], dict[tuple[str, str], np.ndarray[Any, Any]]]:
    """How often each row is there, by all of it but its seconds; and the maps by image and method."""
    rows: Counter[tuple[Any, ...]] = Counter()
    maps = {}
    for path in sorted((out / "table").iterdir()):
        with np.load(out / "maps" / f"{path.stem}.npz") as file:
            for row in parquet.read_table(path).to_pylist():
                rows[row["image"], row["method"], row["logit"], row["error"], repr(row["checks"])] += 1
                if row["map"]:
                    maps[row["image"], row["method"]] = file[row["map"]]
    return rows, maps


if __name__ == "__main__":
    sys.exit(main())
