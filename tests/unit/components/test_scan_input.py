"""An upload is never lost, whatever else is clicked while it is read."""

import contextlib
import io

import numpy as np
import pytest
from PIL import Image
from streamlit.runtime.scriptrunner_utils.exceptions import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.testing.v1 import AppTest

from components.scans import scan_input


def page():
    import streamlit as st

    from components.scans import scan_input

    st.session_state.setdefault("compare.task", "chest_xray")
    if st.button("sample"):
        scan_input.load_sample("chest-normal-1")
    views = scan_input.show()
    st.text("no scan" if views is None else f"{views.scan.pixels.shape[1]} wide")


def png(width):
    buffer = io.BytesIO()
    Image.fromarray(np.tile(np.arange(width, dtype=np.uint8), (120, 1))).save(buffer, "PNG")
    return buffer.getvalue()


def upload(app):
    return app.file_uploader[0].set_value(("scan.png", png(200), "image/png")).run()


def press(app, label):
    return next(button for button in app.button if button.label == label).click().run()


@pytest.fixture
def spinner_interrupted_once(monkeypatch):
    """What Streamlit does at any of its calls when another full run is asked for: it raises, and runs again."""
    whole = scan_input.st.spinner
    interruptions = iter([True])

    @contextlib.contextmanager
    def spinner(text):
        if next(interruptions, False):
            raise RerunException(RerunData())
        with whole(text):
            yield

    monkeypatch.setattr(scan_input.st, "spinner", spinner)


def test_a_run_that_is_interrupted_while_it_reads_an_upload_is_made_up_for(spinner_interrupted_once):
    app = AppTest.from_function(page, default_timeout=60).run()
    assert app.text[0].value == "no scan"
    upload(app)
    assert app.text[0].value == "200 wide"


def test_a_file_is_let_go_of_once_it_is_read_and_the_line_says_what_it_was_without_its_name():
    app = AppTest.from_function(page, default_timeout=60).run()
    upload(app)
    assert app.text[0].value == "200 wide"
    assert "PNG · 200 × 120 px" in [caption.value for caption in app.caption]
    assert app.file_uploader[0].value is None
    assert app.session_state["compare.loaded"].scan is not None


def test_removing_takes_the_scan_away():
    app = AppTest.from_function(page, default_timeout=60).run()
    upload(app)
    press(app, "Remove")
    assert app.text[0].value == "no scan"
    assert [caption.value for caption in app.caption] == ["or paste with Ctrl+V"]
    upload(app)
    assert app.text[0].value == "200 wide"


def test_removing_takes_a_sample_away_for_good():
    app = AppTest.from_function(page, default_timeout=60).run()
    upload(app)
    press(app, "sample")
    assert app.text[0].value == "512 wide"
    press(app, "Remove")
    assert app.text[0].value == "no scan"
    assert app.session_state[scan_input.SAMPLE] == ""


def test_an_upload_read_as_of_another_modality_says_so():
    app = AppTest.from_function(page, default_timeout=60).run()
    upload(app)
    app.button_group[0].set_value("brain_mri").run()
    assert app.text[0].value == "200 wide"
    assert "Added as Chest X-ray, read as Brain MRI now." in [caption.value for caption in app.caption]


def test_what_the_address_says_of_an_absent_scan_stands_until_there_is_one():
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["compare.scan"] = "upload"
    app.run()
    assert app.session_state["compare.scan"] == "upload"
    press(app, "sample")
    assert app.session_state["compare.scan"] == ""
    upload(app)
    assert app.session_state["compare.scan"] == "upload"
    press(app, "Remove")
    assert app.session_state["compare.scan"] == ""


def test_an_upload_is_read_once(monkeypatch):
    app = AppTest.from_function(page, default_timeout=60).run()
    upload(app)

    def refuse(content, task):
        raise AssertionError("read twice")

    monkeypatch.setattr(scan_input, "decode", refuse)
    assert app.run().text[0].value == "200 wide"


def turning_page():
    import dataclasses

    import streamlit as st

    from components.scans import scan_input
    from lightbox.imaging.views import Views

    st.session_state.setdefault("compare.task", "chest_xray")
    if st.button("sample"):
        scan_input.load_sample("chest-normal-1")
    if st.button("turn"):
        scan = scan_input.current().scan
        scan_input.replace_scan(Views(dataclasses.replace(scan, pixels=scan.pixels[::-1].T)))
        st.rerun()
    if st.button("brain"):
        scan_input.ask_for_task("brain_mri")
        st.rerun()
    views = scan_input.show()
    st.text("no scan" if views is None else f"{views.scan.pixels.shape[1]} wide, {views.scan.modality}")
    st.text(scan_input.open_sample())


def test_a_changed_upload_takes_the_place_of_the_scan_and_stays_the_upload():
    app = AppTest.from_function(turning_page, default_timeout=60).run()
    upload(app)
    assert press(app, "turn").text[0].value == "120 wide, chest_xray"
    assert press(app, "brain").text[0].value == "120 wide, brain_mri"
    assert app.session_state["compare.loaded"].source == "upload"


def test_a_changed_sample_has_no_known_outline_any_more():
    app = AppTest.from_function(turning_page, default_timeout=60).run()
    press(app, "sample")
    assert app.text[1].value != "None"
    press(app, "turn")
    assert app.session_state["compare.loaded"].source == "file"  # no address opens it, and a step Back keeps it
    assert app.text[1].value == "None"
    assert app.session_state[scan_input.SAMPLE] == ""


def test_there_must_be_a_scan_to_replace():
    with pytest.raises(ValueError, match="no scan"):
        scan_input.replace_scan(None)
