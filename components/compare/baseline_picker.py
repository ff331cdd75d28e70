"""The baseline, chosen once for every method that uses one, with its little picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell import errors
from components.shell.language import _
from lightbox.core.glossary import meaning_of
from lightbox.explainers import BASELINES, METHODS
from lightbox.imaging.film import data_uri
from lightbox.networks import read_training_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lightbox.imaging.views import Views
    from lightbox.networks import Card

WIDTH = 40


def show(views: Views | None, cards: Mapping[str, Card], methods: Iterable[str]) -> str:
    """The baseline shared by all methods that use one; without such a method it cannot be chosen, and says why.

    The picture is the baseline of this scan as the first chosen network would see it.
    """
    users = [key for key in methods if any(row.shared == "baseline" for row in METHODS[key].params)]
    about = "\n\n".join(f"**{_(spec.title)}**: {_(spec.help)}" for spec in BASELINES.values())
    with st.container(horizontal=True, vertical_alignment="bottom"):
        baseline = st.selectbox(
            _("Baseline"),
            list(BASELINES),
            format_func=lambda key: _(BASELINES[key].title),
            key="compare.baseline",
            disabled=not users,
            width="stretch",
            help=f"{_(meaning_of('Baseline'))}\n\n{about}"
            if users
            else _("Only Integrated Gradients and LIME use a baseline; both are off."),
        )
        if users and views is not None and cards:
            with errors.boundary():
                _show_picture(baseline, views, next(iter(cards.values())))
    return baseline


def _show_picture(baseline: str, views: Views, card: Card) -> None:
    spec, seed = BASELINES[baseline], st.session_state["compare.seed"]

    def draw() -> str:
        mean = read_training_mean(card) if spec.from_training else None
        pixels = spec.make(views.prepared(card.preprocessing).pixels, seed, mean)
        return data_uri(pixels, max_side=4 * WIDTH)

    about = (baseline, seed, card.preprocessing.steps, card.training_mean_sha256)
    alt = _("The baseline: {title}").format(title=_(spec.title))
    st.image(views.latest("baseline", about, draw), width=WIDTH, alt=alt)
