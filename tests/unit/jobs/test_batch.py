"""A folder is explained once, whatever is killed when."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import types

import numpy as np
import psutil
import pytest

from lightbox.core.errors import UserFacingError
from lightbox.core.program_version import program_version, version_text
from lightbox.core.settings import PROJECT_DIR
from lightbox.core.whole_file import write_whole
from lightbox.jobs import Job
from lightbox.jobs.batch import explain_folder
from lightbox.jobs.batch_findings import count_errors
from lightbox.jobs.shard_files import deaths_path, open_folder, plan_path, table_path

from .conftest import wait_until, write_checkpoint

parquet = pytest.importorskip("pyarrow.parquet")

IMAGES = 16
METHODS = ("lrp", "grad_cam")
OPTIONS = {
    "task": "brain_mri",
    "network": "convnet",
    "methods": METHODS,
    "reader": "tests.unit.jobs.tasks:read_raw",
    "shard_size": 4,
}


@pytest.fixture(scope="module")
def scans(tmp_path_factory):
    """Seeded pictures, one that cannot be read, and a file that is no picture."""
    folder = tmp_path_factory.mktemp("batch") / "scans"
    (folder / "more").mkdir(parents=True)
    generator = np.random.default_rng(3)
    for number in range(IMAGES):
        name = f"{'more/' if number % 2 else ''}{number:03d}.png"
        (folder / name).write_bytes(generator.uniform(0, 1, (64, 64)).astype(np.float32).tobytes())
    (folder / "broken.png").write_bytes(b"nothing")
    (folder / "notes.txt").write_text("not a picture")
    return folder


@pytest.fixture
def folder(scans, tmp_path):
    return shutil.copytree(scans, tmp_path / "scans")


@pytest.fixture
def explain(engine, checkpoint, folder):
    return lambda out, **options: explain_folder(folder, out, engine=engine, **{**OPTIONS, **options})


@pytest.fixture(scope="module")
def undisturbed(engine, scans, tmp_path_factory):
    """A batch that nothing interrupted; equal seeds make its checkpoint equal to the other tests'."""
    out = tmp_path_factory.mktemp("undisturbed")
    with pytest.MonkeyPatch.context() as patch:
        models = tmp_path_factory.mktemp("models")
        patch.setenv("LIGHTBOX_MODELS_DIR", str(models))
        write_checkpoint(models / "brain_mri" / "convnet")
        seen = []
        count = explain_folder(scans, out, engine=engine, on_progress=seen.append, **OPTIONS)
    return out, count, seen


def read_rows(out):
    return [row for path in sorted((out / "table").iterdir()) for row in parquet.read_table(path).to_pylist()]


def read_maps(out):
    """Every map by image and method, found through the table."""
    maps = {}
    for path in sorted((out / "table").iterdir()):
        with np.load(out / "maps" / f"{path.stem}.npz") as file:
            rows = [row for row in parquet.read_table(path).to_pylist() if row["map"]]
            assert len({row["map"] for row in rows}) == len(rows) == len(file.files)
            maps |= {(row["image"], row["method"]): file[row["map"]] for row in rows}
    return maps


def assert_equal_batches(out, other):
    rows, other_rows = (
        [{key: value for key, value in row.items() if key != "seconds"} for row in read_rows(folder)]
        for folder in (out, other)
    )
    for row, other_row in zip(rows, other_rows, strict=True):
        assert {key: value for key, value in row.items() if value != other_row[key]} == {}
    assert rows == other_rows
    maps, other_maps = read_maps(out), read_maps(other)
    assert maps.keys() == other_maps.keys()
    for key, values in maps.items():
        np.testing.assert_array_equal(values, other_maps[key])


def test_every_image_has_its_rows_and_maps_and_a_broken_one_says_why(undisturbed):
    out, count, seen = undisturbed
    assert count == IMAGES + 1
    rows = read_rows(out)
    assert len(rows) == IMAGES * len(METHODS) + 1
    assert count_errors(out) == 1
    assert {row["lightbox"] for row in rows} == {version_text()}
    assert json.loads(plan_path(out).read_text())["lightbox"] == program_version()
    assert [(row["image"], row["error"]) for row in rows if row["error"]] == [
        ("broken.png", "It is no picture. Send a picture.")
    ]
    maps = read_maps(out)
    assert len(maps) == IMAGES * len(METHODS)
    assert {values.shape for values in maps.values()} == {(96, 96)}
    lrp = next(row for row in rows if row["method"] == "lrp")
    assert lrp["checks"][0]["key"]
    assert len(lrp["weights_sha256"]) == 64
    assert sum(lrp["probabilities"]) == pytest.approx(1, abs=1e-6)
    assert seen[-1].done == seen[-1].images == IMAGES + 1
    assert not any((out / "open").iterdir())


def test_workers_killed_in_the_middle_lose_nothing_and_do_nothing_twice(explain, engine, undisturbed, tmp_path):
    kills = []

    def kill_workers(stop):
        while not stop.wait(0.7) and len(kills) < 2:
            workers = engine._cluster.client.scheduler_info(n_workers=-1)["workers"].values()
            nannies = psutil.Process(engine._cluster.supervisor.pid).children()
            victim = next((child for child in nannies if "spawn_main" in " ".join(child.cmdline())), None)
            if workers and victim is not None:
                victim.kill()
                kills.append(victim.pid)

    stop = threading.Event()
    killer = threading.Thread(target=kill_workers, args=(stop,))
    killer.start()
    try:
        explain(tmp_path / "disturbed")
    finally:
        stop.set()
        killer.join()
    assert kills
    assert_equal_batches(tmp_path / "disturbed", undisturbed[0])


