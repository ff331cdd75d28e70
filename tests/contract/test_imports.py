"""Imports point one way, nobody uses what is private to another folder, and torch stays behind its wall."""

import ast
import subprocess
import sys

from tests.contract.modules import IMPORTS, MODULES, ROOT, circles, files, folder_of

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
# The same of what pages are made of; the rooms of one line do not import each other.
PAGE_ROOMS = {"compare", "ground_truth", "navigator", "networks"}
PAGE_ORDER = [PAGE_ROOMS, {"maps"}, {"scans"}, {"shell"}]
NOT_IN_THE_LIBRARY = {"streamlit", "plotly", "components", "pages"}
TORCH = {"torch", "torchvision", "captum", "zennit", "lime", "pytorch_grad_cam"}


def room_of(name):
    return name.split(".")[1] if "." in name else ""


def tops(name, *, at_once=False):
    return {each.name.partition(".")[0] for each in IMPORTS[name] if each.at_once or not at_once}


def test_the_library_knows_no_page():
    broken = {name: tops(name) & NOT_IN_THE_LIBRARY for name in MODULES if name.startswith("lightbox")}
    assert not {name: bad for name, bad in broken.items() if bad}


def test_the_core_needs_the_standard_library_alone():
    allowed = sys.stdlib_module_names | {"lightbox"}
    broken = {name: tops(name) - allowed for name in MODULES if room_of(name) == "core"}
    assert not {name: bad for name, bad in broken.items() if bad}


def test_rooms_import_only_rooms_below_them():
    broken = []
    for name in MODULES:
        if not name.startswith("lightbox.") or name == "lightbox.__main__":
            continue
        assert room_of(name) in ORDER, f"{room_of(name)} has no place in the order of rooms"
        others = {each.name for each in IMPORTS[name] if each.name.startswith("lightbox.")}
        broken += [
            f"{name} imports {other}" for other in others if ORDER.index(room_of(other)) < ORDER.index(room_of(name))
        ]
    assert not broken


def test_rooms_of_pages_import_only_what_pages_share():
    def line_of(name):
        return next(number for number, rooms in enumerate(PAGE_ORDER) if room_of(name) in rooms)

    broken = []
    for name in MODULES:
        if not name.startswith("components."):
            continue
        for other in {each.name for each in IMPORTS[name] if each.name.startswith("components.")}:
            same = room_of(other) == room_of(name)
            if not same and line_of(other) <= line_of(name):
                broken.append(f"{name} imports {other}")
    assert not broken


def test_a_page_uses_its_own_room_and_what_pages_share():
    broken = [
        f"{name} imports {each.name}"
        for name in MODULES
        if name.startswith("pages.")
        for each in IMPORTS[name]
        if each.name.startswith("components.") and room_of(each.name) in PAGE_ROOMS - {room_of(name)}
    ]
    assert not broken


def test_no_files_import_each_other_in_a_circle():
    """What only type checkers import counts too: a reader goes round it all the same. Packages pass names on."""
    graph = {
        name: {each.name for each in imports if each.name in MODULES and each.name != name}
        for name, imports in IMPORTS.items()
    }
    assert not circles(graph)


def test_a_circle_is_found():
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [{"a", "b", "c"}]


def test_what_begins_with_an_underscore_is_private_to_its_folder():
    broken = [
        f"{name} imports {each.name}"
        for name, imports in IMPORTS.items()
        for each in imports
        if each.name in MODULES
        and each.name.rpartition(".")[2].startswith("_")
        and folder_of(name) != folder_of(each.name)
    ]
    assert not broken


def test_nothing_in_the_library_imports_the_training_room_but_the_command_line():
    users = {
        room_of(name) for name, imports in IMPORTS.items() if any(room_of(each.name) == "training" for each in imports)
    }
    assert users <= {"cli", "training"}


def is_behind_the_wall(name):
    """Whether a module may load torch while it is imported: engines, what runs in a worker, and training."""
    parts = name.split(".")
    return "engines" in parts or "worker" in parts or room_of(name) == "training"


def test_only_engines_workers_and_training_load_torch():
    """While they are imported, themselves or by what they import. A function of others may load it when it runs."""

    def loads_torch(name, seen):
        if tops(name, at_once=True) & TORCH:
            return True
        parents = {name.rsplit(".", count)[0] for count in range(1, name.count(".") + 1)}
        for other in parents | {each.name for each in IMPORTS[name] if each.at_once}:
            if other in MODULES and other not in seen:
                seen.add(other)
                if loads_torch(other, seen):
                    return True
        return False

    assert not [name for name in MODULES if not is_behind_the_wall(name) and loads_torch(name, {name})]


def test_all_that_is_not_behind_the_wall_is_imported_without_torch():
    """The same of what is really loaded, third packages included; pages run only inside Streamlit."""
    names = [
        name
        for name in MODULES
        if not is_behind_the_wall(name)
        and name.partition(".")[0] in {"lightbox", "components"}
        and "__main__" not in name
    ]
    code = (
        f"import importlib, sys; [importlib.import_module(name) for name in {names}]; sys.exit('torch' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_no_weights_are_ever_unpickled():
    """torch.load runs code from a pickle unless told otherwise."""
    broken = []
    for path in files("lightbox"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"torch.load", "pickle.load", "pickle.loads"}:
                safe = any(word.arg == "weights_only" and ast.unparse(word.value) == "True" for word in node.keywords)
                if not safe:
                    broken.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not broken
