"""Everything that can be done with a mouse can be done without one, and it is seen where one is."""

import re

import pytest

from tests.browser.test_back_and_forward import settled
from tests.browser.test_compare_journey import wait_for_maps
from tests.browser.test_every_page import DEFAULT, PAGES

pytestmark = pytest.mark.browser
COMPARED = "sample=brain-glioma-1&task=brain_mri&methods=lrp,grad_cam"
MOST_STOPS = 120
# What has the focus: its kind, how it is called, and where it is; null once the page is left.
FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element || element === document.body) return null;
  window.stop = element;
  const named = (node) => [node.getAttribute("aria-label"), node.getAttribute("title"), node.innerText,
    ...[...(node.labels ?? [])].map((label) => label.innerText), node.querySelector?.("img[alt]")?.alt,
    ...(node.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.innerText)];
  const { x, y, width, height } = (element.closest("label, [data-baseweb=select]") ?? element).getBoundingClientRect();
  // Streamlit's tables move their own mark from cell to cell, which blur() would not put back.
  const table = !!element.closest("[data-testid=stDataFrame], [data-testid=stElementToolbar], canvas, td");
  return { tag: element.tagName, table, name: named(element).find((text) => text?.trim()) ?? "",
    clip: { x: x - 6, y: y - 6, width: width + 12, height: height + 12 } };
}"""


def tab_to(page, role, name, *, back=False):
    """Press Tab until this has the focus."""
    wanted = page.get_by_role(role, name=name)
    wanted.first.wait_for()
    for _step in range(MOST_STOPS):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if wanted.evaluate_all("(found) => found.includes(document.activeElement)"):
            return
    raise AssertionError(f"Tab never reached {role} {name}")


@pytest.mark.parametrize("name", PAGES)
def test_every_stop_of_tab_has_a_name_and_is_seen(page, app_url, name):
    page.goto(f"{app_url}/?{COMPARED}" if name == DEFAULT else f"{app_url}/{name}")
    page.get_by_role("heading").first.wait_for()
    if name == DEFAULT:
        wait_for_maps(page, 2)
    page.wait_for_timeout(1500)
    page.add_style_tag(content="* { transition: none !important; animation: none !important; }")  # rings fade
    page.keyboard.press("Tab")
    stops = []
    while len(stops) < MOST_STOPS:
        stop = page.evaluate(FOCUSED)
        if stop is None:
            break
        if stop["table"]:
            page.keyboard.press("Tab")
            continue
        clip = stop["clip"]
        shown = clip["width"] > 0 and clip["y"] > -6 and clip["y"] + clip["height"] < 1012 and stop["tag"] != "MAIN"
        with_focus = page.screenshot(clip=clip) if shown else b""
        page.evaluate("window.stop.blur()")
        without = page.screenshot(clip=clip) if shown else b"?"
        stops.append((stop["tag"], stop["name"][:60], with_focus != without))
        page.evaluate("window.stop.focus()")
        page.keyboard.press("Tab")
    assert len(stops) > 10
    assert [stop for stop in stops if not stop[1]] == []
    assert [stop for stop in stops if not stop[2]] == []


def test_from_the_first_page_to_maps_a_closer_look_a_picture_and_the_confusion_matrix(page, app_url, tmp_path):
    page.goto(f"{app_url}/?methods=lrp,grad_cam&task=brain_mri")
    tab_to(page, "button", re.compile("^Open: "))
    page.keyboard.press("Enter")
    wait_for_maps(page, 2)
    tab_to(page, "button", "LRP")  # Tab reaches the group, arrows its members
    while page.evaluate("document.activeElement.innerText.trim()") != "Grad-CAM":
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    wait_for_maps(page, 1)
    tab_to(page, "radio", "Overlay")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=map*")
    wait_for_maps(page, 1)
    settled(page)
    tab_to(page, "button", re.compile("^Look closer"))
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name=re.compile("A closer look")).wait_for()
    page.keyboard.press("Escape")
    tab_to(page, "button", "Details")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Libraries that implement it").wait_for()
    page.keyboard.press("Escape")
    tab_to(page, "button", "Picture (PNG)")
    with page.expect_download() as downloading:
        page.keyboard.press("Enter")
    downloading.value.save_as(tmp_path / "maps.png")
    assert (tmp_path / "maps.png").read_bytes().startswith(b"\x89PNG")
    tab_to(page, "button", "How good is it?", back=True)
    page.keyboard.press("Enter")
    tab_to(page, "link", "These scans in the confusion matrix")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Which classes are mixed up").wait_for()
