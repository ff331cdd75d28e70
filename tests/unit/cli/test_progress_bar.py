"""A bar on a terminal, a line a minute in a log."""

import io

import pytest

from lightbox.cli.progress_bar import Bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        seconds = 1000.0

    monkeypatch.setattr("lightbox.cli.progress_bar.monotonic", lambda: Clock.seconds)
    return Clock


def test_a_terminal_shows_how_far_it_is(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    bar = Bar("scans")
    bar(2, 12345)
    bar(12345, 12345)
    assert "12345 of 12345 scans" in terminal.getvalue()
    assert terminal.getvalue().endswith("\n")


def test_a_short_command_leaves_no_line_in_a_log(capsys):
    bar = Bar("scans")
    bar(1, 2)
    bar.say("half")
    bar(2, 2)
    assert capsys.readouterr() == ("half\n", "")


def test_a_long_command_says_in_a_log_how_far_it_is_once_a_minute(capsys, clock):
    bar = Bar("scans")
    bar(100, 400)  # an earlier run did them: they cost nothing
    for second in range(0, 750, 10):
        clock.seconds = 1000 + second
        bar(100 + second // 10, 400)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 12
    assert lines[0] == "106 of 400 scans, 01:00 done, about 49:00 left"
    assert lines[-1] == "172 of 400 scans, 12:00 done, about 38:00 left"
    bar(400, 400)
    assert capsys.readouterr().err == "400 of 400 scans, 12:20 done\n"


def test_nothing_done_yet_promises_no_end(capsys, clock):
    bar = Bar("epochs' work")
    bar(0.25, 12.5)
    clock.seconds += 61
    bar(0.25, 12.5)
    assert capsys.readouterr().err == "0.25 of 12.5 epochs' work, 01:01 done\n"
