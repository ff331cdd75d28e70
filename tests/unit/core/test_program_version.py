"""Which Lightbox made a result."""

import re
import subprocess

import pytest

import lightbox
from lightbox.core import program_version
from lightbox.core.settings import PROJECT_DIR


@pytest.fixture
def checkout(tmp_path):
    """A repository with one commit."""
    (tmp_path / "lightbox").mkdir()
    (tmp_path / "lightbox" / "a.py").write_text("")
    (tmp_path / "notes.md").write_text("")
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "--quiet", "-m", "a")
    return tmp_path


def git(folder, *words):
    return subprocess.run(["git", "-C", folder, *words], check=True, capture_output=True, text=True).stdout.strip()


def test_the_commit_of_a_checkout_is_what_git_says(checkout):
    commit = program_version.find_commit(checkout / "no stamp", checkout)
    assert len(commit) == 10
    assert git(checkout, "rev-parse", "HEAD").startswith(commit)


def test_code_that_no_commit_has_is_said(checkout):
    (checkout / "notes.md").write_text("Words decide no result.")
    assert not program_version.find_commit(checkout / "no stamp", checkout).endswith("+changes")
    (checkout / "lightbox" / "new.py").write_text("")
    assert program_version.find_commit(checkout / "no stamp", checkout).endswith("+changes")


def test_another_repository_further_up_is_not_asked(checkout):
    (checkout / "inside").mkdir()
    assert program_version.find_commit(checkout / "no stamp", checkout / "inside") is None


def test_a_hook_of_another_repository_does_not_lead_there(checkout, monkeypatch):
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert program_version.find_commit(checkout / "no stamp", checkout) is not None


def test_without_git_no_commit_is_known(checkout, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert program_version.find_commit(checkout / "no stamp", checkout) is None


def test_a_stamp_goes_first(checkout):
    (checkout / "stamp").write_text("1a2b3c4d5e\n")
    assert program_version.find_commit(checkout / "stamp", checkout) == "1a2b3c4d5e"


@pytest.mark.parametrize(("commit", "text"), [("1a2b", "{} (1a2b)"), (None, "{}")])
def test_records_and_people_are_told_the_same(monkeypatch, commit, text):
    monkeypatch.setattr(program_version, "_commit", lambda: commit)
    assert program_version.program_version() == {"version": lightbox.__version__, "commit": commit}
    assert program_version.version_text() == text.format(lightbox.__version__)


def test_the_citation_and_the_changelog_are_of_this_version():
    citation = (PROJECT_DIR / "CITATION.cff").read_text(encoding="utf-8")
    cited = dict(re.findall(r"^(version|date-released): (.*)$", citation, re.MULTILINE))
    assert cited["version"] == lightbox.__version__
    changelog = (PROJECT_DIR / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {lightbox.__version__} · {cited['date-released']}\n" in changelog
