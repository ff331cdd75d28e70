"""What the Compare page does with a picture that is no upright scan of the chosen kind."""

from dataclasses import replace

import numpy as np
import pytest

from lightbox.imaging.samples import list_samples, read_sample
from lightbox.imaging.views import Views
from tests.ui.test_compare import opened, png, settled, upload, words

FILM = next(sample for sample in list_samples() if sample.task == "chest_xray")
METHOD = "grad_cam"


@pytest.fixture(scope="module")
def pixels():
    return np.rint(read_sample(FILM).pixels * 255)


def button(app, key):
    return next((one for one in app.button if one.key == key), None)


def loaded(app):
    return app.session_state["compare.loaded"].scan


def test_a_scan_of_the_chosen_kind_is_shown_without_a_word(app, pixels):
    upload(opened(app, task="chest_xray", methods=METHOD), png(pixels))
    assert "looks like" not in words(app)
    assert button(app, "compare.confirm_scan") is None


def test_a_chest_film_under_brain_mri_is_opened_as_what_it_is_by_one_button(app, pixels):
    upload(opened(app, task="brain_mri", methods=METHOD), png(pixels))
    assert "This looks like a chest X-ray, not like a brain MRI slice." in words(app)
    button(app, "compare.open_as").click().run()
    assert not app.exception
    assert app.session_state["compare.task"] == "chest_xray"
    assert "looks like" not in words(app)
    assert "Bacterial pneumonia" in words(app)


def test_an_upside_down_film_is_turned_upright_by_one_button(app, pixels):
    upload(opened(app, task="chest_xray", methods=METHOD), png(pixels[::-1, ::-1]))
    assert "This looks like a chest X-ray upside down." in words(app)
    button(app, "compare.correct_scan").click().run()
    assert not app.exception
    np.testing.assert_allclose(loaded(app).pixels * 255, pixels, atol=1e-3)
    assert "as stored it was taken for: upside down" in words(app)
    assert "looks like" not in words(app)


def test_an_inverted_film_gets_its_black_back(app, pixels):
    upload(opened(app, task="chest_xray", methods=METHOD), png(255 - pixels))
    assert "black and white exchanged" in words(app)
    button(app, "compare.correct_scan").click().run()
    np.testing.assert_allclose(loaded(app).pixels * 255, pixels, atol=1e-3)


def test_noise_has_no_remedy_and_whoever_knows_better_says_so(app):
    noise = np.random.default_rng(2).integers(0, 256, (150, 150))
    upload(opened(app, task="brain_mri", methods=METHOD), png(noise))
    assert "It is not clear that this is a brain MRI slice." in words(app)
    assert button(app, "compare.open_as") is None
    assert button(app, "compare.correct_scan") is None
    button(app, "compare.confirm_scan").click().run()
    assert "You said that it is right as it is." in words(app)
    assert button(app, "compare.confirm_scan") is None


def test_of_a_sample_it_is_known_that_it_is_right(app):
    opened(app, sample="brain-meningioma-2", task="brain_mri", methods=METHOD)
    assert "looks like" not in words(app)
    assert button(app, "compare.confirm_scan") is None


def test_another_picture_is_asked_about_anew(app, pixels):
    noise = np.random.default_rng(2).integers(0, 256, (150, 150))
    upload(opened(app, task="chest_xray", methods=METHOD), png(noise))
    button(app, "compare.confirm_scan").click().run()
    upload(app, png(pixels[::-1]), name="other.png")
    assert "This looks like a chest X-ray flipped top to bottom." in words(app)


def test_beside_the_answer_stands_that_this_network_has_seen_nothing_like_it(app, pixels):
    noise = np.random.default_rng(2).integers(0, 256, (150, 150))
    opened(app, task="chest_xray", methods=METHOD)
    upload(app, png(noise))
    settled(app)
    assert "Unlike most of what this network has seen" in words(app)
    upload(app, png(pixels), name="film.png")
    settled(app)
    assert "Unlike most of what this network has seen" not in words(app)
    assert "Like scans that it has seen" in words(app)


def test_the_maps_of_a_doubted_scan_are_drawn_dim_until_that_is_answered(app, monkeypatch):
    from components.maps import map_grid

    drawn, draw = [], map_grid.show

    def watching(*args, dimmed, **options):
        drawn.append(dimmed)
        return draw(*args, dimmed=dimmed, **options)

    monkeypatch.setattr(map_grid, "show", watching)
    noise = np.random.default_rng(2).integers(0, 256, (150, 150))
    upload(opened(app, task="chest_xray", methods=METHOD), png(noise))
    assert set(drawn) == {True}
    assert not [part for part in app.markdown if "test scans; " in part.value], "how good it is, of no such picture"
    drawn.clear()
    button(app, "compare.confirm_scan").click().run()
    assert set(drawn) == {False}
    assert [part for part in app.markdown if "test scans; " in part.value]


def test_a_scan_that_another_page_opened_is_opened_as_what_it_is_and_not_lost(app, pixels):
    from components.scans.scan_input import Loaded

    opened(app, task="brain_mri", methods=METHOD)
    app.session_state["compare.loaded"] = Loaded("file", Views(replace(read_sample(FILM), modality="brain_mri")))
    app.run()
    button(app, "compare.open_as").click().run()
    assert app.session_state["compare.task"] == "chest_xray"
    assert loaded(app).modality == "chest_xray"
    assert "Bacterial pneumonia" in words(app)


def test_a_mirrored_film_is_offered_an_exchange_of_sides_with_a_word_of_care(app, pixels):
    upload(opened(app, task="chest_xray", methods=METHOD), png(pixels[:, ::-1]))
    assert "A heart on the right side looks like this too." in words(app)
    assert button(app, "compare.correct_scan").label == "Exchange left and right"
    button(app, "compare.correct_scan").click().run()
    np.testing.assert_allclose(loaded(app).pixels * 255, pixels, atol=1e-3)
    assert "as stored it was taken for: mirrored" in words(app)
