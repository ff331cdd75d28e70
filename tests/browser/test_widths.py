"""Nothing is cut off, however wide the page is."""

import pytest

from lightbox.explainers import METHODS
from tests.browser.views import VIEWS, settle

pytestmark = pytest.mark.browser
# Five maps of any quality.
QUICK = "lime.samples=64&integrated_gradients.steps=8&integrated_gradients.until_complete=0"
WIDTHS = (390, 720, 1024, 1280, 1440, 1920)
# By how much each chart, and each colour bar in one, reaches beyond the boxes around it that clip, in CSS pixels.
HIDDEN = """() => {
  const hidden = (element) => {
    const own = element.getBoundingClientRect();
    let left = 0, right = document.documentElement.clientWidth;
    for (let box = element.parentElement; box; box = box.parentElement) {
      if (getComputedStyle(box).overflowX === "visible") continue;
      const edges = box.getBoundingClientRect();
      left = Math.max(left, edges.left);
      right = Math.min(right, edges.right);
    }
    return Math.max(left - own.left, own.right - right, 0);
  };
  const shown = (selector) => [...document.querySelectorAll(selector)].filter((each) => each.checkVisibility());
  return {
    charts: shown(".stPlotlyChart .main-svg:first-of-type").map(hidden),
    bars: shown(".stPlotlyChart .colorbar").map(hidden),
    page: Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
  };
}"""


@pytest.fixture(scope="module")
def compared(browser, app_url):
    """Compare with five maps."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    page = context.new_page()
    page.goto(f"{app_url}/?sample=chest-viral-2&networks=convnet&{QUICK}")
    maps = "count => document.querySelectorAll('.js-plotly-plot .hm').length === count"
    page.wait_for_function(maps, arg=len(METHODS), timeout=240_000)
    yield page
    context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_map_and_colour_bar_is_seen_whole(compared, width):
    compared.set_viewport_size({"width": width, "height": 1000})
    compared.wait_for_timeout(1500)  # Plotly draws anew
    hidden = compared.evaluate(HIDDEN)
    assert len(hidden["charts"]) == len(METHODS) + 1
    assert len(hidden["bars"]) == len(METHODS)
    assert max(*hidden["charts"], *hidden["bars"], hidden["page"]) < 1
    least = compared.evaluate(
        "Math.min(...[...document.querySelectorAll('.stPlotlyChart')].map(e => e.getBoundingClientRect().width))"
    )
    assert least >= 150  # below that Streamlit draws wider than the place is


# Of each map: the share of its box's width that Plotly gives the film.
FILLED = """() => [...document.querySelectorAll('[class*="st-key-film-"] .js-plotly-plot')].map(
  (chart) => chart._fullLayout.xaxis.domain[1] - chart._fullLayout.xaxis.domain[0])"""
# What happens where a box changes its size while its chart is drawn: the chart keeps the place for another box.
LATE = """() => {
  const chart = document.querySelectorAll('[class*="st-key-film-"] .js-plotly-plot')[1];
  const { xaxis, yaxis } = chart._fullLayout;
  for (const axis of [xaxis, yaxis]) axis._inputDomain = axis._input.domain = [0.2, 0.8];
  const box = chart.closest(".stPlotlyChart");
  box.style.setProperty("height", "150px", "important");
  setTimeout(() => box.style.removeProperty("height"), 200);
}"""


def test_a_map_is_as_large_as_its_box_whatever_happened_while_it_was_drawn(compared):
    compared.set_viewport_size({"width": 1440, "height": 1000})
    compared.wait_for_timeout(1500)
    before = compared.evaluate(FILLED)
    compared.evaluate(LATE)
    compared.wait_for_function(f"({FILLED})()[1] < {before[1]} - 0.1")
    compared.wait_for_function(f"Math.abs(({FILLED})()[1] - {before[1]}) < 0.01", timeout=5000)
    assert compared.evaluate(FILLED) == pytest.approx(before, abs=0.01)


@pytest.mark.parametrize("name", [name for name in VIEWS if not name.startswith("compare")])
def test_on_a_phone_no_chart_is_cut_off(page, app_url, name):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(app_url + VIEWS[name])
    settle(page, name)
    hidden = page.evaluate(HIDDEN)
    assert max([*hidden["charts"], *hidden["bars"], hidden["page"]], default=0) < 1


def test_on_a_phone_a_line_says_where_the_panel_and_the_menu_are(page, app_url):
    words = page.get_by_text("opens the settings and the menu of pages")
    page.goto(app_url)
    settle(page)
    assert not words.is_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    words.wait_for()
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("link", name="Networks").wait_for()
