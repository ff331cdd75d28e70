"""What the engine says of an attempt is what its worker reads; what a worker says of itself concerns nobody else."""

import logging
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest

from lightbox.core.settings import PROJECT_DIR
from lightbox.jobs._supervisor import make_filter
from lightbox.jobs.cluster import Cluster
from lightbox.jobs.cancel_flags import Address, Reader, Wishes, find_ended


@pytest.fixture
def wishes():
    wishes = Wishes()
    yield wishes
    wishes.close()


def new_token():
    return uuid.uuid4().hex


def test_an_attempt_is_wanted_until_it_is_withdrawn(wishes):
    token, other = new_token(), new_token()
    wish, wish_of_other = wishes.add(token), wishes.add(other)
    reader, reader_of_other = Reader(wish.address, token), Reader(wish_of_other.address, other)
    assert reader.is_wanted()
    wish.withdraw()
    assert not reader.is_wanted()
    assert reader_of_other.is_wanted()


def test_an_attempt_whose_place_went_to_another_is_not_wanted_and_cannot_sign_for_it(wishes):
    token = new_token()
    wish = wishes.add(token)
    reader = Reader(wish.address, token)
    wish.give_back()
    assert not reader.is_wanted()
    wishes._free = [reader._offset]
    successor = wishes.add(new_token())
    reader.begin()
    assert not successor.end_process(), "this very process would have been ended"


def test_an_attempt_that_is_over_has_no_process_to_end(wishes):
    token = new_token()
    wish = wishes.add(token)
    reader = Reader(wish.address, token)
    reader.begin()
    reader.end()
    assert not wish.end_process()


def test_ending_an_attempt_ends_its_process_and_leaves_a_note_of_why(wishes):
    token, untouched = new_token(), new_token()
    wish = wishes.add(token)
    wishes.add(untouched)
    # Not multiprocessing: a child spawned after the tests of pages would run a page's script.
    call = f"sign_and_sleep({wish.address.path!r}, {wish.address.offset}, {token!r})"
    program = f"from tests.unit.jobs.test_wishes import sign_and_sleep; {call}"
    process = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT_DIR)
    was_ended = find_ended(wishes.path)
    assert not was_ended(token)
    deadline = time.monotonic() + 20
    while not wish.end_process():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert process.wait(10) == -9
    assert (was_ended(token), was_ended(untouched)) == (True, False)


def sign_and_sleep(path, offset, token):
    Reader(Address(path, offset), token).begin()
    time.sleep(60)


def test_the_file_holds_no_more_than_random_numbers_and_goes_with_the_cluster():
    wishes = Wishes()
    token = new_token()
    wishes.add(token)
    path = Path(wishes.path)
    assert set(path.read_bytes()) <= set(token.encode() + b"01\0")
    assert path.stat().st_mode & 0o077 == 0, "nobody else's to read"
    assert path.stat().st_uid == os.getuid()
    wishes.close()
    assert not path.exists()
    wishes.write(0, b"late")
    assert wishes.read(0, 4) == b""


def test_the_log_tells_of_every_death_but_one_that_was_asked_for():
    ended, lost = new_token(), new_token()
    passes = make_filter(lambda token: token == ended)

    def record(token):
        text = "Task %s marked as failed because %d workers died while trying to run it"
        return logging.LogRecord("distributed.scheduler", logging.ERROR, "", 1, text, (f"lightbox-{token}", 1), None)

    assert not passes(record(ended))
    assert passes(record(lost))
    assert passes(logging.LogRecord("distributed.scheduler", logging.ERROR, "", 1, "lost a worker", (), None))


def test_a_file_that_was_tidied_away_ends_the_cluster_instead_of_every_job(wishes):
    """A system may empty its folder of temporary files while the app runs on for weeks."""
    cluster = Cluster(SimpleNamespace(status="running"), 1, SimpleNamespace(poll=lambda: None), wishes)
    assert cluster.alive
    Path(wishes.path).unlink()
    assert not cluster.alive


def test_a_closed_file_has_no_place_for_another_attempt(wishes):
    wishes.close()
    with pytest.raises(ValueError, match="closed"):
        wishes.add(new_token())
