"""What a browser sees on every page's own address."""

from pathlib import Path

import pytest

from lightbox.core import notice

pytestmark = pytest.mark.browser
DEFAULT = "compare"  # the first page has the bare address
PAGES = sorted(path.stem for path in (Path(__file__).resolve().parents[2] / "pages").glob("*.py"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_from_its_address_with_the_notice(page, app_url, name):
    page.goto(f"{app_url}/{'' if name == DEFAULT else name}")
    page.get_by_text(notice.TEXT).wait_for()
    page.get_by_role("heading").first.wait_for()
    assert page.get_by_test_id("stException").count() == 0
    assert page.get_by_text("Page not found").count() == 0
