"""``lightbox explain`` as a person types it."""

import json
import os
import shutil
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from lightbox.cli import main
from lightbox.core import notice
from lightbox.core.file_lock import hold
from lightbox.core.settings import PROJECT_DIR
from lightbox.core.whole_file import write_whole
from lightbox.jobs import Job
from lightbox.jobs.batch_findings import read_left_out
from lightbox.jobs.worker import calls
from tests.cases import CASES


@pytest.fixture
def picture(tmp_path):
    rows, columns = np.mgrid[:90, :110] / 90
    pixels = 220 - 160 * np.exp(-(((columns - 0.5) / 0.2) ** 2) - ((rows - 0.5) / 0.3) ** 2)
    path = tmp_path / "scan.png"
    Image.fromarray(pixels.astype(np.uint8)).save(path)
    return path


def explain(*words):
    return main(["explain", *map(str, words)])


def test_a_scan_becomes_maps_pictures_and_a_record(picture, tmp_path, capsys):
    out = tmp_path / "maps"
    assert explain(picture, "--task", "brain_mri", "--methods", "lrp,grad_cam", "--out", out) == 0
    record = json.loads((out / "comparison.json").read_text())
    assert [row["method"] for row in record["networks"][0]["maps"]] == ["lrp", "grad_cam"]
    assert (out / "convnet" / "lrp.png").is_file()
    values = np.load(out / "convnet" / "grad_cam.npy", allow_pickle=False)
    assert values.shape == (224, 224)
    assert "ConvNet: " in capsys.readouterr().out
    assert notice.TEXT in (out / "README.txt").read_text()


def test_the_record_names_the_parameters_that_were_asked_for(picture, tmp_path):
    words = ("--task", "chest_xray", "--methods", "lrp", "--out", tmp_path, "--param", "lrp.biases=take their share")
    assert explain(picture, *words, "--explain", "viral") == 0
    row = json.loads((tmp_path / "comparison.json").read_text())["networks"][0]["maps"][0]
    assert row["params"]["biases"] == "take their share"
    assert row["explains"]["class"] == "viral"


@pytest.mark.parametrize("name", ["slides/all.png", "all.SVG"])
def test_the_combined_picture_is_written_where_it_is_wanted(picture, tmp_path, name):
    words = ("--task", "brain_mri", "--methods", "grad_cam", "--out", tmp_path / "maps", "--view", "contours")
    assert explain(picture, *words, "--picture", tmp_path / name) == 0
    content = (tmp_path / name).read_bytes()
    if name.endswith(".png"):
        assert content == (tmp_path / "maps" / "comparison.png").read_bytes()
    else:
        assert b"Grad-CAM</text>" in content


@pytest.mark.parametrize(
    ("scan", "name", "sentence"), [("scan.png", "all.pdf", "cannot be written as all.pdf"), (".", "a.png", "one scan")]
)
def test_a_picture_that_cannot_be_is_refused_before_anything_is_computed(
    picture, tmp_path, capsys, scan, name, sentence
):
    words = ("--task", "brain_mri", "--out", tmp_path / "maps", "--picture", tmp_path / name)
    assert explain(tmp_path / scan, *words) == 1
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "maps").exists()


