import pytest

from lightbox.core import settings
from lightbox.core.errors import UserFacingError


def test_the_environment_wins_over_the_default(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MAX_MEGAPIXELS", "7.5")
    assert settings.get_number("MAX_MEGAPIXELS") == 7.5
    monkeypatch.delenv("LIGHTBOX_MAX_MEGAPIXELS")
    assert settings.get_number("MAX_MEGAPIXELS") == 25


@pytest.mark.parametrize("text", ["many", "-1", "0", "nan", "inf"])
def test_a_number_that_is_none_is_refused_by_name(monkeypatch, text):
    monkeypatch.setenv("LIGHTBOX_MAX_MEGAPIXELS", text)
    with pytest.raises(UserFacingError, match="LIGHTBOX_MAX_MEGAPIXELS"):
        settings.get_number("MAX_MEGAPIXELS")


def test_the_default_folders_lie_in_the_project():
    assert (settings.PROJECT_DIR / "pyproject.toml").is_file()
