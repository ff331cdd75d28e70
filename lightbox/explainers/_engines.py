"""Imports every engine once; see `lightbox.explainers.warm_up`."""

from __future__ import annotations

from lightbox.networks.engines import torchvision_models  # noqa: F401  (must precede zennit and pytorch_grad_cam, which import it)

# isort: split
from lightbox.explainers import _cam, _path, _relevance, _run, _superpixels  # noqa: F401
