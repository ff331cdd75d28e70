"""The navigator's settings as query parameters, so that a link shows another person the same view."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lightbox.core.errors import UserFacingError
from lightbox.navigator import vocabulary
from lightbox.navigator.facets import Query
from lightbox.navigator.index import SORTS, Index
from lightbox.navigator.methods import GOALS
from lightbox.navigator.terms import slug
from lightbox.navigator.wizard import Answers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

VIEWS = ("table", "list", "matrix", "wizard", "compare", "suggest")
# What the matrices set against each other: (rows, columns); rows "library" are the hits themselves.
MATRICES = {
    "method-framework": ("method", "framework"),
    "library-framework": ("library", "framework"),
    "library-method": ("library", "method"),
    "library-data": ("library", "data"),
}
MOST_COMPARED = 4
_WIZARD = {"my_framework": "framework", "my_data": "data", "my_goal": "goal", "inside": "inside"}
_LONGEST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Address:
    """Everything a link to the navigator says.

    Args:
        query: text and facets.
        view: one of `VIEWS`.
        sort: key of `index.SORTS`.
        library: key of the library whose card is open; "" for none.
        compared: keys of the libraries chosen for comparison, at most four.
        matrix: key of `MATRICES`.
        row: row of the matrix cell whose list is open; "" while none is chosen.
        column: its column.
        page: page of a long list, from 1.
        answers: the wizard's.
    """

    query: Query = field(default_factory=Query)
    view: str = "table"
    sort: str = "match"
    library: str = ""
    compared: tuple[str, ...] = ()
    matrix: str = "method-framework"
    row: str = ""
    column: str = ""
    page: int = 1
    answers: Answers = field(default_factory=Answers)


def read(parameters: Mapping[str, str], index: Index) -> tuple[Address, list[UserFacingError]]:
    """The address that the parameters mean, and a complaint for each part that means nothing and was left out.

    Parameters the navigator does not use are none of its business.
    """
    complaints: list[UserFacingError] = []
    address = Address(
        query=_read_query(parameters, index, complaints),
        view=_read_one(parameters, "view", VIEWS, complaints) or "table",
        sort=_read_one(parameters, "sort", SORTS, complaints) or "match",
        matrix=_read_one(parameters, "matrix", MATRICES, complaints) or "method-framework",
        page=_read_page(parameters, complaints),
        answers=_read_answers(parameters, complaints),
        compared=_read_libraries(parameters, "compare", index, complaints)[:MOST_COMPARED],
        library=next(iter(_read_libraries(parameters, "library", index, complaints)), ""),
    )
    return _with_cell(address, parameters, index, complaints), complaints


def write(address: Address) -> dict[str, str]:
    """The parameters that `read` turns back into the address; what is as by default is left out."""
    query, answers = address.query, address.answers
    parameters = {"view": address.view, "q": query.text.strip()}
    parameters |= {facet: ",".join(slug(value) for value in values) for facet, values in query.chosen.items()}
    parameters |= {"all": ",".join(sorted(query.all_of)), "any_model": "" if query.any_model else "no"}
    parameters |= {"sort": address.sort, "library": address.library, "compare": ",".join(address.compared)}
    parameters |= {"matrix": address.matrix, "row": slug(address.row), "column": slug(address.column)}
    parameters["page"] = str(address.page)
    parameters |= {name: slug(getattr(answers, question)) for name, question in _WIZARD.items()}
    usual = {"view": "table", "sort": "match", "matrix": "method-framework", "page": "1"}
    return {name: value for name, value in parameters.items() if value and value != usual.get(name)}


def _read_query(parameters: Mapping[str, str], index: Index, complaints: list[UserFacingError]) -> Query:
    chosen = {}
    for facet in index.facets.values():
        values: dict[str, None] = {}
        for text in _parts(parameters.get(facet.key, "")):
            value = facet.find(text)
            if value is None:
                complaints.append(_unknown(facet.title, text, facet.titles))
            else:
                values[value] = None
        if values:
            chosen[facet.key] = tuple(values)
    all_of = {part for part in _parts(parameters.get("all", "")) if part in chosen and index.facets[part].multivalued}
    any_model = slug(parameters.get("any_model", "")) not in ("no", "0", "false")
    return Query(parameters.get("q", "")[:_LONGEST_TEXT].strip(), chosen, frozenset(all_of), any_model)


def _read_one(
    parameters: Mapping[str, str], name: str, allowed: Iterable[str], complaints: list[UserFacingError]
) -> str:
    text = parameters.get(name, "")
    for value in allowed:
        if slug(text) == slug(value) != "":
            return value
    if text:
        complaints.append(_unknown(name.replace("_", " "), text, allowed))
    return ""


def _read_page(parameters: Mapping[str, str], complaints: list[UserFacingError]) -> int:
    text = parameters.get("page", "1")
    if text.isascii() and text.isdecimal() and 0 < len(text) < 5 and int(text) > 0:
        return int(text)
    complaints.append(UserFacingError(f"The link asks for page “{text[:40]}”, which is no page.", "Page 1 is shown."))
    return 1


def _read_answers(parameters: Mapping[str, str], complaints: list[UserFacingError]) -> Answers:
    allowed: dict[str, Iterable[str]] = {
        "my_framework": vocabulary.FRAMEWORKS,
        "my_data": vocabulary.DATA_TYPES,
        "my_goal": GOALS,
        "inside": ("yes", "no"),
    }
    read_answers = {_WIZARD[name]: _read_one(parameters, name, values, complaints) for name, values in allowed.items()}
    return replace(Answers(), **read_answers)


def _read_libraries(
    parameters: Mapping[str, str], name: str, index: Index, complaints: list[UserFacingError]
) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for text in _parts(parameters.get(name, "")):
        library = index.find(text)
        if library is None:
            complaints.append(_unknown("library", text, index.by_key))
        else:
            found[library.key] = None
    return tuple(found)


def _with_cell(
    address: Address, parameters: Mapping[str, str], index: Index, complaints: list[UserFacingError]
) -> Address:
    """The address with the matrix cell it names, or with the half of it that was chosen so far."""
    cell = {}
    for name, facet in zip(("row", "column"), MATRICES[address.matrix], strict=True):
        text = parameters.get(name, "")
        if facet == "library":
            library = index.find(text)
            cell[name] = library.key if library else None
        else:
            cell[name] = index.facets[facet].find(text)
        if text and cell[name] is None:
            complaints.append(_unknown(f"{name} of the matrix", text, ()))
    return replace(address, row=cell["row"] or "", column=cell["column"] or "")


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _unknown(question: str, text: str, known: Iterable[str]) -> UserFacingError:
    keys = {slug(key): key for key in known if key}
    close = difflib.get_close_matches(slug(text), keys, n=1, cutoff=0.6)
    hint = f"Did you mean “{keys[close[0]]}”?" if close else "That part of the link was left out."
    return UserFacingError(f"The link asks for {question} “{text[:40]}”, which the catalogue does not know.", hint)
