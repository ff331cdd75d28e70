"""Files that keep a codec busy for minutes are ended by processor time, and do not keep others waiting."""

from __future__ import annotations

import threading
import time

import pytest

from lightbox.core.errors import UserFacingError
from lightbox.imaging import _cpu
from lightbox.imaging.decode import decode
from tests.unit.imaging.builders import phantom, png
from tests.unit.imaging.cases import case

resource = pytest.importorskip("resource")
SLOW = ["j2k_20s.dcm", "jls_slow_459.dcm"]


def seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("name", SLOW)
def test_a_small_file_that_is_slow_on_purpose_is_refused_within_two_seconds_of_computing(name):
    before = seconds_of_children()
    with pytest.raises(UserFacingError, match="far more computing than a picture of its size should"):
        decode(case(name), "chest_xray")
    assert seconds_of_children() - before < 2.0


def test_slow_uploads_do_not_keep_a_quick_one_waiting_for_long():
    outcomes = []

    def upload() -> None:
        with pytest.raises(UserFacingError) as caught:
            decode(case("j2k_20s.dcm"), "chest_xray")
        outcomes.append(caught.value.message)

    slow = [threading.Thread(target=upload) for _ in range(2)]
    for thread in slow:
        thread.start()
    time.sleep(0.3)
    started = time.monotonic()
    assert decode(png(phantom()), "chest_xray").size_hw == phantom().shape
    assert time.monotonic() - started < 10  # 1.5 s on idle cores
    for thread in slow:
        thread.join()
    assert all("far more computing" in message for message in outcomes)
    assert len(outcomes) == 2


def test_the_allowance_grows_with_the_picture_and_is_the_childs_alone(monkeypatch):
    allowed = []
    monkeypatch.setattr(_cpu.signal, "setitimer", lambda _, seconds: allowed.append(seconds))
    _cpu.allow_for(10**6)
    assert allowed == []  # not in this process
    monkeypatch.setattr(_cpu._Allowance, "on", True)
    _cpu.allow_for(10**5)
    _cpu.allow_for(25 * 10**6)
    assert allowed[0] < 1.5
    assert allowed[1] > 20
