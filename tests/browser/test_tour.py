"""The tour: offered, pointing at what is there, ended by Esc, remembered, and found again."""

import pytest

from components.compare.tour import STEPS
from tests.browser.test_compare_journey import wait_for_maps
from tests.browser.views import settle

pytestmark = pytest.mark.browser
INSIDE = """() => {
    const card = document.querySelector('.lightbox-tour-card').getBoundingClientRect();
    return card.left >= 0 && card.top >= 0 && card.right <= innerWidth && card.bottom <= innerHeight;
}"""
NEAR = """selector => {
    const ring = document.querySelector('.lightbox-tour-ring');
    const box = document.querySelector(selector)?.getBoundingClientRect();
    const at = ring.getBoundingClientRect();
    return !ring.hidden && box && Math.abs(at.left + 4 - box.left) < 2 && Math.abs(at.top + 4 - box.top) < 2;
}"""


@pytest.mark.parametrize("width", [1440, 390])
def test_the_tour_points_at_every_place_and_is_walked_by_keyboard(page, app_url, width):
    page.set_viewport_size({"width": width, "height": 860})
    page.goto(f"{app_url}/?methods=grad_cam")
    settle(page)
    card = page.get_by_role("dialog")
    assert card.count() == 0  # it never opens by itself
    page.get_by_test_id("stMain").get_by_role("button", name="Take the 90-second tour").click()
    card.wait_for()
    wait_for_maps(page, 1)
    for step in STEPS:
        card.get_by_role("heading", name=step.title).wait_for()
        page.wait_for_function(NEAR, arg=step.target)
        assert page.evaluate(INSIDE)
        page.keyboard.press("Enter")  # the button that goes on has the focus
    card.wait_for(state="detached")


def test_over_the_tour_esc_closes_the_large_view_first(page, app_url):
    page.goto(f"{app_url}/?methods=grad_cam")
    settle(page)
    page.get_by_test_id("stMain").get_by_role("button", name="Take the 90-second tour").click()
    wait_for_maps(page, 1)
    card = page.locator(".lightbox-tour-card")
    page.locator("button.lightbox-closer").first.click()
    large = page.get_by_role("dialog", name="A closer look")
    large.wait_for()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    large.wait_for(state="detached")
    card.get_by_role("heading", name=STEPS[0].title).wait_for()
    page.keyboard.press("Escape")
    card.wait_for(state="detached")


def test_esc_ends_it_for_good_and_the_guide_has_it_again(page, app_url):
    page.goto(f"{app_url}/?methods=grad_cam")
    settle(page)
    offer = page.get_by_test_id("stMain").get_by_role("button", name="Take the 90-second tour")
    offer.click()
    card = page.locator(".lightbox-tour-card")
    card.wait_for()
    page.keyboard.press("ArrowRight")
    card.get_by_role("heading", name=STEPS[1].title).wait_for()
    page.keyboard.press("Escape")
    card.wait_for(state="detached")
    page.goto(f"{app_url}/?methods=grad_cam")
    settle(page)
    assert offer.count() == 0 or not offer.is_visible()
    page.get_by_role("button", name="How to read a map").click()
    page.get_by_role("button", name="Take the 90-second tour").last.click()
    card.wait_for()
    assert page.get_by_text("Before the map").count() == 0  # the guide is closed meanwhile
