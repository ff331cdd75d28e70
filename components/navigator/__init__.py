"""The navigator's parts; each module has one public ``show(...)``, but for ``state`` and ``words``."""
