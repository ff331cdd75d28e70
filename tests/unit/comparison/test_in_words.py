"""The sentence about the maps is right about maps that were made by hand, one law for each way that it can go."""

import dataclasses
import itertools

import numpy as np
import pytest

from lightbox.comparison.agreement import find_groups
from lightbox.comparison.in_words import summarise
from lightbox.explainers import Check, Target
from lightbox.imaging.preprocess import Box
from lightbox.imaging.scan import Provenance, Scan
from lightbox.scan_check.concern import Concern
from lightbox.scan_check.verdicts import Answer
from tests.unit.comparison.conftest import attribution

SIZE = 64
SIDE = (np.arange(SIZE) + 0.5) / SIZE
WHOLE = Box(0, 0, 160, 160)
FAILED = (Check("completeness_gap", 0.3, False, "It has a gap."),)


def blob(row, column, width=0.05):
    return np.exp(-((SIDE[:, None] - row) ** 2 + (SIDE[None] - column) ** 2) / (2 * width**2)).astype(np.float32)


UPPER_RIGHT, CENTRE, LEFT_BORDER = blob(0.2, 0.8), blob(0.5, 0.5), blob(0.5, 0.04, 0.02)
SPREAD = np.ones((SIZE, SIZE), np.float32)


def noise(seed):
    return np.random.default_rng(seed).normal(size=(SIZE, SIZE)).astype(np.float32)


@pytest.fixture
def compared(comparison):
    """Makes a comparison of maps: by network, then by method, each an array or a whole attribution."""

    def make(*networks, boxes=None, errors=(), **changes):
        size_hw = (160, 160)
        scan = Scan(np.full(size_hw, 0.5, np.float32), "chest_xray", Provenance("PNG", "grey", 8, size_hw))
        panels = []
        for panel, maps, box in zip(comparison.panels, networks, boxes or [WHOLE] * 2, strict=False):
            made = {
                method: attribution(method, one, checks=()) if isinstance(one, np.ndarray) else one
                for method, one in maps.items()
            }
            panels.append(dataclasses.replace(panel, attributions=made, box=box, errors=dict(errors)))
        return dataclasses.replace(comparison, scan=scan, panels=tuple(panels), **changes)

    return make


def test_four_of_five_in_one_place_and_who_points_elsewhere(compared):
    maps = {"lrp": UPPER_RIGHT, "contrastive_lrp": UPPER_RIGHT * 7, "lime": LEFT_BORDER,
            "grad_cam": UPPER_RIGHT**0.5, "integrated_gradients": UPPER_RIGHT}  # fmt: skip
    assert summarise(compared(maps)) == (
        "Four of five maps have their strongest evidence for Bacterial pneumonia in the picture's upper right third "
        "and overlap there; LIME points to the picture's left border."
    )


def test_all_in_one_place(compared):
    two, three = {"lrp": CENTRE, "lime": CENTRE}, {"lrp": CENTRE, "lime": CENTRE, "grad_cam": CENTRE}
    said = "maps have their strongest evidence for Bacterial pneumonia in the picture's central third and overlap"
    assert summarise(compared(two)).startswith(f"Both {said}")
    assert summarise(compared(three)).startswith(f"All three {said}")


def test_the_same_place_without_a_point_in_common_is_no_agreement(compared):
    """Both lie in the central third; one in its upper left, the other in its lower right."""
    maps = {"lrp": blob(0.4, 0.4, 0.02), "lime": blob(0.6, 0.6, 0.02)}
    assert summarise(compared(maps)) == (
        "Both maps have their strongest evidence for Bacterial pneumonia in the picture's central third, but hardly "
        "overlap."
    )


def test_something_between_is_left_unsaid(compared):
    maps = {"lrp": blob(0.5, 0.42), "lime": blob(0.5, 0.585)}
    (pair,) = find_groups(compared(maps))[0].pairs
    assert 0.1 < pair.overlap < 0.3, "what this law is about"
    assert summarise(compared(maps)) == (
        "Both maps have their strongest evidence for Bacterial pneumonia in the picture's central third."
    )


