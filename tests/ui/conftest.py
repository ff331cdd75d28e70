"""The app without a browser."""

from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from components.shell import computing

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app(monkeypatch):
    """A fresh session of the whole app, not yet run. Its clock never ticks, so pages wait for their workers."""
    monkeypatch.setattr(computing, "PATIENCE_SECONDS", 90.0)
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)


@pytest.fixture(scope="session", autouse=True)
def _packages_are_searched_once():
    """Streamlit searches every installed package for components, at each run of a test's app: half a second."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield
