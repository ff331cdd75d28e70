"""The main job, as a person does it: open, upload, look at five maps, switch one off, take the ZIP."""

import io
import json
import os
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lightbox.core import notice
from lightbox.explainers import METHODS

pytestmark = pytest.mark.browser
# Set to a folder to keep what the journey saw; the README's picture is made so.
SHOTS = os.environ.get("LIGHTBOX_TEST_SHOTS")


def shoot(page, name):
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(700)  # charts fade in
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


def bring(page, path):
    """Put a file into the uploader. Each file gets a new one, and the one before stands until its run has ended."""
    uploader = "[data-testid=stFileUploaderDropzoneInput]"
    page.wait_for_function("selector => document.querySelectorAll(selector).length === 1", arg=uploader)
    page.locator(uploader).set_input_files(path)


def wait_for_maps(page, count):
    """Every map drawn: a heat map's colour bar is there only once its values are."""
    page.wait_for_function(
        "count => document.querySelectorAll('.js-plotly-plot .hm').length === count && "
        "!document.querySelector('[data-testid=stProgress] [aria-valuetext*=Computing]')",
        arg=count,
        timeout=120_000,
    )
    page.get_by_role("button", name="All (ZIP)").and_(page.locator(":enabled")).wait_for()


def test_upload_five_maps_switch_one_off_and_download(page, app_url, scan_path, tmp_path):
    page.goto(app_url)
    page.get_by_text("Bring a scan").wait_for()
    assert page.get_by_text(notice.TEXT).count() == 1
    shoot(page, "1-welcome")

    bring(page, scan_path)
    wait_for_maps(page, len(METHODS))
    for spec in METHODS.values():
        assert page.get_by_text(spec.title, exact=True).count() >= 1
    shoot(page, "2-five-maps")

    page.locator("[data-testid=stSidebar]").get_by_role("button", name=METHODS["lime"].title, exact=True).click()
    wait_for_maps(page, len(METHODS) - 1)
    assert "methods=lrp%2Ccontrastive_lrp%2Cgrad_cam%2Cintegrated_gradients" in page.url
    shoot(page, "3-one-off")

    with page.expect_download() as downloading:
        page.get_by_role("button", name="All (ZIP)").click()
    path = tmp_path / "lightbox.zip"
    assert re.fullmatch(
        r"lightbox_chest-xray_[a-z-]+_convnet_\d{4}-\d\d-\d\d\.zip", downloading.value.suggested_filename
    )
    downloading.value.save_as(path)
    check_zip(path)

    with page.expect_download() as downloading:
        page.get_by_role("button", name="Picture (SVG)").click()
    downloading.value.save_as(tmp_path / "all.svg")
    assert "LRP</text>" in (tmp_path / "all.svg").read_text(encoding="utf-8")
    page.get_by_role("button", name="Cite").click()
    page.get_by_text("@software{lightbox").wait_for()


def check_zip(path):
    expected = [key for key in METHODS if key != "lime"]
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        record = json.loads(archive.read("comparison.json"))
        assert record["notice"] == notice.TEXT
        assert notice.TEXT in archive.read("README.txt").decode()
        (network,) = record["networks"]
        assert [row["method"] for row in network["maps"]] == expected
        for row in network["maps"]:
            values = np.load(io.BytesIO(archive.read(row["values"])), allow_pickle=False)
            assert values.dtype == np.float32
            assert values.shape == (224, 224)
            assert float(values.sum(dtype="float64")) == pytest.approx(row["sum"], rel=1e-6)
            picture = Image.open(io.BytesIO(archive.read(row["picture"])))
            assert picture.format == "PNG"
        assert "virus" not in json.dumps(record)  # the file's name stays with the user


def test_a_link_opens_the_same_settings(page, app_url, scan_path):
    page.goto(f"{app_url}/?methods=grad_cam&view=map&baseline=white&task=chest_xray")
    bring(page, scan_path)
    wait_for_maps(page, 1)
    assert page.get_by_role("radio", name="Map alone").is_checked()
    assert "baseline=white" in page.url


def test_a_bad_file_is_one_sentence_and_the_next_upload_works(page, app_url, scan_path, tmp_path):
    bad = tmp_path / "scan.png"
    bad.write_text("this is no picture")
    page.goto(f"{app_url}/?methods=grad_cam")
    bring(page, bad)
    page.get_by_test_id("stAlert").wait_for()
    assert page.get_by_test_id("stAlert").count() == 1
    shoot(page, "4-bad-file")
    bring(page, scan_path)
    wait_for_maps(page, 1)
    assert page.get_by_test_id("stAlert").count() == 0


def test_a_look_at_the_libraries_loses_neither_scan_nor_settings(page, app_url, scan_path):
    page.goto(f"{app_url}/?methods=grad_cam")
    bring(page, scan_path)
    wait_for_maps(page, 1)
    page.get_by_text("Contours", exact=True).click()
    page.wait_for_function("location.search.includes('view=contours')")
    wait_for_maps(page, 1)
    page.get_by_role("link", name="Library navigator").click()
    page.get_by_role("heading", name="Library navigator").wait_for()
    page.get_by_role("link", name="Compare").click()
    wait_for_maps(page, 1)
    assert page.get_by_role("radio", name="Contours").is_checked()
    assert "methods=grad_cam" in page.url
    assert "view=contours" in page.url


def test_a_sample_opens_from_the_gallery_and_from_its_link(page, app_url):
    page.goto(f"{app_url}/?methods=grad_cam")
    page.get_by_test_id("stMain").get_by_role("button", name="Open: clear").first.click()
    wait_for_maps(page, 1)
    assert "sample=" in page.url
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    wait_for_maps(page, 1)


def test_a_sample_that_is_picked_further_down_opens_at_the_top(page, app_url):
    page.set_viewport_size({"width": 1000, "height": 600})
    page.goto(f"{app_url}/?methods=grad_cam&task=brain_mri")
    last = page.get_by_test_id("stMain").get_by_role("button", name=re.compile("^Open: ")).last
    last.scroll_into_view_if_needed()
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") > 50
    last.click()
    wait_for_maps(page, 1)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") == 0


def test_the_picture_of_a_sample_opens_it_by_click_and_its_button_by_keyboard(page, app_url):
    page.goto(f"{app_url}/?methods=grad_cam")
    card = page.locator("[class*=st-key-sample-]").first
    box = card.locator("img").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_for_maps(page, 1)
    opened = page.url
    page.goto(f"{app_url}/?methods=grad_cam")
    card.get_by_role("button", name="Open: ").focus()
    page.keyboard.press("Enter")
    wait_for_maps(page, 1)
    assert page.url == opened


def test_a_link_to_a_sample_shows_five_maps_with_the_true_outline(page, app_url):
    """The README's picture is taken here: a synthetic scan, since no image of a data set may be in the project."""
    page.set_viewport_size({"width": 1600, "height": 1240})
    page.goto(f"{app_url}/?sample=brain-meningioma-1&task=brain_mri")
    wait_for_maps(page, len(METHODS))
    assert page.locator("[class*=st-key-found-]").get_by_text("in outline, chance").count() >= len(METHODS)
    shoot(page, "5-sample")
