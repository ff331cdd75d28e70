import pytest
import torch

from lightbox.core.errors import UserFacingError
from lightbox.networks import NETWORKS
from lightbox.training.architectures import find_architecture


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
