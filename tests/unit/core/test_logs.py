import logging

import pytest

from lightbox.core import logs


@pytest.fixture(autouse=True)
def _anew():
    logs._level.cache_clear()
    yield
    logs._level.cache_clear()


@pytest.mark.parametrize(("text", "level"), [("", logging.INFO), ("debug", logging.DEBUG), (" ERROR ", logging.ERROR)])
def test_the_level_is_the_settings(monkeypatch, caplog, text, level):
    monkeypatch.setenv("LIGHTBOX_LOG_LEVEL", text)
    assert logs.get_logger("test_room").level == level
    assert not caplog.records


@pytest.mark.parametrize("text", ["LOUD", "11", "INFO,DEBUG"])
def test_a_level_that_is_none_is_info_and_said_once(monkeypatch, caplog, text):
    monkeypatch.setenv("LIGHTBOX_LOG_LEVEL", text)
    assert {logs.get_logger(room).level for room in ("test_room", "test_other")} == {logging.INFO}
    assert [record.getMessage() for record in caplog.records] == [
        f"LIGHTBOX_LOG_LEVEL is {text!r}, which is no level; INFO is used"
    ]
