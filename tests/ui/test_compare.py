"""The Compare page's flows, by what a person reads."""

import io
import json
import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lightbox.core import notice
from lightbox.explainers import METHODS
from lightbox.ground_truth.sample_answers import read_answers
from lightbox.networks import NETWORKS
from tests.cases import CASES

ROOT = Path(__file__).resolve().parents[2]
QUICK = "grad_cam,lrp"
SECONDS_FOR_MAPS = 240
SECONDS_BETWEEN_RUNS = 5


def png(pixels=None, mode="L"):
    """A picture as uploaded: soft lungs on a bright chest, unless told otherwise."""
    if pixels is None:
        rows, columns = np.mgrid[:120, :150] / 120
        pixels = 200 - 150 * np.exp(-(((columns - 0.4) / 0.2) ** 2) - ((rows - 0.5) / 0.3) ** 2)
    buffer = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).convert(mode).save(buffer, "PNG")
    return buffer.getvalue()


def words(app):
    """All that stands on the page."""
    parts = [*app.markdown, *app.caption, *app.header, *app.subheader, *app.info, *app.warning, *app.error]
    return "\n".join(str(part.value) for part in parts)


def ends(app):
    """What stands at the ends of the colour bars."""
    figures = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    return [note["text"] for figure in figures for note in figure["layout"].get("annotations", [])]


def upload(app, content, name="scan.png"):
    app.file_uploader[0].set_value((name, content, "image/png"))
    return app.run()


def opened(app, **query):
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def settled(app):
    """The page once every map is there. It runs now and then: a silent session is taken for gone by the engine."""
    deadline = time.monotonic() + SECONDS_FOR_MAPS
    while time.monotonic() < deadline:
        next_run = time.monotonic() + SECONDS_BETWEEN_RUNS
        for job in app.session_state["lightbox.held"].values():
            job.wait(max(0, next_run - time.monotonic()))
        app.run()
        if all(job.state == "done" for job in app.session_state["lightbox.held"].values()):
            return app.run()
    raise AssertionError("the maps are not there")


def test_the_first_page_says_what_to_do_and_what_this_is_not(app):
    opened(app)
    assert not app.exception
    assert "Bring a scan" in words(app)
    assert notice.TEXT in words(app)


def test_an_upload_shows_a_prediction_and_one_map_a_method(app):
    opened(app, methods=QUICK)
    upload(app, png())
    assert not app.exception
    assert not app.error
    text = words(app)
    assert METHODS["lrp"].title in text
    assert METHODS["grad_cam"].title in text
    assert METHODS["lime"].title not in [part.value.strip("*") for part in app.markdown]
    assert app.get("plotly_chart")


def test_a_display_control_never_computes_a_map_again(app, monkeypatch):
    opened(app, methods="grad_cam")
    upload(app, png())
    settled(app)
    from components.shell import computing

    computed = []
    engine = computing.engine()
    dispatch = engine.submit

    def counting(request, owner):
        job = dispatch(request, owner)
        computed.append(job.ended)
        return job

    monkeypatch.setattr(engine, "submit", counting)
    app.session_state["compare.view"] = "contours"
    app.session_state["compare.opacity"] = 0.3
    app.run()
    assert not app.exception
    assert computed
    assert all(computed)  # every job asked for had ended before: nothing new was begun


def test_a_network_without_checkpoint_is_named_and_cannot_be_picked(app, monkeypatch, tmp_path):
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path))
    opened(app)
    text = words(app)
    assert "No trained checkpoint yet" in text
    assert all(spec.title in text for spec in NETWORKS.values())
    upload(app, png())
    assert not app.exception
    assert "pick a network" in words(app)
    assert app.get("plotly_chart")  # the scan


@pytest.mark.parametrize(
    "content",
    [b"this is no picture", b"", png()[:200], b"\x89PNG\r\n\x1a\n" + bytes(100)],
    ids=["text", "empty", "truncated", "header only"],
)
def test_a_bad_file_is_one_sentence_and_the_next_upload_works(app, content):
    opened(app, methods="grad_cam")
    upload(app, content)
    assert not app.exception
    assert len(app.error) == 1
    upload(app, png(), name="good.png")
    assert not app.exception
    assert not app.error
    assert app.get("plotly_chart")


def test_a_link_with_nonsense_is_answered_in_words(app):
    opened(app, methods="lrp,magic", opacity="-3", seed="x" * 5000, view="<b>")
    assert not app.exception
    text = words(app)
    for name in ("methods", "opacity", "seed", "view"):
        assert name in text
    assert app.session_state["compare.methods"] == list(METHODS)


def test_a_link_restores_settings_and_only_what_differs_is_in_it(app):
    opened(app, methods="lime", baseline="white", task="brain_mri")
    assert app.session_state["compare.methods"] == ["lime"]
    assert app.session_state["compare.baseline"] == "white"
    assert dict(app.query_params) == {"methods": "lime", "baseline": "white", "task": "brain_mri"}


