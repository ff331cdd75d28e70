"""The browser's Back and Forward: a step is another page, scan, section or card, and nothing smaller."""

import re

import pytest

from tests.browser.test_compare_journey import wait_for_maps

pytestmark = pytest.mark.browser
QUICK = "methods=grad_cam&networks=convnet"


def settled(page):
    """The page, once no run is under way."""
    page.wait_for_function(
        "!document.querySelector('[data-testid=stStatusWidget]') && "
        "document.querySelectorAll('[data-testid=stSkeleton]').length === 0"
    )


def section(page, name):
    return page.get_by_role("radio", name=name, exact=True)


def is_lit(page, name):
    """Wait until a section's button is the chosen one."""
    page.wait_for_function(
        "name => [...document.querySelectorAll('[role=radio]')].some("
        "e => e.textContent.trim() === name && (e.ariaChecked === 'true' || e.checked))",
        arg=name,
    )
    settled(page)


def test_on_networks_back_gives_the_section_before(page, app_url):
    page.goto(f"{app_url}/networks")
    is_lit(page, "Results")
    section(page, "Training").click()
    page.wait_for_url("**/networks?view=training")
    section(page, "Data").click()
    page.wait_for_url("**/networks?view=data")
    is_lit(page, "Data")
    page.go_back()
    is_lit(page, "Training")
    page.go_back()
    is_lit(page, "Results")
    assert page.url == f"{app_url}/networks"
    page.go_forward()
    is_lit(page, "Training")
    assert page.url.endswith("/networks?view=training")


def test_a_page_that_is_opened_again_is_one_step(page, app_url):
    page.goto(f"{app_url}/networks")
    is_lit(page, "Results")
    section(page, "Training").click()
    page.wait_for_url("**/networks?view=training")
    page.get_by_role("link", name="Ground truth").click()
    page.get_by_role("heading", name="Ground truth").wait_for()
    settled(page)
    page.get_by_role("link", name="Networks").click()
    page.wait_for_url("**/networks?view=training")  # as it was left
    is_lit(page, "Training")
    page.go_back()
    page.get_by_role("heading", name="Ground truth").wait_for()
    settled(page)
    page.go_back()
    is_lit(page, "Training")
    page.go_back()
    is_lit(page, "Results")


def test_on_compare_back_closes_the_sample_and_forward_opens_it_again(page, app_url):
    page.goto(f"{app_url}/?{QUICK}")
    page.get_by_test_id("stMain").get_by_role("button", name=re.compile("Open: ")).first.click()
    page.wait_for_url("**sample=*")
    page.get_by_role("figure", name="The scan.").wait_for()
    settled(page)
    with_sample = page.url
    page.get_by_text("Contours", exact=True).click()
    page.wait_for_url("**view=contours*")
    settled(page)
    page.go_back()  # the drawing is no step
    page.get_by_text("Bring a scan").wait_for()
    settled(page)
    assert "sample=" not in page.url
    page.go_forward()
    page.get_by_role("figure", name="The scan.").wait_for()
    settled(page)
    assert page.url.startswith(with_sample.split("&")[0])
    is_lit(page, "Contours")


@pytest.mark.parametrize("again", [False, True], ids=["link", "reloaded"])
def test_a_link_that_is_opened_is_one_step_in_whatever_form_it_was_typed(page, app_url, again):
    page.goto("about:blank")
    page.goto(f"{app_url}/?{QUICK}&sample=brain-meningioma-1")
    wait_for_maps(page, 1)
    page.wait_for_url("**task=brain_mri*")
    if again:
        page.reload()
        wait_for_maps(page, 1)
    page.wait_for_function("history.state === null || history.length === 2")
    page.go_back()
    assert page.url == "about:blank"


def test_a_reload_keeps_the_step_before_it(page, app_url):
    page.goto(f"{app_url}/networks")
    is_lit(page, "Results")
    section(page, "Training").click()
    page.wait_for_url("**/networks?view=training")
    page.reload()
    is_lit(page, "Training")
    page.go_back()
    is_lit(page, "Results")
    assert page.url == f"{app_url}/networks"


def test_on_ground_truth_back_gives_the_other_modality_and_a_measure_is_no_step(page, app_url):
    page.goto(f"{app_url}/ground_truth")
    is_lit(page, "Chest X-ray")
    section(page, "Brain MRI").click()
    page.wait_for_url("**task=brain_mri*")
    is_lit(page, "Brain MRI")
    section(page, "All evidence").click()
    page.wait_for_url("**measure=mass*")
    is_lit(page, "All evidence")
    page.go_back()
    is_lit(page, "Chest X-ray")
    page.go_forward()
    is_lit(page, "Brain MRI")
    is_lit(page, "All evidence")


def test_on_libraries_back_leaves_a_card_and_a_view(page, app_url):
    page.goto(f"{app_url}/navigator?view=list")
    page.get_by_role("link", name="Captum", exact=True).first.click()
    page.wait_for_url("**library=captum*")
    page.get_by_role("heading", name="Captum").wait_for()
    settled(page)
    page.go_back()
    is_lit(page, "List")
    section(page, "Help me choose").click()
    page.wait_for_url("**view=wizard*")
    page.get_by_text("My model is in").first.wait_for()
    settled(page)
    page.go_back()
    is_lit(page, "List")
    page.go_forward()
    page.get_by_text("My model is in").first.wait_for()
