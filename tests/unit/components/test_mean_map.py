"""Which mean map is on show."""

from dataclasses import replace

from components.networks.choices import Cell
from components.networks.results import mean_map
from lightbox.networks import find_checkpoint
from tests.unit.metrics.answers import make_answers

CELL = Cell("convnet", "normal", "normal")


def test_other_files_of_the_same_names_and_other_weights_are_another_mean_map(monkeypatch):
    answers = make_answers([0, 0], [[1, 0, 0], [1, 0, 0]])
    about = mean_map._about(answers, CELL, "lrp")
    assert about == mean_map._about(answers, CELL, "lrp")
    assert about != mean_map._about(replace(answers, sha256=("a" * 64, "b" * 64)), CELL, "lrp")
    assert about != mean_map._about(answers, CELL, "grad_cam")
    card = find_checkpoint("chest_xray", "convnet")
    monkeypatch.setattr(mean_map, "find_checkpoint", lambda *_which: replace(card, sha256="0" * 64))
    assert about != mean_map._about(answers, CELL, "lrp")
