"""Answers in the shapes that GitHub and a package index document, without any server."""

import json
from pathlib import Path

from lightbox.navigator.github import Answer
from lightbox.navigator.package_index import PipIndex
from lightbox.navigator.sources import NoNetworkError, SourceError

_FOLDER = Path(__file__).parent / "answers"
ANSWERS = json.loads((_FOLDER / "answers.json").read_text())
PACKAGES = json.loads((_FOLDER / "index.json").read_text())


class Recorded:
    """GitHub; an address without an answer has no network."""

    def __init__(self, changes=()):
        self.answers = ANSWERS | dict(changes)
        self.asked = []

    def __call__(self, url, headers):
        self.asked.append((url, dict(headers)))
        if url not in self.answers:
            raise NoNetworkError("timed out")
        answer = self.answers[url]
        return Answer(answer["status"], answer.get("headers", {}), answer["content"])


def recorded_index(packages=PACKAGES, asked=None):
    """An index at no address that knows a few packages."""

    def ask(address, _accept):
        if asked is not None:
            asked.append(address)
        kind, _, rest = address.removeprefix("index/").partition("/")
        package = packages.get(rest.removesuffix("/json").strip("/"))
        if package is None:
            return 404, None
        if kind == "simple":
            return 200, {"files": package["files"]}
        requires = package["requires"]
        return (404, None) if requires is None else (200, {"info": {"requires_dist": requires}})

    return PipIndex("index/simple", ask)


def no_index():
    """Stands for a Python without pip."""
    raise SourceError("pip's settings could not be read: ImportError")


def unreachable_index():
    """Stands for an index behind a network that is away."""

    def ask(_address, _accept):
        raise NoNetworkError("the package index: ConnectionError")

    return PipIndex("index/simple", ask)
