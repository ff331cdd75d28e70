"""A models folder for the soak: the shipped ConvNets, and deep networks with seeded weights at a small input size."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

from lightbox.core.settings import PROJECT_DIR
from lightbox.core.tasks import TASKS

if TYPE_CHECKING:
    from pathlib import Path

SHIPPED = ("convnet",)
SEEDED = ("resnet50", "vgg16")
CARD = """\
task = "{task}"
network = "{network}"
classes = [{classes}]
[weights]
sha256 = "{sha256}"
[preprocessing]
size = {size}
"""


def write_models(
    folder: Path, *, size: int, shipped: tuple[str, ...] = SHIPPED, seeded: tuple[str, ...] = SEEDED
) -> None:
    """Fill ``folder``: per task the ``shipped`` networks, and ``seeded`` ones that read ``size`` x ``size`` pixels."""
    for task in TASKS:
        for network in shipped:
            shutil.copytree(PROJECT_DIR / "models" / task / network, folder / task / network)
        for network in seeded:
            _write_seeded(folder / task / network, task, network, size)


def _write_seeded(folder: Path, task: str, network: str, size: int) -> None:
    import torch
    from safetensors.torch import save_file
    from torch import nn

    from lightbox.networks import NETWORKS

    classes = TASKS[task].classes
    torch.manual_seed(7)
    module = NETWORKS[network].build(len(classes))
    norms = [child for child in module.modules() if isinstance(child, nn.BatchNorm2d)]
    for norm in norms:
        nn.init.uniform_(norm.weight, 0.5, 1.5)
        nn.init.normal_(norm.bias, 0, 0.3)
        norm.momentum = 1.0
    # A fresh batch norm is the identity; one that has met data is not, and activations keep their size.
    with torch.no_grad():
        module.train()(torch.randn(4, 3, size, size))
    for norm in norms:
        if norm.running_var is not None:
            norm.running_var.clamp_(min=0.05)
    folder.mkdir(parents=True)
    path = folder / "weights.safetensors"
    save_file({key: value.contiguous() for key, value in module.state_dict().items()}, path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    names = ", ".join(f'"{key}"' for key in classes)
    card = CARD.format(task=task, network=network, classes=names, sha256=sha256, size=size)
    (folder / "card.toml").write_text(card, encoding="utf-8")
