"""The Networks page, by what a person reads and reaches without a mouse."""

import csv
import hashlib
import re
import shutil

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from components.networks import choices
from components.networks.choices import Cell
from components.networks.history import training
from components.networks.results import matrix
from components.shell import computing
from lightbox.core.settings import PROJECT_DIR
from lightbox.imaging.preprocess import Preprocessing
from lightbox.metrics.confusion import confusion_matrix
from lightbox.networks import Card, read_card
from lightbox.provenance.history import Epoch
from tests.unit.metrics.answers import draw_answers, make_answers

CHEST = ("normal", "bacterial", "viral")


def words(app):
    parts = [*app.markdown, *app.caption, *app.header, *app.subheader, *app.info, *app.warning, *app.error, *app.text]
    return "\n".join(str(part.value) for part in parts)


def widget(parts, key):
    (found,) = [part for part in parts if part.key == key]
    return found


@pytest.fixture
def page(app):
    app.run()
    return app.switch_page("pages/networks.py")


@pytest.fixture
def models(tmp_path, monkeypatch):
    """A models folder with the shipped ConvNets, to be spoiled."""
    folder = tmp_path / "models"
    shutil.copytree(PROJECT_DIR / "models", folder, ignore=lambda _at, names: {"resnet50", "vgg16"} & set(names))
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(folder))
    return folder


def write_answers(models, answers, *, network="convnet", hashes=None):
    """Put these answers into the place of a chest network's."""
    folder = models / "chest_xray" / network
    if not folder.exists():
        shutil.copytree(models / "chest_xray" / "convnet", folder)
        card = (folder / "card.toml").read_text()
        (folder / "card.toml").write_text(card.replace('network = "convnet"', f'network = "{network}"'))
    with (folder / "predictions.csv").open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines)
        writer.writerow(["path", "sha256", "label", "predicted", "leaked", *(f"p_{key}" for key in CHEST)])
        for index, name in enumerate(answers.names):
            row = answers.probabilities[index]
            digest = (hashes or {}).get(name, answers.sha256[index])
            label, said = CHEST[answers.labels[index]], CHEST[answers.predicted[index]]
            writer.writerow([name, digest, label, said, "false", *(f"{value:.6f}" for value in row)])


# What a made-up network calls the brain test scans; the rest of a class is right.
MISTAKES = {
    "glioma": {"no_tumor": 30, "meningioma": 23, "pituitary": 5},
    "meningioma": {"no_tumor": 20, "glioma": 10, "pituitary": 5},
    "pituitary": {"meningioma": 14},
    "no_tumor": {"meningioma": 10},
}
SURE = 0.7


