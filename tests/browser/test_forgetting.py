"""What should be forgotten is, down to the bytes in the memory of every process; what should be kept is kept."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import zlib
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image, PngImagePlugin
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from components.maps.viewer.payload import FASTEST, scan_samples
from components.shell.session_lifetime import SECONDS_KEPT_AFTER_LEAVING
from lightbox.imaging.decode import decode
from lightbox.imaging.film import data_uri
from lightbox.imaging.preprocess import prepare
from lightbox.networks.card import find_checkpoint

from .breakable_line import BreakableLine
from .conftest import ROOT, free_port, wait_until_healthy
from .memory_search import find
from .test_compare_journey import wait_for_maps

pytestmark = pytest.mark.browser
# What every page promises.
SECONDS_TO_FORGET = 60
SECONDS_TO_OVERWRITE = 3
SECONDS_OF_BREAK = 18
UPLOADER = "[data-testid=stFileUploaderDropzoneInput]"
MISSING = "This link opens the same settings; add your scan again."


class WatchedApp:
    """The app, and what can be told of its memory from outside."""

    def __init__(self, folder):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._count_path = folder / "count.json"
        self._log = (folder / "app.log").open("w+")
        command = [sys.executable, "-m", "tests.browser.counting_app", str(self._count_path), "run", "app.py"]
        command += [f"--server.port={self.port}", "--server.headless=true"]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=self._log, stderr=subprocess.STDOUT, env=environment)
        wait_until_healthy(self.url, self.process, self._log)

    def count(self):
        """How many objects are alive that belong to a visit, by kind."""
        self._count_path.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        deadline = time.monotonic() + 20
        while not self._count_path.exists():
            assert time.monotonic() < deadline, "the app does not count"
            time.sleep(0.05)
        return json.loads(self._count_path.read_text())

    def find(self, planted):
        """Where planted bytes stand in the app and all that it started: {(process, name): places}."""
        family = [psutil.Process(self.process.pid)]
        family += family[0].children(recursive=True)
        return {
            (f"{process.pid} {' '.join(process.cmdline()[-3:])}", name): places
            for process in family
            for name, places in find(process.pid, planted).items()
        }

    def end(self):
        self.process.terminate()
        self.process.wait(20)
        self._log.close()


@contextmanager
def opened_tab(browser, url, path, maps):
    context = browser.new_context(viewport={"width": 1600, "height": 1000})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(url)
    page.get_by_text("Bring a scan").wait_for()
    page.locator(UPLOADER).set_input_files(path)
    wait_for_maps(page, maps)
    yield page
    context.close()


def look_closer(page):
    """Open the large view of a map, for which the scan and the values are sent once more."""
    page.get_by_role("button", name="Look closer").first.click()
    page.get_by_text(re.compile(r"Row \d+ of \d+")).wait_for()
    page.keyboard.press("Escape")


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    app = WatchedApp(tmp_path_factory.mktemp("app"))
    yield app
    app.end()


@pytest.fixture
def tagged_png(tmp_path):
    """A chest with one row like no other, and a comment, under a telling name; what to search for."""
    pixels = chest(seed=5)
    comment = PngImagePlugin.PngInfo()
    comment.add_text("Comment", "planted-comment-of-the-png")
    path = tmp_path / "planted-name-of-the-png.png"
    Image.fromarray(pixels).save(path, pnginfo=comment)
    return path, {**traces(path, pixels), "comment": b"planted-comment-of-the-png"}


@pytest.fixture
def tagged_dicom(tmp_path):
    """The like as DICOM, with a patient; what to search for."""
    pixels = chest(seed=6)
    header = FileMetaDataset()
    header.TransferSyntaxUID = ExplicitVRLittleEndian
    header.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1"
    header.MediaStorageSOPInstanceUID = generate_uid()
    film = Dataset()
    film.file_meta = header
    film.SOPClassUID, film.SOPInstanceUID = header.MediaStorageSOPClassUID, header.MediaStorageSOPInstanceUID
    film.PatientName, film.PatientID, film.Modality = "Planted^Name^Of^Patient", "PLANTED-ID-0815", "DX"
    film.Rows, film.Columns = pixels.shape
    film.SamplesPerPixel, film.PhotometricInterpretation = 1, "MONOCHROME2"
    film.BitsAllocated, film.BitsStored, film.HighBit, film.PixelRepresentation = 8, 8, 7, 0
    film.PixelData = pixels.tobytes()
    path = tmp_path / "planted-name-of-the-dicom.dcm"
    film.save_as(path, enforce_file_format=True)
    return path, {**traces(path, pixels), "patient": b"Planted^Name^Of^Patient", "id": b"PLANTED-ID-0815"}


def chest(seed):
    """(300, 360) bytes: two dark lungs, crossed by a row of noise."""
    rows, columns = np.mgrid[:300, :360] / 300
    lungs = np.exp(-(((columns - 0.35) / 0.15) ** 2)) + np.exp(-(((columns - 0.85) / 0.15) ** 2))
    pixels = (200 - 150 * np.clip(lungs, 0, 1) * np.exp(-(((rows - 0.5) / 0.35) ** 4))).astype(np.uint8)
    pixels[150] = np.random.default_rng(seed).integers(0, 256, 360)
    return pixels


def traces(path, pixels):
    """What a file may leave behind: its name, its bytes, and one row in each form that the app gives it."""
    content = path.read_bytes()
    scan = decode(content, "chest_xray")
    seen = prepare(scan.pixels, find_checkpoint("chest_xray", "convnet").preprocessing).pixels
    shown = data_uri(scan.pixels, max_side=1600)
    closer = zlib.compress(scan_samples(scan).tobytes(), FASTEST)
    return {
        "name": path.stem.encode(),
        "file": content[len(content) // 2 :][:40],
        "bytes": pixels[150, 100:140].tobytes(),
        "floats": scan.pixels[150, 100:140].tobytes(),
        "network's view": seen[len(seen) // 2, 80:120].tobytes(),
        "film": shown[len(shown) // 2 :][:64].encode(),
        "viewer": closer[len(closer) // 2 :][:40],
    }


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process read another one's memory")
def test_a_minute_after_the_tab_is_closed_no_process_holds_anything_of_the_scan(
    browser, watched, tagged_png, tagged_dicom
):
    for path, planted in (tagged_png, tagged_dicom):
        with opened_tab(browser, f"{watched.url}/?methods=lrp,grad_cam", path, 2) as page:
            look_closer(page)
            alive, held = watched.count(), {name for _process, name in watched.find(planted)}
            assert {"floats", "network's view", "film"} <= held, "the search misses what is there"
            assert {"Scan", "Views", "Sent", "Job", "AppSession"} <= alive.keys()
            # Of the file itself nothing is kept beyond its decoding.
            assert alive.get("UploadedFileRec", 0) == alive.get("UploadedFile", 0) == 0
            assert held.isdisjoint({"comment", "patient", "id"})

    closed_at = time.monotonic()
    while (alive := watched.count()) != {}:
        assert time.monotonic() - closed_at < SECONDS_TO_FORGET - SECONDS_TO_OVERWRITE, alive
        time.sleep(1)
    time.sleep(SECONDS_TO_OVERWRITE)
    left = watched.find({**tagged_dicom[1], **{f"png's {name}": text for name, text in tagged_png[1].items()}})
    assert left == {}


def test_a_short_break_of_the_network_loses_neither_scan_nor_maps(browser, watched, tagged_png):
    assert SECONDS_OF_BREAK < SECONDS_KEPT_AFTER_LEAVING
    line = BreakableLine(watched.port)
    path, _ = tagged_png
    with opened_tab(browser, f"{line.url}/?methods=grad_cam", path, 1) as page:
        line.cut()
        page.wait_for_timeout(1000 * SECONDS_OF_BREAK)
        line.mend()
        page.get_by_text("Contours", exact=True).click()
        page.wait_for_url("**view=contours**")
        wait_for_maps(page, 1)
        assert page.get_by_text("PNG · 360 × 300 px", exact=True).count() == 1
        assert watched.count()["Scan"] == 1
    line.close()


def test_another_page_and_back_keeps_the_scan_beside_a_fresh_uploader(browser, app_url, tagged_png):
    path, _ = tagged_png
    with opened_tab(browser, f"{app_url}/?methods=grad_cam", path, 1) as page:
        page.get_by_role("link", name="Library navigator").click()
        page.get_by_role("heading", name="Library navigator").wait_for()
        page.get_by_role("link", name="Compare").click()
        wait_for_maps(page, 1)
        assert page.get_by_text("PNG · 360 × 300 px", exact=True).count() == 1
        assert page.get_by_text(Path(path).name).count() == 0
        page.get_by_role("button", name="Remove", exact=True).click()
        page.get_by_text("Bring a scan").wait_for()


def test_a_reload_and_a_second_tab_say_that_the_scan_is_to_be_added_again(browser, app_url, tagged_png):
    path, _ = tagged_png
    with opened_tab(browser, f"{app_url}/?methods=grad_cam", path, 1) as page:
        second = page.context.new_page()
        second.goto(page.url)
        second.get_by_text(MISSING).wait_for(timeout=60_000)
        page.reload()
        page.get_by_text(MISSING).wait_for()
        page.locator(UPLOADER).set_input_files(path)
        wait_for_maps(page, 1)
        assert page.get_by_text(MISSING).count() == 0
