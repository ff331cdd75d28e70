"""The file that ships beside a checkpoint: known scans in the network's feature space, and what is familiar to it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from lightbox.core.errors import UserFacingError
from lightbox.embedding.familiarity import Block, Familiarity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from lightbox.networks.card import Card

ATLAS_NAME = "embedding.npz"
SCHEMA = 1
# Far above what `lightbox embed` writes; a file is checked before it is unpacked.
MOST_BYTES = 4_000_000
MOST_UNPACKED_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Rate:
    """How often pictures of one kind were called far outside what the network has seen.

    Args:
        group: one of the keys of `lightbox.embedding.unfamiliar_pictures.GROUPS`.
        count: pictures measured, none of which the network or the threshold was made from.
        flagged: of these, called far outside.
    """

    group: str
    count: int
    flagged: int


@dataclass(frozen=True, slots=True, eq=False)
class Atlas:
    """Known scans as one network sees them.

    Args:
        task: key of the task.
        network: key of the architecture.
        classes: (C,) class keys.
        weights_sha256: of the weights that saw them.
        names: (N,) paths relative to the data folder; a phantom's says its class and seed.
        sha256: (N,) of each file, "" for a phantom.
        labels: (N,) int64, index of the true class.
        predicted: (N,) int64, index of the class the network answers.
        phantom: (N,) bool, drawn by this project rather than taken from a patient.
        vectors: (N, K) float32, the pooled features on their main axes, uncentred, so that lengths and angles stay.
        basis: (D, K) float32, orthonormal up to rounding: pooled features times this are a vector.
        kept: share of the pooled features' squared length that the K axes hold.
        positions: (N, 2) float32, by t-SNE of the vectors' directions.
        perplexity: of that t-SNE.
        familiarity: what the network has seen.
        rates: how that verdict fared on pictures of several kinds.
        settings: how the file was made.
        digest: sha256 of the file.
    """

    task: str
    network: str
    classes: tuple[str, ...]
    weights_sha256: str
    names: tuple[str, ...]
    sha256: tuple[str, ...]
    labels: NDArray[np.int64]
    predicted: NDArray[np.int64]
    phantom: NDArray[np.bool_]
    vectors: NDArray[np.float32]
    basis: NDArray[np.float32]
    kept: float
    positions: NDArray[np.float32]
    perplexity: float
    familiarity: Familiarity
    rates: tuple[Rate, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""

    def __len__(self) -> int:
        return len(self.names)

    @property
    def right(self) -> NDArray[np.bool_]:
        """(N,) whether the network's answer is the true class."""
        equal: NDArray[np.bool_] = self.predicted == self.labels
        return equal

    def rate(self, group: str) -> Rate | None:
        """The measured rate of a kind of picture, None where it was not measured."""
        return next((rate for rate in self.rates if rate.group == group), None)


def pack(atlas: Atlas) -> bytes:
    """The file's content; the same atlas gives the same bytes."""
    known = atlas.familiarity
    words = {
        "schema": SCHEMA,
        "task": atlas.task,
        "network": atlas.network,
        "classes": list(atlas.classes),
        "weights_sha256": atlas.weights_sha256,
        "names": list(atlas.names),
        "kept": round(atlas.kept, 6),
        "perplexity": atlas.perplexity,
        "threshold": known.threshold,
        "rates": [[rate.group, rate.count, rate.flagged] for rate in atlas.rates],
        "settings": dict(atlas.settings),
        "blocks": len(known.blocks),
    }
    arrays: dict[str, Any] = {
        "words": np.frombuffer(json.dumps(words, sort_keys=True).encode(), dtype=np.uint8),
        "sha256": np.frombuffer(bytes.fromhex("".join(one or "0" * 64 for one in atlas.sha256)), dtype=np.uint8),
        "labels": atlas.labels.astype(np.uint8),
        "predicted": atlas.predicted.astype(np.uint8),
        "phantom": atlas.phantom,
        "vectors": atlas.vectors.astype(np.float16),
        "basis": atlas.basis.astype(np.float16),
        "positions": atlas.positions.astype(np.float32),
        "mean": known.mean.astype(np.float16),
        "axes": known.axes.astype(np.float16),
        "known": known.known.astype(np.float16),
        "distances": known.distances.astype(np.float32),
    }
    for number, block in enumerate(known.blocks):
        for name in ("mean", "deviation", "axes"):
            arrays[f"block{number}_{name}"] = getattr(block, name).astype(np.float16)
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def find_atlas(card: Card) -> Atlas | None:
    """The atlas beside a checkpoint, None where it has none.

    Raises:
        UserFacingError: the file cannot be used, or was made with other weights.
    """
    path = card.folder / ATLAS_NAME
    return read_atlas(path, card) if path.is_file() else None


