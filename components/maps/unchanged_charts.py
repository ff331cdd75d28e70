"""What stands on the page as it stood there in the run before is sent once more, and not made once more.

What the browser still holds is sent as its hash alone, as Streamlit sends it; Streamlit puts together and hashes the
whole message each time to find that out. All that depends on its internals for it stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plotly.io.json import to_json_plotly
from streamlit.runtime.forward_msg_cache import create_reference_msg
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState, get_script_run_ctx

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from streamlit.delta_generator import DeltaGenerator

    from lightbox.imaging.views import Views

CHART = "plotly_chart"


@dataclass(slots=True)
class Sent:
    """An element as it is sent to the browser.

    Args:
        kind: Streamlit's name for elements like it.
        message: Streamlit's message; a chart's is without its figure.
        options: of its place on the page.
        figure: a chart's figure as JSON, cut where the text belongs that it shares with others.
        hashed: the hash of the whole message and whether the browser may hold it, once it has been sent.
    """

    kind: str
    message: Any
    options: Mapping[str, Any]
    figure: tuple[str, ...]
    hashed: tuple[str, bool] | None = None

    def whole(self, shared: str) -> Any:
        """The message with a chart's figure in it."""
        message = type(self.message)()
        message.CopyFrom(self.message)
        if self.kind == CHART:
            message.spec = shared.join(self.figure)
        return message


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
    _send(place, sent, text)


def _send(place: DeltaGenerator, sent: Sent, shared: str) -> None:
    """Put what is made already into a container, with the hash that it had the last time."""
    context: Any = get_script_run_ctx()
    if context is None or ThreadState.get().fragment_id:  # a fragment's name is in the hash
        place._enqueue(sent.kind, sent.whole(shared), **sent.options)  # noqa: SLF001  (nothing public sends it)
        return
    enqueue = context.enqueue
    held = sent.hashed is not None and sent.hashed[0] in context.cached_message_hashes

    def enqueue_hashed(message: Any) -> None:
        if sent.hashed is not None:
            message.hash, message.metadata.cacheable = sent.hashed
        if held:
            message.metadata.active_script_hash = ThreadState.get().active_script_hash
            context._enqueue(create_reference_msg(message))  # noqa: SLF001  (as its own `enqueue` does)
            return
        enqueue(message)
        sent.hashed = (message.hash, message.metadata.cacheable)

    context.enqueue = enqueue_hashed
    try:
        place._enqueue(sent.kind, sent.message if held else sent.whole(shared), **sent.options)  # noqa: SLF001
    finally:
        del context.enqueue


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
