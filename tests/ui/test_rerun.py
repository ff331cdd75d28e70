"""What a rerun of Compare with everything computed does not do again, counted and not timed."""

from collections import Counter
from pathlib import Path

import pytest

from lightbox.imaging import views
from lightbox.jobs import Prediction
from lightbox.jobs.cache import find_arrays
from tests.ui.test_compare import QUICK, opened, png, settled, upload, words


@pytest.fixture
def computed(app):
    """The page with two networks' maps on it."""
    opened(app, methods=QUICK, networks="convnet,resnet50")
    upload(app, png())
    return settled(app)


@pytest.fixture
def read(monkeypatch):
    """How often each file is opened, by its last three parts."""
    counts, open_ = Counter(), Path.open

    def counting(path, *args, **options):
        counts["/".join(path.parts[-3:])] += 1
        return open_(path, *args, **options)

    monkeypatch.setattr(Path, "open", counting)
    return counts


def refuse(*_args, **_options):
    raise AssertionError("made again")


def test_a_rerun_prepares_and_draws_no_scan_again(computed, monkeypatch):
    before = words(computed)
    monkeypatch.setattr(views, "prepare", refuse)
    monkeypatch.setattr(views, "data_uri", refuse)
    computed.session_state["compare.network_view"] = False
    for opacity in (0.8, 0.3):
        computed.session_state["compare.opacity"] = opacity
        computed.run()
        assert not computed.exception
        assert not computed.error
        assert len(computed.get("plotly_chart")) == 5
        assert words(computed) == before


def test_a_rerun_without_a_change_makes_no_chart_and_describes_no_map_again(computed, monkeypatch):
    from components.maps import heatmap, map_cell
    from components.maps.viewer import viewer

    before = [chart.proto.SerializeToString(deterministic=True) for chart in computed.get("plotly_chart")]
    for module, name in ((heatmap, "build_map"), (heatmap, "_canvas"), (map_cell, "describe_map"), (viewer, "pack")):
        monkeypatch.setattr(module, name, refuse)
    computed.run()
    assert not computed.exception
    assert not computed.error
    assert [chart.proto.SerializeToString(deterministic=True) for chart in computed.get("plotly_chart")] == before
    monkeypatch.undo()
    computed.session_state["compare.view"] = "contours"
    computed.run()
    after = [chart.proto.SerializeToString(deterministic=True) for chart in computed.get("plotly_chart")]
    assert [one == other for one, other in zip(before, after, strict=True)] == [True] + 4 * [False]


def test_another_modality_of_the_same_pixels_prepares_for_its_networks_only(computed, monkeypatch):
    made = []
    prepare = views.prepare
    monkeypatch.setattr(views, "prepare", lambda pixels, how: (made.append(how), prepare(pixels, how))[1])
    monkeypatch.setattr(views, "data_uri", refuse)
    for task in ("brain_mri", "chest_xray", "brain_mri"):
        computed.session_state["compare.task"] = task
        computed.run()
        assert not computed.exception
        assert not computed.error
    assert [how.crop for how in made] == ["head"]


def test_a_rerun_reads_no_card_again_that_has_not_changed(computed, read):
    computed.run()
    assert not [name for name in read if name.endswith(("card.toml", "training_mean.png"))]


def test_no_pixels_come_back_with_a_prediction(computed):
    results = [job.result for job in computed.session_state["lightbox.held"].values()]
    predictions = [result for result in results if isinstance(result, Prediction)]
    assert len(predictions) == 2
    assert all(array.ndim == 1 for one in predictions for array in find_arrays(one))
