"""The architectures, and the checkpoints that fill them."""

from __future__ import annotations

from lightbox.networks.architectures import NETWORKS
from lightbox.networks.card import Card, find_checkpoint, get_card, read_card
from lightbox.networks.network import Network, load_checkpoint, load_network, read_training_mean
from lightbox.networks.spec import NetworkSpec

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
