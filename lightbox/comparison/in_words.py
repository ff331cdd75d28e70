"""What the maps have in common and where they differ, in a sentence or two: computed, and cautious."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lightbox.comparison.agreement import find_groups, find_shared_region
from lightbox.explainers import METHODS
from lightbox.imaging.describe import BORDER_KIND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lightbox.comparison.agreement import Group, MapName, Reading
    from lightbox.comparison.comparison import Comparison
    from lightbox.imaging.describe import Place, Region

# Maps overlap where each two of them order the picture's places alike at least as much as this
# (Spearman), and have at least this share of their strongest 5 % in common; by chance it would be 0 and 0.05.
ALIKE_RANKS, ALIKE_STRONGEST = 0.4, 0.3
# They do not where no two of them have more in common than this: what chance may give.
UNLIKE_STRONGEST = 0.1
ALIKE, UNLIKE, UNSAID = "alike", "unlike", "unsaid"
MOST_NAMES = 3
# "The middle third from top to bottom" would be read as a direction: what such a band is called, and where it is.
MIDDLES = {
    "middle third from left to right": ("in", "the middle between the picture's left and right"),
    "middle third from top to bottom": ("at", "the picture's mid-height"),
}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def summarise(comparison: Comparison) -> str:
    """What the maps have in common, and where they differ.

    "Four of five maps have their strongest evidence for Glioma in the picture's upper right third; LIME points to the
    picture's left border." A map's strongest evidence lies where more than half of its strongest 5 % do. Left and right
    are those of the picture. Maps of different classes are not compared, and what is left out (withheld, failed,
    without evidence for the class) is named. "" where no map can be read, and where nobody has said that the scan is
    right in spite of a concern: its maps should not be read.
    """
    return describe_groups(find_groups(comparison), comparison)


def describe_groups(groups: Sequence[Group], comparison: Comparison) -> str:
    """The same of what `find_groups` found."""
    if comparison.concern is not None and not comparison.confirmed:
        return ""
    names = _Names(comparison)
    read = [group for group in groups if group.readings]
    sentences = [_describe_group(group, names) for group in read]
    if len(read) > 1:
        sentences.append("Maps that explain different classes are not compared.")
    left_out: dict[str, dict[MapName, None]] = {}
    for name, reason in (pair for group in groups for pair in group.left_out):
        left_out.setdefault(reason, {})[name] = None
    if read and left_out:
        listed = "; ".join(f"{names.of_all(tuple(which))} ({reason})" for reason, which in left_out.items())
        sentences.append(f"Left out: {listed}.")
    return " ".join(sentences)


class _Names:
    """Maps by the names of their methods, and of their networks where there are several."""

    def __init__(self, comparison: Comparison) -> None:
        self._networks = {panel.network: panel.title for panel in comparison.panels}

    def of(self, name: MapName) -> str:
        method = METHODS[name.method].title
        return f"{self._networks[name.network]}'s {method}" if len(self._networks) > 1 else method

    def of_all(self, which: Sequence[MapName]) -> str:
        """``LIME of all networks, ConvNet's LRP``."""
        listed: list[str] = []
        for method in dict.fromkeys(name.method for name in which):
            mine = [name for name in which if name.method == method]
            everywhere = 1 < len(self._networks) == len(mine)
            listed += [f"{METHODS[method].title} of all networks"] if everywhere else map(self.of, mine)
        return ", ".join(listed)


def _describe_group(group: Group, names: _Names) -> str:
    count, evidence = len(group.readings), f"evidence for {group.title}"
    if count == 1:
        (only,) = group.readings
        return f"{_upper(names.of(only.name))} {_has(only, evidence)}."
    region, members = find_shared_region(group.readings)
    others = [reading for reading in group.readings if reading not in members]
    if not members:
        return _describe_apart(group, names)
    who = _upper(f"{_number(len(members))} of {_number(count)} maps") if others else _all(count)
    rest = f"; {_list(others, names)}" if others else ""
    verdict = _compare(group, members)
    if region is None:
        how = {ALIKE: ", in a similar pattern", UNLIKE: ", each in its own pattern", UNSAID: ""}[verdict]
        return f"{who} spread their {evidence} over the whole picture{how}{rest}."
    how = {ALIKE: " and overlap there", UNLIKE: ", but hardly overlap", UNSAID: ""}[verdict]
    return f"{who} have their strongest {evidence} {_at(region)}{how}{rest}."


def _describe_apart(group: Group, names: _Names) -> str:
    """Two or more maps, no two of which have a place in common."""
    which, listed = f"the {_number(len(group.readings))} maps for {group.title}", _list(group.readings, names)
    verdict = _compare(group, group.readings)
    if verdict == ALIKE:
        return f"{_upper(which)} overlap where they are strongest: {listed}."
    return f"{_upper(which)} differ: {listed}." if verdict == UNLIKE else f"Of {which}, {listed}."


def _compare(group: Group, members: Sequence[Reading]) -> str:
    """Whether each two of the maps are alike, no two of them are, or the figures do not say."""
    pairs = group.pairs_within([reading.name for reading in members])
    # Written so that a correlation that is no number agrees with nothing.
    if all(pair.rank_correlation >= ALIKE_RANKS and pair.overlap >= ALIKE_STRONGEST for pair in pairs):
        return ALIKE
    return UNLIKE if all(pair.overlap <= UNLIKE_STRONGEST for pair in pairs) else UNSAID


def _list(readings: Sequence[Reading], names: _Names) -> str:
    """``LIME points to the picture's left border, Grad-CAM and LRP are spread over the whole picture``."""
    by_place: dict[tuple[str, str], list[str]] = {}
    for reading in readings:
        by_place.setdefault(_points(reading), []).append(names.of(reading.name))
    listed = [f"{_join(who)} {one if len(who) == 1 else many}" for (one, many), who in by_place.items()]
    return ", ".join(listed)


def _points(reading: Reading) -> tuple[str, str]:
    """Where one map points, and the same of several."""
    if reading.spread:
        return "is spread over the whole picture", "are spread over the whole picture"
    region = reading.place.edge or reading.place.region
    where = "several places" if region is None else _name(region)[1]
    return f"points to {where}", f"point to {where}"


def _has(reading: Reading, evidence: str) -> str:
    """What the only map does."""
    if reading.spread:
        return f"spreads its {evidence} over the whole picture"
    region = reading.place.edge or reading.place.region
    return f"has its strongest {evidence} {'in several places' if region is None else _at(region)}"


def say_where(place: Place, spread: bool) -> str:  # noqa: FBT001  (as `agreement.place_strongest` tells it)
    """Where the strongest evidence of one map lies: ``lie in the picture's upper right third``."""
    if spread:
        return "are spread over the whole picture"
    region = place.edge or place.region
    return "lie in several places" if region is None else f"lie {_at(region)}"


def _at(region: Region) -> str:
    """``in the picture's upper right third``, ``at the picture's left border``."""
    return " ".join(_name(region))


def _name(region: Region) -> tuple[str, str]:
    """``in`` and ``the picture's upper right third``."""
    usual = "at" if region.kind == BORDER_KIND else "in", f"the picture's {region.words}"
    return MIDDLES.get(region.words, usual)


def _all(count: int) -> str:
    return "Both maps" if count == 2 else f"All {_number(count)} maps"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _join(names: Sequence[str]) -> str:
    """``A``, ``A and B``, ``A, B and C``; of more than that how many others there are."""
    if len(names) == 1:
        return names[0]
    shown = names if len(names) <= MOST_NAMES else [*names[: MOST_NAMES - 1], f"{len(names) - MOST_NAMES + 1} others"]
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]