def test_no_two_in_one_place(compared):
    maps = {"lrp": UPPER_RIGHT, "lime": blob(0.8, 0.2), "grad_cam": CENTRE}
    assert summarise(compared(maps)) == (
        "The three maps for Bacterial pneumonia differ: LRP points to the picture's upper right third, LIME points to "
        "the picture's lower left third, Grad-CAM points to the picture's central third."
    )


def test_a_random_map_and_a_centred_one_are_not_called_agreeing(compared):
    for seed in range(20):
        words = summarise(compared({"lrp": noise(seed), "grad_cam": CENTRE}))
        assert words == (
            "The two maps for Bacterial pneumonia differ: LRP is spread over the whole picture, Grad-CAM points to the "
            "picture's central third."
        )


def test_two_random_maps_are_not_called_agreeing(compared):
    for seed in range(20):
        words = summarise(compared({"lrp": noise(seed), "lime": noise(100 + seed)}))
        assert words == (
            "Both maps spread their evidence for Bacterial pneumonia over the whole picture, each in its own pattern."
        )


def test_random_maps_within_one_outline_are_not_called_agreeing(compared):
    """Zero outside a head gives every two maps a rank correlation; that alone is no agreement."""
    head = (SIDE[:, None] - 0.5) ** 2 + (SIDE[None] - 0.5) ** 2 < 0.35**2
    for seed in range(20):
        maps = {"lrp": np.abs(noise(seed)) * head, "lime": np.abs(noise(50 + seed)) * head}
        (pair,) = find_groups(compared(maps))[0].pairs
        assert pair.rank_correlation > 0.4
        assert "and overlap" not in summarise(compared(maps))


def test_a_map_points_where_its_strongest_evidence_is_though_faint_values_elsewhere_sum_to_more(compared):
    faint = np.full((SIZE, SIZE), 0.1, np.float32)
    assert (faint.sum() > 3 * UPPER_RIGHT.sum()).all()
    assert "LRP has its strongest evidence" in summarise(compared({"lrp": UPPER_RIGHT + faint}))
    assert "upper right third" in summarise(compared({"lrp": UPPER_RIGHT + faint}))


def test_a_map_whose_strongest_places_are_hardly_stronger_than_others_is_spread(compared):
    """The strongest 5 % hold 12 % of this map's sum, less than three times their share of the picture."""
    (group,) = find_groups(compared({"lrp": UPPER_RIGHT + np.float32(0.2)}))
    assert group.readings[0].concentration == pytest.approx(0.12, abs=0.01)
    assert "over the whole picture" in summarise(compared({"lrp": UPPER_RIGHT + np.float32(0.2)}))


def test_a_map_with_three_far_places_is_not_called_spread(compared):
    words = summarise(compared({"lrp": CENTRE, "lime": UPPER_RIGHT + CENTRE + blob(0.8, 0.2)}))
    assert "LIME points to several places" in words
    assert "spread" not in words


def test_a_band_is_named_where_more_maps_share_it_than_a_field(compared):
    maps = {"lrp": blob(0.2, 0.2), "lime": blob(0.2, 0.8), "grad_cam": blob(0.2, 0.5)}
    assert "in the picture's upper third" in summarise(compared(maps))


def test_the_middle_thirds_are_named_so_that_no_direction_is_read_into_them(compared):
    down = {"lrp": blob(0.2, 0.5), "lime": blob(0.8, 0.5), "grad_cam": blob(0.5, 0.2)}
    assert summarise(compared(down)) == (
        "Two of three maps have their strongest evidence for Bacterial pneumonia in the middle between the picture's "
        "left and right, but hardly overlap; Grad-CAM points to the picture's middle left third."
    )
    band = blob(0.5, 0.15) + blob(0.5, 0.5) + blob(0.5, 0.85)
    assert "LIME points to the picture's mid-height" in summarise(compared({"lrp": UPPER_RIGHT, "lime": band}))


def test_a_corner_and_a_border_are_named_before_the_third_that_they_lie_in(compared):
    corner, border = blob(0.05, 0.05, 0.02), LEFT_BORDER
    assert "in the picture's upper left corner" in summarise(compared({"lrp": corner, "lime": corner}))
    assert "at the picture's left border" in summarise(compared({"lrp": border, "lime": border}))


