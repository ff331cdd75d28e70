"""The combined picture shows what was computed, where it belongs, and says where there is nothing to show."""

import dataclasses
import datetime as dt
import io
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from lightbox.comparison.drawing import Drawing, find_scales
from lightbox.comparison.part import Part
from lightbox.comparison.picture import NOT_COUNTED, draw_picture
from lightbox.comparison.truth import Truth
from lightbox.core import notice
from lightbox.core.program_version import version_text
from lightbox.explainers import METHODS, Check, Target
from lightbox.explainers.badges import badge_of
from lightbox.imaging.colour import Scale, colour
from lightbox.imaging.overlay import GREEN, grey_bytes, render
from lightbox.imaging.preprocess import Box
from lightbox.imaging.scan import Provenance, Scan
from lightbox.scan_check.concern import Concern
from lightbox.scan_check.verdicts import Answer
from tests.unit.comparison.conftest import attribution

DAY = dt.date(2026, 11, 29)
FACTOR = 5  # the scan of the fixture is 64 pixels wide, and enlarged to at least 320


def enlarged(picture):
    return picture.repeat(FACTOR, axis=0).repeat(FACTOR, axis=1)


def sheet_of(comparison, drawing=None, truth=None):
    return draw_picture(comparison, drawing or Drawing(), truth, day=DAY)


def words_of(sheet):
    return " ".join(line.text for line in sheet.words)


def maps_of(sheet):
    """All pictures of the grid, without the colour bars."""
    return [picture for picture in sheet.pictures if picture.alt]


def one(comparison, **changes):
    """The first network alone, with one map that is changed."""
    panel = comparison.panels[0]
    changed = {"lrp": dataclasses.replace(panel.attributions["lrp"], **changes)}
    return dataclasses.replace(comparison, panels=(dataclasses.replace(panel, attributions=changed),))


def test_every_map_is_drawn_as_the_page_draws_it(comparison):
    for drawing in (
        Drawing(),
        Drawing("map", 0.3),
        Drawing("contours"),
        Drawing(positive_only=True, shared_scale=True),
    ):
        sheet = sheet_of(comparison, drawing)
        (scales,) = find_scales([Part("", "", comparison)], shared=drawing.shared_scale)
        for panel in comparison.panels:
            values = panel.attributions["lrp"].values
            expected = render(comparison.scan.pixels, values, panel.box, scales[panel.network, "lrp"],
                              view=drawing.view, opacity=drawing.opacity,
                              positive_only=drawing.positive_only)  # fmt: skip
            assert any(np.array_equal(each.pixels, enlarged(expected)) for each in maps_of(sheet))


def test_networks_stand_below_each_other_and_methods_beside_each_other_the_scan_first(comparison):
    pictures = maps_of(sheet_of(comparison))
    scans = [each for each in pictures if each.alt == "The scan."]
    grey = enlarged(np.dstack([grey_bytes(comparison.scan.pixels)] * 3))
    assert all(np.array_equal(each.pixels, grey) for each in scans)
    assert len(scans) == 2
    assert len({each.x for each in scans}) == 1
    assert scans[0].y < scans[1].y
    assert all(each.x > scans[0].x for each in pictures if each.alt != "The scan.")
    lrp = [each for each in pictures if each.alt.startswith("LRP")]
    assert [each.y for each in lrp] == [each.y for each in scans]
    assert len({each.x for each in lrp}) == 1


def with_rows_below(comparison):
    wide = Scan(np.full((64, 90), 0.5, np.float32), comparison.task, comparison.scan.provenance)
    other = dataclasses.replace(comparison, scan=wide)
    for_each = [Part(f"every-class/{key}", key, one(comparison), row="LRP for every class") for key in "abcd"]
    return draw_picture(comparison, Drawing(), below=[*for_each, Part("pinned-1", "Pinned", other)], day=DAY)


def test_what_stands_below_is_in_the_picture_under_its_title(comparison):
    sheet = with_rows_below(comparison)
    row, pinned = line_with(sheet, "LRP for every class"), line_with(sheet, "Pinned")
    abreast = [each for each in maps_of(sheet) if row.y < each.y < pinned.y]
    assert [each.alt.partition(":")[0] for each in abreast] == ["a", "b", "c", "d"]
    assert len({each.y for each in abreast}) == 1
    assert len([each for each in maps_of(sheet) if each.alt == "The scan." and each.y > pinned.y]) == 2
    assert NOT_COUNTED in words_of(sheet)
    assert NOT_COUNTED not in words_of(sheet_of(comparison))


