"""Lets torchvision's CUDA build import beside a CPU-only torch.

The registry's torchvision registers fake kernels for ``torchvision::nms`` and ``qnms``, whose schemas come from a
compiled library that does not load without CUDA: "operator torchvision::nms does not exist". Nothing here uses
either operator, so defining the schemas is enough. On a sound install the library has defined them by
the time it is asked, and this module only imports torchvision.
"""

from __future__ import annotations

import importlib

import torch

_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
# Kept alive: a Library takes its definitions with it when it is collected.
_library: torch.library.Library | None = None

try:
    importlib.import_module("torchvision")
except RuntimeError as error:
    if "torchvision::nms" not in str(error):
        raise
    _library = torch.library.Library("torchvision", "DEF")
    for _schema in _SCHEMAS:
        _library.define(_schema)
    importlib.import_module("torchvision")

models = importlib.import_module("torchvision.models")
