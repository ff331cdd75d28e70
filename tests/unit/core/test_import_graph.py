"""What a module needs is read from its source."""

import pytest

from lightbox.core.import_graph import find_needs, hash_code

FILES = {
    "__init__.py": "",
    "a/__init__.py": "import os\n",
    "a/start.py": """
from typing import TYPE_CHECKING

from lightbox.b import late
from lightbox.b.thing import function

if TYPE_CHECKING:
    import pandas
    from lightbox.c import types


def work():
    import numpy.random
    from lightbox import d
""",
    "b/__init__.py": "from lightbox.core.registry import discover\nfound = discover('lightbox.b')\n",
    "b/thing.py": "",
    "b/late.py": "",
    "b/found.py": "import torch\n",
    "b/_private.py": "",
    "c/__init__.py": "",
    "c/types.py": "",
    "d.py": "from lightbox.a import start  # a circle ends\n",
    "core/__init__.py": "",
    "core/registry.py": "def discover(package): ...\n",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_it_needs_what_it_imports_anywhere_and_what_that_finds_but_nothing_for_type_checkers(folder):
    needs = find_needs("lightbox.a.start", folder)
    wanted = "a a.start b b.thing b.late b.found core core.registry d"
    assert set(needs.ours) == {"lightbox", *(f"lightbox.{name}" for name in wanted.split())}
    assert needs.others == {"os", "typing", "numpy", "torch"}
    assert needs.ours["lightbox.b"] == folder / "b" / "__init__.py"


def test_a_package_that_is_left_out_is_not_followed(folder):
    needs = find_needs("lightbox.a.start", folder, leave_out=["lightbox.b"])
    assert set(needs.ours) == {"lightbox", "lightbox.a", "lightbox.a.start", "lightbox.d"}
    assert "torch" not in needs.others


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ('"""Other words."""\n\n\ndef f(x):\n    """Words."""\n    return x + 1  # why\n', True),
        ("def f(x):\n    return x + 2\n", False),
        ("def f(x):\n    'words'\n    return (x + 1)\n", True),
        ("def f(x, y=1):\n    return x + 1\n", False),
    ],
)
def test_only_what_code_does_is_hashed(tmp_path, text, same):
    (tmp_path / "one.py").write_text('"""Words."""\ndef f(x):\n    return x + 1\n')
    (tmp_path / "other.py").write_text(text)
    assert (hash_code(tmp_path / "one.py") == hash_code(tmp_path / "other.py")) is same
