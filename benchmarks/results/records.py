"""Reads what benchmarks left in ``docs/records``."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from benchmarks.record import FOLDER, MEASURED


@dataclass(frozen=True, slots=True)
class Record:
    """One file of measurements.

    Args:
        source: "measured" where a benchmark wrote it, else where the figures were taken from.
        command: what measures them, "" where nothing does.
        date: ISO date of the measurement.
        machine: where it ran, in words.
        load_average: of one, five and fifteen minutes at its end; empty where nobody wrote it down.
        lightbox: version and commit of the code that was measured; empty likewise.
        packages: versions by name; empty likewise.
        figures: what was measured.
    """

    source: str
    command: str
    date: str
    machine: str
    figures: dict[str, Any]
    load_average: list[float] = field(default_factory=list)
    lightbox: dict[str, str] = field(default_factory=dict)
    packages: dict[str, str] = field(default_factory=dict)

    @property
    def provenance(self) -> str:
        """Where the figures come from, in one sentence."""
        if self.source != MEASURED:
            how = f"measured on {self.date}, copied from the {self.source}"
            return f"{how}; `{self.command}` measures them again" if self.command else how
        load = f", load average {self.load_average[0]:.1f} at the end" if self.load_average else ""
        return f"`{self.command}`, {self.date}, {self.machine}{load}"


@cache
def read_record(name: str) -> Record:
    """The record ``docs/records/NAME.json``."""
    return Record(**json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))
