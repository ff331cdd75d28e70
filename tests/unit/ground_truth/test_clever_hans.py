"""The demonstration of a shortcut shows what it says: the text decides, and nothing else changed."""

import numpy as np
import pytest

from lightbox.core.errors import UserFacingError
from lightbox.core.settings import PROJECT_DIR
from lightbox.core.tasks import TASKS
from lightbox.explainers import Target, run
from lightbox.ground_truth.clever_hans import SHORTCUTS, SIZE, hans_folder, read_hans_card, read_hans_samples
from lightbox.imaging.preprocess import prepare
from lightbox.metrics.localisation import localise
from lightbox.networks import load_checkpoint


@pytest.fixture(autouse=True)
def _shipped_folder(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_SAMPLES_DIR", str(PROJECT_DIR / "sample_images"))


def answer(network, pixels):
    view = prepare(pixels, network.preprocessing).pixels
    return network.classes[int(network.logits(network.to_input(view))[0].argmax())]


@pytest.mark.parametrize("task", SHORTCUTS)
def test_two_samples_a_modality_whose_answer_hangs_on_the_text(task):
    network, shortcut = load_checkpoint(read_hans_card(task)), SHORTCUTS[task]
    samples = read_hans_samples(task)
    assert {sample.label for sample in samples} == {shortcut.label, shortcut.healthy}
    for sample in samples:
        assert answer(network, sample.with_marker) == shortcut.label
        assert answer(network, sample.without_marker) != shortcut.label


@pytest.mark.parametrize("task", SHORTCUTS)
def test_a_pair_differs_in_the_text_alone(task):
    for sample in read_hans_samples(task):
        assert sample.with_marker.shape == (SIZE, SIZE)
        change = np.abs(sample.with_marker - sample.without_marker)
        assert change[sample.place].max() > 0.5
        assert change[~sample.place].max() <= 1.01 / 255  # where the letters' faint edge tips a pixel's rounding
        assert sample.place.mean() < 0.08


@pytest.mark.parametrize("task", SHORTCUTS)
def test_the_card_says_that_it_is_a_demonstration_and_how_far_the_shortcut_goes(task):
    card = read_hans_card(task)
    assert card.measured
    assert "demonstration of a shortcut, trained on synthetic images only" in card.training["purpose"]
    assert card.metrics[f"others_with_text_called_{SHORTCUTS[task].label}"] >= 0.5
    assert card.metrics[f"{SHORTCUTS[task].label}_without_text_called_so"] <= 0.5
    assert card.classes == TASKS[task].classes
    assert sum(path.stat().st_size for path in hans_folder(task).iterdir()) < 150_000


@pytest.mark.parametrize("task", SHORTCUTS)
def test_lrp_unmasks_the_text(task):
    card = read_hans_card(task)
    network = load_checkpoint(card)
    target = Target(card.classes.index(SHORTCUTS[task].label))
    for sample in read_hans_samples(task):
        x = network.to_input(prepare(sample.with_marker, card.preprocessing).pixels)
        found = localise(run("contrastive_lrp", network, x, target).values, sample.place)
        assert found.mass > 5 * found.area


@pytest.mark.parametrize("task", SHORTCUTS)
def test_every_picture_has_a_row(task):
    assert len(list(hans_folder(task).glob("*.png"))) == 2 * len(read_hans_samples(task))


def test_no_demonstration_is_none_and_a_torn_one_is_an_error(monkeypatch, tmp_path):
    monkeypatch.setenv("LIGHTBOX_SAMPLES_DIR", str(tmp_path))
    assert read_hans_card("chest_xray") is None
    assert read_hans_samples("chest_xray") == ()
    folder = hans_folder("chest_xray")
    folder.mkdir(parents=True)
    (folder / "samples.toml").write_text("[[sample]]\nkey = 'one'\n")
    with pytest.raises(UserFacingError, match="Clever Hans samples of chest_xray cannot be read"):
        read_hans_samples("chest_xray")
    row = 'key = "one"\nlabel = "bacterial"\nwith_marker = "a.png"\nwithout_marker = "b.png"\n'
    (folder / "samples.toml").write_text(f"[[sample]]\n{row}")
    with pytest.raises(UserFacingError, match=r"samples of chest_xray cannot be read\. a\.png .*lightbox clever-hans"):
        read_hans_samples("chest_xray")
