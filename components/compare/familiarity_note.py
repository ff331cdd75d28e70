"""Beside each network's answer: whether the scan is like anything that this network has seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from components.shell import computing
from components.shell.language import _
from lightbox.core.errors import UserFacingError
from lightbox.embedding.atlas import find_atlas
from lightbox.embedding.placing import place_work

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.embedding.atlas import Atlas
    from lightbox.embedding.placing import Place
    from lightbox.imaging.views import Views
    from lightbox.jobs import Job
    from lightbox.networks import Card

Asked = dict[str, tuple["Atlas", "Job"]]


@st.cache_resource(max_entries=12, show_spinner=False)
def _find_atlas(folder: str, weights: str, _card: Card) -> Atlas | None:  # noqa: ARG001  (they are the key)
    return find_atlas(_card)


def ask(views: Views, cards: Mapping[str, Card]) -> Asked:
    """A job for each network that came with its map of known scans; the others are left out."""
    asked: Asked = {}
    for network, card in cards.items():
        try:
            atlas = _find_atlas(str(card.folder), card.sha256, card)
            if atlas is not None:
                # Not urgent: the quick maps need not wait for a remark.
                work = replace(place_work(card, atlas, views.prepared(card.preprocessing)), urgent=False)
                asked[network] = atlas, computing.engine().submit(work, computing.owner())
        except UserFacingError:
            # A broken map or a full queue: the Networks page says which; the answer itself does without.
            continue
    return asked


def under_way(asked: Asked) -> list[Job]:
    """The jobs that have not ended: the page is to be drawn again when they have."""
    return [job for _atlas, job in asked.values() if not job.ended]


def show(asked: Asked, network: str) -> None:
    """Whether the scan lies far outside what the network has seen, or not; nothing before that is known."""
    if network not in asked:
        return
    atlas, job = asked[network]
    placed: Place | None = job.result
    if placed is None:
        return
    if atlas.familiarity.is_far(placed.distance):
        st.caption(
            ":material/wrong_location: "
            + _("Unlike most of what this network has seen: rely less on its answer (Networks page, Embedding).")
        )
    else:
        st.caption(":material/check: " + _("Like scans that it has seen, which does not make it right."))
