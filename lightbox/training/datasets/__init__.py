"""Lists of labelled pictures on disk, and an honest split of them."""

from lightbox.training.datasets.balance import balanced_order
from lightbox.training.datasets.collection import Collection
from lightbox.training.datasets.example import SPLITS, Example, data_sha256, leaked_names, seen_sha256
from lightbox.training.datasets.holding_out import hold_out, keep_apart, tie_groups
from lightbox.training.datasets.read import (
    COLLECTIONS,
    class_list,
    find_collection,
    list_examples,
    read_classes,
    read_examples,
    recognise,
)

__all__ = [
    "COLLECTIONS",
    "SPLITS",
    "Collection",
    "Example",
    "balanced_order",
    "class_list",
    "data_sha256",
    "find_collection",
    "hold_out",
    "keep_apart",
    "leaked_names",
    "list_examples",
    "read_classes",
    "read_examples",
    "recognise",
    "seen_sha256",
    "tie_groups",
]
