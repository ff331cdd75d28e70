"""The viewer's script keeps the rules that Python has: words, colours, and which cell a pixel lies in."""

import json

import numpy as np
import pytest
from skimage.measure import find_contours

from components.maps import evidence
from components.maps.evidence import STEPS
from components.maps.viewer.labels import labels
from components.maps.viewer.payload import tables
from components.maps.viewer.viewer import script
from lightbox.explainers import Attribution, Target
from lightbox.imaging.colour import Scale, colour
from lightbox.imaging.overlay import colour_layer

pytestmark = pytest.mark.browser
TITLES = ("Glioma", "Meningioma")


@pytest.fixture
def ask(page):
    """Asks one of the scripts: an expression about it, ``m``, and about what is given."""

    def answer(names, expression, given):
        source = "\n".join(script(name) for name in names)
        page.goto("about:blank")
        return page.evaluate(
            "async ([source, expression, given]) => {"
            "const m = await import(URL.createObjectURL(new Blob([source], {type: 'text/javascript'})));"
            "return new Function('m', 'given', `return ${expression}`)(m, JSON.parse(given));}",
            [source, expression, json.dumps(given)],
        )

    return answer


def values_around(limit):
    """Values at, just below and just above each threshold and both ends, as float32, and some in between."""
    edges = np.array([0, *STEPS, 1, 1.5], np.float64) * limit
    edges = np.concatenate([-edges, edges]).astype(np.float32)
    near = [np.nextafter(edges, np.float32(end)) for end in (-np.inf, np.inf)]
    spread = np.linspace(-1.2 * limit, 1.2 * limit, 501, dtype=np.float32)
    return np.concatenate([edges, *near, spread]).astype(np.float32)


@pytest.mark.parametrize(
    ("method", "target", "signed"),
    [("lrp", Target(1), True), ("contrastive_lrp", Target(1, 0), True), ("grad_cam", Target(0), False)],
)
@pytest.mark.parametrize("limit", [1.0, 0.00731, 41.5, 0.0])
def test_the_script_says_what_python_says_of_every_value(ask, method, target, signed, limit):
    words = evidence.wording(Attribution(np.zeros((2, 2), np.float32), method, target, {}, 0.1, signed=signed), TITLES)
    values = values_around(limit or 1.0).astype(np.float64).tolist()
    said = ask(
        ["words.js"],
        "given.values.map((value) => m.describeValue(value, given.limit, given.words, given.steps))"
        ".concat(m.describeValue(NaN, given.limit, given.words, given.steps))",
        {
            "values": values,
            "limit": limit,
            "steps": STEPS,
            "words": {
                name: getattr(words, name)
                for name in ("nothing", "little", "speaks_for", "against", "unshown", "outside")
            },
        },
    )
    assert said == [evidence.describe(value, limit, words) for value in [*values, float("nan")]]
    assert len(set(said)) >= (3 if limit == 0 else 5) - (limit == 0)


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("positive_only", [True, False])
def test_the_script_draws_the_colours_of_an_overlay(ask, signed, positive_only):
    scale = Scale(0.25, signed=signed)
    values = np.random.default_rng(0).normal(scale=0.15, size=(40, 40)).astype(np.float32)
    given = {
        "values": values.ravel().astype(np.float64).tolist(),
        "map": {"signed": signed, "limit": scale.limit},
        "tables": tables(),
        "positiveOnly": positive_only,
    }
    drawn = ask(
        ["message.js", "colours.js"],
        "[false, true].map((alone) => [...m.colourMap(Float32Array.from(given.values), given.map, Object.fromEntries("
        "Object.entries(given.tables).map(([name, text]) => [name, m.fromBase64(text)])),"
        " {positiveOnly: given.positiveOnly, alone})])",
        given,
    )
    over, alone = (np.array(bytes_, np.int16).reshape(40, 40, 4) for bytes_ in drawn)
    expected = colour_layer(values, scale, opacity=1.0, positive_only=positive_only)
    np.testing.assert_array_equal(over[..., :3], expected[..., :3])
    # Python's opacity goes by the value, the table's by the nearest of 257 of them: half a step is 1.6 %.
    np.testing.assert_allclose(over[..., 3], expected[..., 3], atol=4)
    np.testing.assert_array_equal(alone[..., :3], colour(np.maximum(values, 0) if positive_only else values, scale))
    assert alone[..., 3].min() == 255


def cell_by_cell(rows, columns, size_hw, box):
    """For each pixel, the cell whose rectangle holds its middle; -1 where none does. Tried out, cell by cell."""
    top, left, height, width = box
    found = np.full(size_hw, -1)
    middle_y, middle_x = np.arange(size_hw[0]) + 0.5, np.arange(size_hw[1]) + 0.5
    for row in range(rows):
        for column in range(columns):
            in_y = (middle_y >= top + height * row / rows) & (middle_y < top + height * (row + 1) / rows)
            in_x = (middle_x >= left + width * column / columns) & (middle_x < left + width * (column + 1) / columns)
            found[np.ix_(in_y, in_x)] = row * columns + column
    return found


