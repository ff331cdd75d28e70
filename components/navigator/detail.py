"""One library's card: what it is for, how to get it, what it lacks, how alive it is, and how we know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.navigator import state, words
from components.shell.language import _
from lightbox.navigator import licences, maintenance, methods_run_here, vocabulary
from lightbox.navigator.address import MOST_COMPARED
from lightbox.navigator.library import fact_date
from lightbox.navigator.methods import METHODS, RUN_HERE
from lightbox.navigator.similar import similar_to

if TYPE_CHECKING:
    from datetime import date

    from lightbox.navigator.address import Address
    from lightbox.navigator.index import Index
    from lightbox.navigator.library import Library

_VERIFIED = {
    "yes": "Methods, frameworks and licence were read in the project's own files.",
    "partly": "Something here rests on an old copy or another list; check before you rely on it.",
    "no": "Nothing here was checked against the project.",
}
_SOURCES = {
    "snapshot": "newest commit of the default branch seen in a stored snapshot",
    "navigator": "latest push to any branch, which can be later than the last real change",
    "github": "default branch, from GitHub",
}


def show(address: Address, index: Index, library: Library) -> None:
    """Draw the card in place of the results, with a link back to them."""
    _start_at_top(library)
    st.page_link(
        state.PAGE,
        label=_("Back to the results"),
        icon=":material/arrow_back:",
        query_params=state.link(address, library=""),
    )
    st.header(library.name, anchor=False)
    st.markdown(f"{words.status_badge(index.status(library))} {words.plain(library.description)}")
    facts, actions = st.columns([3, 2], gap="large")
    with facts:
        _limits(library)
        for heading, rows in (
            (_("What it does"), _abilities(library)),
            (_("Maintenance"), _maintenance(library, index)),
            (_("How we know"), _evidence(library, index.today)),
        ):
            st.subheader(heading, anchor=False)
            st.table({_("Fact"): list(rows), library.name: list(rows.values())}, border="horizontal", hide_index=True)
    with actions:
        _install(library)
        _links(library)
        _try_here(library)
        _compare(address, library)
        _similar(address, index, library)


def _start_at_top(library: Library) -> None:
    """Streamlit keeps the place where the list was scrolled to, which is the middle of the card or its end.

    The name of the library makes the script another one, so that it runs once a card and not at every click in it.
    """
    with st.container(key="navigator.top"):
        st.html(
            f"<script>/* {library.key} */ document.querySelector('[data-testid=\"stMain\"]')?.scrollTo(0, 0)</script>",
            unsafe_allow_javascript=True,
        )


def _limits(library: Library) -> None:
    if library.notable_limits:
        st.warning(words.plain(library.notable_limits), icon=":material/report:")
    if library.licence_kind in ("restricted", "unknown"):
        st.warning(_(licences.KINDS[library.licence_kind].help), icon=":material/gavel:")


def _abilities(library: Library) -> dict[str, str]:
    licence = (
        f"{words.plain(library.license or _('unknown'))} · {_(licences.KINDS[library.licence_kind].title).lower()}"
    )
    return {
        _("Methods"): words.badges(words.titles("methods", library.methods)),
        _("Kind of model"): words.badges(words.titles("families", library.families)) or _("not known"),
        _("Topic"): words.badges(words.titles("topics", library.topics)) or "–",
        _("Frameworks"): words.badges(words.titles("frameworks", library.frameworks), "blue"),
        _("Data types"): words.badges(words.titles("data_types", library.data_types), "violet"),
        _("Tasks"): words.badges(words.titles("tasks", library.tasks)) or _("not known"),
        _("Explains"): words.title("scope", library.scope),
        _("Model-agnostic"): words.title("model_agnostic", library.model_agnostic),
        _("Interface"): words.badges(words.titles("interface", library.interface)),
        _("Language"): words.plain(", ".join(library.language)),
        _("Licence"): licence,
        _("Paradigm"): words.title("paradigm", library.paradigm),
        _("Newest release allows"): words.badges(words.titles("runs_with", library.runs_with), "green")
        or _("not known"),
        _("Newest release rules out"): words.badges(words.titles("not_with", library.not_with), "orange")
        or _("nothing known"),
        _("Newest release pins"): words.badges(library.pins) or _("nothing known"),
    }


def _maintenance(library: Library, index: Index) -> dict[str, str]:
    status = index.status(library)
    source = _(_SOURCES[library.last_commit_source]) if library.last_commit else ""
    commit = f"{library.last_commit} ({source})" if library.last_commit else _("not known")
    release = library.release and f"{library.release}, {library.release_date or _('day not known')}"
    archived = _("yes") if status == "archived" else _("not known to be")
    share = maintenance.freshness(library.last_sign, index.today)
    fresh = _("{share} of 100. 100 is a commit or a release this month, 0 neither for three years.")
    rows = {
        _("Status"): f"{words.status_badge(status)} {_(vocabulary.STATUSES[status].help)}",
        _("Last commit"): commit,
        _("Last release"): words.plain(release or _("not known")),
        _("Freshness"): _("not known") if share is None else fresh.format(share=round(100 * share)),
        _("Archived"): archived,
        _("Status judged on"): str(library.checked_on("status")),
    }
    if library.stars is not None:
        rows[_("Stars")] = f"{library.stars:,} · {words.credit([library])}"
    return rows


def _evidence(library: Library, today: date) -> dict[str, str]:
    verified = f"{_(_VERIFIED[library.verified])}{_mark(library.checked, today)}"
    rows = {_("Checked on {day}").format(day=library.checked): verified}
    later: dict[date, list[str]] = {}
    for column, day in map(fact_date, library.fact_dates):
        later.setdefault(day, []).append(_(words.COLUMN_TITLES[column]).lower())
    for day, columns in sorted(later.items(), reverse=True):
        names = words.plain(", ".join(dict.fromkeys(columns)))
        rows[_("Checked again on {day}").format(day=day)] = f"{names}{_mark(day, today)}"
    return rows | {_("Files read"): words.plain(library.evidence)}


def _mark(day: date, today: date) -> str:
    """A badge where the day is over a year ago."""
    if not maintenance.is_stale(day, today):
        return ""
    return f" :orange-badge[:material/history: {_('stale: over a year ago')}]"


def _install(library: Library) -> None:
    st.subheader(_("Install"), anchor=False)
    if library.install_line:
        st.code(library.install_line, language="bash" if library.registry == "pypi" else "r")
    else:
        st.write(_("No package is known. Get it from its repository:"))
        st.code(f"git clone {library.repository_url}.git", language="bash", wrap_lines=True)


def _links(library: Library) -> None:
    with st.container(horizontal=True):
        st.link_button(_("Repository"), library.repository_url, icon=":material/code:")
        if library.docs_url:
            st.link_button(_("Documentation"), library.docs_url, icon=":material/menu_book:")


def _try_here(library: Library) -> None:
    """Links to Compare for the methods that Lightbox runs itself."""
    keys = methods_run_here(library)
    if not keys:
        return
    st.subheader(_("Try it here"), anchor=False)
    st.caption(_("Opens Compare with the method on. Lightbox runs it with its own engine, not with this library."))
    for key in keys:
        st.page_link(
            state.COMPARE_PAGE,
            label=_("Try {method}").format(method=METHODS[RUN_HERE[key]].title),
            icon=":material/play_circle:",
            query_params={"methods": key},
        )
    if len(keys) > 1:
        st.page_link(
            state.COMPARE_PAGE,
            label=_("Try all {count} side by side").format(count=len(keys)),
            icon=":material/play_circle:",
            query_params={"methods": ",".join(keys)},
        )


def _compare(address: Address, library: Library) -> None:
    st.subheader(_("Compare"), anchor=False)
    inside = library.key in address.compared
    full = not inside and len(address.compared) >= MOST_COMPARED
    st.checkbox(
        _("Compare this library with others"),
        key=state.seed(f"navigator.compare.{library.key}", inside),
        disabled=full,
        on_change=_toggle,
        args=(library.key,),
        help=_("Four are marked already; unmark one first.") if full else None,
    )
    if len(address.compared) > 1:
        st.page_link(
            state.PAGE,
            label=_("Compare the {count} marked libraries").format(count=len(address.compared)),
            icon=":material/compare_arrows:",
            query_params=state.link(address, library="", view="compare"),
        )


def _toggle(key: str) -> None:
    kept = tuple(other for other in state.read()[0].compared if other != key)
    state.change(compared=(*kept, key) if st.session_state[f"navigator.compare.{key}"] else kept)


def _similar(address: Address, index: Index, library: Library) -> None:
    found = similar_to(library, index.libraries)
    if not found:
        return
    st.subheader(_("Similar libraries"), anchor=False)
    for one in found:
        st.page_link(
            state.PAGE, label=one.library.name, icon="", query_params=state.link(address, library=one.library.key)
        )
        shared = ", ".join(words.titles("methods", one.shared_methods[:4]))
        st.caption(
            _("{status} · also {methods}").format(
                status=_(vocabulary.STATUSES[index.status(one.library)].title).lower(), methods=words.plain(shared)
            )
        )
