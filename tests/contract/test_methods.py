"""Laws that every explanation method keeps, on every architecture."""

from __future__ import annotations

import inspect
import subprocess
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from PIL import Image

from lightbox.core.errors import UserFacingError
from lightbox.explainers import BASELINES, METHODS, Target, run
from lightbox.explainers.base import Explained, MethodSpec, Param
from lightbox.imaging.preprocess import prepare
from lightbox.networks import NETWORKS
from tests.networks_for_tests import grey_scan, random_network, wrap

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 64
FEW = {"lime": {"samples": 64, "superpixels": 8}, "integrated_gradients": {"steps": 8, "until_complete": False}}
WITH_SEED = [key for key, spec in METHODS.items() if any(param.name == "seed" for param in spec.params)]


class CancelledError(Exception):
    """Raised by a progress callback that wants the run to stop."""


def _settings(method: str, **more: object) -> dict[str, object]:
    return {**FEW.get(method, {}), **more}


def _state(network: object) -> dict[str, object]:
    module = network.module
    return {
        "weights": {name: tensor.clone() for name, tensor in module.state_dict().items()},
        "hooks": [
            (name, table, list(getattr(child, table)))
            for name, child in module.named_modules()
            for table in ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
        ],
        "modes": [(name, child.training) for name, child in module.named_modules()],
        "flags": [(name, parameter.requires_grad, parameter.grad) for name, parameter in module.named_parameters()],
    }


