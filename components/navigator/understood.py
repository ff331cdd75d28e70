"""What the typed words were taken for, so that a misunderstanding is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.navigator import state, words
from components.shell.language import _
from lightbox.navigator.address import MOST_COMPARED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lightbox.navigator.address import Address
    from lightbox.navigator.index import Index
    from lightbox.navigator.question.asked import Asked
    from lightbox.navigator.question.reading import Reading


def show(address: Address, index: Index) -> None:
    """Say what the question was understood as, and what of it the search went on without."""
    reading = index.read(address.query.text)
    if parts := list(_parts(index, reading)):
        st.caption(_("Understood as {parts}.").format(parts=" · ".join(parts)))
    for sentence, pieces in (
        (_("No row mentions {words}, so the search went on without."), reading.unknown),
        (_("The search knows no version {words}; a card says what its newest release pins."), reading.versions),
        (_("No filter leaves out {words}, so the search went on without."), reading.ignored),
        (_("No filter, and only moves rows up that say it: {words}."), reading.dropped),
    ):
        if pieces:
            st.caption(sentence.format(words=quoted(pieces)))
    if len(reading.compared) > 1:
        compared = [index.libraries[position] for position in reading.compared[:MOST_COMPARED]]
        names = _(" and ").join(words.plain(library.name) for library in compared)
        st.page_link(
            state.PAGE,
            label=_("See {names} side by side").format(names=names),
            icon=":material/compare_arrows:",
            query_params=state.link(address, view="compare", compared=tuple(library.key for library in compared)),
        )


def quoted(pieces: Iterable[str]) -> str:
    """Words in quotation marks, one after the other."""
    return ", ".join(f"“{words.plain(piece)}”" for piece in pieces)


def _parts(index: Index, reading: Reading) -> Iterator[str]:
    for position in reading.like:
        yield _("like {name}").format(name=_name(index, position))
    for position in reading.compared:
        yield _("{titles} first").format(titles=_name(index, position))
    for asked in dict.fromkeys((*reading.filters, *reading.wishes)):
        titles = _titles(index, asked)
        known = asked in reading.filters
        yield f"{_(index.facets[asked.facet].title)}: {titles}" if known else _("{titles} first").format(titles=titles)
    without = [_titles(index, asked) for _phrase, asked in reading.without]
    without += [_name(index, position) for _phrase, position in reading.not_named]
    for title in dict.fromkeys(without):
        yield _("without {titles}").format(titles=title)


def _name(index: Index, position: int) -> str:
    return words.plain(index.libraries[position].name)


def _titles(index: Index, asked: Asked) -> str:
    return asked.title or _(" or ").join(_(index.facets[asked.facet].titles[value]) for value in asked.values)
