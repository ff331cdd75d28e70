import pytest

from lightbox.training.datasets import Example
from lightbox.training.datasets.new_sources import drop_test_look_alikes, further_datasets, hold_out_new_sources

LABELS = ("glioma", "meningioma")


def picture(name, dataset, label="glioma", split="train"):
    return Example(None, name, label, split, name, name, dataset=dataset)


def two_data_sets(count=60):
    first = [picture(f"old-{index}", "old", LABELS[index % 2]) for index in range(count)]
    tested = [picture(f"test-{index}", "old", LABELS[index % 2], "test") for index in range(6)]
    return first + tested + [picture(f"new-{index}", "new", LABELS[index % 2]) for index in range(count)]


# Neighbouring slices of one label; the last group ties a new picture to an old one.
ALIKE = [["new-0", "new-2", "new-4"], ["new-1", "new-3"], ["new-6", "old-0"]]


def part(rows, seed=0, test_share=0.2, validation_share=0.2, alike=ALIKE):
    return hold_out_new_sources(rows, alike, test_share=test_share, validation_share=validation_share, seed=seed)


def test_only_data_sets_without_a_test_split_are_further_ones():
    assert further_datasets(two_data_sets()) == {"new"}
    assert further_datasets([picture("a", ""), picture("b", "", split="test")]) == set()
    assert further_datasets([picture("a", ""), picture("b", "")]) == set()


@pytest.mark.parametrize("seed", range(20))
def test_look_alikes_stay_on_one_side_and_what_looks_like_the_first_data_set_stays_in_training(seed):
    split = {row.name: row.split for row in part(two_data_sets(), seed)}
    for names in ALIKE:
        assert len({split[name] for name in names}) == 1
    assert split["new-6"] == "train"
    assert all(split[f"old-{index}"] == "train" for index in range(60))
    assert all(split[f"test-{index}"] == "test" for index in range(6))


@pytest.mark.parametrize("label", LABELS)
def test_every_class_gives_its_share_to_each_side(label):
    rows = [row for row in part(two_data_sets()) if row.dataset == "new" and row.label == label]
    for side in ("new_sources", "validation"):
        # The last group drawn may be of three.
        assert 0.2 <= sum(row.split == side for row in rows) / len(rows) <= 0.2 + 2 / len(rows)


def test_a_share_of_nothing_holds_nothing_out():
    assert {row.split for row in part(two_data_sets(), test_share=0, validation_share=0)} == {"train", "test"}
    assert "validation" not in {row.split for row in part(two_data_sets(), validation_share=0)}


def test_the_split_depends_on_the_seed_and_not_on_the_order():
    rows = two_data_sets()
    assert {row.name: row.split for row in part(rows)} == {row.name: row.split for row in part(rows[::-1])}
    assert part(rows, seed=1) != part(rows, seed=2)


def test_a_new_picture_that_looks_like_a_test_picture_is_left_out_and_an_old_one_is_not():
    kept = drop_test_look_alikes(two_data_sets(), [["new-8", "test-0"], ["old-2", "test-1"], ["new-9", "new-11"]])
    names = {row.name for row in kept}
    assert "new-8" not in names
    assert {"old-2", "new-9", "new-11", "test-0", "test-1"} <= names
