"""What the record says of the shipped samples is what the shipped networks say."""

from dataclasses import replace

import pytest

from lightbox.core.settings import PROJECT_DIR
from lightbox.core.tasks import TASKS
from lightbox.ground_truth import sample_answers as module
from lightbox.ground_truth.sample_answers import (
    SampleAnswer,
    SampleAnswers,
    measure,
    rank,
    read_answers,
    write_answers,
)
from lightbox.imaging.samples import list_samples
from lightbox.networks import NETWORKS, find_checkpoint

CARDS = {(task, network): find_checkpoint(task, network) for task in TASKS for network in NETWORKS}
SLOW = [pytest.param(network, marks=pytest.mark.slow) for network in NETWORKS if network != "convnet"]


@pytest.fixture(autouse=True)
def _shipped_folder(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_SAMPLES_DIR", str(PROJECT_DIR / "sample_images"))


def answer(network="convnet", called="glioma", **changes):
    row = SampleAnswer("brain-glioma-1", network, "0" * 64, "glioma", called, {}, {}, 0.1)
    return replace(row, **changes)


@pytest.mark.parametrize("network", ["convnet", *SLOW])
def test_the_record_is_what_the_networks_answer(network):
    cards = [CARDS[task, network] for task in TASKS]
    fresh = {(row.sample, row.network): row for row in measure(list_samples(), cards).rows}
    kept = {(row.sample, row.network): row for row in read_answers().rows if row.network == network}
    assert fresh.keys() == kept.keys()
    for key, row in fresh.items():
        assert (row.called, row.label, row.weights_sha256) == (
            kept[key].called,
            kept[key].label,
            kept[key].weights_sha256,
        )
        assert row.mass == pytest.approx(kept[key].mass, abs=0.01)
        assert row.area == pytest.approx(kept[key].area, abs=1e-3)
        assert row.pointing == pytest.approx(kept[key].pointing, abs=0.01)


def test_every_network_has_answered_every_sample_of_its_task():
    wanted = {(sample.key, network) for sample in list_samples() for network in NETWORKS}
    assert {(row.sample, row.network) for row in read_answers().rows} == wanted


@pytest.mark.parametrize("task", TASKS)
def test_the_best_sample_is_one_that_most_networks_get_right_and_whose_evidence_lies_in_the_outline(task):
    cards = {network: CARDS[task, network] for network in NETWORKS}
    known = {sample.key: read_answers().of(sample.key, cards) for sample in list_samples() if sample.task == task}
    best = min(known.values(), key=rank)
    right = [row for row in best if row.right]
    assert best[0].right, "the network that is chosen to begin with"
    assert 2 * len(right) > len(best)
    assert any(row.pointing[method] == 1 for row in right for method in row.pointing)
    assert all(share > row.area for row in right for share in row.mass.values())


def test_a_sample_that_networks_get_right_goes_before_one_that_they_do_not():
    wrong = [answer(called="meningioma", pointing={"lrp": 1.0})]
    missed, hit = [answer(pointing={"lrp": 0.0})], [answer(pointing={"lrp": 1.0})]
    assert rank(hit) < rank(missed) < rank(wrong)
    healthy = [answer(area=0.0)]
    assert rank(hit) < rank(healthy)


def test_of_other_weights_the_record_says_nothing():
    card = CARDS["brain_mri", "convnet"]
    answers = SampleAnswers((answer(weights_sha256=card.sha256), answer("vgg16")))
    cards = {network: CARDS["brain_mri", network] for network in NETWORKS}
    assert [row.network for row in answers.of("brain-glioma-1", cards)] == ["convnet"]


def test_what_is_written_is_read_and_what_is_broken_or_absent_says_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_SAMPLES_DIR", str(tmp_path))
    assert read_answers() == SampleAnswers(())
    answers = SampleAnswers((answer(pointing={"lrp": 1.0}, mass={"lrp": 0.25}),))
    path = write_answers(answers, tmp_path)
    assert read_answers() == answers
    path.write_text('{"rows": [{"sample": 3}]}')
    assert read_answers() == SampleAnswers(())


def test_a_network_is_asked_again_only_where_its_weights_have_not_answered_every_sample(monkeypatch):
    card = CARDS["chest_xray", "convnet"]
    own = [sample for sample in list_samples() if sample.task == "chest_xray"]
    asked = []

    def note(sample, card, _network):
        asked.append(sample.key)
        return answer(sample=sample.key, weights_sha256=card.sha256)

    monkeypatch.setattr(module, "_answer", note)
    kept = [row for sample in own for row in read_answers().of(sample.key, {"convnet": card})]
    assert measure(list_samples(), [card], known=read_answers()).rows == tuple(kept)
    assert not asked
    measure(list_samples(), [card], known=SampleAnswers(tuple(kept[:-1])))
    assert asked == [sample.key for sample in own]
