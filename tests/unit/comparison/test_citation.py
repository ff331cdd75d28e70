"""What is to be copied into a paper is what was run, and the sources are those that the methods name."""

import dataclasses
import datetime as dt
import re
from pathlib import Path

import pytest

import lightbox
from lightbox.comparison import citation
from lightbox.comparison.citation import to_bibtex, to_markdown
from lightbox.comparison.papers import escape_tex, find_entries
from lightbox.core import notice
from lightbox.core.library_versions import package_versions
from lightbox.core.program_version import version_text
from lightbox.explainers import METHODS
from tests.unit.comparison.conftest import attribution

CFF = (Path(__file__).resolve().parents[3] / "CITATION.cff").read_text(encoding="utf-8")
DAY = dt.date(2026, 11, 29)


def field(entry, name):
    (value,) = re.findall(rf"^  {name} = \{{(.*?)\}},?$", entry, re.MULTILINE | re.DOTALL)
    return value


def rows_of(text, title):
    """The rows of the table whose head begins with a title, as lists of cells."""
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {title} |"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return rows


def test_lightbox_is_cited_as_its_citation_file_says(comparison):
    entry = to_bibtex(comparison).split("\n\n")[0]
    assert entry.startswith("@software{lightbox,")
    assert field(entry, "title").strip("{}") == re.search(r'^title: "(.*)"$', CFF, re.MULTILINE)[1]
    assert field(entry, "author").strip("{}") == re.search(r"- name: (.*)$", CFF, re.MULTILINE)[1]
    assert field(entry, "version") == lightbox.__version__ == re.search(r"^version: (.*)$", CFF, re.MULTILINE)[1]
    released = re.search(r"^date-released: (.*)$", CFF, re.MULTILINE)[1]
    assert citation.RELEASED.isoformat() == released
    assert field(entry, "year") == released[:4]


@pytest.mark.parametrize("spec", METHODS.values(), ids=lambda spec: spec.key)
def test_every_methods_entries_are_the_papers_that_its_reference_names(spec):
    entries = find_entries(spec)
    papers = spec.reference.split(";")
    assert len(entries) == len(papers)
    for entry, paper in zip(entries, papers, strict=True):
        assert field(entry, "year") == re.search(r"\((\d{4})\)", paper)[1]
        first = re.match(r"\s*(\w+)", paper)[1]
        assert field(entry, "author").startswith(first + ",")
        for kind, number in re.findall(r"(doi|arXiv):(\S+?)(?:[,;]|$)", paper):
            assert field(entry, {"doi": "doi", "arXiv": "eprint"}[kind]) == number
        assert entry.count("{") == entry.count("}")


def test_only_methods_that_were_asked_for_are_cited_and_each_paper_once(comparison):
    text = to_bibtex(comparison)
    keys = re.findall(r"^@\w+\{(\w+),", text, re.MULTILINE)
    assert len(keys) == len(set(keys))
    # The second network's LIME failed, and was asked for all the same.
    assert keys == ["lightbox", "bach2015lrp", "montavon2019lrp", "ribeiro2016lime", "sundararajan2017axiomatic"]


def test_a_method_that_is_not_listed_is_cited_by_its_reference():
    spec = dataclasses.replace(METHODS["lrp"], key="mine_2", title="A & B", reference="Somebody (2026), 100 % mine")
    (entry,) = find_entries(spec)
    assert entry == "@misc{mine2,\n  title = {A \\& B},\n  note = {Somebody (2026), 100 \\% mine}\n}"
    assert escape_tex("a_b{c}") == r"a\_b\{c\}"


def test_the_methods_table_holds_every_parameter_seed_and_paper(comparison):
    text = to_markdown(comparison, day=DAY)
    rows = rows_of(text, "Method")
    assert [row[:2] for row in rows] == [
        ["LRP", "convnet"],
        ["LRP", "resnet50"],
        ["LIME", "resnet50"],
        ["Integrated Gradients", "resnet50"],
    ]
    assert rows[0][2:] == ["Bacterial pneumonia", "seed = 3", METHODS["lrp"].reference]
    assert rows[2][2] == "no map: It failed."
    assert rows[3][2] == "Bacterial pneumonia (map withheld: It overflowed.)"


def test_networks_stand_with_answer_and_weights_and_versions_with_the_notice(comparison):
    text = to_markdown(comparison, day=DAY)
    rows = rows_of(text, "Network")
    assert [row[3] for row in rows] == [f"`{panel.weights_sha256}`" for panel in comparison.panels]
    assert rows[0][2] == "Bacterial pneumonia 65.0%"
    assert "He, Zhang" in rows[1][1]
    assert f"Lightbox {version_text()} on 2026-11-29" in text
    for name, release in package_versions().items():
        assert f"{name} {release}" in text
    assert notice.TEXT in text
    assert comparison.scan.sha256 in text


def test_a_sign_of_tables_in_a_class_does_not_break_one(comparison):
    panel = dataclasses.replace(
        comparison.panels[0],
        class_titles=("Normal", "A | B\nC", "Viral"),
        attributions={"lrp": attribution()},
    )
    text = to_markdown(dataclasses.replace(comparison, panels=(panel,)), day=DAY)
    assert rows_of(text, "Method")[0][2] == r"A \| B C"
