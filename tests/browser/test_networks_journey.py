"""From a mistake to its explanation, with a mouse: a click on a cell, a click on a scan."""

import hashlib
import shutil

import pytest

from lightbox.core.settings import PROJECT_DIR
from lightbox.imaging.samples import list_samples
from tests.browser.conftest import serve_app

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
    settings = {"LIGHTBOX_MODELS_DIR": str(folder / "models"), "LIGHTBOX_DATA_DIR": str(folder / "data")}
    with serve_app(folder, **settings) as url:
        yield url


def click_cell(page, true, called, *, classes=3):
    grid = page.locator(".js-plotly-plot .nsewdrag").first
    grid.wait_for(state="attached")
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    place = {"x": box["width"] * (called + 0.5) / classes, "y": box["height"] * (true + 0.5) / classes}
    grid.hover(position=place)
    # Plotly takes a click for what lies under the pointer since it last moved.
    page.locator(".js-plotly-plot .hoverlayer .hovertext").first.wait_for()
    grid.click(position=place)


def test_a_mistake_reaches_its_explanation_in_two_clicks(page, own_app_url):
    page.set_default_timeout(180_000)  # a starved browser takes a minute for its first chart
    page.goto(f"{own_app_url}/networks?true=normal&called=normal")
    page.get_by_text("Truly normal, and ConvNet says so").wait_for()
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    click_cell(page, TRUE, CALLED)
    page.get_by_text("Truly bacterial pneumonia, but ConvNet calls it viral pneumonia").wait_for()
    page.wait_for_url("**true=bacterial&called=viral*")
    page.get_by_role("button", name="Explain").first.click()
    page.get_by_text("truly bacterial pneumonia, called viral pneumonia in the test").wait_for()
    page.locator(".js-plotly-plot .hm").first.wait_for(state="attached")
    page.wait_for_url("**explain=viral&against=bacterial*")
