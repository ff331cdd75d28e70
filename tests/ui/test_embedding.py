"""The map of known scans, by what a person reads."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from components.networks.embedding import nearest_scans, plot, wording
from lightbox.embedding.atlas import ATLAS_NAME, Atlas, Rate, pack
from lightbox.embedding.familiarity import Block, Familiarity
from lightbox.embedding.placing import Place
from lightbox.networks import find_checkpoint

SCRIPT = """
import dataclasses
from pathlib import Path
import streamlit as st
from components.shell import computing, errors
from components.networks.embedding import known_scans
from lightbox.networks import find_checkpoint
card = dataclasses.replace(find_checkpoint("chest_xray", "convnet"), folder=Path(st.session_state["folder"]))
with errors.boundary():
    computing.hold(known_scans.show({"convnet": card}))
"""
WIDTHS = (144, 16, 36, 45, 54)


def make_atlas(card, *, threshold=5.0, count=30):
    """Three groups in a row; the weights' own axes do not matter here."""
    rng = np.random.default_rng(0)
    groups = np.arange(count) % 3
    vectors = (np.eye(4)[groups] + 0.01 * rng.random((count, 4))).astype(np.float32)
    blocks = tuple(
        Block(np.zeros(width, np.float32), np.ones(width, np.float32), np.eye(width, 2, dtype=np.float32))
        for width in WIDTHS
    )
    known = Familiarity(
        blocks, np.zeros(10, np.float32), np.eye(10, 3, dtype=np.float32), np.zeros((20, 3), np.float32),
        np.linspace(0, 6, 20).astype(np.float32), threshold,
    )  # fmt: skip
    return Atlas(
        task=card.task, network=card.network, classes=card.classes, weights_sha256=card.sha256,
        names=tuple(f"test/{number}.png" for number in range(count)), sha256=("1" * 64,) * count,
        labels=groups, predicted=(groups + (np.arange(count) == 4)) % 3, phantom=np.arange(count) >= 24,
        vectors=vectors, basis=np.eye(54, 4, dtype=np.float32), kept=0.9,
        positions=(10 * np.eye(3)[groups][:, :2] + rng.random((count, 2))).astype(np.float32), perplexity=5.0,
        familiarity=known, rates=(Rate("test", 200, 7), Rate("photo", 19, 18)),
    )  # fmt: skip


@pytest.fixture
def card():
    return find_checkpoint("chest_xray", "convnet")


@pytest.fixture
def app(monkeypatch, tmp_path):
    from components.shell import computing

    monkeypatch.setattr(computing, "PATIENCE_SECONDS", 120.0)
    app = AppTest.from_string(SCRIPT, default_timeout=180)
    # The weights are where they were; only the atlas lies elsewhere.
    for path in find_checkpoint("chest_xray", "convnet").folder.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / ATLAS_NAME).unlink(missing_ok=True)
    app.session_state["folder"] = str(tmp_path)
    return app


def write(app, atlas):
    from pathlib import Path

    (Path(app.session_state["folder"]) / ATLAS_NAME).write_bytes(pack(atlas))


def words(app):
    parts = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error]
    return "\n".join(str(part.value) for part in parts)


def test_without_a_file_it_says_how_to_make_one(app):
    app.run()
    assert not app.exception
    assert "`lightbox embed` makes it" in words(app)


def test_a_file_of_other_weights_is_refused_in_words(app, card):
    write(app, replace(make_atlas(card), weights_sha256="0" * 64))
    app.run()
    assert "made with other weights" in words(app)


def test_rates_are_those_of_the_file(app, card):
    write(app, make_atlas(card))
    app.run()
    assert not app.exception
    assert "4% of test scans that no training scan equals (7 of 200)" in words(app)
    assert "95% of photographs and textures (18 of 19)" in words(app)
    assert app.get("plotly_chart")[0].proto.alt.startswith("A plane with 30 known scans")


def test_a_sample_is_placed_by_a_worker_with_its_neighbours_and_a_warning_where_it_is_strange(app, card):
    write(app, make_atlas(card, threshold=1e-6))
    app.run()
    app.selectbox[0].select("brain-glioma-1").run()
    for job in app.session_state["lightbox.held"].values():
        assert job.wait(120)
        assert job.error is None
    app.run()
    assert not app.exception
    assert not app.error
    assert "far outside what the network has seen" in words(app)
    table = next(each.value for each in app.dataframe if "Network says" in each.value)
    assert len(table) == nearest_scans.COUNT
    assert table["Distance"].is_monotonic_increasing


def test_neighbours_are_among_those_on_show_and_the_plot_rings_them(card):
    atlas = make_atlas(card)
    placed = Place(np.eye(4, dtype=np.float32)[1], np.zeros(2, np.float32), 1.0, np.array([0, 1, 0], np.float32))
    near = nearest_scans.find(atlas, placed, metric="cosine", phantoms=False)
    assert set(atlas.labels[near.indices]) == {1}
    assert not atlas.phantom[near.indices].any()
    for colour in ("label", "predicted", "right"):
        figure = plot.build(atlas, placed, near, colour=colour, phantoms=True)
        dots = [trace for trace in figure.data if trace.name not in {"This scan", "Nearest by its features"}]
        assert sum(len(trace.x) for trace in dots) == len(atlas)
    wrong = next(trace for trace in figure.data if trace.name == "Called wrong")
    assert list(wrong.customdata[0]) == ["test/4.png", "Bacterial pneumonia", "Viral pneumonia"]


def test_a_rate_carries_its_interval():
    shown = wording.record(Rate("test", 200, 7))
    assert shown["Share"].startswith("3.5% (2%")
    assert wording.sentence(SimpleNamespace(rate=lambda _: None)) == "How good the warning is was not measured."
