"""The order of the hits: fit, then life, then what speaks for a library."""

import itertools
from dataclasses import replace

import pytest

from lightbox.navigator import maintenance, ranking
from lightbox.navigator.facets import Query
from lightbox.navigator.index import Index
from lightbox.navigator.methods import GOALS
from lightbox.navigator.wizard import Answers, suggest


def is_old(library, day):
    """Its newest sign of life is known to be older than 18 months, or its owners closed it."""
    sign = library.last_sign
    return library.status == "archived" or (sign is not None and not maintenance.is_recent(sign, day))


def is_living(library, day):
    sign = library.last_sign
    return library.status != "archived" and sign is not None and maintenance.is_recent(sign, day)


def faults(index, query, answered):
    """Pairs (old, living) in the order of a search, where the living row answers by name all that the old one does."""
    hits = index.search(query)
    living = [(at, row) for at, row in enumerate(hits) if is_living(row, index.today)]
    return [
        (above.name, row.name)
        for place, above in enumerate(hits)
        if is_old(above, index.today)
        for at, row in living
        if at > place and answered[above.name] <= answered[row.name]
    ]


def every_facet_pair(index):
    keys = [(facet.key, value) for facet in index.facets.values() for value in facet.titles]
    for (facet, value), (other, second) in itertools.combinations(keys, 2):
        if facet != other:
            yield facet, value, other, second


def test_no_old_row_stands_above_a_living_one_that_fits_as_well(index):
    """On every pair of answers of two facets; to fit as well is to answer by name whatever the other row does."""
    given = {
        row.name: {(facet.key, value) for facet in index.facets.values() for value in facet.answers(row, index.today)}
        for row in index.libraries
    }
    searched = 0
    for facet, value, other, second in every_facet_pair(index):
        query = Query(chosen={facet: (value,), other: (second,)})
        if index.count(query) < 2:
            continue
        searched += 1
        asked = {(facet, value), (other, second)}
        assert faults(index, query, {name: answers & asked for name, answers in given.items()}) == [], query.chosen
    assert searched > 3000


def test_the_law_would_notice_an_order_by_the_alphabet(index):
    given = {row.name: set() for row in index.libraries}

    class Alphabet(Index):
        def _by_match(self, hits, _query):
            return tuple(sorted(hits, key=lambda row: row.name))

    assert faults(Alphabet(index.libraries, index.today), Query(), given)


@pytest.mark.parametrize("goal", GOALS)
def test_the_wizard_too_puts_no_old_row_above_a_living_one_with_the_same_reasons(libraries, day, goal):
    for framework in ("", "pytorch", "keras", "scikit-learn", "r-models"):
        found = suggest(libraries, Answers(framework, "", goal), today=day)
        life = {"active", "dormant", "archived", "old", "unknown_status", "limits"}
        rest = {
            one.library.name: sorted((r.code, len(r.about)) for r in one.reasons if r.code not in life) for one in found
        }
        for above, below in itertools.combinations(found, 2):
            if is_old(above.library, day) and is_living(below.library, day):
                assert rest[above.library.name] != rest[below.library.name], (above.library.name, below.library.name)


@pytest.fixture
def captum(index):
    return index.by_key["captum"]


def ordered(*libraries, day, **chosen):
    index = Index(tuple(libraries), day)
    return [row.name for row in index.search(Query(chosen=chosen))]


def test_of_twins_the_one_made_for_the_method_comes_first(captum, day):
    narrow = replace(captum, name="Z narrow", methods=("LRP",))
    assert ordered(captum, narrow, day=day, method=("LRP",)) == ["Z narrow", "Captum"]


def test_of_twins_the_fresher_comes_first_then_the_one_with_more_stars(captum, day):
    newer = replace(captum, name="Z newer", last_commit=day)
    assert ordered(captum, newer, day=day) == ["Z newer", "Captum"]
    starred = replace(captum, name="Z starred", stars=captum.stars * 10)
    assert ordered(captum, starred, day=day) == ["Z starred", "Captum"]


def test_pins_and_closed_licences_count_against(captum, day):
    pinned = replace(captum, name="A pinned", runs_with=(), not_with=("numpy-2",))
    closed = replace(captum, name="A closed", license="BUSL-1.1")
    assert ordered(pinned, closed, captum, day=day)[0] == "Captum"


def test_an_unknown_status_with_an_old_commit_is_no_merit(captum, day):
    old = captum.last_commit.replace(year=2023)
    gone = replace(captum, release_date=None, last_commit=old, stars=10**6)
    unknown = replace(gone, name="A unknown", status="")
    dormant = replace(gone, name="B dormant", status="dormant")
    assert ordered(unknown, dormant, captum, day=day) == ["Captum", "A unknown", "B dormant"]
    weaker = replace(unknown, stars=0)
    assert ordered(weaker, dormant, day=day) == ["B dormant", "A unknown"]


def test_a_young_release_is_a_sign_of_life(captum, day):
    gone = captum.last_commit.replace(year=2023)
    released = replace(captum, name="A released", last_commit=gone, release_date=day, status="")
    silent = replace(captum, name="B silent", last_commit=gone, release_date=None, status="")
    assert ordered(silent, released, day=day) == ["A released", "B silent"]


def test_what_scores_explanations_is_welcome_where_that_is_asked(libraries, day):
    found = suggest(libraries, Answers("pytorch", "image", "evaluation"), today=day)
    assert found[0].library.paradigm == "evaluation"
    for one in found:
        codes = {reason.code for reason in one.reasons}
        assert "benchmark" not in codes
        assert ("scores_them" in codes) == (one.library.paradigm == "evaluation")


def test_the_alphabet_settles_no_tie_of_the_wizard_that_the_rows_can_settle(libraries, day):
    for goal in GOALS:
        found = suggest(libraries, Answers("", "", goal), today=day)
        for first, second in itertools.pairwise(found):
            if round(first.score, 6) == round(second.score, 6):
                keys = [_evidence(one.library, goal) for one in (first, second)]
                assert keys[0] >= keys[1]


def _evidence(library, goal):
    share = ranking.specialisation(library.methods, GOALS[goal].methods)
    sign = library.last_sign.toordinal() if library.last_sign else 0
    return (share, sign, ranking.popularity(library))


def names(index, text):
    return [library.name for library in index.search(Query(text))]


def test_what_scores_features_of_a_network_does_not_lead_where_heat_maps_are_to_be_trusted(index):
    for text in ("can I trust the explanation", "is my heat map trustworthy"):
        leading = [index.find(name) for name in names(index, text)[:3]]
        assert leading[0].name == "Quantus"
        assert not any(row.paradigm == "mechanistic" for row in leading)
    # Where they are asked for, they lead.
    leading = [index.find(name) for name in names(index, "evaluate sparse autoencoders")[:3]]
    assert "SAELens" in [row.name for row in leading]


def test_to_explain_is_about_heat_maps_only_where_something_else_is_asked(index):
    assert names(index, "explain my model") == names(index, "")
    assert names(index, "explain an LLM") != names(index, "LLM")
    assert set(index.find(names(index, "explain an LLM")[0]).methods) & set(GOALS["attribution"].methods)


def test_a_row_that_says_what_is_asked_in_other_words_says_it(index):
    """ "ViT" is said by who writes "vision transformer"."""
    assert index.text.saying("vit") == index.text.saying("vision transformer")
    assert index.text.saying("vit") & ~index.text.holding("vit")