def test_one_map_alone_is_not_compared(compared):
    assert summarise(compared({"lrp": UPPER_RIGHT})) == (
        "LRP has its strongest evidence for Bacterial pneumonia in the picture's upper right third."
    )
    assert summarise(compared({"lrp": SPREAD})) == (
        "LRP spreads its evidence for Bacterial pneumonia over the whole picture."
    )


def test_left_and_right_are_the_pictures_and_mirror_with_it(compared):
    words = summarise(compared({"lrp": UPPER_RIGHT, "lime": LEFT_BORDER}))
    mirrored = summarise(compared({"lrp": UPPER_RIGHT[:, ::-1].copy(), "lime": LEFT_BORDER[:, ::-1].copy()}))
    swapped = words.replace("right", "?").replace("left", "right").replace("?", "left")
    assert mirrored == swapped
    for side in ("left", "right", "upper"):
        assert all("picture's" in part for part in words.split(f" {side}")[:-1])


def test_what_speaks_against_the_class_has_no_part_in_it(compared):
    maps = {"lrp": UPPER_RIGHT - 5 * CENTRE, "lime": UPPER_RIGHT - 3 * LEFT_BORDER}
    assert "Both maps have their strongest evidence" in summarise(compared(maps))
    assert "upper right third" in summarise(compared(maps))


def test_a_map_without_evidence_is_left_out_and_named(compared):
    maps = {"lrp": UPPER_RIGHT, "lime": UPPER_RIGHT, "grad_cam": np.zeros((SIZE, SIZE), np.float32)}
    words = summarise(compared(maps))
    assert words.startswith("Both maps")
    assert words.endswith(" Left out: Grad-CAM (no evidence for the class).")


def test_where_no_map_has_evidence_nothing_is_said(compared):
    assert summarise(compared({"lrp": -CENTRE, "grad_cam": np.zeros((SIZE, SIZE), np.float32)})) == ""
    assert summarise(compared({})) == ""
    assert summarise(compared({}, errors={"lrp": "No memory."})) == ""


def test_withheld_failed_and_missing_maps_are_left_out_and_named(compared):
    broken = np.full((SIZE, SIZE), np.nan, np.float32)
    maps = {
        "lrp": UPPER_RIGHT,
        "contrastive_lrp": attribution("contrastive_lrp", broken, withheld="It overflowed."),
        "lime": attribution("lime", CENTRE, checks=FAILED),
        "grad_cam": UPPER_RIGHT,
    }
    assert summarise(compared(maps, errors={"integrated_gradients": "No memory."})) == (
        "Both maps have their strongest evidence for Bacterial pneumonia in the picture's upper right third and "
        "overlap there. Left out: Contrastive LRP (withheld); LIME (check failed); Integrated Gradients "
        "(no map)."
    )


def test_what_is_left_out_of_every_network_is_said_once(compared):
    failed = {method: attribution(method, CENTRE, checks=FAILED) for method in ("lime", "grad_cam")}
    words = summarise(compared({"lrp": CENTRE, **failed}, {"lrp": CENTRE, "lime": failed["lime"]}))
    assert words.endswith(" Left out: LIME of all networks, convnet's Grad-CAM (check failed).")


def test_maps_of_different_classes_are_not_compared(compared):
    viral = dataclasses.replace(attribution("lrp", UPPER_RIGHT, checks=()), target=Target(2))
    other = dataclasses.replace(attribution("lime", UPPER_RIGHT, checks=()), target=Target(2))
    words = summarise(compared({"lrp": UPPER_RIGHT, "lime": CENTRE}, {"lrp": viral, "lime": other}))
    assert words == (
        "The two maps for Bacterial pneumonia differ: convnet's LRP points to the picture's upper right third, "
        "convnet's LIME points to the picture's central third. Both maps have their strongest evidence for Viral "
        "pneumonia in the picture's upper right third and overlap there. Maps that explain different "
        "classes are not compared."
    )
    for group in find_groups(compared({"lrp": UPPER_RIGHT}, {"lrp": viral})):
        assert group.pairs == ()