@pytest.mark.parametrize("draw", [sheet_of, with_rows_below])
def test_nothing_overlaps_and_nothing_is_cut_off(comparison, draw):
    sheet = draw(comparison)
    for each in sheet.pictures:
        height, width = each.pixels.shape[:2]
        assert 0 <= each.x <= each.x + width <= sheet.width
        assert 0 <= each.y <= each.y + height <= sheet.height
    fields = [(each.x, each.y, *each.pixels.shape[:2]) for each in sheet.pictures]
    for number, (x, y, height, width) in enumerate(fields):
        for x2, y2, height2, width2 in fields[number + 1 :]:
            assert x + width <= x2 or x2 + width2 <= x or y + height <= y2 or y2 + height2 <= y
    assert all(0 < line.y < sheet.height for line in sheet.words)


def line_with(sheet, text):
    (line,) = [each for each in sheet.words if text in each.text]
    return line


def test_a_withheld_and_a_failed_map_say_so_in_their_places(comparison):
    sheet = sheet_of(comparison)
    second_row = max(each.y for each in maps_of(sheet))
    places = {each.alt: each for each in maps_of(sheet) if each.y == second_row}
    for alt, sentence in (("Integrated Gradients: withheld.", "It overflowed."), ("LIME: no map.", "It failed.")):
        place, line = places[alt], line_with(sheet, sentence)
        assert place.x < line.x < place.x + place.pixels.shape[1]
        assert place.y < line.y < place.y + place.pixels.shape[0]
        assert len(np.unique(place.pixels)) == 2, "a field with an edge, nothing that looks like a map"
    assert METHODS["lime"].title in words_of(sheet)


def test_a_method_that_a_network_was_not_asked_for_leaves_its_place_empty(comparison):
    sheet = sheet_of(comparison)
    first_row = min(each.y for each in maps_of(sheet))
    assert [each.alt.partition(":")[0] for each in maps_of(sheet) if each.y == first_row] == ["The scan.", "LRP"]


def test_under_a_map_stand_method_class_checks_and_what_colours_mean(comparison):
    failed = Check("completeness_gap", 0.3, False, "It has a gap.")
    changed = one(comparison, checks=(Check("conservation", 1, True, "It sums."), failed))
    words = words_of(sheet_of(changed))
    for expected in (
        "LRP",
        "Bacterial pneumonia",
        "Adds up",
        f"FAILED: {badge_of(failed).words}.",
        badge_of(failed).remedy,
        "against ≤ −2",
        "for ≥ 2",
    ):
        assert expected in words
    assert words.count("FAILED") == 1


def test_a_contrastive_map_says_both_classes(comparison):
    panel = comparison.panels[0]
    contrastive = {"contrastive_lrp": dataclasses.replace(attribution("contrastive_lrp"), target=Target(1, 2))}
    changed = dataclasses.replace(comparison, panels=(dataclasses.replace(panel, attributions=contrastive),))
    assert "Bacterial pneumonia rather than Viral pneumonia" in words_of(sheet_of(changed))


def legend_of(sheet):
    return [line.text for line in sheet.words if line.text == "0" or line.text.startswith(("against ", "for "))]


def test_the_legend_names_only_the_colours_that_are_drawn(comparison):
    assert legend_of(sheet_of(one(comparison))) == ["for ≥ 2", "against ≤ −2", "0"]
    assert legend_of(sheet_of(one(comparison), Drawing(positive_only=True))) == ["for ≥ 2", "0"]
    assert legend_of(sheet_of(one(comparison, signed=False))) == ["for ≥ 2", "0"]


def test_the_legends_colours_run_from_zero_where_only_evidence_for_the_class_is_drawn(comparison):
    drawing = Drawing(positive_only=True)
    (bar,) = [each for each in sheet_of(one(comparison), drawing).pictures if not each.alt]
    (whole,) = [each for each in sheet_of(one(comparison)).pictures if not each.alt]
    neutral, red = colour(np.array([[0.0, 1.0]]), Scale(1.0, signed=True))[0]
    assert np.abs(bar.pixels[0, 0].astype(int) - neutral).max() <= 2
    np.testing.assert_array_equal(bar.pixels[0, -1], red)
    np.testing.assert_array_equal(whole.pixels[0, -1], red)
    assert bar.pixels.shape == whole.pixels.shape


def test_a_map_of_nothing_has_no_legend_but_a_sentence(comparison):
    words = words_of(sheet_of(one(comparison, values=np.zeros((32, 32), np.float32))))
    assert "The map is zero everywhere." in words
    assert "for 0" not in words


def test_answer_notice_version_day_and_the_scans_hash_are_on_it(comparison):
    words = words_of(sheet_of(comparison))
    for expected in (
        "Bacterial pneumonia 65.0%",
        "Normal 10.0%",
        version_text(),
        "2026-11-29",
        comparison.scan.sha256[:12],
        comparison.panels[0].weights_sha256[:12],
        "Chest X-ray",
        "each map on a colour scale of its own",
    ):
        assert expected in words, expected
    assert notice.TEXT in words


