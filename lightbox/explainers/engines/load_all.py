"""Imports every engine once; see `lightbox.explainers.warm_up`."""

from __future__ import annotations

# It must precede zennit and pytorch_grad_cam, which import torchvision.
from lightbox.networks.engines import torchvision_import  # noqa: F401

# isort: split
from lightbox.explainers.engines import cam, gradient_path, perturbation, propagation, run  # noqa: F401
