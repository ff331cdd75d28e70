"""One embedded cluster for the folder; its workers load torch when a test first needs it."""

import hashlib
import itertools
import time
from functools import partial

import numpy as np
import pytest

from lightbox.jobs import Engine, Work
from lightbox.jobs.cluster import start_embedded

_keys = (f"{number:064x}" for number in itertools.count())


def work(name, *, key=None, urgent=False, **arguments):
    """One of this folder's tasks, under a key nobody else has."""
    return Work(key or next(_keys), f"tests.unit.jobs.tasks:{name}", arguments, urgent=urgent)


def wait_until(condition, seconds=10.0):
    """The seconds it took until the condition held; fails the test where it never did."""
    begun_at = time.monotonic()
    while not condition():
        assert time.monotonic() - begun_at < seconds, "waited in vain"
        time.sleep(0.01)
    return time.monotonic() - begun_at


def make_engine(**options):
    engine = Engine(partial(start_embedded, lanes=2, memory_gb=None, warm_up=False), **options)
    wait_until(lambda: engine.status().ready, seconds=60)
    return engine


@pytest.fixture(scope="package")
def engine():
    engine = make_engine()
    yield engine
    engine.close()


@pytest.fixture
def checkpoint(tmp_path, monkeypatch):
    """A models folder with one seeded ConvNet for brain_mri; returns the folder of the checkpoint."""
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path))
    return write_checkpoint(tmp_path / "brain_mri" / "convnet")


def write_checkpoint(folder, *, seed=0):
    import torch
    from safetensors.torch import save_file

    from lightbox.networks.architectures.convnet import build

    folder.mkdir(parents=True)
    torch.manual_seed(seed)
    module = build(4)
    # A fresh batch norm is the identity; a trained one is not.
    for name, buffer in module.named_buffers():
        if name.endswith("running_mean"):
            buffer.normal_(std=0.1)
    save_file(module.state_dict(), folder / "weights.safetensors")
    sha256 = hashlib.sha256((folder / "weights.safetensors").read_bytes()).hexdigest()
    (folder / "card.toml").write_text(
        f"""
task = "brain_mri"
network = "convnet"
classes = ["glioma", "meningioma", "pituitary", "no_tumor"]
[weights]
sha256 = "{sha256}"
[preprocessing]
size = 96
crop = "head"
percentiles = [1.0, 99.0]
mean = [0.4, 0.4, 0.4]
std = [0.2, 0.2, 0.2]
"""
    )
    return folder


@pytest.fixture
def pixels():
    """(120, 100) float32 in 0..1: a bright disc with a texture, so that the head is found."""
    rows, columns = np.mgrid[:120, :100]
    inside = (rows - 60) ** 2 + (columns - 50) ** 2 < 42**2
    texture = np.random.default_rng(7).uniform(0.3, 1.0, inside.shape)
    return np.where(inside, texture, 0).astype(np.float32)
