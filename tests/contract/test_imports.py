"""Imports point one way, and torch stays out of the Streamlit process."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A room may import itself and the rooms after it.
ORDER = [
    "cli",
    "training",
    "ground_truth",
    "embedding",
    "testsets",
    "comparison",
    "jobs",
    "metrics",
    "explainers",
    "provenance",
    "networks",
    "scan_check",
    "phantoms",
    "imaging",
    "navigator",
    "core",
]
NEVER = {
    "app.py": {"torch", "torchvision"},
    "pages": {"torch", "torchvision"},
    "components": {"torch", "torchvision"},
    "lightbox": {"streamlit", "plotly", "components", "pages"},
    "lightbox/imaging": {"torch", "torchvision"},
    "lightbox/navigator": {"torch", "torchvision"},
    "lightbox/scan_check": {"torch", "torchvision"},
}


def python_files(place):
    path = ROOT / place
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def imported(path):
    """Full names of all modules that a file imports anywhere in it, type-checking blocks included."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return names


@pytest.mark.parametrize("place", NEVER)
def test_a_place_never_imports_what_it_must_not(place):
    broken = {
        str(path.relative_to(ROOT)): bad
        for path in python_files(place)
        if (bad := {name for name in imported(path) if name.split(".")[0] in NEVER[place]})
    }
    assert not broken


def test_the_core_needs_the_standard_library_alone():
    allowed = sys.stdlib_module_names | {"lightbox"}
    broken = {
        str(path.relative_to(ROOT)): foreign
        for path in python_files("lightbox/core")
        if (foreign := {name for name in imported(path) if name.split(".")[0] not in allowed})
    }
    assert not broken


def test_rooms_import_only_rooms_below_them():
    broken = []
    for path in python_files("lightbox"):
        room = path.relative_to(ROOT / "lightbox").parts[0].removesuffix(".py")
        if room not in ORDER:
            assert room in {"__init__", "__main__"}, f"{room} has no place in the order of rooms"
            continue
        for name in imported(path):
            parts = name.split(".")
            below = parts[1] if parts[0] == "lightbox" and len(parts) > 1 else None
            if below in ORDER and ORDER.index(below) < ORDER.index(room):
                broken.append(f"{path.relative_to(ROOT)} imports {name}")
    assert not broken


def test_nothing_in_the_library_imports_the_training_room_but_the_command_line():
    users = {
        path.relative_to(ROOT / "lightbox").parts[0]
        for path in python_files("lightbox")
        if any(name.startswith("lightbox.training") for name in imported(path))
    }
    assert users <= {"cli", "training"}


@pytest.mark.parametrize(
    "module",
    [
        "lightbox.explainers",
        "lightbox.networks",
        "lightbox.imaging.decode",
        "lightbox.jobs",
        "lightbox.comparison.ask",
        "lightbox.embedding.placing",
        "lightbox.testsets.run",
        "components.networks.results.overview",
        "components.networks.own.test_set",
        "components.networks.embedding.known_scans",
    ],
)
def test_what_a_page_imports_loads_no_torch(module):
    code = f"import sys, {module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_no_weights_are_ever_unpickled():
    """torch.load runs code from a pickle unless told otherwise."""
    broken = []
    for path in python_files("lightbox"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"torch.load", "pickle.load", "pickle.loads"}:
                safe = any(word.arg == "weights_only" and ast.unparse(word.value) == "True" for word in node.keywords)
                if not safe:
                    broken.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not broken
