"""The newest release of a package, from the package index that pip is configured with, mirrors included.

No index is named here: its address, certificates, proxies and credentials are pip's own settings, read through pip.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from lightbox.navigator.sources import NoNetworkError, Release, SourceError

SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"
# The day from which a package could know of a version, and releases of that version for a pin to be tried on.
NEWER: dict[str, tuple[date, dict[str, tuple[str, ...]]]] = {
    "numpy-2": (date(2024, 6, 16), {"numpy": ("2.0.2", "2.4.0", "2.9.9")}),
    "keras-3": (date(2023, 11, 27), {"keras": ("3.0.0", "3.9.9"), "tensorflow": ("2.16.1", "2.20.0")}),
}
# The first beta was the first day on which a package could be tried on it.
NEWEST_PYTHON, NEWEST_PYTHON_SINCE = "3.15.0", date(2026, 5, 5)

# Asks for an address with an Accept header: status and decoded JSON, None where it is none.
Ask = Callable[[str, str], tuple[int, Any]]


@dataclass(frozen=True, slots=True)
class PipIndex:
    """The index pip asks first: the address of its simple interface, and how pip asks it."""

    base: str
    ask: Ask

    def project(self, package: str) -> Mapping[str, Any]:
        """The answer of the simple interface about a package.

        Raises:
            SourceError: the index does not know the package, or speaks only HTML.
        """
        status, content = self.ask(f"{self.base}/{quote(package)}/", SIMPLE_JSON)
        if status != 200:
            raise SourceError(f"the package index answered {status} for the package {package}")
        if not isinstance(content, dict) or "files" not in content:
            raise SourceError("the package index does not answer in JSON")
        return content

    def requirements(self, package: str) -> tuple[str, ...] | None:
        """What the newest release requires, where the index has the project interface beside the simple one."""
        status, content = self.ask(
            f"{self.base.removesuffix('/simple')}/pypi/{quote(package)}/json", "application/json"
        )
        try:
            return tuple(content["info"]["requires_dist"] or ()) if status == 200 else None
        except (KeyError, TypeError):
            return None


def of_pip() -> PipIndex:
    """The index of pip's own configuration.

    Raises:
        SourceError: this Python has no pip, or one whose settings cannot be read.
    """
    try:
        command = importlib.import_module("pip._internal.commands").create_command("index")
        options, _ = command.parse_args(["versions", "pip"])
        session = command._build_session(options)  # noqa: SLF001  # pip has no public way to its settings
        base = str(options.index_url or "").rstrip("/")
    except Exception as error:  # whatever another pip does differently
        raise SourceError(f"pip's settings could not be read: {type(error).__name__}") from error
    if not base:
        raise SourceError("pip is configured without an index")

    def ask(address: str, accept: str) -> tuple[int, Any]:
        try:
            reply = session.get(address, headers={"Accept": accept})
            is_json = "json" in reply.headers.get("content-type", "")
            return int(reply.status_code), reply.json() if reply.status_code == 200 and is_json else None
        except Exception as error:  # pip's copy of requests raises its own kinds; the address stays unsaid
            raise NoNetworkError(f"the package index: {type(error).__name__}") from error

    return PipIndex(base, ask)


def newest_release(package: str, index: PipIndex) -> Release | None:
    """The newest release that is neither a trial nor withdrawn, with its day and what it allows; None without files.

    Raises:
        SourceError: from `PipIndex.project`.
        NoNetworkError: the index could not be reached.
    """
    files = [one for one in index.project(package)["files"] if not one.get("yanked")]
    dated: dict[Any, list[Mapping[str, Any]]] = {}
    for one in files:
        version = _version(package, str(one.get("filename", "")))
        if version is not None:
            dated.setdefault(version, []).append(one)
    finals = [version for version in dated if not version.is_prerelease] or list(dated)
    if not finals:
        return None
    newest = max(finals)
    days = [str(one["upload-time"])[:10] for one in dated[newest] if one.get("upload-time")]
    day = date.fromisoformat(min(days)) if days else None
    python = next((one["requires-python"] for one in dated[newest] if one.get("requires-python")), "")
    required = index.requirements(package)
    runs, refuses = allowed(required or (), day, python)
    held = pins(required or (), python)
    return Release(str(newest), day, runs, refuses, held, known=required is not None)


def allowed(required: tuple[str, ...], day: date | None, python: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a release allows and what it rules out, keys of `vocabulary.RUNS_WITH`; the rest is not known.

    A thing is allowed where the release came after it, requires it and does not rule it out: no bound alone is no
    promise. An optional requirement can rule out, and allows nothing.

    Args:
        required: lines as in ``Requires-Dist``.
        day: of the release; None is not known, and then nothing counts as allowed.
        python: its ``Requires-Python``; "" where it says nothing.
    """
    runs, refuses = [], []
    packaging = _packaging()
    asked = [(packaging.requirement(line), "extra ==" in line) for line in required]
    for key, (since, versions) in NEWER.items():
        named = [(one, extra) for one, extra in asked if one.name.lower() in versions and _holds_today(one)]
        fits = [any(one.specifier.contains(text) for text in versions[one.name.lower()]) for one, _ in named]
        optional_counts = key == "keras-3"
        if any(not fit and (optional_counts or not extra) for fit, (_, extra) in zip(fits, named, strict=True)):
            refuses.append(key)
        elif day is not None and day >= since and any(not extra for _, extra in named):
            runs.append(key)
    if python:
        key = f"python-{NEWEST_PYTHON.rpartition('.')[0]}"
        if not packaging.specifiers(python).contains(NEWEST_PYTHON):
            refuses.append(key)
        elif day is not None and day >= NEWEST_PYTHON_SINCE:
            runs.append(key)
    return tuple(runs), tuple(refuses)


