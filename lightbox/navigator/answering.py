"""Which rows answer a typed question, as an integer whose bits are the libraries."""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING

from lightbox.navigator.facets import Query
from lightbox.navigator.question import exclusion
from lightbox.navigator.similar import similar_to

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from lightbox.navigator.facets import Facet
    from lightbox.navigator.library import Library
    from lightbox.navigator.masks import Masks
    from lightbox.navigator.question.asked import Asked
    from lightbox.navigator.question.reading import Reading
    from lightbox.navigator.text_search import TextSearch

_MOST_TEXTS = 500
# What stands in for a library may do more than it. What is less than a third as alike as the most alike shares a common
# method and little else; what is written in another language takes its place half as well.
_BREADTH, _LEAST_ALIKE, _OTHER_LANGUAGE = 0.2, 1 / 3, 0.5


class Answering:
    """The rows against typed questions.

    Args:
        libraries: in the order of the table.
        facets: by key.
        masks: their answers.
        text: their words.
        today: the day on which the maintenance is judged.
    """

    def __init__(
        self, libraries: tuple[Library, ...], facets: Mapping[str, Facet], masks: Masks, text: TextSearch, today: date
    ) -> None:
        self._libraries = libraries
        self._facets = facets
        self._masks = masks
        self._text = text
        self._today = today
        self._found: dict[tuple[object, ...], int] = {}
        self.likeness = lru_cache(maxsize=64)(self._likeness)
        # The part of an answer that does not depend on what is chosen besides.
        self._by_words = lru_cache(maxsize=256)(self._holding_words)

    def mask(self, query: Query) -> int:
        """Libraries that answer the typed question; none where its main word is unknown."""
        key = (query.text, query.any_model, query.values("method"), query.values("goal"), query.all_of)
        if key not in self._found:
            if len(self._found) > _MOST_TEXTS:
                self._found.clear()
            self._found[key] = self._answering(query)
        return self._found[key]

    def touched(self, position: int, reading: Reading) -> int:
        """How much of what a question rules out a library has."""
        return sum(exclusion.touches(asked, self._answers(position, asked)) for _, asked in reading.without)

    def _answering(self, query: Query) -> int:
        reading = self._text.read(query.text)
        if reading.lost:
            return 0
        mask = self._masks.everyone
        methods = tuple(dict.fromkeys((*query.values("method"), *reading.values("method"))))
        goals = tuple(dict.fromkeys((*query.values("goal"), *reading.values("goal"))))
        typed = Query("", {"method": methods, "goal": goals}, query.all_of, query.any_model)
        for asked in reading.filters:
            each = (self._masks.satisfying(asked.facet, value, typed) for value in (*asked.values, *asked.wider))
            mask &= reduce(or_, each)
        mask &= self._by_words(query.text)
        for position in reading.compared:
            mask |= 1 << position
        return self._with_own_name(mask, query, reading)

    def _holding_words(self, text: str) -> int:
        """Libraries that hold the names and words of a question, and that it does not rule out."""
        reading = self._text.read(text)
        mask = self._left_by(reading)
        if reading.names_alone:
            mask &= reduce(or_, (self._mentioning(*name) for name in reading.names_alone))
        for word in reading.required:
            mask &= self._text.holding_in_any_number(word)
        return mask

    def _left_by(self, reading: Reading) -> int:
        """Libraries that nothing speaks against, and, where the question names one to be like, only those like it."""
        gone = reduce(or_, (1 << position for _, position in reading.not_named), 0)
        wishes = [asked for asked in reading.wishes if asked.facet == "runs"]
        for position, row in enumerate(self._libraries):
            closed = any(not set(asked.values).isdisjoint(row.not_with) for asked in wishes)
            within = any(exclusion.rules_out(asked, self._answers(position, asked)) for _, asked in reading.without)
            gone |= (closed or within) << position
        left = self._masks.everyone & ~gone
        return left & sum(1 << position for position in self.likeness(reading.like)) if reading.like else left

    def _with_own_name(self, mask: int, query: Query, reading: Reading) -> int:
        """The libraries found, and the one whose name the whole text is; where nothing else is said, it alone."""
        position = self._text.name_of(query.text)
        if position is None:
            return mask
        return mask | 1 << position if reading.asks else self._mentioning(query.text, position)

    def _mentioning(self, name: str, position: int) -> int:
        """The library of a name, and those whose row holds it."""
        return 1 << position | self._text.holding(name) | self._text.holding(name.replace(" ", ""))

    def _answers(self, position: int, asked: Asked) -> tuple[str, ...]:
        return self._facets[asked.facet].answers(self._libraries[position], self._today)

    def _likeness(self, positions: tuple[int, ...]) -> dict[int, float]:
        """How well other libraries take the place of some, by position; those that are hardly alike left out."""
        place = {library.name: position for position, library in enumerate(self._libraries)}
        found: dict[int, float] = {}
        for position in positions:
            library = self._libraries[position]
            alike = similar_to(library, self._libraries, limit=len(self._libraries), breadth=_BREADTH)
            for one in alike:
                if one.likeness >= _LEAST_ALIKE * alike[0].likeness:
                    same = not set(library.language).isdisjoint(one.library.language)
                    likeness = one.likeness * (1.0 if same else _OTHER_LANGUAGE)
                    at = place[one.library.name]
                    found[at] = max(likeness, found.get(at, 0.0))
        return {at: likeness for at, likeness in found.items() if at not in positions}
