"""The run's bookkeeping, on an engine that answers at once; the worker's part on real files."""

import hashlib
import io
import tracemalloc
import zipfile
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from lightbox.core.errors import UserFacingError
from lightbox.core.program_version import version_text
from lightbox.jobs import Job
from lightbox.metrics.predictions import read_predictions
from lightbox.networks import find_checkpoint
from lightbox.provenance.training_files import TrainingFiles
from lightbox.testsets import export, worker
from lightbox.testsets.item import Brought, Item, Remark
from lightbox.testsets.labels import Sorted
from lightbox.testsets.run import AHEAD, BATCH_BYTES, BATCH_FILES, Evaluation
from lightbox.testsets.verdict import Verdict

CLASSES = ("normal", "bacterial", "viral")


class Engine:
    """Answers like a worker, after one look; remembers what it was asked."""

    def __init__(self, *, fail=lambda _files: None):
        self.fail, self.works, self.most = fail, [], 0
        self.open = []

    def submit(self, work, _owner):
        self.works.append(work)
        job = Job(work, lambda _: None)
        error = self.fail(work.arguments["files"])
        if error is not None:
            job.finish("failed", error=error)
        else:
            answers = {"net": np.array([0.2, 0.7, 0.1], dtype=np.float32)}
            verdicts = [Verdict(hashlib.sha256(one).hexdigest(), "", answers) for one in work.arguments["files"]]
            job.finish("done", result=verdicts)
        self.open.append(job)
        self.most = max(self.most, len(self.open))
        return job

    def release(self, job, _owner):
        self.open = [one for one in self.open if one is not job]


def make_run(count, *, read=lambda item: item.name.encode(), size=10, engine_cards=None):
    items = [Item(f"normal/{number}.png", size, "normal", number) for number in range(count)]
    cards = engine_cards or {"net": SimpleNamespace(task="chest_xray", network="net", classes=CLASSES, sha256="0" * 64)}
    chosen = Sorted(tuple((item, "normal") for item in items), (Remark("odd.png", "left out"),))
    return Evaluation(Brought(tuple(items), (), read), chosen, cards)


def finish(run, engine):
    for _ in range(100_000):
        run.advance(engine, "me")
        if run.finished:
            return
    raise AssertionError("it never ends")


def test_every_scan_is_judged_once_in_the_order_brought():
    run, engine = make_run(3 * BATCH_FILES + 1), Engine()
    finish(run, engine)
    answers = run.predictions()["net"]
    assert answers.names == tuple(f"normal/{number}.png" for number in range(3 * BATCH_FILES + 1))
    assert answers.classes[answers.predicted[0]] == "bacterial"
    assert answers.sha256[3] == hashlib.sha256(b"normal/3.png").hexdigest()
    assert run.progress == 1
    assert [problem.name for problem in run.problems] == ["odd.png"]


def test_a_file_that_a_network_was_trained_on_is_marked():
    run, engine = make_run(4), Engine()
    known = hashlib.sha256(b"normal/2.png").hexdigest()
    run.seen["net"] = TrainingFiles("0" * 64, frozenset({known[:16]}))
    finish(run, engine)
    assert run.predictions()["net"].leaked.tolist() == [False, False, True, False]


def test_other_classes_are_another_question():
    run = make_run(2)
    first, second = run._labels
    assert run.judges(Sorted(((second, "normal"), (first, "normal")), ()))
    assert not run.judges(Sorted(((first, "normal"), (second, "viral")), ()))
    assert not run.judges(Sorted(((first, "normal"),), ()))


def test_no_other_user_can_ask_for_the_same_and_no_cache_holds_it():
    first, second = Engine(), Engine()
    finish(make_run(1), first)
    finish(make_run(1), second)
    assert first.works[0].key != second.works[0].key
    assert not first.works[0].kept


def test_ten_thousand_files_are_never_in_memory_together():
    run, engine = make_run(10_000, read=lambda _: bytes(100_000), size=100_000), Engine()
    engine.works = SimpleNamespace(append=lambda _: None)
    tracemalloc.start()
    finish(run, engine)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(run.predictions()["net"]) == 10_000
    assert engine.most <= AHEAD
    # A thousand million bytes went through.
    assert peak < 60_000_000


def test_a_large_file_travels_alone():
    run, engine = make_run(4, size=BATCH_BYTES), Engine()
    finish(run, engine)
    assert [len(work.arguments["files"]) for work in engine.works] == [1, 1, 1, 1]


