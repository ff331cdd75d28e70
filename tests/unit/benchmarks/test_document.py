"""Places of a document are filled in, and a place that cannot be is named."""

import pytest

from benchmarks.results.document import drifted, fill, without_places

VALUES = {"rate": lambda: "5.9", "two rows": lambda: "| a |\n| b |"}


def test_a_place_within_a_line_is_filled_in_and_the_rest_stays():
    assert fill("It is <!-- rate -->1<!-- /rate --> a second.", VALUES, "x.md") == (
        "It is <!-- rate -->5.9<!-- /rate --> a second."
    )


def test_a_table_stands_between_marks_on_lines_of_their_own():
    filled = fill("<!-- two rows -->\n<!-- /two rows -->\n", VALUES, "x.md")
    assert filled == "<!-- two rows -->\n| a |\n| b |\n<!-- /two rows -->\n"
    assert fill(filled, VALUES, "x.md") == filled


def test_a_table_within_a_line_is_refused():
    with pytest.raises(ValueError, match="'two rows' is several lines"):
        fill("It is <!-- two rows --><!-- /two rows -->.", VALUES, "x.md")


def test_an_unknown_place_is_refused_and_the_known_ones_are_named():
    with pytest.raises(ValueError, match=r"x\.md: nothing is known of 'speed'; one of rate, two rows"):
        fill("Its <!-- speed --><!-- /speed -->.", VALUES, "x.md")


@pytest.mark.parametrize("text", ["It is <!-- rate -->1.", "It is 1<!-- /rate -->.", "<!-- rate -->\n1\n<!-- /rat -->"])
def test_a_mark_without_its_partner_is_refused(text):
    with pytest.raises(ValueError, match="has no partner"):
        fill(text, VALUES, "x.md")


@pytest.mark.parametrize("start", ["", "- ", "1. ", "  "])
def test_a_place_that_begins_its_line_is_refused_because_markdown_passes_such_a_line_through(start):
    with pytest.raises(ValueError, match="begins its line"):
        fill(f"{start}<!-- rate -->1<!-- /rate --> **a second**", VALUES, "x.md")


def test_what_has_drifted_is_told_by_name_once():
    old = "At <!-- rate -->1<!-- /rate -->, again <!-- rate -->1<!-- /rate -->."
    assert drifted(old, fill(old, VALUES, "x.md")) == ["rate"]
    assert drifted(old, old) == []


def test_what_a_person_wrote_is_what_is_left_without_the_places():
    assert without_places("At <!-- rate -->1<!-- /rate --> a second.") == "At  a second."
