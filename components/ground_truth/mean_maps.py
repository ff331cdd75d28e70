"""Where the pathology was on the mean, and where each method's maps were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from components.ground_truth.selection import choose, class_titles
from components.maps import legend
from components.shell import flow
from components.shell.address import Field
from components.shell.language import _
from lightbox.explainers import METHODS
from lightbox.ground_truth.summary import MASK
from lightbox.imaging.colour import UNSIGNED, colour_unsigned
from lightbox.imaging.describe import describe
from lightbox.imaging.film import data_uri
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from components.ground_truth.selection import Selection
    from lightbox.ground_truth.localisation_table import Table

ENLARGED = 4
FIELDS = (Field("maps", "one", next(iter(NETWORKS)), list(NETWORKS)),)


def show(table: Table, selection: Selection) -> None:
    """One row a class, of one network at a time: the mean mask, then the mean map of each method."""
    st.subheader(_("Mean maps"), anchor=False)
    st.caption(
        _(
            "The evidence for the class, averaged over all its maps; each picture runs from none to its own strongest "
            "point. Scans differ, and brain slices lie in three planes, so means are blurred."
        )
    )
    alt = _("Colours from no evidence, dark, to the most, yellow")
    with st.container(width=280):
        st.html(legend.bar(UNSIGNED, alt, (_("no evidence"), _("most evidence"))))
    networks = [run.network for run in table.runs if run.task == selection.task]
    network = _choose(networks)
    for label in selection.labels:
        st.markdown(f"**{_(class_titles(selection.task)[label])}**, {NETWORKS[network].title}")
        _show_row(table, (selection.task, network, label))


def _choose(networks: list[str]) -> str:
    """The network whose maps are shown; asked for where there are several."""
    if st.session_state.get("ground_truth.maps") not in networks:
        # From a link, or from a task of which other networks were measured: no button would be lit.
        st.session_state["ground_truth.maps"] = networks[0]
    if len(networks) == 1:
        return networks[0]
    return choose(_("Network"), "maps", {key: NETWORKS[key].title for key in networks})


def _show_row(table: Table, place: tuple[str, str, str]) -> None:
    titles = {MASK: _("Where the pathology was"), **{key: _(spec.title) for key, spec in METHODS.items()}}
    present = [key for key in titles if (*place, key) in table.pictures]
    abreast = flow.row(f"ground_truth.mean.{place[-1]}", 200)
    for key in present:
        picture = table.pictures[*place, key]
        with abreast.container():
            st.image(_uri(picture), width="stretch", alt=f"{titles[key]}: {describe(picture, signed=False)}")
            st.caption(titles[key])


def _uri(picture: NDArray[np.uint8]) -> str:
    enlarged = np.repeat(np.repeat(picture, ENLARGED, axis=0), ENLARGED, axis=1)
    return data_uri(colour_unsigned(enlarged, 255.0))
