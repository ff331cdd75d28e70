"""What a licence allows, in four kinds, and whether it is written as SPDX writes it."""

from __future__ import annotations

import re

from lightbox.navigator.terms import Term, by_key

KINDS = by_key(
    (
        Term("permissive", "Permissive", help="Use it in closed products too, keep the notice."),
        Term("copyleft", "Copyleft", ("GPL", "LGPL", "AGPL"), help="What you build on it and hand on stays open."),
        Term("restricted", "Restricted", ("non-commercial",), help="Not open source, or not for commercial use."),
        Term("unknown", "Unknown", help="No licence seen: treat it as no permission."),
    )
)

PERMISSIVE = frozenset(
    (
        "MIT",
        "MIT-0",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BSD-3-Clause-Clear",
        "ISC",
        "0BSD",
        "Zlib",
        "BSL-1.0",
        "Unlicense",
        "CC0-1.0",
        "CC-BY-4.0",
        "PSF-2.0",
        "Artistic-2.0",
    )
)
COPYLEFT = frozenset(
    [
        f"{family}-{end}"
        for family in ("GPL-2.0", "GPL-3.0", "LGPL-2.1", "LGPL-3.0", "AGPL-3.0")
        for end in ("only", "or-later")
    ]
    + ["MPL-2.0", "EPL-2.0", "EUPL-1.2", "CC-BY-SA-4.0"]
)
RESTRICTED = frozenset(("BUSL-1.1", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC-BY-NC-ND-4.0", "CC-BY-ND-4.0", "SSPL-1.0"))
_REFERENCE = re.compile(r"LicenseRef-[A-Za-z0-9.-]+")


def identifiers(expression: str) -> list[str]:
    """The licence identifiers of an SPDX expression joined by AND or OR; [] where it is empty."""
    return [part for part in re.split(r" (?:AND|OR) ", expression) if part]


def is_well_formed(expression: str) -> bool:
    """Whether every part is an SPDX identifier of the lists above or a ``LicenseRef-``; the empty text is."""
    known = PERMISSIVE | COPYLEFT | RESTRICTED
    return all(part in known or _REFERENCE.fullmatch(part) for part in identifiers(expression))


def kind(expression: str) -> str:
    """Key of `KINDS`: of several licences that all hold, the strictest.

    A licence nobody classified (``LicenseRef-``) counts as restricted, never as permission.
    """
    parts = identifiers(expression)
    if not parts:
        return "unknown"
    ranks = [0 if part in PERMISSIVE else 1 if part in COPYLEFT else 2 for part in parts]
    either = " OR " in expression and " AND " not in expression
    return ("permissive", "copyleft", "restricted")[min(ranks) if either else max(ranks)]
