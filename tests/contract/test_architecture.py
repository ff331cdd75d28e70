"""The house in docs/architecture.md is the one that stands."""

import re
from pathlib import Path

from tests.contract.test_imports import ORDER

ROOT = Path(__file__).resolve().parents[2]
TOPS = ("pages", "components", "lightbox")
LINE = re.compile(r"^(?P<indent> *)(?P<name>[a-z_]+)/ +(?P<what>\S.*)$")


def drawn_lines():
    """The lines of the tree, as matches; a line that is none is an error."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (tree,) = re.findall(r"```\n(pages/.*?)```", page, re.DOTALL)
    found = [(line, LINE.match(line)) for line in tree.splitlines()]
    assert [line for line, match in found if match is None] == []
    return [match for _, match in found]


def drawn_folders():
    """Every folder of the tree, by its path, in the order of the page."""
    folders, above = [], []
    for match in drawn_lines():
        depth = len(match["indent"]) // 2
        above = [*above[:depth], match["name"]]
        folders.append("/".join(above))
    return folders


def real_folders():
    """Every folder that holds a file of the project."""
    files = (path for top in TOPS for path in (ROOT / top).rglob("*") if path.is_file())
    found = set()
    for path in files:
        parts = path.relative_to(ROOT).parts[:-1]
        if "__pycache__" not in parts:
            found |= {"/".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
    return found


def test_every_folder_has_its_line_and_no_line_lacks_its_folder():
    assert sorted(drawn_folders()) == sorted(real_folders())


def test_the_rooms_stand_in_the_order_of_their_imports():
    rooms = [folder.split("/")[1] for folder in drawn_folders() if folder.startswith("lightbox/")]
    assert list(dict.fromkeys(rooms)) == [room for room in ORDER if (ROOT / "lightbox" / room).is_dir()]
