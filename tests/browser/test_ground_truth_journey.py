"""The Ground truth page as a person uses it: compute again, with progress; look at the network that cheats."""

import pytest

pytestmark = pytest.mark.browser


def test_new_scans_are_computed_with_progress_and_set_beside_the_table(page, app_url):
    page.goto(f"{app_url}/ground_truth?count=4&methods=lrp&measure=mass")
    page.get_by_role("button", name="Compute", exact=True).click()
    page.get_by_text("of 4 scans").wait_for()
    page.get_by_text("of these 4 new scans right").wait_for(timeout=120_000)
    assert "measure=mass" in page.url


def test_the_network_that_cheats_answers_differently_without_the_text(page, app_url):
    page.goto(f"{app_url}/ground_truth?hans=1")
    page.get_by_text("The same scan without it").wait_for()
    page.wait_for_function("document.querySelectorAll('.js-plotly-plot .hm').length === 5", timeout=120_000)
    assert page.get_by_text("in outline, chance").count() >= 4


def test_a_samples_outline_is_drawn_over_its_map_and_can_be_taken_away(page, app_url):
    page.goto(f"{app_url}/?sample=chest-bacterial-1&methods=lrp")
    lines = page.locator(".js-plotly-plot .scatterlayer .js-line")
    lines.first.wait_for(state="attached", timeout=120_000)
    assert lines.count() == 2
    page.get_by_text("True outline").click()
    lines.first.wait_for(state="detached")
    assert "outline=0" in page.url
