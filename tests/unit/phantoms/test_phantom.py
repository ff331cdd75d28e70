"""The laws of phantoms: the mask is where the pathology is, a seed is a picture, nothing else leaks."""

import numpy as np
import pytest

from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS
from lightbox.phantoms.brain.disease import place_tumour
from lightbox.phantoms.brain.face import SELLA
from lightbox.phantoms.brain.head import load_head
from lightbox.phantoms.brain.mri_slice import PLANES, _draw_view, _individual
from lightbox.phantoms.burn_in import Marker, marker_ink
from lightbox.phantoms.chest.radiograph import MASK_FRACTION, make_film
from lightbox.phantoms.phantom import GENERATOR_VERSION, HEALTHY, make_pair, make_phantom

SIZE = 192
CHEST = [("chest_xray", label, None) for label in TASKS["chest_xray"].classes]
BRAIN = [("brain_mri", label, plane) for label in TASKS["brain_mri"].classes for plane in PLANES]


@pytest.fixture(autouse=True)
def _template(request):
    if "brain" in request.node.nodeid:
        pytest.importorskip("nilearn", reason="brain phantoms are made from the template that nilearn carries")


@pytest.mark.parametrize(("task", "label", "plane"), CHEST + BRAIN)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_class_and_plane_gives_a_picture_and_a_mask(task, label, plane, seed):
    phantom = make_phantom(task, label, seed, size=SIZE, plane=plane)
    assert phantom.pixels.shape == phantom.mask.shape == (SIZE, SIZE)
    assert phantom.pixels.dtype == np.float32
    assert phantom.mask.dtype == np.bool_
    assert phantom.pixels.min() >= 0
    assert phantom.pixels.max() <= 1
    assert phantom.pixels.std() > 0.05, "a picture has contrast"
    assert phantom.generator_version == GENERATOR_VERSION
    assert phantom.note.endswith(".")
    if label in HEALTHY:
        assert not phantom.mask.any()
        assert phantom.difficulty is None
    else:
        assert 0.0004 < phantom.mask.mean() < 0.35, "between a small pituitary mass and both lungs"
        assert 0 <= phantom.difficulty <= 1


@pytest.mark.parametrize(
    ("task", "label", "plane"), [("chest_xray", "viral", None), ("brain_mri", "glioma", "coronal")]
)
def test_same_seed_same_bits_and_another_seed_another_patient(task, label, plane):
    first, again = (make_phantom(task, label, 5, size=SIZE, plane=plane) for _ in range(2))
    other = make_phantom(task, label, 6, size=SIZE, plane=plane)
    assert first.pixels.tobytes() == again.pixels.tobytes()
    assert first.mask.tobytes() == again.mask.tobytes()
    assert np.abs(first.pixels - other.pixels).mean() > 0.02


@pytest.mark.parametrize("label", ["bacterial", "viral"])
@pytest.mark.parametrize("seed", [3, 4])
def test_chest_mask_is_where_the_difference_to_the_healthy_twin_is(label, seed):
    phantom, healthy = make_pair("chest_xray", label, seed, size=SIZE, difficulty=0.2)
    difference = np.abs(phantom.pixels.astype(float) - healthy)
    assert difference[phantom.mask].mean() > 6 * difference[~phantom.mask].mean()
    strongest = difference > 0.6 * np.quantile(difference, 0.999)
    assert phantom.mask[strongest].mean() > 0.95
    assert (phantom.pixels - healthy)[phantom.mask].mean() > 0.01, "pneumonia is brighter than air"


@pytest.mark.parametrize("label", ["bacterial", "viral"])
def test_chest_mask_is_the_stated_fraction_of_the_added_attenuations_peak(label):
    film = make_film(label, 9, SIZE, 0.3)
    np.testing.assert_array_equal(film.mask, film.added > MASK_FRACTION * film.added.max())
    assert film.added.min() > -0.05 * film.added.max(), "what replaces air does not let more beam through"


@pytest.mark.parametrize("label", ["glioma", "meningioma", "pituitary"])
@pytest.mark.parametrize("seed", [3, 4])
def test_brain_mask_holds_the_strongest_difference_to_the_same_head_without_the_tumour(label, seed):
    phantom, healthy = make_pair("brain_mri", label, seed, size=SIZE, difficulty=0.1)
    difference = np.abs(phantom.pixels.astype(float) - healthy)
    assert difference[phantom.mask].mean() > 8 * difference[~phantom.mask].mean()


@pytest.mark.parametrize(
    ("task", "label", "plane"), [("chest_xray", "bacterial", None), ("brain_mri", "meningioma", "axial")]
)
def test_far_from_the_pathology_the_twin_has_the_same_pixels(task, label, plane):
    phantom, healthy = make_pair(task, label, 8, size=SIZE, plane=plane)
    changed = np.abs(phantom.pixels - healthy) > 0.02
    assert changed.any()
    rows, columns = np.nonzero(phantom.mask)
    centre = rows.mean(), columns.mean()
    far = np.hypot(*(np.indices(changed.shape) - np.reshape(centre, (2, 1, 1)))) > 0.4 * SIZE
    assert not changed[far].any()


