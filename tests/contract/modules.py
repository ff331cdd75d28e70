"""The project's modules and who imports whom, read from the sources: nothing is imported."""

import ast
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("app.py", "pages", "components", "lightbox")


@dataclass(frozen=True)
class Import:
    """One name that a module imports: the module it is in, or the module that it is."""

    name: str
    at_once: bool  # while the module itself is imported, and not only when one of its functions runs
    for_types: bool  # for type checkers alone


def files(*places):
    for place in places or PLACES:
        path = ROOT / place
        yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name_of(path): path for path in files()}


def read_imports(path):
    """All imports of a file, wherever in it they stand."""
    found = []

    def visit(node, *, at_once, for_types):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for statement in node.body:
                visit(statement, at_once=False, for_types=True)
            for statement in node.orelse:
                visit(statement, at_once=at_once, for_types=for_types)
            return
        if isinstance(node, ast.Import):
            found.extend(Import(alias.name, at_once, for_types) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.append(Import(whole if whole in MODULES else node.module, at_once, for_types))
        deeper = at_once and not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.iter_child_nodes(node):
            visit(child, at_once=deeper, for_types=for_types)

    visit(ast.parse(path.read_text(encoding="utf-8")), at_once=True, for_types=False)
    return found


IMPORTS = {name: read_imports(path) for name, path in MODULES.items()}


def folder_of(name):
    """The package that a module lies in; of a package itself, the package."""
    return name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]


def circles(graph):
    """Sets of modules that import each other, by Tarjan's algorithm."""
    index, low, stack, found = {}, {}, [], []

    def visit(name):
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in graph[name]:
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            circle = set()
            while name not in circle:
                circle.add(stack.pop())
            if len(circle) > 1:
                found.append(circle)

    for name in graph:
        if name not in index:
            visit(name)
    return found