def pins(required: tuple[str, ...], python: str) -> tuple[str, ...]:
    """What a release holds below a version, as "numpy<2" or "torch>=2.1,<2.3", and the Python it wants, first.

    What only an extra requires, or only an older Python, is left out: `pip install` meets none of it.

    Args:
        required: lines as in ``Requires-Dist``.
        python: its ``Requires-Python``; "" where it says nothing.
    """
    packaging = _packaging()
    found: dict[str, str] = {}
    for line in required:
        one = packaging.requirement(line)
        if "extra ==" in line or not _holds_today(one) or one.url:
            continue
        if any(bound.operator in _HOLDING for bound in one.specifier):
            name = one.name.lower().replace("_", "-")
            found.setdefault(name, name + _bounds(one.specifier))
    wanted = [f"python{_bounds(packaging.specifiers(python))}"] if python else []
    return (*wanted, *(found[name] for name in sorted(found)))


# The operators that keep newer versions out.
_HOLDING = ("<", "<=", "==", "===", "~=")


def _bounds(specifiers: Any) -> str:
    """The bounds of a requirement as one reads them: from below, then what is left out, then from above."""
    order = (">", ">=", "~=", "==", "===", "!=", "<", "<=")
    return ",".join(str(bound) for bound in sorted(specifiers, key=lambda one: (order.index(one.operator), str(one))))


def _holds_today(requirement: Any) -> bool:
    """Whether a requirement holds on a Python of today; lines for older ones say nothing about newer packages."""
    if requirement.marker is None or "extra" in str(requirement.marker):
        return True
    return bool(requirement.marker.evaluate({"python_version": "3.12", "python_full_version": "3.12.0"}))


@dataclass(frozen=True, slots=True)
class _Packaging:
    requirement: Callable[[str], Any]
    specifiers: Callable[[str], Any]
    version_of: Callable[[str], Any]


@lru_cache(maxsize=1)
def _packaging() -> _Packaging:
    """The reader of versions that pip carries."""
    parts = {name: importlib.import_module(f"pip._vendor.packaging.{name}") for name in _PARTS}
    return _Packaging(parts["requirements"].Requirement, parts["specifiers"].SpecifierSet, parts["version"].Version)


_PARTS = ("requirements", "specifiers", "version")


def _version(package: str, filename: str) -> Any:
    """The version in the name of a wheel or a source archive; None where it is neither, or of no readable version."""
    stem = filename.removesuffix(".whl").removesuffix(".tar.gz").removesuffix(".zip")
    if stem == filename:
        return None
    text = stem.split("-")[1:2] if filename.endswith(".whl") else [stem[len(package) + 1 :]]
    try:
        return _packaging().version_of(text[0]) if text else None
    except ValueError:
        return None
