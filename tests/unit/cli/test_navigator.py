"""``lightbox navigator`` from a shell."""

import argparse
import json

import pytest

from lightbox.cli import navigator
from lightbox.core.errors import UserFacingError
from lightbox.navigator import github, refresh, table
from lightbox.navigator.sources import NoNetworkError
from tests.unit.navigator.recorded import Recorded, recorded_index, unreachable_index


@pytest.fixture
def run(tmp_path):
    copy = tmp_path / "libraries.csv"
    copy.write_bytes(table.TABLE_PATH.read_bytes())

    def run(*words):
        parser = argparse.ArgumentParser()
        navigator.add_parser(parser.add_subparsers())
        arguments = parser.parse_args(["navigator", *words, "--table", str(copy)])
        return arguments.handler(arguments)

    run.table = copy
    return run


@pytest.fixture
def answers(monkeypatch):
    ask = Recorded()
    monkeypatch.setitem(refresh.refresh.__kwdefaults__, "ask", ask)
    monkeypatch.setitem(refresh.refresh.__kwdefaults__, "pip_index", recorded_index)
    return ask


def test_validate_passes_the_shipped_table(run, capsys):
    assert run("validate") == 0
    assert "183 libraries, 0 problems" in capsys.readouterr().out


def test_validate_fails_on_a_fault_and_names_it(run, capsys):
    run.table.write_text(run.table.read_text().replace(",archived,", ",closed,", 1))
    assert run("validate") == 1
    assert "'closed' is not in the vocabulary" in capsys.readouterr().out


def test_export_takes_what_follows_the_question_mark_of_a_link(run, capsys):
    assert run("export", "--format", "json", "--query", "?method=contrastive-lrp") == 0
    assert [one["name"] for one in json.loads(capsys.readouterr().out)["libraries"]] == ["autoLRP", "Contrastive-LRP"]


def test_export_refuses_a_link_it_does_not_understand(run, capsys):
    assert run("export", "--query", "method=contrastive") == 2
    output = capsys.readouterr()
    assert "does not know" in output.err
    assert output.out == ""


def test_refresh_writes_the_news_and_only_them(run, answers, capsys):
    before = table.read_rows(run.table)
    assert run("refresh", "--only", "Zennit") == 0
    after = table.read_rows(run.table)
    assert len(after) == len(before)
    assert [one["name"] for one, two in zip(after, before, strict=True) if one != two] == ["Zennit"]
    assert "stars: 247 -> 251" in capsys.readouterr().out


def test_a_dry_run_writes_nothing(run, answers, capsys):
    before = run.table.read_bytes()
    assert run("refresh", "--dry-run", "--only", "Zennit") == 0
    assert run.table.read_bytes() == before
    assert "Nothing was written" in capsys.readouterr().out


def test_without_a_network_the_table_stays(run, monkeypatch):
    def unreachable(url, headers):
        raise NoNetworkError("no route")

    monkeypatch.setitem(refresh.refresh.__kwdefaults__, "ask", unreachable)
    monkeypatch.setitem(refresh.refresh.__kwdefaults__, "pip_index", unreachable_index)
    before = run.table.read_bytes()
    with pytest.raises(UserFacingError, match="try again when online"):
        run("refresh")
    assert run.table.read_bytes() == before
    assert github.fetch is not unreachable
