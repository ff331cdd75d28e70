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
from lightbox.jobs.cancel_flags import Address, CancelFlags, Reader, find_ended
from lightbox.jobs.cluster import Cluster


@pytest.fixture
def flags():
    flags = CancelFlags()
    yield flags
    flags.close()


def new_token():
    return uuid.uuid4().hex


def test_an_attempt_is_wanted_until_it_is_withdrawn(flags):
    token, other = new_token(), new_token()
    flag, flag_of_other = flags.add(token), flags.add(other)
    reader, reader_of_other = Reader(flag.address, token), Reader(flag_of_other.address, other)
    assert reader.is_wanted()
    flag.withdraw()
    assert not reader.is_wanted()
    assert reader_of_other.is_wanted()


def test_an_attempt_whose_place_went_to_another_is_not_wanted_and_cannot_sign_for_it(flags):
    token = new_token()
    flag = flags.add(token)
    reader = Reader(flag.address, token)
    flag.give_back()
    assert not reader.is_wanted()
    flags._free = [reader._offset]
    successor = flags.add(new_token())
    reader.begin()
    assert not successor.end_process(), "this very process would have been ended"


def test_an_attempt_that_is_over_has_no_process_to_end(flags):
    token = new_token()
    flag = flags.add(token)
    reader = Reader(flag.address, token)
    reader.begin()
    reader.end()
    assert not flag.end_process()


def test_ending_an_attempt_ends_its_process_and_leaves_a_note_of_why(flags):
    token, untouched = new_token(), new_token()
    flag = flags.add(token)
    flags.add(untouched)
    # Not multiprocessing: a child spawned after the tests of pages would run a page's script.
    call = f"sign_and_sleep({flag.address.path!r}, {flag.address.offset}, {token!r})"
    program = f"from tests.unit.jobs.test_cancel_flags import sign_and_sleep; {call}"
    process = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT_DIR)
    was_ended = find_ended(flags.path)
    assert not was_ended(token)
    deadline = time.monotonic() + 20
    while not flag.end_process():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert process.wait(10) == -9
    assert (was_ended(token), was_ended(untouched)) == (True, False)


def sign_and_sleep(path, offset, token):
    Reader(Address(path, offset), token).begin()
    time.sleep(60)


def test_the_file_holds_no_more_than_random_numbers_and_goes_with_the_cluster():
    flags = CancelFlags()
    token = new_token()
    flags.add(token)
    path = Path(flags.path)
    assert set(path.read_bytes()) <= set(token.encode() + b"01\0")
    assert path.stat().st_mode & 0o077 == 0, "nobody else's to read"
    assert path.stat().st_uid == os.getuid()
    flags.close()
    assert not path.exists()
    flags.write(0, b"late")
    assert flags.read(0, 4) == b""


def test_the_log_tells_of_every_death_but_one_that_was_asked_for():
    ended, lost = new_token(), new_token()
    passes = make_filter(lambda token: token == ended)

    def record(token):
        text = "Task %s marked as failed because %d workers died while trying to run it"
        return logging.LogRecord("distributed.scheduler", logging.ERROR, "", 1, text, (f"lightbox-{token}", 1), None)

    assert not passes(record(ended))
    assert passes(record(lost))
    assert passes(logging.LogRecord("distributed.scheduler", logging.ERROR, "", 1, "lost a worker", (), None))


def test_a_file_that_was_tidied_away_ends_the_cluster_instead_of_every_job(flags):
    """A system may empty its folder of temporary files while the app runs on for weeks."""
    cluster = Cluster(SimpleNamespace(status="running"), 1, SimpleNamespace(poll=lambda: None), flags)
    assert cluster.alive
    Path(flags.path).unlink()
    assert not cluster.alive


def test_a_closed_file_has_no_place_for_another_attempt(flags):
    flags.close()
    with pytest.raises(ValueError, match="closed"):
        flags.add(new_token())
