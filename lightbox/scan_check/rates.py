"""How often the check is right, as it was measured on pictures that the detector has not learned from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from lightbox.core.whole_file import write_whole
from lightbox.scan_check.concern import PLURALS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RATES_NAME = "rates.json"
# What was shown, in the order in which it is told; "{scans}" is the kind's own name in the plural.
GROUPS = {
    "test": "test {scans}",
    "new": "test {scans} whose picture training has not seen",
    "new_inverted": "these new {scans} with black and white exchanged",
    "new_upside_down": "these new {scans} upside down",
    "changed": "test {scans} turned by 8 degrees, cropped by a tenth and compressed",
    "synthetic": "synthetic {scans}",
    "other": "scans of the other kind",
    "inverted": "test {scans} with black and white exchanged",
    "upside_down": "test {scans} upside down",
    "flipped": "test {scans} flipped top to bottom",
    "turned": "test {scans} turned by a quarter",
    "mirrored": "test {scans} with left and right exchanged",
    "photograph": "photographs and micrographs kept apart",
    "photograph_part": "parts of these photographs",
    "drawn": "drawings, charts, writing and noise",
}
# Pictures that should raise no concern; all others should.
HARMLESS = ("test", "new", "changed", "synthetic")


@dataclass(frozen=True, slots=True)
class Rate:
    """How many pictures of a group raised a concern where one kind of scan was expected.

    Args:
        task: the kind that was expected.
        group: key of `GROUPS`.
        count: pictures shown.
        flagged: of these, how many raised a concern.
    """

    task: str
    group: str
    count: int
    flagged: int

    @property
    def harmless(self) -> bool:
        """Whether a concern would be a false alarm; elsewhere its absence is a miss."""
        return self.group in HARMLESS

    @property
    def words(self) -> str:
        """Which pictures, such as "test chest X-rays upside down"."""
        return GROUPS[self.group].format(scans=PLURALS[self.task])


@cache
def read_rates() -> tuple[Rate, ...]:
    """The shipped rates, in the order in which they were measured."""
    text = resources.files("lightbox.scan_check").joinpath(RATES_NAME).read_text(encoding="utf-8")
    return tuple(Rate(**row) for row in json.loads(text)["rates"])


def to_markdown(rates: Sequence[Rate]) -> str:
    """The table of the documentation: a row a group, false alarms and misses in per cent with their counts."""
    lines = ["| expected | shown | pictures | wrong | |", "|---|---|---|---|---|"]
    for rate in rates:
        wrong = rate.flagged if rate.harmless else rate.count - rate.flagged
        kind = "false alarms" if rate.harmless else "missed"
        expected = PLURALS[rate.task]
        lines.append(f"| {expected} | {rate.words} | {rate.count} | {wrong} ({wrong / rate.count:.1%}) | {kind} |")
    return "\n".join(lines)


def write_rates(rates: list[Rate], path: Path, about: dict[str, str]) -> None:
    """Write a record of rates, with what they are about (date, digest of the weights)."""
    rows = ",\n".join(f"  {json.dumps(asdict(rate))}" for rate in rates)
    head = json.dumps(about, indent=1)[:-2]
    write_whole(path, f'{head},\n "rates": [\n{rows}\n ]\n}}\n'.encode())
