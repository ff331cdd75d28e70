"""Files that have not changed are not read again; whatever changes is noticed."""

import os
import time

import pytest

from lightbox.core.unchanged_files import read_once

LONG_AGO = time.time() - 3600


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "card.toml"
    path.write_text("one")
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


@pytest.fixture
def read(file):
    """Reads the file under one name, and counts how often."""

    def read(*more):
        def make():
            read.times += 1
            return file.read_text()

        return read_once("test", (file, *more), make)

    read.times = 0
    return read


def test_an_unchanged_file_is_read_once(read):
    assert [read(), read(), read()] == ["one"] * 3
    assert read.times == 1


def test_a_file_that_changed_is_read_again_even_at_the_same_size_and_date(read, file):
    assert read() == "one"
    file.write_text("two")
    os.utime(file, (LONG_AGO, LONG_AGO))
    assert read() == "two"


def test_a_file_that_was_replaced_is_read_again(read, file, tmp_path):
    assert read() == "one"
    other = tmp_path / "other"
    other.write_text("new")
    os.utime(other, (LONG_AGO, LONG_AGO))
    other.replace(file)
    assert read() == "new"


def test_a_file_that_changed_a_moment_ago_is_read_every_time(read, file):
    file.write_text("two")
    assert [read(), read()] == ["two", "two"]
    assert read.times == 2


def test_a_second_file_that_comes_or_goes_is_noticed(read, tmp_path):
    beside = tmp_path / "training_mean.png"
    read(beside)
    read(beside)
    beside.write_text("mean")
    os.utime(beside, (LONG_AGO, LONG_AGO))
    read(beside)
    beside.unlink()
    read(beside)
    assert read.times == 3


def test_an_error_is_raised_each_time_and_nothing_is_kept(file):
    def fail():
        raise ValueError("broken")

    for _time in range(2):
        with pytest.raises(ValueError, match="broken"):
            read_once("failing", (file,), fail)
    assert read_once("failing", (file,), lambda: "mended") == "mended"