def test_a_killed_batch_goes_on_where_it_was(explain, folder, undisturbed, tmp_path):
    out = tmp_path / "out"
    program = f"""
from pathlib import Path
from lightbox.jobs import make_engine
from lightbox.jobs.batch import explain_folder
explain_folder(Path({str(folder)!r}), Path({str(out)!r}), engine=make_engine(), **{OPTIONS!r})
"""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_DIR)}
    batch = subprocess.Popen([sys.executable, "-c", program], env=environment)
    wait_until(lambda: len(list(out.glob("table/part-*.parquet"))) >= 2, seconds=90)
    os.kill(batch.pid, signal.SIGKILL)
    batch.wait()
    wait_until(lambda: not any(out.glob(".lock")) or can_lock(out), seconds=10)
    finished = {path: path.stat().st_mtime_ns for path in out.glob("table/part-*.parquet")}
    assert len(finished) < 5, "killed before its end"
    explain(out)
    assert {path: path.stat().st_mtime_ns for path in finished} == finished
    assert_equal_batches(out, undisturbed[0])


def can_lock(out):
    import fcntl

    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return True


def test_an_image_that_kills_its_worker_is_named_and_the_others_are_explained(explain, folder, tmp_path):
    for path in folder.glob("more/*"):
        path.unlink()
    for path in sorted(folder.glob("0*"))[4:]:
        path.unlink()
    (folder / "001.png").write_bytes(b"kill")
    explain(tmp_path / "out")
    errors = {row["image"]: row["error"] for row in read_rows(tmp_path / "out") if row["error"]}
    assert errors.keys() == {"001.png", "broken.png"}
    assert "ended its worker process three times" in errors["001.png"]
    assert len(read_maps(tmp_path / "out")) == 4 * len(METHODS)


@pytest.fixture
def finished(explain, undisturbed, tmp_path):
    """A copy of the undisturbed batch."""
    return shutil.copytree(undisturbed[0], tmp_path / "out")


def test_images_that_came_later_are_added(explain, folder, finished):
    (folder / "000-new.png").write_bytes((folder / "000.png").read_bytes())
    assert explain(finished) == IMAGES + 2
    assert len({row["image"] for row in read_rows(finished)}) == IMAGES + 2


def test_other_settings_do_not_mix_into_a_batch(explain, finished):
    with pytest.raises(UserFacingError, match="holds a batch with another network, other weights"):
        explain(finished, methods=("lrp",))


def test_a_second_batch_into_the_same_folder_is_refused(explain, tmp_path):
    import fcntl

    (tmp_path / "out").mkdir()
    with (tmp_path / "out" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(UserFacingError, match="Another batch is writing to out"):
            explain(tmp_path / "out")


def test_a_folder_without_images_is_said_in_words(explain, folder, tmp_path):
    for path in folder.rglob("*.png"):
        path.unlink()
    with pytest.raises(UserFacingError, match="There is no image in scans"):
        explain(tmp_path / "out")


def test_the_same_process_computes_a_folder_anew_where_its_results_are_gone(engine, checkpoint, folder, tmp_path):
    options = {**OPTIONS, "shard_size": 32}
    for path in sorted(folder.rglob("*.png"))[2:]:
        path.unlink()
    explain_folder(folder, tmp_path / "out", engine=engine, **{**options, "methods": ("grad_cam",)})
    shutil.rmtree(tmp_path / "out")
    assert explain_folder(folder, tmp_path / "out", engine=engine, **{**options, "methods": ("lrp",)}) == 2
    assert {row["method"] for row in read_rows(tmp_path / "out")} == {"lrp"}


def engine_that_ends_jobs(state):
    """An engine whose jobs have all ended so, without any work done."""

    def submit(work, _owner):
        job = Job(work, lambda _job: None)
        job.finish(state)
        return job

    status = types.SimpleNamespace(lanes=1)
    return types.SimpleNamespace(submit=submit, release=lambda _job, _owner: None, status=lambda: status)


def test_a_parameter_that_cannot_be_is_refused_once_and_before_anything_is_written(checkpoint, folder, tmp_path):
    with pytest.raises(UserFacingError, match="'sideways' is not a choice for 'composite' of LRP"):
        explain_folder(folder, tmp_path / "out", engine=None, params={"lrp": {"composite": "sideways"}}, **OPTIONS)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("state", "sentence"), [("cancelled", "stopped before its end"), ("done", "is not in out")])
def test_a_shard_that_is_not_there_is_no_success(checkpoint, folder, tmp_path, monkeypatch, state, sentence):
    monkeypatch.setattr("lightbox.jobs.batch.SECONDS_TO_APPEAR", 0.5)
    with pytest.raises(UserFacingError, match=sentence):
        explain_folder(folder, tmp_path / "out", engine=engine_that_ends_jobs(state), **OPTIONS)


def test_every_shard_gets_the_checkpoint_that_the_plan_names(checkpoint, folder, tmp_path, monkeypatch):
    monkeypatch.setattr("lightbox.jobs.batch.SECONDS_TO_APPEAR", 0.5)
    engine, seen = engine_that_ends_jobs("done"), []

    def submit(work, owner, submit=engine.submit):
        seen.append(work.arguments["card"].sha256)
        path = table_path(tmp_path / "out", work.arguments["number"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        shutil.rmtree(checkpoint)
        write_checkpoint(checkpoint, seed=len(seen))
        return submit(work, owner)

    engine.submit = submit
    write_whole(deaths := deaths_path(open_folder(tmp_path / "out", 1), 0), b"xxx")
    explain_folder(folder, tmp_path / "out", engine=engine, **OPTIONS)
    assert len(seen) == 5
    assert len(set(seen)) == 1
    assert not deaths.exists(), "they were of an earlier run"
