"""LRP against slow re-derivations on explicit matrices, the laws of the papers, and stock zennit."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn

from lightbox.core.errors import UserFacingError
from lightbox.explainers import Target, run
from lightbox.imaging.preprocess import prepare
from lightbox.imaging.samples import list_samples, read_sample
from lightbox.networks import load_network
from lightbox.networks.engines import torchvision_import  # noqa: F401  (must precede zennit)
from lightbox.networks.engines.residual import Add
from tests.networks_for_tests import grey_scan, random_network, wrap

STABILISER = 1e-6  # zennit's


def toy_module(*, bias: bool = True, seed: int = 0) -> nn.Sequential:
    """Two convolutions with batch norm, both kinds of pooling and a linear layer, in float64."""
    torch.manual_seed(seed)
    module = nn.Sequential(
        nn.Conv2d(3, 4, 3, bias=bias),
        nn.BatchNorm2d(4) if bias else nn.Identity(),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 2, bias=bias),
        nn.BatchNorm2d(6) if bias else nn.Identity(),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(6, 3, bias=bias),
    ).double()
    for layer in module:
        if isinstance(layer, nn.BatchNorm2d):
            layer.weight.data.uniform_(0.5, 1.5)
            layer.bias.data.normal_(0, 0.3)
            layer.running_mean.normal_(0, 0.3)
            layer.running_var.uniform_(0.5, 1.5)
    if bias:
        module[9].bias.data.mul_(0.1)  # the logits owe their signs to the features, not to these
    return module.eval().requires_grad_(False)


def toy_scan(seed: int = 1) -> torch.Tensor:
    return torch.rand(1, 3, 8, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def explicit(layer: nn.Module, shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """The matrix (out, in) and bias of an affine layer, by showing it every unit vector."""
    count = int(np.prod(shape))
    zero = layer(torch.zeros(1, *shape, dtype=torch.float64)).flatten()
    units = torch.eye(count, dtype=torch.float64).reshape(count, *shape)
    return (layer(units).flatten(1) - zero).T.numpy(), zero.numpy()


def stabilise(z: np.ndarray) -> np.ndarray:
    return z + STABILISER * np.where(z >= 0, 1, -1)


def epsilon_rule(w: np.ndarray, b: np.ndarray, a: np.ndarray, r: np.ndarray) -> np.ndarray:
    return a * (w.T @ (r / stabilise(w @ a + b)))


def alpha_beta_rule(w: np.ndarray, b: np.ndarray, a: np.ndarray, r: np.ndarray, alpha: float) -> np.ndarray:
    contributions = w * a  # (out, in): z_ij of the paper
    positive, negative = contributions.clip(min=0), contributions.clip(max=0)
    z_positive = positive.sum(axis=1) + b.clip(min=0)
    z_negative = negative.sum(axis=1) + b.clip(max=0)
    up = (positive / stabilise(z_positive)[:, None]).T @ r
    down = (negative / stabilise(z_negative)[:, None]).T @ r
    return alpha * up - (alpha - 1) * down


def flat_rule(w: np.ndarray, r: np.ndarray) -> np.ndarray:
    reached = (w != 0).astype(float)  # random weights are never exactly 0 where connected
    return reached.T @ (r / stabilise(reached.sum(axis=1)))


def box_rule(w: np.ndarray, b: np.ndarray, a: np.ndarray, r: np.ndarray) -> np.ndarray:
    low, high = np.zeros_like(a), np.ones_like(a)
    up, down = w.clip(min=0), w.clip(max=0)
    share = r / stabilise(w @ a - up @ low - down @ high + b - b.clip(min=0) - b.clip(max=0))
    return a * (w.T @ share) - low * (up.T @ share) - high * (down.T @ share)


def gamma_rule(w: np.ndarray, b: np.ndarray, a: np.ndarray, r: np.ndarray, gamma: float = 0.25) -> np.ndarray:
    """Montavon 2019 for active neurons; the mirror image where the output is negative. Inputs are not negative.

    Which of the two it is, is decided on the layer's own output, bias included: zennit sets
    biases aside in the denominators only.
    """
    found = np.zeros_like(a)
    output = w @ a + b[0]
    for sign in (1, -1):
        weights = w + gamma * (sign * w).clip(min=0) * sign
        bias = b[1] + gamma * (sign * b[1]).clip(min=0) * sign
        share = np.where(np.sign(output) == sign, r / stabilise(weights @ a + bias), 0)
        found += a * (weights.T @ share)
    return found


def convolution_rule(composite: str, w: np.ndarray, b: np.ndarray, full: np.ndarray, a: np.ndarray, r: np.ndarray):
    if composite == "epsilon_plus_flat":
        return alpha_beta_rule(w, b, a, r, alpha=1)
    if composite == "alpha2_beta1_flat":
        return alpha_beta_rule(w, b, a, r, alpha=2)
    if composite == "epsilon_gamma_box":
        return gamma_rule(w, (full, b), a, r)
    return epsilon_rule(w, b, a, r)


def slow_lrp(module: nn.Sequential, x: torch.Tensor, index: int, composite: str, *, with_bias: bool) -> np.ndarray:
    """(H, W) relevance layer by layer on explicit matrices; batch norm is part of the matrix it follows."""
    conv1, conv2 = nn.Sequential(*module[0:2]), nn.Sequential(*module[4:6])
    hidden = module[0:3](x)
    pooled = module[3](hidden)
    active = module[4:7](pooled)
    average = module[7](active).flatten()
    w, b = module[9].weight.numpy(), module[9].bias.numpy()
    keep = float(with_bias)
    start = np.zeros(3)
    start[index] = float(module(x)[0, index])
    r = epsilon_rule(w, b * keep, average.numpy(), start)
    spread, _ = explicit(module[7], tuple(active.shape[1:]))
    r = epsilon_rule(spread, np.zeros(6), active.flatten().numpy(), r)
    w, b = explicit(conv2, tuple(pooled.shape[1:]))
    r = convolution_rule(composite, w, b * keep, b, pooled.flatten().numpy(), r)
    leader = hidden.detach().requires_grad_()
    (r_hidden,) = torch.autograd.grad(module[3](leader), leader, torch.as_tensor(r).reshape(pooled.shape))
    r, a = r_hidden.flatten().numpy(), x.flatten().numpy()
    w, b = explicit(conv1, (3, 8, 8))
    if composite.endswith("flat"):
        r = flat_rule(w, r)
    elif composite == "epsilon_gamma_box":
        r = box_rule(w, b * keep, a, r)
    else:
        r = epsilon_rule(w, b * keep, a, r)
    return r.reshape(3, 8, 8).sum(axis=0)


EVERY_RULE = [
    (composite, biases)
    for composite in ("epsilon_plus_flat", "alpha2_beta1_flat", "epsilon_gamma_box", "epsilon")
    for biases in ("set aside", "take their share")
    if (composite, biases) != ("epsilon_gamma_box", "set aside")  # refused
]


@pytest.mark.parametrize(("composite", "biases"), EVERY_RULE)
def test_every_composite_equals_its_formulas_on_explicit_matrices(composite: str, biases: str) -> None:
    module, x = toy_module(), toy_scan()
    expected = slow_lrp(module, x, 1, composite, with_bias=biases == "take their share")
    found = run("lrp", wrap(module), x, Target(1), composite=composite, biases=biases).values
    assert np.abs(expected).max() > 0
    # Both are float64 until the map is stored as float32; 1e-5 of the largest value is its rounding.
    np.testing.assert_allclose(found, expected, atol=1e-5 * np.abs(expected).max(), rtol=1e-5)


def test_epsilon_lrp_on_a_small_matrix_is_what_the_paper_says() -> None:
    """Bach 2015, equation 58: R_i = x_i w_i / z; with the bias in z it keeps its share."""
    layer = nn.Linear(3, 2).double()
    layer.weight.data = torch.tensor([[1.0, 2.0, -1.0], [0.5, 0.0, 1.0]]).double()
    layer.bias.data = torch.tensor([2.0, 0.0]).double()
    x = torch.tensor([1.0, 2.0, 1.0]).double().reshape(1, 3, 1, 1)
    network = wrap(nn.Sequential(nn.Flatten(), layer), size=1, classes=2)
    # logit 0 = 1 + 4 - 1 + 2 = 6
    shared = run("lrp", network, x, Target(0), composite="epsilon", biases="take their share")
    aside = run("lrp", network, x, Target(0), composite="epsilon")
    assert shared.values.item() == pytest.approx(4, rel=1e-5)
    assert shared.checks[0].value == pytest.approx(4 / 6, rel=1e-5)
    assert shared.checks[0].passed is None
    assert "absorbed 0.3333" in shared.checks[0].sentence
    assert aside.values.item() == pytest.approx(6, rel=1e-5)
    assert aside.checks[0].passed is True


def test_lrp_zero_on_a_relu_network_without_biases_is_gradient_times_input() -> None:
    module, x = toy_module(bias=False), toy_scan().requires_grad_()
    (gradient,) = torch.autograd.grad(module(x)[0, 2], x)
    expected = (gradient * x).sum(dim=1)[0].detach().numpy()
    found = run("lrp", wrap(module), x, Target(2), composite="epsilon").values
    # The stabiliser, 1e-6 beside averages of about 1e-3, is what differs.
    np.testing.assert_allclose(found, expected, atol=5e-3 * np.abs(expected).max())


@pytest.mark.parametrize(("composite", "size"), [("epsilon_plus_flat", 224), ("alpha2_beta1_flat", 64)])
@pytest.mark.parametrize("key", ["convnet", "resnet50", "vgg16"])
def test_relevance_sums_to_the_logit_on_every_architecture(key: str, composite: str, size: int) -> None:
    network = random_network(key, size)
    result = run("lrp", network, grey_scan(network), Target(1), composite=composite)
    assert result.checks[0].key == "conservation"
    assert result.checks[0].value == pytest.approx(1, abs=0.01)
    assert result.checks[0].passed is True
    assert result.values.sum(dtype=float) == pytest.approx(result.logit, rel=0.01)


def test_relevance_sums_to_the_logit_in_double_precision() -> None:
    network = random_network("resnet50", 64, double=True)
    result = run("lrp", network, grey_scan(network), Target(0))
    assert result.checks[0].value == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("key", ["convnet", "resnet50", "vgg16"])
def test_biases_that_take_their_share_leave_less_than_one(key: str) -> None:
    network = random_network(key, 64)
    result = run("lrp", network, grey_scan(network), Target(0), biases="take their share")
    assert result.checks[0].passed is None
    assert 0 < result.checks[0].value < 0.99
    assert "absorbed" in result.checks[0].sentence


def test_a_residual_addition_shares_relevance_instead_of_doubling_it() -> None:
    class Residual(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.branch, self.add = nn.Conv2d(3, 3, 1, bias=False), Add()
            self.flatten, self.out = nn.Flatten(), nn.Linear(3, 2, bias=False)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.out(self.flatten(self.add(self.branch(x), x)))

    torch.manual_seed(0)
    module, x = Residual().double(), torch.rand(1, 3, 1, 1, dtype=torch.float64)
    result = run("lrp", wrap(module, size=1, classes=2), x, Target(0), composite="epsilon")
    assert result.values.sum() == pytest.approx(result.logit, rel=1e-4)


def test_canonizing_merges_every_batch_norm_and_keeps_the_logits() -> None:
    from lightbox.explainers.engines import propagation

    for key in ("convnet", "resnet50", "vgg16"):
        network = random_network(key, 64, double=True)
        x = grey_scan(network)
        expected = network.logits(x)
        rules = propagation.build_composite(network, x, "epsilon_plus_flat", biases="set aside")
        try:
            rules.register(network.module)
            norms = [child for child in network.module.modules() if isinstance(child, nn.BatchNorm2d)]
            assert norms
            assert all((norm.weight == 1).all() and (norm.running_mean == 0).all() for norm in norms), key
            # Merged norms still add their own 1e-5 to a variance of 1, once a layer: 5e-6 x 53 layers.
            torch.testing.assert_close(network.logits(x), expected, rtol=2e-3, atol=2e-4)
        finally:
            rules.remove()
        assert torch.equal(network.logits(x), expected)


def test_the_map_equals_stock_zennit_on_torchvisions_resnet50() -> None:
    from torchvision.models import resnet50
    from zennit.composites import EpsilonPlusFlat
    from zennit.torchvision import ResNetCanonizer

    network = random_network("resnet50", 64, double=True)
    stock = resnet50(weights=None, num_classes=3).double().eval()
    stock.load_state_dict(network.module.state_dict())
    x = grey_scan(network).requires_grad_()
    start = torch.eye(3, dtype=torch.float64)[[1]] * stock(x).detach()
    with EpsilonPlusFlat(zero_params=["bias"], canonizers=[ResNetCanonizer()]).context(stock) as canonical:
        (relevance,) = torch.autograd.grad(canonical(x), x, start)
    expected = relevance[0].sum(dim=0).numpy()
    found = run("lrp", network, x, Target(1)).values
    np.testing.assert_allclose(found, expected, atol=1e-6 * np.abs(expected).max(), rtol=1e-5)


def test_the_map_equals_stock_zennit_on_a_stock_vgg() -> None:
    from zennit.composites import EpsilonPlusFlat
    from zennit.torchvision import VGGCanonizer

    network = random_network("vgg16", 64)
    stock, x = copy.deepcopy(network.module), grey_scan(network).requires_grad_()
    with EpsilonPlusFlat(zero_params=["bias"], canonizers=[VGGCanonizer()]).context(stock) as canonical:
        logits = canonical(x)
        (relevance,) = torch.autograd.grad(logits, x, torch.eye(3)[[2]] * logits.detach())
    expected = relevance[0].sum(dim=0).numpy()
    np.testing.assert_allclose(
        run("lrp", network, x, Target(2)).values, expected, atol=1e-5 * np.abs(expected).max(), rtol=1e-4
    )


@pytest.mark.parametrize("method", ["lrp", "contrastive_lrp"])
@pytest.mark.parametrize("key", ["convnet", "resnet50", "vgg16"])
def test_the_box_rule_is_refused_where_biases_are_set_aside(key: str, method: str) -> None:
    network = random_network(key, 64)
    with pytest.raises(UserFacingError, match=r"where biases are set aside\. Choose biases: take their share"):
        run(method, network, grey_scan(network), Target(0), composite="epsilon_gamma_box")


@pytest.mark.parametrize("task", ["brain_mri", "chest_xray"])
def test_the_box_rule_gives_a_map_of_a_shipped_network_where_biases_take_their_share(task: str) -> None:
    network = load_network(task, "convnet")
    sample = next(sample for sample in list_samples() if sample.task == task)
    x = network.to_input(prepare(read_sample(sample).pixels, network.preprocessing).pixels)
    result = run("lrp", network, x, Target(0), composite="epsilon_gamma_box", biases="take their share")
    assert not result.withheld
    assert result.values.any()


def test_the_bounds_of_the_box_rule_are_black_and_white_after_normalisation() -> None:
    """A white scan touches the upper bound: pixels with only negative weights get no relevance."""
    network = random_network("convnet", 64)
    white = network.normalise(torch.ones(1, 3, 64, 64))
    black = network.normalise(torch.zeros(1, 3, 64, 64))
    from lightbox.explainers.engines import propagation

    rule = propagation.build_composite(network, white, "epsilon_gamma_box", biases="take their share").first_map[0][1]
    low, high = (modify(white) for modify in rule.input_modifiers[1:])
    assert torch.equal(low, black)
    assert torch.equal(high, white)


def test_relevance_that_explodes_is_withheld_with_the_reason() -> None:
    network = random_network("vgg16", 64)
    result = run("lrp", network, grey_scan(network), Target(0), composite="epsilon")
    assert result.withheld
    assert result.failed


def test_a_logit_that_owes_its_sign_to_its_bias_starts_from_the_evidence_and_says_so() -> None:
    """Scaled to the logit, 3.5, evidence of -1.5 would come out with for and against exchanged."""
    layer = nn.Linear(3, 2).double()
    layer.weight.data = torch.tensor([[-1.0, -1.0, 0.5], [1.0, 1.0, 1.0]]).double()
    layer.bias.data = torch.tensor([5.0, 0.0]).double()
    network = wrap(nn.Sequential(nn.Flatten(), layer), size=1, classes=2)
    x = torch.ones(1, 3, 1, 1, dtype=torch.float64)
    aside = run("lrp", network, x, Target(0), composite="epsilon")
    shared = run("lrp", network, x, Target(0), composite="epsilon", biases="take their share")
    for result in (aside, shared):
        assert result.values.sum() == pytest.approx(-1.5, rel=1e-5)
        assert result.logit == pytest.approx(3.5)
    assert "evidence, -1.500" in aside.caption
    assert "logit of 3.500" in aside.caption
    assert "starts from the logit" in shared.caption


@pytest.mark.parametrize(
    ("retained", "total", "reason"),
    [
        (float("nan"), 1.0, "overflowed"),
        (1.0, float("inf"), "overflowed"),
        (1.0, 1001.0, "nearly cancel"),
        (0.0, 1.0, "nearly cancel"),
        (11.0, 11.0, "arrived at the pixels"),
        (-11.0, 11.0, "arrived at the pixels"),
        (1.0, 999.0, ""),
        (1.0, 1.0, ""),
        (0.0, 0.0, ""),
    ],
)
def test_a_map_is_nonsense_where_relevance_overflows_cancels_or_runs_away(
    retained: float, total: float, reason: str
) -> None:
    from lightbox.explainers.engines.propagation import Relevance

    found = Relevance(torch.zeros(2, 2), retained, total).nonsense
    assert reason in found
    assert bool(found) is bool(reason)


def test_a_negative_logit_is_explained_in_the_caption_and_keeps_the_signs() -> None:
    layer = nn.Linear(3, 2, bias=False).double()
    layer.weight.data = torch.tensor([[-1.0, -1.0, 0.5], [1.0, 1.0, 1.0]]).double()
    network = wrap(nn.Sequential(nn.Conv2d(3, 3, 1, bias=False).double(), nn.Flatten(), layer), size=1, classes=2)
    network.module[0].weight.data = torch.eye(3).double().reshape(3, 3, 1, 1)
    result = run("lrp", network, torch.ones(1, 3, 1, 1).double(), Target(0), composite="epsilon")
    assert result.values.item() == pytest.approx(-1.5, rel=1e-5)
    assert "The logit is negative" in result.caption
