"""Which tests have right of way is told by their names, and the names are right."""

from pathlib import Path

import pytest

from tests.side_by_side import FOLDERS, FORGETTING, TIMED, group_of, rank

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", [*TIMED, FORGETTING])
def test_what_is_named_is_there(name):
    path, _, function = name.partition("::")
    assert f"def {function or 'test_'}" in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_that_stays_together_is_there(folder):
    assert any((ROOT / folder).glob("test_*.py"))


def test_groups_begin_with_the_timed_tests_and_a_module_stays_together():
    first, second = TIMED[0] + "test_a", "tests/unit/core/test_hashing.py::test_b[case/1]"
    assert rank(first) < rank("tests/browser/test_widths.py::test_c") < rank(second)
    assert group_of(second) == "tests/unit/core/test_hashing.py"
