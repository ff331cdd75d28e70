"""A network whose answer is no number is refused on every road that asks it, and its class is never said."""

import pickle
from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from lightbox.cli import main
from lightbox.comparison.choice import Choice
from lightbox.comparison.in_process import compare
from lightbox.core.errors import UserFacingError
from lightbox.embedding.atlas import find_atlas
from lightbox.embedding.features import extract
from lightbox.embedding.worker import place
from lightbox.explainers import Target, run
from lightbox.ground_truth.worker import score_phantom
from lightbox.imaging.preprocess import prepare
from lightbox.imaging.read_local import read_scan
from lightbox.imaging.scan import Provenance, Scan
from lightbox.jobs import Job
from lightbox.jobs.batch import explain_folder
from lightbox.jobs.worker import calls
from lightbox.networks import find_checkpoint, load_checkpoint, load_network
from lightbox.networks.finite import LogitError
from lightbox.testsets import worker as testset_worker
from lightbox.training.distil import read_teacher
from lightbox.training.initial_weights import find_start
from tests.cases import CASES
from tests.networks_for_tests import wrap

SENTENCE = "gave a logit that is not a number"


@pytest.fixture(autouse=True)
def damaged(monkeypatch):
    """The models folder holds a checkpoint with NaN in the bias of one class; jobs run in this process."""
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(CASES / "models" / "nan_in_bias"))
    monkeypatch.setattr("lightbox.jobs.worker.held_networks.device", lambda _worker=None: torch.device("cpu"))


@pytest.fixture
def picture(tmp_path):
    rows, columns = np.mgrid[:90, :110]
    path = tmp_path / "in" / "scan.png"
    path.parent.mkdir()
    Image.fromarray((rows + columns).astype(np.uint8)).save(path)
    return path


class Engine:
    """Does each job where it is asked for, at once, and ends it as a worker's outcome does."""

    def submit(self, work, _owner):
        job = Job(work, lambda _job: None)
        try:
            result = calls.resolve(work.call)(progress=lambda _fraction: None, **work.arguments)
        except UserFacingError as error:
            job.finish("failed", error=UserFacingError(error.message, error.hint))
        else:
            job.finish("done", result=result)
        return job

    def release(self, _job, _owner):
        """Nothing to let go of."""

    def status(self):
        return SimpleNamespace(lanes=1)


def prepared(card):
    return prepare(np.random.default_rng(0).random((90, 80), dtype=np.float32), card.preprocessing)


def test_the_prediction_of_a_page_is_refused():
    card = find_checkpoint("chest_xray", "convnet")
    view = prepared(card)
    with pytest.raises(LogitError, match=SENTENCE):
        calls.predict(card=card, prepared=view.pixels, progress=lambda _: None)


def test_a_comparison_in_python_is_refused():
    card = find_checkpoint("chest_xray", "convnet")
    scan = Scan(np.zeros((9, 9), np.float32), "chest_xray", Provenance("PNG", "grey", 8, (9, 9)))
    with pytest.raises(LogitError, match=SENTENCE):
        compare(scan, {"convnet": card}, Choice(("lrp",)))


@pytest.mark.parametrize("method", ["lrp", "contrastive_lrp", "grad_cam", "integrated_gradients", "lime"])
def test_a_method_in_python_is_refused_before_its_map(method):
    network = load_network("chest_xray", "convnet")
    with pytest.raises(LogitError, match=SENTENCE):
        run(method, network, network.to_input(np.zeros((224, 224), np.float32)), Target(0))


def test_a_single_file_is_refused_without_a_class_and_the_command_fails(picture, tmp_path, capsys):
    words = ["explain", str(picture), "--task", "chest_xray", "--methods", "lrp", "--out", str(tmp_path / "out")]
    assert main(words) == 1
    said = capsys.readouterr()
    assert SENTENCE in said.err
    assert "classifier.bias" in said.err
    assert said.out == ""
    assert not (tmp_path / "out").exists()


