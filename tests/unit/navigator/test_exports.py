"""What leaves the catalogue says what the page says, with its credit."""

import csv
import io
import json
from dataclasses import replace

import pytest

from lightbox.core.program_version import program_version
from lightbox.navigator import matrix, suggestion
from lightbox.navigator.credit import stars_credit
from lightbox.navigator.export import FORMATS, as_csv, as_json, as_markdown
from lightbox.navigator.library import parse, to_row
from lightbox.navigator.similar import near_duplicates, similar_to
from lightbox.navigator.table import to_csv


def test_csv_holds_every_row_and_column_and_names_the_unknown(libraries, day):
    rows = list(csv.DictReader(io.StringIO(as_csv(libraries, day))))
    assert [row["name"] for row in rows] == [library.name for library in libraries]
    assert {row["status"] for row in rows} == {"active", "dormant", "archived", "unknown"}


def test_json_keeps_lists_and_counts_and_says_null_for_the_unknown(libraries, day):
    content = json.loads(as_json(libraries, day))
    assert content["lightbox"] == program_version()
    shap = next(one for one in content["libraries"] if one["name"] == "SHAP")
    assert isinstance(shap["methods"], list)
    assert shap["stars"] == 25636
    assert next(one for one in content["libraries"] if one["name"] == "iml")["last_commit"] is None


@pytest.mark.parametrize("ending", FORMATS)
def test_stars_never_leave_without_their_credit(libraries, day, ending):
    text = FORMATS[ending][1](libraries, day)
    assert "SadSabrina/streamlit_XAI_table (MIT licence)" in text
    assert "2026-07-24" in text


def test_without_stars_there_is_no_credit(index):
    assert stars_credit([index.by_key["torchcam"]]) == ""


def test_both_sources_of_stars_are_named(index):
    zennit = index.by_key["zennit"]
    fresh = replace(zennit, stars_source="github", stars_as_of=zennit.checked)
    text = stars_credit([zennit, fresh])
    assert "SadSabrina/streamlit_XAI_table (MIT licence), 2026-07-24" in text
    assert "GitHub, 2026-11-20" in text


def test_a_bar_in_a_description_does_not_break_the_markdown_table(index, day):
    library = replace(index.by_key["zennit"], description="a | b")
    lines = as_markdown([library], day).splitlines()
    assert "a \\| b" in lines[2]
    assert lines[2].replace("\\|", "").count("|") == lines[0].count("|")


def test_a_matrix_counts_the_libraries_that_name_both(index):
    found = matrix.of_facets(index, index.libraries, "method", "framework")
    for row, column in (("LRP", "pytorch"), ("SHAP", "r-models"), ("Grad-CAM family", "keras")):
        expected = [one for one in index.libraries if row in one.methods and column in one.frameworks]
        assert list(found.cells[row, column]) == expected
        assert found.counts()[found.rows.index(row)][found.columns.index(column)] == len(expected)


def test_a_matrix_of_libraries_has_one_row_a_library_and_only_columns_in_use(index):
    some = index.libraries[:10]
    found = matrix.of_libraries(index, some, "data")
    assert found.row_titles == tuple(library.name for library in some)
    assert all(any(line[position] for line in found.counts()) for position in range(len(found.columns)))


def test_likeness_prefers_the_rare_method(index):
    names = [one.library.name for one in similar_to(index.by_key["contrastive-lrp"], index.libraries)]
    assert "TorchLRP" in names
    assert "Contrastive-LRP" not in names
    assert "shapiq" in [one.library.name for one in similar_to(index.by_key["fasttreeshap"], index.libraries)]


def test_whoever_is_similar_shares_a_method(index):
    for library in index.libraries:
        for one in similar_to(library, index.libraries):
            assert one.shared_methods
            assert 0 < one.likeness <= 1


@pytest.mark.parametrize(
    ("cells", "name", "column"),
    [
        ({"name": "Captom"}, "Captum", "name"),
        ({"name": "torch cam"}, "TorchCAM", "name"),
        ({"repository": "someone/shap"}, "SHAP", "repository"),
        ({"repository": "CHR5TPHR/Zennit"}, "Zennit", "repository"),
        ({"package": "grad_cam", "registry": "pypi"}, "pytorch-grad-cam", "package"),
        ({"docs_url": "http://www.captum.ai"}, "Captum", "docs_url"),
    ],
)
def test_a_near_duplicate_is_found(libraries, rows, cells, name, column):
    empty = dict.fromkeys(rows[0], "") | {"name": "Quite new", "repository": "new/quite-new"}
    found = near_duplicates(empty | cells, libraries)
    assert (name, column) in [(one.library.name, one.column) for one in found]


def test_a_new_library_is_no_duplicate(libraries, rows):
    empty = dict.fromkeys(rows[0], "") | {"name": "Quite new", "repository": "new/quite-new"}
    assert near_duplicates(empty, libraries) == []


CELLS = {
    "name": "Quite  new ",
    "repository": "https://github.com/new/quite-new/tree/main",
    "package": "quite-new",
    "registry": "pypi",
    "license": "MIT",
    "description": "Draws maps, and says why.",
    "evidence": "README.md",
    "language": ["Python"],
    "frameworks": ["pytorch", "keras"],
    "data_types": ["image"],
    "tasks": ["classification"],
    "methods": ["LRP"],
    "interface": ["python api"],
    "paradigm": "classic",
    "scope": "local",
    "model_agnostic": "no",
}


def test_a_filled_in_form_becomes_a_line_of_the_table(libraries, day):
    found = suggestion.suggested(CELLS, libraries, day)
    assert (found.problems, found.duplicates) == ((), ())
    assert found.row["repository"] == "new/quite-new"
    line = suggestion.as_line(found.row)
    assert line.count("\n") == 1
    again = next(iter(csv.DictReader(io.StringIO(to_csv([found.row]).split("\n")[0] + "\n" + line))))
    assert to_row(parse(again)) == found.row
    assert parse(again).name == "Quite new"


def test_an_unfinished_form_says_what_is_missing(libraries, day):
    found = suggestion.suggested(CELLS | {"methods": [], "license": "MIT License"}, libraries, day)
    assert {problem.column for problem in found.problems} == {"methods", "license"}


def test_the_issue_link_carries_the_line_and_needs_an_issue_page(libraries, day):
    found = suggestion.suggested(CELLS, libraries, day)
    link = suggestion.issue_link(found, "https://example.org/project/issues/new")
    assert link.startswith("https://example.org/project/issues/new?title=Catalogue%3A%20add%20Quite%20new&body=")
    assert "%0A" in link
    assert " " not in link
    assert suggestion.issue_link(found, "") == ""
    assert suggestion.issue_link(found, "javascript:alert(1)") == ""


def test_a_line_too_long_for_a_link_goes_as_a_file(libraries, day):
    found = suggestion.suggested(CELLS | {"evidence": "é" * 900 + " " + "ü" * 90}, libraries, day)
    assert suggestion.issue_link(found, "https://example.org/new") == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("github.com/a/b", "a/b"),
        ("https://www.github.com/a/b.git", "a/b"),
        ("a/b", "a/b"),
        ("https://gitlab.com/a/b", "https://gitlab.com/a/b"),
        ("https://[broken", "https://[broken"),
    ],
)
def test_a_repository_may_be_pasted_as_an_address(text, expected):
    assert suggestion.repository_of(text) == expected
