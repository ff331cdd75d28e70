"""What the code imports is declared, what is declared is pinned, and every pin is one that the declaration allows."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import metadata, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from lightbox.core.extras import EXTRA_OF
from tools.pin_requirements import HEAD, find_needed, read_declared, read_pins

ROOT = Path(__file__).resolve().parents[2]
# The extras under which a room's imports may be declared: each of them has to suffice. Longer paths come first.
EXTRAS_OF_ROOM = {
    "lightbox/training": ("train",),
    "lightbox/embedding": ("app", "train"),
    "lightbox/phantoms": ("phantoms",),
    "lightbox": (),
    "components": ("app",),
    "pages": ("app",),
    "app.py": ("app",),
}
OURS = {"lightbox", "components", "pages", "tests", "benchmarks", "tools"}
DISTRIBUTIONS = packages_distributions()


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def declared(extra=None):
    lines = project()["optional-dependencies"][extra] if extra else project()["dependencies"]
    return {canonicalize_name(Requirement(line).name) for line in lines}


def modules(place):
    """(file, top module) of every import of another's package below a place."""
    path = ROOT / place
    for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module]
            for top in {name.partition(".")[0] for name in names} - OURS - sys.stdlib_module_names:
                yield file.relative_to(ROOT).as_posix(), top


def is_declared(module, packages):
    return any(canonicalize_name(name) in packages for name in DISTRIBUTIONS.get(module, [module]))


def room_of(file):
    return next(room for room in EXTRAS_OF_ROOM if file == room or file.startswith(f"{room}/"))


@pytest.mark.parametrize("place", ["lightbox", "components", "pages", "app.py"])
def test_every_import_is_declared_in_the_extra_of_its_room(place):
    undeclared = set()
    for file, module in modules(place):
        for extra in EXTRAS_OF_ROOM[room_of(file)] or (None,):
            if not is_declared(module, declared() | (declared(extra) if extra else set())):
                undeclared.add((file, module, extra))
    assert not undeclared


@pytest.mark.parametrize("place", ["tests", "benchmarks", "tools"])
def test_what_only_developers_import_is_declared_too(place):
    every = declared().union(*(declared(extra) for extra in project()["optional-dependencies"]))
    assert not {(file, module) for file, module in modules(place) if not is_declared(module, every)}


def test_every_extra_that_a_message_names_brings_what_it_promises():
    for module, extra in EXTRA_OF.items():
        assert is_declared(module, declared(extra)), (module, extra)


def test_every_pin_is_one_that_the_declaration_allows():
    pins = read_pins()
    refused = [
        str(requirement)
        for requirement in read_declared()
        if not requirement.specifier.contains(pins[canonicalize_name(requirement.name)])
    ]
    assert not refused


def test_the_tests_run_with_what_is_pinned():
    assert find_needed(read_declared()).items() <= read_pins().items()


@pytest.mark.skipif(
    (sys.platform, sys.version_info[:2]) != ("linux", (3, 11)), reason="other systems and Pythons need a little less"
)
def test_nothing_is_pinned_that_nothing_needs():
    assert set(read_pins()) <= set(find_needed(read_declared()))


def test_the_list_of_pins_says_how_it_is_renewed_and_names_no_place():
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert text.startswith(HEAD)
    assert "make lock" in HEAD
    assert "://" not in text


def test_maps_do_not_change_with_a_release_of_zennit_that_nobody_chose():
    (zennit,) = {str(row.specifier) for row in read_declared() if row.name == "zennit"}
    assert zennit == f"=={read_pins()['zennit']}"


def test_the_notice_says_of_zennits_licence_what_its_metadata_says():
    zennit = metadata("zennit")
    (licence,) = [text for text in zennit.get_all("Classifier") if text.startswith("License ::")]
    said = re.search(r"zennit .* is pinned at (\S+), whose metadata says: ([^.]*)\.", " ".join(read("NOTICE").split()))
    assert said[1] == zennit["Version"]
    assert said[2] == licence.rpartition(" :: ")[2]


def test_a_command_without_its_extra_says_which_to_install(tmp_path):
    program = f"""
import sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {set(EXTRA_OF)}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Without())
from lightbox.cli import main
sys.exit(main(["tune", "--task", "chest_xray", "--data", {str(tmp_path)!r}]))
"""
    ended = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr == (
        "lightbox: This command needs the package 'optuna', which is not installed.\n"
        "Install it with `pip install 'lightbox-xai[train]'`.\n"
    )
