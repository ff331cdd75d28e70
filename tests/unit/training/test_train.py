import numpy as np
import pytest
import torch
from PIL import Image

from lightbox.core.errors import UserFacingError
from lightbox.networks import load_checkpoint, read_card
from lightbox.training.recipe import Recipe
from lightbox.training.train import train

RECIPE = Recipe(epochs=3, sizes=(64, 96), batch_size=8, ema_decay=0.6, learning_rate=1e-2, seed=5)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Three classes told apart by where a bright square lies, so that a few steps learn them."""
    folder = tmp_path_factory.mktemp("data")
    generator = np.random.default_rng(0)
    for split, count in (("train", 24), ("test", 6)):
        for index, label in enumerate(("normal", "bacterial", "viral")):
            (folder / split / label).mkdir(parents=True)
            for number in range(count):
                pixels = generator.integers(0, 60, (96, 96)).astype(np.uint8)
                pixels[20:70, 5 + 30 * index : 30 + 30 * index] += 150
                Image.fromarray(pixels).save(folder / split / label / f"{number}.png")
    return folder


def weights(folder):
    return read_card(folder / "chest_xray" / "convnet").sha256


def test_a_stopped_run_goes_on_to_the_same_weights(data, tmp_path):
    train("chest_xray", "convnet", data=data, out=tmp_path / "whole", work=tmp_path / "a", recipe=RECIPE)

    class StopError(Exception):
        pass

    def stop_after_two(history):
        if history[-1]["epoch"] == 2:
            raise StopError

    with pytest.raises(StopError):
        train(
            "chest_xray",
            "convnet",
            data=data,
            out=tmp_path / "resumed",
            work=tmp_path / "b",
            recipe=RECIPE,
            on_epoch=stop_after_two,
        )
    assert not (tmp_path / "resumed").exists()
    train("chest_xray", "convnet", data=data, out=tmp_path / "resumed", work=tmp_path / "b", recipe=RECIPE)
    assert weights(tmp_path / "whole") == weights(tmp_path / "resumed")


def test_what_is_written_is_what_the_app_loads(data, tmp_path):
    metrics = train("chest_xray", "convnet", data=data, out=tmp_path, work=tmp_path / "w", recipe=RECIPE)
    folder = tmp_path / "chest_xray" / "convnet"
    card = read_card(folder)
    network = load_checkpoint(card)
    assert network.module(torch.zeros(1, 3, 96, 96)).shape == (1, 3)
    assert network.training_mean.shape == (96, 96)
    assert card.metrics["test_accuracy"] == metrics["test_accuracy"]
    assert card.training["train_images"] + card.training["validation_images"] == 72
    rows = (folder / "predictions.csv").read_text().splitlines()
    assert rows[0] == "path,sha256,label,predicted,leaked,p_normal,p_bacterial,p_viral"
    assert len(rows) == 1 + 18


def test_another_recipe_in_the_same_folder_is_refused(data, tmp_path):
    work = tmp_path / "w"
    work.mkdir()
    (work / "run.json").write_text("{}")
    with pytest.raises(UserFacingError, match="other settings or data"):
        train("chest_xray", "convnet", data=data, out=tmp_path, work=work, recipe=RECIPE)
