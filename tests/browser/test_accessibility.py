"""axe-core on every page and view, in both themes, and no request that leaves this machine meanwhile."""

from importlib.resources import files
from urllib.parse import urlsplit

import pytest

from tests.browser.views import VIEWS, settle

pytestmark = pytest.mark.browser
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
GRAVE = ("serious", "critical")


@pytest.fixture(scope="module")
def watched(browser):
    """A page, and the addresses that it asked for."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(60_000)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    yield page, asked
    context.close()


def background(page):
    return page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")


def leaves(url):
    """Whether a request goes to another machine."""
    address = urlsplit(url)
    return address.scheme not in ("data", "blob") and address.hostname != "127.0.0.1"


def grave_faults(page):
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        (fault["id"], node["html"][:200], node["failureSummary"])
        for fault in found
        if fault["impact"] in GRAVE
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_has_no_grave_fault_in_either_theme_and_asks_nobody_else(watched, app_url, name):
    page, asked = watched
    asked.clear()
    page.emulate_media(color_scheme="light")
    page.goto(app_url + VIEWS[name])
    settle(page, name)
    assert any(url.startswith("ws://127.0.0.1") for url in asked)  # they are seen at all
    assert grave_faults(page) == []
    light = background(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(
        "light => getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor !== light", arg=light
    )
    page.wait_for_timeout(700)  # charts are drawn anew
    assert grave_faults(page) == []
    assert [url for url in asked if leaves(url)] == []


def test_axe_finds_what_cannot_be_read(watched):
    page, _asked = watched
    page.set_content("<html lang=en><main><h1 style='color:#eee;background:#fff'>Title</h1></main></html>")
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert ("color-contrast", "serious") in [(fault["id"], fault["impact"]) for fault in found]


@pytest.mark.parametrize(
    ("url", "elsewhere"),
    [
        ("https://fonts.gstatic.com/s/i/flip.svg", True),
        ("ws://example.org/stream", True),
        ("http://127.0.0.1:8501/_stcore/health", False),
        ("data:image/png;base64,AAAA", False),
    ],
)
def test_a_request_to_another_machine_is_known(url, elsewhere):
    assert leaves(url) is elsewhere
