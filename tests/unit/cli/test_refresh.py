"""What `lightbox refresh` takes for up to date, and what it calls for the rest."""

import argparse

import pytest

from lightbox import cli
from lightbox.cli import refresh
from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS
from lightbox.networks import NETWORKS, find_checkpoint
from tests.unit.jobs.conftest import write_checkpoint


def asked(**changes):
    defaults = {"data": "DATA", "parts": ",".join(refresh.PARTS), "task": None, "network": None, "count_slow": 25}
    return argparse.Namespace(**{**defaults, "list": False, **changes})


@pytest.fixture
def untold(tmp_path, monkeypatch):
    """A models folder with one checkpoint, of which nothing was measured."""
    write_checkpoint(tmp_path / "brain_mri" / "convnet")
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path))
    return find_checkpoint("brain_mri", "convnet")


def test_every_part_of_every_network_has_a_step():
    steps = refresh.plan(asked())
    networks = len(TASKS) * len(NETWORKS)
    assert [step.part for step in steps] == [
        part for part in refresh.PARTS for _ in range(1 if part == "samples" else networks)
    ]


def test_of_new_weights_nothing_is_up_to_date(untold):
    steps = refresh.plan(asked())
    assert [step.part for step in steps] == list(refresh.PARTS)
    assert not [step.part for step in steps if step.fresh()]


def test_what_is_not_up_to_date_is_made_by_its_command_and_a_failure_stops_nothing(untold, monkeypatch, capsys):
    calls = []
    monkeypatch.setattr(refresh, "_run", lambda arguments: calls.append(arguments) or int("embed" in arguments))
    assert refresh._refresh(asked(network="convnet")) == 1
    which = ("--task", "brain_mri", "--network", "convnet")
    assert calls[0] == ("calibrate", *which, "--data", "DATA")
    assert calls[1] == ("embed", *which, "--data", "DATA")
    assert calls[2] == ("evaluate", "robustness", *which, "--data", "DATA")
    assert calls[3][:6] == ("evaluate", "localisation", *which)
    assert calls[4] == ("evaluate", "samples")
    assert "could not make embedding of brain_mri/convnet" in capsys.readouterr().err


def test_what_is_up_to_date_is_left_alone(monkeypatch, capsys):
    monkeypatch.setattr(refresh, "_run", lambda arguments: pytest.fail(str(arguments)))
    monkeypatch.setitem(refresh._FRESH, "embedding", lambda _card: True)
    assert refresh._refresh(asked(parts="embedding", task="brain_mri")) == 0
    assert capsys.readouterr().out.count("up to date") == len(NETWORKS)


def test_a_list_makes_nothing(untold, monkeypatch, capsys):
    monkeypatch.setattr(refresh, "_run", lambda arguments: pytest.fail(str(arguments)))
    assert refresh._refresh(asked(list=True)) == 0
    assert capsys.readouterr().out.count("not of these weights") == len(refresh.PARTS)


def test_an_unknown_part_is_refused():
    with pytest.raises(UserFacingError, match="no part named maps"):
        refresh.plan(asked(parts="maps"))


def test_every_command_that_it_calls_is_one(untold, monkeypatch):
    """Each step's arguments are understood by the command line, down to the last option."""
    seen = []

    def note(parsed):
        seen.append(parsed.handler.__name__)
        return 0

    steps = refresh.plan(asked())
    for step in steps:
        parser = argparse.ArgumentParser()
        subparsers = parser.add_subparsers(required=True)
        for commands in cli.COMMANDS:
            commands.add_parser(subparsers)
        note(parser.parse_args(step.arguments))
    assert len(seen) == len(steps)
