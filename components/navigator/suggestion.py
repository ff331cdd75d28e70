"""A form that turns what somebody knows about a library into a checked row, to hand in as an issue or a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from components.navigator import state, words
from components.shell.language import _
from lightbox.core import settings
from lightbox.navigator import suggestion as suggestions
from lightbox.navigator import vocabulary
from lightbox.navigator.licences import COPYLEFT, PERMISSIVE, RESTRICTED
from lightbox.navigator.table import to_csv
from lightbox.navigator.validate import REQUIRED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streamlit.delta_generator import DeltaGenerator

    from lightbox.navigator.address import Address
    from lightbox.navigator.index import Index
    from lightbox.navigator.suggestion import Suggested

_LABELS = {
    "name": "Name",
    "repository": "Repository on GitHub",
    "docs_url": "Documentation address",
    "package": "Package name",
    "registry": "Package registry",
    "license": "Licence (SPDX)",
    "description": "What it is best for, in one sentence",
    "notable_limits": "Limits worth knowing",
    "evidence": "Files or pages that show all this",
    "language": "Language",
    "frameworks": "Frameworks",
    "data_types": "Data types",
    "tasks": "Tasks",
    "methods": "Methods",
    "families": "Kind of model",
    "topics": "Topic",
    "interface": "Interface",
    "paradigm": "Paradigm",
    "scope": "Explains",
    "model_agnostic": "Model-agnostic",
}
_LENGTHS = {"name": 60, "description": 140, "notable_limits": 120}
_REGISTRIES = {"": "None, or not known", "pypi": "PyPI (pip)", "cran": "CRAN (R)", "julia": "Julia registry"}


def show(address: Address, index: Index) -> None:
    """Draw the form and, once it was sent, what became of it."""
    st.write(_("Nothing is sent from here: you get a checked row, and hand it in yourself."))
    with st.form("navigator.suggest", enter_to_submit=False):
        form = _fields()
        sent = st.form_submit_button(_("Check and make the row"), icon=":material/fact_check:", type="primary")
    if sent:
        suggestion = suggestions.suggested(form.cells, index.libraries, index.today)
        _mark(suggestion, form)
        _outcome(address, suggestion, form)


def _mark(suggestion: Suggested, form: _Form) -> None:
    """Each fault below the field that it is about."""
    for fault in suggestion.problems:
        if fault.column in form.places:
            form.places[fault.column].markdown(f":red[:material/error: {words.plain(_(fault.message))}]")


@dataclass
class _Form:
    """The cells as filled in, and below each field a place for what is wrong with it."""

    cells: dict[str, str | Sequence[str]] = field(default_factory=dict)
    places: dict[str, DeltaGenerator] = field(default_factory=dict)

    def put(self, column: str, value: str | Sequence[str]) -> None:
        """Keep what the field that was just drawn holds."""
        self.cells[column] = value
        self.places[column] = st.empty()


def _fields() -> _Form:
    form = _Form()
    left, right = st.columns(2)
    with left:
        form.put("name", _text("name"))
        form.put("repository", _text("repository", "owner/name"))
        form.put("docs_url", _text("docs_url", "https://…"))
        form.put("package", _text("package"))
        form.put("registry", _choice("registry", _REGISTRIES))
        form.put("license", _choice("license", _licences()))
        form.put("description", _text("description"))
        form.put("notable_limits", _text("notable_limits"))
        form.put("evidence", _text("evidence", "README.md; LICENSE; setup.py"))
    with right:
        for column in ("language", "frameworks", "data_types", "tasks", "methods", "families", "topics", "interface"):
            form.put(column, _several(column))
        for column in ("paradigm", "scope", "model_agnostic"):
            titles = {key: term.title for key, term in vocabulary.COLUMN_TERMS[column].items()}
            form.put(column, _judgement(column, titles))
    return form


def _licences() -> dict[str, str]:
    return {"": _("None seen"), **{key: key for key in sorted(PERMISSIVE | COPYLEFT | RESTRICTED)}}


def _text(column: str, placeholder: str = "") -> str:
    return st.text_input(
        _label(column),
        key=f"navigator.suggest.{column}",
        placeholder=placeholder,
        max_chars=_LENGTHS.get(column, 300),
    )


def _choice(column: str, titles: dict[str, str]) -> str:
    return st.selectbox(
        _label(column), list(titles), format_func=lambda key: _(titles[key]), key=f"navigator.suggest.{column}"
    )


def _judgement(column: str, titles: dict[str, str]) -> str:
    """A choice that starts empty: a default would be taken for what somebody found out."""
    chosen = st.selectbox(
        _label(column),
        list(titles),
        index=None,
        format_func=lambda key: _(titles[key]),
        key=f"navigator.suggest.{column}",
    )
    return chosen or ""


def _label(column: str) -> str:
    return _(_LABELS[column]) if column in REQUIRED else _("{name} (optional)").format(name=_(_LABELS[column]))


def _several(column: str) -> list[str]:
    return st.multiselect(
        _label(column),
        list(vocabulary.COLUMN_TERMS[column]),
        format_func=lambda key: words.title(column, key),
        select_all=False,
        key=f"navigator.suggest.{column}",
    )


def _outcome(address: Address, suggestion: Suggested, form: _Form) -> None:
    if suggestion.duplicates:
        st.warning(_("The catalogue may have it already. Look at these first:"), icon=":material/content_copy:")
        for duplicate in suggestion.duplicates:
            st.page_link(
                state.PAGE,
                label=_("{name} (nearly the same {column})").format(
                    name=duplicate.library.name, column=_(_LABELS[duplicate.column]).lower()
                ),
                icon="",
                query_params=state.link(address, library=duplicate.library.key),
            )
    if suggestion.problems:
        elsewhere = [fault for fault in suggestion.problems if fault.column not in form.places]
        lines = [f"- **{fault.column}**: {words.plain(_(fault.message))}" for fault in elsewhere]
        sentence = _("The row is not ready yet: what to change stands below the fields, in red.")
        names = ", ".join(dict.fromkeys(_(_LABELS[one.column]) for one in suggestion.problems if one not in elsewhere))
        st.error("\n\n".join(filter(None, [sentence, names, "\n".join(lines)])), icon=":material/edit:")
        return
    _hand_in(suggestion)


def _hand_in(suggestion: Suggested) -> None:
    st.success(_("The row is ready. Hand it in with the file or the link."), icon=":material/check_circle:")
    st.code(suggestions.as_line(suggestion.row), language=None, wrap_lines=True)
    with st.container(horizontal=True):
        st.download_button(
            _("Download the row"),
            to_csv([suggestion.row]),
            file_name="suggested-library.csv",
            mime="text/csv",
            key="navigator.suggest.file",
            on_click="ignore",
            icon=":material/download:",
        )
        link = suggestions.issue_link(suggestion, settings.get("NEW_ISSUE_URL"))
        if link:
            st.link_button(_("Open a pre-filled issue"), link, icon=":material/open_in_new:")
    if not link:
        st.caption(
            _("Send the file to the maintainers, or add its last line to lightbox/navigator/libraries.csv yourself.")
        )
