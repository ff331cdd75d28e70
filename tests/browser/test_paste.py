"""A picture from the clipboard opens as an upload does, and pasting text stays pasting text."""

import base64
import re

import pytest

from tests.browser.test_compare_journey import wait_for_maps
from tests.browser.views import settle

pytestmark = pytest.mark.browser
PUT_INTO_CLIPBOARD = """async data => {
    const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
    await navigator.clipboard.write([new ClipboardItem({"image/png": new Blob([bytes], {type: "image/png"})})]);
}"""


@pytest.fixture
def png(tmp_path, scan_path):
    """The scan as PNG, which is what a clipboard holds."""
    from PIL import Image

    path = tmp_path / "clipboard.png"
    with Image.open(scan_path) as image:
        image.convert("L").save(path)
    return path


def open_page(page, url):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(url)
    page.get_by_text("or paste with Ctrl+V").wait_for()
    page.wait_for_function("window.lightboxPaste")
    settle(page)


def test_a_picture_pasted_anywhere_on_compare_is_read_as_an_upload(page, app_url, png):
    open_page(page, f"{app_url}/?methods=grad_cam")
    page.evaluate(PUT_INTO_CLIPBOARD, base64.b64encode(png.read_bytes()).decode())
    page.keyboard.press("Control+V")
    wait_for_maps(page, 1)
    assert "scan=upload" in page.url
    assert page.get_by_test_id("stSidebar").get_by_text(re.compile(r"PNG · \d+ × \d+ px")).count() == 1
    # The second one takes the place of the first: the uploader is a new one by then.
    page.evaluate("navigator.clipboard.writeText('words')")
    page.keyboard.press("Control+V")
    page.evaluate(PUT_INTO_CLIPBOARD, base64.b64encode(png.read_bytes()).decode())
    page.get_by_role("button", name="Remove").click()
    page.get_by_text("Bring a scan").wait_for()
    page.keyboard.press("Control+V")
    wait_for_maps(page, 1)


def test_what_is_pasted_before_the_page_has_an_uploader_is_not_lost(page, app_url, png):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{app_url}/navigator")
    page.evaluate(PUT_INTO_CLIPBOARD, base64.b64encode(png.read_bytes()).decode())
    page.goto(f"{app_url}/?methods=grad_cam")
    page.wait_for_function("window.lightboxPaste")
    page.keyboard.press("Control+V")
    wait_for_maps(page, 1)
    assert "scan=upload" in page.url


def test_a_pasted_file_that_is_no_scan_is_one_sentence(page, app_url):
    open_page(page, f"{app_url}/?methods=grad_cam")
    page.evaluate(
        """() => {
            const brought = new DataTransfer();
            brought.items.add(new File(["no picture"], "image.png", {type: "image/png"}));
            const init = {clipboardData: brought, bubbles: true, cancelable: true};
            document.body.dispatchEvent(new ClipboardEvent("paste", init));
        }"""
    )
    page.get_by_test_id("stAlert").wait_for()
    assert page.get_by_test_id("stAlert").count() == 1


def test_pasted_text_is_left_to_the_field_that_it_is_for(page, app_url):
    open_page(page, app_url)
    page.evaluate("navigator.clipboard.writeText('7')")
    page.get_by_text("Seed and parameters").click()
    field = page.get_by_label("Seed", exact=True)
    field.fill("")
    field.press("Control+V")
    assert field.input_value() == "7"