def test_the_order_of_a_networks_own_classes_does_not_matter(compared):
    """The same class under another number is the same class."""
    made = compared(
        {"lrp": CENTRE}, {"lrp": dataclasses.replace(attribution("lrp", CENTRE, checks=()), target=Target(0))}
    )
    second = dataclasses.replace(
        made.panels[1],
        classes=("bacterial", "normal", "viral"),
        class_titles=("Bacterial pneumonia", "Normal", "Viral pneumonia"),
    )
    words = summarise(dataclasses.replace(made, panels=(made.panels[0], second)))
    assert words.startswith("Both maps have their strongest evidence for Bacterial pneumonia")


def seen_by(box, row, column, width=8.0):
    """A blob at a native place, on the grid of a network that sees a box of the scan."""
    rows, columns = box.top + SIDE * box.height, box.left + SIDE * box.width
    return np.exp(-((rows[:, None] - row) ** 2 + (columns[None] - column) ** 2) / (2 * width**2)).astype(np.float32)


def test_maps_on_different_boxes_meet_where_they_lie_on_the_scan(compared):
    """Two networks see different parts of the scan; the same native place is one place, and the same cell is not."""
    boxes = [WHOLE, Box(0, 80, 80, 80)]
    same = compared({"lrp": seen_by(boxes[0], 40, 120)}, {"lrp": seen_by(boxes[1], 40, 120)}, boxes=boxes)
    words = (
        "Both maps have their strongest evidence for Bacterial pneumonia in the picture's upper right third and overlap"
    )
    assert summarise(same).startswith(words)
    (pair,) = find_groups(same)[0].pairs
    assert pair.rank_correlation > 0.95
    cells = compared({"lrp": CENTRE}, {"lrp": CENTRE}, boxes=boxes)
    assert summarise(cells) == (
        "The two maps for Bacterial pneumonia differ: convnet's LRP points to the picture's central third, resnet50's "
        "LRP points to the picture's upper right third."
    )


def test_a_map_is_blind_outside_its_box_and_that_is_not_held_against_it(compared):
    """Alike where both see: the first has more outside what the second sees, which no figure counts."""
    boxes = [WHOLE, Box(0, 80, 80, 80)]
    first = seen_by(boxes[0], 40, 120) + seen_by(boxes[0], 140, 20)
    (pair,) = find_groups(compared({"lrp": first}, {"lrp": seen_by(boxes[1], 40, 120)}, boxes=boxes))[0].pairs
    assert pair.overlap > 0.9


def test_a_doubted_scan_has_no_sentence_until_a_person_confirms_it(compared):
    concern = Concern("It is a hand.", "It means nothing.", "", Answer("other"))
    maps = {"lrp": CENTRE, "lime": CENTRE}
    assert summarise(compared(maps, concern=concern)) == ""
    assert summarise(compared(maps, concern=concern, confirmed=True)) == summarise(compared(maps))


def test_huge_and_tiny_values_are_read_like_others(compared):
    maps = {"lrp": UPPER_RIGHT * np.float32(1e38), "lime": UPPER_RIGHT * np.float32(1e-35)}
    assert "and overlap there" in summarise(compared(maps))


def test_every_number_of_maps_has_a_grammatical_sentence(compared):
    keys = ("lrp", "contrastive_lrp", "lime", "grad_cam", "integrated_gradients")
    for places in itertools.product((UPPER_RIGHT, CENTRE, SPREAD), repeat=4):
        words = summarise(compared(dict(zip(keys, places, strict=False))))
        assert words.endswith(".")
        assert words[0].isupper()
        for wrong in ("One of", "  ", ",,", " ;", "None", "|", "Both of"):
            assert wrong not in words


def test_many_maps_of_one_kind_are_counted_and_not_listed(compared):
    keys = ("lrp", "contrastive_lrp", "lime", "grad_cam", "integrated_gradients")
    first = dict.fromkeys(keys, UPPER_RIGHT)
    second = dict.fromkeys(keys[:4], CENTRE)
    assert summarise(compared(first, second)).endswith(
        "; resnet50's LRP, resnet50's Contrastive LRP and 2 others point to the picture's central third."
    )
