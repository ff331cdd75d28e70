"""Waiting has one pace, and what is said while predictions are awaited is what keeps them."""

import types

import pytest

from components.shell import computing
from lightbox.core.settings import PROJECT_DIR
from lightbox.jobs import Job, Work


def test_every_line_that_watches_has_the_same_pace():
    lines = [
        line.strip()
        for path in sorted((PROJECT_DIR / "components").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if "TICK_SECONDS =" in line or "run_every=" in line
    ]
    assert [line for line in lines if "run_every=" not in line] == ["TICK_SECONDS = 0.4"]
    assert all("TICK_SECONDS" in line for line in lines)
    assert len(lines) == 2  # one pace, and one line that polls


def test_what_plotly_lets_a_reader_do_is_said_in_one_place():
    places = [
        path.name
        for folder in ("components", "pages")
        for path in sorted((PROJECT_DIR / folder).rglob("*.py"))
        if "displayModeBar" in path.read_text(encoding="utf-8")
    ]
    assert places == ["palette.py"]


@pytest.fixture
def engine(monkeypatch):
    status = types.SimpleNamespace(starting_seconds=None)
    monkeypatch.setattr(computing, "engine", lambda: types.SimpleNamespace(status=lambda: status))
    return status


def make_job(*, place=None):
    job = Job(Work("key", ""), lambda _job: place)
    if place is None:
        job.start()
    return job


def test_a_start_says_what_happens_how_long_it_usually_takes_and_how_long_it_has(engine):
    engine.starting_seconds = 4.4
    assert computing.describe_reading([make_job()]) == (
        "The computing processes are starting, as once after every start: usually within 20 seconds, 4 so far…"
    )


def test_a_wait_for_others_is_said_to_be_one(engine):
    assert (
        computing.describe_reading([make_job(place=7), make_job(place=5)])
        == "Waiting for other computations to end: place 5 in the queue…"
    )


def test_a_network_reads_once_its_job_runs(engine):
    assert computing.describe_reading([make_job(place=3), make_job()]) == "The network is reading the scan…"
