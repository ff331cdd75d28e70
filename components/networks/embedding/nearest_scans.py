"""The known scans most like the one that is placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from components.shell.language import _
from lightbox.core.tasks import TASKS
from lightbox.embedding.neighbours import find_nearest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from lightbox.embedding.atlas import Atlas
    from lightbox.embedding.placing import Place

COUNT = 8


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """The nearest known scans, the nearest first.

    Args:
        indices: (n,) among the atlas's scans.
        distances: (n,) from the scan that is placed.
    """

    indices: NDArray[np.int64]
    distances: NDArray[np.float64]


def find(atlas: Atlas, placed: Place | None, *, metric: str, phantoms: bool) -> Nearest:
    """The nearest scans among those on show; none where no scan is placed."""
    shown = np.flatnonzero(atlas.phantom <= phantoms)
    if placed is None:
        return Nearest(np.empty(0, dtype=np.int64), np.empty(0))
    order, distances = find_nearest(placed.vector, atlas.vectors[shown], metric=metric, count=COUNT)
    return Nearest(shown[order], distances)


def show(atlas: Atlas, near: Nearest) -> None:
    """Path, class and the network's answer of each."""
    st.markdown(f"**{_('Nearest known scans')}**")
    st.dataframe(records(atlas, near), hide_index=True, key="networks.map_nearest", width="stretch")


def records(atlas: Atlas, near: Nearest) -> list[dict[str, str | float]]:
    """The rows as a person reads them."""
    titles = class_titles(atlas)
    return [
        {
            _("Class"): titles[atlas.labels[index]],
            _("Network says"): titles[atlas.predicted[index]],
            _("Distance"): float(f"{distance:.3g}"),
            _("Scan"): atlas.names[index],
        }
        for index, distance in zip(near.indices, near.distances, strict=True)
    ]


def class_titles(atlas: Atlas) -> list[str]:
    """The classes in words, in the network's order."""
    known = {label.key: _(label.title) for label in TASKS[atlas.task].labels}
    return [known.get(key, key) for key in atlas.classes]
