"""What the files at the top say is so."""

import re
import tomllib

from lightbox.core.settings import PROJECT_DIR


def read(name):
    return (PROJECT_DIR / name).read_text(encoding="utf-8")


def test_make_installs_anew_when_any_list_of_packages_changes():
    stamp = re.search(r"^\$\(STAMP\): (.*)$", read("Makefile"), re.MULTILINE)[1].split()
    included = re.findall(r"^-r (\S+)$", read("requirements.txt"), re.MULTILINE)
    assert {"requirements.txt", "pyproject.toml", *included} <= set(stamp)


def test_every_target_is_phony_and_explained():
    makefile = read("Makefile")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert targets == set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    assert targets == set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))


def test_what_make_test_leaves_out_has_a_target_of_its_own():
    assert "-m 'not slow'" in read("pyproject.toml")
    assert re.search(r"^slow:.*\n\t.* -m slow\b", read("Makefile"), re.MULTILINE)


def test_the_notice_tells_of_the_synthetic_scans_that_networks_learned_from():
    cards = [path.read_text() for path in PROJECT_DIR.glob("models/*/*/card.toml")]
    assert any(re.search(r"^phantom_images = [1-9]", card, re.MULTILINE) for card in cards)
    networks = read("NOTICE").partition("Networks.")[2].partition("\n\n")[0]
    assert "synthetic scans" in networks
    assert "Montreal Neurological Institute" in networks


def test_ci_runs_the_lint_and_the_tests():
    assert re.search(r"^make lint test$", read(".ci/run"), re.MULTILINE)


def test_what_is_checked_before_a_commit_is_what_lint_checks():
    hooks = re.findall(r"^ +entry: \.venv/bin/(.*)$", read(".pre-commit-config.yaml"), re.MULTILINE)
    lint = re.search(r"^lint:.*\n((?:\t.*\n)+)", read("Makefile"), re.MULTILINE)[1]
    assert hooks
    for hook in hooks:
        assert re.search(rf"^\t\$\(BIN\)/{re.escape(hook.removesuffix(' --check'))}\b", lint, re.MULTILINE)
    assert "://" not in read(".pre-commit-config.yaml")


def test_types_are_checked_wherever_the_program_is():
    checked = tomllib.loads(read("pyproject.toml"))["tool"]["mypy"]["files"]
    ours = {path.parent.name for path in PROJECT_DIR.glob("[a-z]*/*.py")}
    assert ours - {"tests"} | {"app.py"} == set(checked)
