"""Which class each file is of, and what to do about names that no class has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.scans.wanted_file import plain
from components.shell.language import _
from lightbox.core.tasks import class_title, find_class
from lightbox.testsets.labels import count_said, sort, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lightbox.testsets.item import Brought
    from lightbox.testsets.labels import Sorted

LEAVE_OUT = ""
# More names than this are no class folders; their files are left out, and listed.
MOST_NAMES = 12
ABREAST = 3


def show(brought: Brought, task: str, classes: Sequence[str]) -> Sorted:
    """What was found, by class; a box for each name that is no class.

    Args:
        brought: the files.
        task: key of the task.
        classes: of the networks.
    """
    titles = {key: _(class_title(key)) for key in classes}
    said = count_said(brought.items)
    unknown = {name: count for name, count in said.items() if name and not find_class(name, task, classes)}
    decided = _ask(unknown, task, titles) if unknown else {}
    chosen = sort(brought.items, task, decided, classes)
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


def _ask(unknown: Mapping[str, int], task: str, titles: Mapping[str, str]) -> dict[str, str | None]:
    """What each unknown name means."""
    st.markdown(_("These names are no class of these networks. Say what they are, or leave their files out:"))
    decided: dict[str, str | None] = {}
    columns = st.columns(ABREAST)
    choices = [LEAVE_OUT, *titles]
    for number, (said, count) in enumerate(list(unknown.items())[:MOST_NAMES]):
        with columns[number % ABREAST]:
            hint = suggest(said, task, list(titles)) or LEAVE_OUT
            picked = st.selectbox(
                _("{name}, {count} files").format(name=plain(said), count=count),
                choices,
                index=choices.index(hint),
                format_func=lambda key: titles.get(key, _("leave out")),
                key=f"networks.own_class.{task}.{','.join(titles)}.{said}",
            )
            decided[said] = picked or None
    if len(unknown) > MOST_NAMES:
        st.caption(
            _("{count} more names are left out; rename their folders to include them.").format(
                count=len(unknown) - MOST_NAMES
            )
        )
    return decided
