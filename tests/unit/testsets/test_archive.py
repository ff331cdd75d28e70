"""Hostile archives, made here: each trick is reported by name, and the honest files beside it stay."""

import io
import struct
import zipfile

import pytest

from lightbox.core.errors import UserFacingError
from lightbox.testsets import archive, limits
from lightbox.testsets.archive import open_archive
from lightbox.testsets.labels import sort
from tests.cases import CASES

PICTURE = b"\x89PNG\r\n\x1a\n not much of a picture"


def pack(*entries, method=zipfile.ZIP_DEFLATED):
    """An archive of (name or ZipInfo, content) pairs, and one honest file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in (*entries, ("normal/honest.png", PICTURE)):
            made.writestr(name, content)
    buffer.seek(0)
    return buffer


def reasons(brought):
    return {problem.name: problem.reason for problem in brought.problems}


def names(brought):
    return [item.name for item in brought.items]


def test_files_are_read_one_at_a_time_and_say_what_their_folder_says():
    brought = open_archive(pack(("data/test/Viral Pneumonia/a.png", b"1"), ("b.png", b"22")), "chest_xray")
    assert [(item.name, item.said) for item in brought.items] == [
        ("data/test/Viral Pneumonia/a.png", "Viral Pneumonia"),
        ("b.png", ""),
        ("normal/honest.png", "normal"),
    ]
    assert [brought.read(item) for item in brought.items] == [b"1", b"22", PICTURE]
    assert not brought.problems


@pytest.mark.parametrize(
    "name",
    ["/etc/passwd", "../../up.png", "normal/../../up.png", "C:/windows/a.png", "C:\\a.png", "normal\\..\\..\\a.png"],
)
def test_a_name_that_leads_outside_is_left_out_by_name(name):
    brought = open_archive(pack((name, PICTURE)), "chest_xray")
    assert "outside the archive" in reasons(brought)[name]
    assert names(brought) == ["normal/honest.png"]


def test_a_link_is_left_out():
    link = zipfile.ZipInfo("normal/link.png")
    link.external_attr = 0o120777 << 16
    brought = open_archive(pack((link, "/etc/passwd")), "chest_xray")
    assert "link or a device" in reasons(brought)["normal/link.png"]


def test_a_bomb_is_left_out_before_it_is_unpacked():
    brought = open_archive(pack(("normal/bomb.png", bytes(3 * limits.MEBIBYTE))), "chest_xray")
    assert "no picture does that" in reasons(brought)["normal/bomb.png"]
    assert names(brought) == ["normal/honest.png"]


def test_more_than_one_file_may_have_is_left_out(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MAX_UPLOAD_MB", "1")
    content = bytes(range(256)) * 5000
    brought = open_archive(pack(("normal/large.png", content), method=zipfile.ZIP_STORED), "chest_xray")
    assert "the limit is 1 MB" in reasons(brought)["normal/large.png"]


def test_an_archive_that_is_too_much_in_all_is_refused(monkeypatch):
    monkeypatch.setattr(limits, "MOST_BYTES", 10)
    with pytest.raises(UserFacingError, match="Unpacked, this archive"):
        open_archive(pack(), "chest_xray")


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "MOST_FILES", 2)
    with pytest.raises(UserFacingError, match="more than the 2 files"):
        open_archive(pack(("a.png", b""), ("b.png", b"")), "chest_xray")


def test_a_huge_list_of_contents_is_refused_before_it_is_parsed(monkeypatch):
    monkeypatch.setattr(limits, "MOST_DIRECTORY_BYTES", 70_000)
    entries = [(f"normal/{'x' * 200}{number}.png", b"") for number in range(400)]
    with pytest.raises(UserFacingError, match="lists more than"):
        open_archive(pack(*entries), "chest_xray")


def test_a_size_that_lies_gives_one_damaged_file_and_no_more_bytes_than_were_checked():
    buffer = pack(("normal/liar.png", bytes(500_000)))
    content = buffer.getvalue()
    at = content.index(b"PK\x01\x02")
    lie = struct.pack("<L", 10)
    brought = open_archive(io.BytesIO(content[: at + 24] + lie + content[at + 28 :]), "chest_xray")
    liar = next(item for item in brought.items if item.name == "normal/liar.png")
    with pytest.raises(UserFacingError, match="damaged inside the archive"):
        brought.read(liar)
    assert brought.read(brought.items[-1]) == PICTURE


def test_encrypted_and_exotic_entries_are_left_out():
    buffer = pack(("normal/exotic.png", PICTURE), method=zipfile.ZIP_BZIP2)
    content = bytearray(buffer.getvalue())
    at = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 4)
    content[at + 8] |= 1
    brought = open_archive(io.BytesIO(bytes(content)), "chest_xray")
    assert "a method that is not read" in reasons(brought)["normal/exotic.png"]
    assert "encrypted" in reasons(brought)["normal/honest.png"]


def test_the_same_name_twice_and_what_systems_leave_behind():
    with pytest.warns(UserWarning, match="Duplicate name"):
        buffer = pack(("normal/honest.png", b"1"), ("__MACOSX/normal/._a.png", b""), ("normal/.DS_Store", b""))
    brought = open_archive(buffer, "chest_xray")
    assert names(brought) == ["normal/honest.png"]
    assert "same name" in reasons(brought)["normal/honest.png"]


def test_names_that_would_not_show_are_made_printable():
    brought = open_archive(pack(("normal/\x1b[31m\u202egnp.exe", PICTURE), (f"normal/{'y' * 5000}", b"")), "chest_xray")
    assert all(item.name.isprintable() and len(item.name) < 300 for item in brought.items)
    assert brought.read(brought.items[0]) == PICTURE


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"GIF89a", pack().getvalue()[:-30]])
def test_what_is_no_archive_gets_a_sentence(content):
    with pytest.raises(UserFacingError, match="not a ZIP archive"):
        open_archive(io.BytesIO(content), "chest_xray")


def test_nested_archives_are_left_out_by_name_and_never_opened():
    brought = open_archive(pack(("normal/inner.zip", pack().getvalue())), "chest_xray")
    assert "those of ZIP" in reasons(brought)["normal/inner.zip"]
    assert names(brought) == ["normal/honest.png"]
    assert archive.READABLE == (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def said(brought):
    return {item.name: item.said for item in brought.items}


def case(name, task="chest_xray", classes=None):
    return open_archive((CASES / name).open("rb"), task, classes)


def test_backslashes_and_slashes_are_the_same_three_scans():
    back, forward = case("1_backslash.zip"), case("1_slash.zip")
    assert said(back) == {"set/scans/a.png": "normal", "set/scans/b.png": "bacterial", "set/scans/c.png": "viral"}
    assert said(forward) == said(back)
    assert not back.problems
    assert not forward.problems
    assert all(back.read(item).startswith(b"\x89PNG") for item in back.items)


@pytest.mark.parametrize("name", ["folder/", "folder\\", "folder\\inner\\"])
def test_an_empty_folder_is_no_scan(name):
    brought = open_archive(pack((name, b"")), "chest_xray")
    assert names(brought) == ["normal/honest.png"]
    assert not brought.problems


def test_a_folder_that_only_its_attributes_tell_is_no_scan():
    folder = zipfile.ZipInfo("normal.d")
    folder.external_attr = 0x10
    assert names(open_archive(pack((folder, b"")), "chest_xray")) == ["normal/honest.png"]


def test_a_table_that_differs_in_capitals_means_the_one_possible_file():
    brought = case("17_case.zip")
    assert said(brought) == {"img_1.png": "normal", "img_2.png": "viral"}
    assert not brought.problems


def test_masks_in_a_folder_beside_the_scans_are_left_out_by_name():
    brought = case("10_masks.zip")
    assert sorted(names(brought)) == [
        "set/Normal/images/Normal-1.png",
        "set/Normal/images/Normal-2.png",
        "set/Viral Pneumonia/images/Viral Pneumonia-1.png",
        "set/Viral Pneumonia/images/Viral Pneumonia-2.png",
    ]
    assert {item.said for item in brought.items} == {"Normal", "Viral Pneumonia"}
    assert {name for name, reason in reasons(brought).items() if "'masks'" in reason} == {
        name.replace("images", "masks") for name in names(brought)
    }


def test_the_networks_own_classes_are_those_of_the_folders():
    brought = case("15_two_classes.zip", classes=("normal", "pneumonia"))
    assert {item.said for item in brought.items} == {"NORMAL", "PNEUMONIA"}
    chosen = sort(brought.items, "chest_xray", {}, ("normal", "pneumonia"))
    assert [label for _item, label in chosen.labelled] == ["normal", "normal", "pneumonia", "pneumonia"]
    assert not chosen.left_out


def test_a_letter_and_its_accent_are_one_however_a_system_stores_them():
    apart, composed = "ro\u0308ntgen.png", "r\u00f6ntgen.png"
    for name, row in ((apart, composed), (composed, apart)):
        brought = open_archive(pack((name, PICTURE), ("l.csv", f"file,label\n{row},viral\n")), "chest_xray")
        assert said(brought) == {composed: "viral"}


def test_utf8_that_does_not_say_so_is_read_as_utf8():
    buffer = pack(("normal/r\u00f6.png", PICTURE))
    content = buffer.getvalue()
    for start in (b"PK\x03\x04", b"PK\x01\x02"):
        at = content.index(start) + (6 if start.endswith(b"\x04") else 8)
        assert content[at + 1] == 8
        content = content[: at + 1] + b"\x00" + content[at + 2 :]
    assert names(open_archive(io.BytesIO(content), "chest_xray")) == ["normal/r\u00f6.png", "normal/honest.png"]


def test_dicom_is_known_by_its_bytes_and_what_is_no_scan_is_listed_with_what_it_is():
    dicom = bytes(128) + b"DICM" + b"\x02\x00\x00\x00UL\x04\x00" + bytes(40)
    files = {"normal/IM000001": dicom, "normal/scan.IMA": dicom, "normal/1.2.840.113619.2.5": dicom}
    others = {"normal/._a.dcm": b"\x00\x05\x16\x07", "normal/notes.txt": b"words", "normal/empty": b""}
    brought = open_archive(pack(*files.items(), *others.items()), "chest_xray")
    assert set(names(brought)) == {*files, "normal/honest.png"}
    assert set(reasons(brought)) == set(others)
    assert "plain text" in reasons(brought)["normal/notes.txt"]
    assert "empty" in reasons(brought)["normal/empty"]
