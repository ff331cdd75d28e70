"""What stands on the page as it stood there in the run before is sent once more, and not made once more.

All that depends on Streamlit's internals for it stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plotly.io.json import to_json_plotly

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from streamlit.delta_generator import DeltaGenerator

    from lightbox.imaging.views import Views

CHART = "plotly_chart"


@dataclass(frozen=True, slots=True)
class Sent:
    """An element as it is sent to the browser.

    Args:
        kind: Streamlit's name for elements like it.
        message: Streamlit's message; a chart's is without its figure.
        options: of its place on the page.
        figure: a chart's figure as JSON, cut where the text belongs that it shares with others.
    """

    kind: str
    message: Any
    options: Mapping[str, Any]
    figure: tuple[str, ...]


def show(
    views: Views | None,
    about: Hashable,
    place: DeltaGenerator,
    draw: Callable[[DeltaGenerator], object],
    *,
    name: str,
    shared: str = "",
) -> None:
    """Put an element into a container. ``draw`` makes it, and is called only where ``about`` is another than last time.

    Args:
        views: of the scan that it shows; what is kept is kept there, and forgotten with the scan. None keeps nothing.
        about: all that the element depends on.
        place: the container.
        draw: puts one element straight into the container that it is given.
        name: tells this element from the scan's others.
        shared: a long text in a chart's figure that others of the scan have too, its film: it is kept once.
    """
    if views is None:
        draw(place)
        return
    text = views.once(("as JSON", shared), lambda: _as_json(shared)) if shared else ""
    sent = views.latest(("sent", name), about, lambda: _note(place, draw, text))
    message = type(sent.message)()
    message.CopyFrom(sent.message)
    if sent.kind == CHART:
        message.spec = text.join(sent.figure)
    place._enqueue(sent.kind, message, **sent.options)  # noqa: SLF001  (nothing public sends what is made already)


def _as_json(text: str) -> str:
    """The text as it stands in the JSON of a figure."""
    quoted: str = to_json_plotly(text)
    return quoted[1:-1]


def _note(place: DeltaGenerator, draw: Callable[[DeltaGenerator], object], shared: str) -> Sent:
    """What ``draw`` would send, in place of sending it."""
    noted: list[Sent] = []

    def note(kind: str, message: Any, **options: Any) -> DeltaGenerator:
        bare = type(message)()
        bare.CopyFrom(message)
        figure: tuple[str, ...] = ()
        if kind == CHART:
            figure = tuple(message.spec.split(shared)) if shared else (message.spec,)
            bare.spec = ""
        noted.append(Sent(kind, bare, options, figure))
        return place

    as_any: Any = place
    as_any._enqueue = note  # noqa: SLF001  (this container's alone)
    try:
        draw(place)
    finally:
        del as_any._enqueue  # noqa: SLF001
    (sent,) = noted
    return sent
