"""A real Chromium against the real app."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
START_SECONDS = 60
# A closed network would otherwise answer the browser's own errands with noise.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


VIEWPORT = {"width": 1600, "height": 1000}
# All that a page can keep in the browser; what the browser has fetched is not of them.
STORAGE = "cookies,local_storage,indexeddb,file_systems,service_workers,cache_storage"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serve_app(folder, **settings):
    """The app as `make run` starts it, on a free port, its log in ``folder``; gives its address."""
    port = free_port()
    log = (folder / "app.log").open("w+")
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **settings})
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(url, process, log)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


@pytest.fixture(scope="session")
def app_url(tmp_path_factory):
    """The app, until the last browser test is done."""
    with serve_app(tmp_path_factory.mktemp("app")) as url:
        yield url


def wait_until_healthy(url, process, log):
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            log.seek(0)
            pytest.fail(f"the app ended before it was up:\n{log.read()[-2000:]}")
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
                if answer.read() == b"ok":
                    return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the app was not healthy after {START_SECONDS} s")


@pytest.fixture(scope="session")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine; Debian's package `chromium` has it")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def shared_context(browser):
    """One profile for most tests: the scripts of the page are fetched and compiled once."""
    context = browser.new_context(viewport=VIEWPORT, accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def page(shared_context):
    """A tab of its own. Afterwards nothing of it is left but the cache: no other tab, no storage, no permission."""
    opened = shared_context.new_page()
    opened.set_default_timeout(60_000)
    yield opened
    for tab in shared_context.pages:
        tab.close()
    clear_storage(shared_context)
    shared_context.clear_permissions()


def clear_storage(context):
    """Empty what any address keeps in a profile; what has been fetched stays."""
    tab = context.new_page()
    client = context.new_cdp_session(tab)
    for kept in context.storage_state()["origins"]:
        client.send("Storage.clearDataForOrigin", {"origin": kept["origin"], "storageTypes": STORAGE})
    context.clear_cookies()
    tab.close()


@pytest.fixture
def scan_path(tmp_path):
    """A real chest X-ray where the data folder is there, else one made here."""
    real = sorted((ROOT.parent / "shared" / "data" / "chest_xray" / "test" / "PNEUMONIA").glob("*virus*"))
    if real:
        return real[0]
    import numpy as np
    from PIL import Image

    rows, columns = np.mgrid[:300, :360] / 300
    lungs = np.exp(-(((columns - 0.35) / 0.15) ** 2)) + np.exp(-(((columns - 0.85) / 0.15) ** 2))
    pixels = 200 - 150 * np.clip(lungs, 0, 1) * np.exp(-(((rows - 0.5) / 0.35) ** 4))
    path = tmp_path / "made.png"
    Image.fromarray(pixels.astype(np.uint8)).save(path)
    return path
