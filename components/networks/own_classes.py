"""Which class each file is of, and what to do about names that no class has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.language import _
from components.wanted_file import plain
from lightbox.core.tasks import TASKS, find_class
from lightbox.testsets.labels import count_said, sort, suggest

if TYPE_CHECKING:
    from lightbox.testsets.item import Brought
    from lightbox.testsets.labels import Sorted

LEAVE_OUT = ""
# More names than this are no class folders; their files are left out, and listed.
MOST_NAMES = 12
ABREAST = 3


def show(brought: Brought, task: str) -> Sorted:
    """What was found, by class; a box for each name that is no class."""
    titles = {label.key: _(label.title) for label in TASKS[task].labels}
    unknown = {said: count for said, count in count_said(brought.items).items() if said and not find_class(said, task)}
    decided = _ask(unknown, task, titles) if unknown else {}
    chosen = sort(brought.items, task, decided)
    counts = {key: sum(label == key for _item, label in chosen.labelled) for key in titles}
    words = " · ".join(f"{titles[key]} **{count}**" for key, count in counts.items() if count)
    if not words:
        st.warning(_("No file could be given a class, so there is nothing to judge."), icon=":material/folder_off:")
    else:
        st.markdown(_("{total} scans: {counts}").format(total=len(chosen.labelled), counts=words))
    absent = [titles[key] for key, count in counts.items() if not count]
    if words and absent:
        st.info(
            _("There is no scan of: {names}. Figures about what is absent stay empty.").format(names=", ".join(absent)),
            icon=":material/info:",
        )
    return chosen


def _ask(unknown: dict[str, int], task: str, titles: dict[str, str]) -> dict[str, str | None]:
    """What each unknown name means."""
    st.markdown(_("These names are no class of this task. Say what they are, or leave their files out:"))
    decided: dict[str, str | None] = {}
    columns = st.columns(ABREAST)
    choices = [LEAVE_OUT, *titles]
    for number, (said, count) in enumerate(list(unknown.items())[:MOST_NAMES]):
        with columns[number % ABREAST]:
            hint = suggest(said, task) or LEAVE_OUT
            picked = st.selectbox(
                _("{name}, {count} files").format(name=plain(said), count=count),
                choices,
                index=choices.index(hint),
                format_func=lambda key: titles.get(key, _("leave out")),
                key=f"networks.own_class.{task}.{said}",
            )
            decided[said] = picked or None
    if len(unknown) > MOST_NAMES:
        st.caption(
            _("{count} more names are left out; rename their folders to include them.").format(
                count=len(unknown) - MOST_NAMES
            )
        )
    return decided
