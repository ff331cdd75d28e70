"""The newest release as an index tells it, whichever index pip is configured with."""

from datetime import date

import pytest

from lightbox.navigator import package_index
from lightbox.navigator.package_index import allowed, newest_release, of_pip, pins
from lightbox.navigator.sources import NoNetworkError, SourceError
from tests.unit.navigator.recorded import recorded_index

DAY = date(2026, 6, 1)


def test_the_newest_release_is_neither_a_trial_nor_withdrawn():
    release = newest_release("zennit", recorded_index())
    assert (release.version, release.day) == ("1.0.0", date(2026, 10, 30))
    assert release.runs_with == ("numpy-2", "python-3.15")
    assert release.known


def test_an_index_without_requirements_leaves_them_unknown():
    release = newest_release("torchray", recorded_index())
    assert (release.version, release.known, release.runs_with, release.not_with) == ("1.0.0.2", False, (), ())


def test_a_package_without_files_has_no_release():
    assert newest_release("none", recorded_index({"none": {"files": [], "requires": []}})) is None


def test_a_package_of_trials_alone_has_the_newest_of_them():
    files = [{"filename": f"one-{version}.tar.gz", "upload-time": "2026-01-01"} for version in ("0.1a1", "0.1a2")]
    assert newest_release("one", recorded_index({"one": {"files": files, "requires": []}})).version == "0.1a2"


def test_an_unknown_package_is_an_error():
    with pytest.raises(SourceError, match="answered 404 for the package nothing"):
        newest_release("nothing", recorded_index())


@pytest.mark.parametrize(
    ("required", "day", "python", "runs", "refuses"),
    [
        (["numpy"], DAY, "", ("numpy-2",), ()),
        (["numpy<2"], DAY, "", (), ("numpy-2",)),
        (["numpy (>=1.22,<2)"], DAY, "", (), ("numpy-2",)),
        (["numpy<2.3"], DAY, "", ("numpy-2",), ()),
        (["numpy"], date(2023, 1, 1), "", (), ()),
        (["numpy"], None, "", (), ()),
        (["torch"], DAY, "", (), ()),
        (['numpy<2; extra == "tests"'], DAY, "", (), ()),
        (["tensorflow>=2.18,<=2.20"], DAY, "", ("keras-3",), ()),
        (["tensorflow<2.16"], DAY, "", (), ("keras-3",)),
        (['keras<3; extra == "tensorflow"'], DAY, "", (), ("keras-3",)),
        (['keras; extra == "tensorflow"'], DAY, "", (), ()),
        ([], DAY, ">=3.10", ("python-3.15",), ()),
        ([], date(2025, 6, 1), ">=3.10", (), ()),
        ([], DAY, ">=3.10,<3.14", (), ("python-3.15",)),
        (['numpy<2; python_version < "3.9"', 'numpy>=2; python_version >= "3.9"'], DAY, "", ("numpy-2",), ()),
    ],
)
def test_allowed_is_what_is_required_and_not_ruled_out(required, day, python, runs, refuses):
    assert allowed(tuple(required), day, python) == (runs, refuses)


@pytest.mark.parametrize(
    ("required", "python", "held"),
    [
        (["numpy", "torch>=2.1"], "", ()),
        (["numpy<2"], ">=3.10,<3.13", ("python>=3.10,<3.13", "numpy<2")),
        (["torch (<2.3,>=2.1)"], "", ("torch>=2.1,<2.3",)),
        (["captum==0.7.0", "Abc_Def~=1.4"], "", ("abc-def~=1.4", "captum==0.7.0")),
        (["pandas!=3.0.4,>=2,<4"], "", ("pandas>=2,!=3.0.4,<4",)),
        (['numpy<2; extra == "tests"', 'numpy<2; python_version < "3.9"'], "", ()),
        (["odd @ https://example.org/odd.zip"], "", ()),
        ([], ">=3.8", ("python>=3.8",)),
    ],
)
def test_pins_are_what_holds_a_version_down_for_everybody(required, python, held):
    assert pins(tuple(required), python) == held


def test_pip_s_own_settings_say_which_index(monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.example.org/some/simple/")
    assert of_pip().base == "https://mirror.example.org/some/simple"


def test_an_index_that_cannot_be_reached_is_no_network_and_its_address_stays_unsaid(monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(NoNetworkError) as error:
        newest_release("zennit", of_pip())
    assert "127.0.0.1" not in str(error.value)


def test_without_pip_the_index_is_said_to_be_unknown(monkeypatch):
    def gone(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(package_index.importlib, "import_module", gone)
    with pytest.raises(SourceError, match="pip's settings could not be read: ModuleNotFoundError"):
        of_pip()