@pytest.mark.parametrize("box", [(0, 0, 23, 17), (3, 2, 15, 11), (5, 4, 4, 6)])
def test_a_pixel_has_the_value_of_the_cell_that_it_lies_in(ask, box):
    given = {"box": box, "rows": 7, "columns": 5}
    found = ask(
        ["geometry.js"],
        "[...Array(23).keys()].map((row) => [...Array(17).keys()].map((column) => m.cellAt(row, column, given)))",
        given,
    )
    np.testing.assert_array_equal(found, cell_by_cell(7, 5, (23, 17), box))


def test_the_strongest_cells_pixel_lies_in_that_cell(ask):
    scan, one = {"rows": 230, "columns": 170}, {"box": (30, 20, 150, 110), "rows": 7, "columns": 5}
    found = ask(
        ["geometry.js"],
        "[...Array(35).keys()].map((cell) => m.pixelOfCell(cell, given.map, given.scan))"
        ".map(({row, column}) => m.cellAt(row, column, given.map))",
        {"scan": scan, "map": one},
    )
    assert found == list(range(35))


def test_of_equally_strong_cells_the_one_in_their_middle_is_the_strongest(ask):
    cells = [row * 9 + column for row in (2, 3, 4) for column in (5, 6, 7)]
    assert ask(["geometry.js"], "m.midmostOf(given, 9)", cells) == 3 * 9 + 6
    assert ask(["geometry.js"], "m.midmostOf(given, 9)", [17]) == 17


def test_zooming_keeps_the_place_under_the_finger_and_the_picture_in_the_pane(ask):
    scan, pane = {"rows": 300, "columns": 200}, {"width": 400, "height": 500}
    given = {"scan": scan, "pane": pane, "point": {"x": 250, "y": 200}, "to": {"x": 240, "y": 215}}
    before, after, whole = ask(
        ["geometry.js"],
        "(() => { const {scan, pane, point, to} = given;"
        "const view = m.keepWithin({x: 100, y: 150, zoom: 4}, scan, pane);"
        "const near = m.hold(view, 1.5, point, to, scan, pane);"
        "return [m.positionAt(point, view, scan, pane), m.positionAt(to, near, scan, pane),"
        " m.hold(near, 0.01, point, point, scan, pane)]; })()",
        given,
    )
    assert after == pytest.approx(before)
    assert whole == {"x": 100, "y": 150, "zoom": 1}


def test_left_and_right_are_the_patients_only_where_the_file_says_so(ask):
    places = [(0, 0), (150, 100), (299, 199)]

    def said(sides):
        given = {"scan": {"rows": 300, "columns": 200, "sides": sides}, "labels": labels(), "places": places}
        expression = "given.places.map(([row, column]) => m.placeInWords(row, column, given.scan, given.labels))"
        return ask(["words.js"], expression, given)

    assert said(None) == ["upper left of the picture", "centre of the picture", "lower right of the picture"]
    assert said(["R", "L", "A", "P"]) == [
        "upper left of the picture, the patient's right",
        "centre of the picture",
        "lower right of the picture, the patient's left",
    ]
    assert said(["A", "P", "H", "F"]) == said(None)


@pytest.mark.parametrize("level", [0.4, -0.7, 1.9])
def test_contours_run_where_another_program_finds_them(ask, level):
    """scikit-image finds the same lines: the same crossings of the edges between cells, joined in as many pieces."""
    values = np.random.default_rng(3).normal(size=(14, 11)).astype(np.float32)
    top, left, height, width = 30, 20, 140, 77
    given = {
        "values": values.ravel().astype(float).tolist(),
        "map": {"box": [top, left, height, width], "rows": 14, "columns": 11},
        "level": level,
    }
    found = ask(["contours.js"], "m.contourOf(Float32Array.from(given.values), given.map, given.level)", given)
    pieces = np.array(found).reshape(-1, 2, 2)
    lines = find_contours(values.astype(np.float64), level)
    scale, corner = np.array([width / 11, height / 14]), np.array([left, top])
    expected = [corner + (line[:, ::-1] + 0.5) * scale for line in lines]
    assert len(pieces) == sum(len(line) - 1 for line in lines)
    ours = {tuple(point) for point in pieces.reshape(-1, 2).round(3).tolist()}
    assert ours == {tuple(point) for line in expected for point in line.round(3).tolist()}
    assert len(ours) > 4
    length = sum(np.linalg.norm(np.diff(line, axis=0), axis=1).sum() for line in expected)
    assert np.linalg.norm(pieces[:, 0] - pieces[:, 1], axis=1).sum() == pytest.approx(length, rel=1e-5)


@pytest.mark.parametrize(("kind", "brightest"), [("Uint8Array", 255), ("Uint16Array", 65535)])
def test_level_and_window_map_their_range_to_black_and_white(ask, kind, brightest):
    samples = np.linspace(0, brightest, 101).round().astype(int)
    given = {"samples": samples.tolist(), "level": 0.4, "width": 0.5}
    drawn = ask(["colours.js"], f"[...m.windowScan({kind}.from(given.samples), given.level, given.width)]", given)
    rgba = np.array(drawn).reshape(-1, 4)
    expected = np.clip((samples / brightest - 0.15) / 0.5, 0, 1) * 255
    np.testing.assert_allclose(rgba[:, 0], expected, atol=0.51)
    assert (rgba[:, :3] == rgba[:, :1]).all()
    assert rgba[:, 3].min() == 255
