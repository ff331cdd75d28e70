"""A setting that outlives its scan is named where it counts, and goes back to its preset."""

from components.compare import changed_settings

PRESET = {"compare.baseline": "blur", "compare.seed": 0, "compare.lime.samples": 256}


def test_presets_are_not_mentioned():
    assert changed_settings.find(PRESET, ["lime", "lrp"]) == {}
    assert changed_settings.find({}, ["lime", "integrated_gradients"]) == {}


def test_only_what_changes_a_chosen_method_is():
    state = PRESET | {"compare.baseline": "black", "compare.seed": 3, "compare.lime.samples": 64}
    assert list(changed_settings.find(state, ["lime"]).values()) == ["baseline black", "seed 3", "LIME, samples"]
    assert changed_settings.find(state, ["grad_cam"]) == {}
    assert list(changed_settings.find(state, ["integrated_gradients"])) == ["compare.baseline", "compare.seed"]
