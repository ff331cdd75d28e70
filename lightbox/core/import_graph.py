"""What a module needs, read from the sources alone: nothing is imported."""

from __future__ import annotations

import ast
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

PACKAGE = "lightbox"


@dataclass(frozen=True, slots=True)
class Needs:
    """What a module needs in turn.

    Args:
        ours: the file of each module of this package, by full name; the module itself and its packages are among them.
        others: top names of all other modules, the standard library's among them.
    """

    ours: dict[str, Path] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)


def find_needs(module: str, folder: Path, *, leave_out: Collection[str] = ()) -> Needs:
    """All that ``module`` imports anywhere in it, and what that imports, imports for type checkers aside.

    Modules that are found in a folder (`lightbox.core.registry.discover`) count as imported by who looks for them.

    Args:
        module: full name.
        folder: of the package, with its ``__init__.py``.
        leave_out: packages of ours that are not followed.
    """
    needs = Needs()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        top = name.partition(".")[0]
        if top != PACKAGE:
            needs.others.add(top)
            continue
        parents = [name.rsplit(".", count)[0] for count in range(1, name.count(".") + 1)]
        if name in needs.ours or any(part in leave_out for part in (name, *parents)):
            continue
        path = _find_file(name, folder)
        if path is None:  # a function or a class of the module before the last dot
            continue
        needs.ours[name] = path
        waiting += [*parents, *_imports(ast.parse(path.read_bytes()), folder)]
    return needs


def hash_code(path: Path) -> str:
    """sha256 over what a source file does: comments, docstrings and layout do not count."""
    tree = ast.parse(path.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                node.body = node.body[1:]
    return hashlib.sha256(ast.dump(tree).encode()).hexdigest()


def _find_file(name: str, folder: Path) -> Path | None:
    place = folder.joinpath(*name.split(".")[1:])
    candidates = (place.with_suffix(".py"), place / "__init__.py") if place != folder else (place / "__init__.py",)
    return next((path for path in candidates if path.is_file()), None)


def _imports(node: ast.AST, folder: Path) -> Iterator[str]:
    """Full names of what a node imports; of ``from a import b`` both a and a.b."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        for statement in node.orelse:
            yield from _imports(statement, folder)
        return
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module is not None:
        yield node.module
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"discover", "importlib.import_module"}:
        named = node.args[0]
        if isinstance(named, ast.Constant):
            yield from _found_in(str(named.value), folder)
    for child in ast.iter_child_nodes(node):
        yield from _imports(child, folder)


def _found_in(package: str, folder: Path) -> Iterator[str]:
    """The package, and every public module directly in it."""
    yield package
    if package.partition(".")[0] == PACKAGE:
        for path in sorted(folder.joinpath(*package.split(".")[1:]).glob("[!_]*.py")):
            yield f"{package}.{path.stem}"
