"""What a search for a better recipe tried: plain data, read without torch and without Optuna.

`lightbox tune` writes it; ``models/<task>/<network>/tuning.json`` is what a page shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lightbox.core import records, settings
from lightbox.core.errors import UserFacingError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "tuning.json"
HINT = "Make it again with `lightbox tune`."
COMPLETE, PRUNED, FAIL = "COMPLETE", "PRUNED", "FAIL"


@dataclass(frozen=True, slots=True)
class Trial:
    """One recipe that was tried.

    Args:
        number: from 0, in order.
        state: COMPLETE, PRUNED (stopped early, as no better than the others) or FAIL (killed, or it diverged).
        value: of the objective; None where there is none.
        params: what was varied.
        course: the objective after each epoch.
        seconds: it took; 0 where that is not known.
        note: why it failed, or which trial it repeats.
    """

    number: int
    state: str
    value: float | None
    params: dict[str, Any]
    course: dict[str, float]
    seconds: float
    note: str


@dataclass(frozen=True, slots=True)
class Tuning:
    """A study.

    Args:
        task: key of the task.
        network: key of the architecture.
        objective: "loss" or "balanced_accuracy", on the validation split, of the averaged weights.
        direction: "minimize" or "maximize".
        space: what was varied, by name: Optuna's distribution as its name and attributes.
        recipe: the numbers that were the same for all trials.
        data_sha256: over names, labels, splits and contents.
        date: ISO date of the export.
        lightbox_version: of the program.
        trials: in order.
    """

    task: str
    network: str
    objective: str
    direction: str
    space: dict[str, dict[str, Any]]
    recipe: dict[str, Any]
    data_sha256: str
    date: str
    lightbox_version: str
    trials: tuple[Trial, ...]

    @property
    def best(self) -> Trial | None:
        """The finished trial with the best value, the first of equals."""
        done = [trial for trial in self.trials if trial.state == COMPLETE and trial.value is not None]
        sign = 1 if self.direction == "minimize" else -1
        return min(done, key=lambda trial: sign * (trial.value or 0.0), default=None)

    def count(self, state: str) -> int:
        return sum(trial.state == state for trial in self.trials)


def find_tuning(task: str, network: str) -> Tuning | None:
    """The study beside a checkpoint, or None where there is none.

    Raises:
        UserFacingError: it cannot be read.
    """
    path = settings.get_path("MODELS_DIR") / task / network / NAME
    return read_tuning(path) if path.is_file() else None


def read_tuning(path: Path) -> Tuning:
    """The study that `write_tuning` wrote.

    Raises:
        UserFacingError: the file is missing, is no JSON, or of another form.
    """
    try:
        found: Tuning = records.from_text(Tuning, path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError) as error:
        raise UserFacingError(f"The study {path.name} cannot be read ({error}).", HINT) from error
    return found


def write_tuning(tuning: Tuning, path: Path) -> None:
    """Save as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(records.to_text(tuning), encoding="utf-8")
