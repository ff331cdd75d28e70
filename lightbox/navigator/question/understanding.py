"""From the pieces of a question and how each is meant to what it asks as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.navigator.methods import GOALS
from lightbox.navigator.question.asked import Asked, normal
from lightbox.navigator.question.either import any_of, common, groups
from lightbox.navigator.question.exclusion import excluded
from lightbox.navigator.question.reading import Part, Reading
from lightbox.navigator.question.senses import senses
from lightbox.navigator.question.stop_words import EXPLAINING
from lightbox.navigator.question.trade_words import WITHOUT
from lightbox.navigator.question.versions import versions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from lightbox.navigator.question.pieces import Piece
    from lightbox.navigator.question.senses import Sense, Senses


def understand(pieces: Sequence[Piece], holding: Callable[[str], int], text: str) -> Reading:
    """What a question asks.

    Args:
        pieces: all of it, in order.
        holding: the rows that hold some words; 0 for none.
        text: as typed.
    """
    meant = senses(pieces)

    def of(*wanted: Sense) -> list[Piece]:
        return [piece for piece, sense in zip(pieces, meant.of, strict=True) if sense in wanted]

    rest = [piece.text for piece in of("asked") if not (piece.means or piece.says_nothing or piece.is_number)]
    # An alternative to a method is another method.
    instead = [piece for piece in of("like") if piece.name is None]
    ruled_out = [*of("without"), *instead]
    return Reading(
        asked=(*_asked(pieces, meant), *_other_answers(instead), *_asked_by_absence(of("ignored"))),
        names=tuple(_names(pieces, meant)),
        held=tuple(piece for piece in rest if holding(piece)),
        unknown=tuple(piece for piece in rest if not holding(piece)),
        explains=any(word.text in EXPLAINING for piece in pieces for word in piece.words),
        without=tuple((piece.text, asked) for piece in ruled_out for asked in excluded(piece.known)),
        not_named=tuple((piece.text, piece.name) for piece in ruled_out if piece.name is not None),
        ignored=tuple(piece.text for piece in of("ignored") if normal((piece.text,))[0] not in WITHOUT),
        like=tuple(dict.fromkeys(piece.name for piece in of("like") if piece.name is not None)),
        compared=tuple(dict.fromkeys(piece.name for piece in of("compared") if piece.name is not None)),
        versions=tuple(versions(pieces, text)),
        parts=tuple(_parts(pieces, meant)),
    )


def _asked(pieces: Sequence[Piece], meant: Senses) -> Iterator[tuple[str, Asked]]:
    places = [at for at, sense in enumerate(meant.of) if sense in ("asked", "compared")]
    for group in groups(places, pieces, meant.either):
        # What is compared and is of no common kind is looked for by its name alone.
        if len(group) > 1 or meant.of[group[0]] == "asked":
            yield from any_of([pieces[at] for at in group])


def _other_answers(instead: Sequence[Piece]) -> Iterator[tuple[str, Asked]]:
    """What an alternative to a method has to answer: the question that the method answers first."""
    for piece in instead:
        methods = [value for asked in piece.known if asked.facet == "method" for value in asked.values]
        goals = [goal.key for goal in GOALS.values() if set(methods) & set(goal.methods)]
        if goals:
            yield piece.text, Asked("goal", (goals[0],), "general")


def _asked_by_absence(ruled_out: Sequence[Piece]) -> Iterator[tuple[str, Asked]]:
    """What it asks for to be without something that no library is filtered by."""
    for piece in ruled_out:
        asked = WITHOUT.get(normal((piece.text,))[0], ())
        yield from ((f"without {piece.text}", one) for one in asked)


def _names(pieces: Sequence[Piece], meant: Senses) -> Iterator[tuple[str, int]]:
    """The libraries that are asked for by name, those that are compared only where no phrase stands for them."""
    tied = {at for pair in meant.either if common([pieces[at] for at in pair]) for at in pair}
    for at, (piece, sense) in enumerate(zip(pieces, meant.of, strict=True)):
        by_name = (sense == "asked" and not piece.by_chance) or (sense == "compared" and at not in tied)
        if piece.name is not None and by_name:
            yield piece.text, piece.name


def _parts(pieces: Sequence[Piece], meant: Senses) -> Iterator[Part]:
    """What can be left out: each phrase, name and word, and each exclusion as a whole."""
    for at, (piece, sense) in enumerate(zip(pieces, meant.of, strict=True)):
        if sense in ("asked", "compared") and not (piece.says_nothing or piece.is_number):
            yield Part(piece.text, piece.start, piece.end)
        for first, last in meant.exclusions:
            if at == first:
                said = " ".join(one.text for one in pieces[first : last + 1])
                yield Part(said, piece.start, pieces[last].end)
