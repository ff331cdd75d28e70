import csv
import hashlib

import numpy as np
import pytest
from PIL import Image

from lightbox.core.errors import UserFacingError
from lightbox.training.datasets import (
    Example,
    data_sha256,
    hold_out,
    leaked_names,
    list_examples,
    read_examples,
    tie_groups,
)
from lightbox.training.datasets.read import describe_left_out


def example(name, label="normal", split="train", group=None, sha256=None):
    return Example(None, name, label, split, group or name, sha256 or name)


def many(patients=60, images=4):
    labels = ("normal", "bacterial", "viral")
    return [
        example(f"{patient}-{image}", labels[patient % 3], group=f"patient{patient}")
        for patient in range(patients)
        for image in range(images)
    ] + [example("test-0", split="test")]


def test_no_patient_lies_on_both_sides():
    split = hold_out(many(), 0.2, seed=1)
    sides = {side: {row.group for row in split if row.split == side} for side in ("train", "validation")}
    assert sides["train"]
    assert sides["validation"]
    assert not sides["train"] & sides["validation"]


def test_every_class_gives_its_share():
    split = hold_out(many(), 0.2, seed=1)
    for label in ("normal", "bacterial", "viral"):
        rows = [row for row in split if row.label == label and row.split != "test"]
        held = sum(row.split == "validation" for row in rows) / len(rows)
        assert 0.15 <= held <= 0.3


def test_copies_of_one_file_stay_together_though_their_patients_differ():
    rows = many()
    rows += [example(f"copy-{index}", group=f"other{index}", sha256="same") for index in range(30)]
    for seed in range(8):
        sides = {row.split for row in hold_out(rows, 0.3, seed) if row.sha256 == "same"}
        assert len(sides) == 1


def test_the_split_depends_on_the_seed_alone():
    assert hold_out(many(), 0.2, seed=3) == hold_out(many(), 0.2, seed=3)
    assert hold_out(many(), 0.2, seed=3) != hold_out(many(), 0.2, seed=4)


def test_the_test_split_is_never_touched():
    assert [row for row in hold_out(many(), 0.5, seed=0) if row.split == "test"] == [example("test-0", split="test")]


def test_a_leak_is_a_test_file_that_equals_a_training_file():
    rows = [example("a", sha256="x"), example("b", split="test", sha256="x"), example("c", split="test", sha256="y")]
    assert leaked_names(rows) == {"b"}


def test_the_hash_sees_labels_and_splits():
    rows = many()
    assert data_sha256(rows) == data_sha256(rows[::-1])
    assert data_sha256(rows) != data_sha256(hold_out(rows, 0.2, seed=0))


def write_picture(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((8, 8), len(str(path)) % 255, np.uint8)).save(path)


def test_class_folders_are_read_with_the_names_that_data_sets_use(tmp_path):
    write_picture(tmp_path / "Training" / "glioma_tumor" / "a.png")
    write_picture(tmp_path / "Testing" / "notumor" / "b.jpg")
    rows = read_examples(tmp_path, "brain_mri")
    assert [(row.label, row.split) for row in rows] == [("no_tumor", "test"), ("glioma", "train")]


def test_an_unknown_class_is_named(tmp_path):
    write_picture(tmp_path / "train" / "fracture" / "a.png")
    with pytest.raises(UserFacingError, match="'fracture' is not a class of chest_xray"):
        read_examples(tmp_path, "chest_xray")


def test_an_empty_folder_and_a_missing_one_are_two_sentences(tmp_path):
    with pytest.raises(UserFacingError, match="holds no labelled images"):
        read_examples(tmp_path, "chest_xray")
    with pytest.raises(UserFacingError, match="no folder"):
        read_examples(tmp_path / "absent", "chest_xray")


def test_a_manifest_wins_over_folders(tmp_path):
    write_picture(tmp_path / "x.png")
    sha256 = hashlib.sha256((tmp_path / "x.png").read_bytes()).hexdigest()
    row = {"path": "x.png", "dataset": "chest_xray", "split": "test", "label": "viral_pneumonia", "patient": "p1"}
    with (tmp_path / "manifest.csv").open("w", newline="") as lines:
        writer = csv.DictWriter(lines, [*row, "sha256"])
        writer.writeheader()
        writer.writerow({**row, "sha256": f" {sha256.upper()}"})
    (found,) = read_examples(tmp_path, "chest_xray")
    assert (found.label, found.split, found.group, found.sha256) == ("viral", "test", "p1", sha256)


