"""Which maps the viewer is given."""

import json

from streamlit.testing.v1 import AppTest


def page():
    import numpy as np
    import streamlit as st

    from components.maps.display_bar import Display
    from components.maps.viewer import viewer
    from components.maps.viewer.payload import ShownMap
    from lightbox.explainers import Attribution, Target
    from lightbox.imaging.colour import scale_limit
    from lightbox.imaging.preprocess import Box
    from lightbox.imaging.scan import Provenance, Scan
    from lightbox.imaging.views import Views

    if "views" not in st.session_state:
        pixels = np.random.default_rng(0).random((2, 60, 50), dtype=np.float32)
        st.session_state["views"] = [
            Views(Scan(each, "chest_xray", Provenance("array", "grey", 8, (60, 50)))) for each in pixels
        ]
        st.session_state["map"] = Attribution(np.eye(8, dtype=np.float32), "lrp", Target(0), {}, 0.1)
    this, another = st.session_state["views"]
    result = st.session_state["map"]
    viewer.begin(this)
    for name, views in st.session_state.get("maps", [("convnet.lrp", 0), ("pin1.lrp", 0), ("pin2.lrp", 1)]):
        scale = scale_limit(result.values)
        shown = ShownMap(name, name, result, scale, Box(0, 0, 60, 50), ("<Normal>",))
        viewer.offer([this, another][views], shown, picture=f"compare.map.{name}")
    viewer.show(this, Display(), None, doubted=False)


def header(app):
    assert not app.exception
    (component,) = app.get("bidi_component")
    message = component.proto.bytes
    length = int.from_bytes(message[:4], "little")
    assert len(message) == 4 + length  # no numbers
    return json.loads(message[4:])


def buttons(app):
    return [part.proto.body for part in app.get("html")]


def test_the_viewer_has_the_maps_of_its_scan_and_no_other_scans_maps_have_a_button():
    app = AppTest.from_function(page, default_timeout=60).run()
    assert [one["name"] for one in header(app)["maps"]] == ["convnet.lrp", "pin1.lrp"]
    assert len(buttons(app)) == 2
    assert 'data-map="convnet.lrp"' in buttons(app)[0]
    assert 'data-picture="compare-map-convnet-lrp"' in buttons(app)[0]


def test_a_map_that_is_no_longer_on_the_page_is_not_in_the_viewer():
    app = AppTest.from_function(page, default_timeout=60).run()
    app.session_state["maps"] = [("pin1.lrp", 0)]
    assert [one["name"] for one in header(app.run())["maps"]] == ["pin1.lrp"]


def test_a_run_without_a_change_sends_the_same_message(monkeypatch):
    from components.maps.viewer import viewer

    app = AppTest.from_function(page, default_timeout=60).run()
    before = header(app)

    def refuse(*_args, **_options):
        raise AssertionError("made again")

    monkeypatch.setattr(viewer, "pack", refuse)
    assert header(app.run()) == before


def test_a_question_is_answered_once():
    app = AppTest.from_function(page, default_timeout=60).run()
    app.session_state["compare.viewer.asked"] = {"have": []}
    app.run()
    assert not app.exception
    (component,) = app.get("bidi_component")
    assert len(component.proto.bytes) > 2 * 4 * 64
    header(app.run())


def test_words_from_elsewhere_are_no_markup():
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["maps"] = [('a"><b>', 0)]
    app.run()
    assert "<b>" not in buttons(app)[0]
