"""Loading: a user's own checkpoint works, and a damaged one never passes for a good one."""

import hashlib
import pickle

import pytest
import safetensors.torch
import torch

from lightbox.core.errors import UserFacingError
from lightbox.networks import NETWORKS, find_checkpoint, load_network

CARD = """
task = "chest_xray"
network = "convnet"
classes = ["normal", "bacterial", "viral"]
licence = "Apache-2.0"
date = "2026-11-20"

[weights]
sha256 = "{sha256}"

[architecture]
channels = [4, 6]

[preprocessing]
size = 64
crop = "none"
percentiles = [1, 99]
mean = [0.4, 0.5, 0.6]
std = [0.2, 0.25, 0.3]
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A user's own small ConvNet, with float16 weights."""
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path))
    folder = tmp_path / "chest_xray" / "convnet"
    folder.mkdir(parents=True)
    torch.manual_seed(0)
    state = NETWORKS["convnet"].build(3, channels=[4, 6]).half().state_dict()
    content = safetensors.torch.save(state)
    (folder / "weights.safetensors").write_bytes(content)
    (folder / "card.toml").write_text(CARD.format(sha256=hashlib.sha256(content).hexdigest()))
    return folder


def rewrite(folder, content):
    """Other weights, with a card that vouches for them."""
    (folder / "weights.safetensors").write_bytes(content)
    (folder / "card.toml").write_text(CARD.format(sha256=hashlib.sha256(content).hexdigest()))


def test_a_users_own_checkpoint_is_loaded_in_float32_and_frozen(folder):
    network = load_network("chest_xray", "convnet")
    x = network.to_input(torch.rand(64, 64).numpy())
    assert network.module(x).shape == (1, 3)
    assert x.dtype == torch.float32
    assert not network.module.training
    assert not any(parameter.requires_grad for parameter in network.module.parameters())
    assert network.classes == ("normal", "bacterial", "viral")


def test_black_is_zero_before_normalisation_and_comes_back_after(folder):
    network = load_network("chest_xray", "convnet")
    x = network.to_input(torch.zeros(64, 64).numpy())
    torch.testing.assert_close(x[0, :, 0, 0], torch.tensor([-0.4 / 0.2, -0.5 / 0.25, -0.6 / 0.3]))
    torch.testing.assert_close(network.denormalise(x), torch.zeros(1, 3, 64, 64))


def test_one_flipped_bit_is_refused(folder):
    content = bytearray((folder / "weights.safetensors").read_bytes())
    content[-3] ^= 1
    (folder / "weights.safetensors").write_bytes(content)
    with pytest.raises(UserFacingError, match="not the ones its card describes"):
        load_network("chest_xray", "convnet")


def test_a_truncated_file_is_refused_even_where_the_card_vouches_for_it(folder):
    rewrite(folder, (folder / "weights.safetensors").read_bytes()[:-100])
    with pytest.raises(UserFacingError, match="do not fit the architecture"):
        load_network("chest_xray", "convnet")


def test_a_pickle_in_disguise_is_never_unpickled(folder):
    class Bomb:
        def __reduce__(self):
            return (pytest.fail, ("the pickle was run",))

    rewrite(folder, pickle.dumps(Bomb()))
    with pytest.raises(UserFacingError, match="do not fit the architecture"):
        load_network("chest_xray", "convnet")


def test_weights_of_another_architecture_are_refused(folder):
    rewrite(folder, safetensors.torch.save(NETWORKS["convnet"].build(3, channels=[5, 6]).state_dict()))
    with pytest.raises(UserFacingError, match="do not fit the architecture ConvNet"):
        load_network("chest_xray", "convnet")


def test_a_network_without_weights_is_absent_not_untrained(folder):
    assert find_checkpoint("chest_xray", "resnet50") is None
    with pytest.raises(UserFacingError, match="no trained checkpoint"):
        load_network("chest_xray", "resnet50")


def test_weights_without_a_card_are_an_error_not_an_absence(folder):
    (folder / "card.toml").unlink()
    with pytest.raises(UserFacingError, match="no readable card"):
        find_checkpoint("chest_xray", "convnet")


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('classes = ["normal", "bacterial", "viral"]', "", "classes"),
        ('"bacterial"', '"normal"', "two or more different names"),
        ("size = 64", 'size = "big"', "size is a whole number"),
        ("size = 64", "sise = 64", "sise"),
        ('task = "chest_xray"', 'task = "brain_mri"', "says it belongs to brain_mri/convnet"),
        ("[weights]", "[weights", "cannot be used"),
    ],
)
def test_a_wrong_card_is_named_with_what_is_wrong(folder, before, after, sentence):
    path = folder / "card.toml"
    path.write_text(path.read_text().replace(before, after))
    with pytest.raises(UserFacingError, match=sentence):
        find_checkpoint("chest_xray", "convnet")
