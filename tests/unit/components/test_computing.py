"""Waiting has one pace."""

from lightbox.core.settings import PROJECT_DIR


def test_every_line_that_watches_has_the_same_pace():
    lines = [
        line.strip()
        for path in sorted((PROJECT_DIR / "components").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if "TICK_SECONDS =" in line or "run_every=" in line
    ]
    assert [line for line in lines if "run_every=" not in line] == ["TICK_SECONDS = 0.4"]
    assert all("TICK_SECONDS" in line for line in lines)
