"""How each piece of a question is meant: asked for, ruled out, set against another, or the one to be like."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from lightbox.navigator.question.sign_words import (
    AFTER_ALIKE,
    AGAINST,
    ALIKE,
    BEFORE_LIKE,
    BETWEEN,
    BUT,
    JOINING,
    NEGATIONS,
    NO_NEGATIONS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lightbox.navigator.question.pieces import Piece

# "sign" is a word that only says how others are meant; "ignored" is ruled out, and nothing can be filtered by it.
Sense = Literal["asked", "without", "like", "compared", "ignored", "sign"]


@dataclass(frozen=True, slots=True)
class Senses:
    """How the pieces of a question are meant, each by its place.

    Args:
        of: the sense of each piece.
        exclusions: first and last piece of each "without ...".
        either: pairs of which one is enough: an "or" stands between, or both are compared.
    """

    of: tuple[Sense, ...]
    exclusions: tuple[tuple[int, int], ...]
    either: tuple[tuple[int, int], ...]


def senses(pieces: Sequence[Piece]) -> Senses:
    """How the pieces are meant."""
    found: list[Sense] = ["asked"] * len(pieces)
    exclusions = _rule_out(pieces, found)
    _liken(pieces, found)
    _set_against(pieces, found)
    either = [
        (at - 1, at + 1)
        for at in range(1, len(pieces) - 1)
        if pieces[at].text == "or" and found[at - 1] == found[at + 1] == "asked"
    ]
    compared = [at for at, sense in enumerate(found) if sense == "compared"]
    return Senses(tuple(found), tuple(exclusions), (*either, *pairwise(compared)))


def _rule_out(pieces: Sequence[Piece], found: list[Sense]) -> list[tuple[int, int]]:
    exclusions = []
    at = 0
    while at < len(pieces):
        length = 0 if _starts(pieces, at, NO_NEGATIONS) else _starts(pieces, at, NEGATIONS)
        if length:
            target = _ruled_out_after(pieces, at + length)
            if target is not None:
                last = _rule_out_from(pieces, found, target, swapped=pieces[at].text == "instead")
                exclusions += [(at, last)] if found[last] == "without" else []
                length = last + 1 - at
            found[at : at + length] = [
                sense if sense in ("without", "ignored", "like") else "sign" for sense in found[at : at + length]
            ]
        elif pieces[at].text == "free" and pieces[at].words[0].joined and pieces[at - 1].means:
            found[at - 1 : at + 1] = ["without", "sign"]
            exclusions.append((at - 1, at))
        at += length or 1
    return exclusions


def _ruled_out_after(pieces: Sequence[Piece], at: int) -> int | None:
    """The place of what a negation before ``at`` rules out; None where nothing follows in its clause."""
    while at < len(pieces) and not pieces[at - 1].ends:
        piece = pieces[at]
        if piece.means or not (piece.says_nothing or piece.is_number or piece.text in BETWEEN):
            return at
        if piece.text not in BETWEEN:
            return None
        at += 1
    return None


def _rule_out_from(pieces: Sequence[Piece], found: list[Sense], at: int, *, swapped: bool) -> int:
    """Rule out a piece, and what "or" adds to it; the place of the last one."""
    piece = pieces[at]
    if not piece.means:
        found[at] = "ignored"
        return at
    # "instead of Captum" asks for something like it; "instead of LIME" for another method.
    sense: Sense = "like" if swapped and not piece.known else "without"
    found[at] = sense
    while at + 2 < len(pieces) and _goes_on(pieces[at : at + 3]):
        at += 2
        found[at] = sense
    return at


def _goes_on(three: Sequence[Piece]) -> bool:
    """Whether "and" or "or" ties the third piece to the first: both are of a kind."""
    first, joining, third = three
    if first.ends or joining.text not in JOINING or not third.means:
        return False
    kinds = {asked.facet for asked in first.known} & {asked.facet for asked in third.known}
    return bool(kinds) or (first.name is not None and third.name is not None)


def _liken(pieces: Sequence[Piece], found: list[Sense]) -> None:
    """Find the library that others should be like; where only a method is named, that one."""
    signs = [at for at, piece in enumerate(pieces) if piece.text in ALIKE and not piece.means]
    named = [at for at, piece in enumerate(pieces) if piece.name is not None and found[at] == "asked"]
    targets = set(named or _beside(pieces, found, signs)) if signs else set()
    for at, piece in enumerate(pieces[:-1]):
        if piece.text == "like" and (at == 0 or pieces[at - 1].text in BEFORE_LIKE):
            follows = at + 1 + (pieces[at + 1].text in AFTER_ALIKE)
            if follows in named:
                targets.add(follows)
                signs.append(at)
        if at in named and tuple(one.text for one in pieces[at + 1 : at + 3]) in BUT:
            targets.add(at)
    for at in targets:
        found[at] = "like"
    for at in signs if targets else ():
        found[at] = "sign"


def _beside(pieces: Sequence[Piece], found: Sequence[Sense], signs: Iterable[int]) -> list[int]:
    """What stands right before "alternative", or after it with "to" between."""
    for sign in signs:
        after = sign + 1
        while after < len(pieces) and pieces[after].text in AFTER_ALIKE:
            after += 1
        for at in (sign - 1, after if after > sign + 1 else -1):
            if 0 <= at < len(pieces) and pieces[at].known and found[at] == "asked":
                return [at]
    return []


def _set_against(pieces: Sequence[Piece], found: list[Sense]) -> None:
    named = [at for at, piece in enumerate(pieces) if piece.name is not None and found[at] == "asked"]
    either = {
        at for first in named if first + 2 in named and pieces[first + 1].text == "or" for at in (first, first + 2)
    }
    compared = named if any(piece.text in AGAINST for piece in pieces) else sorted(either)
    if len({pieces[at].name for at in compared}) > 1:
        for at in compared:
            found[at] = "compared"


def _starts(pieces: Sequence[Piece], at: int, signs: Iterable[tuple[str, ...]]) -> int:
    """How many pieces at a place are one of the signs; 0 where none is."""
    for sign in sorted(signs, key=len, reverse=True):
        window = pieces[at : at + len(sign)]
        if tuple(piece.text for piece in window) == sign and not any(piece.means for piece in window):
            return len(sign)
    return 0
