"""Work that nobody wants any more stops, and the app's processes end with it: a real browser, and the app's log."""

import os
import re
import signal
import subprocess
import sys
import time

import psutil
import pytest

from .conftest import ROOT, free_port, wait_until_healthy

pytestmark = pytest.mark.browser
# LIME with as many samples as there may be keeps a lane for a minute.
SLOW = "sample=chest-viral-2&methods=lime&lime.samples=4096"
COMPUTING = re.compile(r"Computing… about \d+ s left")
OUTLINE = "True outline"
UPLOADER = "[data-testid=stFileUploaderDropzoneInput]"
FREED = re.compile(r"a lane is free ([\d.]+) s after its job was cancelled")
# It stops within an operation of torch: a tenth of a second of one core, which other programs may want too.
SECONDS_TO_STOP = 2.0
ABOVE_INFO = re.compile(r"^.*(?:WARNING|ERROR|CRITICAL|Traceback).*$", re.MULTILINE)


class App:
    """The app as `make run` starts it, with one lane."""

    def __init__(self, folder):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.log_path = folder / "app.log"
        command = [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            "app.py",
            f"--server.port={port}",
            "--server.headless=true",
        ]
        environment = {**os.environ, "LIGHTBOX_LANES": "1", "LIGHTBOX_LOG_LEVEL": "INFO"}
        log = self.log_path.open("w+")
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env=environment)
        wait_until_healthy(self.url, self.process, log)

    def freed(self):
        """Seconds that each cancelled job went on, so far."""
        return [float(seconds) for seconds in FREED.findall(self.log_path.read_text())]

    def workers(self):
        """The processes that compute."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        return {child.pid for child in children if "spawn_main" in " ".join(child.cmdline())}

    def end(self, signal_number):
        """End the app; its processes that are still there five seconds later."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal_number)
        self.process.wait(10)
        _, listed = psutil.wait_procs(children, timeout=5)
        alive = [child for child in listed if is_alive(child)]
        for child in alive:
            child.kill()
        return len(children), alive


def is_alive(process):
    """Not one that has ended, and is only listed until the system's first process takes note of it."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """One app for all of the journeys; the last ends it."""
    app = App(tmp_path_factory.mktemp("app"))
    yield app
    if app.process.poll() is None:
        app.process.kill()


def open_slow(page, app):
    """The page, while its slow map is under way."""
    page.goto(f"{app.url}/?{SLOW}")
    page.get_by_text(COMPUTING).first.wait_for()


def stop_slow(app, act):
    """Do it, and see that the slow map's lane is free soon after; nothing else was under way."""
    before, begun_at = len(app.freed()), time.monotonic()
    act()
    while len(app.freed()) == before:
        assert time.monotonic() - begun_at < 30, f"nothing stopped\n{app.log_path.read_text()}"
        time.sleep(0.05)
    assert app.freed()[before] < SECONDS_TO_STOP


def test_switching_off_another_scan_and_closing_the_tab_stop_the_work(page, app, scan_path):
    open_slow(page, app)
    lime = page.locator("[data-testid=stSidebar]").get_by_role("button", name="LIME", exact=True)
    stop_slow(app, lime.click)

    lime.click()
    page.get_by_text(COMPUTING).first.wait_for()
    stop_slow(app, lambda: page.locator(UPLOADER).set_input_files(scan_path))

    # The sample's outline can no longer be asked for, so what stands there is of the upload: its slow map begins.
    page.get_by_text(OUTLINE).first.wait_for(state="hidden")
    page.get_by_text(COMPUTING).first.wait_for()
    stop_slow(app, page.close)


def test_twenty_quick_switches_another_scan_and_a_closed_tab_end_no_process_and_leave_a_quiet_log(page, app, scan_path):
    open_slow(page, app)
    workers = app.workers()
    sidebar = page.locator("[data-testid=stSidebar]")
    switches = [sidebar.get_by_role("button", name=name, exact=True) for name in ("LIME", "Integrated Gradients")]
    for turn in range(20):
        switches[turn % 2].click()
        page.wait_for_timeout(150 * (turn % 4))
    # Twenty clicks put both back as they were.
    page.get_by_text(COMPUTING).first.wait_for()
    stop_slow(app, lambda: page.locator(UPLOADER).set_input_files(scan_path))
    page.get_by_text(OUTLINE).first.wait_for(state="hidden")
    page.get_by_text(COMPUTING).first.wait_for()
    stop_slow(app, page.close)
    assert workers <= app.workers(), "a spare may have come, and nobody has gone"
    assert max(app.freed()) < SECONDS_TO_STOP
    assert ABOVE_INFO.findall(app.log_path.read_text()) == []


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name)
def test_nothing_outlives_an_app_with_work_under_way(page, app, ending, tmp_path):
    if app.process.poll() is not None:
        app = App(tmp_path)
    open_slow(page, app)
    processes, alive = app.end(ending)
    assert processes >= 2
    assert alive == []
