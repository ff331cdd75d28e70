"""``lightbox explain`` as a person types it."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from lightbox.cli import main
from lightbox.core import notice
from lightbox.jobs import Job, _worker


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
        job.finish("done", result=_worker.resolve(work.call)(progress=lambda _fraction: None, **work.arguments))
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
