"""How the shipped networks were trained, what a search found, and what was shipped or tried before."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from benchmarks.results.markdown import percent, to_table
from benchmarks.results.networks import MODELS, shipped
from benchmarks.results.records import read_record
from lightbox.core.tasks import TASKS
from lightbox.networks import NETWORKS
from lightbox.provenance.tuning import NAME, read_tuning


def training_table() -> str:
    """A row a checkpoint: its epochs, the grids they used, its pictures, and what its card remarks."""
    rows = []
    for task in TASKS.values():
        for network in shipped(task.key):
            card = network.card
            found: dict[str, Any] = dict(card.training)
            rows.append(
                [
                    f"{task.title}, {network.title}",
                    card.date,
                    f"{found['epochs_done']} at {_sizes(found['sizes'], found['epochs_done'])}",
                    f"{found['train_images']}, of them {found['phantom_images']} synthetic",
                    percent(card.metrics["validation_accuracy"]),
                    found["remark"] or "–",
                ]
            )
    return to_table(["network", "date", "epochs", "training images", "right in validation", "the card's remark"], rows)


def _sizes(sizes: list[int], epochs: int) -> str:
    """Such as: 128 px, then 224 px; the epochs are shared equally among the list."""
    spans = [(size, len(list(same)) * epochs / len(sizes)) for size, same in groupby(sizes)]
    if len(spans) == 1:
        return f"{spans[0][0]} px"
    return ", ".join(f"{size} px ({span:.0f})" for size, span in spans)


def earlier_table() -> str:
    """A row a network that was shipped once or tried, and measured on a test split."""
    rows = []
    for row in read_record("earlier_networks").figures["networks"]:
        shares = [right / scans for right, scans in row["right_of"]] or [row["accuracy"]]
        who = f"{TASKS[row['task']].title}, {NETWORKS[row['network']].title}"
        rows.append([who, row["date"], "; ".join(map(percent, shares)), row["what"]])
    return to_table(["network", "date", "right on the test images", "what it was"], rows)


def published_table() -> str:
    """The brain split in published tables: accuracy on all test images."""
    rows = [[row["what"], f"{100 * row['accuracy']:.2f} %"] for row in read_record("published").figures["brain_mri"]]
    return to_table(["network", "all test images"], rows)


def search_sentence() -> str:
    """What the shipped search for a recipe came to."""
    tuning = read_tuning(MODELS / "brain_mri" / "convnet" / NAME)
    best, first = tuning.best, tuning.trials[0]
    if best is None or best.value is None:
        raise ValueError("the search has no finished trial")
    outcome = "none was better than the default one" if best.number == first.number else "the best was another"
    return (
        f"A search over {len(tuning.trials)} recipes of the brain ConvNet ({tuning.recipe['epochs']} epochs at "
        f"{tuning.recipe['sizes'][0]} px, validated on scans from other sources, {tuning.date}) came to a balanced "
        f"accuracy of {percent(best.value)}: {outcome}."
    )


def trials_table() -> str:
    """What single trainings showed, as far as it was written down."""
    rows = [[row["what"], row["result"], row["date"]] for row in read_record("training_trials").figures["rows"]]
    return to_table(["tried", "result", "date"], rows)
