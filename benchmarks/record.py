"""Where a benchmark leaves its figures: ``docs/records/NAME.json``, which ``make results`` reads."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lightbox.core.library_versions import package_versions
from lightbox.core.program_version import program_version
from lightbox.core.settings import PROJECT_DIR
from lightbox.core.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FOLDER = PROJECT_DIR / "docs" / "records"
MEASURED = "measured"
_GIGABYTE = 2**30


def write_record(name: str, figures: Mapping[str, Any], *, command: str) -> Path:
    """Write what was measured just now, with the day, the machine and how busy it was.

    Args:
        name: of the file, without its suffix.
        figures: numbers, texts and lists of them by name, as `benchmarks.results` reads them.
        command: what measures them again.
    """
    record = {
        "source": MEASURED,
        "command": command,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": describe_machine(),
        "load_average": [round(load, 1) for load in os.getloadavg()],
        "lightbox": program_version(),
        "packages": package_versions(),
        "figures": dict(figures),
    }
    path = FOLDER / f"{name}.json"
    write_whole(path, (json.dumps(record, indent=1, ensure_ascii=False) + "\n").encode())
    return path


def describe_machine() -> str:
    """Cores, memory, the processor's matrix units and accelerators, in words; nothing that names the machine."""
    import torch

    cores = len(os.sched_getaffinity(0))
    memory = round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIGABYTE)
    tiles = "with AMX" if torch.cpu.get_capabilities().get("amx_bf16") else "without AMX"
    gpu = torch.cuda.get_device_name() if torch.cuda.is_available() else "no GPU"
    return f"{cores} {platform.machine()} cores {tiles}, {memory} GiB, {gpu}"
