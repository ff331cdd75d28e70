"""The README's picture of Compare, taken from the app as it is: ``make screenshot``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from lightbox.explainers import METHODS
from tests.browser.conftest import CHROMIUM, FLAGS, serve_app

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "pictures" / "compare.png"
# A synthetic scan: no image of a data set may be in the project.
ADDRESS = "/?sample=brain-meningioma-1&task=brain_mri&networks=convnet"
WIDTH, HEIGHT = 1440, 1000
PATIENCE_MS = 300_000
DRAWN = (
    "count => document.querySelectorAll('.js-plotly-plot .hm').length === count && "
    "!document.querySelector('[data-testid=stStatusWidget]')"
)


def main() -> int:
    """Start the app, wait for every map, write the picture; 1 where there is no Chromium."""
    if CHROMIUM is None:
        print("No Chromium on this machine; Debian's package `chromium` has it.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder, serve_app(Path(folder)) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(url + ADDRESS)
        page.wait_for_function(DRAWN, arg=len(METHODS), timeout=PATIENCE_MS)
        last = page.get_by_role("button", name="All (ZIP)")
        last.and_(page.locator(":enabled")).wait_for()
        bottom = last.bounding_box()
        if bottom is not None:  # the whole page, down to the last button
            page.set_viewport_size({"width": WIDTH, "height": int(bottom["y"] + bottom["height"]) + 14})
        page.wait_for_timeout(1500)  # charts fade in
        page.screenshot(path=str(PICTURE))
        browser.close()
    print(PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
