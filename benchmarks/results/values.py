"""Every place that a document may have, by its name, and what fills it in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from benchmarks.results import (
    clever_hans,
    further,
    ground_truth,
    measurements,
    methods,
    networks,
    panel,
    scan_check,
    training,
)
from lightbox.core.tasks import TASKS

if TYPE_CHECKING:
    from collections.abc import Callable

RECORDS = (
    "startup",
    "rerun",
    "coverage",
    "batch",
    "stops",
    "soak",
    "shared_network",
    "checks",
    "decode",
    "panel",
    "published",
    "earlier_networks",
)
DECISIONS = ("processes", "supervisor", "queue", "bfloat16", "disk", "child", "raw")
SELECTIONS = ("all", "unequal", "new")

VALUES: dict[str, Callable[[], str]] = {
    "methods": methods.methods_table,
    "settings": methods.settings_table,
    "networks": networks.overview_table,
    "training": training.training_table,
    "further sources": further.further_sources_table,
    "calibration": further.calibration_table,
    "earlier networks": training.earlier_table,
    "published": training.published_table,
    "leaks sentence": networks.leaks_sentence,
    "failed": ground_truth.failed_table,
    "incomplete": ground_truth.incomplete_sentence,
    "search": training.search_sentence,
    "trials": training.trials_table,
    "concern limits": scan_check.limits,
    "rates": scan_check.rates_table,
    "scan check": scan_check.summary_table,
    "false alarms": scan_check.false_alarms,
    "strangers": scan_check.strangers_table,
    "flagged": scan_check.flagged_range,
    "clever hans": clever_hans.shortcut_table,
    "synthetic scans called right": ground_truth.answers_table,
    "localisation runs": ground_truth.runs_table,
    "seconds": ground_truth.seconds_table,
    "panel": panel.panel_table,
    "panel fidelity": panel.panel_fidelity_table,
    "startup": measurements.startup_table,
    "batch": measurements.batch_table,
    "batch rate": measurements.batch_rate,
    "a million": measurements.million_table,
    "stops": measurements.stops_sentence,
    "stops median": measurements.stops_short,
    "soak": measurements.soak_table,
    "soak memory": measurements.soak_memory,
    "soak growth": measurements.soak_growth,
    "rerun": measurements.rerun_table,
    "coverage": measurements.coverage_table,
    "decode": measurements.decode_table,
    "checks": measurements.checks_table,
    "earlier measurements": measurements.readme_table,
}
VALUES |= {f"decision {key}": partial(measurements.decision_list, key) for key in DECISIONS}
VALUES |= {f"how {name.replace('_', ' ')}": partial(measurements.provenance, name) for name in RECORDS}
for _task in TASKS:
    _words = _task.partition("_")[0]
    VALUES |= {
        f"accuracy {_words}": partial(networks.accuracy_table, _task),
        f"altered {_words}": partial(further.altered_table, _task),
        f"recall {_words}": partial(networks.recall_table, _task),
        f"leaks {_words}": partial(networks.leaks, _task),
        f"chance {_words}": partial(ground_truth.chance_sentence, _task),
        f"incomplete {_words}": partial(ground_truth.incomplete, _task),
        f"poor lime {_words}": partial(ground_truth.failed_of, _task, "lime"),
        f"found {_words}": partial(ground_truth.pathologies, _task),
        f"hits of right {_words}": partial(ground_truth.hits_of_right, _task, "lrp"),
        **{
            f"scores {_words} {subset}": partial(ground_truth.score_table, _task, subset) for subset in ("all", "right")
        },
        **{f"images {_words} {kind}": partial(networks.counted, _task, kind) for kind in SELECTIONS},
        **{f"confusion {_words} {kind}": partial(networks.confusion_tables, _task, kind) for kind in SELECTIONS},
        **{f"right {_words} {kind}": partial(networks.accuracies, _task, kind) for kind in SELECTIONS},
        **{f"recall {_words} {label}": partial(networks.recalls, _task, label) for label in TASKS[_task].classes},
        **{
            f"synthetic {_words} {label}": partial(ground_truth.right_of_class, _task, label)
            for label in TASKS[_task].classes
        },
    }
