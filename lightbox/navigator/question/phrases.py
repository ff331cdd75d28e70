"""What people type and what it asks of a library: the vocabularies' words, and the words of the trade."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lightbox.navigator import vocabulary
from lightbox.navigator.methods import HEAT_MAP, METHODS
from lightbox.navigator.question.asked import Asked, Words, normal
from lightbox.navigator.question.stop_words import STOP_WORDS
from lightbox.navigator.question.trade_words import TRADE_WORDS
from lightbox.navigator.terms import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lightbox.navigator.terms import Term

# Single words of a title that would ask for more than people mean by them, and "C++", whose signs are no letters.
_NOT_ALONE = frozenset(
    ("other", "plain", "any", "one prediction", "both", "no", "yes", "r", "generation", "similarity", "c++")
)
_VOCABULARIES: tuple[tuple[str, Mapping[str, Term], str], ...] = (
    ("method", METHODS, "filter"),
    ("framework", vocabulary.FRAMEWORKS, "filter"),
    ("data", vocabulary.DATA_TYPES, "filter"),
    ("task", {key: term for key, term in vocabulary.TASKS.items() if key != "classification"}, "filter"),
    ("topic", vocabulary.TOPICS, "filter"),
    ("language", vocabulary.LANGUAGES, "filter"),
    ("interface", {key: term for key, term in vocabulary.INTERFACES.items() if key not in ("r", "js")}, "filter"),
    ("family", vocabulary.FAMILIES, "wish"),
    ("runs", vocabulary.RUNS_WITH, "wish"),
)


@lru_cache(maxsize=1)
def spoken() -> dict[Words, tuple[Asked, ...]]:
    """What each phrase asks, by its words as they are spelled. Where words are joined, see `phrases`."""
    found: dict[Words, tuple[Asked, ...]] = {}
    for facet, terms, kind in _VOCABULARIES:
        for key, term in terms.items():
            for text in _spellings(term):
                spelled = tuple(words(text))
                if spelled and text.lower() not in _NOT_ALONE and set(normal(spelled)) - STOP_WORDS:
                    medical = TRADE_WORDS["medical"]
                    found.setdefault(spelled, medical if key == "medical-image" else (Asked(facet, (key,), kind),))
    return found | {tuple(words(text)): asked for text, asked in TRADE_WORDS.items()}


def phrases(more: Mapping[Words, tuple[Asked, ...]]) -> dict[Words, tuple[Asked, ...]]:
    """What each phrase asks, by its words as `normal` writes them, and by them typed as one.

    Args:
        more: phrases that the rows bring, as `spoken` has them; those of the vocabularies go before.
    """
    found = {**more, **spoken()}
    # "gradcam", "timeseries" and "keras3" are typed as one word as often as not.
    joined = {normal(("".join(own),)): asked for own, asked in found.items() if len(own) in (2, 3)}
    return joined | {normal(own): asked for own, asked in found.items()}


def _spellings(term: Term) -> Iterator[str]:
    """The key, the title and the aliases, and each part of "PDP / ALE / ICE" by itself."""
    texts = [text for text in (term.key, term.title, *term.aliases) if text not in HEAT_MAP]
    yield from texts
    for text in texts[:2]:
        yield from (part.strip() for part in re.split(r"[/()]", text) if part.strip())
        yield text.removesuffix(" family")
