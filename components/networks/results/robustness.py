"""Whether a network still answers right when a scan comes turned, cropped, blurred, noisy or compressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from components.networks.results.summary import percent, with_interval
from components.shell import errors
from components.shell.language import _
from lightbox.metrics.robustness import UNALTERED, find_robustness
from lightbox.networks import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.metrics.robustness import Altered, Robustness
    from lightbox.networks import Card

# What each alteration is called at one strength.
TITLES = {
    UNALTERED: "As they are",
    "rotation": "Turned by {strength:g}°, to either side",
    "scale": "Enlarged {strength:g} times in the same frame",
    "crop": "One side cut off by {percent:.0f} %",
    "blur": "Blurred, sigma {strength:g} pixels of 224",
    "noise": "Noise, sigma {percent:.0f} % of the range",
    "jpeg": "JPEG of quality {strength:g}",
    "gamma": "Contrast bent, gamma {strength:g}",
    "inversion": "Black and white exchanged",
}


def show(cards: Mapping[str, Card]) -> None:
    """One row an alteration, one column a network; what was not measured is said."""
    found: dict[str, Robustness] = {}
    for network, card in cards.items():
        with errors.boundary():
            measured = find_robustness(card)
            if measured is not None:
                found[network] = measured
    absent = [NETWORKS[key].title for key in cards if key not in found]
    if absent:
        words = _("Not measured with these weights: {networks}. `lightbox evaluate robustness` does it.")
        st.info(words.format(networks=", ".join(absent)))
    if not found:
        return
    st.markdown(
        _("The same test scans, new to every network, altered as files are on their way. How many are called right:")
    )
    st.dataframe(records(found), hide_index=True, key="networks.robustness", width="stretch")
    st.markdown("  \n".join(worst(network, measured) for network, measured in found.items()))
    scans = dict.fromkeys(str(measured.scans) for measured in found.values())
    dates = dict.fromkeys(measured.date for measured in found.values())
    st.caption(
        _("{scans} scans each, measured on {dates}. In brackets: 95 % interval, Wilson.").format(
            scans=" / ".join(scans), dates=", ".join(dates)
        )
        + caution(found)
    )


def caution(found: Mapping[str, Robustness]) -> str:
    """That networks were asked about different scans, where they were."""
    if len({measured.scans for measured in found.values()}) == 1:
        return ""
    return " " + _(
        "They were not asked about the same scans: compare a column with its own first row, not two columns with each "
        "other."
    )


def records(found: Mapping[str, Robustness]) -> list[dict[str, str]]:
    """The table's rows as a person reads them; an alteration that a network was not asked about has a dash."""
    keys = dict.fromkeys((row.alteration, row.strength) for measured in found.values() for row in measured.rows)
    table = []
    for alteration, strength in keys:
        line = {_("Scans"): title(alteration, strength)}
        for network, measured in found.items():
            row = next(
                (each for each in measured.rows if (each.alteration, each.strength) == (alteration, strength)), None
            )
            line[NETWORKS[network].title] = "–" if row is None else with_interval(*measured.accuracy(row))
        table.append(line)
    return table


def worst(network: str, measured: Robustness) -> str:
    """What harms a network most, and how often it changes its mind there."""
    weakest: Altered = min(measured.rows, key=lambda row: row.right)
    return _("**{network}** is weakest here: {alteration}. Right on {share} of the scans, {before} unaltered.").format(
        network=NETWORKS[network].title,
        alteration=title(weakest.alteration, weakest.strength).lower(),
        share=percent(weakest.right / measured.scans),
        before=percent(measured.rows[0].right / measured.scans),
    )


def title(alteration: str, strength: float) -> str:
    """Such as: Turned by 10°, to either side. A key that is not known stands as it is."""
    words = TITLES.get(alteration)
    return f"{alteration} {strength:g}" if words is None else _(words).format(strength=strength, percent=100 * strength)
