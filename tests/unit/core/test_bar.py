"""A bar on a terminal, silence in a log."""

import io

from lightbox.core.bar import Bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_how_far_it_is(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr("sys.stderr", terminal)
    bar = Bar("scans")
    bar(2, 8)
    bar(8, 8)
    assert "8 of 8 scans" in terminal.getvalue()
    assert terminal.getvalue().endswith("\n")


def test_a_log_stays_clean(monkeypatch, capsys):
    log = io.StringIO()
    monkeypatch.setattr("sys.stderr", log)
    bar = Bar("scans")
    bar(1, 2)
    bar.say("half")
    bar(2, 2)
    assert not log.getvalue()
    assert capsys.readouterr().out == "half\n"
