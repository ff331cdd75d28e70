"""LIME and Integrated Gradients of the large networks in float32 and in bfloat16: time, and how alike the maps are.

Run with ``python -m benchmarks.precision [threads] [folder]``: on the first two synthetic samples of each task, or on
all pictures in ``folder/chest_xray`` and ``folder/brain_mri``.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.stats import spearmanr

from lightbox.explainers import Target, run
from lightbox.imaging.decode import decode
from lightbox.imaging.preprocess import prepare
from lightbox.imaging.samples import list_samples
from lightbox.networks import load_network

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lightbox.explainers.base import ParamValue
    from lightbox.networks import Network

PARAMS: Mapping[str, Mapping[str, ParamValue]] = {
    "lime": {"samples": 128},
    "integrated_gradients": {"steps": 64, "until_complete": False},
}


def scans_of(task: str, folder: Path | None) -> list[Path]:
    if folder is not None:
        return sorted(path for path in (folder / task).iterdir() if path.is_file())
    return [sample.image_path for sample in list_samples() if sample.task == task][:2]


def compare(network: Network, x: torch.Tensor, target: Target, method: str) -> str:
    full, quick = (
        run(method, network, x, target, progress=None, precision=precision, **PARAMS[method])
        for precision in ("float32", "auto")
    )
    pearson = np.corrcoef(full.values.ravel(), quick.values.ravel())[0, 1]
    spearman = spearmanr(full.values.ravel(), quick.values.ravel()).statistic
    checks = ", ".join(f"{a.key} {a.value:.4f} {b.value:.4f}" for a, b in zip(full.checks, quick.checks, strict=True))
    return (
        f"{method:21} {full.seconds:6.1f} s {quick.seconds:6.1f} s  {full.seconds / quick.seconds:4.1f} times  "
        f"pearson {pearson:.5f}  spearman {spearman:.5f}  {checks}"
    )


def main() -> None:
    threads = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    torch.set_num_threads(threads)
    for task in ("brain_mri", "chest_xray"):
        for key in ("resnet50", "vgg16"):
            network = load_network(task, key)
            for path in scans_of(task, folder):
                x = network.to_input(prepare(decode(path.read_bytes(), task).pixels, network.preprocessing).pixels)
                target = Target(int(network.logits(x)[0].argmax()))
                for method in PARAMS:
                    sys.stdout.write(f"{task:11}{key:9}{path.stem:24}{compare(network, x, target, method)}\n")
                    sys.stdout.flush()


if __name__ == "__main__":
    main()
