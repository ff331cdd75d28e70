"""Settings, one row each, read from the environment as ``LIGHTBOX_<NAME>``."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from lightbox.core.errors import UserFacingError

# The folder that holds the package: the checkout, or where pip put it, with neither checkpoints nor samples beside it.
PROJECT_DIR = Path(__file__).resolve().parents[2]
IN_CHECKOUT = (PROJECT_DIR / "pyproject.toml").is_file()


@dataclass(frozen=True, slots=True)
class Setting:
    """One row: its name (without the prefix), its default as text, and what it does."""

    name: str
    default: str
    help: str

    @property
    def variable(self) -> str:
        return f"LIGHTBOX_{self.name}"


def _beside_the_package(name: str) -> str:
    return str(PROJECT_DIR / name) if IN_CHECKOUT else ""


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "MODELS_DIR",
        _beside_the_package("models"),
        "Folder of checkpoints: <task>/<network>/weights.safetensors and card.toml.",
    ),
    Setting("SAMPLES_DIR", _beside_the_package("sample_images"), "Folder of sample scans with their manifest.toml."),
    Setting(
        "DATA_DIR", "", "Folder of the test images, for thumbnails and for opening a network's mistakes in Compare."
    ),
    Setting("MAX_MEGAPIXELS", "25", "Largest picture accepted, in millions of pixels."),
    Setting("MAX_UPLOAD_MB", "64", "Largest scan accepted, in megabytes."),
    Setting(
        "TEST_SET_MB",
        "256",
        "Largest ZIP of a user's own test set, in megabytes, held in memory; above 256 raise server.maxUploadSize too.",
    ),
    Setting(
        "LOCAL_FOLDERS",
        "",
        "Folder below which any visitor may name a test set on this computer's disk; empty: nowhere.",
    ),
    Setting("SCHEDULER", "", "Address of an existing Dask cluster, such as tcp://host:8786; empty: an embedded one."),
    Setting(
        "LANES",
        "",
        "Computations at once; empty: one per GPU, else one per core. Each has its share of cores. One more worker "
        "starts for quick work where 2 GB are free.",
    ),
    Setting("MAX_QUEUE", "200", "Computations that may wait; one user may hold half of the places."),
    Setting("RESULT_CACHE_MB", "512", "Memory for finished maps, in megabytes, shared by all users."),
    Setting("WORKER_MEMORY_GB", "", "Memory above which a worker process is ended; empty: this machine's by lanes."),
    Setting(
        "GITHUB_TOKEN", "", "Token for `lightbox navigator refresh`; without one GitHub answers 60 questions an hour."
    ),
    Setting("NEW_ISSUE_URL", "", "The project's new-issue page, which the navigator's suggestion form fills in."),
    Setting("LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR; INFO for anything else."),
)
_BY_NAME = {setting.name: setting for setting in SETTINGS}


def get(name: str) -> str:
    """The value of a setting: the environment's if set and not empty, else the default."""
    setting = _BY_NAME[name]
    return os.environ.get(setting.variable) or setting.default


def get_path(name: str) -> Path:
    """The value of a setting that names a folder.

    Raises:
        UserFacingError: it is not set and has no default, as where the library was installed without a checkout.
    """
    text = get(name)
    if not text:
        setting = _BY_NAME[name]
        raise UserFacingError(
            f"{setting.variable} is not set, and this installation of Lightbox has no such folder of its own.",
            f"Set it to a {setting.help[:1].lower()}{setting.help[1:]}",
        )
    return Path(text).expanduser()


def get_number(name: str) -> float:
    """The value of a setting that is a positive number.

    Raises:
        UserFacingError: the text is not a positive number.
    """
    text = get(name)
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < float("inf"):
        raise UserFacingError(
            f"The setting {_BY_NAME[name].variable} is {text!r}, which is not a positive number.",
            f"Set it to a number such as {_BY_NAME[name].default}, or unset it.",
        )
    return value
