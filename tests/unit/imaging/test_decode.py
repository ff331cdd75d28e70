"""The child process: the same scan as in this process, and no way for a file to reach further."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import subprocess
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import pytest

from lightbox.core.errors import UserFacingError
from lightbox.imaging import _decode_child
from lightbox.imaging import decode as decoding
from lightbox.imaging.decode import decode
from tests.unit.imaging.builders import MARKER, dicom, jpeg, phantom, png

SIGNATURE = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def misbehaving(monkeypatch):
    monkeypatch.setattr(decoding, "CHILD", "tests.unit.imaging.bad_child")
    return lambda way: decode(SIGNATURE + way.encode(), "chest_xray")


@pytest.mark.parametrize(
    "content",
    [
        png(phantom()),
        jpeg(phantom(99, 70)),
        png(phantom(top=4000)),
        dicom(phantom(), WindowCenter=[90, 1], WindowWidth=[80, 1]),
    ],
)
def test_child_gives_the_scan_that_this_process_would(content):
    there, here = decode(content, "brain_mri"), _decode_child.decode_here(content, "brain_mri")
    assert there.sha256 == here.sha256
    assert there.provenance == here.provenance
    assert there.modality == "brain_mri"
    assert not there.pixels.flags.writeable


@pytest.mark.parametrize("content", [b"", b"text", png(phantom())[:-40], dicom(None)])
def test_child_gives_the_sentence_that_this_process_would(content):
    with pytest.raises(UserFacingError) as here:
        _decode_child.decode_here(content, "brain_mri")
    with pytest.raises(UserFacingError) as there:
        decode(content, "brain_mri")
    assert (there.value.message, there.value.hint) == (here.value.message, here.value.hint)


def test_modality_is_the_key_of_a_task():
    with pytest.raises(UserFacingError, match="no task named"):
        decode(png(phantom()), "retina")


def test_typical_picture_takes_under_a_second_with_the_start_of_the_process():
    content = jpeg(phantom(1000, 1300))
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        decode(content, "chest_xray")
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 1.0  # 0.12 s on an idle core


@pytest.mark.parametrize("way", ["killed", "segfault", "memory", "flood", "garbage", "nan", "late-crash"])
def test_child_that_dies_or_lies_is_one_sentence(misbehaving, way):
    with pytest.raises(UserFacingError, match="broke off"):
        misbehaving(way)
    assert misbehaving("honest").size_hw == (1, 1)


@pytest.mark.parametrize("way", ["sleep", "silent"])
def test_child_that_never_ends_is_stopped(misbehaving, monkeypatch, way):
    monkeypatch.setattr(decoding, "WALL_SECONDS", 1.0)
    started = time.perf_counter()
    with pytest.raises(UserFacingError, match="longer than 1 seconds"):
        misbehaving(way)
    assert time.perf_counter() - started < 5


def test_decoder_that_cannot_start_is_one_sentence(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(UserFacingError, match="could not be started"):
        decode(png(phantom()), "chest_xray")


@pytest.mark.parametrize("hidden", ["pydicom", "lightbox"])
def test_a_decoder_whose_modules_are_hidden_blames_the_program_and_logs_why(hidden, monkeypatch, tmp_path, caplog):
    (tmp_path / f"{hidden}.py").write_text("raise ImportError('hidden on purpose')")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(UserFacingError, match=r"could not be started.*program is at fault, not the file") as caught:
        decode(dicom(phantom(), named=True), "chest_xray")
    assert "hidden on purpose" in caplog.text
    assert MARKER not in caplog.text + str(caught.value)


def test_what_a_codec_says_of_the_file_is_never_logged(misbehaving, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(UserFacingError, match="broke off"):
        misbehaving("talkative")
    assert MARKER not in caplog.text


def test_a_module_is_found_where_this_process_finds_it(monkeypatch, tmp_path):
    """The project's folder may hold a folder of any name; it must not hide what the app itself uses."""
    (tmp_path / "PIL.py").write_text("raise ImportError")
    monkeypatch.setattr("lightbox.core.settings.PROJECT_DIR", tmp_path)
    assert decode(png(phantom()), "chest_xray").size_hw == phantom().shape


