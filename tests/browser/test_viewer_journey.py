"""A map is looked at closely: by keyboard, by mouse, on a phone."""

import io
import json
import math
import re
import zipfile

import numpy as np
import pytest

from components.maps import evidence
from lightbox.core.tasks import TASKS
from lightbox.explainers import METHODS, Attribution, Target
from lightbox.imaging.colour import scale_limit
from lightbox.networks import NETWORKS
from tests.browser.test_accessibility import AXE, GRAVE, leaves
from tests.browser.test_compare_journey import wait_for_maps

pytestmark = pytest.mark.browser
QUERY = "outline=0&sample=brain-meningioma-1&task=brain_mri&networks=convnet&methods=lrp,grad_cam"
POSITION = re.compile(r"Row (\d+) of (\d+), column (\d+) of (\d+)")
# Of the first pane's canvas: for each half, the share of its pixels that have a colour.
COLOURED = """() => {
  const canvas = document.getElementById("lightbox-viewer").shadowRoot.querySelector("figure canvas[role=img]");
  const { width, height } = canvas;
  const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const found = [0, 0];
  for (let at = 0; at < pixels.length; at += 4) {
    const [red, green, blue] = pixels.slice(at, at + 3);
    const spread = Math.max(red, green, blue) - Math.min(red, green, blue);
    if (spread > 12) found[(at / 4) % width < width / 2 ? 0 : 1]++;
  }
  return found.map((count) => count / (width * height / 2));
}"""


def opened(page, url, query=QUERY):
    page.goto(f"{url}/?{query}")
    wait_for_maps(page, len(query.partition("methods=")[2].split(",")))


def button(page, method="lrp"):
    return page.get_by_role("button", name=f"Look closer: {METHODS[method].title}, {NETWORKS['convnet'].title}")


def viewer(page):
    return page.get_by_role("dialog", name=re.compile("A closer look"))


def wait_until_drawn(page):
    page.wait_for_function(
        "() => document.getElementById('lightbox-viewer')?.shadowRoot.querySelector('.position').textContent"
    )


def position(page):
    """(row, column) of the crosshair, from 0."""
    row, _rows, column, _columns = map(int, POSITION.search(viewer(page).locator(".position").inner_text()).groups())
    return row - 1, column - 1


def zoom(page):
    return float(viewer(page).get_by_text(re.compile(r"Zoom × ")).inner_text().split("×")[1])


def exported(page):
    """What the ZIP says: of each method, (values, box, target, classes)."""
    with page.expect_download() as downloading:
        page.get_by_role("button", name="All (ZIP)").click()
    with zipfile.ZipFile(io.BytesIO(downloading.value.path().read_bytes())) as archive:
        (network,) = json.loads(archive.read("comparison.json"))["networks"]
        return {
            row["method"]: (
                np.load(io.BytesIO(archive.read(row["values"])), allow_pickle=False),
                network["box"],
                network["classes"].index(row["explains"]["class"]),
                network["classes"],
            )
            for row in network["maps"]
        }


def expected_words(exported_map, method, row, column):
    """The digits and the words for a pixel, from the exported array."""
    values, box, target, classes = exported_map
    down = math.floor((row + 0.5 - box["top"]) / box["height"] * values.shape[0])
    across = math.floor((column + 0.5 - box["left"]) / box["width"] * values.shape[1])
    value = float(values[down, across])
    titles = [TASKS["brain_mri"].titles[key] for key in classes]
    signed = METHODS[method].signed
    words = evidence.wording(Attribution(values, method, Target(target), {}, 0, signed=signed), titles)
    return value, evidence.describe(value, scale_limit(values, signed=signed).limit, words)


def test_by_keyboard_a_map_is_opened_zoomed_read_wiped_and_closed(page, app_url):
    opened(page, app_url)
    known = exported(page)
    button(page).focus()
    page.keyboard.press("Enter")
    viewer(page).wait_for()
    wait_until_drawn(page)

    # It begins at the map's strongest point.
    values = known["lrp"][0]
    row, column = position(page)
    assert abs(expected_words(known["lrp"], "lrp", row, column)[0]) == pytest.approx(float(abs(values).max()))

    said = set()
    for key in ["ArrowLeft", "ArrowUp", "ArrowRight", "ArrowDown", "ArrowRight"] * 6 + ["ArrowDown"] * 12:
        before = position(page)
        page.keyboard.press(key)
        page.wait_for_timeout(40)
        row, column = position(page)
        moved = (row - before[0], column - before[1])
        assert (
            list(map(np.sign, moved))
            == {
                "ArrowLeft": [0, -1],
                "ArrowRight": [0, 1],
                "ArrowUp": [-1, 0],
                "ArrowDown": [1, 0],
            }[key]
        )
        value, words = expected_words(known["lrp"], "lrp", row, column)
        shown = viewer(page).locator(".value").first.inner_text()
        assert shown.startswith(words)
        assert float(shown.removeprefix(words).replace("−", "-")) == pytest.approx(value, rel=0.006)
        said.add(words)
    assert len(said) > 1
    page.wait_for_timeout(500)
    assert words in viewer(page).locator("[aria-live]").inner_text()

    assert zoom(page) == 1
    for _ in range(3):
        page.keyboard.press("+")
    page.wait_for_timeout(100)
    assert zoom(page) == pytest.approx(1.25**3, abs=0.06)
    assert position(page) == (row, column)
    page.keyboard.press("Shift+ArrowLeft")
    page.wait_for_timeout(60)
    assert position(page) == (row, column)
    page.keyboard.press("-")
    page.keyboard.press("0")
    page.wait_for_timeout(60)
    assert zoom(page) == 1

    both = page.evaluate(COLOURED)
    viewer(page).get_by_role("radio", name="Map over scan").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    assert viewer(page).get_by_role("radio", name="Wipe").is_checked()
    page.wait_for_timeout(100)
    left, right = page.evaluate(COLOURED)
    assert left == 0
    assert right == pytest.approx(both[1], rel=0.05)
    viewer(page).get_by_role("slider", name="Divider").focus()
    page.keyboard.press("Home")
    page.wait_for_timeout(100)
    assert page.evaluate(COLOURED) == pytest.approx(both, rel=0.05)

    page.keyboard.press("Escape")
    viewer(page).wait_for(state="detached")
    assert page.evaluate("document.activeElement.dataset.map") == "convnet.lrp"
    assert button(page).evaluate("(element) => element === document.activeElement")


