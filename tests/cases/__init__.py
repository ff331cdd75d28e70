"""Small inputs that went wrong in use: no patient, no name in them. Each stands for a kind of fault."""

from __future__ import annotations

from pathlib import Path

CASES = Path(__file__).resolve().parent
