"""A network is asked about the right scans, and what it answers is counted."""

import numpy as np
import pytest
from PIL import Image

from lightbox.core.errors import UserFacingError
from lightbox.metrics.robustness import find_robustness, read_robustness, write_robustness
from lightbox.networks import read_card
from lightbox.training.robustness import measure as module
from lightbox.training.robustness.alterations import ALTERATIONS
from lightbox.training.robustness.measure import choose, measure
from tests.unit.jobs.conftest import write_checkpoint

CLASSES = ("glioma", "meningioma", "pituitary", "no_tumor")


@pytest.fixture
def data(tmp_path):
    generator = np.random.default_rng(0)
    for split, count in (("train", 4), ("test", 5)):
        for label in CLASSES:
            folder = tmp_path / "data" / split / label
            folder.mkdir(parents=True)
            for number in range(count):
                pixels = generator.integers(0, 256, (40, 40)).astype(np.uint8)
                Image.fromarray(pixels).save(folder / f"{number}.png")
    # A leak: this test file is a training file.
    (tmp_path / "data" / "test" / "glioma" / "0.png").write_bytes(
        (tmp_path / "data" / "train" / "glioma" / "0.png").read_bytes()
    )
    return tmp_path / "data"


@pytest.fixture
def card(tmp_path, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path / "models"))
    return read_card(write_checkpoint(tmp_path / "models" / "brain_mri" / "convnet"))


def test_only_test_scans_that_are_new_are_asked_about(card, data):
    names = {row.name for row in choose(card, data, 100, 0)}
    assert len(names) == 19
    assert "test/glioma/0.png" not in names
    assert not [name for name in names if name.startswith("train/")]


def test_scans_of_further_sources_are_asked_about_too(card, data):
    hashed = "0" * 64
    rows = [f"train/pituitary/1.png,{hashed},pituitary,pituitary,false,0,0,1,0"]
    head = "path,sha256,label,predicted,leaked," + ",".join(f"p_{key}" for key in CLASSES)
    (card.folder / "predictions_new_sources.csv").write_text("\n".join([head, *rows]) + "\n")
    assert "train/pituitary/1.png" in {row.name for row in choose(card, data, 100, 0)}


def test_where_every_test_scan_is_known_it_says_so(card, data):
    for path in sorted((data / "test").rglob("*.png")):
        path.write_bytes((data / "train" / path.parent.name / "0.png").read_bytes())
    with pytest.raises(UserFacingError, match="No test scan"):
        choose(card, data, 100, 0)


def test_what_is_counted_is_what_the_network_says(card, data, monkeypatch):
    """A stand-in that calls bright pictures glioma and dark ones meningioma: inversion turns all its answers."""
    monkeypatch.setattr(
        module, "_ask", lambda _network, pictures: np.array([int(each.mean() < 0.5) for each in pictures])
    )
    monkeypatch.setattr(module, "BATCH", 3)
    told = []
    found = measure(card, data, on_step=lambda done, total: told.append((done, total)))
    assert [(row.alteration, row.strength) for row in found.rows] == [
        ("none", 0.0), *((key, strength) for key, (_, strengths) in ALTERATIONS.items() for strength in strengths)
    ]  # fmt: skip
    plain, inverted = found.rows[0], found.rows[-1]
    assert found.scans == 19
    assert plain.same == 19
    assert inverted.same == 0
    labels = [row.label for row in choose(card, data, 240, 0)]
    assert plain.right + inverted.right == labels.count("glioma") + labels.count("meningioma")
    assert told[-1][0] == told[-1][1]
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_what_is_written_is_read_and_of_other_weights_is_nothing(card, data, tmp_path):
    found = measure(card, data)
    write_robustness(found, card.folder / "robustness.json")
    assert find_robustness(card) == found
    assert found == measure(card, data), "the same seed gives the same table"
    other = read_card(write_checkpoint(tmp_path / "other", seed=9))
    write_robustness(found, other.folder / "robustness.json")
    assert find_robustness(other) is None


@pytest.mark.parametrize(
    ("old", "new"), [('"right":', '"wrong":'), ('"scans": 19', '"scans": 2'), ('"none"', '"nothing"'), ("{", "")]
)
def test_a_table_that_cannot_be_is_refused(card, data, tmp_path, old, new):
    path = tmp_path / "robustness.json"
    write_robustness(measure(card, data), path)
    path.write_text(path.read_text().replace(old, new))
    with pytest.raises(UserFacingError, match="cannot be read"):
        read_robustness(path)