def test_back_closes_the_viewer_alone_and_leaves_no_step_behind(page, app_url):
    sent = []

    def note(frame):
        sent.append(frame)

    page.on("websocket", lambda socket: socket.on("framesent", note))
    page.goto("about:blank")
    opened(page, app_url)
    button(page).click()
    wait_until_drawn(page)
    before = -1
    while len(sent) > before:  # the page asks again and again until its last remark is there
        before = len(sent)
        page.wait_for_timeout(1500)
    sent.clear()
    page.go_back()
    viewer(page).wait_for(state="detached")
    assert "sample=brain-meningioma-1" in page.url
    # Closed in another way, the view takes its step with it: the next one leads away from the page.
    button(page).click()
    wait_until_drawn(page)
    page.keyboard.press("Escape")
    viewer(page).wait_for(state="detached")
    page.wait_for_timeout(300)
    assert page.evaluate("history.state?.lightboxViewer ?? false") is False
    assert sent == []
    page.go_back()
    assert page.url == "about:blank"


def test_two_maps_stand_side_by_side_under_one_zoom_and_one_crosshair(page, app_url):
    opened(page, app_url)
    known = exported(page)
    button(page, "grad_cam").click()
    wait_until_drawn(page)
    viewer(page).get_by_label("Beside it").select_option("convnet.lrp")
    viewer(page).locator(".stage").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(150)
    row, column = position(page)
    for index, method in enumerate(["grad_cam", "lrp"]):
        shown = viewer(page).locator(".value").nth(index).inner_text()
        assert shown.startswith(expected_words(known[method], method, row, column)[1])
    # A click on the second pane moves the crosshair of both.
    canvas = viewer(page).locator("figure canvas[role=img]").nth(1)
    box = canvas.bounding_box()
    canvas.click(position={"x": box["width"] * 0.5, "y": box["height"] * 0.4})
    page.mouse.move(2, 2)
    page.wait_for_timeout(150)
    assert position(page) != (row, column)
    row, column = position(page)
    for index, method in enumerate(["grad_cam", "lrp"]):
        shown = viewer(page).locator(".value").nth(index).inner_text()
        assert shown.startswith(expected_words(known[method], method, row, column)[1])
    # The strip changes the first.
    viewer(page).get_by_role("button", name=re.compile(f"^{METHODS['lrp'].title}")).last.click()
    page.wait_for_timeout(100)
    assert viewer(page).locator("figcaption").first.inner_text().startswith(METHODS["lrp"].title)


def test_a_click_on_a_map_opens_it_and_a_second_opening_asks_the_server_for_nothing(page, app_url):
    sent = []

    def note(frame):
        sent.append(frame)

    page.on("websocket", lambda socket: socket.on("framesent", note))
    opened(page, app_url)
    chart = page.locator("[class*=compare-map-convnet-grad_cam] .nsewdrag")
    sent.clear()
    chart.click()
    wait_until_drawn(page)
    assert viewer(page).locator("figcaption").first.inner_text().startswith(METHODS["grad_cam"].title)
    assert len(sent) == 1
    viewer(page).get_by_role("button", name="Close").click()
    viewer(page).wait_for(state="detached")
    button(page).click()
    wait_until_drawn(page)
    page.wait_for_timeout(500)
    assert len(sent) == 1


