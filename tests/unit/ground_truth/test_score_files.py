import shutil
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

import lightbox
from lightbox.core.errors import UserFacingError
from lightbox.core.import_graph import find_needs
from lightbox.ground_truth import score_files
from lightbox.ground_truth.evaluation import compute
from lightbox.ground_truth.score_files import ScoreFiles
from lightbox.ground_truth.scores import CALL, GRID, MapScore, PhantomScore
from lightbox.jobs import Work
from lightbox.metrics.localisation import Localisation

WORKS = [Work(f"{number:064x}", "lightbox.ground_truth.worker:score_phantom") for number in range(3)]


def score(seed=0):
    picture = np.random.default_rng(seed).random((GRID, GRID)).astype(np.float32)
    maps = {
        "lrp": MapScore(Localisation(1.0, 0.1 + seed / 3, 1 / 3, 0.05, True), 0.25, "", False, picture),
        "lime": MapScore(None, 1.5, "Too few samples.", True, None),
    }
    return PhantomScore("bacterial", seed, "viral", picture / 2, maps)


def assert_same(found, expected):
    assert (found.label, found.seed, found.predicted) == (expected.label, expected.seed, expected.predicted)
    assert np.array_equal(found.mask, expected.mask)
    assert list(found.maps) == list(expected.maps)
    for method, wanted in expected.maps.items():
        row = found.maps[method]
        assert (row.localisation, row.seconds, row.withheld, row.failed) == (
            wanted.localisation,
            wanted.seconds,
            wanted.withheld,
            wanted.failed,
        )
        assert wanted.picture is None if row.picture is None else np.array_equal(row.picture, wanted.picture)


class Engine:
    """Answers at once, and counts what it was asked; stops the measurement after ``until`` jobs."""

    def __init__(self, until=None):
        self.asked = []
        self.until = until

    class Ended:
        ended = True

        def __init__(self, result, error=None):
            self.result, self.error = result, error

    def status(self):
        return type("Status", (), {"lanes": 1})()

    def submit(self, work, _owner):
        self.asked.append(work.key)
        stop = self.until is not None and len(self.asked) > self.until
        return self.Ended(score(int(work.key, 16)), UserFacingError("Stopped.", "Go on.") if stop else None)

    def release(self, job, _owner):
        pass


def test_what_is_kept_is_found_to_the_bit(tmp_path):
    files = ScoreFiles(tmp_path)
    assert files.find(WORKS[0]) is None
    files.keep(WORKS[0], score(1))
    assert_same(ScoreFiles(tmp_path).find(WORKS[0]), score(1))
    assert files.find(WORKS[1]) is None


def test_a_stopped_measurement_goes_on_where_it_was(tmp_path):
    with pytest.raises(UserFacingError, match="Stopped"):
        compute(WORKS, Engine(until=1), kept=ScoreFiles(tmp_path))
    second, told = Engine(), []
    scores = compute(WORKS, second, lambda done, _total: told.append(done), ScoreFiles(tmp_path))
    assert second.asked == [work.key for work in WORKS[1:]]
    assert [found.seed for found in scores] == [0, 1, 2]
    assert told[0] == 1


def test_a_torn_file_is_computed_again(tmp_path):
    files = ScoreFiles(tmp_path)
    files.keep(WORKS[0], score())
    (path,) = tmp_path.glob("*/*.npz")
    path.write_bytes(path.read_bytes()[:-40])
    assert files.find(WORKS[0]) is None


def test_a_score_of_other_code_is_none_of_todays(tmp_path, monkeypatch):
    ScoreFiles(tmp_path).keep(WORKS[0], score())
    monkeypatch.setattr(score_files, "program_sha256", lambda: "0" * 64)
    assert ScoreFiles(tmp_path).find(WORKS[0]) is None


SOURCES = Path(lightbox.__file__).parent


@pytest.fixture(scope="module")
def needed():
    return find_needs(CALL.partition(":")[0], SOURCES, leave_out=score_files.CARRIERS).ours.keys()


@pytest.mark.parametrize(
    "module",
    [
        "lightbox.explainers.methods.lime",  # found by itself, imported by nobody
        "lightbox.explainers.engines.propagation",
        "lightbox.phantoms.brain.disease",
        "lightbox.phantoms.phantom",
        "lightbox.ground_truth.worker",
        "lightbox.imaging.preprocess",
        "lightbox.metrics.localisation",
        "lightbox.networks.architectures.vgg16",
    ],
)
def test_a_score_depends_on_what_draws_and_explains_and_measures_it(needed, module):
    assert module in needed


@pytest.mark.parametrize(
    "room", ["navigator", "cli", "provenance", "training", "scan_check", "comparison", "embedding", "testsets", "jobs"]
)
def test_no_score_depends_on_the_other_rooms(needed, room):
    assert not [module for module in needed if f"{module}.".startswith(f"lightbox.{room}.")]


def test_only_a_change_of_what_a_score_depends_on_changes_the_hash(tmp_path):
    package = tmp_path / "lightbox"
    shutil.copytree(SOURCES, package, ignore=shutil.ignore_patterns("__pycache__"))

    def sha256_after(module, change):
        path = package.joinpath(*module.split(".")[1:]).with_suffix(".py")
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")
        return score_files.program_sha256.__wrapped__(package)

    before = score_files.program_sha256()
    assert sha256_after("lightbox.navigator.matrix", lambda text: f"{text}\nHELLO = 1\n") == before
    assert sha256_after("lightbox.imaging.preprocess", lambda text: f"# A comment.\n{text}") == before
    assert sha256_after("lightbox.imaging.preprocess", lambda text: f"{text}\nHELLO = 1\n") != before


def test_no_page_is_among_what_a_score_depends_on():
    needs = find_needs(CALL.partition(":")[0], SOURCES)
    assert not needs.others & {"components", "pages", "streamlit", "plotly"}
    assert {"lightbox.explainers", "lightbox.imaging.preprocess"} <= needs.ours.keys()


def test_a_release_of_a_package_that_a_score_depends_on_changes_the_hash(monkeypatch):
    before = score_files.program_sha256.__wrapped__()
    monkeypatch.setattr(score_files, "version", lambda name: "0" if name == "scipy" else version(name))
    assert score_files.program_sha256.__wrapped__() != before
    monkeypatch.setattr(score_files, "version", lambda name: "0" if name == "streamlit" else version(name))
    assert score_files.program_sha256.__wrapped__() == before


def test_a_folder_that_cannot_be_written_to_is_said_before_anything_is_measured(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(UserFacingError, match=r"taken cannot be written to \(Not a directory\)"):
        ScoreFiles(tmp_path / "taken")
