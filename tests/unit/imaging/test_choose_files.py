"""Which files of a set are scans, and what is said of the others."""

import pytest

from lightbox.imaging.annotations import find_annotations
from lightbox.imaging.choose_files import LITTER, leave_out

DICOM = bytes(128) + b"DICM" + bytes(60)


@pytest.mark.parametrize(
    "folder",
    ["masks", "Mask", "labels", "lung masks", "Left-Mask", "seg", "segmentations", "Annotations", "ground_truth",
     "Ground Truth", "gt", "masks_png"],
)  # fmt: skip
def test_a_folder_of_masks_is_known_by_its_name(folder):
    assert list(find_annotations([f"set/{folder}/a.png", "set/images/a.png"])) == [f"set/{folder}/a.png"]


@pytest.mark.parametrize("folder", ["normal", "images", "masked", "unlabelled", "Segovia", "no mass", "gtx"])
def test_other_folders_are_scans(folder):
    assert not find_annotations([f"{folder}/a.png"])


@pytest.mark.parametrize(
    "name", ["benign (1)_mask.png", "benign (1)_mask_1.png", "BENIGN (1)-Mask.jpg", "benign (1) seg.png"]
)
def test_a_suffix_counts_where_the_scan_is_there_without_it(name):
    assert list(find_annotations([name, "benign (1).png"])) == [name]
    assert not find_annotations([name])
    assert not find_annotations([name, "other/benign (1).png"])


def test_every_file_is_a_scan_or_has_a_reason_and_only_doubtful_ones_are_opened():
    contents = {
        "a.png": None, "IM000001": DICOM, "scan.IMA": DICOM, "1.2.840.1": DICOM, "._one.dcm": None, "Thumbs.db": None,
        "read me.txt": b"words", "volume.nii.gz": b"\x1f\x8b", "empty": b"", "masks/a.png": None, "b.tif": b"II*\x00",
        "strange.bin": b"\x00\x01\x02",
    }  # fmt: skip
    opened = []

    def read_head(name):
        opened.append(name)
        return contents[name]

    left_out = leave_out(contents, read_head)
    assert [name for name in contents if name not in left_out] == ["a.png", "IM000001", "scan.IMA", "1.2.840.1"]
    assert {name for name, reason in left_out.items() if reason == LITTER} == {"._one.dcm", "Thumbs.db"}
    assert "TIFF" in left_out["b.tif"]
    assert "gzip" in left_out["volume.nii.gz"]
    assert "plain text" in left_out["read me.txt"]
    assert "0 bytes" in left_out["empty"]
    assert {name for name, content in contents.items() if content is not None} == set(opened)


def test_a_file_that_cannot_be_opened_is_listed():
    def read_head(_name):
        raise PermissionError

    assert leave_out(["scan"], read_head) == {"scan": "It cannot be read."}
