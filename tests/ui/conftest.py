"""The app without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from components.shell import computing

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def app(monkeypatch):
    """A fresh session of the whole app, not yet run. Its clock never ticks, so pages wait for their workers."""
    monkeypatch.setattr(computing, "PATIENCE_SECONDS", 90.0)
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
