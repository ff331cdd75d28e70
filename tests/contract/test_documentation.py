"""The documentation keeps what it promises."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from benchmarks.results.document import fill, list_documents, without_places
from benchmarks.results.values import VALUES
from lightbox.cli import COMMANDS
from lightbox.core import notice
from lightbox.core.settings import SETTINGS
from lightbox.explainers import METHODS, Target, run
from lightbox.imaging.preprocess import Preprocessing
from lightbox.networks import NETWORKS, Network

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST_LINES = 130


@pytest.mark.parametrize("key", [*METHODS, *NETWORKS])
def test_every_method_and_network_has_a_row(key):
    assert re.search(rf"^\| `{key}` \|", README, re.MULTILINE)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_has_a_row(setting):
    settings = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert re.search(rf"^\| `{setting.variable}` \|", settings, re.MULTILINE)


def test_the_readme_is_read_in_one_sitting():
    assert len(README.splitlines()) <= MOST_LINES


def test_the_two_commands_and_the_notice_are_there():
    assert "make run" in README
    assert "make test" in README
    assert notice.TEXT.split(";")[0] in README


def test_every_relative_link_leads_somewhere():
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_method_in_the_guide_runs_as_it_stands():
    text = (ROOT / "docs" / "adding-a-method.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names: dict = {"__name__": "gradient_times_input"}
    exec(compile(code, "adding-a-method.md", "exec"), names)  # noqa: S102  (our own page)
    spec = names["SPEC"]
    torch.manual_seed(0)
    module = NETWORKS["convnet"].build(3).eval().requires_grad_(requires_grad=False)
    network = Network(NETWORKS["convnet"], module, ("a", "b", "c"), Preprocessing(size=64), "0" * 64)
    x = torch.randn(1, 3, 64, 64)
    attribution = run(spec, network, x, Target(1), absolute=False)
    own = x.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(module(own)[0, 1], own)
    torch.testing.assert_close(torch.from_numpy(attribution.values.copy()), (x * gradient).sum(1)[0].detach())


def test_the_readmes_python_runs_as_it_stands(tmp_path, monkeypatch, capsys):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    rows, columns = np.mgrid[:60, :80]
    Image.fromarray((rows + columns).astype(np.uint8)).save(tmp_path / "scan.png")
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "README.md", "exec"), {})  # noqa: S102  (our own page)
    assert "(224, 224)" in capsys.readouterr().out


def test_every_command_names_itself():
    assert all(callable(commands.add_parser) for commands in COMMANDS)


def test_no_path_of_one_machine_is_anywhere():
    broken = []
    for path in ROOT.rglob("*"):
        parts = path.relative_to(ROOT).parts
        if parts[0] in {".git", ".venv", "runs", ".scratch"} or path.suffix not in {
            ".py",
            ".md",
            ".toml",
            ".txt",
            ".csv",
        }:
            continue
        if re.search(r"(?<![A-Za-z0-9_.])/(home|Users|root)/[A-Za-z]", path.read_text(encoding="utf-8")):
            broken.append(str(path.relative_to(ROOT)))
    assert not broken


@pytest.mark.parametrize("path", sorted((ROOT / "models").glob("*/*/card.toml")), ids=lambda path: path.parent.name)
def test_the_readme_has_the_figures_of_every_card(path):
    card = tomllib.loads(path.read_text(encoding="utf-8"))
    (row,) = re.findall(rf"^\| `{card['network']}` \|.*", README, re.MULTILINE)
    told = [float(figure) for figure in re.findall(r"([0-9.]+) %", row)]
    for name in ("test_accuracy", "test_accuracy_without_leaked"):
        # The card has two decimals of a per cent, so a figure that ends in 5 may have been rounded either way.
        assert min(abs(figure - 100 * card["metrics"][name]) for figure in told) < 0.051


@pytest.mark.parametrize("path", list_documents(), ids=lambda path: path.name)
def test_every_figure_that_is_filled_in_is_that_of_its_record(path):
    text = path.read_text(encoding="utf-8")
    assert fill(text, VALUES, path.name) == text, "run `make results`"


def test_no_figure_of_the_results_is_written_by_hand():
    """Outside the places that are filled in there is no digit, but in what names a thing."""
    text = without_places((ROOT / "docs" / "results.md").read_text(encoding="utf-8"))
    text = re.sub(r"R²|95 % intervals|\b[A-Za-z]+\d+\b", "", text)  # names, and which interval it is
    assert re.findall(r".*\d.*", text) == []


def test_the_rates_of_the_scan_check_are_those_that_were_measured():
    from lightbox.scan_check.rates import read_rates, to_markdown

    page = (ROOT / "docs" / "scan-check.md").read_text(encoding="utf-8")
    assert page.partition("<!-- rates -->\n")[2].partition("\n<!-- /rates -->")[0] == to_markdown(read_rates())


@pytest.mark.parametrize("page", list_documents(), ids=lambda path: path.name)
def test_every_path_of_the_project_that_a_page_names_is_there(page):
    """But for those with a word in capitals, which stands for any name, and those that a guide has its reader make."""
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:lightbox|components|pages|benchmarks|tests|docs|models)/[a-z0-9_./-]*)`", text)
    made = re.findall(r"`([a-z_/]*gradient_times_input.py)`", text)
    assert [name for name in named if name not in made and not (ROOT / name).exists()] == []
