import pytest

from lightbox.cli.explain import parse_params
from lightbox.comparison.choice import Choice, check_network_choices, runner_up
from lightbox.core.errors import UserFacingError
from lightbox.explainers import METHODS, complete_params
from lightbox.networks import NETWORKS

CLASSES = ("normal", "bacterial", "viral")
LOGITS = (0.5, 3.0, 2.0)


def test_the_default_is_the_predicted_class_against_the_runner_up():
    target = Choice(("contrastive_lrp",)).target("contrastive_lrp", CLASSES, LOGITS)
    assert (target.index, target.against) == (1, 2)


def test_the_runner_up_is_never_the_class_itself():
    assert runner_up(LOGITS, 1) == 2
    assert runner_up(LOGITS, 2) == 1
    assert runner_up((1.0, 1.0), 0) == 1


def test_only_contrastive_methods_get_a_class_to_contrast_with():
    choice = Choice(tuple(METHODS), explain="viral", against="normal")
    for method, spec in METHODS.items():
        target = choice.target(method, CLASSES, LOGITS)
        assert target.index == 2
        assert target.against == (0 if spec.contrastive else None)


def test_an_unknown_class_lists_the_known_ones():
    with pytest.raises(UserFacingError, match=r"no class 'fungal'.*normal, bacterial, viral"):
        Choice(("lrp",), explain="fungal").target("lrp", CLASSES, LOGITS)


@pytest.mark.parametrize("method", METHODS)
def test_every_parameter_has_a_value_and_shared_ones_come_from_the_page(method):
    shared = {"baseline": "white", "seed": 7}
    params = Choice((method,), shared=shared).params(method, NETWORKS["convnet"])
    assert set(params) == {row.name for row in METHODS[method].params}
    for row in METHODS[method].params:
        if row.shared in shared:
            assert params[row.name] == shared[row.shared]


def test_a_layer_of_another_network_gives_way_to_the_preset():
    choice = Choice(("grad_cam",), own={"grad_cam": {"layer": "layer3"}})
    assert choice.params("grad_cam", NETWORKS["resnet50"])["layer"] == "layer3"
    preset = next(row.default for row in METHODS["grad_cam"].params if row.name == "layer")
    assert choice.params("grad_cam", NETWORKS["convnet"])["layer"] == preset


def test_a_layer_that_no_chosen_network_has_is_refused_with_those_that_they_have():
    both = [NETWORKS["convnet"], NETWORKS["resnet50"]]
    check_network_choices(Choice(("grad_cam",), own={"grad_cam": {"layer": "layer3"}}), both)
    check_network_choices(Choice(("grad_cam", "lrp")), both)
    mistyped = Choice(("grad_cam",), own={"grad_cam": {"layer": "layr3"}})
    offers = r"'layr3' is not a choice for 'layer' of Grad-CAM.*ConvNet: 'relu4'.*ResNet50: 'layer4'"
    with pytest.raises(UserFacingError, match=offers):
        check_network_choices(mistyped, both)
    elsewhere = Choice(("grad_cam",), own={"grad_cam": {"layer": "layer3"}})
    with pytest.raises(UserFacingError, match=r"'layer3' is not a choice.*Choose one of: ConvNet"):
        check_network_choices(elsewhere, both[:1])


def test_parameters_from_the_shell_get_their_types():
    own = parse_params(["integrated_gradients.steps=32", "grad_cam.layer=relu3"])
    assert own == {"integrated_gradients": {"steps": 32}, "grad_cam": {"layer": "relu3"}}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("lrp.colour=red", "no parameter named 'colour'"),
        ("shap.steps=3", "no method named 'shap'"),
        ("integrated_gradients.steps=many", "Give a number"),
    ],
)
def test_a_wrong_parameter_from_the_shell_is_named(text, sentence):
    with pytest.raises(UserFacingError, match=sentence):
        parse_params([text])


def test_an_unknown_parameter_is_the_same_sentence_from_the_shell_a_choice_and_a_run():
    said = set()
    for call in (
        lambda: parse_params(["lime.stepz=3"]),
        lambda: Choice(("lime",), own={"lime": {"stepz": 3}}).params("lime", NETWORKS["convnet"]),
        lambda: complete_params(METHODS["lime"], NETWORKS["convnet"], {"stepz": 3}),
    ):
        with pytest.raises(
            UserFacingError, match=r"LIME has no parameter named 'stepz'\. It knows: superpixels, "
        ) as caught:
            call()
        said.add(str(caught.value))
    assert len(said) == 1


def test_a_value_that_a_method_cannot_use_is_refused_before_anything_is_computed():
    with pytest.raises(UserFacingError, match="1 is out of range for 'samples' of LIME"):
        Choice(("lime",), own={"lime": {"samples": 1}}).params("lime", NETWORKS["convnet"])
