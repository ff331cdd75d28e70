"""Groups that share a member are one group."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Member = TypeVar("Member", bound=Hashable)


def unite(groups: Iterable[Sequence[Member]]) -> dict[Member, Member]:
    """Every member with the one that stands for its group; groups that are tied by a chain of members are one.

    The first member of a group stands for it; of two groups that are united, the one that stands for the later tie's
    first member. So the same groups in the same order always have the same members stand for them.

    Args:
        groups: what belongs together, each of one member or more; a member may be in several.
    """
    above: dict[Member, Member] = {}

    def top(member: Member) -> Member:
        while above.setdefault(member, member) != member:
            above[member] = above[above[member]]
            member = above[member]
        return member

    for first, *others in groups:
        stands = top(first)
        for other in others:
            above[top(other)] = stands
    return {member: top(member) for member in list(above)}
