"""What stands on the Networks page beside the public test set: further sources, and altered scans."""

from dataclasses import replace

import numpy as np
import pytest

from components.networks.results import robustness, summary
from lightbox.core.settings import PROJECT_DIR
from lightbox.metrics.robustness import Altered, Robustness, write_robustness
from lightbox.networks import read_card
from tests.ui.test_networks import models, page, words  # noqa: F401  (fixtures)
from tests.unit.metrics.answers import make_answers


def measured(card, *, sha256=None):
    rows = (Altered("none", 0.0, 90, 100), Altered("rotation", 10.0, 81, 88), Altered("inversion", 1.0, 30, 35))
    return Robustness(card.task, card.network, sha256 or card.sha256, "2026-11-29", 0, 100, rows)


def open_altered(page):  # noqa: F811
    page.run()
    page.session_state["networks.figures"] = "robustness"
    page.run()
    return page


def test_altered_scans_are_a_table_with_intervals_and_a_sentence(page, models):  # noqa: F811
    folder = models / "chest_xray" / "convnet"
    write_robustness(measured(read_card(folder)), folder / "robustness.json")
    shown = open_altered(page)
    (table,) = [frame.value for frame in shown.dataframe if "Black and white exchanged" in frame.value.to_string()]
    assert "81.0 % (72.2 to 87.5)" in table.to_string()
    assert "weakest here: black and white exchanged. Right on 30.0 % of the scans, 90.0 % unaltered" in words(shown)
    assert not shown.exception


def test_networks_that_were_asked_about_different_scans_are_not_to_be_compared():
    first = measured(read_card(PROJECT_DIR / "models" / "chest_xray" / "convnet"))
    assert robustness.caution({"convnet": first, "vgg16": first}) == ""
    assert "not two columns" in robustness.caution({"convnet": first, "vgg16": replace(first, scans=120)})


def test_a_table_of_other_weights_is_as_none(page, models):  # noqa: F811
    folder = models / "chest_xray" / "convnet"
    write_robustness(measured(read_card(folder), sha256="0" * 64), folder / "robustness.json")
    shown = open_altered(page)
    assert "Not measured with these weights: ConvNet" in words(shown)


def test_an_alteration_that_one_network_was_not_asked_about_has_a_dash():
    card = read_card(PROJECT_DIR / "models" / "chest_xray" / "convnet")
    first, second = measured(card), measured(card)
    fewer = Robustness("chest_xray", "vgg16", second.weights_sha256, second.date, 0, 100, second.rows[:2])
    rows = robustness.records({"convnet": first, "vgg16": fewer})
    assert [row["VGG16"] for row in rows] == ["90.0 % (82.6 to 94.5)", "81.0 % (72.2 to 87.5)", "–"]


@pytest.mark.parametrize("key", [*robustness.TITLES])
def test_every_alteration_has_a_title(key):
    assert "{" not in robustness.title(key, 0.05)


def test_an_alteration_of_a_later_version_is_named_by_its_key():
    assert robustness.title("fog", 2.0) == "fog 2"


def test_every_alteration_that_is_measured_has_a_title():
    from lightbox.training.robustness.alterations import ALTERATIONS

    assert set(ALTERATIONS) | {"none"} == set(robustness.TITLES)


def test_further_sources_are_a_choice_of_their_own(page, models):  # noqa: F811
    folder = models / "chest_xray" / "convnet"
    lines = (folder / "predictions.csv").read_text().splitlines()
    (folder / "predictions_new_sources.csv").write_text("\n".join(lines[:41]) + "\n")
    page.run()
    (choice,) = [part for part in page.get("button_group") if part.key == "networks.scans"]
    assert list(choice.options) == ["Further sources, held out: 40", "All: 624"]
    page.session_state["networks.scans"] = "new_sources"
    page.run()
    assert not page.exception
    counts = [int(value) for frame in page.dataframe if "Scans" in frame.value for value in frame.value["Scans"][:1]]
    assert 40 in counts


def test_leaks_of_the_public_set_are_not_set_beside_another_set():
    answers = make_answers([0, 1, 2], np.eye(3), leaked=[True, False, False])
    assert [key for key in summary.record(answers, answers) if "leaked" in key] == ["Without the 1 leaked"]
    others = replace(answers, names=("more/0.png", "more/1.png", "more/2.png"), leaked=np.zeros(3, bool))
    assert not [key for key in summary.record(answers, others) if "leaked" in key]
