"""A browser session without a browser: speaks Streamlit's protocol, runs fragments on time, reads maps off charts."""

from __future__ import annotations

import asyncio
import base64
import json
import random
import time
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import numpy as np
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.soaking.deck import OWN, Question, Verdict

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

CHART = "compare.map."
PATIENCE_SECONDS = 240.0
LEAVES_EARLY = 0.25
PICTURE_BYTES = 64 * 2**20


@dataclass(slots=True)
class Tally:
    """What the sessions met, besides the verdict.

    Args:
        visits: pages watched until every map was there.
        left: pages closed while maps were under way.
        waits: seconds until the last map, one per visit.
    """

    visits: int = 0
    left: int = 0
    waits: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Visitors:
    """Sessions that come and go at one app.

    Args:
        port: of the app.
        references: the maps computed alone; what they are of is what may be asked.
    """

    port: int
    references: Mapping[Question, NDArray[np.float32]]
    verdict: Verdict = field(default_factory=Verdict)
    tally: Tally = field(default_factory=Tally)

    async def visit_for(self, seconds: float, name: str) -> None:
        """Open page after page: a random scan, one or two networks, some methods; a quarter is closed early."""
        drawn = random.Random(name)
        until = time.monotonic() + seconds
        samples = sorted({question.sample for question in self.references})
        while (left := until - time.monotonic()) > 0:
            sample = drawn.choice(samples)
            there = [question for question in self.references if question.sample == sample]
            networks = sorted({question.network for question in there})
            networks = drawn.sample(networks, drawn.choice((1, min(2, len(networks)))))
            methods = sorted({question.method for question in there})
            methods = drawn.sample(methods, drawn.randint(1, min(4, len(methods))))
            wanted = {question for question in there if question.network in networks and question.method in methods}
            patience = drawn.uniform(0.5, 4) if drawn.random() < LEAVES_EARLY else PATIENCE_SECONDS
            await self._visit(address_of(sample, networks, methods), wanted, patience)
            await asyncio.sleep(min(left, drawn.uniform(0.1, 1)))

    async def _visit(self, query: str, wanted: set[Question], patience: float) -> None:
        """Watch one page until its last map is there, or for as long as patience lasts."""
        begun_at = time.monotonic()
        try:
            async with asyncio.timeout(patience):
                if not await self._see_all(query, wanted):
                    return
        except TimeoutError:
            if patience < PATIENCE_SECONDS:
                self.tally.left += 1
            else:
                self.verdict.errors.append(f"{query}: not there after {patience:.0f} s")
            return
        self.tally.visits += 1
        self.tally.waits.append(time.monotonic() - begun_at)

    async def _see_all(self, query: str, wanted: set[Question]) -> bool:
        """Judge the maps as they come; whether all of them came."""
        missing = {f"{question.network}.{question.method}": question for question in wanted}
        seen = dict(missing)
        async with aclosing(_watch(self.port, query)) as messages:
            async for charts, alerts in messages:
                for key, values in charts.items():
                    self.verdict.judge(values, self.references[seen[key]])
                    missing.pop(key, None)
                if alerts:
                    self.verdict.errors += [f"{query}: {alert}" for alert in alerts]
                    return False
                if not missing:
                    break
        return not missing


def address_of(sample: str, networks: Sequence[str], methods: Sequence[str]) -> str:
    """The link that opens a page with a scan and its settings."""
    settings = {
        "sample": sample,
        "task": "chest_xray" if sample.startswith("chest") else "brain_mri",
        "networks": ",".join(networks),
        "methods": ",".join(methods),
    }
    own = {f"{method}.{name}": _text(value) for method, row in OWN.items() for name, value in row.items()}
    return urlencode(settings | own)


def _text(value: object) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


async def _watch(port: int, query: str) -> AsyncGenerator[tuple[dict[str, NDArray[np.float32]], list[str]], None]:
    """The maps and the alerts of each message that has any, while the page's fragments run as often as they ask to."""
    address = f"ws://127.0.0.1:{port}/_stcore/stream"
    async with websockets.connect(
        address, subprotocols=[websockets.Subprotocol("streamlit")], max_size=PICTURE_BYTES
    ) as socket:
        clocks: dict[str, asyncio.Task[None]] = {}
        announced: set[str] = set()
        await socket.send(_rerun(query))
        try:
            async for content in socket:
                message = ForwardMsg.FromString(content)
                kind = message.WhichOneof("type")
                if kind == "new_session":
                    announced.clear()
                elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    _stop(clocks, clocks.keys() - announced)  # a run of the whole page has made its fragments anew
                elif kind == "stop_auto_rerun":
                    _stop(clocks, message.stop_auto_rerun.fragment_ids)
                elif kind == "auto_rerun":
                    fragment = message.auto_rerun.fragment_id
                    announced.add(fragment)
                    _stop(clocks, [fragment])
                    clocks[fragment] = asyncio.create_task(_tick(socket, query, fragment, message.auto_rerun.interval))
                elif kind == "delta":
                    charts, alerts = _read(message)
                    if charts or alerts:
                        yield charts, alerts
        finally:
            _stop(clocks, list(clocks))


async def _tick(socket: Any, query: str, fragment: str, interval: float) -> None:
    while True:
        await asyncio.sleep(interval)
        await socket.send(_rerun(query, fragment))


def _stop(clocks: dict[str, asyncio.Task[None]], fragments: Iterable[str]) -> None:
    for fragment in fragments:
        clock = clocks.pop(fragment, None)
        if clock is not None:
            clock.cancel()


def _rerun(query: str, fragment: str = "") -> bytes:
    message = BackMsg()
    message.rerun_script.query_string = query
    message.rerun_script.fragment_id = fragment
    message.rerun_script.is_auto_rerun = bool(fragment)
    content: bytes = message.SerializeToString()
    return content


def _read(message: ForwardMsg) -> tuple[dict[str, NDArray[np.float32]], list[str]]:
    element = message.delta.new_element
    kind = element.WhichOneof("type")
    if kind == "alert" and element.alert.format == element.alert.ERROR:
        return {}, [element.alert.body]
    if kind != "plotly_chart" or CHART not in element.plotly_chart.id:
        return {}, []
    (trace,) = (trace for trace in json.loads(element.plotly_chart.spec)["data"] if trace["type"] == "heatmap")
    packed = trace["z"]
    shape = tuple(int(side) for side in packed["shape"].split(","))
    values = np.frombuffer(base64.b64decode(packed["bdata"]), np.dtype(packed["dtype"])).reshape(shape)
    return {element.plotly_chart.id.rpartition(CHART)[2]: values}, []
