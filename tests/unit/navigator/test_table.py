"""The shipped table is sound, and every kind of fault would be noticed."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lightbox.core.errors import UserFacingError
from lightbox.navigator import Library, libraries_for_method, navigator_query, table, validate, vocabulary
from lightbox.navigator.facets import build_facets
from lightbox.navigator.library import parse, to_row
from lightbox.navigator.methods import GOALS, METHODS, RUN_HERE
from lightbox.navigator.terms import slug


def test_the_shipped_table_has_no_problem(rows):
    assert validate.summary(validate.table_problems(rows)) == ""


def test_no_library_was_lost(libraries):
    assert len(libraries) >= 183


def test_no_index_and_no_mirror_is_named_in_the_table_or_in_the_code():
    folder = table.TABLE_PATH.parent
    for path in (*folder.glob("*.py"), *folder.glob("*.csv"), *Path(__file__).parent.rglob("*.json")):
        text = path.read_text(encoding="utf-8").lower()
        assert not re.search(r"pypi\.(org|python)|pythonhosted|files\.python", text), path.name


def test_writing_what_was_read_changes_no_byte(rows):
    assert table.to_csv(rows) == table.TABLE_PATH.read_text(encoding="utf-8")


def test_a_library_and_its_row_say_the_same(rows):
    assert [to_row(parse(row)) for row in rows] == rows


def test_stars_always_name_their_source_and_day(libraries):
    for library in libraries:
        assert (library.stars is None) == (not library.stars_source) == (library.stars_as_of is None)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("name", "", "must not be empty"),
        ("name", " Captum", "spaces"),
        ("name", "=cmd()", "formula"),
        ("name", "…", "letter or digit"),
        ("repository", "https://github.com/a/b", "owner/name"),
        ("docs_url", "docs.example.org", "web address"),
        ("docs_url", "https://user@example.org", "web address"),
        ("docs_url", "javascript:alert(1)", "web address"),
        ("docs_url", "https://exa mple.org", "web address"),
        ("package", "two words", "package name"),
        ("registry", "", "goes together"),
        ("registry", "pip", "vocabulary"),
        ("language", "Pyton", "did you mean 'Python'"),
        ("license", "Apache 2", "SPDX"),
        ("paradigm", "classical", "did you mean 'classic'"),
        ("frameworks", "pytorch;torch", "vocabulary"),
        ("frameworks", "pytorch;pytorch", "twice"),
        ("data_types", "", "must not be empty"),
        ("methods", "Gradcam", "vocabulary"),
        ("scope", "local;global", "vocabulary"),
        ("description", "x" * 141, "at most 140"),
        ("notable_limits", "x" * 121, "at most 120"),
        ("last_commit", "2026-13-01", "not a date"),
        ("last_commit", "20260101", "not a date"),
        ("last_commit", "2026-12-01", "later than the day"),
        ("fact_dates", "licence=2026-11-29", "of the form"),
        ("fact_dates", "license=2026-11-32", "of the form"),
        ("fact_dates", "license=2026-11-29;license=2026-11-28", "twice"),
        ("not_with", "numpy-2", "contradicts"),
        ("pins", "numpy 1.26", "of the form"),
        ("pins", "numpy<2,", "of the form"),
        ("notable_limits", "pins torch < 2.1 and numpy", "names the bound of a version"),
        ("notable_limits", "captum==0.7.0 only", "names the bound of a version"),
        ("families", "forest", "vocabulary"),
        ("topics", "fair", "vocabulary"),
        ("last_commit", "1970-01-01", "too early"),
        ("last_commit_source", "unknown", "exactly where"),
        ("status", "alive", "vocabulary"),
        ("status", "dormant", "not known to be older"),
        ("checked", "", "must not be empty"),
        ("stars", "many", "not a count"),
        ("stars", "", "goes together"),
        ("stars_source", "", "goes together"),
        ("verified", "maybe", "vocabulary"),
        ("evidence", "", "must not be empty"),
    ],
)
def test_a_fault_in_a_cell_is_named_with_its_column(rows, column, value, message):
    row = next(row for row in rows if row["name"] == "Captum") | {column: value}
    found = [problem for problem in validate.row_problems(row) if message in problem.message]
    assert found, validate.summary(validate.row_problems(row))


def test_pins_belong_to_what_pip_installs(rows):
    row = next(row for row in rows if row["registry"] == "cran") | {"pins": "r>=4"}
    assert [fault.column for fault in validate.row_problems(row)] == ["pins"]


def test_an_active_project_needs_a_recent_commit(rows):
    row = next(row for row in rows if row["name"] == "Captum") | {"last_commit": "2024-01-01"}
    assert validate.row_problems(row) == []  # its release is young enough
    row |= {"release_date": "2024-02-01"}
    assert "no commit or release of the 18 months" in validate.summary(validate.row_problems(row))


@pytest.mark.parametrize("column", ["name", "repository", "package"])
def test_two_rows_cannot_be_the_same_library(rows, column):
    twin = rows[0] | {"name": "ZZZ", "repository": "zzz/zzz", "package": "zzz"} | {column: rows[0][column].upper()}
    found = [problem for problem in validate.table_problems([*rows, twin]) if "the same as" in problem.message]
    assert [problem.column for problem in found] == [column]


def test_the_same_package_name_in_two_registries_is_no_duplicate(rows):
    assert sum(row["package"] == "lime" for row in rows) == 2


def test_rows_out_of_order_are_noticed(rows):
    assert "sorted by name" in validate.summary(validate.table_problems(rows[::-1]))


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda text: text.replace("repository", "repo", 1), "columns"),
        (lambda text: text + "one,two\n", "2 cells"),
        (lambda text: text + 'x,"unclosed\n', "not a CSV table"),
        (lambda _: "", "not a CSV table"),
    ],
)
def test_a_broken_file_is_refused_with_a_hint(tmp_path, damage, message):
    path = tmp_path / "libraries.csv"
    path.write_text(damage(table.TABLE_PATH.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(UserFacingError, match=message):
        table.read_rows(path)


def test_a_cell_of_the_wrong_type_is_refused_when_loading(tmp_path, rows):
    rows[0]["stars"] = "many"
    table.write_rows(rows, tmp_path / "libraries.csv")
    with pytest.raises(UserFacingError, match=r"Row 2 of libraries\.csv"):
        table.load(tmp_path / "libraries.csv")


def test_every_word_of_a_vocabulary_has_an_address_of_its_own(libraries):
    for facet in build_facets(libraries).values():
        slugs = [slug(key) for key in facet.titles]
        assert len(set(slugs)) == len(slugs)
        assert all(facet.find(key) == key and facet.find(title) == key for key, title in facet.titles.items())


def test_every_method_answers_a_question():
    assert set(METHODS) - {method for goal in GOALS.values() for method in goal.methods} == set()
    assert {method for goal in GOALS.values() for method in goal.methods} - set(METHODS) == set()


def test_every_word_of_the_vocabularies_is_used_but_for_none(libraries):
    for column, terms in vocabulary.COLUMN_TERMS.items():
        values = (getattr(library, column) for library in libraries)
        used = {word for value in values for word in ((value,) if isinstance(value, str) else value)}
        assert used == set(terms) or (column == "not_with" and used < set(terms)), column


@pytest.mark.parametrize("key", RUN_HERE)
def test_every_method_lightbox_runs_leads_to_libraries_and_back(key, index):
    found = libraries_for_method(key)
    assert found
    assert all(isinstance(library, Library) and RUN_HERE[key] in library.methods for library in found)
    assert index.facets["method"].find(navigator_query(key)["method"]) == RUN_HERE[key]


def test_a_method_the_catalogue_does_not_know_leads_nowhere():
    assert libraries_for_method("no_such_method") == ()
    assert navigator_query("no_such_method") == {}


def test_lime_of_python_and_of_r_are_installed_differently(index):
    assert index.by_key["lime"].install_line == "pip install lime"
    assert index.by_key["lime-r"].install_line == 'install.packages("lime")'


def test_the_catalogue_loads_without_torch_streamlit_or_pandas():
    heavy = "('torch', 'streamlit', 'pandas')"
    code = f"import sys, lightbox.cli.navigator; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run(  # our own interpreter, our own line
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
