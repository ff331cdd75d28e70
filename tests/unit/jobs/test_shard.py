"""What a worker does with a shard, done in this process: whose fault it is when there is no map."""

import shutil

import numpy as np
import pytest

from lightbox.core.errors import PassingError, UserFacingError
from lightbox.core.whole_file import write_whole
from lightbox.jobs.shard_files import deaths_path, forget_deaths, is_done, open_folder
from lightbox.jobs.worker import calls, held_networks, shard
from lightbox.networks import get_card

parquet = pytest.importorskip("pyarrow.parquet")

NAMES = ["0.png", "1.png"]


@pytest.fixture
def arguments(checkpoint, tmp_path, monkeypatch):
    """Of a shard of two images that nobody has begun; no network is held from another test."""
    monkeypatch.setattr(held_networks, "_held", type(held_networks._held)())
    folder = tmp_path / "scans"
    folder.mkdir()
    generator = np.random.default_rng(5)
    for name in NAMES:
        (folder / name).write_bytes(generator.uniform(0, 1, (64, 64)).astype(np.float32).tobytes())
    return {
        "number": 0,
        "names": NAMES,
        "folder": str(folder),
        "out": str(tmp_path / "out"),
        "card": get_card("brain_mri", "convnet"),
        "params": {"grad_cam": {}},
        "reader": "tests.unit.jobs.tasks:read_raw",
    }


def explain(arguments, progress=lambda _fraction: None):
    return shard.explain_shard(progress=progress, **arguments)


def errors_of(tmp_path):
    return [row["error"] for row in parquet.read_table(tmp_path / "out" / "table" / "part-00000.parquet").to_pylist()]


def test_a_damaged_checkpoint_fails_the_shard_and_leaves_no_row(arguments, checkpoint, tmp_path):
    weights = checkpoint / "weights.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(UserFacingError, match="sha256 differs"):
        explain(arguments)
    assert not is_done(tmp_path / "out", 0)
    weights.write_bytes(whole)
    assert explain(arguments) == 2
    assert errors_of(tmp_path) == ["", ""]


def test_a_checkpoint_lost_between_prediction_and_map_fails_the_shard_too(arguments, checkpoint, tmp_path, monkeypatch):
    def predict_and_lose(found=calls.predict, **options):
        prediction = found(**options)
        held_networks._held.clear()
        shutil.rmtree(checkpoint)
        return prediction

    monkeypatch.setattr(calls, "predict", predict_and_lose)
    with pytest.raises(UserFacingError, match="does not have the checkpoint"):
        explain(arguments)
    assert not is_done(tmp_path / "out", 0)


def test_a_folder_that_a_worker_does_not_see_fails_the_shard(arguments, tmp_path):
    (tmp_path / "scans").rename(tmp_path / "elsewhere")
    with pytest.raises(UserFacingError, match="does not see the folder scans"):
        explain(arguments)
    assert not is_done(tmp_path / "out", 0)


def test_what_an_image_is_to_blame_for_is_its_row(arguments, tmp_path):
    (tmp_path / "scans" / "0.png").unlink()
    (tmp_path / "scans" / "1.png").write_bytes(b"odd")
    explain(arguments)
    gone, odd = errors_of(tmp_path)
    assert "0.png" in gone
    assert odd == "It is no picture. Send a picture."


def stop(fraction):
    if fraction > 0:
        raise calls.Cancelled


def test_an_image_that_was_stopped_politely_three_times_is_explained_the_fourth_time(arguments, tmp_path):
    for _ in range(3):
        with pytest.raises(calls.Cancelled):
            explain({**arguments, "params": {"lrp": {}}}, progress=stop)
    explain({**arguments, "params": {"lrp": {}}})
    assert errors_of(tmp_path) == ["", ""]


def test_three_workers_that_died_of_an_image_are_enough(arguments, tmp_path):
    desk = open_folder(tmp_path / "out", 0)
    write_whole(deaths_path(desk, 1), b"xxx")
    explain(arguments)
    fine, deadly = errors_of(tmp_path)
    assert fine == ""
    assert "ended its worker process three times" in deadly


def test_a_new_run_forgets_how_often_an_earlier_ones_workers_died(tmp_path):
    deaths = deaths_path(open_folder(tmp_path / "out", 3), 1)
    write_whole(deaths, b"xxx")
    forget_deaths(tmp_path / "out")
    assert not deaths.exists()


def test_what_passes_by_itself_is_no_row_of_an_image(arguments, tmp_path, monkeypatch):
    def refuse(_content, _task):
        raise PassingError("The computer has no room now.", "Try again in a moment.")

    with monkeypatch.context() as patch:
        patch.setattr(calls, "resolve", lambda _call: refuse)
        with pytest.raises(UserFacingError, match="no room"):
            explain(arguments)
    assert explain(arguments) == len(NAMES)  # the next run reads it
    assert errors_of(tmp_path) == ["", ""]
