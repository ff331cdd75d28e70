"""What Back and Forward restore, and which settings make a step."""

import pytest

from components.shell import address, history
from components.shell.address import Field

FIELDS = [Field("view", "one", "results", ["results", "training"]), Field("opacity", "number", 0.8, low=0.1)]


@pytest.fixture
def state(monkeypatch):
    """A session whose page is open already, with another view and opacity than the address says."""
    held = {"page.view": "training", "page.opacity": 0.3, "lightbox.page": {"view": "training", "opacity": 0.3}}
    monkeypatch.setattr(address.st, "session_state", held)
    monkeypatch.setattr(address.st, "query_params", {"opacity": "0.5"})
    return held


def test_after_back_the_address_says_everything_and_what_it_leaves_out_is_the_default(state, monkeypatch):
    monkeypatch.setattr(history, "moved", lambda: True)
    assert address.restore("page", FIELDS) == []
    assert (state["page.view"], state["page.opacity"]) == ("results", 0.5)


def test_without_back_widgets_keep_their_state(state, monkeypatch):
    monkeypatch.setattr(history, "moved", lambda: False)
    address.restore("page", FIELDS)
    assert (state["page.view"], state["page.opacity"]) == ("training", 0.3)


def test_a_page_that_is_opened_is_as_it_was_left_where_the_address_says_nothing(state, monkeypatch):
    monkeypatch.setattr(history, "moved", lambda: False)
    state["lightbox.opened"] = True
    address.restore("page", FIELDS)
    assert (state["page.view"], state["page.opacity"]) == ("training", 0.5)


def test_each_place_is_a_setting_of_its_page():
    from components.ground_truth import selection as of_ground_truth
    from components.networks import selection as of_networks
    from components.scans import scan_input

    assert {"sample", "task"} == set(history.PLACES[""])
    assert scan_input.sample_field().name == "sample"
    assert set(history.PLACES["ground_truth"]) <= {field.name for field in of_ground_truth.FIELDS}
    assert set(history.PLACES["networks"]) - {"view"} <= {field.name for field in of_networks.FIELDS}
