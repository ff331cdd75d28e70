"""The wheel, built and installed elsewhere, is a working library and a working command.

What the library needs is taken from the environment that runs the tests; Lightbox itself only from the wheel.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import lightbox

ROOT = Path(__file__).resolve().parents[2]
SCAN = ROOT / "sample_images" / "images" / "chest-bacterial-1.png"
ANYBODY = ("-c", "user.name=Anybody", "-c", "user.email=anybody@example.org")
STAMP = "lightbox/core/commit.txt"
SHIPPED_SUFFIXES = {".py", ".typed", ".csv", ".json", ".npz", ".safetensors"}


def run(*command, cwd, **variables):
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LIGHTBOX_", "PYTHON"))}
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment | variables,
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """Built from a repository with a copy of the sources, so that no build folder is left in the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in (".gitignore", "pyproject.toml", "setup.py", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "lightbox", source / "lightbox", ignore=shutil.ignore_patterns("__pycache__"))
    for words in (("init", "--quiet"), ("add", "."), (*ANYBODY, "commit", "--quiet", "-m", "all")):
        assert run("git", *words, cwd=source).returncode == 0
    built = run(
        sys.executable, "-m", "pip", "wheel", "--no-index", "--no-deps", "--no-build-isolation", ".", "-w", folder,
        cwd=source,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="session")
def home(wheel, tmp_path_factory):
    """A virtual environment that holds the wheel, and sees the packages of this one but for Lightbox."""
    folder = tmp_path_factory.mktemp("elsewhere")
    assert run(sys.executable, "-m", "venv", "--without-pip", folder / "venv", cwd=folder).returncode == 0
    python = folder / "venv" / "bin" / "python"
    installed = run(
        sys.executable, "-m", "pip", "--python", python, "install", "--no-index", "--no-deps", wheel, cwd=folder
    )
    assert installed.returncode == 0, installed.stderr
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).stdout.strip())
    # A path file names a folder of packages without running its own path files, such as an editable Lightbox's.
    others = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (site / "others.pth").write_text("\n".join(sorted(others)), encoding="utf-8")
    return folder


@pytest.fixture
def lightbox_command(home):
    return lambda *arguments, **variables: run(home / "venv" / "bin" / "lightbox", *arguments, cwd=home, **variables)


def test_the_wheel_holds_every_file_of_the_package(wheel):
    tracked = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "lightbox").rglob("*")
        if path.suffix in SHIPPED_SUFFIXES and "__pycache__" not in path.parts
    }
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "lightbox/py.typed" in tracked
    assert {Path(name).suffix for name in tracked} == SHIPPED_SUFFIXES
    assert {name for name in names if name.startswith("lightbox/")} == tracked | {STAMP}


def test_the_wheel_asks_for_what_the_library_needs_and_for_nothing_of_the_pages(wheel):
    archive = zipfile.ZipFile(wheel)
    (metadata,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    needs = [line for line in archive.read(metadata).decode().splitlines() if line.startswith("Requires-Dist: ")]
    plain = {line.removeprefix("Requires-Dist: ") for line in needs if "extra ==" not in line}
    assert any(line.startswith(("torch<", "torch>")) for line in plain)
    assert not any(line.startswith(("streamlit", "plotly", "pytest", "optuna")) for line in plain)
    assert any(
        line.startswith("Requires-Dist: streamlit") and "extra == 'app'" in line.replace('"', "'") for line in needs
    )


def test_the_installed_package_is_the_wheels(home):
    asked = run(home / "venv" / "bin" / "python", "-c", "import lightbox; print(lightbox.__file__)", cwd=home)
    assert Path(asked.stdout.strip()).is_relative_to(home / "venv")


def test_the_installed_command_tells_its_version_and_the_commit_that_it_was_built_from(lightbox_command, wheel):
    told = lightbox_command("--version")
    commit = run("git", "rev-parse", "HEAD", cwd=wheel.parent / "source").stdout
    stamp = zipfile.ZipFile(wheel).read(STAMP).decode().strip()
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == f"{lightbox.__version__} ({stamp})\n"
    assert commit.startswith(stamp)


def test_the_installed_command_explains_a_scan_with_the_checkpoints_that_it_is_given(lightbox_command, tmp_path):
    out = tmp_path / "maps"
    done = lightbox_command(
        "explain", SCAN, "--task", "chest_xray", "--methods", "lrp,grad_cam", "--out", out,
        LIGHTBOX_MODELS_DIR=str(ROOT / "models"),
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "ConvNet: " in done.stdout
    assert {path.name for path in out.rglob("*.png")} >= {"lrp.png", "grad_cam.png"}


def test_the_installed_command_explains_a_folder_with_worker_processes_of_its_own(lightbox_command, tmp_path):
    (tmp_path / "scans").mkdir()
    shutil.copy(SCAN, tmp_path / "scans")
    done = lightbox_command(
        "explain", tmp_path / "scans", "--task", "chest_xray", "--methods", "lrp", "--out", tmp_path / "maps",
        LIGHTBOX_MODELS_DIR=str(ROOT / "models"), LIGHTBOX_LANES="1",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "1 scans in " in done.stdout


def test_without_checkpoints_one_sentence_names_the_cause(lightbox_command, tmp_path):
    refused = lightbox_command("explain", SCAN, "--task", "chest_xray", "--out", tmp_path / "maps")
    assert refused.returncode == 1
    assert refused.stderr == (
        "lightbox: LIGHTBOX_MODELS_DIR is not set, and this installation of Lightbox has no such folder of its own.\n"
        "Set it to a folder of checkpoints: <task>/<network>/weights.safetensors and card.toml.\n"
    )


def test_a_folder_of_checkpoints_that_does_not_exist_is_said_to_be_that(lightbox_command, tmp_path):
    refused = lightbox_command(
        "explain", SCAN, "--task", "chest_xray", "--out", tmp_path / "maps", LIGHTBOX_MODELS_DIR=str(tmp_path / "none")
    )
    assert refused.returncode == 1
    assert refused.stderr == (
        "lightbox: ConvNet has no trained checkpoint for Chest X-ray: the folder of checkpoints does not exist.\n"
        "Set LIGHTBOX_MODELS_DIR to a folder that does.\n"
    )


def test_the_library_in_python_says_the_same(home):
    program = "from lightbox.networks import load_network; load_network('chest_xray', 'convnet')"
    refused = run(home / "venv" / "bin" / "python", "-c", program, cwd=home)
    assert "LIGHTBOX_MODELS_DIR is not set" in refused.stderr.splitlines()[-1]


def test_the_files_that_the_package_brings_are_read_from_the_wheel(home):
    program = (
        "from lightbox.navigator.table import load\n"
        "from lightbox.imaging.samples import list_samples\n"
        "from lightbox.ground_truth.localisation_table import read_table\n"
        "from lightbox.scan_check.detector import load_detector\n"
        "from lightbox.scan_check.rates import read_rates\n"
        "load_detector()\n"
        "print(len(load()) > 100, len(read_rates()) > 0, len(read_table().rows) > 0, list_samples())"
    )
    asked = run(home / "venv" / "bin" / "python", "-c", program, cwd=home)
    assert asked.stdout.split(maxsplit=3) == ["True", "True", "True", "()\n"], asked.stderr
