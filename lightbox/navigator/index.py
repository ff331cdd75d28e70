"""Finding libraries: each answer of each facet is one integer whose bits are the libraries that give it.

Intersecting two answers is then one ``&``, so that the counts beside all hundred and fifty answers of a
thousand libraries take milliseconds.
"""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from lightbox.navigator import maintenance, ranking, vocabulary
from lightbox.navigator.facets import Facet, Query, build_facets
from lightbox.navigator.methods import GOALS, METHODS
from lightbox.navigator.phrases import normal
from lightbox.navigator.terms import slug, words
from lightbox.navigator.text_search import Reading, TextSearch

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
# A library called exactly as was typed stands first; one whose whole name was typed among other words, near it.
EXACT_NAME, NAME_INSIDE = 100, 6
_MOST_TEXTS = 500


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
        self._position = {library.name: position for position, library in enumerate(libraries)}
        self._text_masks: dict[tuple[object, ...], int] = {}
        self._everyone = (1 << len(libraries)) - 1
        self._text = TextSearch(libraries)
        self._masks: dict[tuple[str, str], int] = {}
        self._naming_exactly: dict[str, int] = {}
        for position, library in enumerate(libraries):
            for framework in library.frameworks:
                self._naming_exactly[framework] = self._naming_exactly.get(framework, 0) | 1 << position
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
                    value: (others & self._value_mask(facet.key, value, query)).bit_count() for value in facet.titles
                }
        return found

    def relaxations(self, query: Query) -> list[tuple[str, int]]:
        """Parts of the query (facet keys, "text") and the hits without each, most hits first; none without hits."""
        counted = [(part, self.count(query.dropping(part))) for part in query.active]
        return sorted(((part, hits) for part, hits in counted if hits), key=lambda pair: -pair[1])

    def read(self, text: str) -> Reading:
        """What a typed question asks, as understood."""
        return self._text.read(text)

    def asked(self, query: Query) -> dict[str, tuple[str, ...]]:
        """The answers a query asks for by facet, chosen and typed; wishes are not among them."""
        found = {facet: tuple(values) for facet, values in query.chosen.items() if values}
        for asked in self.read(query.text).filters:
            found[asked.facet] = tuple(dict.fromkeys((*found.get(asked.facet, ()), *asked.values)))
        return found

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

    def rewordings(self, query: Query) -> list[tuple[str, Query, int]]:
        """Typed phrases, the query without each, and its hits, most first: what to leave out if nothing was found."""
        found = []
        typed = words(query.text)
        for phrase in dict.fromkeys(phrase for phrase, _ in self.read(query.text).asked):
            spelled = phrase.split()
            starts = [at for at in range(len(typed)) if typed[at : at + len(spelled)] == spelled]
            if starts and len(typed) > len(spelled):
                kept = typed[: starts[0]] + typed[starts[0] + len(spelled) :]
                eased = Query(" ".join(kept), query.chosen, query.all_of, query.any_model)
                found.append((phrase, eased, self.count(eased)))
        return sorted((one for one in found if one[2]), key=lambda one: -one[2])

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
        return mask & self._text_mask(query) if query.text.strip() else mask

    def _text_mask(self, query: Query) -> int:
        """Libraries that answer the typed question; none where its main word is unknown."""
        key = (query.text, query.any_model, query.values("method"), query.values("goal"), query.all_of)
        if key not in self._text_masks:
            if len(self._text_masks) > _MOST_TEXTS:
                self._text_masks.clear()
            self._text_masks[key] = self._answering(query)
        return self._text_masks[key]

    def _answering(self, query: Query) -> int:
        reading = self.read(query.text)
        if reading.lost:
            return 0
        mask = self._everyone
        methods = tuple(dict.fromkeys((*query.values("method"), *reading.values("method"))))
        goals = tuple(dict.fromkeys((*query.values("goal"), *reading.values("goal"))))
        typed = Query("", {"method": methods, "goal": goals}, query.all_of, query.any_model)
        for asked in reading.filters:
            mask &= reduce(
                or_, (self._value_mask(asked.facet, value, typed) for value in (*asked.values, *asked.wider))
            )
        for asked in reading.wishes:
            if asked.facet == "runs":
                mask &= ~reduce(or_, (self._rules_out(value) for value in asked.values))
        phrases = {phrase for phrase, _ in reading.asked}
        named = [phrase for phrase, _ in reading.names if phrase not in phrases]
        if named:
            mask &= reduce(or_, (self._text.holding(phrase) for phrase in named))
        for word in reading.required:
            mask &= self._text.holding(word) or self._text.holding(" ".join(normal(word.split())))
        own = [position for _, position in reading.names if self._is_called(position, query.text)]
        return reduce(or_, (1 << position for position in own), mask)

    def _rules_out(self, key: str) -> int:
        return sum(1 << position for position, row in enumerate(self.libraries) if key in row.not_with)

    def _is_called(self, position: int, text: str) -> bool:
        return words(self.libraries[position].name) == words(text)

    def _value_mask(self, facet: str, value: str, query: Query) -> int:
        mask = self._masks.get((facet, value), 0)
        if facet != "framework" or value == "any" or not query.any_model:
            return mask
        if value in vocabulary.OPEN_TO_PARENT:
            mask |= self._naming_exactly.get(vocabulary.FRAMEWORKS[value].within, 0)
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

    def _by_match(self, hits: Iterator[Library], query: Query) -> tuple[Library, ...]:
        """The hits by fit, life and quality, see `ranking`; the name settles what is left."""
        reading = self.read(query.text)
        values: dict[str, list[tuple[str, ...]]] = {
            facet: [(value,) for value in chosen] for facet, chosen in query.chosen.items()
        }
        for asked in reading.filters:
            values.setdefault(asked.facet, []).append(asked.values)
        wishes: dict[str, tuple[str, ...]] = {}
        for asked in reading.wishes:
            wishes[asked.facet] = (*wishes.get(asked.facet, ()), *asked.values)
        methods = methods_asked(Query("", self.asked(query)))
        if not methods and reading.explains:
            methods = GOALS["attribution"].methods
        wanted = ranking.Wanted(values, wishes, methods)
        typed = {piece: self._text.rarity(piece) for piece in (*(phrase for phrase, _ in reading.asked), *reading.held)}
        phrases = {phrase for phrase, _ in reading.asked}

        def rank(library: Library) -> tuple[float, float, float, str]:
            position = self._position[library.name]
            answers = {facet: self.facets[facet].answers(library, self.today) for facet in values}
            points = ranking.fit(library, answers, wanted) + EXACT_NAME * self._is_called(position, query.text)
            names = [phrase for phrase, at in reading.names if at == position]
            points += NAME_INSIDE * any(phrase not in phrases for phrase in names)
            said = sum(weight for piece, weight in typed.items() if self._text.says(position, piece))
            quality = ranking.quality(library, wanted, self.today, said=said, named_so=bool(names))
            life = maintenance.life_on(self.today, status=self.status(library), last_sign=library.last_sign)
            return (-points, -life, -quality, _name(library))

        return tuple(sorted(hits, key=rank))


def methods_asked(query: Query) -> tuple[str, ...]:
    """The methods a query is about: those chosen, else those that answer the chosen goals."""
    if query.values("method"):
        return query.values("method")
    return tuple(method for goal in query.values("goal") for method in GOALS[goal].methods)


def _name(library: Library) -> str:
    return library.name.casefold()
