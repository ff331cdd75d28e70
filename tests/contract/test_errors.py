"""What an error says: each has a cause and a remedy of its own, in whole sentences and in words that a user knows.

The sentences are read where they are written, from the source: a road that no test takes is read too.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

import pytest

from lightbox.core.settings import PROJECT_DIR

ROOMS = ("lightbox", "components", "pages")
ERRORS = ("UserFacingError", "LogitError", "CheckpointError")
# What a formatted value, or one that is only known while the program runs, is read as.
HOLE = "\N{OBJECT REPLACEMENT CHARACTER}"
# Words of who writes programs, not of who uses one.
JARGON = (
    "assert", "backtrace", "boolean", "callback", "deserialize", "dict", "enum", "errno", "exception", "float32",
    "instance", "integer", "invalid", "json", "keyerror", "kwargs", "namespace", "nonetype", "null", "parse", "pickle",
    "regex", "segfault", "stacktrace", "string", "traceback", "tuple", "unexpected keyword", "valueerror",
)  # fmt: skip
VAGUE = ("an error occurred", "something went wrong", "check the input", "please", "oops", "unknown error")


@dataclass(frozen=True)
class Sentence:
    """One place that makes an error: the texts that message and hint can have, with holes."""

    path: str
    line: int
    messages: tuple[str, ...]
    hints: tuple[str, ...]

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"

    def __str__(self) -> str:
        return f"{self.place}: {' / '.join(self.messages)} -> {' / '.join(self.hints)}"


def texts(node: ast.expr, names: dict[str, ast.expr]) -> tuple[str, ...]:
    """What an expression can be, as text."""
    if isinstance(node, ast.Constant):
        return (str(node.value),)
    if isinstance(node, ast.JoinedStr):
        return _joined(node.values, names)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return tuple(one + other for one in texts(node.left, names) for other in texts(node.right, names))
    if isinstance(node, ast.IfExp):
        return (*texts(node.body, names), *texts(node.orelse, names))
    if isinstance(node, ast.Name) and node.id in names:
        return texts(names[node.id], {key: value for key, value in names.items() if key != node.id})
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return tuple(re.sub(r"\{[^{}]*\}", HOLE, text) for text in texts(node.func.value, names))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
        return texts(node.args[0], names)
    return (HOLE,)


def _joined(parts: list[ast.expr], names: dict[str, ast.expr]) -> tuple[str, ...]:
    whole = ("",)
    for part in parts:
        known = isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name) and part.value.id in names
        inner = (
            texts(part.value, names)
            if known
            else (HOLE,)
            if isinstance(part, ast.FormattedValue)
            else texts(part, names)
        )
        whole = tuple(one + other for one in whole for other in inner)
    return whole


def sentences_of(path: str, source: str) -> list[Sentence]:
    """Every error that a file makes."""
    tree = ast.parse(source)
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    found = []
    for outer in ast.walk(tree):
        if not isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        local = {
            node.targets[0].id: node.value
            for node in ast.walk(outer)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        for node in ast.walk(outer):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                arguments = [texts(argument, {**constants, **local}) for argument in node.args]
                assert len(arguments) == 2, f"{path}:{node.lineno}: an error has a message and a hint"
                found.append(Sentence(path, node.lineno, *arguments))
    # A function inside another is walked twice.
    return sorted({sentence.place: sentence for sentence in found}.values(), key=lambda each: each.line)


@cache
def all_sentences() -> tuple[Sentence, ...]:
    return tuple(
        sentence
        for room in ROOMS
        for path in sorted((PROJECT_DIR / room).rglob("*.py"))
        for sentence in sentences_of(str(path.relative_to(PROJECT_DIR)), path.read_text(encoding="utf-8"))
    )


def complain(wrong: object) -> None:
    listed = [str(each) for each in wrong]
    assert not listed, "\n" + "\n".join(listed)


def test_the_reader_finds_the_sentences_and_what_they_can_be():
    source = """
HINT = "Do this."
def refuse(kind, count):
    words = "one" if count else "none"
    if kind:
        raise UserFacingError(f"There is {words} of {kind}.", HINT)
    raise UserFacingError("A" if kind else "B", "Take {name}.".format(name=kind))
"""
    first, second = sentences_of("here.py", source)
    assert first.messages == (f"There is one of {HOLE}.", f"There is none of {HOLE}.")
    assert first.hints == ("Do this.",)
    assert second.messages == ("A", "B")
    assert second.hints == (f"Take {HOLE}.",)
    assert len(all_sentences()) > 150


def test_every_message_and_every_hint_is_a_whole_sentence():
    complain(
        f"{sentence.place}: {text!r}"
        for sentence in all_sentences()
        for text in (*sentence.messages, *sentence.hints)
        if not text.strip() or not re.search(rf"([.?]|{HOLE})$", text) or not re.match(rf"[A-Z0-9{HOLE}]", text)
    )


def test_a_hint_says_something_else_than_its_message():
    complain(
        sentence
        for sentence in all_sentences()
        if HOLE not in sentence.messages and set(sentence.messages) & set(sentence.hints)
    )


def test_errors_are_in_words_that_a_user_knows():
    words = re.compile(rf"\b({'|'.join(JARGON)})s?\b", re.IGNORECASE)
    complain(
        f"{sentence.place}: {text!r}"
        for sentence in all_sentences()
        for text in (*sentence.messages, *sentence.hints)
        # What stands in backticks is typed, and names in capitals are settings.
        if words.search(re.sub(r"`[^`]*`|\b[A-Z_]{4,}\b", "", text)) or any(each in text.lower() for each in VAGUE)
    )


def test_no_two_causes_in_one_file_have_the_same_sentence():
    counts = Counter(
        (sentence.path, text)
        for sentence in all_sentences()
        for text in set(sentence.messages)
        if text.strip(HOLE + " .:")
    )
    complain(place for place, count in counts.items() if count > 1)


@pytest.mark.parametrize("absolute", ["/work/", "/home/", "/root/", "/tmp/"])  # noqa: S108  (looked for in texts)
def test_no_sentence_names_a_place_of_one_machine(absolute):
    complain(s for s in all_sentences() if any(absolute in text for text in (*s.messages, *s.hints)))