def test_a_file_that_kills_its_worker_is_found_and_named_and_the_others_are_judged():
    def fail(files):
        return UserFacingError("It ended its worker.", "") if b"normal/5.png" in files else None

    run = make_run(BATCH_FILES)
    finish(run, Engine(fail=fail))
    assert len(run.predictions()["net"]) == BATCH_FILES - 1
    assert [(problem.name, problem.reason) for problem in run.problems[1:]] == [
        ("normal/5.png", "It ended its worker.")
    ]


def test_a_file_that_cannot_be_read_is_named():
    def read(item):
        if item.number == 1:
            raise UserFacingError("It is damaged inside the archive.", "")
        return b"x"

    run = make_run(3, read=read)
    finish(run, Engine())
    assert len(run.predictions()["net"]) == 2
    assert run.problems[-1] == Remark("normal/1.png", "It is damaged inside the archive.")


def test_a_full_queue_is_waited_for_and_a_cancelled_batch_is_sent_again():
    run, engine = make_run(2), Engine()
    submit = engine.submit

    def refuse(work, owner):
        raise UserFacingError("The queue is full.", "")

    engine.submit = refuse
    run.advance(engine, "me")
    assert run.waiting_for == "The queue is full."
    assert not run.finished

    def cancelled(work, owner):
        job = Job(work, lambda _: None)
        job.finish("cancelled")
        engine.submit = submit
        return job

    engine.submit = cancelled
    run.advance(engine, "me")
    finish(run, engine)
    assert len(run.predictions()["net"]) == 2


def test_stopping_keeps_what_is_judged_and_names_the_rest():
    run, engine = make_run(5 * BATCH_FILES), Engine()
    run.advance(engine, "me")
    run.advance(engine, "me")
    run.cancel(engine, "me")
    assert run.finished
    judged = len(run.predictions()["net"])
    assert 0 < judged < run.total
    assert judged + len(run.problems) - 1 == run.total


def test_nothing_judged_gives_empty_predictions():
    run = make_run(0)
    finish(run, Engine())
    assert len(run.predictions()["net"]) == 0


def test_a_file_is_read_again_only_if_it_is_still_the_same():
    run = make_run(1)
    finish(run, Engine())
    digest = run.predictions()["net"].sha256[0]
    assert run.read("normal/0.png", digest) == b"normal/0.png"
    with pytest.raises(UserFacingError, match="no longer"):
        run.read("normal/0.png", "0" * 64)


def png(level):
    buffer = io.BytesIO()
    rows, columns = np.mgrid[:80, :80]
    Image.fromarray((rows + columns + level).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def in_a_worker(monkeypatch):
    """The device of a worker, outside of one."""
    import torch

    monkeypatch.setattr("lightbox.jobs.worker.held_networks.device", lambda _worker=None: torch.device("cpu"))


def test_the_worker_judges_what_it_can_and_says_why_not(in_a_worker):
    card = find_checkpoint("chest_xray", "convnet")
    files = [png(0), b"no picture", png(40)[:80], png(40)]
    seen = []
    verdicts = worker.judge(cards=(card,), files=files, progress=seen.append)
    assert [bool(verdict.error) for verdict in verdicts] == [False, True, True, False]
    assert verdicts[0].sha256 == hashlib.sha256(files[0]).hexdigest()
    np.testing.assert_allclose(verdicts[0].probabilities["convnet"].sum(), 1, rtol=1e-5)
    assert seen == sorted(seen)


def test_the_export_reads_back_and_carries_the_notice(tmp_path):
    card = find_checkpoint("chest_xray", "convnet")
    run = make_run(1, engine_cards={"net": card})
    finish(run, Engine())
    archive = zipfile.ZipFile(io.BytesIO(export.zip_bytes(run.predictions(), run.problems, run.cards)))
    assert "not a medical device" in archive.read("README.txt").decode()
    assert f"Lightbox {version_text()}\n" in archive.read("README.txt").decode()
    assert "odd.png,left out" in archive.read("left_out.csv").decode()
    path = tmp_path / "predictions.csv"
    path.write_bytes(archive.read("net/predictions.csv"))
    again = read_predictions(path, card)
    assert again.names == ("normal/0.png",)
    assert again.classes[again.predicted[0]] == "bacterial"
    assert export._harmless("=cmd|x") == "./=cmd|x"
