"""The architectures, and the checkpoints that fill them."""

from __future__ import annotations

from typing import cast

from lightbox.core.registry import Registry, discover
from lightbox.networks.card import Card, find_checkpoint, get_card, read_card
from lightbox.networks.network import Network, load_checkpoint, load_network, read_training_mean
from lightbox.networks.spec import NetworkSpec

NETWORKS: Registry[NetworkSpec] = Registry("network")
for _name, _spec in discover("lightbox.networks").items():
    NETWORKS.add(_name, cast("NetworkSpec", _spec))

__all__ = [
    "NETWORKS",
    "Card",
    "Network",
    "NetworkSpec",
    "find_checkpoint",
    "get_card",
    "load_checkpoint",
    "load_network",
    "read_card",
    "read_training_mean",
]