def read_atlas(path: Path, card: Card) -> Atlas:
    """The atlas in a file, for the checkpoint of a card.

    Raises:
        UserFacingError: the file cannot be read, is not such a file, or was made with other weights.
    """
    again = f"Make it again: lightbox embed --task {card.task} --network {card.network} --data FOLDER."
    try:
        with path.open("rb") as file:
            atlas = _unpack(file.read(MOST_BYTES + 1))
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise UserFacingError(
            f"The {ATLAS_NAME} of {card.task}/{card.network} cannot be used ({error}).", again
        ) from error
    if (atlas.task, atlas.network) != (card.task, card.network):
        raise UserFacingError(
            f"The {ATLAS_NAME} of {card.task}/{card.network} is that of {atlas.task}/{atlas.network}.", again
        )
    if atlas.weights_sha256 != card.sha256:
        raise UserFacingError(
            f"The {ATLAS_NAME} of {card.task}/{card.network} was made with other weights than the ones that are here, "
            "so its scans lie where this network would not put them.",
            again,
        )
    if atlas.classes != card.classes:
        raise UserFacingError(
            f"The {ATLAS_NAME} of {card.task}/{card.network} knows other classes than the network's card.", again
        )
    return atlas


def _unpack(content: bytes) -> Atlas:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
        if len(content) > MOST_BYTES or unpacked > MOST_UNPACKED_BYTES:
            raise ValueError("it is too large")
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    words = json.loads(arrays["words"].tobytes().decode())
    if words["schema"] != SCHEMA:
        raise ValueError(f"schema {words['schema']} is not {SCHEMA}")
    phantom = arrays["phantom"].astype(np.bool_)
    digests = [row.tobytes().hex() for row in arrays["sha256"].reshape(-1, 32)]
    atlas = Atlas(
        task=words["task"],
        network=words["network"],
        classes=tuple(words["classes"]),
        weights_sha256=words["weights_sha256"],
        names=tuple(words["names"]),
        sha256=tuple("" if drawn else one for drawn, one in zip(phantom, digests, strict=True)),
        labels=arrays["labels"].astype(np.int64),
        predicted=arrays["predicted"].astype(np.int64),
        phantom=phantom,
        vectors=_plain(arrays["vectors"]),
        basis=_plain(arrays["basis"]),
        kept=float(words["kept"]),
        positions=_plain(arrays["positions"]),
        perplexity=float(words["perplexity"]),
        familiarity=Familiarity(
            blocks=tuple(
                Block(*(_plain(arrays[f"block{number}_{name}"]) for name in ("mean", "deviation", "axes")))
                for number in range(words["blocks"])
            ),
            mean=_plain(arrays["mean"]),
            axes=_plain(arrays["axes"]),
            known=_plain(arrays["known"]),
            distances=_plain(arrays["distances"]),
            threshold=float(words["threshold"]),
        ),
        rates=tuple(Rate(str(group), int(count), int(flagged)) for group, count, flagged in words["rates"]),
        settings=words["settings"],
        digest=hashlib.sha256(content).hexdigest(),
    )
    _check_shapes(atlas)
    return atlas


def _check_shapes(atlas: Atlas) -> None:
    count, axes = len(atlas.names), atlas.basis.shape[1]
    shapes = {
        "labels": (count,),
        "predicted": (count,),
        "phantom": (count,),
        "vectors": (count, axes),
        "positions": (count, 2),
    }
    wrong = [name for name, shape in shapes.items() if getattr(atlas, name).shape != shape]
    if wrong or count == 0:
        raise ValueError(f"{', '.join(wrong) or 'the list of scans'} has a wrong shape")
    if max(atlas.labels.max(), atlas.predicted.max()) >= len(atlas.classes):
        raise ValueError("a class index is out of range")


def _plain(values: NDArray[Any]) -> NDArray[np.float32]:
    """float32, read-only; refused where a number is not finite."""
    plain = values.astype(np.float32)
    if not np.isfinite(plain).all():
        raise ValueError("a number is not finite")
    plain.setflags(write=False)
    return plain