def test_a_link_to_a_sample_needs_no_modality(app):
    page = opened(app, sample="brain-meningioma-1", networks="convnet", methods="grad_cam")
    assert page.session_state["compare.task"] == "brain_mri"
    assert "Meningioma" in words(page)
    assert page.query_params["task"] == "brain_mri"


def test_an_address_that_says_it_all_is_left_as_it_was_typed(app):
    page = opened(app, networks="convnet", methods="grad_cam,lrp", outline="1", task="chest_xray")
    assert page.query_params.get("outline") == "1"
    assert page.query_params.get("task") == "chest_xray"


def test_without_a_method_the_scan_and_the_probabilities_stay_beside_one_sentence(app):
    opened(app, methods="")
    upload(app, png())
    assert not app.exception
    assert "pick a method" in words(app)
    assert len(app.get("plotly_chart")) == 1
    assert len(app.get("progress")) == 3  # one bar a class


def test_a_network_that_has_not_answered_keeps_no_other_waiting(app, monkeypatch):
    from components.shell import computing
    from lightbox.jobs import Job, PredictRequest

    opened(app, methods="grad_cam")
    upload(app, png())
    settled(app)
    engine = computing.engine()
    submit = engine.submit

    def submit_but_one(request, owner):
        slow = isinstance(request, PredictRequest) and request.card.network == "resnet50"
        return Job(request.work(), lambda _job: 1) if slow else submit(request, owner)

    monkeypatch.setattr(engine, "submit", submit_but_one)
    monkeypatch.setattr(computing, "PATIENCE_SECONDS", 0.1)
    app.session_state["compare.networks"] = ["convnet", "resnet50"]
    app.run()
    assert not app.exception
    assert [part.value for part in app.markdown if part.value in ("**ConvNet**", "**ResNet50**")] == [
        "**ConvNet**",
        "**ResNet50**",
    ]
    assert len(app.get("plotly_chart")) == 2  # the scan, and the finished map
    assert app.get("progress")[-1].proto.text == "Waiting for other computations to end: place 1 in the queue…"
    # A ZIP of some of the networks would pass for all of them.
    assert [button.proto.disabled for button in app.get("download_button")] == [True] * 3


def test_nothing_is_taken_away_before_it_is_complete_and_then_everything_is(app):
    opened(app, methods="grad_cam,lrp")
    upload(app, png())
    settled(app)
    buttons = app.get("download_button")
    assert [button.proto.label for button in buttons] == ["Picture (PNG)", "Picture (SVG)", "All (ZIP)"]
    assert not any(button.proto.disabled for button in buttons)
    assert not app.code, "what is cited is written when it is asked for"


def test_methods_and_papers_can_be_copied(app):
    opened(app, methods="grad_cam")
    upload(app, png())
    settled(app)
    next(button for button in app.button if button.key == "compare.cite").click().run()
    assert not app.exception
    markdown, bibtex = (block.value for block in app.code)
    assert "| Grad-CAM | ConvNet |" in markdown
    assert "selvaraju2016gradcam" in bibtex


def test_once_every_map_is_there_a_line_says_what_they_have_in_common(app):
    opened(app, sample="brain-meningioma-1", task="brain_mri", methods="grad_cam,lrp")
    settled(app)
    lines = [part.value for part in app.markdown if part.value.startswith("Both maps")]
    assert len(lines) == 1
    assert "picture" in lines[0] or "places" in lines[0]
    app.session_state["compare.methods"] = []
    app.run()
    assert not [part for part in app.markdown if part.value == lines[0]]


def test_beside_an_answer_stands_how_good_it_is_and_whether_it_is_calibrated(app):
    opened(app, sample="brain-glioma-1", task="brain_mri", methods="grad_cam")
    settled(app)
    assert not app.exception
    (line,) = [part.value for part in app.markdown if " new test scans; " in part.value]
    assert "though calibrated" in line
    links = [link.proto for link in app.get("page_link") if "confusion matrix" in link.proto.label]
    assert len(links) == 1
    assert "called=" in links[0].query_string
    assert "scans=new" in links[0].query_string


def test_changed_settings_are_named_and_go_back_by_one_button(app):
    opened(app, methods="integrated_gradients", baseline="black", **{"integrated_gradients.steps": "32"})
    assert "Changed: baseline black; Integrated Gradients, steps." in words(app)
    app.button(key="compare.presets").click().run()
    assert app.session_state["compare.baseline"] == "blur"
    assert app.session_state["compare.integrated_gradients.steps"] == 16
    assert "Changed:" not in words(app)


@pytest.mark.parametrize("right", [True, False])
def test_of_a_sample_that_the_network_gets_wrong_that_stands_beside_the_answer(app, right):
    row = next(row for row in read_answers().rows if row.network == "convnet" and row.right == right)
    settled(opened(app, sample=row.sample, networks="convnet", methods="grad_cam"))
    mistakes = [part.value for part in app.markdown if "Wrong: this scan was made to show" in part.value]
    assert len(mistakes) == (0 if right else 1)


