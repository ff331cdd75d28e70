"""What is made of a scan is made once, whoever asks, and goes with it."""

import gc
import weakref
from dataclasses import replace

import numpy as np
import pytest

from lightbox.imaging import views as module
from lightbox.imaging.film import data_uri
from lightbox.imaging.preprocess import Preprocessing, digest, prepare
from lightbox.imaging.scan import Provenance, Scan
from lightbox.imaging.views import Views

SMALL = Preprocessing(size=32)


@pytest.fixture
def scan():
    pixels = np.random.default_rng(3).random((90, 70), dtype=np.float32)
    return Scan(pixels, "chest_xray", Provenance("PNG", "grey", 8, (90, 70)))


@pytest.fixture
def made(monkeypatch):
    """What is prepared and drawn, in order."""
    calls = []

    def watch(name):
        make = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *args, **options: (calls.append(name), make(*args, **options))[1])

    watch("prepare")
    watch("data_uri")
    return calls


def test_a_view_is_what_prepare_makes_with_its_box_and_digest(scan):
    cropped = Preprocessing(size=48, crop="head")
    for preprocessing in (SMALL, cropped):
        view, expected = Views(scan).prepared(preprocessing), prepare(scan.pixels, preprocessing)
        np.testing.assert_array_equal(view.pixels, expected.pixels)
        assert view.box == expected.box
        assert view.sha256 == digest(expected.pixels)
        assert not view.pixels.flags.writeable


def test_networks_that_prepare_alike_share_one_array_and_others_do_not(scan, made):
    views = Views(scan)
    first = views.prepared(SMALL)
    assert views.prepared(replace(SMALL, mean=(0.1, 0.1, 0.1), std=(0.9, 0.9, 0.9))) is first
    assert made == ["prepare"]
    for other in (replace(SMALL, size=33), replace(SMALL, crop="head"), replace(SMALL, percentiles=(0.0, 100.0))):
        assert views.prepared(other) is not first
    assert made == ["prepare"] * 4


def test_a_film_is_drawn_once_for_each_size(scan, made):
    views = Views(scan)
    assert views.film(60) is views.film(60)
    assert views.film(60) == data_uri(scan.pixels, max_side=60)
    assert views.network_film(SMALL) is views.network_film(SMALL)
    assert views.network_film(SMALL) == data_uri(prepare(scan.pixels, SMALL).pixels)
    assert views.film(40) != views.film(60)
    assert made == ["data_uri", "prepare", "data_uri", "data_uri"]


def test_the_same_pixels_read_as_another_kind_share_what_is_made_of_them(scan, made, monkeypatch):
    views = Views(scan)
    monkeypatch.setattr("hashlib.sha256", None)  # nothing is hashed again
    other = views.read_as("brain_mri")
    assert (other.scan.modality, views.scan.modality) == ("brain_mri", "chest_xray")
    assert other.scan.pixels is scan.pixels
    assert other.scan.sha256 == scan.sha256
    assert other.prepared(SMALL) is views.prepared(SMALL)
    assert made == ["prepare"]
    assert views.read_as("chest_xray") is views


def test_an_error_is_raised_and_not_kept(scan):
    views, answers = Views(scan), iter([ValueError("torn"), 7])

    def make():
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with pytest.raises(ValueError, match="torn"):
        views.once("number", make)
    assert views.once("number", make) == views.once("number", make) == 7


def test_the_latest_is_made_again_only_where_it_is_about_something_else(scan):
    views, made = Views(scan), []

    def ask(about):
        return views.latest("picture", about, lambda: made.append(about) or f"of {about}")

    assert [ask(about) for about in (1, 1, 2, 2, 1)] == ["of 1", "of 1", "of 2", "of 2", "of 1"]
    assert made == [1, 2, 1]  # and no more than one is kept


def test_letting_go_of_the_views_forgets_the_scan_and_all_that_was_made_of_it(scan):
    views = Views(scan)
    traces = [weakref.ref(views.prepared(SMALL)), weakref.ref(views), weakref.ref(views.read_as("brain_mri"))]
    views.film(60)
    del views
    gc.collect()
    assert [trace() for trace in traces] == [None, None, None]
