"""The modality is one for all pages."""

import pytest
from streamlit.testing.v1 import AppTest

from components.scans import modality
from lightbox.core.errors import UserFacingError


def pages():
    import streamlit as st

    from components.scans import modality
    from components.shell import address, entrance

    page = st.session_state.setdefault("open", "compare")
    st.session_state[entrance.OPENED] = st.session_state.get("last") != page
    st.session_state["last"] = page
    address.restore(page, [modality.FIELD])
    st.text(modality.show(page))
    address.publish(page, [modality.FIELD])


def turn_to(app, page, **query):
    """As Streamlit does it: another page starts with an address of its own."""
    app.session_state["open"] = page
    app.query_params.clear()
    app.query_params.update(query)
    return app.run()


@pytest.fixture
def app():
    return AppTest.from_function(pages).run()


def test_what_is_chosen_on_one_page_is_chosen_on_the_next_one_and_in_its_address(app):
    app.button_group[0].set_value("brain_mri").run()
    assert app.text[0].value == "brain_mri"
    turn_to(app, "networks")
    assert app.text[0].value == "brain_mri"
    assert app.query_params["task"] == "brain_mri"
    app.button_group[0].set_value("chest_xray").run()
    turn_to(app, "compare")
    assert app.text[0].value == "chest_xray"
    assert "task" not in app.query_params


def test_a_link_that_names_a_modality_wins_and_counts_for_the_other_pages_too(app):
    turn_to(app, "ground_truth", task="brain_mri")
    assert app.text[0].value == "brain_mri"
    turn_to(app, "compare")
    assert app.text[0].value == "brain_mri"


def test_a_modality_asked_for_by_another_part_is_chosen_at_the_next_run(app):
    assert app.text[0].value == "chest_xray"
    app.session_state["lightbox.asked_task"] = "brain_mri"
    app.run()
    assert app.text[0].value == "brain_mri"
    assert app.query_params["task"] == "brain_mri"
    assert app.run().text[0].value == "brain_mri"


def test_a_modality_that_does_not_exist_cannot_be_asked_for():
    with pytest.raises(UserFacingError, match="knee"):
        modality.ask_for("knee")
