"""The eight ways to lay a picture form a group, and what was done is undone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightbox.scan_check.turns import COMPOSED, INVERSE, MIRRORED, TURNS, UPRIGHT, set_upright, turn
from lightbox.scan_check.verdicts import ANSWERS, BRAIN, BRAIN_TURNS, CHEST, OTHER, Answer, after, find_answer

PICTURE = np.random.default_rng(0).random((5, 7)).astype(np.float32)


def test_the_eight_ways_give_eight_different_pictures():
    square = np.arange(16, dtype=np.float32).reshape(4, 4)
    assert len({turn(square, name).tobytes() for name in TURNS}) == len(TURNS) == 8


@pytest.mark.parametrize("name", TURNS)
def test_setting_upright_undoes_every_way(name):
    np.testing.assert_array_equal(set_upright(turn(PICTURE, name), name), PICTURE)


@given(st.sampled_from(TURNS), st.sampled_from(TURNS))
def test_two_ways_after_each_other_are_one_of_the_eight(first, second):
    np.testing.assert_array_equal(turn(turn(PICTURE, first), second), turn(PICTURE, COMPOSED[second][first]))


def test_words_mean_what_a_person_means_by_them():
    corner = np.array([[1, 0], [0, 0]], dtype=np.float32)  # bright at the upper left
    assert turn(corner, "upside_down")[1, 1] == 1
    assert turn(corner, "flipped")[1, 0] == 1
    assert turn(corner, "mirrored")[0, 1] == 1
    assert turn(corner, "turned_right")[0, 1] == 1  # clockwise
    assert turn(corner, "turned_left")[1, 0] == 1


def test_quarters_undo_each_other_and_the_rest_undo_themselves():
    assert {name: back for name, back in INVERSE.items() if back != name} == {
        "turned_left": "turned_right",
        "turned_right": "turned_left",
    }


def test_a_mirrored_brain_lies_as_one_that_is_not_and_a_mirrored_chest_does_not():
    assert find_answer(BRAIN, MIRRORED) == Answer(BRAIN)
    assert find_answer(CHEST, MIRRORED) == Answer(CHEST, MIRRORED)
    assert {find_answer(BRAIN, name).turn for name in TURNS} == set(BRAIN_TURNS)


@given(st.sampled_from(ANSWERS), st.sampled_from(TURNS), st.sampled_from(TURNS))
def test_turning_a_picture_twice_turns_its_answer_twice(answer, first, second):
    assert after(second, after(first, answer)) == after(COMPOSED[second][first], answer)


@pytest.mark.parametrize("name", TURNS)
def test_what_is_no_scan_stays_none_however_it_is_turned(name):
    assert after(name, Answer(OTHER)) == Answer(OTHER)
    assert after(UPRIGHT, Answer(CHEST, name)) == Answer(CHEST, name)
