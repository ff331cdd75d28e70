"""Four questions, then a ranked short list with the reasons, or what stands in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from components.navigator import common_questions, short_answer, state, words
from components.shell.language import _
from lightbox.navigator import vocabulary
from lightbox.navigator.facets import Query
from lightbox.navigator.methods import GOALS
from lightbox.navigator.wizard import Answers, Reason, Suggestion, obstacles, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.navigator.address import Address
    from lightbox.navigator.index import Index

SHORT_LIST = 6


def show(address: Address, index: Index) -> None:
    """Ask, then answer below; every question may stay open."""
    answers = address.answers
    left, right = st.columns(2)
    with left:
        frameworks = {key: term.title for key, term in vocabulary.FRAMEWORKS.items()}
        frameworks["any"] = "Something else, called through a function"
        _question("framework", _("My model is in …"), frameworks, answers)
        _question("data", _("My data is …"), {key: term.title for key, term in vocabulary.DATA_TYPES.items()}, answers)
    with right:
        _question("goal", _("I want to know …"), {key: goal.title for key, goal in GOALS.items()}, answers)
        _question(
            "inside",
            _("Can I see inside the model?"),
            {"yes": "Yes, its weights and gradients are at hand", "no": "No, I only get its predictions"},
            answers,
        )
    if answers == Answers():
        st.info(_("Answer one question or more; the short list appears here."), icon=":material/signpost:")
        common_questions.show(address)
        return
    found = suggest(index.libraries, answers, today=index.today)
    if not found:
        _nothing(index, answers)
        return
    short_answer.show(address, index, _as_query(answers))
    _short_list(address, found, answers)


def _question(name: str, label: str, options: Mapping[str, str], answers: Answers) -> None:
    st.selectbox(
        label,
        list(options),
        index=None,
        format_func=lambda key: _(options[key]),
        key=state.seed(f"navigator.wizard.{name}", getattr(answers, name) or None),
        on_change=_answer,
        args=(name,),
        placeholder=_("Any, or not sure"),
    )


def _answer(name: str) -> None:
    value = st.session_state[f"navigator.wizard.{name}"] or ""
    state.change(answers=replace(state.read()[0].answers, **{name: value}))


def _leave_open(question: str) -> None:
    state.change(answers=replace(state.read()[0].answers, **{question: ""}))


def _nothing(index: Index, answers: Answers) -> None:
    st.info(_("No library of the catalogue fits all of these answers."), icon=":material/search_off:")
    found = obstacles(index.libraries, answers)
    if not found:
        st.write(_("Leaving one answer open does not help; try with fewer answers."))
        return
    names = {
        "framework": _("the framework"),
        "data": _("the data"),
        "goal": _("the question"),
        "inside": _("the access"),
    }
    st.write(_("Leave one answer open:"))
    with st.container(horizontal=True):
        for question, count in found:
            st.button(
                _("Leave {question} open: {count} fit").format(question=names[question], count=count),
                key=f"navigator.open.{question}",
                on_click=_leave_open,
                args=(question,),
            )


def _short_list(address: Address, found: list[Suggestion], answers: Answers) -> None:
    count = len(found)
    sentence = _("**{count}** libraries fit. The best first:") if count > 1 else _("**{count}** library fits:")
    st.markdown(sentence.format(count=count))
    for place, one in enumerate(found[:SHORT_LIST], start=1):
        with st.container(border=True, gap="xsmall"):
            st.page_link(
                state.PAGE,
                label=f"**{place}. {one.library.name}**",
                icon="",
                query_params=state.link(address, library=one.library.key),
            )
            st.write(words.plain(one.library.description))
            st.markdown("  \n".join(_sentence(reason) for reason in one.reasons))
    if count > SHORT_LIST:
        st.page_link(
            state.PAGE,
            label=_("See the wider choice in the table"),
            icon=":material/table_rows:",
            query_params=state.link(address, view="table", query=_as_query(answers)),
        )


def _as_query(answers: Answers) -> Query:
    """The facets nearest to the answers; "medical image" and "no access" become a little wider there."""
    query = Query()
    for facet, value in (("framework", answers.framework), ("goal", answers.goal), ("data", answers.data)):
        if value:
            values = ("medical-image", "image") if value == "medical-image" else (value,)
            query = query.choosing(facet, values)
    return query.choosing("agnostic", ("yes", "both")) if answers.inside == "no" else query


def _sentence(reason: Reason) -> str:
    mark = ":green[:material/check:]" if reason.good else ":orange[:material/priority_high:]"
    templates = {
        "framework_named": _("Made for {about}."),
        "framework_wider": _("Takes any PyTorch module, {about} models too."),
        "framework_any": _("Takes any model through a prediction function, {about} too."),
        "other_language": _("Written in {about}, so your model has to be reachable from there."),
        "data_named": _("Made for this data: {about}."),
        "data_wider": _("Made for pictures in general, so for medical ones too."),
        "methods": _("Answers the question with {about}."),
        "active": _("A commit or a release in the last 18 months."),
        "old": _("Last sign of life known: {about}. Nobody has looked since."),
        "rules_out": _("Its newest release rules out {about}."),
        "scores_them": _("Made to score explanations."),
        "unknown_status": _("Whether it is still maintained is not known."),
        "dormant": _("No commit for 18 months when last seen."),
        "archived": _("Archived by its owners."),
        "installable": _("Can be installed as a package."),
        "not_installable": _("No package is known; it is used from its repository."),
        "restricted_licence": _("Licence {about}: not open source, or not for commercial use."),
        "no_licence": _("No licence was seen: no permission is known."),
        "platform": _("An app or a host, not a library."),
        "benchmark": _("Made to score explanations rather than to explain."),
        "partly_verified": _("Its row is only partly checked."),
        "limits": _("Limits: {about}."),
    }
    return f"{mark} {templates[reason.code].format(about=words.plain(_about(reason)))}"


def _about(reason: Reason) -> str:
    columns = {
        "framework_named": "frameworks",
        "framework_wider": "frameworks",
        "framework_any": "frameworks",
        "data_named": "data_types",
        "data_wider": "data_types",
        "methods": "methods",
    }
    if reason.code in columns:
        return ", ".join(words.titles(columns[reason.code], reason.about))
    return ", ".join(reason.about)
