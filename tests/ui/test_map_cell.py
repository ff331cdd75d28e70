"""What a cell shows for each end a job can have."""

import json

from streamlit.testing.v1 import AppTest

CELL = """
import numpy as np
import streamlit as st

from components.maps import map_cell
from components.maps.display_bar import Display
from components.maps.heatmap import Film
from components.maps.map_cell import MapCell
from lightbox.core.errors import UserFacingError
from lightbox.explainers import Attribution, Check, Target
from lightbox.imaging.colour import scale_limit
from lightbox.imaging.preprocess import Box


class Job:
    error = None
    urgent = False
    ended = True
    result = None
    progress = 1.0
    position = None
    seconds_left = None


values = np.linspace(-1, 1, 64, dtype=np.float32).reshape(8, 8)
facts = {"withheld": "The sum exploded."} if ENDING == "withheld" else {}
passed = ENDING != "failed"
job = Job()
if ENDING == "error":
    job.error = UserFacingError("The worker died twice.", "Try a smaller network.")
else:
    checks = (Check("conservation", 3.2e9, passed, "Relevance sums to 3.2e9 of the logit."),)
    job.result = Attribution(values, "lrp", Target(1), {"composite": "epsilon"}, 0.5, checks, **facts)
first_run = "seen" not in st.session_state
st.session_state["seen"] = True
late = ENDING == "just ended" and first_run
scale = None if late or ENDING in ("withheld", "error") else scale_limit(values)
place = MapCell("convnet", "lrp", Film("", (8, 8), Box(0, 0, 8, 8)), ("Normal", "Viral"))
line = map_cell.show(place, job, scale, Display("overlay", 0.8, False, False))
if line is not None:
    map_cell.keep_current([(line, job)])
"""


def cell(ending):
    code = CELL.replace("ENDING", repr(ending))
    # The link to another page needs the whole app around it.
    app = AppTest.from_string(
        f"import components.maps.map_details as d; d.show = lambda *_, **__: None\n{code}", default_timeout=30
    )
    app.run()
    assert not app.exception
    return app


def test_a_map_is_drawn_with_its_class_and_its_figures():
    app = cell("done")
    assert len(app.get("plotly_chart")) == 1
    assert any("**LRP**" in part.value for part in app.markdown)
    spec = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert [note["text"] for note in spec["layout"]["annotations"]] == ["for Viral", "against"]
    assert not app.error


def test_a_withheld_map_is_not_drawn_but_its_reason_and_figures_are():
    app = cell("withheld")
    assert not app.get("plotly_chart")
    assert "This map is withheld: The sum exploded." in app.error[0].value
    assert any("Explains: Viral." in part.value for part in app.markdown)
    assert any("3.2e+09 times" in part.value for part in cell("failed").markdown)


def test_a_job_that_ended_while_the_page_was_drawn_is_not_taken_for_withheld():
    app = cell("just ended")
    assert not app.error
    assert len(app.get("plotly_chart")) == 1


def test_a_failed_check_is_red():
    assert any(":red-badge[" in part.value for part in cell("failed").markdown)
    assert any("Try another composite" in part.value for part in cell("failed").markdown)
    assert not any(":red-badge[" in part.value for part in cell("done").markdown)


def test_an_error_is_one_sentence_in_its_own_cell():
    app = cell("error")
    assert [part.value for part in app.error] == ["The worker died twice. Try a smaller network."]
    assert not app.get("plotly_chart")
