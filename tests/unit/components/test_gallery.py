"""The gallery begins with what networks get right, and says which samples they do not."""

from types import SimpleNamespace

from components.scans.gallery import arrange, describe
from lightbox.core.tasks import TASKS
from lightbox.ground_truth.sample_answers import SampleAnswer


def row(network, called, label="viral", hit=0.0):
    return SampleAnswer("any", network, "0" * 64, label, called, {"lrp": hit}, {"lrp": 0.2}, 0.1)


def sample(key, label):
    return SimpleNamespace(key=key, label=label, task="chest_xray")


def test_the_class_of_the_best_sample_stands_first_and_in_it_the_best():
    samples = [sample("n", "normal"), sample("b", "bacterial"), sample("v1", "viral"), sample("v2", "viral")]
    answers = {
        "n": [row("convnet", "normal", "normal")],
        "b": [row("convnet", "viral", "bacterial")],
        "v1": [row("convnet", "bacterial")],
        "v2": [row("convnet", "viral", hit=1.0)],
    }
    found = [(label, [each.key for each in group]) for label, group in arrange(samples, answers)]
    assert found == [("viral", ["v2", "v1"]), ("normal", ["n"]), ("bacterial", ["b"])]


def test_where_nothing_is_known_samples_stand_in_the_tasks_order():
    samples = [sample("v", "viral"), sample("n2", "normal"), sample("n1", "normal"), sample("b", "bacterial")]
    found = arrange(samples, {each.key: [] for each in samples})
    assert [label for label, _group in found] == list(TASKS["chest_xray"].classes)
    assert [each.key for each in found[0][1]] == ["n2", "n1"]
    assert arrange([], {}) == []


def test_a_caption_says_which_networks_are_correct_and_which_sample_is_a_mistake_worth_studying():
    right, wrong = "viral", "normal"
    networks = ("convnet", "resnet50", "vgg16")

    def of(*called):
        return describe([row(network, each) for network, each in zip(networks, called, strict=False)])

    assert of(right, right, right) == "Correct: all 3 networks"
    assert of(right, wrong, right) == "Correct: ConvNet, VGG16"
    assert of(right, wrong, wrong) == "A mistake worth studying. Correct: ConvNet"
    assert of(wrong, wrong, wrong) == "A mistake worth studying. Correct: none of 3 networks"
    assert of(right) == "Correct: ConvNet"
    assert describe([]) == ""
