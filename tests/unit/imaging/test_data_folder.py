"""Only the very file that was evaluated leaves the data folder."""

import hashlib
import os

import pytest

from lightbox.core.errors import UserFacingError
from lightbox.imaging.data_folder import data_folder, read_verified

CONTENT = b"a picture"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def folder(tmp_path):
    """A data folder with one picture, and beside the folder a file with the same content."""
    inside = tmp_path / "data"
    (inside / "test").mkdir(parents=True)
    (inside / "test" / "a.png").write_bytes(CONTENT)
    (tmp_path / "secret.png").write_bytes(CONTENT)
    return inside


def test_the_recorded_file_is_read(folder):
    assert read_verified(folder, "test/a.png", DIGEST) == CONTENT


def test_another_content_is_refused(folder):
    (folder / "test" / "a.png").write_bytes(CONTENT + b".")
    with pytest.raises(UserFacingError, match="sha256 differs"):
        read_verified(folder, "test/a.png", DIGEST)


@pytest.mark.parametrize(
    "name",
    [
        "../secret.png",
        "test/../../secret.png",
        "test/b.png",
        "test",
        "",
        ".",
        "test/a.png\0",
        "test\\a.png",
        "x" * 5000,
    ],
)
def test_nothing_else_is_reached_by_a_name(folder, name):
    with pytest.raises(UserFacingError, match="no file"):
        read_verified(folder, name, DIGEST)


def test_absolute_paths_are_refused_inside_and_outside(folder):
    for path in (folder / "test" / "a.png", folder.parent / "secret.png"):
        with pytest.raises(UserFacingError, match="no file"):
            read_verified(folder, str(path), DIGEST)


def test_links_lead_nowhere_outside_and_the_folder_itself_may_be_one(folder):
    (folder / "out.png").symlink_to(folder.parent / "secret.png")
    (folder / "circle.png").symlink_to(folder / "circle.png")
    (folder / "in.png").symlink_to(folder / "test" / "a.png")
    for name in ("out.png", "circle.png"):
        with pytest.raises(UserFacingError, match="no file"):
            read_verified(folder, name, DIGEST)
    assert read_verified(folder, "in.png", DIGEST) == CONTENT
    elsewhere = folder.parent / "link"
    elsewhere.symlink_to(folder)
    assert read_verified(elsewhere, "test/a.png", DIGEST) == CONTENT


def test_a_pipe_is_no_file_and_a_large_file_is_not_read(folder, monkeypatch):
    os.mkfifo(folder / "pipe.png")
    with pytest.raises(UserFacingError, match="no file"):
        read_verified(folder, "pipe.png", DIGEST)
    monkeypatch.setenv("LIGHTBOX_MAX_UPLOAD_MB", "0.000001")
    with pytest.raises(UserFacingError, match="the limit is"):
        read_verified(folder, "test/a.png", DIGEST)


def test_the_setting_names_a_folder_or_nothing(folder, monkeypatch):
    monkeypatch.delenv("LIGHTBOX_DATA_DIR", raising=False)
    assert data_folder() is None
    monkeypatch.setenv("LIGHTBOX_DATA_DIR", str(folder))
    assert data_folder() == folder
    monkeypatch.setenv("LIGHTBOX_DATA_DIR", str(folder / "absent"))
    with pytest.raises(UserFacingError, match="no such folder"):
        data_folder()
