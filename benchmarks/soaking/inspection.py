"""What a worker's networks are like after all those jobs, seen from inside the worker."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn

    from lightbox.jobs import Engine


FOLDER = "LIGHTBOX_MODELS_DIR"


def inspect_workers(engine: Engine) -> list[dict[str, Any]]:
    """One row a held network: its worker's process, whether its weights are the checkpoint's, its hooks."""
    cluster = engine._cluster  # noqa: SLF001  (the engine offers no way into its workers)
    if cluster is None:
        raise RuntimeError("the engine has no cluster to inspect")
    return [row for rows in cluster.client.run(inspect_worker, os.environ.get(FOLDER, "")).values() for row in rows]


def inspect_worker(models: str) -> list[dict[str, Any]]:
    """The rows of this process, which may have been started with another folder of checkpoints."""
    from lightbox.jobs.worker import held_networks

    if models:
        os.environ[FOLDER] = models

    rows = [inspect_network(network) for network, _ in held_networks._held.values()]  # noqa: SLF001
    return [{"process": os.getpid(), **row} for row in rows if row]


def inspect_network(network: Any) -> dict[str, Any]:
    """Compare a network in use with the same checkpoint, loaded afresh."""
    from lightbox.networks import NETWORKS, find_checkpoint, load_checkpoint

    for task in ("chest_xray", "brain_mri"):
        card = find_checkpoint(task, network.spec.key)
        if card is not None and card.sha256 == network.sha256 and card.classes == network.classes:
            fresh = load_checkpoint(card)
            return {
                "network": f"{task}/{NETWORKS[network.spec.key].key}",
                "weights_unchanged": hash_weights(network.module) == hash_weights(fresh.module),
                "hooks": count_hooks(network.module) - count_hooks(fresh.module),
            }
    return {}  # of another folder of checkpoints, which this soak did not use


def hash_weights(module: nn.Module) -> str:
    """sha256 over every parameter and buffer."""
    digest = hashlib.sha256()
    for name, tensor in module.state_dict().items():
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().numpy().tobytes())
    return digest.hexdigest()


def count_hooks(module: nn.Module) -> int:
    """Hooks of every kind, and forwards overridden on an instance."""
    tables = ("_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks")
    return sum(
        sum(len(getattr(child, table)) for table in tables) + ("forward" in vars(child)) for child in module.modules()
    )
