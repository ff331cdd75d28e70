"""The architectures, one file each; whatever file here has a ``SPEC`` is one. Importing this loads no torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from lightbox.core.registry import Registry, discover

if TYPE_CHECKING:
    from lightbox.networks.spec import NetworkSpec

NETWORKS: Registry[NetworkSpec] = Registry("network")
for _name, _spec in discover("lightbox.networks.architectures").items():
    NETWORKS.add(_name, cast("NetworkSpec", _spec))
