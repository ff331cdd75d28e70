"""Files that went wrong in use, each beside the same picture in plain form."""

from __future__ import annotations

from pathlib import Path

CASES = Path(__file__).resolve().parents[2] / "cases"


def case(name: str) -> bytes:
    return (CASES / name).read_bytes()
