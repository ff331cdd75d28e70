"""Loading: a user's own checkpoint works, and a damaged one never passes for a good one."""

import hashlib
import pickle

import pytest
import safetensors.torch
import torch

from lightbox.core.errors import UserFacingError
from lightbox.networks import NETWORKS, find_checkpoint, load_checkpoint, load_network, read_card

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


@pytest.mark.parametrize("key", NETWORKS)
def test_a_network_filled_without_a_random_start_is_bit_for_bit_the_one_that_was_copied_into(key, tmp_path):
    """The way it was done before: build with random weights, copy the checkpoint's over them."""
    torch.manual_seed(3)
    source = NETWORKS[key].build(3)
    for name, buffer in source.named_buffers():
        if name.endswith(("running_mean", "running_var")):
            buffer.uniform_(0.5, 1.5)
    state = {
        name: tensor.half() if tensor.is_floating_point() and "running" not in name else tensor
        for name, tensor in source.state_dict().items()
    }
    content = safetensors.torch.save(state)
    (tmp_path / "weights.safetensors").write_bytes(content)
    card = CARD.format(sha256=hashlib.sha256(content).hexdigest()).replace("[architecture]\nchannels = [4, 6]", "")
    (tmp_path / "card.toml").write_text(card.replace('network = "convnet"', f'network = "{key}"'))
    copied = NETWORKS[key].build(3)
    copied.load_state_dict(
        {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in state.items()}
    )
    copied.eval().requires_grad_(requires_grad=False)
    before = torch.random.get_rng_state()
    module = load_checkpoint(read_card(tmp_path)).module
    assert torch.equal(torch.random.get_rng_state(), before)
    for ours, theirs in zip(everything(module), everything(copied), strict=True):
        (name, tensor), (same_name, other) = ours, theirs
        assert name == same_name
        assert not tensor.is_meta
        assert (tensor.dtype, tensor.stride(), tensor.requires_grad) == (other.dtype, other.stride(), False)
        assert torch.equal(tensor, other)
    assert [child.training for child in module.modules()] == [child.training for child in copied.modules()]
    x = torch.rand(1, 3, 64, 64, generator=torch.Generator().manual_seed(4))
    assert torch.equal(module(x), copied(x))


def everything(module):
    return [*module.named_parameters(), *module.named_buffers()]


def test_weights_that_lack_a_tensor_are_refused(folder):
    state = NETWORKS["convnet"].build(3, channels=[4, 6]).state_dict()
    del state["norm4.running_var"]
    rewrite(folder, safetensors.torch.save(state))
    with pytest.raises(UserFacingError, match="do not fit the architecture ConvNet"):
        load_network("chest_xray", "convnet")


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


def whole(count=3):
    return NETWORKS["convnet"].build(count, channels=[4, 6]).state_dict()


@pytest.mark.parametrize("prefix", ["module.", "model.", "net.backbone."])
def test_a_prefix_of_every_name_is_named(folder, prefix):
    rewrite(folder, safetensors.torch.save({prefix + name: tensor for name, tensor in whole().items()}))
    with pytest.raises(UserFacingError, match="each name in the file begins with") as refusal:
        load_network("chest_xray", "convnet")
    assert f"'{prefix}'" in refusal.value.message
    assert f"without '{prefix}'" in refusal.value.hint


def test_what_is_missing_left_over_and_of_another_shape_is_named(folder):
    state = whole()
    first, second, *_ = state
    del state[first]
    state["extra.weight"] = torch.zeros(2)
    state[second] = torch.zeros(99)
    rewrite(folder, safetensors.torch.save(state))
    with pytest.raises(UserFacingError, match="do not fit the architecture ConvNet") as refusal:
        load_network("chest_xray", "convnet")
    said = refusal.value.message
    assert f"missing: {first}" in said
    assert "left over: extra.weight" in said
    assert f"{second} (99 in the file, {' x '.join(map(str, whole()[second].shape))} wanted)" in said


def test_many_names_are_counted_and_three_are_said(folder):
    rewrite(folder, safetensors.torch.save({"one.weight": torch.zeros(1)}))
    with pytest.raises(UserFacingError, match=rf"and {len(whole()) - 3} more; left over: one.weight"):
        load_network("chest_xray", "convnet")


def test_another_number_of_answers_than_classes_on_the_card_is_said_so(folder):
    rewrite(folder, safetensors.torch.save(whole(count=5)))
    with pytest.raises(UserFacingError, match="The card lists 3 classes and the file answers 5"):
        load_network("chest_xray", "convnet")


def test_an_architecture_that_cannot_be_built_is_the_cards_fault_and_not_the_weights(folder):
    path = folder / "card.toml"
    path.write_text(path.read_text().replace("channels = [4, 6]", "canals = [4, 6]"))
    with pytest.raises(UserFacingError, match="cannot be built as the card"):
        load_network("chest_xray", "convnet")


def test_capitals_in_a_sha256_are_the_same_digits(folder):
    path = folder / "card.toml"
    digits = hashlib.sha256((folder / "weights.safetensors").read_bytes()).hexdigest()
    path.write_text(path.read_text().replace(digits, digits.upper()))
    assert load_network("chest_xray", "convnet").sha256 == digits


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ('"abc"', "has 3 characters, not 64"),
        (f'"{"g" * 64}"', "holds 'g', which is no hexadecimal digit"),
        ("7", "not text in quotation marks"),
    ],
)
def test_a_sha256_that_is_none_is_said_to_be_what_it_is(folder, written, sentence):
    path = folder / "card.toml"
    digits = hashlib.sha256((folder / "weights.safetensors").read_bytes()).hexdigest()
    path.write_text(path.read_text().replace(f'"{digits}"', written))
    with pytest.raises(UserFacingError, match=sentence):
        find_checkpoint("chest_xray", "convnet")
