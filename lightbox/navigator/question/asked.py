"""What a phrase asks of a library, and how words are compared.

A phrase asks in one of three ways. A *filter* has to hold. A *wish* puts rows that are known to fulfil it first and
drops those known not to, because most rows do not say, and unknown is not no. A *general* word such as "attribution"
filters only where nothing more exact was asked: "evaluate my saliency maps" is about evaluation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Words = tuple[str, ...]
_AMERICAN = re.compile(r"(?<=\w{3})iz(?=(?:e|es|ed|er|ing|ation|ations)$)")
# What a question is about; the other facets only say in which surroundings.
SUBJECTS = frozenset(("method", "goal", "data", "task", "topic", "family", "interface"))


@dataclass(frozen=True, slots=True)
class Asked:
    """What a phrase asks: any of ``values`` of a facet, as a "filter", a "wish" or "general".

    Rows that answer one of ``wider`` are found too, behind the others: a library for pictures takes medical ones.
    Where the values are too many to be read out, ``title`` says them in short.
    """

    facet: str
    values: tuple[str, ...]
    kind: str = "filter"
    wider: tuple[str, ...] = ()
    title: str = ""


def normal(spelled: Iterable[str]) -> Words:
    """Words in British spelling and without the "s" of a plural, on either side of a comparison."""
    return tuple(_singular(_AMERICAN.sub("is", word)) for word in spelled)


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 3 else word
