"""Nothing outlives the app, however it ends; and the app never loads torch."""

import os
import signal
import subprocess
import sys
import textwrap
import time
import urllib.request

import psutil
import pytest

from lightbox.core.settings import PROJECT_DIR

from .conftest import wait_until

APP = """
import sys, time
from lightbox import jobs
engine = jobs.get_engine()
while not engine.status().ready:
    time.sleep(0.02)
running = [engine.submit(jobs.Work(key, "tests.unit.jobs.tasks:" + name, arguments), "me") for key, name, arguments in (
    ("a", "steps", {"count": 10000, "seconds": 0.05}), ("b", "deaf", {"seconds": 600}))]
while not all(job.state == "running" for job in running):
    time.sleep(0.02)
time.sleep(0.5)
print("ready", flush=True)
"""
STREAMLIT_PAGE = APP + "import streamlit as st\nst.write('done')\ntime.sleep(600)\n"


def heed_interrupts():
    """A shell that starts the tests in the background has them ignore SIGINT, and so would the app."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(*command, **options):
    environment = {**os.environ, "LIGHTBOX_LANES": "2", "PYTHONPATH": str(PROJECT_DIR)}
    return subprocess.Popen(
        [sys.executable, *command],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT_DIR,
        preexec_fn=heed_interrupts,  # noqa: PLW1509  (no thread of the tests holds a lock that it takes)
        **options,
    )


def end_and_watch(app, end_it, seconds):
    """End the app, and wait until every process it had started is gone."""
    children = psutil.Process(app.pid).children(recursive=True)
    try:
        assert children
        end_it(app)
        app.wait(10)
        _, alive = psutil.wait_procs(children, timeout=seconds)
        assert alive == []
    finally:
        for process in (psutil.Process(app.pid) if app.poll() is None else None, *children):
            if process is not None and process.is_running():
                process.kill()


@pytest.mark.parametrize(
    "signal_number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name
)
def test_no_process_outlives_the_app(signal_number):
    app = start("-c", APP + "time.sleep(600)\n", stderr=subprocess.DEVNULL)
    assert app.stdout.readline() == "ready\n"
    end_and_watch(app, lambda app: app.send_signal(signal_number), seconds=5)


def test_no_process_outlives_an_app_that_simply_ends():
    app = start("-c", APP + "sys.stdin.readline()\n", stdin=subprocess.PIPE)
    assert app.stdout.readline() == "ready\n"
    end_and_watch(app, lambda app: app.stdin.close(), seconds=5)


def test_no_process_outlives_a_killed_cluster_process():
    app = start("-c", APP + "time.sleep(600)\n", stderr=subprocess.DEVNULL)
    assert app.stdout.readline() == "ready\n"
    supervisor, *_ = psutil.Process(app.pid).children()
    children = supervisor.children(recursive=True)
    try:
        supervisor.kill()
        _, alive = psutil.wait_procs(children, timeout=5)
        assert alive == []
    finally:
        end_and_watch(app, subprocess.Popen.kill, seconds=5)


def test_streamlit_stops_on_sigterm_with_jobs_running_and_leaves_no_process(tmp_path):
    page = tmp_path / "page.py"
    page.write_text(STREAMLIT_PAGE)
    port = "18765"
    app = start(
        "-m",
        "streamlit",
        "run",
        str(page),
        "--server.port",
        port,
        "--server.headless",
        "true",
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: is_healthy(port), seconds=30)
        visit = subprocess.Popen([sys.executable, "-c", VISIT, port], stdout=subprocess.DEVNULL)
        wait_until(lambda: "ready\n" in app.stdout.readline(), seconds=60)
        begun_at = time.monotonic()
        end_and_watch(app, lambda app: app.terminate(), seconds=5)
        assert time.monotonic() - begun_at < 10
    finally:
        visit.kill()
        if app.poll() is None:
            app.kill()


VISIT = textwrap.dedent(
    """
    import asyncio, sys, websockets
    async def visit():
        address = f"ws://127.0.0.1:{sys.argv[1]}/_stcore/stream"
        async with websockets.connect(address, subprotocols=["streamlit"]) as socket:
            from streamlit.proto.BackMsg_pb2 import BackMsg
            message = BackMsg()
            message.rerun_script.query_string = ""
            await socket.send(message.SerializeToString())
            async for _ in socket:
                pass
    asyncio.run(visit())
    """
)


def is_healthy(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health") as answer:
            return answer.read() == b"ok"
    except OSError:
        return False


def test_the_app_s_process_never_loads_torch_and_importing_jobs_loads_no_dask():
    program = """
import sys
from lightbox import jobs
early = {"torch", "distributed", "dask", "streamlit"} & set(sys.modules)
engine = jobs.get_engine()
job = engine.submit(jobs.Work("a", "tests.unit.jobs.tasks:double", {"value": 2}), "me")
assert job.wait(60), "no answer"
assert job.result == 4
late = {"torch", "zennit", "captum"} & set(sys.modules)
sys.exit(f"loaded {early | late}" if early | late else 0)
"""
    app = start("-c", program)
    assert app.wait(90) == 0


TOO_LATE = """
import logging, threading, time
from lightbox.jobs import Engine
logging.basicConfig()
def open_cluster():
    print("opening", flush=True)
    while threading.main_thread().is_alive():
        time.sleep(0.01)
    import concurrent.futures.thread  # as Dask does: the interpreter refuses
engine = Engine(open_cluster)
time.sleep(0.5)
"""


def test_a_program_that_ends_while_its_engine_starts_says_nothing():
    app = start("-c", TOO_LATE, stderr=subprocess.PIPE)
    out, err = app.communicate(timeout=30)
    assert (app.returncode, out, err) == (0, "opening\n", "")


@pytest.mark.parametrize("seconds", [0, 0.1, 0.2, 1])
def test_a_program_that_ends_at_once_says_nothing(seconds):
    program = f"""
import logging, time
logging.basicConfig()
from lightbox import jobs
jobs.get_engine()
time.sleep({seconds})
"""
    app = start("-c", program, stderr=subprocess.PIPE)
    out, err = app.communicate(timeout=60)
    assert (app.returncode, out, err) == (0, "", "")
