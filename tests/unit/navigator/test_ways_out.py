"""Where nothing is found there is a way on, and each brings what it says."""

import pytest

from lightbox.navigator.facets import Query


@pytest.mark.parametrize(
    "query",
    [
        Query("javascript grad cam in browser"),
        Query("contrastive LRP for time series"),
        Query("zennit in R for time series"),
        Query("super-resolution LIME"),
        Query("alibi keras 3"),
        Query("gifsplanation masks polars"),
        Query("counterfactual in julia for audio and 3D with a dashboard"),
        Query("LRP without MIT, without GPL, without BSD, in R"),
        Query("contrastive LRP", {"data": ("tabular",)}),
        Query("like zennit for genomics in R"),
    ],
)
def test_there_is_always_a_way_out(index, query):
    assert index.count(query) == 0
    ways = index.rewordings(query)
    assert ways or index.relaxations(query)
    for phrase, eased, hits in ways:
        assert index.count(eased) == hits > 0
        assert phrase
        assert eased.text.strip()


def test_a_name_and_a_required_word_can_be_left_out_too(index):
    assert "zennit" in [phrase for phrase, _, _ in index.rewordings(Query("zennit for time series"))]
    ways = {phrase: eased.text for phrase, eased, _ in index.rewordings(Query("gifsplanation polars"))}
    assert ways == {"gifsplanation": "polars", "polars": "gifsplanation"}


def test_an_exclusion_is_left_out_with_the_word_that_made_it_one(index):
    query = Query("contrastive LRP without pytorch")
    assert index.count(query) == 0
    ways = {phrase: eased.text for phrase, eased, _ in index.rewordings(query)}
    assert ways["without pytorch"] == "contrastive LRP"


def test_dropping_everything_is_no_way_out(index):
    assert index.relaxations(Query("javascript grad cam in browser")) == []
    assert ("text", 2) in [
        (part, min(hits, 2)) for part, hits in index.relaxations(Query("contrastive LRP", {"data": ("tabular",)}))
    ]


def test_where_one_part_less_is_not_enough_two_are_left_out(index):
    ways = index.rewordings(Query("contrastive LRP for pytorch images, audio, in Julia"))
    assert "audio, julia" in [phrase for phrase, _, _ in ways]
    assert all(phrase.count(", ") == 1 for phrase, _, _ in ways)


def test_where_much_is_too_much_each_part_is_offered_by_itself(index):
    ways = index.rewordings(Query("contrastive LRP, audio, Julia, survival, genomics, jax"))
    assert {eased.text for _, eased, _ in ways} == {"contrastive LRP", "audio", "Julia", "survival", "genomics", "jax"}
