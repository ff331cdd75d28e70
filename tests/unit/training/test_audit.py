"""An audit finds what was planted, and nothing else."""

import json
import os

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from lightbox.cli import main
from lightbox.core.errors import UserFacingError
from lightbox.provenance.data_audit import find_audit, read_audit, write_audit
from lightbox.training.audit.audit import audit
from lightbox.training.audit.report import report, summary

COUNT = 30


def film(seed, size=(150, 170)):
    """A picture of its own: structures of several widths, on the same bright oval, so that all are somewhat alike."""
    generator = np.random.default_rng(seed)
    fine, coarse = (ndimage.gaussian_filter(generator.normal(size=size), width) for width in (2, 7))
    rows, columns = (np.linspace(-1, 1, side) for side in size)
    oval = rows[:, None] ** 2 + columns[None, :] ** 2 < 0.9
    pixels = 90 * oval + 25 * fine / fine.std() + 20 * coarse / coarse.std() + 60
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Kermany's layout with one leak of every kind; returns the folder and the leaks by kind."""
    folder = tmp_path_factory.mktemp("planted")

    def place(name, image, **options):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        image.save(path, **options)
        return path

    for number in range(COUNT):
        place(f"train/NORMAL/IM-{number:04d}-0001.png", film(number))
        place(f"train/PNEUMONIA/person{number}_virus_{number}.jpeg", film(100 + number), quality=92)
    for number in range(COUNT // 3):
        place(f"test/NORMAL/IM-{900 + number:04d}-0001.png", film(200 + number))
    place("test/PNEUMONIA/person3_virus_900.jpeg", film(300))  # patient 3 again
    (folder / "test/NORMAL/IM-0801-0001.png").write_bytes((folder / "train/NORMAL/IM-0001-0001.png").read_bytes())
    (folder / "train/PNEUMONIA/person70_bacteria_1.png").write_bytes(
        (folder / "train/NORMAL/IM-0002-0001.png").read_bytes()
    )
    place("test/PNEUMONIA/person71_virus_1.jpeg", film(104), quality=60)  # stored again
    place("test/NORMAL/IM-0802-0001.png", film(5).resize((240, 210), Image.Resampling.BICUBIC))
    place("test/NORMAL/IM-0803-0001.png", film(6).crop((5, 3, 166, 147)))  # slightly cropped
    place("test/PNEUMONIA/person72_virus_1.jpeg", film(7), quality=80)  # stored again under another label
    (folder / "train/NORMAL/IM-0850-0001.png").write_bytes(b"\x89PNG\r\n\x1a\n and nothing more")
    place("train/NORMAL/IM-0851-0001.png", Image.new("L", (150, 40), 12))
    coloured = np.asarray(film(400).convert("RGB")).copy()
    coloured[10:40, 10:60] = (220, 40, 40)
    place("train/NORMAL/IM-0852-0001.png", Image.fromarray(coloured))
    place("train/NORMAL/IM-0853-0001.png", film(401).point(lambda level: 215 + level // 8))
    return folder


@pytest.fixture(scope="module")
def found(planted):
    return audit(planted)


def test_every_planted_leak_is_found_and_no_other(found):
    assert {(found.files[leak.file].name, leak.kind, found.files[leak.of].name) for leak in found.leaks} == {
        ("test/NORMAL/IM-0801-0001.png", "identical", "train/NORMAL/IM-0001-0001.png"),
        ("test/NORMAL/IM-0802-0001.png", "alike", "train/NORMAL/IM-0005-0001.png"),
        ("test/NORMAL/IM-0803-0001.png", "alike", "train/NORMAL/IM-0006-0001.png"),
        ("test/PNEUMONIA/person71_virus_1.jpeg", "alike", "train/PNEUMONIA/person4_virus_4.jpeg"),
        ("test/PNEUMONIA/person72_virus_1.jpeg", "alike", "train/NORMAL/IM-0007-0001.png"),
    }
    assert not found.close


def test_label_conflicts_are_found_in_copies_and_in_pictures_stored_again(found):
    assert {frozenset(file.name for file in files) for files in found.conflicts} == {
        frozenset({"train/NORMAL/IM-0002-0001.png", "train/PNEUMONIA/person70_bacteria_1.png"}),
        frozenset({"train/NORMAL/IM-0007-0001.png", "test/PNEUMONIA/person72_virus_1.jpeg"}),
    }


def test_a_patient_in_two_splits_is_named(found):
    assert found.patients.shared == ("person3",)
    assert "not documented" in found.patients.note


def test_a_corrupt_file_is_listed_and_stops_nothing(found):
    assert [row.name for row in found.unreadable] == ["train/NORMAL/IM-0850-0001.png"]
    assert found.images == sum(row.images for row in found.shares) == 2 * COUNT + COUNT // 3 + 11


def test_what_stands_out_is_named_with_its_rule(found):
    names = {row.rule: row.names for row in found.oddities}
    assert names["in_colour"] == ("train/NORMAL/IM-0852-0001.png",)
    assert names["tiny"] == names["extreme_aspect"] == names["nearly_blank"] == ("train/NORMAL/IM-0851-0001.png",)
    assert "train/NORMAL/IM-0853-0001.png" in names["unusual_brightness"]
    assert names["bright_background"] == ("train/NORMAL/IM-0853-0001.png",)


def test_a_clean_data_set_has_no_finding(tmp_path):
    for number in range(24):
        path = tmp_path / ("train", "test")[number % 2] / "normal" / f"{number}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        film(500 + number).save(path)
    clean = audit(tmp_path)
    assert clean.copies == clean.alike == clean.leaks == clean.oddities == clean.unreadable == clean.conflicts == ()
    assert summary(clean) == ["No leak, no label conflict, no unreadable file was found."]


def test_the_command_writes_report_and_data(planted, found, tmp_path, capsys, monkeypatch):
    path = tmp_path / "models" / "chest_xray" / "data_audit.json"
    assert main(["audit", str(planted), "--out", str(tmp_path / "a" / "audit.md"), "--json", str(path)]) == 0
    assert "5 of 16 test images are also in the training split: 1 byte for byte" in capsys.readouterr().out
    assert (tmp_path / "a" / "audit.md").read_text() == report(found)
    monkeypatch.setenv("LIGHTBOX_MODELS_DIR", str(tmp_path / "models"))
    assert find_audit("chest_xray") == found
    assert find_audit("brain_mri") is None
    assert str(planted) not in path.read_text()
    # What a network has learned from only its training knows: an audit does not say what is held out.
    assert [each.name for each in path.parent.iterdir()] == ["data_audit.json"]


def test_a_damaged_audit_is_one_sentence(found, tmp_path):
    path = tmp_path / "data_audit.json"
    write_audit(found, path)
    data = json.loads(path.read_text())
    for broken in (
        {**data, "leaks": "none"},
        {**data, "files": []},
        {key: data[key] for key in data if key != "copies"},
        [1],
    ):
        path.write_text(json.dumps(broken))
        with pytest.raises(UserFacingError, match="cannot be read"):
            read_audit(path)


@pytest.mark.slow
@pytest.mark.skipif(os.cpu_count() == 1, reason="minutes")
def test_the_88_leaked_test_images_of_the_brain_data_are_found(shared_data):
    found = audit(shared_data, "brain_mri")
    identical = found.leaked("test", "identical")
    assert len(identical) == 88
    assert len(found.leaked()) > 250
    assert {found.files[leak.file].label for leak in identical} == {"no_tumor"}
