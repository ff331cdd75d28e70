"""Broken samples and settings are sentences, and the rest of the page stays."""

import shutil

import pytest

from lightbox.core.settings import PROJECT_DIR
from tests.ui.test_compare import inside_lines, opened, png, settled, upload, words

PAGES = ("pages/compare.py", "pages/networks.py")


@pytest.fixture
def samples(tmp_path, monkeypatch):
    """A folder with the shipped chest samples, to be spoiled."""
    folder = tmp_path / "samples"
    shutil.copytree(PROJECT_DIR / "sample_images", folder, ignore=shutil.ignore_patterns("clever_hans"))
    monkeypatch.setenv("LIGHTBOX_SAMPLES_DIR", str(folder))
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_a_broken_manifest_is_said_once_and_the_page_stays(app, samples, page):
    (samples / "manifest.toml").write_text("[[sample]]\nkey = 1\n")
    app.run()
    app.switch_page(page)
    app.query_params["view"] = "embedding"
    app.run()
    assert not app.exception
    assert [error.value for error in app.error if "Sample 1 has no file" in error.value] == [app.error[0].value]
    assert app.header[0].value in ("Compare", "Networks")


def test_beside_a_broken_manifest_an_upload_is_explained(app, samples):
    (samples / "manifest.toml").write_text("no toml")
    opened(app, methods="grad_cam", sample="chest-normal-1")
    assert not app.exception
    upload(app, png())
    assert not app.exception
    assert app.get("plotly_chart")


def test_a_picture_that_cannot_be_read_is_named_in_its_place(app, samples):
    (samples / "images" / "chest-normal-2.png").write_bytes(b"no picture")
    (samples / "manifest.toml").write_text(
        (samples / "manifest.toml").read_text().replace('"chest-normal-2"', '"chest-normal-2-broken"')
    )
    opened(app)
    assert not app.exception
    assert "sample 'chest-normal-2-broken' cannot be read" in app.error[0].value
    assert len(app.error) == 1
    assert [button for button in app.button if button.key == "compare.open.chest-normal-1"]


def test_a_sample_that_is_gone_when_it_is_clicked_is_said(app, samples):
    opened(app)
    (button,) = [button for button in app.button if button.key == "compare.open.chest-normal-1"]
    (samples / "manifest.toml").write_text("")
    button.click().run()
    assert not app.exception
    assert "There is no sample 'chest-normal-1' any more" in words(app)


def test_a_mask_that_cannot_be_read_takes_no_map_away(app, samples):
    (samples / "masks" / "chest-bacterial-1.png").write_bytes(b"no mask")
    opened(app, sample="chest-bacterial-1", methods="grad_cam")
    assert not app.exception
    assert "chest-bacterial-1.png of sample 'chest-bacterial-1' cannot be read" in app.error[0].value
    settled(app)
    assert inside_lines(app) == []
    assert len(app.get("plotly_chart")) == 2  # the scan and its map


@pytest.mark.parametrize("page", PAGES)
def test_a_size_limit_that_is_no_number_is_a_sentence(app, monkeypatch, page):
    monkeypatch.setenv("LIGHTBOX_MAX_UPLOAD_MB", "plenty")
    monkeypatch.setenv("LIGHTBOX_TEST_SET_MB", "plenty")
    app.run()
    app.switch_page(page)
    app.query_params["view"] = "own"
    app.run()
    assert not app.exception
    assert len(app.error) == 1
    assert "is 'plenty', which is not a positive number" in app.error[0].value
    assert app.file_uploader


def test_samples_that_are_added_while_the_program_runs_can_be_placed(samples):
    from components.networks.embedding import known_scans

    text = (samples / "manifest.toml").read_text()
    (samples / "manifest.toml").write_text("")
    before = {field.name: field.choices for field in known_scans.fields()}["map_scan"]
    (samples / "manifest.toml").write_text(text)
    after = {field.name: field.choices for field in known_scans.fields()}["map_scan"]
    assert "chest-normal-1" in set(after) - set(before)