def test_a_and_b_the_same_class_is_said(app):
    opened(app, methods="contrastive_lrp", explain="viral", against="viral")
    upload(app, png())
    assert not app.exception
    assert "A and B are the same class" in words(app)


def test_every_map_and_picture_has_a_description(app):
    opened(app, methods=QUICK)
    upload(app, png())
    for chart in app.get("plotly_chart"):
        assert chart.proto.alt


def inside_lines(app):
    return [part.value for part in app.markdown if "in outline, chance" in part.value]


def test_a_sample_with_a_mask_says_for_each_map_how_much_lies_inside(app):
    opened(app, sample="chest-bacterial-1", methods=QUICK, explain="bacterial")
    settled(app)
    assert not app.exception
    assert len(inside_lines(app)) == 2
    assert all("%" in line for line in inside_lines(app))
    assert "These maps explain another class" not in words(app)
    app.session_state["compare.explain"] = "normal"
    app.run()
    settled(app)
    assert "These maps explain another class" in words(app)


def test_the_outline_is_a_display_control_and_lives_in_the_address(app, monkeypatch):
    opened(app, sample="chest-bacterial-1", methods="grad_cam")
    settled(app)
    from components.shell import computing

    ended = []
    engine = computing.engine()
    submit = engine.submit
    monkeypatch.setattr(engine, "submit", lambda request, owner: _noted(submit(request, owner), ended))
    (toggle,) = [each for each in app.toggle if each.key == "compare.outline"]
    toggle.set_value(False).run()
    assert not app.exception
    assert inside_lines(app) == []
    assert ended
    assert all(ended)
    assert dict(app.query_params)["outline"] in ("0", ["0"])


def _noted(job, ended):
    ended.append(job.ended)
    return job


def test_where_nothing_was_placed_there_is_no_outline_to_draw(app):
    opened(app, sample="chest-normal-1", methods="grad_cam")
    settled(app)
    assert not [each for each in app.toggle if each.key == "compare.outline"]
    assert inside_lines(app) == []
    upload(app, png())
    assert not [each for each in app.toggle if each.key == "compare.outline"]


def test_a_full_queue_is_a_sentence_in_each_refused_cell_and_the_page_stays(app, monkeypatch):
    from components.shell import computing

    opened(app, methods="grad_cam")
    upload(app, png())
    engine = computing.engine()
    monkeypatch.setattr(engine, "_max_queue", 0)
    app.session_state["compare.methods"] = ["grad_cam", "lrp", "contrastive_lrp"]
    app.session_state["compare.seed"] = 4711  # nothing of this is in the cache
    app.run()
    assert not app.exception
    refusals = [error.value for error in app.error]
    assert refusals
    assert all("The queue is full" in text for text in refusals)
    text = words(app)
    for method in ("grad_cam", "lrp", "contrastive_lrp"):
        assert METHODS[method].title in text
    assert app.get("plotly_chart")  # the scan at least
    monkeypatch.undo()
    app.run()
    assert not app.error


def test_the_classes_offered_are_the_chosen_networks_own(app, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(CASES / "models" / "two_classes"))
    opened(app, methods="grad_cam")
    explain = next(box for box in app.selectbox if box.key == "compare.explain")
    assert explain.options == ["Predicted class", "Normal", "pneumonia"]
    upload(app, png())
    settled(app)
    assert not app.exception
    next(box for box in app.selectbox if box.key == "compare.explain").select("pneumonia").run()
    settled(app)
    assert "for pneumonia" in ends(app)
    assert app.query_params["explain"] == "pneumonia"


def test_a_class_that_a_network_does_not_know_is_said_in_its_cell(app, tmp_path, monkeypatch):
    shutil.copytree(CASES / "models" / "two_classes" / "chest_xray", tmp_path / "chest_xray")
    (tmp_path / "chest_xray" / "resnet50").symlink_to(ROOT / "models" / "chest_xray" / "resnet50")
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path))
    opened(app, methods="grad_cam", networks="convnet,resnet50", explain="viral")
    upload(app, png())
    for job in app.session_state["lightbox.held"].values():
        job.wait(60)
    app.run()
    assert not app.exception
    assert [str(error.value) for error in app.error] == [
        "The network knows no class 'viral'. Choose one of: normal, pneumonia."
    ]
    assert "for Viral pneumonia" in ends(app)


def test_a_class_of_a_link_that_no_chosen_network_knows_stays_chosen_and_is_said_so(app, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(CASES / "models" / "two_classes"))
    opened(app, explain="viral", against="glioma")
    explain, against = (next(box for box in app.selectbox if box.key == f"compare.{name}") for name in
                        ("explain", "against"))  # fmt: skip
    assert explain.value == "viral"
    assert "Viral pneumonia (no class of these networks)" in explain.options
    assert against.value == "runner_up"


def test_the_class_of_a_damaged_network_is_never_shown(app, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(CASES / "models" / "nan_in_bias"))
    opened(app, methods="grad_cam")
    upload(app, png())
    assert not app.exception
    said = words(app)
    assert "gave a logit that is not a number" in said
    assert "nan%" not in said
