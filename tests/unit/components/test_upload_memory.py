"""No upload touches the disk, and the server lets in what the settings allow."""

import asyncio
import tomllib
from concurrent.futures import ThreadPoolExecutor

from starlette.formparsers import MultiPartParser
from starlette.requests import Request

from components.shell.upload_memory import keep_uploads_in_memory
from lightbox.core import settings

BOUNDARY = b"film"


def parse_upload(content):
    """The form's one file, as Streamlit's upload route takes it apart."""
    body = (
        b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="f"; filename="scan.dcm"\r\n\r\n'
        + content + b"\r\n--" + BOUNDARY + b"--\r\n"
    )  # fmt: skip
    chunks = [body[start : start + 65536] for start in range(0, len(body), 65536)]

    async def receive():
        return {"type": "http.request", "body": chunks.pop(0), "more_body": bool(chunks)}

    scope = {
        "type": "http",
        "method": "PUT",
        "headers": [(b"content-type", b"multipart/form-data; boundary=" + BOUNDARY)],
    }

    async def parse():
        form = await Request(scope, receive).form()
        file = form["f"]
        return file.file._rolled, await file.read()

    # The browser tests leave an event loop running in this thread.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, parse()).result()


def test_a_large_upload_stays_in_memory(monkeypatch):
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 1024 * 1024)
    content = bytes(3 * 1024 * 1024)
    assert parse_upload(content)[0], "the server no longer spools by itself: this module has nothing to do"
    keep_uploads_in_memory()
    on_disk, back = parse_upload(content)
    assert not on_disk
    assert back == content


def test_the_app_keeps_uploads_in_memory_before_any_page_runs():
    lines = (settings.PROJECT_DIR / "app.py").read_text(encoding="utf-8").splitlines()
    assert lines.index("upload_memory.keep_uploads_in_memory()") < lines.index("page = entrance.show()")


def test_the_server_lets_in_what_the_settings_allow(monkeypatch):
    for name in ("MAX_UPLOAD_MB", "TEST_SET_MB"):
        monkeypatch.delenv(f"LIGHTBOX_{name}", raising=False)
    config = tomllib.loads((settings.PROJECT_DIR / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    allowed = config["server"]["maxUploadSize"]
    assert allowed >= max(settings.get_number("MAX_UPLOAD_MB"), settings.get_number("TEST_SET_MB"))