def test_no_room_for_a_process_is_said_as_that(monkeypatch):
    def full(*args, **options):
        raise OSError(errno.EAGAIN, "full")

    monkeypatch.setattr(subprocess, "Popen", full)
    with pytest.raises(UserFacingError, match="no room for another process now"):
        decode(png(phantom()), "chest_xray")


def test_child_that_computes_too_long_is_ended_by_its_processor_time(misbehaving):
    with pytest.raises(UserFacingError, match="far more computing than a picture of its size should"):
        misbehaving("busy")


def test_child_knows_no_secret(misbehaving, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    monkeypatch.setenv("LIGHTBOX_MAX_MEGAPIXELS", "7")
    with pytest.raises(UserFacingError) as caught:
        misbehaving("environment")
    assert "hunter2" not in caught.value.message
    assert "LIGHTBOX_MAX_MEGAPIXELS=7" in caught.value.message


def test_child_cannot_write_a_file(misbehaving, monkeypatch, tmp_path):
    pytest.importorskip("resource")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserFacingError, match="refused"):
        misbehaving("file")
    assert not any(path.stat().st_size for path in tmp_path.iterdir())


def test_bounds_are_skipped_where_the_system_has_none(monkeypatch):
    monkeypatch.setitem(sys.modules, "resource", None)
    _decode_child._bound()  # would cap the tests' own memory otherwise


def test_compressed_bomb_ends_in_a_sentence(monkeypatch):
    pytest.importorskip("resource")
    # The smaller these limits, the less memory the child may take: here 440 MiB.
    monkeypatch.setenv("LIGHTBOX_MAX_MEGAPIXELS", "1")
    monkeypatch.setenv("LIGHTBOX_MAX_UPLOAD_MB", "8")
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = squeeze.compress(bytes(1 << 24)) + squeeze.flush(zlib.Z_FULL_FLUSH)
    body = 32 * block + squeeze.flush()  # after a full flush, a block can be repeated
    head = dicom(phantom(), transfer_syntax="1.2.840.10008.1.2.1.99")
    start = head.index(b"1.2.840.10008.1.2.1.99")
    group_end = 128 + 4 + 12 + int.from_bytes(head[140:144], "little")
    assert start < group_end
    with pytest.raises(UserFacingError, match=r"memory|broke off"):
        decode(head[:group_end] + body, "chest_xray")


def test_log_holds_size_and_hash_prefix_only(caplog):
    caplog.set_level(logging.DEBUG, logger="lightbox.imaging")
    content = png(phantom())
    decode(content, "chest_xray")
    digest = hashlib.sha256(content).hexdigest()
    assert f"{len(content)} bytes, sha256 {digest[:8]}..." in caplog.text
    assert digest[:9] not in caplog.text


def test_largest_picture_fits_the_memory_of_the_child():
    values = np.zeros((5000, 5000), np.uint16)
    values[::2] = 4095
    scan = decode(dicom(values, WindowCenter=2000, WindowWidth=5000, VOILUTFunction="SIGMOID"), "chest_xray")
    assert scan.size_hw == (5000, 5000)


def test_decodes_inside_a_streamlit_script():
    testing = pytest.importorskip("streamlit.testing.v1")

    def script() -> None:
        import streamlit as st

        from lightbox.imaging.decode import decode
        from tests.unit.imaging.builders import phantom, png

        st.write(decode(png(phantom()), "chest_xray").sha256)

    page = testing.AppTest.from_function(script, default_timeout=30).run()
    assert not page.exception
    assert page.markdown[0].value == _decode_child.decode_here(png(phantom()), "chest_xray").sha256


def test_child_is_found_from_any_folder(tmp_path):
    path = tmp_path / "scan"
    path.write_bytes(png(phantom()))
    code = (
        "import sys; from lightbox.imaging.decode import decode;"
        "print(decode(open(sys.argv[1], 'rb').read(), 'brain_mri').size_hw)"
    )
    root = str(Path(__file__).resolve().parents[3])
    ran = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": root}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ran.stdout.strip() == str(phantom().shape)
