"""Numbers and tables as the documents write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def to_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines).replace("| --- ", "|---").replace("--- |", "---|")


def percent(share: float | None) -> str:
    """Such as: 84.5 %; a dash where there is nothing to say."""
    return "–" if share is None else f"{100 * share:.1f} %"


def with_interval(share: float | None, interval: tuple[float, float]) -> str:
    """Such as: 84.5 % (80.6 to 87.8)."""
    return f"{percent(share)} ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"


def whole_percent(share: float, low: float | None = None, high: float | None = None) -> str:
    """Such as: 33 %, or 33 % (28 to 38)."""
    told = f"{share:.0%}".replace("%", " %")
    return told if low is None or high is None else f"{told} ({100 * low:.0f} to {100 * high:.0f})"


def short_count(count: int) -> str:
    """Such as: 43 k, 23.5 M."""
    return f"{count / 1e6:.1f} M" if count >= 1e6 else f"{count / 1e3:.0f} k"


def join(parts: Sequence[str]) -> str:
    """Such as: a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