def _assert_same(before: dict[str, object], after: dict[str, object]) -> None:
    for name, tensor in before["weights"].items():
        assert torch.equal(tensor, after["weights"][name]), name
    assert before["hooks"] == after["hooks"]
    assert before["modes"] == after["modes"]
    assert before["flags"] == after["flags"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("network", NETWORKS)
def test_a_map_is_finite_float32_on_the_input_grid_and_leaves_the_network_as_it_was(method: str, network: str) -> None:
    subject = random_network(network, SIZE)
    x = grey_scan(subject)
    x_before, before = x.clone(), _state(subject)
    fractions: list[float] = []
    result = run(method, subject, x, Target(1), progress=fractions.append, **_settings(method))
    _assert_same(before, _state(subject))
    assert torch.equal(x, x_before)
    assert not x.requires_grad
    assert result.values.shape == (SIZE, SIZE)
    assert result.values.dtype == np.float32
    assert np.isfinite(result.values).all()
    assert result.values.any()
    assert result.checks
    assert result.caption
    assert fractions
    assert fractions == sorted(fractions)
    assert 0 <= fractions[0] <= fractions[-1] <= 1
    assert result.logit == pytest.approx(float(subject.logits(x)[0, 1]), rel=1e-5)
    assert set(result.params) == {param.name for param in METHODS[method].params}


@pytest.mark.parametrize("method", METHODS)
def test_the_spec_lists_the_keyword_arguments_of_explain_with_their_defaults(method: str) -> None:
    spec = METHODS[method]
    keywords = {
        name: parameter.default
        for name, parameter in inspect.signature(spec.explain).parameters.items()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and name != "progress"
    }
    assert {param.name: param.default for param in spec.params} == keywords
    assert spec.key == method
    for param in spec.params:
        assert param.label
        assert param.help
        if param.choices is not None:
            assert param.default in param.choices.values()
        if param.low is not None:
            assert param.low <= param.default <= param.high


@pytest.mark.parametrize("method", METHODS)
def test_equal_runs_give_bit_equal_maps(method: str) -> None:
    subject = random_network("convnet", SIZE)
    x = grey_scan(subject)
    torch.manual_seed(1)
    first = run(method, subject, x, Target(0), **_settings(method))
    torch.manual_seed(2)
    again = run(method, subject, x, Target(0), **_settings(method))
    np.testing.assert_array_equal(first.values, again.values)
    assert first.checks == again.checks


@pytest.mark.parametrize("method", WITH_SEED)
def test_another_seed_gives_another_map(method: str) -> None:
    subject = random_network("convnet", SIZE)
    x = grey_scan(subject)
    maps = [
        run(method, subject, x, Target(0), **_settings(method, seed=seed, baseline="uniform_noise")).values
        for seed in (0, 1)
    ]
    assert np.abs(maps[0] - maps[1]).max() > 1e-3 * np.abs(maps[0]).max()


@pytest.mark.parametrize("method", METHODS)
def test_random_numbers_of_the_caller_go_on_as_if_nothing_had_run(method: str) -> None:
    subject = random_network("convnet", SIZE)
    torch.manual_seed(5)
    np.random.seed(5)  # noqa: NPY002
    expected = torch.rand(3), np.random.rand(3)  # noqa: NPY002
    torch.manual_seed(5)
    np.random.seed(5)  # noqa: NPY002
    run(method, subject, grey_scan(subject), Target(0), **_settings(method))
    assert torch.equal(torch.rand(3), expected[0])
    np.testing.assert_array_equal(np.random.rand(3), expected[1])  # noqa: NPY002


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("network", ["convnet", "resnet50"])
def test_cancelling_comes_out_as_itself_and_leaves_the_network_as_it_was(method: str, network: str) -> None:
    subject = random_network(network, SIZE)
    x = grey_scan(subject)
    subject.module.train()
    subject.module.requires_grad_(True)
    try:
        before = _state(subject)
        expected = run("lrp", subject, x, Target(0)).values
        calls = iter(range(100))

        def cancel(_fraction: float) -> None:
            if next(calls) == 1:
                raise CancelledError

        with pytest.raises(CancelledError):
            run(method, subject, x, Target(0), progress=cancel, **_settings(method))
        _assert_same(before, _state(subject))
        np.testing.assert_array_equal(run("lrp", subject, x, Target(0)).values, expected)
    finally:
        subject.module.eval().requires_grad_(False)


@pytest.mark.parametrize("method", METHODS)
def test_a_failure_in_the_middle_of_the_network_leaves_it_as_it_was(method: str) -> None:
    subject = random_network("convnet", SIZE)
    before = _state(subject)
    calls = iter(range(10_000))
    survived = 1 if method == "grad_cam" else 2  # passes before the method has changed the network

    def explode(*_args: object) -> None:
        if next(calls) >= survived:
            raise RuntimeError("out of memory")

    handle = subject.module.relu4.register_forward_hook(explode)
    try:
        with pytest.raises(RuntimeError, match="out of memory"):
            run(method, subject, grey_scan(subject), Target(0), **_settings(method))
    finally:
        handle.remove()
    _assert_same(before, _state(subject))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("index", [-1, 3, "bacterial", None, 1.0, True])
def test_a_class_that_does_not_exist_is_refused_with_the_classes_that_do(method: str, index: object) -> None:
    subject = random_network("convnet", SIZE)
    with pytest.raises(UserFacingError, match=r"has no class .*normal, bacterial, viral"):
        run(method, subject, grey_scan(subject), Target(index))


@pytest.mark.parametrize("method", METHODS)
def test_the_class_set_against_must_exist_too(method: str) -> None:
    subject = random_network("convnet", SIZE)
    with pytest.raises(UserFacingError, match="has no class 7"):
        run(method, subject, grey_scan(subject), Target(0, against=7))


@pytest.mark.parametrize("method", METHODS)
def test_an_unknown_parameter_is_refused_with_the_known_ones(method: str) -> None:
    subject = random_network("convnet", SIZE)
    with pytest.raises(UserFacingError, match=f"no parameter named 'stepz'.*{METHODS[method].params[0].name}"):
        run(method, subject, grey_scan(subject), Target(0), stepz=3)


@pytest.mark.parametrize(("method", "param"), [(key, param) for key, spec in METHODS.items() for param in spec.params])
def test_a_value_of_the_wrong_type_or_out_of_range_is_refused(method: str, param: Param) -> None:
    subject = random_network("convnet", SIZE)
    x = grey_scan(subject)
    bad: list[object] = [None, [1], "nonsense"]
    if isinstance(param.default, (int, float)) and not isinstance(param.default, bool):
        bad += [True, float("nan"), param.low - 1, param.high + 1]
    if isinstance(param.default, bool):
        bad += [1]
    for value in bad:
        with pytest.raises(UserFacingError):
            run(method, subject, x, Target(0), **{param.name: value})


@pytest.mark.parametrize("method", METHODS)
def test_only_contrastive_methods_fill_in_the_class_set_against_with_the_strongest_other(method: str) -> None:
    subject = random_network("convnet", SIZE)
    x = grey_scan(subject)
    order = subject.logits(x)[0].argsort(descending=True).tolist()
    expected = [order[1], order[0], order[0]] if METHODS[method].contrastive else [None] * 3
    found = [run(method, subject, x, Target(index), **_settings(method)).target.against for index in order]
    assert found == expected


def test_an_unknown_method_is_refused_with_the_known_ones() -> None:
    subject = random_network("convnet", SIZE)
    with pytest.raises(UserFacingError, match="lrp, contrastive_lrp, lime, grad_cam, integrated_gradients"):
        run("shap", subject, grey_scan(subject), Target(0))


@pytest.mark.parametrize("bad", [torch.zeros(2, 3, 8, 8), torch.zeros(1, 1, 8, 8), torch.zeros(1, 3, 8, 8).long()])
def test_a_scan_of_the_wrong_shape_is_refused(bad: torch.Tensor) -> None:
    with pytest.raises(ValueError, match="one scan"):
        run("lrp", random_network("convnet", SIZE), bad, Target(0))


def test_a_scan_that_is_not_finite_is_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        run("lrp", random_network("convnet", SIZE), torch.full((1, 3, SIZE, SIZE), torch.nan), Target(0))


def _method(explain: object) -> MethodSpec:
    return MethodSpec("probe", "Probe", True, "", explain, ())


def test_a_map_that_is_not_finite_is_withheld_with_the_reason() -> None:
    subject = random_network("convnet", SIZE)
    overflow = _method(lambda _n, x, _t, **_progress: Explained(values=x[0, 0].double() * 1e300))
    result = run(overflow, subject, grey_scan(subject), Target(0))
    assert "not finite" in result.withheld


def test_a_map_of_the_wrong_shape_is_a_fault_of_the_method() -> None:
    subject = random_network("convnet", SIZE)
    with pytest.raises(RuntimeError, match="shape"):
        run(
            _method(lambda *_a, **_progress: Explained(values=np.zeros((3, 3)))), subject, grey_scan(subject), Target(0)
        )


def test_a_hook_left_behind_is_a_fault_and_is_removed() -> None:
    subject = random_network("convnet", SIZE)

    def leaky(network: object, x: torch.Tensor, _target: Target, *, progress: object) -> Explained:
        network.module.relu4.register_forward_hook(lambda *_args: None)
        return Explained(values=x[0, 0])

    before = _state(subject)
    with pytest.raises(RuntimeError, match="left 1 hooks"):
        run(_method(leaky), subject, grey_scan(subject), Target(0))
    _assert_same(before, _state(subject))


@pytest.mark.parametrize("how", ["in place", "replaced", "buffer"])
def test_changed_weights_are_a_fault(how: str) -> None:
    subject = wrap(torch.nn.Sequential(torch.nn.Conv2d(3, 3, 1), torch.nn.BatchNorm2d(3), torch.nn.Flatten()))

    def vandal(network: object, x: torch.Tensor, _target: Target, *, progress: object) -> Explained:
        conv, norm = network.module[0], network.module[1]
        if how == "in place":
            conv.weight.data.mul_(1.0)
            conv.weight.add_(0.0)
        elif how == "replaced":
            conv.weight.data = conv.weight.data.clone()
        else:
            norm.running_mean += 1
        return Explained(values=x[0, 0])

    with pytest.raises(RuntimeError, match="weights changed"):
        run(_method(vandal), subject, grey_scan(subject), Target(0))


def test_gradients_that_the_caller_had_are_still_there() -> None:
    module = torch.nn.Sequential(torch.nn.Conv2d(3, 3, 8), torch.nn.Flatten())
    subject = wrap(module)
    x = grey_scan(subject)
    module(x).sum().backward()
    before = [parameter.grad.clone() for parameter in module.parameters()]
    for method in METHODS:
        run(method, subject, x, Target(0), **_settings(method))
    assert all(torch.equal(a, b.grad) for a, b in zip(before, module.parameters(), strict=True))


def test_maps_are_the_same_under_no_grad_and_inference_mode() -> None:
    subject = random_network("convnet", SIZE)
    x = grey_scan(subject)
    expected = run("lrp", subject, x, Target(0)).values
    with torch.inference_mode():
        np.testing.assert_array_equal(run("lrp", subject, x.clone(), Target(0)).values, expected)
    with torch.no_grad():
        np.testing.assert_array_equal(run("lrp", subject, x, Target(0)).values, expected)


@pytest.mark.parametrize("baseline", BASELINES)
def test_every_baseline_can_fill_and_start(baseline: str) -> None:
    subject = random_network("convnet", SIZE)
    for method in ("lime", "integrated_gradients"):
        result = run(method, subject, grey_scan(subject), Target(0), **_settings(method, baseline=baseline))
        assert BASELINES[baseline].title.lower() in result.caption


def test_importing_the_methods_loads_no_torch() -> None:
    code = "import sys, lightbox.explainers, lightbox.networks; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("method", METHODS)
def test_a_double_network_is_explained_in_double(method: str) -> None:
    single, double = (random_network("convnet", SIZE, double=flag) for flag in (False, True))
    maps = [run(method, net, grey_scan(net), Target(1), **_settings(method)).values for net in (single, double)]
    assert np.abs(maps[0] - maps[1]).max() < 1e-2 * np.abs(maps[1]).max()


class Window(torch.nn.Module):
    """Lets through the lower left quarter only."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mask = torch.zeros_like(x)
        mask[..., x.shape[-2] // 2 :, : x.shape[-1] // 2] = 1
        return x * mask


@pytest.mark.parametrize("method", METHODS)
def test_a_network_that_reads_one_quarter_is_explained_by_that_quarter(method: str) -> None:
    torch.manual_seed(0)
    module = torch.nn.Sequential(
        Window(),
        torch.nn.Conv2d(3, 6, 3, padding=1),
        torch.nn.ReLU(),
        Window(),
        torch.nn.AdaptiveAvgPool2d(1),
        torch.nn.Flatten(),
        torch.nn.Linear(6, 3),
    ).requires_grad_(False)
    network = wrap(module, size=SIZE, layer="3")
    x = 0.5 * grey_scan(network)
    x[..., SIZE // 2 :, : SIZE // 2] += 0.5  # an edge that superpixels can follow
    more = {"superpixels": 40, "samples": 256} if method == "lime" else {}
    if any(param.name == "baseline" for param in METHODS[method].params):
        more["baseline"] = "black"  # a blurred copy carries light over the quarter's edge
    values = np.abs(run(method, network, x, Target(0), **more).values)
    assert values.any()
    assert values[SIZE // 2 :, : SIZE // 2].sum() >= 0.95 * values.sum()


@pytest.mark.parametrize("method", METHODS)
def test_a_real_scan_gives_a_finite_map(method: str, shared_data: Path) -> None:
    network = random_network("convnet", 224)
    path = min(shared_data.rglob("*.png"), default=None) or min(shared_data.rglob("*.jp*g"))
    pixels = np.asarray(Image.open(path).convert("L"), dtype=np.float32) / 255
    x = network.to_input(prepare(pixels, network.preprocessing).pixels)
    result = run(method, network, x, Target(0), **_settings(method))
    assert np.isfinite(result.values).all()
    assert result.values.any()
