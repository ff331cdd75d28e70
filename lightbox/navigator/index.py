"""Finding libraries: each answer of each facet is one integer whose bits are the libraries that give it.

Intersecting two answers is then one ``&``, so that the counts beside all hundred and fifty answers of a
thousand libraries take milliseconds.
"""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from lightbox.navigator import maintenance, vocabulary
from lightbox.navigator.facets import Facet, Query, build_facets
from lightbox.navigator.methods import GOALS, METHODS
from lightbox.navigator.terms import slug, words
from lightbox.navigator.text_search import TextSearch, meant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lightbox.navigator.library import Library

SORTS = {
    "match": "Best match",
    "name": "Name",
    "commit": "Last commit",
    "stars": "Stars",
    "methods": "Number of methods",
}
_STATUS_SCORE = {"active": 2.0, "unknown": 0.0, "dormant": -1.0, "archived": -2.0}


class Index:
    """The libraries as one day sees them.

    Args:
        libraries: in the order of the table.
        today: the day on which the maintenance is judged; None is the current day.
    """

    def __init__(self, libraries: tuple[Library, ...], today: date | None = None) -> None:
        self.libraries = libraries
        self.today = today or maintenance.current_day()
        self.facets = build_facets(libraries)
        self.by_key = {library.key: library for library in libraries}
        self._everyone = (1 << len(libraries)) - 1
        self._text = TextSearch(libraries)
        self._masks: dict[tuple[str, str], int] = {}
        for position, library in enumerate(libraries):
            for facet in self.facets.values():
                for value in facet.answers(library, self.today):
                    self._masks[facet.key, value] = self._masks.get((facet.key, value), 0) | 1 << position

    def find(self, text: str) -> Library | None:
        """The library whose name ``text`` is, however spelled."""
        return self.by_key.get(slug(text))

    def status(self, library: Library) -> str:
        """Its maintenance on the index's day."""
        return library.status_on(self.today)

    def search(self, query: Query, sort: str = "match") -> tuple[Library, ...]:
        """The libraries that satisfy the query, in the order asked for (a key of `SORTS`)."""
        hits = self._members(self._mask(query))
        if sort == "name":
            return tuple(sorted(hits, key=_name))
        if sort == "commit":
            return tuple(
                sorted(hits, key=lambda row: (-row.last_commit.toordinal() if row.last_commit else 0, _name(row)))
            )
        if sort == "stars":
            return tuple(sorted(hits, key=lambda row: (-1 if row.stars is None else -row.stars - 2, _name(row))))
        if sort == "methods":
            return tuple(sorted(hits, key=lambda row: (-len(row.methods), _name(row))))
        return tuple(sorted(hits, key=lambda row: (-self._score(row, query), _name(row))))

    def count(self, query: Query) -> int:
        """How many libraries satisfy the query."""
        return self._mask(query).bit_count()

    def counts(self, query: Query) -> dict[str, dict[str, int]]:
        """For each answer of each facet, how many hits there are with it.

        In a facet of "any of", the hits if it were the only answer chosen there; in one of "all of", the
        hits if it were chosen besides the others.
        """
        found: dict[str, dict[str, int]] = {}
        for facet in self.facets.values():
            kept = query if facet.key in query.all_of else query.dropping(facet.key)
            others = self._mask(kept)
            if facet.key in ("method", "goal") and query.values("framework"):
                found[facet.key] = self._counts_one_by_one(facet, query)
            else:
                found[facet.key] = {
                    value: (others & self._value_mask(facet.key, value, query)).bit_count() for value in facet.titles
                }
        return found

    def relaxations(self, query: Query) -> list[tuple[str, int]]:
        """Parts of the query (facet keys, "text") and the hits without each, most hits first; none without hits."""
        counted = [(part, self.count(query.dropping(part))) for part in query.active]
        return sorted(((part, hits) for part, hits in counted if hits), key=lambda pair: -pair[1])

    def ignored_words(self, text: str) -> tuple[str, ...]:
        """Typed words that no row holds. Where others are found, the search goes on without these, and says so."""
        return self._text.ignored(text)

    def naming(self, query: Query) -> int:
        """How many of the hits name a chosen framework, rather than take any model."""
        return self.count(Query(query.text, query.chosen, query.all_of, any_model=False))

    def _counts_one_by_one(self, facet: Facet, query: Query) -> dict[str, int]:
        """Counts where the answer also changes what "any model" means, see `Library.works_with`."""
        old = query.values(facet.key) if facet.key in query.all_of else ()
        return {
            value: self.count(query.choosing(facet.key, tuple(dict.fromkeys((*old, value))))) for value in facet.titles
        }

    def _mask(self, query: Query) -> int:
        mask = self._everyone
        for facet, values in query.chosen.items():
            if values:
                each = (self._value_mask(facet, value, query) for value in values)
                mask &= reduce(and_ if facet in query.all_of else or_, each)
        return mask & self._text.find(query.text)

    def _value_mask(self, facet: str, value: str, query: Query) -> int:
        mask = self._masks.get((facet, value), 0)
        if facet != "framework" or value == "any" or not query.any_model:
            return mask
        takes_any = self._masks.get(("framework", "any"), 0)
        takes_any &= self._masks.get(("language", vocabulary.FRAMEWORKS[value].host), 0)
        return mask | takes_any & (~self._masks.get(("agnostic", "both"), 0) | self._predictions_do(query))

    def _predictions_do(self, query: Query) -> int:
        """Libraries whose part in what the query asks for can be computed from predictions alone."""
        asked = methods_asked(query)
        enough = [METHODS[method].from_predictions for method in asked]
        if not asked or ("method" in query.all_of and all(enough)):
            return self._everyone
        if "method" in query.all_of:
            return 0
        masks = [self._masks.get(("method", key), 0) for key, do in zip(asked, enough, strict=True) if do]
        return reduce(or_, masks, 0)

    def _members(self, mask: int) -> Iterator[Library]:
        return (library for position, library in enumerate(self.libraries) if mask >> position & 1)

    def _score(self, library: Library, query: Query) -> float:
        """Higher comes first: the name matches, the framework is named, more of the choices hold, it is alive."""
        typed = meant(query.text)
        name = words(library.name)
        score = 20.0 * (bool(typed) and typed == name)
        score += 5.0 * sum(any(part.startswith(word) for part in name) for word in typed)
        for facet, values in query.chosen.items():
            answers = self.facets[facet].answers(library, self.today)
            weight = 4.0 if facet == "framework" else 1.0
            score += weight * len(set(values) & set(answers))
        score -= 0.2 * (library.verified != "yes")
        return score + _STATUS_SCORE[self.status(library)]


def methods_asked(query: Query) -> tuple[str, ...]:
    """The methods a query is about: those chosen, else those that answer the chosen goals."""
    if query.values("method"):
        return query.values("method")
    return tuple(method for goal in query.values("goal") for method in GOALS[goal].methods)


def _name(library: Library) -> str:
    return library.name.casefold()
