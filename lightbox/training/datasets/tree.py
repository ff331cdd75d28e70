"""The pictures under a folder, by name."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lightbox.imaging.recognise import is_litter

SUFFIXES = (".png", ".jpg", ".jpeg")
MANIFEST = "manifest.csv"
SPLIT_FOLDERS = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}
MOST_NAMED = 8
MOST_OTHERS = 3


@dataclass(frozen=True, slots=True)
class Tree:
    """What lies under a folder.

    Args:
        root: the folder.
        names: of all PNG and JPEG files under it, relative, sorted; hidden files and folders are left out.
        others: of all other files, relative, sorted, but for the manifest and what lies in folders of litter.
    """

    root: Path
    names: tuple[PurePosixPath, ...]
    others: tuple[PurePosixPath, ...] = ()

    def folders(self) -> Counter[str]:
        """How many pictures lie directly in folders of a name, upper and lower case as found."""
        return Counter(name.parent.name for name in self.names)

    def describe(self) -> str:
        """What was found, for a sentence that refuses it: "the folders a (3 pictures), b (1 picture)"."""
        counts = self.folders()
        if not counts:
            return "no PNG or JPEG picture"
        shown = [
            f"{folder or 'the top level'} ({count} picture{'' if count == 1 else 's'})"
            for folder, count in counts.most_common(MOST_NAMED)
        ]
        more = f" and {len(counts) - MOST_NAMED} more" if len(counts) > MOST_NAMED else ""
        return f"pictures in {', '.join(shown)}{more}"

    def describe_others(self) -> str:
        """Which files are not read, in one sentence with the first names; "" where there are none."""
        if not self.others:
            return ""
        names = ", ".join(map(str, self.others[:MOST_OTHERS])) + (", ..." if len(self.others) > MOST_OTHERS else "")
        files = "1 file is" if len(self.others) == 1 else f"{len(self.others)} files are"
        return f"{files} not named as PNG or JPEG and not read: {names}"


def read_tree(root: Path) -> Tree:
    """All pictures under ``root``; links to folders are not followed."""
    names: list[PurePosixPath] = []
    others: list[PurePosixPath] = []
    for place, folders, files in os.walk(root):
        folders[:] = [folder for folder in folders if not folder.startswith(".") and not is_litter(f"{folder}/file")]
        relative = PurePosixPath(Path(place).relative_to(root).as_posix())
        for file in files:
            picture = PurePosixPath(file).suffix.lower() in SUFFIXES and not file.startswith(".")
            (names if picture else others).append(relative / file)
    others = [name for name in others if str(name) != MANIFEST]
    return Tree(root, tuple(sorted(names, key=str)), tuple(sorted(others, key=str)))


def split_of(name: PurePosixPath, default: str = "train") -> str:
    """The split that one of the folders above a picture names, the outermost first."""
    found = (SPLIT_FOLDERS[part.lower()] for part in name.parts[:-1] if part.lower() in SPLIT_FOLDERS)
    return next(found, default)


def class_key(text: str) -> str:
    """A folder's or a manifest's word for a class, as a key: lower case, underscores."""
    return "_".join(text.strip().lower().replace("-", " ").replace("_", " ").split())
