"""One row of the catalogue, typed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import TYPE_CHECKING

from lightbox.navigator import licences, maintenance
from lightbox.navigator.methods import GOALS, METHODS
from lightbox.navigator.terms import slug
from lightbox.navigator.vocabulary import FRAMEWORKS, LISTS, OPEN_TO_PARENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LIST_SEPARATOR = ";"
_DATES = ("last_commit", "release_date", "checked", "stars_as_of")


@dataclass(frozen=True, slots=True)
class Library:
    """A library as its row says, in the order of the columns. "" and None mean: not known.

    Args:
        repository: ``owner/name`` on GitHub.
        package: name to install from ``registry``: "pypi", "cran" or "julia".
        license: SPDX expression; "" where no licence was seen.
        frameworks: where its models may come from; "any" takes a plain prediction function.
        families: kinds of model it is shown with; none means that nobody wrote them down.
        runs_with: what its newest release allows, ``not_with`` what it rules out; the rest is not known.
        pins: the Python that its newest release wants, and what else it holds below a version, as "numpy<2".
        last_commit: newest commit known, see ``last_commit_source``.
        status: as recorded on the day ``checked``; a page shows `status_on` instead.
        checked: the day on which the row was read; ``fact_dates`` names the cells that were checked on another day,
            as "license=2026-11-29". See `checked_on`.
        stars: from ``stars_source`` on ``stars_as_of``.
        evidence: the files that were read.
        verified: "yes" where methods, frameworks and licence were read in the project's own files.
    """

    name: str
    repository: str
    docs_url: str
    package: str
    registry: str
    language: tuple[str, ...]
    license: str
    paradigm: str
    frameworks: tuple[str, ...]
    data_types: tuple[str, ...]
    tasks: tuple[str, ...]
    methods: tuple[str, ...]
    families: tuple[str, ...]
    topics: tuple[str, ...]
    scope: str
    model_agnostic: str
    interface: tuple[str, ...]
    runs_with: tuple[str, ...]
    not_with: tuple[str, ...]
    pins: tuple[str, ...]
    description: str
    last_commit: date | None
    last_commit_source: str
    release: str
    release_date: date | None
    status: str
    checked: date
    fact_dates: tuple[str, ...]
    stars: int | None
    stars_as_of: date | None
    stars_source: str
    notable_limits: str
    evidence: str
    verified: str

    @property
    def key(self) -> str:
        """The name as it stands in an address."""
        return slug(self.name)

    @property
    def repository_url(self) -> str:
        return f"https://github.com/{self.repository}"

    @property
    def licence_kind(self) -> str:
        return licences.kind(self.license)

    @property
    def goals(self) -> tuple[str, ...]:
        """Keys of the questions that at least one of its methods answers."""
        return tuple(key for key, goal in GOALS.items() if set(goal.methods) & set(self.methods))

    @property
    def install_line(self) -> str:
        """What to type to install it; "" where no package is known."""
        lines = {
            "pypi": f"pip install {self.package}",
            "cran": f'install.packages("{self.package}")',
            "julia": f'using Pkg; Pkg.add("{self.package}")',
        }
        return lines.get(self.registry, "")

    @property
    def last_sign(self) -> date | None:
        """The newest sign of life known, a commit or a release; None where neither is."""
        return max((day for day in (self.last_commit, self.release_date) if day), default=None)

    def status_on(self, today: date) -> str:
        """See `maintenance.status_on`."""
        return maintenance.status_on(
            today, recorded=self.status, last_sign=self.last_sign, checked=self.checked_on("status")
        )

    def checked_on(self, column: str) -> date | None:
        """The day on which somebody, or a refresh, last looked at a cell; None for stars that nobody counted."""
        if column in ("stars", "stars_source", "stars_as_of"):
            return self.stars_as_of
        return next((day for name, day in map(fact_date, self.fact_dates) if name == column), self.checked)

    def names(self, framework: str) -> bool:
        """Whether it says that it takes models of ``framework``, or of one within: timm models are PyTorch's."""
        return any(key == framework or FRAMEWORKS[key].within == framework for key in self.frameworks)

    def works_with(self, framework: str, methods: Iterable[str] = ()) -> str:
        """How models of ``framework`` get in: "named", "wider", "any" (a prediction function), or "" (not at all).

        "wider" is the framework around: what takes any PyTorch module takes a timm model.

        "any" holds only in the library's own language, and, where the library has methods of
        either kind, only for methods that need predictions alone: a prediction function has no gradient.

        Args:
            framework: key of `vocabulary.FRAMEWORKS`.
            methods: the methods of which one is wanted; none given means that any of the library's would do.
        """
        if self.names(framework):
            return "named"
        if framework in OPEN_TO_PARENT and FRAMEWORKS[framework].within in self.frameworks:
            return "wider"
        if "any" not in self.frameworks or FRAMEWORKS[framework].host not in self.language:
            return ""
        asked = tuple(methods)
        if self.model_agnostic == "both" and asked:
            return "any" if any(METHODS[key].from_predictions for key in asked if key in self.methods) else ""
        return "any"


def fact_date(text: str) -> tuple[str, date]:
    """Column and day of one part of ``fact_dates``.

    Raises:
        ValueError: it is not of the form ``column=2026-11-29``.
    """
    column, _, day = text.partition("=")
    return column, date.fromisoformat(day)


COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Library))


def parse(row: Mapping[str, str]) -> Library:
    """The library that a row of text describes.

    Raises:
        ValueError: a date or a number does not read as one. `validate.problems` says which.
        KeyError: a column is missing.
    """
    cells: dict[str, object] = {}
    for column in COLUMNS:
        text = row[column]
        if column in LISTS:
            cells[column] = tuple(part for part in text.split(LIST_SEPARATOR) if part)
        elif column in _DATES:
            cells[column] = date.fromisoformat(text) if text else None
        elif column == "stars":
            cells[column] = int(text) if text else None
        else:
            cells[column] = text
    if cells["checked"] is None:
        raise ValueError("the cell 'checked' is empty")
    for part in row["fact_dates"].split(LIST_SEPARATOR):
        if part:
            fact_date(part)
    return Library(**cells)  # type: ignore[arg-type]  # every column was given its type above


def to_row(library: Library) -> dict[str, str]:
    """The row of text that `parse` reads back to the same library."""
    row = {}
    for column in COLUMNS:
        value = getattr(library, column)
        if isinstance(value, tuple):
            row[column] = LIST_SEPARATOR.join(value)
        else:
            row[column] = "" if value is None else str(value)
    return row
