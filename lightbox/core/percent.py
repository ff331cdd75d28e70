"""A share in a sentence, as people read it. Columns of a table have one digit after the point throughout instead."""

from __future__ import annotations

import math


def percent(share: float) -> str:
    """Whole per cent, one digit below ten; never 0 % or 100 % by rounding: 78 %, 2.9 %, under 0.1 %, over 99 %."""
    if not math.isfinite(share):
        return "no share"
    value = 100 * share
    digits = 0 if abs(value) >= 10 or value == 0 else 1
    rounded = round(value, digits)
    if rounded == 0 and value != 0:
        return "under 0.1 %"
    if rounded == 100 and value < 100:
        return "over 99 %"
    return f"{rounded:g} %"


def whole_percent(share: float) -> str:
    """Whole per cent, for where a place is told and a digit more says nothing: 78 %, less than 1 %, more than 99 %."""
    rounded = round(100 * float(share))
    if rounded == 0 and share > 0:
        return "less than 1 %"
    if rounded == 100 and share < 1 - 1e-9:
        return "more than 99 %"
    return f"{rounded} %"
