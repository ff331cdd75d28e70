"""Who brought a file decides how it is read."""

import numpy as np
import pytest

from components.networks import scan_files
from components.networks.scan_files import ScanFiles
from lightbox.imaging.scan import Provenance, Scan


@pytest.fixture
def calls(monkeypatch):
    """Which of the two ways of reading was taken, in order."""
    taken = []

    def stand_in(name):
        def read(content, task):
            taken.append((name, content))
            return Scan(np.full((400, 300), 0.5, np.float32), task, Provenance("PNG", "grey", 8, (400, 300)))

        return read

    monkeypatch.setattr(scan_files, "decode", stand_in("child"))
    monkeypatch.setattr(scan_files, "read_scan", stand_in("here"))
    return taken


def read(name, sha256):
    return f"{name} {sha256}".encode()


@pytest.mark.parametrize(("own", "way"), [(True, "child"), (False, "here")])
def test_what_a_visitor_brought_is_never_decoded_in_the_apps_own_process(calls, own, way):
    files = ScanFiles(read, own=own)
    assert files.scan("a.png", "1", "chest_xray").size_hw == (400, 300)
    assert files.thumbnail("b.png", "2", "chest_xray").startswith("data:image/png")
    assert calls == [(way, b"a.png 1"), (way, b"b.png 2")]


def test_a_thumbnail_is_made_once_and_those_seen_longest_ago_go_first(calls, monkeypatch):
    monkeypatch.setattr(scan_files, "MOST_THUMBNAILS", 2)
    files = ScanFiles(read, own=True)
    for name in ("a", "b", "a", "c", "a"):
        files.thumbnail(name, "1", "chest_xray")
    assert [content for _way, content in calls] == [b"a 1", b"b 1", b"c 1"]
    files.thumbnail("b", "1", "chest_xray")
    assert len(calls) == 4


def test_another_file_of_the_same_name_has_its_own_thumbnail(calls):
    files = ScanFiles(read, own=True)
    files.thumbnail("a", "1", "chest_xray")
    files.thumbnail("a", "2", "chest_xray")
    assert len(calls) == 2