def test_a_file_that_is_not_the_one_a_manifest_lists_is_refused_by_name(tmp_path):
    """What it says of two copies must not hide a leak."""
    write_picture(tmp_path / "a.png")
    write_picture(tmp_path / "b.png")
    rows = ("path,split,label,sha256", "a.png,train,normal,", f"b.png,test,viral,{'1' * 64}")
    (tmp_path / "manifest.csv").write_text("\n".join(rows))
    with pytest.raises(UserFacingError, match=r"b\.png is not the file that the manifest lists: sha256"):
        read_examples(tmp_path, "chest_xray")
    assert len(list_examples(tmp_path, "chest_xray")[1]) == 2, "an audit hashes for itself"


def test_a_manifest_without_hashes_is_read_and_one_without_a_column_is_refused(tmp_path):
    write_picture(tmp_path / "a.png")
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("path,split,label\na.png,val,Viral\n")
    (found,) = read_examples(tmp_path, "chest_xray")
    assert (found.label, found.split, len(found.sha256)) == ("viral", "validation", 64)
    manifest.write_text("path,label\na.png,viral\n")
    with pytest.raises(UserFacingError, match="no column split; found: path, label"):
        read_examples(tmp_path, "chest_xray")
    manifest.write_text("path,split,label\nabsent.png,test,viral\n")
    with pytest.raises(UserFacingError, match=r"absent\.png cannot be read"):
        read_examples(tmp_path, "chest_xray")


def test_a_manifest_of_several_data_sets_needs_the_task(tmp_path):
    (tmp_path / "manifest.csv").write_text("path,dataset,split,label\na.png,hands,test,x\nb.png,feet,test,x\n")
    with pytest.raises(UserFacingError, match="holds feet, hands, and nothing for brain_mri"):
        read_examples(tmp_path, "brain_mri")


def test_the_last_group_of_a_class_stays_in_training():
    rows = [example(f"rare-{index}", "viral", group="only") for index in range(9)] + many()
    held = [row.label for row in hold_out(rows, 0.9, seed=0) if row.split == "validation" and row.group == "only"]
    assert not held


def test_a_patient_of_several_classes_leaves_each_of_them_a_patient():
    rows = many() + [example(f"{patient}-rare", "rare", group=f"patient{patient}") for patient in range(4)]
    for seed in range(16):
        split = hold_out(rows, 0.6, seed)
        assert {row.label for row in split if row.split == "train"} == {"normal", "bacterial", "viral", "rare"}


def test_the_drawn_split_of_patients_of_one_class_is_the_one_it_always_was():
    held = {row.group for row in hold_out(many(), 0.2, seed=1) if row.split == "validation"}
    assert held == {f"patient{number}" for number in (3, 8, 9, 10, 11, 29, 33, 36, 37, 41, 52, 58)}


def test_a_validation_split_that_comes_with_the_data_is_kept():
    rows = [*many(), example("given", split="validation")]
    assert hold_out(rows, 0.2, seed=0) == rows


def test_an_unknown_way_to_hold_out_is_refused():
    with pytest.raises(UserFacingError, match="no way to hold pictures out"):
        hold_out(many(), 0.2, 0, by="moon")


def test_pictures_that_an_audit_tied_stay_together():
    rows = [example(f"{number}") for number in range(40)]
    tied = tie_groups(rows, [("1", "2"), ("2", "30", "absent"), ("7", "8")])
    assert [row.name for row in tied] == [row.name for row in rows]
    for seed in range(8):
        side = {row.name: row.split for row in hold_out(tied, 0.4, seed)}
        assert side["1"] == side["2"] == side["30"]
        assert side["7"] == side["8"]


@pytest.mark.parametrize("mask", ["masks/normal/a.png", "train/normal/a_mask.png", "train/normal/masks/a.png"])
def test_masks_among_the_pictures_are_refused_and_never_learned_from(tmp_path, mask):
    write_picture(tmp_path / "train" / "normal" / "a.png")
    write_picture(tmp_path / mask)
    with pytest.raises(UserFacingError, match="1 of the 2 pictures seem to be masks") as refusal:
        read_examples(tmp_path, "chest_xray")
    assert mask in refusal.value.message


def test_files_that_are_not_read_are_said_with_the_first_names(tmp_path):
    write_picture(tmp_path / "train" / "normal" / "a.png")
    assert describe_left_out(tmp_path) == ""
    for name in ("c.tif", "IM000001", "b.dcm", "d.dcm"):
        (tmp_path / "train" / "normal" / name).write_bytes(b"x")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "._a.png").write_bytes(b"x")
    (tmp_path / "manifest.csv").write_bytes(b"x")
    assert describe_left_out(tmp_path) == (
        "4 files are not named as PNG or JPEG and not read: train/normal/IM000001, train/normal/b.dcm, "
        "train/normal/c.tif, ..."
    )
