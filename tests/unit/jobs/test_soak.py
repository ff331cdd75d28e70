"""The soak of ``make soak``, short; and the proof that it would notice."""

import sys

import pytest
import torch

from benchmarks.soaking.checkpoints import write_models
from benchmarks.soaking.deck import Question, cards_of, choose, read_scan
from benchmarks.soaking.inspection import inspect_network, inspect_workers
from benchmarks.soaking.owners import SharedNetworks, answer_by_engine, ask_for
from lightbox.comparison.in_process import compare
from lightbox.explainers import METHODS

SAMPLES = ("chest-viral-2", "brain-glioma-1")
OWNERS = 8
QUICK = ("lrp", "contrastive_lrp", "grad_cam")
SECONDS = 8
SECONDS_SHARED = 4


@pytest.fixture(scope="module")
def references(tmp_path_factory):
    """Maps of two scans, two networks each, computed one after the other here."""
    models = tmp_path_factory.mktemp("models")
    found = {}
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # as in the workers: sums over two threads round otherwise
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIGHTBOX_MODELS_DIR", str(models))
        write_models(models, size=64, shipped=(), seeded=("convnet", "resnet50"))
        for sample in SAMPLES:
            scan = read_scan(sample)
            for network, card in cards_of(scan.modality).items():
                methods = tuple(METHODS) if network == "convnet" else QUICK
                (panel,) = compare(scan, {network: card}, choose(*methods)).panels
                assert not panel.errors
                for method, map_ in panel.attributions.items():
                    found[Question(sample, network, method)] = map_.values
        yield found
    torch.set_num_threads(threads)


def test_eight_askers_at_once_get_the_maps_computed_alone(engine, references, monkeypatch):
    monkeypatch.setattr(engine._cache, "limit_bytes", 0)  # equal questions are computed again
    answer = answer_by_engine(engine)
    ask_for(0.1, 2, references, answer)  # the workers import what they need
    verdict = ask_for(SECONDS, OWNERS, references, answer)
    assert verdict.errors == []
    assert verdict.maps >= OWNERS
    assert (verdict.wrong, verdict.largest < 1e-4) == (0, True)
    networks = inspect_workers(engine)
    assert networks
    assert all(row["weights_unchanged"] and row["hooks"] == 0 for row in networks)


def test_the_same_soak_fails_where_threads_share_one_network(references, monkeypatch):
    interval = sys.getswitchinterval()
    try:
        shared = SharedNetworks()
        verdict = ask_for(SECONDS_SHARED, OWNERS, references, shared.answer)
        broken = [inspect_network(network) for network in shared.networks.values()]
    finally:
        sys.setswitchinterval(interval)
    # Most answers are refused by the checks of `run`; others are wrong maps that nothing else would have noticed.
    assert verdict.wrong + len(verdict.errors) > 0
    assert any(not row["weights_unchanged"] or row["hooks"] for row in broken) or verdict.wrong