def test_whose_left_and_right_it_is_is_said(comparison):
    assert "left and right are the picture's" in words_of(sheet_of(comparison))
    origin = dataclasses.replace(comparison.scan.provenance, sides=("R", "L", "H", ""))
    known = dataclasses.replace(comparison.scan, provenance=origin)
    words = words_of(sheet_of(dataclasses.replace(comparison, scan=known)))
    assert "the patient's sides: left R, right L, top H." in words


def test_a_concern_about_the_scan_is_said_and_that_a_person_overruled_it(comparison):
    concern = Concern("This looks like a hand.", "It means nothing.", "", Answer("other", "upright", inverted=False))
    doubted = dataclasses.replace(comparison, concern=concern)
    assert "CONCERN: This looks like a hand." in words_of(sheet_of(doubted))
    assert "A person said" not in words_of(sheet_of(doubted))
    assert "A person said" in words_of(sheet_of(dataclasses.replace(doubted, confirmed=True)))


def test_the_outline_of_the_truth_is_on_every_map_and_not_on_the_scan(comparison):
    mask = np.zeros(comparison.scan.size_hw, dtype=bool)
    mask[10:30, 12:40] = True
    sheet = sheet_of(comparison, truth=Truth.place("viral", "Viral pneumonia", mask))
    for each in maps_of(sheet):
        green = (each.pixels == GREEN).all(axis=-1)
        if each.alt.startswith("LRP"):
            rows, columns = np.nonzero(green)
            # Mask edges lie between pixels 9 and 10, 29 and 30, 11 and 12, 39 and 40.
            for found, edge in ((rows, 10), (rows, 30), (columns, 12), (columns, 40)):
                assert np.abs(found - FACTOR * edge).min() <= 2
            assert rows.min() > FACTOR * 10 - 8
            assert columns.max() < FACTOR * 40 + 8
        else:
            assert not green.any()
    words = words_of(sheet)
    assert "Synthetic scan; outlined: Viral pneumonia." in words
    assert words.count("of the evidence for the class lies") == 2


def test_both_files_say_the_same_words(comparison):
    sheet = sheet_of(comparison)
    root = ET.fromstring(sheet.to_svg())  # noqa: S314  (our own)
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts == [line.text for line in sheet.words]
    picture = Image.open(io.BytesIO(sheet.to_png()))
    assert picture.size == (sheet.width, sheet.height)
    assert notice.TEXT in picture.text["Comment"]


@pytest.mark.parametrize("size_hw", [(1500, 1000), (900, 2100), (100, 700)])
def test_a_large_scan_is_reduced_and_its_maps_stay_where_they_belong(comparison, size_hw):
    """One hot cell of the network's grid is found again at its place on the scan, as a share of it."""
    height, width = size_hw
    box = Box(height // 10, width // 5, height // 2, 3 * width // 5)
    values = np.zeros((32, 32), np.float32)
    values[8, 20] = 1
    panel = dataclasses.replace(comparison.panels[0], box=box, attributions={"lrp": attribution(values=values)})
    scan = Scan(np.full(size_hw, 0.5, np.float32), "chest_xray", Provenance("PNG", "grey", 8, size_hw))
    sheet = sheet_of(dataclasses.replace(comparison, scan=scan, panels=(panel,)))
    (drawn,) = [each.pixels for each in maps_of(sheet) if each.alt.startswith("LRP")]
    assert max(drawn.shape[0], drawn.shape[1]) <= 1280
    assert drawn.shape[0] / drawn.shape[1] == pytest.approx(height / width, rel=0.02)
    redness = drawn[..., 0].astype(float) - drawn[..., 2]
    rows, columns = np.nonzero(redness > 0.5 * redness.max())
    down, across = (rows.mean() + 0.5) / drawn.shape[0], (columns.mean() + 0.5) / drawn.shape[1]
    assert down == pytest.approx((box.top + 8.5 / 32 * box.height) / height, abs=0.008)
    assert across == pytest.approx((box.left + 20.5 / 32 * box.width) / width, abs=0.008)


def test_a_narrow_scan_still_has_room_for_its_words(comparison):
    scan = Scan(np.full((300, 20), 0.5, np.float32), "chest_xray", Provenance("PNG", "grey", 8, (300, 20)))
    panels = tuple(dataclasses.replace(panel, box=Box(0, 0, 300, 20)) for panel in comparison.panels)
    sheet = sheet_of(dataclasses.replace(comparison, scan=scan, panels=panels))
    assert all(each.pixels.shape[1] >= 320 for each in sheet.pictures)