def test_a_folder_is_refused_and_has_no_row(picture, tmp_path):
    out = tmp_path / "out"
    with pytest.raises(UserFacingError, match=SENTENCE):
        explain_folder(
            picture.parent, out, task="chest_xray", network="convnet", methods=["lrp"], engine=Engine(),
            reader=f"{read_scan.__module__}:{read_scan.__name__}",
        )  # fmt: skip
    assert not list(out.glob("table/*"))


def test_the_scans_of_a_test_set_are_refused_by_name(picture):
    card = find_checkpoint("chest_xray", "convnet")
    verdicts = testset_worker.judge(cards=(card,), files=[picture.read_bytes()] * 2, progress=lambda _: None)
    assert all(SENTENCE in verdict.error for verdict in verdicts)
    assert not any(verdict.probabilities for verdict in verdicts)


def test_features_and_the_place_of_a_scan_are_refused(monkeypatch):
    card = find_checkpoint("chest_xray", "convnet")
    pixels = prepared(card).pixels
    with pytest.raises(LogitError, match=SENTENCE):
        extract(load_checkpoint(card), pixels[None])
    with monkeypatch.context() as context:
        context.delenv("LIGHTBOX_MODELS_DIR")
        atlas = find_atlas(find_checkpoint("chest_xray", "convnet"))
    with pytest.raises(LogitError, match=SENTENCE):
        place(card=card, atlas=atlas, prepared=pixels, progress=lambda _: None)


def test_an_evaluation_on_phantoms_is_refused():
    card = find_checkpoint("chest_xray", "convnet")
    with pytest.raises(LogitError, match=SENTENCE):
        score_phantom(card=card, label="normal", seed=1, size=128, methods={}, progress=lambda _: None)


@pytest.mark.parametrize("value", [torch.inf, -torch.inf, torch.nan])
def test_no_value_that_is_not_finite_is_an_answer(value):
    module = nn.Sequential(nn.Conv2d(3, 2, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2, 3))
    with torch.no_grad():
        module[3].bias[1] = value
    network = wrap(module)
    with pytest.raises(LogitError, match=SENTENCE) as refusal:
        network.logits(torch.zeros(1, 3, 8, 8))
    assert refusal.value.damaged
    assert "3.bias" in refusal.value.hint


def test_finite_weights_are_not_called_damaged():
    class Root(nn.Module):
        def forward(self, x):
            return torch.sqrt(x.mean(dim=(2, 3)) - 1e9)

    with pytest.raises(LogitError, match=SENTENCE) as refusal:
        wrap(Root()).logits(torch.zeros(1, 3, 8, 8))
    assert not refusal.value.damaged
    assert "weights are finite" in refusal.value.hint


def test_the_refusal_travels_between_processes_as_it_is():
    error = pickle.loads(pickle.dumps(LogitError("What.", "Do.", damaged=True)))  # noqa: S301
    assert (str(error), error.damaged) == ("What. Do.", True)


def test_one_scan_without_an_answer_leaves_the_others_of_its_batch_theirs(monkeypatch):
    class AfraidOfWhite(nn.Module):
        def forward(self, x):
            mean = x.mean(dim=(2, 3))
            return torch.where(mean > 0.9, torch.nan, mean)

    network = wrap(AfraidOfWhite())
    monkeypatch.setattr("lightbox.jobs.worker.held_networks.borrow", lambda _card: nullcontext(network))
    views = [{"toy": np.zeros((8, 8), np.float32)}, "It is no picture.", {"toy": np.ones((8, 8), np.float32)}]
    black, unreadable, white = testset_worker._ask(SimpleNamespace(network="toy", classes=network.classes), views)
    np.testing.assert_allclose(black, 1 / 3, rtol=1e-6)
    assert unreadable is None
    assert SENTENCE in white


def test_nothing_is_learned_from_a_damaged_network(tmp_path):
    folder = CASES / "models" / "nan_in_bias" / "chest_xray" / "convnet"
    card = find_checkpoint("chest_xray", "convnet")
    with pytest.raises(LogitError, match=SENTENCE):
        read_teacher([folder], "chest_xray", card.classes, card.preprocessing.crop)
    digest = card.training["data_sha256"]
    with pytest.raises(LogitError, match=SENTENCE):
        find_start(str(folder), "chest_xray", "convnet", data_sha256=digest, held_out=(), target=tmp_path)
