"""Finding libraries: by answers that were chosen, by a typed question, and in an order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lightbox.navigator import maintenance
from lightbox.navigator.answering import Answering
from lightbox.navigator.best_match import BestMatch, everything_asked
from lightbox.navigator.facets import Facet, Query, build_facets
from lightbox.navigator.masks import Masks
from lightbox.navigator.terms import slug
from lightbox.navigator.text_search import TextSearch
from lightbox.navigator.ways_out import rewordings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from lightbox.navigator.library import Library
    from lightbox.navigator.question.reading import Reading

SORTS = {
    "match": "Best match",
    "name": "Name",
    "commit": "Last commit",
    "stars": "Stars",
    "methods": "Number of methods",
}


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
        self.text = TextSearch(libraries)
        self._position = {library.name: position for position, library in enumerate(libraries)}
        self._masks = Masks(libraries, self.facets, self.today)
        self._answering = Answering(libraries, self.facets, self._masks, self.text, self.today)
        self._best_match = BestMatch(self.facets, self.text, self._answering, self.today)

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
        return self._by_match(hits, query)

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
            if facet.key in ("method", "goal") and (
                query.values("framework") or self.read(query.text).values("framework")
            ):
                found[facet.key] = self._counts_one_by_one(facet, query)
            else:
                found[facet.key] = {
                    value: (others & self._masks.satisfying(facet.key, value, query)).bit_count()
                    for value in facet.titles
                }
        return found

    def naming(self, query: Query) -> int:
        """How many of the hits name a chosen framework, rather than take any model."""
        return self.count(replace(query, any_model=False))

    def relaxations(self, query: Query) -> list[tuple[str, int]]:
        """Parts of the query (facet keys, "text") and the hits without each, most hits first; none without hits.

        Where the text is all there is, to drop it is no way out but a new beginning.
        """
        parts = () if query.active == ("text",) else query.active
        counted = [(part, self.count(query.dropping(part))) for part in parts]
        return sorted(((part, hits) for part, hits in counted if hits), key=lambda pair: -pair[1])

    def rewordings(self, query: Query) -> list[tuple[str, Query, int]]:
        """What to leave out of a typed question that finds nothing, the query without it, and its hits, most first."""
        return rewordings(query, self.read(query.text).parts, self.count)

    def read(self, text: str) -> Reading:
        """What a typed question asks, as understood."""
        return self.text.read(text)

    def asked(self, query: Query) -> dict[str, tuple[str, ...]]:
        """The answers a query asks for by facet, chosen and typed; wishes are not among them."""
        return everything_asked(query, self.read(query.text))

    def asked_groups(self, query: Query) -> list[tuple[str, tuple[str, ...]]]:
        """What a query asks, wishes too: facet and the values of which one is enough."""
        found: list[tuple[str, tuple[str, ...]]] = []
        for facet, values in query.chosen.items():
            found += [(facet, (value,)) for value in values] if facet in query.all_of else [(facet, tuple(values))]
        reading = self.read(query.text)
        return found + [(asked.facet, (*asked.values, *asked.wider)) for asked in (*reading.filters, *reading.wishes)]

    def fulfils(self, library: Library, facet: str, values: tuple[str, ...]) -> bool:
        """Whether a library gives one of some answers, or takes models of a framework in another way."""
        if facet in ("family", "runs"):
            return not set(values) & set(library.not_with)
        if facet == "framework":
            return any(library.works_with(value) for value in values)
        return bool(set(values) & set(self.facets[facet].answers(library, self.today)))

    def keeps(self, library: Library, reading: Reading) -> bool:
        """Whether a library has nothing of what a question rules out, and is not the one that others should be like."""
        position = self._position[library.name]
        named = position in reading.like or any(position == at for _, at in reading.not_named)
        return not named and not self._answering.touched(position, reading)

    def _counts_one_by_one(self, facet: Facet, query: Query) -> dict[str, int]:
        """Counts where the answer also changes what "any model" means, see `Library.works_with`."""
        old = query.values(facet.key) if facet.key in query.all_of else ()
        return {
            value: self.count(query.choosing(facet.key, tuple(dict.fromkeys((*old, value))))) for value in facet.titles
        }

    def _mask(self, query: Query) -> int:
        mask = self._masks.chosen(query)
        return mask & self._answering.mask(query) if query.text.strip() else mask

    def _members(self, mask: int) -> Iterator[Library]:
        return (library for position, library in enumerate(self.libraries) if mask >> position & 1)

    def _by_match(self, hits: Iterator[Library], query: Query) -> tuple[Library, ...]:
        rank = self._best_match.rank(query)
        return tuple(sorted(hits, key=lambda library: rank(self._position[library.name], library)))


def _name(library: Library) -> str:
    return library.name.casefold()
