"""What only a browser shows of the navigator: clicks on canvases, focus, the back button, names for screen readers."""

import re

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def navigator_url(app_url):
    return f"{app_url}/navigator"


@pytest.fixture
def page(page, app_url):
    page.set_viewport_size({"width": 1400, "height": 1100})
    page.goto(app_url)
    page.get_by_role("link", name="Library navigator").wait_for()
    return page


def settle(page):
    """Wait until the page and all of its elements are drawn."""
    page.get_by_role("heading", name="Library navigator").wait_for()
    page.wait_for_function("document.querySelectorAll('[data-testid=stSkeleton]').length === 0")


def choose(page, label, typed):
    """Choose an answer of a facet with the keyboard alone."""
    box = page.get_by_role("combobox", name=label, exact=True)
    box.focus()
    page.keyboard.type(typed)
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")


def test_from_the_first_page_to_a_library_and_on_to_compare(page):
    page.get_by_role("link", name="Library navigator").click()
    page.get_by_role("heading", name="Library navigator").wait_for()
    choose(page, "Method", "LRP")
    page.wait_for_url("**method=lrp*")
    page.get_by_text("24 of 183 libraries").wait_for()
    choose(page, "Framework", "PyTorch")
    page.get_by_text("19 of 183 libraries").wait_for()
    assert "method=lrp" in page.url
    # The first row's name is a button painted on a canvas.
    grid = page.locator("[data-testid=stDataFrame] .dvn-scroller").first
    page.wait_for_timeout(1000)
    grid.click(position={"x": 100, "y": 55})
    page.get_by_role("heading", name="LXT (AttnLRP)").wait_for()
    assert "library=lxt-attnlrp" in page.url
    page.go_back()
    page.get_by_text("19 of 183 libraries").wait_for()
    page.go_forward()
    page.get_by_role("link", name="Try LRP").click()
    page.wait_for_url("**/?methods=lrp")


def test_a_cell_of_the_heat_map_opens_its_list(page, navigator_url):
    page.goto(f"{navigator_url}?view=matrix")
    # Its accessible name is the description that the page computes.
    page.get_by_role("figure", name="Most libraries").wait_for()
    chart = page.locator(".js-plotly-plot .nsewdrag").first
    page.wait_for_timeout(1000)
    chart.click(position={"x": 12, "y": 12})
    page.get_by_text("19 libraries name both.").wait_for()
    assert "row=lrp" in page.url
    assert "column=pytorch" in page.url
    page.get_by_role("link", name="See them in the table").click()
    page.get_by_text("19 of 183 libraries").wait_for()


def test_a_screen_reader_finds_a_name_for_everything_it_can_reach(page, navigator_url):
    for view in ("?method=lrp", "?view=suggest", "?library=zennit"):
        page.goto(f"{navigator_url}{view}")
        settle(page)
        assert page.get_by_role("heading", level=1).count() == 1
        tree = page.locator("[data-testid=stApp]").aria_snapshot()
        roles = "button|combobox|textbox|link|checkbox|radio|figure"
        nameless = re.findall(rf"^ *- (?:{roles})(?: \[[^]]*\])*:?$", tree, re.MULTILINE)
        assert nameless == [], tree


def test_on_a_phone_nothing_is_wider_than_the_screen(browser, navigator_url):
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(navigator_url.removesuffix("/navigator"))
    page.get_by_role("heading", name="Compare", exact=True).wait_for()
    for view in ("?view=list&q=lrp", "?library=captum"):
        page.goto(f"{navigator_url}{view}")
        settle(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, view
    context.close()
