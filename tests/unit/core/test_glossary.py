"""The glossary: every word once, in sentences that can be read in one breath, from sources that are there."""

import re
from collections import Counter

import pytest

from lightbox.core.glossary import meaning_of, read_glossary
from lightbox.core.settings import PROJECT_DIR
from lightbox.explainers import METHODS

MOST_SENTENCES, MOST_WORDS = 2, 26


def sentences(text):
    return re.split(r"(?<=[.!?])\s+", text)


def names(term):
    return [name.casefold() for name in (term.term, *term.synonyms)]


def test_every_term_and_every_synonym_is_there_once():
    counts = Counter(name for term in read_glossary() for name in names(term))
    assert [name for name, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("term", read_glossary(), ids=lambda term: term.term)
def test_a_term_is_explained_in_one_or_two_short_sentences(term):
    found = sentences(term.meaning)
    assert 1 <= len(found) <= MOST_SENTENCES
    for sentence in found:
        assert re.fullmatch(r"[A-Z“0-9].*[.]", sentence), sentence
        assert len(sentence.split()) <= MOST_WORDS, sentence
    assert not term.meaning.casefold().startswith(tuple(f"{name} is" for name in names(term)))


@pytest.mark.parametrize("term", read_glossary(), ids=lambda term: term.term)
def test_a_source_is_a_paper_that_can_be_found_or_a_page_that_is_there(term):
    if term.source.endswith(".md"):
        assert (PROJECT_DIR / term.source).is_file()
    elif term.source:
        assert re.search(r"\(\d{4}\), (arXiv:|doi:10\.)\S+$", term.source)


def test_the_terms_stand_in_the_order_of_the_alphabet():
    terms = [term.term.casefold() for term in read_glossary()]
    assert terms == sorted(terms)


def test_a_meaning_is_found_by_term_or_synonym_and_nothing_is_made_up():
    assert meaning_of("phantom") == meaning_of("Synthetic scan")
    with pytest.raises(KeyError):
        meaning_of("moonlight")


def test_a_search_reads_terms_synonyms_and_meanings():
    def found(words):
        return [term.term for term in read_glossary() if term.speaks_of(words)]

    assert "Recall" in found("SENSITIVITY ")
    assert "Clever Hans" in found("horse")
    assert found("moonlight") == []
    assert len(found("")) == len(read_glossary())


def test_the_parameters_of_the_methods_that_name_a_term_are_in_it():
    known = {name for term in read_glossary() for name in names(term)}
    labels = {row.label.casefold() for spec in METHODS.values() for row in spec.params}
    assert {"seed", "steps", "samples", "superpixels", "rules", "biases", "fill"} <= labels & known
