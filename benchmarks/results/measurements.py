"""What benchmarks measured: time, memory, isolation, how soon a job stops."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from benchmarks.results.markdown import to_table, whole_percent
from benchmarks.results.records import read_record

if TYPE_CHECKING:
    from collections.abc import Sequence

_SECONDS_A_DAY = 86_400
MACHINES = (1, 2, 64, 1000)


def provenance(name: str) -> str:
    """Where a record's figures come from."""
    return f"({read_record(name).provenance})"


def startup_table() -> str:
    """A row a moment of the app's start: the median of the runs, and each run."""
    rows = []
    for name, seconds in read_record("startup").figures.items():
        every = "  ".join(f"{one:.1f}" for one in seconds) if len(seconds) > 1 else "–"
        rows.append([name, f"{statistics.median(seconds):.1f} s", every])
    return to_table(["from … to …", "median", "each run, s"], rows)


def startup_seconds(name: str) -> str:
    """The median of one moment, such as: 2.6 s."""
    return f"{statistics.median(read_record('startup').figures[name]):.1f} s"


def batch_table() -> str:
    """What a folder takes, and what ten killed workers cost."""
    figures = read_record("batch").figures
    two, one = figures["two_workers_per_second"], figures["one_worker_per_second"]
    lost, doubled, different = figures["lost"], figures["doubled"], figures["different"]
    what = f"{figures['images']} images, {figures['methods']}, {figures['network']}"
    rows = [
        [f"{what}: one worker", f"{one:.1f} a second"],
        ["two workers on two cores", f"{two:.1f} a second, efficiency {whole_percent(figures['efficiency'])}"],
        [
            f"two workers, of which {figures['killed']} are killed at random",
            f"{lost} rows lost, {doubled} doubled; {different} of {figures['arrays']} arrays differ",
        ],
    ]
    return to_table(["a folder of scans", "result"], rows)


def batch_rate() -> str:
    """Images a second and core."""
    return f"{read_record('batch').figures['one_worker_per_second']:.1f}"


def million_table() -> str:
    """What a million and a hundred million images take at that rate, were time inverse to cores."""
    rate = float(batch_rate())
    rows = []
    for power in (6, 8):
        seconds = 10**power / rate
        cells = [_duration(seconds / cores) for cores in MACHINES]
        rows.append([f"10^{power}", f"10^{power} / {rate} = {seconds:,.0f} s", *cells])
    header = ["images", "core time", *(f"on {cores} core{'s' if cores > 1 else ''}" for cores in MACHINES)]
    return to_table(header, rows)


def _duration(seconds: float) -> str:
    if seconds < 2 * 3600:
        return f"{seconds / 60:.0f} minutes"
    if seconds < 2 * _SECONDS_A_DAY:
        return f"{seconds / 3600:.1f} hours"
    return f"{seconds / _SECONDS_A_DAY:.1f} days"


def stops_sentence() -> str:
    """How soon a lane was free."""
    figures = read_record("stops").figures
    return (
        f"Of {figures['stopped']} jobs the lane was free after {figures['median']:.2f} s (median), "
        f"{figures['p90']:.2f} s (90 %), {figures['p99']:.2f} s (99 %), {figures['worst']:.2f} s at worst; "
        f"{figures['ended']} processes were ended."
    )


def stops_short() -> str:
    """The median and how many jobs, such as: median 0.07 s, 148 jobs under load."""
    figures = read_record("stops").figures
    return f"median {figures['median']:.2f} s, {figures['stopped']} jobs under load"


def soak_table() -> str:
    """Many sessions at once, and the same with the isolation broken on purpose."""
    soak, shared = read_record("soak").figures, read_record("shared_network").figures
    rows = [
        [f"{soak['sessions']} sessions for {soak['minutes']:g} minutes", *_verdict(soak)],
        [f"{shared['threads']} threads with one copy of each network, {shared['seconds']:g} s", *_verdict(shared)],
    ]
    return to_table(["asked by", "maps", "wrong", "errors", "networks with changed weights"], rows)


def _verdict(figures: dict[str, Any]) -> list[str]:
    return [str(figures[name]) for name in ("maps", "wrong", "errors", "changed")]


def soak_memory() -> str:
    """The app's memory over the soak, in words."""
    figures = read_record("soak").figures
    return f"{figures['app_warm_mb']:.0f} MB once warm and {figures['app_end_mb']:.0f} MB at the end"


def soak_growth() -> str:
    """MB a minute by which the app's memory rose once warm."""
    return f"{read_record('soak').figures['app_mb_a_minute']:.0f} MB a minute"


def decode_table() -> str:
    """A row a kind of file: median seconds in the child process, and without one."""
    rows = [
        [name, f"{found['child']:.2f} s", f"{found['here']:.3f} s"]
        for name, found in read_record("decode").figures.items()
    ]
    return to_table(["file", "in a process of its own", "in the asking process"], rows)


def checks_table() -> str:
    """A row a check and network: its smallest, median and largest value over the maps."""
    rows = [
        [row["what"], row["network"], str(row["maps"]), *_spread(row["values"]), str(row["failed"])]
        for row in read_record("checks").figures["rows"]
    ]
    return to_table(["check", "network", "maps", "least", "median", "most", "failed"], rows)


def _spread(values: Sequence[float]) -> list[str]:
    return [f"{one:.5f}" for one in (min(values), statistics.median(values), max(values))]


def readme_table() -> str:
    """What stood in an earlier README and has no record of its own."""
    found: list[dict[str, Any]] = read_record("earlier_measurements").figures["rows"]
    return to_table(["what", "date", "result"], [[row["what"], row["date"], row["result"]] for row in found])


def decision_list(key: str) -> str:
    """What was measured before a decision of the architecture, a line each with its source."""
    return "\n".join(f"- {row['what']} ({row['source']})" for row in read_record("decisions").figures[key])


def rerun_table() -> str:
    """A row a kind of rerun: the server's milliseconds in an earlier checkout and in this one."""
    figures = read_record("rerun").figures
    rows = []
    for what in figures["after"]:
        if what != "commit":
            cells = [_milliseconds(figures[name][what]) for name in ("before", "after") if name in figures]
            rows.append([what, *cells])
    commits = [f"{name} ({figures[name]['commit']})" for name in ("before", "after") if name in figures]
    return to_table(["a rerun of Compare, everything computed", *commits], rows)


def _milliseconds(row: dict[str, float]) -> str:
    return f"{row['median']:.0f} ms ({row['least']:.0f} to {row['most']:.0f})"


def coverage_table() -> str:
    """A row a room: the share of its lines that the default test run reaches."""
    rooms: dict[str, list[int]] = read_record("coverage").figures["rooms"]
    reached, lines = (sum(pair[place] for pair in rooms.values()) for place in (0, 1))
    rows = [[f"`{room}`", whole_percent(part / whole), str(whole)] for room, (part, whole) in rooms.items()]
    return to_table(["room", "lines reached", "lines"], [*rows, ["all", whole_percent(reached / lines), str(lines)]])