def test_a_network_without_a_checkpoint_is_refused(picture, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path / "models"))
    words = ("--task", "chest_xray", "--out", tmp_path / "out", "--methods", "lrp", "--network", "resnet50")
    assert explain(picture, *words) == 1
    assert "no trained checkpoint" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--network", "alexnet"), "no network named 'alexnet'"),
        (("--methods", "shap"), "no method named 'shap'"),
        (("--explain", "fungal"), "no class 'fungal'"),
        (("--param", "lrp.composite=sideways"), "is not a choice"),
        (("--methods", "grad_cam", "--param", "grad_cam.layer=layr4"), "'layr4' is not a choice"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_no_traceback(picture, tmp_path, capsys, words, sentence):
    rest = {"--task": "chest_xray", "--out": tmp_path / "out", "--methods": "lrp"}
    rest |= dict(zip(words[::2], words[1::2], strict=True))
    assert explain(picture, *(part for pair in rest.items() for part in pair)) == 1
    captured = capsys.readouterr()
    assert sentence in captured.err + captured.out


def test_a_file_that_is_no_picture_is_one_sentence(tmp_path, capsys):
    (tmp_path / "scan.png").write_text("this is no picture")
    assert explain(tmp_path / "scan.png", "--task", "chest_xray", "--out", tmp_path / "out") == 1
    assert capsys.readouterr().err.startswith("lightbox: ")
    assert explain(tmp_path / "absent.png", "--task", "chest_xray", "--out", tmp_path / "out") == 1
    assert "cannot be read" in capsys.readouterr().err


@pytest.fixture
def engine_of_this_process(monkeypatch):
    """Does each job where it is asked for, at once."""

    def submit(work, _owner):
        job = Job(work, lambda _job: None)
        job.finish("done", result=calls.resolve(work.call)(progress=lambda _fraction: None, **work.arguments))
        return job

    engine = SimpleNamespace(submit=submit, release=lambda _job, _owner: None, status=lambda: SimpleNamespace(lanes=1))
    monkeypatch.setattr("lightbox.jobs.get_engine", lambda: engine)


@pytest.mark.usefixtures("engine_of_this_process")
def test_a_folder_says_how_many_rows_are_errors_and_ends_accordingly(picture, tmp_path, capsys):
    (tmp_path / "in").mkdir()
    picture.rename(tmp_path / "in" / "scan.png")
    words = (tmp_path / "in", "--task", "brain_mri", "--methods", "grad_cam", "--out")
    assert explain(*words, tmp_path / "out") == 0
    assert "1 scans in" in capsys.readouterr().out
    (tmp_path / "in" / "broken.png").write_text("this is no picture")
    assert explain(*words, tmp_path / "out") == 1
    assert "2 scans in" in (said := capsys.readouterr().out)
    assert "without a map (column error says why): 1" in said


@pytest.mark.usefixtures("engine_of_this_process")
def test_a_folder_takes_scans_by_content_and_lists_every_file_that_is_none(picture, tmp_path, capsys):
    folder = tmp_path / "in"
    (folder / "masks").mkdir(parents=True)
    content = picture.read_bytes()
    for name in ("IM000001", "scan.IMA", "1.2.840.113619.2.5", "a.png"):
        (folder / name).write_bytes(content)
    for name in ("masks/a.png", "._one.dcm", "a_mask.png"):
        (folder / name).write_bytes(content)
    (folder / "notes.txt").write_text("words")
    assert explain(folder, "--task", "brain_mri", "--methods", "grad_cam", "--out", folder / "maps") == 0
    said = capsys.readouterr().out
    assert "4 scans in" in said
    assert "4 files were left out (._one.dcm, a_mask.png, masks/a.png, ...); left_out.csv says why" in said
    listed = read_left_out(folder / "maps" / "convnet")
    assert set(listed) == {"masks/a.png", "._one.dcm", "a_mask.png", "notes.txt"}
    assert "plain text" in listed["notes.txt"]
    # Its own results are no scans of the folder.
    assert explain(folder, "--task", "brain_mri", "--methods", "grad_cam", "--out", folder / "maps") == 0
    assert "4 scans in" in capsys.readouterr().out
    assert set(read_left_out(folder / "maps" / "convnet")) == set(listed)


@pytest.mark.usefixtures("engine_of_this_process")
def test_an_older_plan_goes_on_with_the_files_that_it_has(picture, tmp_path, capsys):
    folder, out = tmp_path / "in", tmp_path / "out" / "convnet"
    folder.mkdir()
    (folder / "._one.png").write_bytes(picture.read_bytes())
    picture.rename(folder / "two.png")
    words = (folder, "--task", "brain_mri", "--methods", "grad_cam", "--out", tmp_path / "out")
    assert explain(*words) == 0
    plan = json.loads((out / "plan.json").read_text())
    shutil.rmtree(out)
    write_whole(out / "plan.json", json.dumps({**plan, "shards": [["._one.png"], ["two.png"]]}).encode())
    capsys.readouterr()
    assert explain(*words) == 0
    assert "2 scans in" in (said := capsys.readouterr().out)
    assert "left out" not in said


def run_command(*words, **settings):
    """``lightbox`` as a process of its own, whose streams tell what a person sees."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT_DIR), "LIGHTBOX_LANES": "1", **settings}
    return subprocess.run(
        [sys.executable, "-m", "lightbox", *map(str, words)],
        capture_output=True, text=True, env=environment, timeout=120, check=False, cwd=PROJECT_DIR,
    )  # fmt: skip


def refusals(folder, out):
    words = ("explain", folder, "--task", "brain_mri", "--methods", "grad_cam", "--out")
    other = out.parent / "other"
    other.mkdir()
    write_whole(other / "convnet" / "plan.json", b'{"settings": {}, "shards": [["a.png"]]}')
    (other / "file").write_text("in the way")
    (out.parent / "empty").mkdir()
    with hold(out / "convnet" / ".lock", "", ""):
        yield run_command(*words, out), "Another batch is writing to convnet."
    yield run_command(*words, other), "another network, other weights, methods or parameters"
    write_whole(other / "convnet" / "plan.json", b"[]")
    yield run_command(*words, other), "not one that a batch wrote"
    yield run_command("explain", out.parent / "empty", *words[2:], out.parent / "new"), "holds no file"
    yield run_command(*words, other / "file"), "Nothing can be written into"
    damaged = {"LIGHTBOX_MODELS_DIR": str(CASES / "models" / "nan_in_bias")}
    single = ("explain", folder / "scan.png", "--task", "chest_xray", "--methods", "lrp", "--out", out.parent / "one")
    yield run_command(*single, **damaged), "gave a logit that is not a number"
    measure = ("evaluate", "localisation", "--task", "chest_xray", "--out", other / "table.csv", "--work", other / "w")
    two = {"LIGHTBOX_MODELS_DIR": str(CASES / "models" / "two_classes")}
    yield run_command(*measure, **two), "tells normal, pneumonia apart and knows no class 'bacterial'"


def test_a_refused_command_says_one_sentence_and_never_a_traceback(picture, tmp_path):
    (tmp_path / "in").mkdir()
    picture.rename(tmp_path / "in" / "scan.png")
    (tmp_path / "out" / "convnet").mkdir(parents=True)
    for ended, sentence in refusals(tmp_path / "in", tmp_path / "out"):
        assert ended.returncode == 1, ended.stderr
        assert sentence in ended.stderr
        assert ended.stderr.startswith("lightbox: ")
        assert "Traceback" not in ended.stderr
        assert ended.stderr.count("\n") == 2, ended.stderr
        assert ended.stdout == ""
