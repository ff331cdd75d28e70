"""From a mistake to its explanation, with a mouse: a click on a cell, a click on a scan."""

import hashlib
import os
import shutil
import subprocess
import sys

import pytest

from lightbox.core.settings import PROJECT_DIR
from lightbox.imaging.samples import list_samples
from tests.browser.conftest import ROOT, free_port, wait_until_healthy

pytestmark = pytest.mark.browser
TRUE, CALLED = 1, 2  # bacterial, called viral


@pytest.fixture(scope="module")
def own_app_url(tmp_path_factory):
    """The app with a data folder of samples, which a ConvNet is said to have been tested on."""
    folder = tmp_path_factory.mktemp("networks")
    shutil.copytree(PROJECT_DIR / "models" / "chest_xray" / "convnet", folder / "models" / "chest_xray" / "convnet")
    (folder / "data").mkdir()
    lines = ["path,sha256,label,predicted,leaked,p_normal,p_bacterial,p_viral"]
    for sample in list_samples():
        if sample.task == "chest_xray":
            shutil.copy(sample.image_path, folder / "data")
            digest = hashlib.sha256(sample.image_path.read_bytes()).hexdigest()
            said = "viral,false,0.1,0.2,0.7" if sample.label == "bacterial" else "normal,false,0.6,0.2,0.2"
            lines.append(f"{sample.image_path.name},{digest},{sample.label},{said}")
    (folder / "models" / "chest_xray" / "convnet" / "predictions.csv").write_text("\n".join(lines) + "\n")
    port = free_port()
    log = (folder / "app.log").open("w+")
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}", "--server.headless=true"]
    settings = {"LIGHTBOX_MODELS_DIR": str(folder / "models"), "LIGHTBOX_DATA_DIR": str(folder / "data")}
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **settings})
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(url, process, log)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def click_cell(page, true, called, *, classes=3):
    grid = page.locator(".js-plotly-plot .nsewdrag").first
    grid.wait_for(state="attached")
    box = grid.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 2)
    page.mouse.move(
        box["x"] + box["width"] * (called + 0.5) / classes, box["y"] + box["height"] * (true + 0.5) / classes, steps=4
    )
    # Plotly takes a click for what lies under the pointer since it last moved.
    page.locator(".js-plotly-plot .hoverlayer .hovertext").first.wait_for()
    page.mouse.down()
    page.mouse.up()


def test_a_mistake_reaches_its_explanation_in_two_clicks(page, own_app_url):
    page.set_default_timeout(180_000)  # a starved browser takes a minute for its first chart
    page.goto(f"{own_app_url}/networks?true=normal&called=normal")
    page.get_by_text("Truly normal, and ConvNet says so").wait_for()
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    click_cell(page, TRUE, CALLED)
    page.get_by_text("Truly bacterial pneumonia, but ConvNet calls it viral pneumonia").wait_for()
    assert "true=bacterial&called=viral" in page.url
    page.get_by_role("button", name="Explain").first.click()
    page.get_by_text("truly bacterial pneumonia, called viral pneumonia in the test").wait_for()
    page.locator(".js-plotly-plot .hm").first.wait_for(state="attached")
    assert "explain=viral&against=bacterial" in page.url