@pytest.mark.parametrize("plane", PLANES)
def test_tumours_sit_where_their_kind_grows_brain(plane):
    head = load_head()
    for seed in range(4):
        slices = {kind: _slice_points(plane, seed, kind) for kind in ("glioma", "meningioma", "pituitary")}
        placed = {
            kind: place_tumour(kind, head, points, head.depth(points), rng=np.random.default_rng(seed), easy=0.5)
            for kind, points in slices.items()
        }
        assert -head.depth(placed["glioma"].centre[None])[0] > 7, "a glioma has brain on all sides"
        meningioma = placed["meningioma"]
        assert 0 < -head.depth(meningioma.centre[None])[0] < 0.6 * meningioma.radius + 2, (
            "a meningioma touches the dura"
        )
        assert np.linalg.norm(placed["pituitary"].centre - SELLA) < 7, "the sella is in the midline, at the base"


def _slice_points(plane, seed, kind):
    view = _draw_view(plane, np.random.default_rng(seed), through_sella=kind == "pituitary")
    return _individual(view, np.random.default_rng(seed + 100), SIZE)


@pytest.mark.parametrize(("task", "label"), [("chest_xray", "bacterial"), ("brain_mri", "meningioma")])
def test_the_subtle_changes_fewer_grey_levels_than_the_clear(task, label):
    change = []
    for difficulty in (0.0, 1.0):
        phantom, healthy = make_pair(task, label, 14, size=SIZE, difficulty=difficulty)
        change.append(np.abs(phantom.pixels - healthy).sum())
    assert change[1] < 0.6 * change[0]


def test_normal_and_diseased_of_one_seed_share_child_exposure_and_marker():
    normal = make_phantom("chest_xray", "normal", 17, size=SIZE)
    _, healthy = make_pair("chest_xray", "bacterial", 17, size=SIZE)
    np.testing.assert_array_equal(normal.pixels, healthy)


@pytest.mark.parametrize("task", ["chest_xray", "brain_mri"])
def test_a_marker_is_burned_in_where_it_was_put_brain(task):
    label = TASKS[task].classes[-1]
    bare = make_phantom(task, label, 20, size=SIZE, marker=Marker(""))
    marker = Marker("AP 12", top=0.9, left=0.6, height=0.06)
    marked = make_phantom(task, label, 20, size=SIZE, marker=marker)
    ink = marker_ink(marker, SIZE)
    changed = bare.pixels != marked.pixels
    assert (np.abs(marked.pixels[ink > 0.99] - 1) < 0.02).all()
    assert not changed[ink == 0].any()
    assert changed.any()
    np.testing.assert_array_equal(bare.mask, marked.mask)


def test_a_seed_is_the_same_child_with_the_same_pneumonia_at_another_size():
    # Of the film this holds no more than that: its exposure and markers are drawn after a grain of the film's size.
    small = make_film("bacterial", 23, 128, 0.2)
    large = make_film("bacterial", 23, 256, 0.2)
    halved = large.mask.reshape(128, 2, 128, 2).mean(axis=(1, 3)) >= 0.5
    overlap = (halved & small.mask).sum() / (halved | small.mask).sum()
    assert overlap > 0.9


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("head_ct", "normal", 1, {}), "no task named 'head_ct'"),
        (("chest_xray", "glioma", 1, {}), "no class named 'glioma'"),
        (("chest_xray", "viral", -1, {}), "negative"),
        (("chest_xray", "viral", 1, {"size": 16}), "16 pixels"),
        (("chest_xray", "viral", 1, {"difficulty": 1.5}), "difficulty is 1.5"),
        (("chest_xray", "viral", 1, {"plane": "axial"}), "no planes"),
        (("brain_mri", "glioma", 1, {"plane": "oblique"}), "no plane named 'oblique'"),
    ],
)
def test_what_cannot_be_made_is_refused_in_plain_words(arguments, message):
    task, label, seed, options = arguments
    with pytest.raises(UserFacingError, match=message):
        make_phantom(task, label, seed, **options)


def test_a_pathology_that_no_pixel_shows_is_an_error_not_an_empty_mask(monkeypatch):
    monkeypatch.setattr("lightbox.phantoms.chest.radiograph.MASK_FRACTION", 1.0)
    with pytest.raises(UserFacingError, match="wrong mask"):
        make_phantom("chest_xray", "viral", 1, size=SIZE)


def test_a_letter_without_strokes_is_refused():
    with pytest.raises(ValueError, match="no strokes"):
        Marker("ß")
