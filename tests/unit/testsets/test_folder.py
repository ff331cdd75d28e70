"""A folder on the server: only where it is allowed, and never through a link."""

import os

import pytest

from lightbox.core.errors import UserFacingError
from lightbox.testsets.folder import allowed_folder, open_folder


@pytest.fixture
def root(tmp_path, monkeypatch):
    root = tmp_path / "allowed"
    (root / "set" / "normal").mkdir(parents=True)
    (root / "set" / "normal" / "a.png").write_bytes(b"abc")
    (tmp_path / "secret.png").write_bytes(b"secret")
    monkeypatch.setenv("LIGHTBOX_LOCAL_FOLDERS", str(root))
    return root


def test_nothing_is_allowed_by_default(monkeypatch, root):
    monkeypatch.delenv("LIGHTBOX_LOCAL_FOLDERS")
    assert allowed_folder() is None
    with pytest.raises(UserFacingError, match="no such folder"):
        open_folder(str(root), "chest_xray")


@pytest.mark.parametrize("text", ["set", "./set/", "{root}/set"])
def test_a_folder_below_the_allowed_one_is_read(root, text):
    brought = open_folder(text.format(root=root), "chest_xray")
    assert [(item.name, item.said) for item in brought.items] == [("normal/a.png", "normal")]
    assert brought.read(brought.items[0]) == b"abc"


@pytest.mark.parametrize(
    "text",
    ["..", "/etc", "set/../..", "~", "~root", "~nosuchuser/x", "absent", "a\0b", "/proc/self", "round", "a" * 300],
)
def test_what_lies_elsewhere_is_not_there(root, text):
    (root / "round").symlink_to(root / "round")
    with pytest.raises(UserFacingError, match="no such folder below"):
        open_folder(text, "chest_xray")


def test_links_and_pipes_are_not_followed(root):
    (root / "set" / "normal" / "link.png").symlink_to(root.parent / "secret.png")
    (root / "out").symlink_to(root.parent)
    os.mkfifo(root / "set" / "normal" / "pipe.png")
    brought = open_folder("set", "chest_xray")
    assert [item.name for item in brought.items] == ["normal/a.png"]
    assert {problem.name for problem in brought.problems} == {"normal/link.png", "normal/pipe.png"}
    with pytest.raises(UserFacingError, match="no such folder below"):
        open_folder("out", "chest_xray")


def test_a_file_that_became_a_link_since_it_was_listed_is_not_read(root):
    brought = open_folder("set", "chest_xray")
    (root / "set" / "normal" / "a.png").unlink()
    (root / "set" / "normal" / "a.png").symlink_to(root.parent / "secret.png")
    with pytest.raises(UserFacingError, match="cannot be read"):
        brought.read(brought.items[0])


def test_a_setting_that_names_no_folder_says_so(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_LOCAL_FOLDERS", "1")
    with pytest.raises(UserFacingError, match="no such folder"):
        allowed_folder()
