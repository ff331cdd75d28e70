"""A typed text cut into words that know where they stand in it, and what the signs between them say."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"(?<![a-z0-9])c(?:\+\+|\#)|(?<![a-z0-9])w/o(?![a-z0-9])|[a-z]+n't|<=?\s*\d+|[a-z0-9]+")
_SAID_BY_SIGNS = {"c++": "cpp", "c#": "csharp", "w/o": "without"}
_CLAUSE_ENDS = re.compile(r"[,;:!?()]|\.\s")
_NUMBER = re.compile(r"<?v?\d+")


@dataclass(frozen=True, slots=True)
class Word:
    """One typed word.

    Args:
        text: in lower case without accents, as `terms.words` writes the words of a row; "<2" for what has to be below.
        start: place of its first letter in the typed text.
        end: place behind its last letter.
        joined: whether a hyphen ties it to the word before.
        ends: whether a clause ends behind it, as at a comma.
    """

    text: str
    start: int
    end: int
    joined: bool = False
    ends: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a number or the number of a version, as in "v3"."""
        return bool(_NUMBER.fullmatch(self.text))


def typed_words(text: str) -> tuple[Word, ...]:
    """The words of a text in order, without the word "version" before a number."""
    plain, places = _plain(text)
    matches = list(_WORD.finditer(plain))
    found = []
    for at, match in enumerate(matches):
        before = plain[matches[at - 1].end() : match.start()] if at else ""
        behind = plain[match.end() : matches[at + 1].start()] if at + 1 < len(matches) else ".\n"
        found.append(
            Word(
                _spelled(match.group()),
                places[match.start()],
                places[match.end() - 1] + 1,
                joined=before in ("-", "_"),
                ends=bool(_CLAUSE_ENDS.search(behind)),
            )
        )
    numbered = {at for at, word in enumerate(found[1:]) if word.is_number}
    return tuple(word for at, word in enumerate(found) if not (word.text == "version" and at in numbered))


def _plain(text: str) -> tuple[str, list[int]]:
    """The text in lower case without accents, and for each letter its place in the typed text."""
    letters: list[str] = []
    places: list[int] = []
    for place, typed in enumerate(text):
        same = "'" if typed == "’" else unicodedata.normalize("NFKD", typed)
        for letter in same.encode("ascii", "ignore").decode("ascii").lower():
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def _spelled(typed: str) -> str:
    if typed.endswith("n't"):
        return "not"
    return _SAID_BY_SIGNS.get(typed) or re.sub(r"[=\s]", "", typed)
