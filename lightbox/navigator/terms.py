"""The shape of one word of a controlled vocabulary, and how words turn into addresses."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Term:
    """One allowed value of a column.

    Args:
        key: as written in ``libraries.csv``.
        title: for people.
        aliases: other words people type for it; search finds them, nothing shows them.
        help: one sentence for people who have not met the word; "" where the title says it.
        host: of a framework, the language a plain prediction function would be written in.
        from_predictions: of a method, whether it can be computed without the inside of the model.
        within: of a framework, the key of the one whose models its own are: a timm model is a PyTorch model.
    """

    key: str
    title: str
    aliases: tuple[str, ...] = ()
    help: str = ""
    host: str = ""
    from_predictions: bool = False
    within: str = ""


def by_key(terms: Iterable[Term]) -> dict[str, Term]:
    """The terms by key, in order."""
    return {term.key: term for term in terms}


def slug(text: str) -> str:
    """``text`` as it stands in an address: lower-case words joined by hyphens.

    "C++" would otherwise vanish into "c", so plus signs are spelled out.
    """
    return "-".join(words(text.replace("+", " plus ")))


def words(text: str) -> list[str]:
    """Lower-case words of ``text`` without accents or punctuation."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.findall(r"[a-z0-9]+", plain.lower())
