import hashlib

import pytest
import torch
from safetensors.torch import load_file
from torch import nn

from lightbox.core.errors import UserFacingError
from lightbox.networks import NETWORKS
from lightbox.provenance.training_files import write_training_files
from lightbox.training.initial_weights import fetch_imagenet_state, find_start, start_from
from tests.unit.jobs.conftest import write_checkpoint


@pytest.mark.parametrize("key", ["resnet50", "vgg16"])
def test_our_architectures_take_over_torchvisions_tensors(key):
    """Names and shapes agree, so that ImageNet weights fit: all but the classifier are taken over."""
    from lightbox.networks.engines.torchvision_import import models

    theirs = models.get_model({"vgg16": "vgg16_bn"}.get(key, key), weights=None, num_classes=7).state_dict()
    ours = NETWORKS[key].build(3)
    start_from(ours, theirs)
    first = next(name for name, layer in ours.named_modules() if isinstance(layer, nn.Conv2d))
    assert torch.equal(ours.state_dict()[f"{first}.weight"], theirs[f"{first}.weight"])


def test_weights_of_something_else_are_refused():
    with pytest.raises(UserFacingError, match="Only 0 of"):
        start_from(NETWORKS["convnet"].build(3), {"conv1.weight": torch.zeros(1)})


def test_without_a_connection_it_says_so(monkeypatch):
    from lightbox.networks.engines.torchvision_import import models

    class Weights:
        def get_state_dict(self, **_):
            raise OSError("no route to host")

    monkeypatch.setattr(models, "get_model_weights", lambda _name: type("Enum", (), {"DEFAULT": Weights()}))
    with pytest.raises(UserFacingError, match="could not be downloaded"):
        fetch_imagenet_state("resnet50")
    with pytest.raises(UserFacingError, match="no ImageNet weights of convnet"):
        fetch_imagenet_state("convnet")


@pytest.fixture
def trained(tmp_path):
    """A checkpoint whose card says which data it learned from, and which of them it did not."""
    folder = write_checkpoint(tmp_path / "trained", seed=3)
    card = folder / "card.toml"
    card.write_text(card.read_text() + '[training]\ndata_sha256 = "split"\n')
    return folder


def find(init, tmp_path, *, task="brain_mri", data_sha256="split", held_out=()):
    return find_start(
        str(init), task, "convnet", data_sha256=data_sha256, held_out=held_out, target=tmp_path / "out"
    )  # fmt: skip


def test_a_checkpoint_is_a_start_with_its_classifier(trained, tmp_path):
    start = find(trained, tmp_path)
    stored = load_file(trained / "weights.safetensors")
    assert start.name.startswith("checkpoint ")
    module = NETWORKS["convnet"].build(4)
    start_from(module, start.state)
    own = module.state_dict()
    assert {name for name, tensor in stored.items() if torch.equal(own[name], tensor)} == set(own)


def test_a_checkpoint_that_may_have_learned_what_is_held_out_now_is_refused(trained, tmp_path):
    with pytest.raises(UserFacingError, match="may have learned what is held out now"):
        find(trained, tmp_path, data_sha256="another split")
    untold = write_checkpoint(tmp_path / "untold")
    with pytest.raises(UserFacingError, match="may have learned what is held out now"):
        find(untold, tmp_path)
    assert find(untold, tmp_path, task="my_scans").state, "a transfer from another task"


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize("where", ["trained", "."])
def test_a_list_of_what_a_checkpoint_saw_lets_it_learn_from_more(trained, tmp_path, where):
    card = trained / "card.toml"
    then = sha256("then")
    card.write_text(card.read_text() + f'published_sha256 = "{then}"\n')
    write_training_files(tmp_path / where / "training_files.txt", then, [sha256("one"), sha256("two")])
    start = find(trained, tmp_path, data_sha256="another split", held_out={sha256("three")})
    assert start.seen == {sha256("one")[:16], sha256("two")[:16]}
    with pytest.raises(UserFacingError, match="may have learned what is held out now"):
        find(trained, tmp_path, data_sha256="another split", held_out={sha256("three"), sha256("two")})


def test_a_list_of_other_data_is_no_proof(trained, tmp_path):
    write_training_files(trained / "training_files.txt", sha256("other"), [sha256("one")])
    with pytest.raises(UserFacingError, match="may have learned what is held out now"):
        find(trained, tmp_path, data_sha256="another split", held_out={sha256("three")})


def test_a_checkpoint_is_not_overwritten_by_what_starts_from_it(trained):
    target = trained.parent / "." / "trained"
    with pytest.raises(UserFacingError, match="would take the place"):
        find_start(str(trained), "brain_mri", "convnet", data_sha256="split", held_out=(), target=target)


def test_a_random_start_has_no_weights(tmp_path):
    start = find("random", tmp_path)
    assert (start.name, start.state) == ("random", None)


def test_a_folder_without_a_checkpoint_is_said(tmp_path):
    with pytest.raises(UserFacingError, match=r"card\.toml"):
        find(tmp_path, tmp_path)
