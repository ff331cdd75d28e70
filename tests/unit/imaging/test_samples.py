"""The samples' manifest: what is there is read, what is broken is named."""

import numpy as np
import pytest
from PIL import Image

from lightbox.core.errors import UserFacingError
from lightbox.core.tasks import TASKS
from lightbox.imaging.samples import list_samples, read_mask, read_sample
from lightbox.phantoms.shipped import Recipe, write_set

ROW = {
    "key": "one", "file": "images/one.png", "mask": "masks/one.png", "task": "chest_xray", "label": "bacterial",
    "seed": 1, "difficulty": 0.9, "generator_version": "1", "licence": "Apache-2.0", "look_for": "A haze.",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_SAMPLES_DIR", str(tmp_path))
    (tmp_path / "images").mkdir()
    (tmp_path / "masks").mkdir()
    levels = np.arange(256, dtype=np.uint8).reshape(16, 16)
    Image.fromarray(levels).save(tmp_path / "images" / "one.png")
    Image.fromarray(levels > 200).save(tmp_path / "masks" / "one.png")
    return tmp_path


def write_manifest(folder, *rows):
    text = "".join("[[sample]]\n" + "".join(f"{name} = {value!r}\n" for name, value in row.items()) for row in rows)
    (folder / "manifest.toml").write_text(text)


def test_no_folder_and_no_manifest_are_no_samples(tmp_path, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_SAMPLES_DIR", str(tmp_path / "absent"))
    assert list_samples() == ()
    monkeypatch.setenv("LIGHTBOX_SAMPLES_DIR", str(tmp_path))
    assert list_samples() == ()


def test_pixels_and_mask_are_read_as_stored(folder):
    write_manifest(folder, ROW)
    (sample,) = list_samples()
    scan = read_sample(sample)
    np.testing.assert_array_equal(np.rint(scan.pixels * 255).ravel(), np.arange(256))
    np.testing.assert_array_equal(read_mask(sample).ravel(), np.arange(256) > 200)
    assert scan.modality == "chest_xray"
    assert "Synthetic" in scan.provenance.notes[0]


@pytest.mark.parametrize(
    ("changes", "title"),
    [
        ({}, "Synthetic chest X-ray: bacterial pneumonia, subtle"),
        ({"difficulty": 0.1}, "Synthetic chest X-ray: bacterial pneumonia, clear"),
        (
            {"task": "brain_mri", "label": "glioma", "plane": "axial", "difficulty": 0.5},
            "Synthetic brain MRI, axial: glioma, moderate",
        ),
    ],
)
def test_the_title_says_synthetic_what_and_how_hard(folder, changes, title):
    write_manifest(folder, ROW | changes)
    assert list_samples()[0].title == title


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"look_for": None}, "'one' has no look_for"),
        ({"seed": "many"}, "'one' has an unusable seed"),
        ({"difficulty": "hard"}, "'one' has an unusable difficulty"),
        ({"label": "glioma"}, "'one' names a class that does not exist"),
        ({"task": "head_ct"}, "'one' names a class that does not exist"),
        ({"file": "images/two.png"}, "'one' names a file that is not in the samples folder"),
    ],
)
def test_a_broken_row_is_named(folder, changes, message):
    row = {name: value for name, value in (ROW | changes).items() if value is not None}
    write_manifest(folder, row)
    with pytest.raises(UserFacingError, match=message):
        list_samples()


def test_a_row_that_leads_out_of_the_folder_is_refused(folder):
    outside = folder.parent / "outside.png"
    outside.write_bytes((folder / "images" / "one.png").read_bytes())
    write_manifest(folder, ROW | {"file": f"../{outside.name}"})
    with pytest.raises(UserFacingError, match="'one' names a file that is not in the samples folder"):
        list_samples()


def test_two_rows_of_one_key_are_an_error(folder):
    write_manifest(folder, ROW, ROW)
    with pytest.raises(UserFacingError, match="Two samples have the key 'one'"):
        list_samples()


def test_a_manifest_that_is_not_toml_is_an_error(folder):
    (folder / "manifest.toml").write_text("[[sample")
    with pytest.raises(UserFacingError, match="manifest cannot be read"):
        list_samples()


def test_a_mask_of_another_size_is_refused(folder):
    write_manifest(folder, ROW)
    Image.fromarray(np.ones((8, 16), dtype=bool)).save(folder / "masks" / "one.png")
    with pytest.raises(UserFacingError, match="another size"):
        read_mask(list_samples()[0])


def test_a_picture_in_colour_or_torn_is_refused(folder):
    write_manifest(folder, ROW)
    path = folder / "images" / "one.png"
    Image.new("RGB", (16, 16)).save(path)
    with pytest.raises(UserFacingError, match="not 8-bit grey"):
        read_sample(list_samples()[0])
    path.write_bytes(b"\x89PNG torn")
    with pytest.raises(UserFacingError, match=r"one\.png of sample 'one' cannot be read"):
        read_sample(list_samples()[0])


def test_what_the_generator_writes_is_what_the_reader_reads(tmp_path, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_SAMPLES_DIR", str(tmp_path))
    recipes = [Recipe(f"chest-{label}", "chest_xray", label, 3, size=128) for label in TASKS["chest_xray"].classes]
    assert write_set(recipes, tmp_path) == 3
    for sample, recipe in zip(list_samples(), recipes, strict=True):
        phantom = recipe.make()
        np.testing.assert_allclose(read_sample(sample).pixels, phantom.pixels, atol=0.5 / 255 + 1e-6)
        np.testing.assert_array_equal(read_mask(sample), phantom.mask)
        assert sample.look_for == phantom.note
