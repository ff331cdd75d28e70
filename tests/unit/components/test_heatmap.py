"""A map as a figure: its colours, its bar, and the values under the pointer."""

import numpy as np
import pytest

from components.maps.colour_bar import STOPS, colour_stops
from components.maps.display_bar import Display
from components.maps.heatmap import Film, build_map
from lightbox.imaging.colour import Scale
from lightbox.imaging.overlay import contour_levels
from lightbox.imaging.preprocess import Box

FILM = Film("", (40, 60), Box(0, 0, 40, 60))
VALUES = np.array([[-1.0, -0.25], [0.0, 0.9]], dtype=np.float32)


def draw(view, *, positive_only=False, signed=True):
    display = Display(view=view, opacity=0.8, positive_only=positive_only, shared_scale=False)
    return build_map(FILM, VALUES, Scale(1.0, signed=signed), display)


def opacities(colourscale):
    return [float(colour.rpartition(",")[2].rstrip(")")) for _place, colour in colourscale]


@pytest.mark.parametrize("view", ["overlay", "map", "contours"])
@pytest.mark.parametrize("positive_only", [False, True])
def test_the_hover_tells_the_raw_value_also_where_only_evidence_for_the_class_is_drawn(view, positive_only):
    heat = draw(view, positive_only=positive_only).data[0]
    np.testing.assert_array_equal(heat.z, VALUES)
    assert "%{z:" in heat.hovertemplate


def test_evidence_against_the_class_is_drawn_as_zero_where_only_evidence_for_it_is_wanted():
    both, only_for = draw("map").data[0], draw("map", positive_only=True).data[0]
    # Plotly gives all that lies below zmin the first colour.
    assert (both.zmin, only_for.zmin) == (-1.0, 0.0)
    assert only_for.colorscale[0][1] == both.colorscale[STOPS // 2][1]
    assert only_for.colorscale[-1] == both.colorscale[-1]
    assert list(only_for.colorbar.tickvals) == [0.0, 1.0]


def test_contours_lie_where_the_saved_pictures_have_them():
    both, only_for = (
        [trace.contours.start for trace in draw("contours", positive_only=choice).data if trace.type == "contour"]
        for choice in (False, True)
    )
    assert sorted(both) == sorted(contour_levels(Scale(1.0, signed=True)))
    assert sorted(only_for) == sorted(contour_levels(Scale(1.0, signed=True), positive_only=True))


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("positive_only", [False, True])
def test_the_colour_bar_of_contours_can_be_seen(signed, positive_only):
    figure = draw("contours", signed=signed, positive_only=positive_only)
    assert not figure.data[0].showscale
    (bar,) = [trace.marker for trace in figure.data if trace.type == "scatter" and trace.marker.showscale]
    assert opacities(bar.colorscale) == [1.0] * STOPS
    assert (bar.cmin, bar.cmax) == (-1.0 if signed and not positive_only else 0.0, 1.0)
    assert list(bar.colorbar.tickvals) == ([-1.0, 0.0, 1.0] if bar.cmin < 0 else [0.0, 1.0])


def test_no_legend_takes_the_maps_place():
    assert draw("contours").layout.showlegend is False


def test_without_evidence_an_overlay_is_clear():
    stops = colour_stops(Scale(1.0, signed=True), alpha=np.linspace(0, 1, STOPS))
    assert opacities(stops)[STOPS // 2] == 0
    assert opacities(stops)[0] == opacities(stops)[-1] == 1


@pytest.mark.parametrize(("name", "ticks"), [("for Glioma", ("0",)), ("for Bacterial pneumonia", ())])
def test_words_at_the_ends_of_the_colour_bar_leave_out_a_zero_that_they_would_run_into(name, ticks):
    display = Display("overlay", 0.8, False, False)
    figure = build_map(FILM, VALUES, Scale(1.0, signed=True), display, ends=("against", name))
    assert (figure.data[0].colorbar.ticktext or ()) == ticks
    assert [note.text for note in figure.layout.annotations] == [name, "against"]
