"""How often the check of a scan is wrong, and how often a network's own remark is: from what ships with each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.results.markdown import percent, to_table, whole_percent
from benchmarks.results.networks import shipped
from lightbox.core.tasks import TASKS
from lightbox.embedding.atlas import find_atlas
from lightbox.embedding.unfamiliar_pictures import GROUPS
from lightbox.scan_check.check import KIND_LIMIT, UPRIGHT_LIMIT
from lightbox.scan_check.rates import read_rates, to_markdown

if TYPE_CHECKING:
    from lightbox.scan_check.rates import Rate


def limits() -> str:
    """When a concern is raised, with the limits of the code."""
    kind, upright = whole_percent(KIND_LIMIT), whole_percent(UPRIGHT_LIMIT)
    return (
        f"A concern is raised where the kind is less probable than {kind}, or where another way of lying is likelier "
        f"than upright and upright has less than {upright} of the kind's share."
    )


def rates_table() -> str:
    """A row a group of pictures, for each kind that was expected."""
    return to_markdown(read_rates())


def summary_table() -> str:
    """A row a task: false alarms on its test scans, and the worst of what should be noticed."""
    rows = []
    for task in TASKS.values():
        rates = [rate for rate in read_rates() if rate.task == task.key]
        alarms = {rate.group: rate for rate in rates if rate.harmless}
        missed = max((rate for rate in rates if not rate.harmless), key=_missed)
        cells = [_told(alarms[group], alarms[group].flagged) for group in ("test", "synthetic")]
        rows.append([task.title, *cells, f"{missed.words}: {_told(missed, missed.count - missed.flagged)}"])
    return to_table(
        ["expected", "false alarms, test scans", "false alarms, synthetic scans", "missed most often"], rows
    )


def _missed(rate: Rate) -> float:
    return 1 - rate.flagged / rate.count


def _told(rate: Rate, wrong: int) -> str:
    return f"{wrong} of {rate.count} ({percent(wrong / rate.count)})"


def strangers_table() -> str:
    """A row a kind of picture: the share that each network calls far outside what it has seen."""
    atlases = {
        f"{task.title}, {network.title}": atlas
        for task in TASKS.values()
        for network in shipped(task.key)
        if (atlas := find_atlas(network.card)) is not None
    }
    rows = []
    for group, words in GROUPS.items():
        found = [atlas.rate(group) for atlas in atlases.values()]
        rows.append([words, *("–" if rate is None else percent(rate.flagged / rate.count) for rate in found)])
    return to_table(["called far outside", *atlases], rows)


def flagged_range() -> str:
    """How many of its real test scans a network calls far outside, the least and the most: such as 1 to 5 %."""
    rates = [
        rate.flagged / rate.count
        for task in TASKS
        for network in shipped(task)
        if (atlas := find_atlas(network.card)) is not None and (rate := atlas.rate("test")) is not None
    ]
    return f"{100 * min(rates):.0f} to {100 * max(rates):.0f} %"


def false_alarms() -> str:
    """On the test scans of each task, such as: 1.0 % of the chest X-rays and 1.8 % of the brain MRI slices."""
    told = [
        f"{percent(rate.flagged / rate.count)} of the {rate.words}" for rate in read_rates() if rate.group == "test"
    ]
    return " and ".join(told)
