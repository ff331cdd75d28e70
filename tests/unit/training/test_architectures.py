import pytest
import torch
from torch import nn

from lightbox.core.errors import UserFacingError
from lightbox.networks import NETWORKS
from lightbox.training import architectures
from lightbox.training.architectures import fetch_imagenet_state, find_architecture, start_from


def test_our_networks_are_found_by_their_keys():
    assert find_architecture("convnet") is NETWORKS["convnet"]


def test_a_torchvision_classifier_has_as_many_outputs_as_classes():
    module = find_architecture("torchvision/efficientnet_b0").build(4)
    assert module.eval()(torch.zeros(1, 3, 64, 64)).shape == (1, 4)


@pytest.mark.parametrize("key", ["resnet51", "torchvision/resnet51", "torchvision/../x"])
def test_an_unknown_network_is_refused_and_known_ones_are_named(key):
    with pytest.raises(UserFacingError, match="named") as caught:
        find_architecture(key)
    assert "resnet50" in caught.value.hint or "alexnet" in caught.value.hint


@pytest.mark.parametrize("key", ["resnet50", "vgg16"])
def test_our_architectures_take_over_torchvisions_tensors(key):
    """Names and shapes agree, so that ImageNet weights fit: all but the classifier are taken over."""
    from lightbox.networks._torchvision import models

    theirs = models.get_model({"vgg16": "vgg16_bn"}.get(key, key), weights=None, num_classes=7).state_dict()
    ours = NETWORKS[key].build(3)
    start_from(ours, theirs)
    first = next(name for name, layer in ours.named_modules() if isinstance(layer, nn.Conv2d))
    assert torch.equal(ours.state_dict()[f"{first}.weight"], theirs[f"{first}.weight"])


def test_weights_of_something_else_are_refused():
    with pytest.raises(UserFacingError, match="Only 0 of"):
        start_from(NETWORKS["convnet"].build(3), {"conv1.weight": torch.zeros(1)})


def test_without_a_connection_it_says_so(monkeypatch):
    from lightbox.networks._torchvision import models

    class Weights:
        def get_state_dict(self, **_):
            raise OSError("no route to host")

    monkeypatch.setattr(models, "get_model_weights", lambda _name: type("Enum", (), {"DEFAULT": Weights()}))
    with pytest.raises(UserFacingError, match="could not be downloaded"):
        fetch_imagenet_state("resnet50")
    with pytest.raises(UserFacingError, match="no ImageNet weights of convnet"):
        architectures.fetch_imagenet_state("convnet")
