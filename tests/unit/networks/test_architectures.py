"""What every method relies on: each activation and pool a module used once, nothing in place."""

from collections import Counter

import pytest
import torch
from torch import nn

from lightbox.networks import NETWORKS
from lightbox.networks.engines.torchvision_import import models


@pytest.fixture(scope="module", params=list(NETWORKS))
def spec(request):
    return NETWORKS[request.param]


@pytest.fixture(scope="module")
def module(spec):
    torch.manual_seed(0)
    return spec.build(3).eval()


def test_every_module_is_used_once_and_none_in_place(module):
    calls = Counter()
    leaves = [leaf for leaf in module.modules() if not list(leaf.children())]
    handles = [leaf.register_forward_hook(lambda leaf, *_: calls.update([leaf])) for leaf in leaves]
    module(torch.rand(1, 3, 96, 96))
    for handle in handles:
        handle.remove()
    assert max(calls.values()) == 1
    assert not any(getattr(leaf, "inplace", False) for leaf in leaves)


def test_no_activation_is_functional(module):
    """With its ReLU modules taken for identities, the network lets every negative value through."""
    seen = []
    relus = [leaf for leaf in module.modules() if isinstance(leaf, nn.ReLU)]
    handles = [
        leaf.register_forward_hook(lambda _leaf, inputs, _output: seen.append(inputs[0]) or inputs[0]) for leaf in relus
    ]
    module(torch.rand(1, 3, 96, 96))
    for handle in handles:
        handle.remove()
    assert len(seen) == len(relus)
    assert all((values < 0).any() for values in seen)


def test_the_layers_offered_to_grad_cam_exist_and_give_maps(spec, module):
    for name in spec.layers.values():
        outputs = []
        keep = outputs.append
        handle = module.get_submodule(name).register_forward_hook(lambda _m, _i, output, keep=keep: keep(output))
        module(torch.rand(1, 3, 96, 96))
        handle.remove()
        assert outputs[0].ndim == 4


def test_resnet50_computes_what_torchvisions_does(spec):
    """Separate modules change nothing in the numbers: 0 difference in float64 would be luck, 1e-12 is rounding."""
    torch.manual_seed(1)
    ours = NETWORKS["resnet50"].build(5).double().eval()
    stock = models.resnet50(num_classes=5).double().eval()
    stock.load_state_dict(ours.state_dict())
    x = torch.rand(2, 3, 64, 64, dtype=torch.float64)
    torch.testing.assert_close(ours(x), stock(x), rtol=1e-12, atol=1e-12)


def test_vgg16_has_torchvisions_features_under_their_names():
    ours = NETWORKS["vgg16"].build(5).double().eval()
    stock = models.vgg16_bn().double().eval()
    stock.features.load_state_dict(ours.get_submodule("features").state_dict())
    x = torch.rand(1, 3, 64, 64, dtype=torch.float64)
    torch.testing.assert_close(ours.get_submodule("features")(x), stock.features(x), rtol=1e-12, atol=1e-12)


def test_the_convnet_is_the_one_described():
    module = NETWORKS["convnet"].build(4)
    convolutions = [leaf for leaf in module.modules() if isinstance(leaf, nn.Conv2d)]
    assert [leaf.out_channels for leaf in convolutions] == [16, 36, 45, 54]
    assert all(leaf.kernel_size == (3, 3) and leaf.padding == (0, 0) for leaf in convolutions)
    assert [type(leaf).__name__ for leaf in list(module)[:4]] == ["Conv2d", "BatchNorm2d", "ReLU", "MaxPool2d"]
