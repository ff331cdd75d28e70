"""Where the pathology of an open sample is, as known from its making, and how a map lies to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.shell.language import _
from lightbox.comparison.truth import Truth
from lightbox.core.percent import percent
from lightbox.core.tasks import TASKS
from lightbox.imaging.samples import read_mask

if TYPE_CHECKING:
    from lightbox.explainers import Attribution
    from lightbox.imaging.samples import Sample
    from lightbox.metrics.localisation import Localisation

# A map whose evidence lies in the outline hardly more often than that of one that knows nothing does not point at it.
BEYOND_CHANCE = 1.1
HELP = (
    "On the network's grid. A map that knows nothing of the pathology has as much of its evidence inside as the "
    "outline has of the area."
)


def read(sample: Sample | None) -> Truth | None:
    """The truth of a sample; None without a sample, and for one in which there is nothing to find.

    Raises:
        UserFacingError: its mask cannot be read.
    """
    if sample is None:
        return None
    mask = read_mask(sample)
    if not mask.any():
        return None
    title = TASKS[sample.task].titles[sample.label]
    return Truth.place(sample.label, title, mask)


def show(found: Localisation | None) -> None:
    """A badge under a map: how much of it lies in the outline, and how much would by chance."""
    about = " ".join(filter(None, (_(describe(found)), _(describe_peak(found)), _(HELP))))
    words = _("not in its view") if found is None else _("{mass} in outline, chance {area}")
    beyond_chance = found is None or (found.positive and found.mass > BEYOND_CHANCE * found.area)
    if found is not None:
        if not beyond_chance:
            words = _("No better than chance: {mass} in outline, chance {area}")
        words = words.format(mass=percent(found.mass if found.positive else 0.0), area=percent(found.area))
    st.badge(words, color="gray" if beyond_chance else "orange", icon=":material/my_location:", help=about)


def show_mismatch(truth: Truth, attributions: list[Attribution], classes: tuple[str, ...]) -> None:
    """Say so where maps explain another class than the one that was placed."""
    index = classes.index(truth.label) if truth.label in classes else -1
    if any(attribution.target.index != index for attribution in attributions):
        st.caption(
            _(
                "The green outline marks what was placed: {title}. These maps explain another class, whose evidence "
                "need not lie inside."
            ).format(title=_(truth.title))
        )


def describe(found: Localisation | None) -> str:
    """In words, such as "71 % of the evidence for it lies in the outline; chance would be 4 %."."""
    if found is None:
        return _("The network's crop leaves nothing of the pathology.")
    area = percent(found.area)
    if not found.positive:
        return _("No evidence for it, so none lies in the outline; chance would be {area}.").format(area=area)
    words = _("{mass} of the evidence for it lies in the outline; chance would be {area}.")
    return words.format(mass=percent(found.mass), area=area)


def describe_peak(found: Localisation | None) -> str:
    """Where the strongest point lies; "" where there is none."""
    if found is None or not found.positive:
        return ""
    if found.pointing in (0.0, 1.0):
        return _("The strongest point lies in it.") if found.pointing else _("The strongest point lies outside.")
    words = _("Of the strongest points, {share} lie in it.")
    return words.format(share=percent(found.pointing))