@pytest.fixture
def brain(models):
    """The brain ConvNet's answers replaced by known ones, so that no figure below hangs on the shipped weights."""
    path = models / "brain_mri" / "convnet" / "predictions.csv"
    with path.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for label, wrong in MISTAKES.items():
        # The leaked scans last: they are all right.
        scans = sorted((row for row in rows if row["label"] == label), key=lambda row: row["leaked"])
        said = [called for called, count in wrong.items() for _scan in range(count)]
        for row, called in zip(scans, said + [label] * (len(scans) - len(said)), strict=True):
            row["predicted"] = called
            row.update({f"p_{key}": str(SURE if key == called else (1 - SURE) / 3) for key in MISTAKES})
    with path.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.DictWriter(lines, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return models


@pytest.mark.parametrize(("task", "scans"), [("chest_xray", 624), ("brain_mri", 394)])
def test_the_page_shows_the_figures_of_the_card(page, models, task, scans):
    page.query_params.update({"task": task, "scans": "all"})
    page.run()
    assert not page.exception
    assert not page.error
    table = page.dataframe[0].value
    assert table["Scans"].tolist() == [scans]
    accuracy = read_card(models / task / "convnet").metrics["test_accuracy"]
    # The card's figure has been rounded once already.
    assert float(table["Accuracy (95 % interval)"][0].split(" % (")[0]) == pytest.approx(100 * accuracy, abs=0.051)
    assert table["Parameters"].tolist() == [{"chest_xray": "43 k", "brain_mri": "191 k"}[task]]
    assert all(chart.proto.alt for chart in page.get("plotly_chart"))
    assert "No trained checkpoint yet, so not shown: ResNet50, VGG16" in words(page)


def test_leaked_images_can_be_left_out_and_both_figures_are_named(page, brain):
    page.query_params.update({"task": "brain_mri"})
    page.run()
    assert page.dataframe[0].value["Scans"].tolist() == [122], "what training has not seen stands first"
    page.session_state["networks.scans"] = "all"
    page.run()
    assert page.dataframe[0].value["Without the 88 leaked"].tolist() == ["61.8 %"]
    page.session_state["networks.scans"] = "unleaked"
    page.run()
    table = page.dataframe[0].value
    assert table["Scans"].tolist() == [306]
    assert table["Accuracy (95 % interval)"][0].startswith("61.8 %")
    assert table["All 394 scans"].tolist() == ["70.3 %"]
    assert page.query_params["scans"] == "unleaked"
    page.session_state["networks.scans"] = "new"
    page.run()
    assert page.dataframe[0].value["Scans"].tolist() == [122]


def offered_subsets():
    import numpy as np
    import streamlit as st

    from components.networks.results import subset
    from tests.unit.metrics.answers import make_answers

    st.session_state.setdefault("networks.scans", "new")
    answers = make_answers([0, 1], [[1, 0, 0], [0, 1, 0]], leaked=np.array([True, False]))
    st.text(len(subset.show({"convnet": answers})["convnet"]))


def test_a_link_to_scans_that_are_not_offered_lights_the_first_button():
    app = AppTest.from_function(offered_subsets, default_timeout=120).run()
    assert not app.exception
    assert app.segmented_control[0].value == "unleaked"
    assert app.text[0].value == "1"
    app.segmented_control[0].set_value("all").run()
    assert app.text[0].value == "2"


def test_the_address_tells_what_is_shown_where_a_link_asked_for_more(page, models):
    (models / "brain_mri" / "data_audit.json").unlink()
    (models / "brain_mri" / "convnet" / "predictions_new_sources.csv").unlink()
    page.query_params.update({"task": "brain_mri", "scans": "new"})
    page.run()
    assert not page.exception
    assert page.dataframe[0].value["Scans"].tolist() == [306]
    assert page.query_params["scans"] in ("unleaked", ["unleaked"]), "without an audit nobody knows which are new"


def test_a_teacher_is_named_also_when_it_has_been_trained_further_since(tmp_path):
    def card(network, sha256, **said):
        return Card("chest_xray", network, CHEST, Preprocessing(64), sha256 * 64, tmp_path, training=said)

    cards = {
        "convnet": card("convnet", "a", teachers=["b" * 64, "c" * 64, "d" * 64]),
        "resnet50": card("resnet50", "b", initial_weights="checkpoint " + "c" * 12),
    }
    (row,) = [row for row in training.facts(cards) if row["Training"] == "Teachers"]
    assert row["ConvNet"] == "ResNet50, ResNet50 before its last training, sha256 dddddddddddd…"


def test_what_is_wrong_with_the_data_is_one_click_away(page, models):
    page.query_params.update({"task": "brain_mri", "view": "data"})
    page.run()
    assert not page.exception
    assert "272 of 394 test images are in the training split too" in words(page)


def test_the_most_frequent_mistake_is_listed_first_and_another_is_picked_by_keyboard(page, brain):
    page.query_params.update({"task": "brain_mri", "scans": "all"})
    page.run()
    assert "Truly glioma, but ConvNet calls it no tumour**: 30 scans" in words(page)
    assert len([button for button in page.button if button.label == "Explain"]) == 6
    widget(page.selectbox, "networks.pick_called").set_value("meningioma").run()
    assert "Truly glioma, but ConvNet calls it meningioma**: 23 scans" in words(page)
    assert page.query_params["called"] == "meningioma"
    first = page.text[0].value
    widget(page.button, "networks.next").click().run()
    assert "Page 2 of 4" in words(page)
    assert page.text[0].value != first
    widget(page.selectbox, "networks.pick_true").set_value("pituitary").run()
    widget(page.selectbox, "networks.pick_called").set_value("glioma").run()
    assert "No scan is truly pituitary tumour and called glioma by ConvNet." in words(page)


def test_a_link_opens_the_same_view_and_nonsense_in_it_is_named(page, brain):
    page.query_params.update(
        {"task": "brain_mri", "cells": "rows", "figures": "calibration", "cell_network": "convnet", "true": "glioma",
         "called": "glioma", "scans": "all", "mean_method": "magic", "list_page": "2"}
    )  # fmt: skip
    page.run()
    assert "they were left out: mean_method" in words(page)
    assert "Truly glioma, and ConvNet says so" in words(page)
    assert "Page 2 of 7" in words(page)
    assert "Expected calibration error 0.3%" in words(page)


def test_a_class_of_the_other_modality_gives_way(page, models):
    page.query_params.update({"task": "chest_xray", "true": "glioma", "called": "glioma"})
    page.run()
    assert not page.exception
    assert "Truly " in words(page)
    assert "glioma" not in words(page).lower()


@pytest.mark.parametrize("kind", choices.FIGURES)
@pytest.mark.parametrize(
    "answers",
    [
        make_answers([1], [[0, 1, 0]]),
        make_answers([2], [[0.9, 0.1, 0]]),
        draw_answers(90, missing=2),
    ],
    ids=["one scan, right", "one scan, wrong", "a class missing"],
)
def test_odd_test_sets_are_shown(page, models, kind, answers):
    write_answers(models, answers)
    page.query_params.update({"figures": kind})
    page.run()
    assert not page.exception
    assert not page.error
    assert page.dataframe[0].value["Scans"].tolist() == [len(answers)]


def test_ten_thousand_scans_are_shown_a_page_at_a_time(page, models):
    write_answers(models, draw_answers(10_000))
    page.query_params.update({"figures": "roc", "list_page": "99999"})
    page.run()
    assert not page.exception
    assert not page.error
    assert len([button for button in page.button if button.label == "Explain"]) <= 6
    assert widget(page.button, "networks.next").disabled
    assert "Drawn with at most 400 points" in words(page)


def test_two_networks_are_set_side_by_side_and_their_difference_is_tested(page, models):
    write_answers(models, draw_answers(200, skill=1))
    write_answers(models, draw_answers(200, skill=2.5), network="vgg16")
    page.query_params.update({"figures": "difference"})
    page.run()
    assert not page.exception
    assert not page.error
    assert page.dataframe[0].value["Network"].tolist() == ["ConvNet", "VGG16"]
    assert "Accuracy of ConvNet minus that of VGG16, on the same 200 scans" in words(page)
    widget(page.selectbox, "networks.network_a").set_value("vgg16").run()
    assert "Accuracy of VGG16 minus that of ConvNet" in words(page)
    widget(page.button_group, "networks.picked").set_value(["vgg16"]).run()
    assert page.query_params["networks"] == "vgg16"
    assert "A difference needs two networks" in words(page)


def test_networks_tested_on_different_scans_are_not_compared(page, models):
    write_answers(models, draw_answers(50))
    write_answers(models, draw_answers(60), network="vgg16")
    page.query_params.update({"figures": "difference"})
    page.run()
    assert "not tested on the same scans" in words(page)


def test_what_is_missing_or_broken_is_said_and_the_rest_is_shown(page, models):
    write_answers(models, draw_answers(50), network="vgg16")
    (models / "chest_xray" / "convnet" / "predictions.csv").unlink()
    page.run()
    assert not page.exception
    assert "ConvNet came without its answers on the test set" in words(page)
    assert page.dataframe[0].value["Network"].tolist() == ["VGG16"]
    text = (models / "chest_xray" / "vgg16" / "predictions.csv").read_text()
    (models / "chest_xray" / "vgg16" / "predictions.csv").write_text(text.replace(",viral,", ",fungal,", 1))
    page.run()
    assert "names the class 'fungal', but the network knows only normal, bacterial, viral" in page.error[0].value


@pytest.mark.parametrize("said", ["", 'weights_sha256 = "' + "0" * 64 + '"'])
def test_figures_of_other_weights_are_not_shown_and_it_is_said_why(page, models, said):
    path = models / "chest_xray" / "convnet" / "card.toml"
    path.write_text(re.sub(r"^weights_sha256 = .*$", said, path.read_text(), flags=re.MULTILINE))
    page.run()
    assert not page.exception
    assert "What was measured of ConvNet is not shown" in words(page)
    assert not page.dataframe
    assert not page.get("plotly_chart")
    page.query_params.update({"view": "training"})
    page.session_state["networks.view"] = "training"
    page.run()
    assert not page.exception
    assert "What was measured of ConvNet is not shown" in words(page)
    assert not page.get("plotly_chart")


def test_new_pictures_are_not_told_by_an_audit_of_other_data(page, brain):
    path = brain / "brain_mri" / "convnet" / "card.toml"
    path.write_text(
        re.sub(r'^published_sha256 = "...', 'published_sha256 = "000', path.read_text(), flags=re.MULTILINE)
    )
    page.query_params.update({"task": "brain_mri"})
    page.run()
    assert not page.exception
    assert [option for option in widget(page.button_group, "networks.scans").options if "Without" in option]
    assert not [option for option in widget(page.button_group, "networks.scans").options if "new to" in option]


def test_without_any_checkpoint_the_page_says_what_to_do(page, models):
    shutil.rmtree(models / "chest_xray")
    page.run()
    assert not page.exception
    assert "No network is trained for this task yet" in words(page)


def test_a_broken_card_is_said_and_nobody_is_told_to_train_over_it(page, models):
    write_answers(models, draw_answers(50), network="vgg16")
    (models / "chest_xray" / "convnet" / "card.toml").write_text("no toml")
    page.run()
    assert page.dataframe[0].value["Network"].tolist() == ["VGG16"]
    assert "No trained checkpoint yet, so not shown: ResNet50." in words(page)
    shutil.rmtree(models / "chest_xray" / "vgg16")
    page.run()
    assert not page.exception
    assert len(page.error) == 1
    assert "ConvNet" not in words(page).replace(page.error[0].value, "")
    assert "lightbox train" not in words(page).replace(page.error[0].value, "")


def test_training_shows_curves_and_the_card_or_says_what_is_missing(page, models):
    page.query_params.update({"view": "training"})
    page.run()
    assert not page.exception
    assert [chart.proto.alt.split(".")[0] for chart in page.get("plotly_chart")] == [
        "Loss over 24 epochs", "Accuracy over 24 epochs", "Learning rate over 24 epochs",
    ]  # fmt: skip
    table = page.dataframe[0].value.set_index("Training")["ConvNet"]
    training = read_card(models / "chest_xray" / "convnet").training
    assert table["Best epoch, which is shipped"] == str(training["best_epoch"])
    assert {int(part.split(" × ")[-1]) for part in table["Sizes in pixels"].split(", ")} == set(training["sizes"])
    (models / "chest_xray" / "convnet" / "history.csv").unlink()
    page.run()
    assert "came without a training history" in words(page)


def test_without_the_files_compare_is_set_up_and_names_the_file_to_drop(page, models, monkeypatch):
    monkeypatch.delenv("LIGHTBOX_DATA_DIR", raising=False)
    page.query_params.update({"task": "brain_mri"})
    page.run()
    name = page.text[0].value
    next(button for button in page.button if button.label == "Explain").click().run()
    assert not page.exception
    assert f"Now drop this file above: `{name}`" in words(page)
    assert page.session_state["compare.task"] == "brain_mri"
    assert page.session_state["compare.networks"] == ["convnet"]
    with (models / "brain_mri" / "convnet" / "predictions.csv").open(encoding="utf-8", newline="") as file:
        (called,) = [row["predicted"] for row in csv.DictReader(file) if row["path"] == name]
    assert page.session_state["compare.explain"] == called
    assert page.session_state["compare.against"] == "glioma"


def make_data(tmp_path, monkeypatch, models):
    """A data folder with one picture that the chest network calls viral, though it is normal."""
    folder = tmp_path / "data"
    (folder / "test").mkdir(parents=True)
    path = folder / "test" / "0.png"
    Image.fromarray(np.add.outer(np.arange(90), np.arange(80)).astype(np.uint8)).save(path)
    answers = make_answers([0, 1], [[0.1, 0.2, 0.7], [0, 1, 0]])
    write_answers(models, answers, hashes={"test/0.png": hashlib.sha256(path.read_bytes()).hexdigest()})
    monkeypatch.setenv("LIGHTBOX_DATA_DIR", str(folder))
    return path


def test_a_mistake_is_opened_in_compare_in_one_click(page, models, tmp_path, monkeypatch):
    make_data(tmp_path, monkeypatch, models)
    page.run()
    assert not page.error
    assert len([part for part in page.main if part.type == "image"]) == 1
    next(button for button in page.button if button.label == "Explain").click().run()
    assert not page.exception
    assert page.session_state["compare.loaded"].scan.size_hw == (90, 80)
    assert page.session_state["compare.explain"] == "viral"
    assert page.session_state["compare.against"] == "normal"
    assert "`test/0.png`: truly normal, called viral pneumonia in the test." in words(page)


def test_the_mean_map_of_a_cell_is_computed_in_a_worker_and_says_what_it_is(page, models, tmp_path, monkeypatch):
    make_data(tmp_path, monkeypatch, models)
    page.run()
    widget(page.button, "networks.mean_map").click().run()
    job = page.session_state["networks.mean_map_asked"].job
    (owner,) = job.owners
    while not job.wait(2):
        computing.engine().touch(owner)  # as the line that watches does in a browser
    page.run()
    assert not page.exception
    assert not page.error
    assert "Evidence for viral pneumonia, mean of 1 maps" in words(page)
    assert "divided by the sum of its absolute values" in words(page)


def test_a_file_that_is_not_the_one_tested_is_not_opened(page, models, tmp_path, monkeypatch):
    path = make_data(tmp_path, monkeypatch, models)
    path.write_bytes(path.read_bytes() + b"\0")
    page.run()
    assert "is not the file that the network was tested on" in words(page)
    next(button for button in page.button if button.label == "Explain").click().run()
    assert "sha256 differs" in page.error[0].value
    assert "compare.loaded" not in page.session_state


def test_a_data_folder_that_does_not_exist_is_said_and_the_figures_stay(page, models, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_DATA_DIR", "absent")
    page.run()
    assert "there is no such folder" in page.error[0].value
    assert page.dataframe[0].value["Scans"].tolist() == [624]


def test_every_cell_is_one_marker_that_knows_its_classes():
    answers = draw_answers(120, missing=2)
    figure = matrix.build(answers, "rows", limit=1.0, cell=Cell("convnet", "normal", "viral"))
    heat, marks = figure.data
    assert heat.zmin == 0
    assert heat.zmax == 1
    assert np.isnan(heat.z[2]).all()
    assert [text.partition("<br>")[0] for text in heat.text[2]] == ["–"] * 3
    assert all(text.partition("<br>")[0].endswith("%") for row in heat.text[:2] for text in row)
    counts = confusion_matrix(answers)
    for x, y, (true, called), text in zip(marks.x, marks.y, marks.customdata, marks.hovertext, strict=True):
        assert (answers.classes[y], answers.classes[x]) == (true, called)
        assert f": {counts[y, x]}<br>" in text
    (outline,) = figure.layout.shapes
    assert (outline.x0 + outline.x1, outline.y0 + outline.y1) == (4, 0)


def test_the_matrix_is_told_in_words():
    answers = make_answers([0, 0, 1], [[1, 0, 0], [0, 1, 0], [0, 1, 0]])
    assert matrix.describe(answers) == (
        "Confusion matrix of ConvNet. truly normal: 1 normal, 1 bacterial pneumonia; "
        "truly bacterial pneumonia: 1 bacterial pneumonia."
    )


def test_stretches_of_smaller_pictures_are_shaded_and_the_shipped_epoch_is_marked():
    epochs = [
        Epoch(number, split, size, 1.0, 0.5, None, 0.1)
        for number, size in ((1, 96), (2, 96), (3, 128), (4, 224))
        for split in ("train", "validation")
    ]
    assert list(training.stages(epochs)) == [(1, 2, 96), (3, 3, 128), (4, 4, 224)]
    figure = training.build(epochs, "loss", best=4)
    shaded = [(shape.x0, shape.x1) for shape in figure.layout.shapes if shape.type == "rect"]
    assert shaded == [(0.5, 2.5), (2.5, 3.5)]
    assert [shape.x0 for shape in figure.layout.shapes if shape.type == "line"] == [4]
