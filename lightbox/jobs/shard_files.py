"""The files of a batch: whole or absent, whatever is killed when."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def plan_path(out: Path) -> Path:
    """Which image is in which shard."""
    return out / "plan.json"


def left_out_path(out: Path) -> Path:
    """The files that are no scans, with the reasons."""
    return out / "left_out.csv"


def table_path(out: Path, number: int) -> Path:
    """A shard's rows. Written last: the shard is done when this is there."""
    return out / "table" / f"part-{number:05d}.parquet"


def maps_path(out: Path, number: int) -> Path:
    """A shard's maps."""
    return out / "maps" / f"part-{number:05d}.npz"


def open_folder(out: Path, number: int) -> Path:
    """The images finished so far of a shard that is not."""
    return out / "open" / f"part-{number:05d}"


def deaths_path(desk: Path, place: int) -> Path:
    """One byte for each worker that began this image and did not come back; ``desk`` is the `open_folder`."""
    return desk / f"{place:05d}.tries"


def forget_deaths(out: Path) -> None:
    """Count the deaths of workers anew: when a driver is killed its workers end too, and no image is to blame."""
    for path in (out / "open").glob("*/*.tries"):
        path.unlink(missing_ok=True)


def is_done(out: Path, number: int) -> bool:
    """Whether a shard is complete."""
    return table_path(out, number).is_file()
