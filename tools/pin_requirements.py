"""Write requirements.txt: what pyproject.toml declares, and what that needs in turn, at the releases installed here.

A package that is pinned already keeps its release unless it is named on the command line.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import tomllib
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.txt"
HEAD = """\
# The releases that the tests run with: what pyproject.toml declares, every extra included, and what these need.
# Written by `make lock`, which keeps every release that stands here; `make lock UPGRADE="numpy scipy"` renews two.
# What torch needs for a graphics card differs from machine to machine, and torch pins it itself.
"""
LEFT_TO_TORCH = ("cuda-", "nvidia-", "triton")
# Extras for one experiment, which nobody needs to run or test the app.
LEFT_OUT = ("teachers",)


def read_declared() -> list[Requirement]:
    """Every requirement in pyproject.toml, of the library and of all extras but those left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [part for name, part in project["optional-dependencies"].items() if name not in LEFT_OUT]
    return [Requirement(line) for part in (project["dependencies"], *extras) for line in part]


def read_pins() -> dict[str, str]:
    """Release by package, as requirements.txt pins them; names are in their canonical form."""
    lines = [line.partition("#")[0].strip() for line in LOCK.read_text(encoding="utf-8").splitlines()]
    pairs = [line.partition("==") for line in lines if line]
    return {canonicalize_name(name): release for name, _, release in pairs}


def find_needed(requirements: Iterable[Requirement]) -> dict[str, str]:
    """Installed release by package, of ``requirements`` and of all that they need on this machine.

    Raises:
        PackageNotFoundError: one of them is not installed.
    """
    needed: dict[str, str] = {}
    waiting = list(requirements)
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name.startswith(LEFT_TO_TORCH) or (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        found = distribution(name)
        needed[name] = found.version.partition("+")[0]  # a CPU build of a release is that release
        for line in found.requires or []:
            part = Requirement(line)
            extras = requirement.extras or {""}
            if part.marker is None or any(part.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(part)
    return needed


def install(requirements: Iterable[Requirement], renewed: set[str]) -> None:
    """Install what is missing; what is pinned stays at its pin, but for ``renewed``, which come at their newest."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "kept.txt"
        pins = [f"{name}=={release}" for name, release in read_pins().items() if name not in renewed]
        kept.write_text("\n".join(pins), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "install", "--constraint", str(kept)]
        wanted = [str(requirement) for requirement in requirements]
        subprocess.run([*command, *(["--upgrade"] if renewed else []), *wanted], check=True)  # noqa: S603  (our own pip)


def main(names: list[str]) -> None:
    """Renew the packages of these names and write the file."""
    declared = read_declared()
    install(declared, {canonicalize_name(name) for name in names})
    lines = [f"{name}=={release}\n" for name, release in sorted(find_needed(declared).items())]
    LOCK.write_text(HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
