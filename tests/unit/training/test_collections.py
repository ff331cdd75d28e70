"""The published layouts are recognised, and others refused in a sentence."""

import numpy as np
import pytest
from PIL import Image

from lightbox.core.errors import UserFacingError
from lightbox.training.datasets import COLLECTIONS, class_list, hold_out, list_examples, read_examples
from lightbox.training.datasets.oasis import choose_test_subjects


def write(root, *names):
    for number, name in enumerate(names):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((8, 8), number % 255, np.uint8)).save(path)


KERMANY = (
    "train/NORMAL/IM-0115-0001.jpeg",
    "train/NORMAL/NORMAL2-IM-0120-0001.jpeg",
    "train/PNEUMONIA/person1_bacteria_1.jpeg",
    "train/PNEUMONIA/person1_virus_9.jpeg",
    "val/PNEUMONIA/person2_virus_3.jpeg",
    "test/PNEUMONIA/person7_virus_2.jpeg",
)


def test_kermanys_names_give_label_patient_and_split(tmp_path):
    write(tmp_path / "chest_xray", *KERMANY)
    write(tmp_path / "__MACOSX", *KERMANY)
    write(tmp_path / "chest_xray", "train/NORMAL/._IM-0115-0001.jpeg")
    collection, rows = list_examples(tmp_path)
    assert collection.key == "kermany"
    assert [(row.label, row.patient, row.split) for row in rows] == [
        ("viral", "person7", "test"),
        ("normal", "IM-0115", "train"),
        ("normal", "NORMAL2-IM-0120", "train"),
        ("bacterial", "person1", "train"),
        ("viral", "person1", "train"),
        ("viral", "person2", "train"),
    ]
    assert rows == read_examples(tmp_path, "chest_xray", collection="kermany")


def test_pneumonia_without_its_kind_is_refused(tmp_path):
    write(tmp_path, *KERMANY, "train/PNEUMONIA/person3.jpeg")
    with pytest.raises(UserFacingError, match=r"person3\.jpeg has neither bacteria nor virus"):
        read_examples(tmp_path, "chest_xray")


def test_bhuvajis_folders_are_recognised(tmp_path):
    write(tmp_path, "Training/glioma_tumor/a.jpg", "Training/no_tumor/b.jpg", "Testing/pituitary_tumor/c.jpg")
    collection, rows = list_examples(tmp_path)
    assert collection.key == "bhuvaji"
    assert [(row.label, row.split) for row in rows] == [
        ("pituitary", "test"),
        ("glioma", "train"),
        ("no_tumor", "train"),
    ]


def oasis(root, subjects=10):
    stages = ("Non Demented", "Very mild Dementia", "Mild Dementia")
    write(
        root,
        *(
            f"{stage}/OAS1_{place * 100 + subject:04d}_MR{session}_mpr-1_{number}.jpg"
            for place, stage in enumerate(stages)
            for subject in range(subjects)
            for session in (1, 2)
            for number in (100, 101)
        ),
        *(f"Moderate Dementia/OAS1_{subject:04d}_MR1_mpr-1_{n}.jpg" for subject in (308, 351) for n in (100, 101)),
    )


def test_no_subject_of_oasis_lies_in_two_splits(tmp_path):
    oasis(tmp_path)
    rows = hold_out(read_examples(tmp_path, "dementia"), 0.2, seed=0)
    splits = {}
    for row in rows:
        splits.setdefault(row.patient, set()).add(row.split)
    assert all(len(found) == 1 for found in splits.values())
    assert {row.split for row in rows} == {"train", "validation", "test"}
    tests = {row.patient for row in rows if row.split == "test"}
    assert len(tests) == 3 * 2 + 1
    assert {row.split for row in rows if row.label == "moderate_dementia"} == {"train", "test"}


def test_the_test_subjects_depend_on_their_numbers_alone():
    stage_of = {f"OAS1_{number:04d}": "mild" for number in range(50)}
    shuffled = dict(reversed(stage_of.items()))
    assert choose_test_subjects(stage_of) == choose_test_subjects(shuffled)
    assert len(choose_test_subjects(stage_of)) == 10


def test_a_name_that_hides_its_subject_is_refused(tmp_path):
    oasis(tmp_path)
    write(tmp_path, "Mild Dementia/slice.jpg")
    with pytest.raises(UserFacingError, match=r"slice\.jpg does not name its subject"):
        read_examples(tmp_path, "dementia")


def test_a_collection_that_is_not_there_names_what_was_found(tmp_path):
    write(tmp_path, "cats/a.png", "cats/b.png", "dogs/c.png")
    with pytest.raises(UserFacingError, match=r"it holds pictures in cats \(2 pictures\), dogs \(1 picture\)"):
        read_examples(tmp_path, "chest_xray", collection="kermany")
    with pytest.raises(UserFacingError, match="no collection named 'atlas'"):
        read_examples(tmp_path, "chest_xray", collection="atlas")


def test_pictures_without_folders_are_no_data_set(tmp_path):
    write(tmp_path, "a.png", "train/b.png")
    with pytest.raises(UserFacingError, match=r"The layout .* is not known: .*the top level"):
        read_examples(tmp_path, "chest_xray")


def test_a_task_of_ones_own_needs_its_classes(tmp_path):
    write(tmp_path, "train/cats/a.png", "train/dogs/b.png", "validation/dogs/c.png")
    with pytest.raises(UserFacingError, match=r"'pets' is not one of the app's.*cats"):
        read_examples(tmp_path, "pets")
    rows = read_examples(tmp_path, "pets", classes=("dogs", "cats"))
    assert [row.split for row in rows] == ["train", "train", "validation"]
    with pytest.raises(UserFacingError, match="'cats' is not a class of pets"):
        read_examples(tmp_path, "pets", classes=("dogs", "birds"))


def test_the_apps_tasks_keep_their_classes():
    assert class_list("dementia", collection=COLLECTIONS["oasis"])[0] == "non_demented"
    with pytest.raises(UserFacingError, match="The classes of chest_xray are"):
        class_list("chest_xray", classes=("a", "b"))
    with pytest.raises(UserFacingError, match="two or more different"):
        class_list("pets", classes=("a", "a"))
