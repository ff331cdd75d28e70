"""How much of the code the default test run reaches: `make coverage` runs it, and leaves the figures in a record.

Lines are counted in every process that the tests start, but in those that are ended by force, which write nothing, and
in the decoder's, whose environment is its own: its tests call its functions in their own process besides.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from benchmarks.record import write_record
from lightbox.core.settings import PROJECT_DIR

if TYPE_CHECKING:
    from collections.abc import Mapping

# What has rooms of its own is counted by room, the rest as a whole.
HOUSES = ("lightbox", "components")
# What fails beside other tests is tried once more by itself, as `make test` does.
FAILED = 1
ALONE = ("--cov-append", "--last-failed", "--last-failed-no-failures", "none", "--numprocesses", "0")


def room_of(path: str) -> str:
    """The row that a file counts for: "lightbox/jobs", "components/shell", "pages"."""
    parts = PurePosixPath(path).parts
    return "/".join(parts[:2]) if parts[0] in HOUSES and len(parts) > 2 else parts[0]


def count_lines(report: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """(lines reached, lines in all) by room, from the JSON that coverage.py writes."""
    reached: dict[str, int] = defaultdict(int)
    lines: dict[str, int] = defaultdict(int)
    for path, file in report["files"].items():
        room = room_of(path)
        reached[room] += file["summary"]["covered_lines"]
        lines[room] += file["summary"]["num_statements"]
    return {room: (reached[room], lines[room]) for room in sorted(lines) if lines[room]}


def main(options: list[str]) -> int:
    """Run the tests with ``options`` of pytest's, and write the record; the tests' own exit status."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coverage.json"
        command = [sys.executable, "-m", "pytest", "--cov", "--cov-report", f"json:{path}", *options]
        environment = {**os.environ, "COVERAGE_FILE": str(Path(folder) / "lines")}
        ended = subprocess.run(command, cwd=PROJECT_DIR, env=environment, check=False)  # noqa: S603  (our own tests)
        if ended.returncode == FAILED:
            ended = subprocess.run([*command, *ALONE], cwd=PROJECT_DIR, env=environment, check=False)  # noqa: S603
        if ended.returncode == 0:
            rooms = count_lines(json.loads(path.read_text(encoding="utf-8")))
            write_record(
                "coverage", {"rooms": {room: list(pair) for room, pair in rooms.items()}}, command="make coverage"
            )
        return ended.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
