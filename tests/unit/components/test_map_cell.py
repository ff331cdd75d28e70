from types import SimpleNamespace

import pytest

from components.maps.map_cell import describe_wait, ordinal


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1st"),
        (2, "2nd"),
        (3, "3rd"),
        (4, "4th"),
        (11, "11th"),
        (12, "12th"),
        (13, "13th"),
        (21, "21st"),
        (102, "102nd"),
        (111, "111th"),
    ],
)
def test_an_ordinal_is_the_one_that_people_say(number, words):
    assert ordinal(number) == words


@pytest.mark.parametrize(
    ("position", "seconds_left", "words"),
    [
        (1, None, "Waiting: next in the queue"),
        (3, None, "Waiting: 3rd in the queue"),
        (None, None, "Computing…"),
        (None, 4.4, "Computing… about 4 s left"),
        (None, 0.2, "Computing… about 1 s left"),
    ],
)
def test_a_cell_says_where_its_job_is(position, seconds_left, words):
    assert describe_wait(SimpleNamespace(position=position, seconds_left=seconds_left)) == words
