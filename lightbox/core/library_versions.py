"""Which libraries a result was made with."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

PACKAGES = (
    "torch",
    "torchvision",
    "zennit",
    "captum",
    "lime",
    "grad-cam",
    "scikit-image",
    "numpy",
    "pillow",
    "pydicom",
)


def package_versions() -> dict[str, str]:
    """By name, of all packages that maps depend on."""
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return versions
