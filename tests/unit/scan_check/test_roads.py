"""One check on every road: Python, single file, record, picture, batch, test set."""

import io
import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from lightbox.cli import main
from lightbox.comparison.choice import Choice
from lightbox.comparison.in_process import compare
from lightbox.comparison.record import build_record
from lightbox.imaging.samples import list_samples, read_sample
from lightbox.imaging.scan import Provenance, Scan
from lightbox.jobs.batch import READER
from lightbox.jobs.worker import shard
from lightbox.networks import find_checkpoint
from lightbox.scan_check.concern import find_concern
from lightbox.testsets import export, worker
from lightbox.testsets.item import Remark


@pytest.fixture(scope="module")
def noise():
    return np.random.default_rng(11).random((120, 140)).astype(np.float32)


@pytest.fixture(scope="module")
def film():
    return read_sample(next(sample for sample in list_samples() if sample.task == "chest_xray"))


def png(pixels):
    buffer = io.BytesIO()
    Image.fromarray(np.rint(pixels * 255).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


def scan_of(pixels, task):
    return Scan(pixels, task, Provenance("array", "grey", 8, pixels.shape))


@pytest.fixture(scope="module")
def doubted(noise):
    cards = {"convnet": find_checkpoint("brain_mri", "convnet")}
    return compare(scan_of(noise, "brain_mri"), cards, Choice(methods=("grad_cam",)))


def test_a_comparison_in_python_carries_the_concern(doubted, film):
    assert doubted.concern == find_concern(doubted.scan.pixels, "brain_mri")
    cards = {"convnet": find_checkpoint("chest_xray", "convnet")}
    assert compare(film, cards, Choice(methods=("grad_cam",))).concern is None


def test_the_record_says_what_the_check_said_and_whether_it_was_overruled(doubted):
    assert build_record(replace(doubted, concern=None))["scan_check"] == {"checked": True, "passed": True}
    assert build_record(replace(doubted, concern=None, checked=False))["scan_check"] == {"checked": False}
    said = build_record(doubted)["scan_check"]
    assert said["passed"] is False
    assert said["sentence"] == str(doubted.concern)
    assert said["looks_like"]["kind"] == "other"
    assert said["confirmed_by_a_person"] is False
    assert build_record(replace(doubted, confirmed=True))["scan_check"]["confirmed_by_a_person"] is True


def test_the_single_file_says_it_before_the_prediction(noise, film, tmp_path, capsys):
    words = ["--task", "brain_mri", "--methods", "grad_cam", "--out", str(tmp_path / "out")]
    (tmp_path / "noise.png").write_bytes(png(noise))
    assert main(["explain", str(tmp_path / "noise.png"), *words]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("CONCERN: It is not clear that this is a brain MRI slice.")
    assert lines[1].startswith("ConvNet: ")
    assert json.loads((tmp_path / "out" / "comparison.json").read_text())["scan_check"]["passed"] is False
    (tmp_path / "film.png").write_bytes(png(film.pixels))
    assert main(["explain", str(tmp_path / "film.png"), *words]) == 0
    assert "CONCERN: This looks like a chest X-ray, not like a brain MRI slice." in capsys.readouterr().out


def test_a_row_of_a_batch_says_it(noise, film, tmp_path, monkeypatch):
    monkeypatch.setattr(shard.held_networks, "device", lambda *_: "cpu")
    card = find_checkpoint("chest_xray", "convnet")
    concerns = {}
    for name, pixels in (("noise.png", noise), ("film.png", film.pixels)):
        (tmp_path / name).write_bytes(png(pixels))
        rows, _maps = shard._explain_image(
            tmp_path, name, card=card, params={"grad_cam": {}}, reader=READER, progress=lambda _share: None
        )
        concerns[name] = rows[0]["concern"]
    assert concerns["film.png"] == ""
    assert concerns["noise.png"].startswith("It is not clear that this is a chest X-ray.")


def test_a_verdict_of_a_test_set_says_it_and_the_download_lists_it(noise, film, monkeypatch):
    monkeypatch.setattr(worker.held_networks, "device", lambda *_: "cpu")
    card = find_checkpoint("chest_xray", "convnet")
    files = [png(noise), png(film.pixels)]
    first, second = worker.judge(cards=[card], files=files, progress=lambda _share: None)
    assert first.concern.startswith("It is not clear that this is a chest X-ray.")
    assert second.concern == ""
    archive = zipfile.ZipFile(io.BytesIO(export.zip_bytes({}, [], {}, [Remark("a.png", first.concern)])))
    assert first.concern in archive.read("concerns.csv").decode()
