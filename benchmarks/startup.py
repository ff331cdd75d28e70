"""From a stopped app to a usable first page, and to the first maps: seconds, in a real Chromium.

Run with ``python -m benchmarks.startup``. The app is started as ``make run`` starts it; the page counts as usable once
"Bring a scan" stands on it. Then a scan made here is uploaded twice: at once, while the workers still warm up, and,
with other pixels, once they are warm. ``--record`` keeps the figures in ``docs/records/startup.json``.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

from benchmarks.record import write_record
from lightbox.core.settings import PROJECT_DIR
from lightbox.explainers import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
MAPS_DRAWN = "count => document.querySelectorAll('.js-plotly-plot .hm').length >= count"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--record", action="store_true", help="keep the figures in docs/records")
    arguments = parser.parse_args()
    table: dict[str, list[float]] = {}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        chromium.new_page().goto("about:blank")
        for run in range(arguments.runs):
            for name, seconds in measure(chromium, run).items():
                table.setdefault(name, []).append(seconds)
            print(f"run {run + 1}: load averages {os.getloadavg()}", flush=True)
        chromium.close()
    for name, row in table.items():
        print(f"{name:58} {statistics.median(row):6.2f} s   {'  '.join(f'{seconds:.2f}' for seconds in row)}")
    if arguments.record:
        figures = {name: [round(seconds, 2) for seconds in row] for name, row in table.items()}
        write_record("startup", figures, command=f"python -m benchmarks.startup --runs {arguments.runs}")


def measure(chromium: Browser, run: int) -> dict[str, float]:
    """One start of the app."""
    found = {}
    begun_at = time.monotonic()
    with app() as url:
        found["start to a server that answers"] = time.monotonic() - begun_at
        page = chromium.new_page()
        page.set_default_timeout(120_000)
        page.goto(url)
        page.get_by_text("Bring a scan").wait_for()
        found["start to a usable first page"] = time.monotonic() - begun_at
        first, every = upload(page, 2 * run)
        found["upload at once, to the first map (workers still warming)"] = first
        found["upload at once, to all five maps"] = every
        page.close()
        page = chromium.new_page()
        page.set_default_timeout(120_000)
        page.goto(url)
        page.get_by_text("Bring a scan").wait_for()
        first, every = upload(page, 2 * run + 1)
        found["upload to warm workers, to the first map"] = first
        found["upload to warm workers, to all five maps"] = every
        page.close()
    return found


@contextmanager
def app() -> Iterator[str]:
    """The app's address, as soon as it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"]
    process = subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  (our own app)
    url = f"http://127.0.0.1:{port}"
    try:
        while process.poll() is None:
            with suppress(OSError), urllib.request.urlopen(f"{url}/_stcore/health"):  # noqa: S310
                break
            time.sleep(0.02)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def upload(page: Page, seed: int) -> tuple[float, float]:
    """Seconds from a fresh picture's upload to its first map, and to all five."""
    begun_at = time.monotonic()
    page.locator("[data-testid=stFileUploaderDropzoneInput]").set_input_files(
        {"name": "made.png", "mimeType": "image/png", "buffer": make_scan(seed)}
    )
    page.wait_for_function(MAPS_DRAWN, arg=1)
    first = time.monotonic() - begun_at
    page.wait_for_function(MAPS_DRAWN, arg=len(METHODS))
    return first, time.monotonic() - begun_at


def make_scan(seed: int) -> bytes:
    """A PNG of two dark lungs and seeded noise, 600 x 700."""
    rows, columns = np.mgrid[:600, :700] / 600
    lungs = np.exp(-(((columns - 0.35) / 0.15) ** 2)) + np.exp(-(((columns - 0.85) / 0.15) ** 2))
    noise = np.random.default_rng(seed).normal(0, 5, rows.shape)
    pixels = 200 - 150 * np.clip(lungs, 0, 1) * np.exp(-(((rows - 0.5) / 0.35) ** 4)) + noise
    buffer = io.BytesIO()
    Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)).save(buffer, "PNG")
    return buffer.getvalue()


if __name__ == "__main__":
    main()
