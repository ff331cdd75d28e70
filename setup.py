"""Stamps the commit into what is built; all else about the package stands in pyproject.toml."""

from __future__ import annotations

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT))

from lightbox.core.program_version import STAMP, find_commit  # noqa: E402  (found from here only now)


def write_stamp(folder: Path) -> None:
    """Write the commit below ``folder``, where one is known."""
    commit = find_commit(STAMP, ROOT)
    place = folder / STAMP.relative_to(ROOT)
    if commit and place.parent.is_dir():
        place.write_text(f"{commit}\n", encoding="utf-8")


class StampedBuild(build_py):
    """The package as it is installed, and the stamp; an editable install asks git each time."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            write_stamp(Path(self.build_lib))


class StampedSource(sdist):
    """The sources as they are handed on, and the stamp."""

    def make_release_tree(self, base_dir: str, files: list[str]) -> None:
        super().make_release_tree(base_dir, files)
        write_stamp(Path(base_dir))


setup(cmdclass={"build_py": StampedBuild, "sdist": StampedSource})
