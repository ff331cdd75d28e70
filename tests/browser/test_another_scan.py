"""No map is ever read as another scan's: when the scan changes, what was drawn over the one before goes with it."""

import pytest

from lightbox.imaging.film import data_uri
from lightbox.imaging.samples import list_samples, read_sample
from tests.browser.test_compare_journey import bring, wait_for_maps

pytestmark = pytest.mark.browser

SAMPLES = [sample for sample in list_samples() if sample.task == "chest_xray"][:2]
# Every 20 ms: the films on show, and those that the maps are drawn over. Kept in the page: from outside is too slow.
WATCH = """() => {
  window.seen = [];
  const films = plots => [...plots].flatMap(plot => (plot.layout?.images ?? []).map(image => image.source.slice(-400)));
  setInterval(() => window.seen.push([
    films(document.querySelectorAll('.js-plotly-plot')),
    films(document.querySelectorAll('[class*=compare-grid] .js-plotly-plot')),
  ]), 20);
}"""


@pytest.fixture
def pictures(tmp_path):
    """Two films as files, and the end of the address that the page draws each from."""
    paths, ends = [], []
    for sample in SAMPLES:
        paths.append(sample.image_path)
        ends.append(data_uri(read_sample(sample).pixels, max_side=1600)[-400:])
    return paths, ends


def test_the_old_scans_maps_are_gone_when_the_new_film_is_there(page, app_url, pictures):
    paths, (old, new) = pictures
    page.goto(f"{app_url}/?methods=lrp,grad_cam")
    bring(page, paths[0])
    wait_for_maps(page, 2)
    page.evaluate(WATCH)
    bring(page, paths[1])
    page.wait_for_function("end => window.seen.some(([films]) => films.includes(end))", arg=new)
    wait_for_maps(page, 2)
    seen = page.evaluate("window.seen")
    assert any(old in under_maps for _films, under_maps in seen)
    assert not [films for films, under_maps in seen if new in films and old in under_maps]
    assert new in seen[-1][1]
