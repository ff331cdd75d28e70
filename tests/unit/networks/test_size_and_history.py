"""What is read beside a checkpoint without loading it."""

import dataclasses

import pytest

from lightbox.core.errors import UserFacingError
from lightbox.networks import NETWORKS, find_checkpoint
from lightbox.networks.size import read_size
from lightbox.provenance.history import read_history

HEAD = "epoch,split,size,loss,accuracy,balanced_accuracy,learning_rate,seconds\n"


@pytest.fixture
def card(tmp_path):
    """A shipped card that says it lies in an empty folder."""
    return dataclasses.replace(find_checkpoint("brain_mri", "convnet"), folder=tmp_path)


@pytest.mark.parametrize("network", ["convnet", "resnet50"])
def test_the_header_counts_the_parameters_that_torch_counts(card, network):
    from safetensors.torch import save_file

    module = NETWORKS[network].build(4)
    save_file({name: tensor.half() for name, tensor in module.state_dict().items()}, card.weights_path)
    size = read_size(card)
    assert size.parameters == sum(parameter.numel() for parameter in module.parameters())
    assert size.file_bytes == card.weights_path.stat().st_size


@pytest.mark.parametrize(
    "content", [b"", b"short", b"\xff" * 100, b"\x02" + bytes(7) + b"[]", b"\x05" + bytes(7) + b'{"a":']
)
def test_a_file_that_is_no_safetensors_is_refused(card, content):
    card.weights_path.write_bytes(content)
    with pytest.raises(UserFacingError, match="cannot be read"):
        read_size(card)


def test_the_shipped_history_ends_where_its_card_says():
    card = find_checkpoint("brain_mri", "convnet")
    epochs = read_history(card)
    assert len(epochs) == 2 * card.training["epochs_done"]
    best = [epoch for epoch in epochs if (epoch.number, epoch.split) == (card.training["best_epoch"], "validation")]
    assert best[0].accuracy == pytest.approx(card.metrics["validation_accuracy"], abs=1e-4)


def test_a_history_is_read_in_the_files_order_and_may_be_absent(card):
    assert read_history(card) == ()
    (card.folder / "history.csv").write_text(
        HEAD + "1,train,128,1.5,0.5,,0.001,9.1\n1,validation,224,1,0.6,0.7,0.001,\n"
    )
    train, validation = read_history(card)
    assert (train.number, train.split, train.size, train.loss, train.balanced_accuracy) == (1, "train", 128, 1.5, None)
    assert (validation.accuracy, validation.balanced_accuracy) == (0.6, 0.7)


@pytest.mark.parametrize("text", ["nonsense\n1\n", HEAD + "1,test,128,1,1,1,1,1\n", HEAD + "one,train,128,1,1,1,1,1\n"])
def test_a_broken_history_is_refused(card, text):
    (card.folder / "history.csv").write_text(text)
    with pytest.raises(UserFacingError, match=r"history\.csv of brain_mri/convnet cannot be read"):
        read_history(card)
