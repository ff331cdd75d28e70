"""The order of hits by fit, life and quality, see `ranking`; the name settles what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.navigator import maintenance, ranking
from lightbox.navigator.facets import Query
from lightbox.navigator.masks import methods_asked
from lightbox.navigator.methods import GOALS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from lightbox.navigator.answering import Answering
    from lightbox.navigator.facets import Facet
    from lightbox.navigator.library import Library
    from lightbox.navigator.question.reading import Reading
    from lightbox.navigator.text_search import TextSearch

# A library called exactly as was typed stands first; then those that are compared; one whose whole name was typed among
# other words, near them.
EXACT_NAME, COMPARED, NAME_INSIDE = 100, 50, 6

Rank = tuple[float, float, float, str]


class BestMatch:
    """What puts the hits of a search in order.

    Args:
        facets: by key.
        text: the words of the rows.
        answering: what questions rule out and liken.
        today: the day on which freshness is judged.
    """

    def __init__(self, facets: Mapping[str, Facet], text: TextSearch, answering: Answering, today: date) -> None:
        self._facets = facets
        self._text = text
        self._answering = answering
        self._today = today

    def rank(self, query: Query) -> Callable[[int, Library], Rank]:
        """From a library and its position to what it is sorted by, the best first.

        What the question rules out counts against a row that has other answers besides. Where others like a library
        are asked for, likeness stands for quality.
        """
        reading = self._text.read(query.text)
        wanted = _wanted(query, reading)
        likeness = self._answering.likeness(reading.like)
        pieces = dict.fromkeys((*(phrase for phrase, _ in reading.asked), *reading.held))
        said_by = [(self._text.saying(piece), self._text.rarity(piece)) for piece in pieces]
        exact = self._text.name_of(query.text)
        alone = {position for _, position in reading.names_alone}
        named = {position for _, position in reading.names}

        def rank(position: int, library: Library) -> Rank:
            answers = {facet: self._facets[facet].answers(library, self._today) for facet in wanted.values}
            points = ranking.fit(library, answers, wanted) - self._answering.touched(position, reading)
            points += EXACT_NAME * (position == exact) + COMPARED * (position in reading.compared)
            points += NAME_INSIDE * (position in alone)
            status = library.status_on(self._today)
            life = maintenance.life_on(self._today, status=status, last_sign=library.last_sign)
            if reading.like:
                return (-points, -life, -likeness.get(position, 0.0), library.name.casefold())
            said = sum(rarity for rows, rarity in said_by if rows >> position & 1)
            quality = ranking.quality(library, wanted, self._today, said=said, named_so=position in named)
            return (-points, -life, -quality, library.name.casefold())

        return rank


def everything_asked(query: Query, reading: Reading) -> dict[str, tuple[str, ...]]:
    """The answers a query asks for by facet, chosen and typed; wishes are not among them."""
    found = {facet: tuple(values) for facet, values in query.chosen.items() if values}
    for asked in reading.filters:
        found[asked.facet] = tuple(dict.fromkeys((*found.get(asked.facet, ()), *asked.values)))
    return found


def _wanted(query: Query, reading: Reading) -> ranking.Wanted:
    """What a search asks for, as far as it orders the hits."""
    values: dict[str, list[tuple[str, ...]]] = {
        facet: [(value,) for value in chosen] for facet, chosen in query.chosen.items()
    }
    for asked in reading.filters:
        values.setdefault(asked.facet, []).append(asked.values)
    wishes: dict[str, tuple[str, ...]] = {}
    for asked in reading.wishes:
        wishes[asked.facet] = (*wishes.get(asked.facet, ()), *asked.values)
    methods = methods_asked(Query("", everything_asked(query, reading)))
    # To explain something is about heat maps mostly; "explain my model" alone says nothing.
    if not methods and reading.explains and reading.filters:
        methods = GOALS["attribution"].methods
    return ranking.Wanted(values, wishes, methods)
