"""What holds on every page."""

import ast
from pathlib import Path

import pytest

from lightbox.core import notice

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.name for path in (ROOT / "pages").glob("*.py"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_an_error(app, name):
    app.run()
    app.switch_page(f"pages/{name}").run()
    assert not app.exception


def test_the_app_puts_the_notice_above_whatever_page_it_runs(app):
    """`switch_page` runs a page without app.py; the browser tests look for the notice on every page's own address."""
    app.run()
    assert any(notice.TEXT in part.value for part in app.caption)


def test_every_page_is_in_the_navigation():
    navigation = (ROOT / "components" / "entrance.py").read_text()
    assert all(f"pages/{name}" in navigation for name in PAGES)


@pytest.mark.parametrize(
    "path", sorted([*(ROOT / "pages").glob("*.py"), *(ROOT / "components").rglob("*.py")]), ids=lambda p: p.name
)
def test_words_for_users_go_through_translation(path):
    """The first argument of what Streamlit shows is never a bare sentence."""
    shown = {"title", "header", "subheader", "markdown", "caption", "info", "warning", "error", "success", "button",
             "text_input", "selectbox", "toggle", "slider", "pills", "segmented_control", "file_uploader", "expander",
             "number_input", "download_button", "popover", "multiselect"}  # fmt: skip
    bare = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {f"st.{name}" for name in shown} and node.args:
            first = node.args[0]
            if (
                isinstance(first, ast.Constant)
                and isinstance(first.value, str)
                and any(c.isalpha() for c in first.value)
            ):
                bare.append(f"{path.name}:{node.lineno} {first.value!r}")
    assert not bare
