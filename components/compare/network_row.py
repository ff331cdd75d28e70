"""One network's band on the page: the scan with what the network says of it, and beside that its maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from components.shell import slot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streamlit.delta_generator import DeltaGenerator


@dataclass(frozen=True, slots=True)
class Band:
    """Two places of a network; see `components.shell.slot` for how they are filled.

    Args:
        answer: for the scan, where it is the first band, and the network's answer.
        maps: for the maps.
    """

    answer: DeltaGenerator
    maps: DeltaGenerator


def reserve(networks: Iterable[str], *, clear: bool) -> dict[str, Band]:
    """A band for each network, one below the other; with ``clear`` what stood there goes at once.

    Where the page is too narrow for both abreast, the maps stand below the answer: style.css sees to it.
    """
    bands = {}
    for network in networks:
        with st.container(key=f"compare.band.{network}"):
            bands[network] = Band(slot.reserve(clear=clear), slot.reserve(clear=clear))
    return bands
