"""The explanation methods, one file each; whatever file here has a ``SPEC`` is one. Importing this loads no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from lightbox.core.registry import Registry, discover

if TYPE_CHECKING:
    from lightbox.explainers.base import MethodSpec

_DISPLAY_ORDER = ("lrp", "contrastive_lrp", "lime", "grad_cam", "integrated_gradients")

METHODS: Registry[MethodSpec] = Registry("method")
_found = discover("lightbox.explainers.methods")
# Methods that nobody has ranked follow in alphabetical order, so that adding one touches no list.
for _key in sorted(_found, key=lambda key: (_DISPLAY_ORDER.index(key) if key in _DISPLAY_ORDER else 99, key)):
    METHODS.add(_key, cast("MethodSpec", _found[_key]))
