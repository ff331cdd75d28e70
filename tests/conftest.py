"""What every test shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests import side_by_side

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

# Before NumPy or torch is imported. On a busy machine two threads keep the cores busy with waiting for each other: some
# tests of tests/unit/jobs/test_stop.py took four times the processor time then.
for library in ("OMP", "MKL", "OPENBLAS"):
    os.environ.setdefault(f"{library}_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real scans beside the repository; a test that needs it is skipped where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("no real scans beside the repository")
    return SHARED_DATA


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return side_by_side.make_scheduler(config, log)


def pytest_collection_modifyitems(config, items):
    if hasattr(config, "workerinput"):
        items.sort(key=lambda item: side_by_side.rank(item.nodeid))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item):
    if hasattr(item.config, "workerinput"):
        side_by_side.RightOfWay.settle(item.nodeid)
