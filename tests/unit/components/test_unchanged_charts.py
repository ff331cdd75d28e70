"""An element that has not changed is sent again as it was, made once, without its film kept over and over."""

import pytest
from streamlit.testing.v1 import AppTest


def page():
    import numpy as np
    import streamlit as st

    from components.maps import heatmap
    from components.maps.display_bar import Display
    from components.maps.heatmap import Film
    from lightbox.explainers import Attribution, Target
    from lightbox.imaging.colour import scale_limit
    from lightbox.imaging.preprocess import Box
    from lightbox.imaging.scan import Provenance, Scan
    from lightbox.imaging.views import Views

    if "views" not in st.session_state:
        pixels = np.random.default_rng(0).random((60, 50), dtype=np.float32)
        st.session_state["views"] = Views(Scan(pixels, "chest_xray", Provenance("array", "grey", 8, (60, 50))))
        values = np.linspace(-1, 1, 64, dtype=np.float32).reshape(8, 8)
        st.session_state["map"] = Attribution(values, "lrp", Target(0), {}, 0.1)
    views, result = st.session_state["views"], st.session_state["map"]
    film = Film(views.film(1600), (60, 50), Box(0, 0, 60, 50), views if st.session_state.get("keep", True) else None)
    display = Display(st.session_state.get("view", "overlay"), 0.8, False, False)
    scale = scale_limit(result.values)
    heatmap.show(film, result.values, scale, display, key="a map", alt="A map.", about=result)
    heatmap.show_film(film, key="the film", alt=st.session_state.get("alt", "The scan."))


def opened():
    return AppTest.from_function(page, default_timeout=60)


@pytest.fixture
def built(monkeypatch):
    """The charts that were made, by whether they have a map."""
    from components.maps import heatmap

    made, canvas = [], heatmap._canvas
    monkeypatch.setattr(heatmap, "_canvas", lambda film, **options: (made.append(options), canvas(film, **options))[1])
    return made


def charts(app):
    assert not app.exception
    return [chart.proto.SerializeToString(deterministic=True) for chart in app.get("plotly_chart")]


def test_what_is_sent_again_is_byte_for_byte_what_was_made(built):
    made_anew = opened()
    made_anew.session_state["keep"] = False
    expected = charts(made_anew.run())
    app = opened()
    assert [charts(app.run()) for _run in range(3)] == [expected] * 3
    assert len(expected) == 2
    assert len(built) == 4


@pytest.mark.parametrize(
    ("setting", "value", "again"), [("view", "contours", 1), ("view", "map", 1), ("alt", "It.", 1)]
)
def test_what_has_changed_is_made_again_and_nothing_else(built, setting, value, again):
    app = opened().run()
    before = charts(app)
    built.clear()
    app.session_state[setting] = value
    after = charts(app.run())
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1 == len(built)
    made_anew = opened()
    made_anew.session_state["keep"], made_anew.session_state[setting] = False, value
    assert charts(made_anew.run()) == after


def test_another_map_is_drawn_although_all_else_is_as_it_was():
    from dataclasses import replace

    app = opened().run()
    before = charts(app)
    result = app.session_state["map"]
    app.session_state["map"] = replace(result, values=-result.values)
    after = charts(app.run())
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_the_film_is_kept_once_and_not_in_each_chart():
    from components.maps.unchanged_charts import Sent

    app = opened().run()
    held = app.session_state["views"]._kept
    sent = [part for entry in held.values() if isinstance(entry, tuple) for part in entry if isinstance(part, Sent)]
    assert len(sent) == 2
    for one in sent:
        assert not one.message.spec
        assert "base64" not in "".join(one.figure)
        assert len(one.figure) == 2


def test_an_element_that_cannot_be_made_is_an_error_and_leaves_the_container_as_it_was():
    def failing():
        import numpy as np
        import streamlit as st
        from plotly.exceptions import PlotlyError

        from components.maps import unchanged_charts
        from lightbox.imaging.scan import Provenance, Scan
        from lightbox.imaging.views import Views

        views = Views(Scan(np.zeros((8, 8), np.float32), "chest_xray", Provenance("array", "grey", 8, (8, 8))))
        place = st.container()
        try:
            unchanged_charts.show(views, 1, place, lambda place: place.plotly_chart("no figure"), name="chart")
        except PlotlyError:
            place.markdown("It failed.")

    app = AppTest.from_function(failing, default_timeout=60).run()
    assert [part.value for part in app.markdown] == ["It failed."]


def watched_page():
    """The page with what goes to the browser noted: hash, whether it is the hash alone, and its bytes."""
    import streamlit as st
    from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

    from tests.unit.components.test_unchanged_charts import page

    context = get_script_run_ctx()
    context.cached_message_hashes = frozenset(st.session_state.get("browser", ()))
    send, noted = context._enqueue, []

    def note(message):
        alone = message.WhichOneof("type") == "ref_hash"
        if alone or message.delta.new_element.WhichOneof("type") == "plotly_chart":
            size = 0 if alone else len(message.delta.SerializeToString(deterministic=True))
            noted.append((message.ref_hash or message.hash, alone, size, tuple(message.metadata.delta_path)))
        send(message)

    context._enqueue = note
    page()
    st.session_state["noted"] = noted


def test_what_is_sent_again_has_streamlit_s_own_hash_and_where_the_browser_holds_it_is_the_hash_alone():
    app = AppTest.from_function(watched_page, default_timeout=60)
    first = app.run().session_state["noted"]
    again = app.run().session_state["noted"]
    assert again == first
    assert not any(alone for _hash, alone, _size, _path in first)
    made_anew = AppTest.from_function(watched_page, default_timeout=60)
    made_anew.session_state["keep"] = False
    assert made_anew.run().session_state["noted"] == first
    app.session_state["browser"] = [first[0][0]]
    held, whole = app.run().session_state["noted"]
    assert held == (first[0][0], True, 0, first[0][3])
    assert whole == first[1]
