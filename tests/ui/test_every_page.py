"""What holds on every page."""

import ast
import re
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
    navigation = (ROOT / "components" / "shell" / "entrance.py").read_text()
    assert all(f"pages/{name}" in navigation for name in PAGES)


# What Streamlit shows as words, by the name of the call; of these the first argument, and the arguments below.
SHOWN = {
    "title", "header", "subheader", "markdown", "caption", "text", "write", "badge", "info", "warning", "error",
    "success", "button", "link_button", "download_button", "form_submit_button", "checkbox", "toggle", "slider",
    "selectbox", "multiselect", "pills", "segmented_control", "number_input", "text_input", "text_area",
    "file_uploader", "expander", "popover", "spinner", "toast",
}  # fmt: skip
WORDS_TOO = {"help", "label", "text", "placeholder", "alt", "title"}
# Markdown's directives and HTML's tags are no words: ":small[", ":material/list:", "<br>".
MARKUP = re.compile(r":[a-z][a-z0-9_/-]*[\[:]|<[^>]*>")


# Sentences that the library hands over for users.
SENTENCES = {"message", "hint", "waiting_for"}


def holds_words(node):
    """Whether an expression has words that did not pass `_`: letters in the fixed parts of a string, or a sentence."""
    if isinstance(node, ast.BinOp):
        return holds_words(node.left) or holds_words(node.right)
    if isinstance(node, ast.IfExp):
        return holds_words(node.body) or holds_words(node.orelse)
    if isinstance(node, ast.Attribute):
        return node.attr in SENTENCES
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    fixed = "".join(part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str))
    filled_in = (part.value for part in parts if isinstance(part, ast.FormattedValue))
    return any(map(str.isalpha, MARKUP.sub("", fixed))) or any(map(holds_words, filled_in))


def is_shown(function, imported):
    """Whether Streamlit shows what a call is given: a method of `st`, or of a container in a variable."""
    if not isinstance(function, ast.Attribute) or function.attr not in SHOWN:
        return False
    receiver = function.value
    while isinstance(receiver, ast.Attribute | ast.Subscript | ast.Call):
        receiver = receiver.func if isinstance(receiver, ast.Call) else receiver.value
    return not (isinstance(receiver, ast.Name) and receiver.id in imported - {"st"})


def find_bare_words(source):
    """Words for users that no catalogue can hold, because gettext does not get them, or gets them filled in."""
    tree = ast.parse(source)
    imported = {
        (name.asname or name.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    found = []
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func)
        if is_shown(call.func, imported):
            suspects = [*call.args[:1], *(each.value for each in call.keywords if each.arg in WORDS_TOO)]
            bare = [each for each in suspects if holds_words(each)]
        elif name in ("_", "UserFacingError"):
            # A sentence of the latter is translated where it is shown.
            bare = [each for each in call.args if isinstance(each, ast.JoinedStr)]
        else:
            bare = []
        found += [f"{call.lineno}: {ast.unparse(each)}" for each in bare]
    return found


@pytest.mark.parametrize(
    "path", sorted([*(ROOT / "pages").glob("*.py"), *(ROOT / "components").rglob("*.py")]), ids=lambda p: p.name
)
def test_words_for_users_go_through_translation(path):
    assert find_bare_words(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        'st.caption("words")',
        'st.spinner("words")',
        'st.badge(f"{count} words")',
        'columns[0].selectbox("words", choices)',
        'right.caption("words" if few else _("others"))',
        'st.button(_("words"), help="words")',
        'st.caption(":small[words]")',
        '_(f"{count} words")',
        'UserFacingError(f"{count} words", "hint")',
        "st.caption(run.waiting_for)",
        'st.warning(f"{complaint.message} {_(complaint.hint)}")',
    ],
)
def test_words_that_pass_translation_by_are_found(line):
    assert len(find_bare_words(line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        'st.caption(_("words"))',
        'st.markdown(f":small[{_(title)}] **{name}**<br>")',
        "st.text(answers.names[index])",
        'from components.navigator import words\nwords.title("scope", key)',
        'UserFacingError(_("{count} words").format(count=3), "hint")',
    ],
)
def test_words_that_are_translated_are_not_found(line):
    assert find_bare_words(line) == []
