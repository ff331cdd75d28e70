import pytest

from lightbox.core.errors import UserFacingError
from lightbox.core.registry import Registry, discover


def test_a_second_thing_under_one_key_is_refused():
    registry: Registry[int] = Registry("number")
    registry.add("one", 1)
    with pytest.raises(ValueError, match="'one' is registered twice"):
        registry.add("one", 2)


def test_an_unknown_key_lists_the_known_ones():
    registry: Registry[int] = Registry("number")
    registry.add("one", 1)
    registry.add("two", 2)
    with pytest.raises(UserFacingError, match=r"no number named 'three'.*one, two"):
        registry["three"]
    assert "three" not in registry


def test_things_come_in_the_order_of_registration():
    registry: Registry[int] = Registry("number")
    for key in ("b", "a", "c"):
        registry.add(key, ord(key))
    assert list(registry) == ["b", "a", "c"]


def test_a_broken_module_fails_loudly(tmp_path, monkeypatch):
    package = tmp_path / "plugins_for_test"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "good.py").write_text("SPEC = 1")
    (package / "plain.py").write_text("")
    (package / "_hidden.py").write_text("raise RuntimeError('never imported')")
    monkeypatch.syspath_prepend(tmp_path)
    assert discover("plugins_for_test") == {"good": 1}
    (package / "broken.py").write_text("raise RuntimeError('broken on purpose')")
    with pytest.raises(RuntimeError, match="broken on purpose"):
        discover("plugins_for_test")
