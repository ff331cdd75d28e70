"""Where the pathology was on the mean, and where each method's maps were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from components.ground_truth.selection import class_titles
from components.language import _
from lightbox.explainers import METHODS
from lightbox.imaging.colour import colour_unsigned
from lightbox.imaging.describe import describe
from lightbox.imaging.film import data_uri
from lightbox.networks import NETWORKS
from lightbox.phantoms.summary import MASK

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.ground_truth.selection import Selection
    from lightbox.phantoms.localisation_table import Table

ENLARGED = 4


def show(table: Table, selection: Selection) -> None:
    """One row a network and class: the mean mask, then the mean map of each method."""
    st.subheader(_("Mean maps"), anchor=False)
    st.caption(
        _(
            "The positive relevance of all maps of a class, each map weighing the same; each picture runs from zero "
            "to its own brightest point. Scans differ, and brain slices lie in three planes, so means are blurred."
        )
    )
    for run in table.runs:
        if run.task != selection.task:
            continue
        for label in selection.labels:
            title = class_titles(run.task)[label]
            st.markdown(f"**{_(title)}**, {NETWORKS[run.network].title}")
            _show_row(table, (run.task, run.network, label))


def _show_row(table: Table, place: tuple[str, str, str]) -> None:
    titles = {MASK: _("Where the pathology was"), **{key: _(spec.title) for key, spec in METHODS.items()}}
    present = [key for key in titles if (*place, key) in table.pictures]
    for column, key in zip(st.columns(max(6, len(present))), present, strict=False):
        picture = table.pictures[*place, key]
        with column:
            st.image(_uri(picture), width="stretch", alt=f"{titles[key]}: {describe(picture, signed=False)}")
            st.caption(titles[key])


def _uri(picture: NDArray[np.uint8]) -> str:
    enlarged = np.repeat(np.repeat(picture, ENLARGED, axis=0), ENLARGED, axis=1)
    return data_uri(colour_unsigned(enlarged, 255.0))
