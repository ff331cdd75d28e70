"""Each answer of each facet as one integer whose bits are the libraries that give it.

Intersecting two answers is then one ``&``, so that the counts beside all hundred and fifty answers of a
thousand libraries take milliseconds.
"""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from lightbox.navigator import vocabulary
from lightbox.navigator.methods import GOALS, METHODS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from lightbox.navigator.facets import Facet, Query
    from lightbox.navigator.library import Library


class Masks:
    """The answers of all libraries as bits, in the order of the table.

    Args:
        libraries: in that order.
        facets: by key.
        today: the day on which the maintenance is judged.
    """

    def __init__(self, libraries: tuple[Library, ...], facets: Mapping[str, Facet], today: date) -> None:
        self.everyone = (1 << len(libraries)) - 1
        self._giving: dict[tuple[str, str], int] = {}
        self._naming_exactly: dict[str, int] = {}
        for position, library in enumerate(libraries):
            for framework in library.frameworks:
                self._naming_exactly[framework] = self._naming_exactly.get(framework, 0) | 1 << position
            for facet in facets.values():
                for value in facet.answers(library, today):
                    self._giving[facet.key, value] = self.giving(facet.key, value) | 1 << position

    def giving(self, facet: str, value: str) -> int:
        """Libraries that give an answer by name."""
        return self._giving.get((facet, value), 0)

    def chosen(self, query: Query) -> int:
        """Libraries that satisfy what is chosen in a query, whatever its text says."""
        mask = self.everyone
        for facet, values in query.chosen.items():
            if values:
                each = (self.satisfying(facet, value, query) for value in values)
                mask &= reduce(and_ if facet in query.all_of else or_, each)
        return mask

    def satisfying(self, facet: str, value: str, query: Query) -> int:
        """Libraries that give an answer, or take models of a framework in another way; see `Library.works_with`."""
        mask = self.giving(facet, value)
        if facet != "framework" or value == "any" or not query.any_model:
            return mask
        if value in vocabulary.OPEN_TO_PARENT:
            mask |= self._naming_exactly.get(vocabulary.FRAMEWORKS[value].within, 0)
        takes_any = self.giving("framework", "any") & self.giving("language", vocabulary.FRAMEWORKS[value].host)
        return mask | takes_any & (~self.giving("agnostic", "both") | self._predictions_do(query))

    def _predictions_do(self, query: Query) -> int:
        """Libraries whose part in what the query asks for can be computed from predictions alone."""
        asked = methods_asked(query)
        enough = [METHODS[method].from_predictions for method in asked]
        if not asked or ("method" in query.all_of and all(enough)):
            return self.everyone
        if "method" in query.all_of:
            return 0
        masks = [self.giving("method", key) for key, do in zip(asked, enough, strict=True) if do]
        return reduce(or_, masks, 0)


def methods_asked(query: Query) -> tuple[str, ...]:
    """The methods a query is about: those chosen, else those that answer the chosen goals."""
    if query.values("method"):
        return query.values("method")
    return tuple(method for goal in query.values("goal") for method in GOALS[goal].methods)
