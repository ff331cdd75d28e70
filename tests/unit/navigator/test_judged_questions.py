"""Forty questions of practitioners that somebody judged, as far as the table can answer them."""

import tomllib
from pathlib import Path

import pytest

from lightbox.navigator.facets import Query

JUDGED = tomllib.loads((Path(__file__).parent / "answers" / "judged_questions.toml").read_text(encoding="utf-8"))


def names(index, text):
    return [library.name for library in index.search(Query(text))]


@pytest.mark.parametrize(("question", "accepted"), JUDGED["questions"], ids=[row[0] for row in JUDGED["questions"]])
def test_an_accepted_library_is_among_the_first_three(index, question, accepted):
    assert set(names(index, question)[:3]) & set(accepted)


@pytest.mark.parametrize("question", JUDGED["unanswerable"])
def test_nothing_is_shown_for_what_nothing_is_about(index, question):
    assert index.read(question).lost
    assert names(index, question) == []


@pytest.mark.parametrize("question", ["javascript grad cam in browser", "contrastive LRP for time series in R"])
def test_what_fits_nothing_leads_on(index, question):
    assert names(index, question) == []
    ways = index.rewordings(Query(question))
    assert ways
    assert all(index.count(eased) == hits > 0 for _, eased, hits in ways)