def test_wheel_and_drag_zoom_and_move_and_the_pointer_reads_values(page, app_url):
    opened(page, app_url)
    button(page).click()
    wait_until_drawn(page)
    start = position(page)
    box = viewer(page).locator("figure canvas[role=img]").first.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(100)
    under = position(page)
    assert under != start
    page.mouse.wheel(0, -400)
    page.wait_for_timeout(100)
    assert zoom(page) > 1.5
    assert position(page) == pytest.approx(under, abs=1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2 + 80, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    page.wait_for_timeout(100)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_timeout(100)
    assert position(page)[1] < under[1]  # what was on the left is under the pointer now
    page.mouse.move(2, 2)
    page.wait_for_timeout(100)
    assert position(page) == start


@pytest.fixture(params=["light", "dark"])
def themed(browser, request):
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=request.param)
    opened_page = context.new_page()
    opened_page.set_default_timeout(60_000)
    yield opened_page
    context.close()


def test_the_viewer_has_no_grave_fault_and_asks_nobody_else(themed, app_url):
    asked = []
    themed.on("request", lambda request: asked.append(request.url))
    opened(themed, app_url)
    button(themed).click()
    wait_until_drawn(themed)
    viewer(themed).get_by_label("Beside it").select_option("convnet.grad_cam")
    viewer(themed).get_by_text("Keys", exact=True).click()
    themed.evaluate(AXE)
    found = themed.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    faults = [
        (fault["id"], node["html"][:200]) for fault in found if fault["impact"] in GRAVE for node in fault["nodes"]
    ]
    assert faults == []
    assert [url for url in asked if leaves(url)] == []


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_blinking_swaps_scan_and_map_unless_things_are_to_be_kept_still(page, app_url, motion):
    page.emulate_media(reduced_motion=motion)
    opened(page, app_url)
    button(page).click()
    wait_until_drawn(page)
    viewer(page).get_by_text("Blink", exact=True).click()
    seen = set()
    for _ in range(12):
        page.wait_for_timeout(250)
        seen.add(max(page.evaluate(COLOURED)) > 0)
    assert seen == ({True} if motion == "reduce" else {True, False})
    before = viewer(page).get_by_role("button", name=re.compile("Show the (scan|map)")).inner_text()
    viewer(page).get_by_role("button", name=before).click()
    page.wait_for_timeout(1500)
    assert (max(page.evaluate(COLOURED)) > 0) == (before == "Show the map")


def test_on_a_phone_two_fingers_zoom_one_moves_and_a_tap_reads(browser, app_url):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    opened(page, app_url)
    known = exported(page)
    button(page).scroll_into_view_if_needed()
    button(page).tap()
    wait_until_drawn(page)
    canvas = viewer(page).locator("figure canvas[role=img]").first
    box = canvas.bounding_box()
    assert box["width"] > 350
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    page.touchscreen.tap(x, y)
    page.wait_for_timeout(150)
    row, column = position(page)
    _value, words = expected_words(known["lrp"], "lrp", row, column)
    assert viewer(page).locator(".value").first.inner_text().startswith(words)

    touch(page, [[(x - 20, y), (x + 20, y)], [(x - 60, y), (x + 60, y)], [(x - 80, y), (x + 80, y)]])
    page.wait_for_timeout(150)
    assert zoom(page) == pytest.approx(4, abs=0.4)
    assert position(page) == (row, column)
    page.touchscreen.tap(x, y)
    page.wait_for_timeout(150)
    assert position(page) == pytest.approx((row, column), abs=1)  # it is still there, under the fingers' middle

    touch(page, [[(x, y)], [(x + 30, y)], [(x + 70, y)]])
    page.touchscreen.tap(x, y)
    page.wait_for_timeout(150)
    # A native pixel is as many CSS pixels wide as four times the pane's share of the scan.
    assert column - position(page)[1] == pytest.approx(70 / (4 * box["width"] / 512), abs=2)
    assert viewer(page).get_by_role("button", name="Close").bounding_box()["height"] >= 44
    context.close()


def touch(page, moments):
    """Fingers go down at the first moment, move through the others, and are lifted."""
    client = page.context.new_cdp_session(page)
    for kind, points in [
        ("touchStart", moments[0]),
        *(("touchMove", points) for points in moments[1:]),
        ("touchEnd", []),
    ]:
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
        page.wait_for_timeout(30)
    client.detach()


def test_maps_that_are_ready_later_join_the_open_viewer(page, app_url):
    page.goto(
        f"{app_url}/?sample=brain-meningioma-1&task=brain_mri&networks=convnet&methods=lrp,integrated_gradients,lime"
    )
    button(page).click(timeout=120_000)
    wait_until_drawn(page)
    page.wait_for_function(
        "() => document.getElementById('lightbox-viewer').shadowRoot.querySelectorAll('.strip button').length === 3",
        timeout=120_000,
    )
    viewer(page).get_by_role("button", name=re.compile(f"^{METHODS['lime'].title}")).click()
    page.wait_for_timeout(1000)
    assert viewer(page).locator(".value").first.inner_text() != "outside what the network sees"
    assert max(page.evaluate(COLOURED)) > 0


def test_another_page_takes_the_viewer_and_what_it_held_away(page, app_url):
    opened(page, app_url)
    button(page).click()
    wait_until_drawn(page)
    page.evaluate("document.querySelector('a[href$=navigator]').click()")
    page.get_by_role("heading", name="Library navigator").wait_for()
    page.wait_for_function("() => !document.getElementById('lightbox-viewer')")
