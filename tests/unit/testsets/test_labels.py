"""Folders, tables and odd names."""

import pytest

from lightbox.core.errors import UserFacingError
from lightbox.testsets.item import Brought, Item
from lightbox.testsets.labels import apply_table, choose_table, count_said, folder_label, sort, suggest
from lightbox.testsets.single_files import gather_files


def brought(*names, contents=None):
    items = tuple(Item(name, 3, folder_label(name, "chest_xray"), number) for number, name in enumerate(names))
    return Brought(items, (), lambda item: (contents or {}).get(item.name, b"abc"))


def said(found):
    return {item.name: item.said for item in found.items}


def test_the_innermost_folder_that_names_a_class_counts():
    assert folder_label("normal/virus/site 3/a.png", "chest_xray") == "virus"
    assert folder_label("Testing/glioma_tumor/a.png", "brain_mri") == "glioma_tumor"
    assert folder_label("a.png", "brain_mri") == ""


def test_a_word_of_the_files_name_is_a_hint_that_a_person_decides_about():
    label = folder_label("test/PNEUMONIA/person1_virus_6.jpeg", "chest_xray")
    assert label == "PNEUMONIA: virus"
    assert suggest(label, "chest_xray") == "viral"
    found = brought("test/PNEUMONIA/person1_virus_6.jpeg")
    assert not sort(found.items, "chest_xray", {}).labelled
    assert sort(found.items, "chest_xray", {label: "viral"}).labelled[0][1] == "viral"


def test_odd_names_are_left_out_by_name_unless_someone_says_what_they_are():
    found = brought("normal/a.png", "Lungs (old)/b.png", "c.png")
    assert count_said(found.items) == {"normal": 1, "Lungs (old)": 1, "": 1}
    chosen = sort(found.items, "chest_xray", {"Lungs (old)": None})
    assert [(item.name, label) for item, label in chosen.labelled] == [("normal/a.png", "normal")]
    assert {problem.name for problem in chosen.left_out} == {"Lungs (old)/b.png", "c.png"}
    assert "Lungs (old)" in chosen.left_out[0].reason


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_names_files_by_path_or_by_an_unambiguous_name(separator):
    rows = [["File", "Label"], ["x/a.png", "virus"], ["b.png", "normal"], ["gone.png", "normal"]]
    content = "\ufeff" + "\r\n".join(separator.join(row) for row in rows)
    found = apply_table(brought("set/x/a.png", "set/y/b.png", "set/y/c.png"), "set/list.csv", content.encode())
    assert said(found) == {"set/x/a.png": "virus", "set/y/b.png": "normal"}
    reasons = {problem.name: problem.reason for problem in found.problems}
    assert "not there" in reasons["gone.png"]
    assert "does not name it" in reasons["set/y/c.png"]


def test_files_of_another_folder_are_not_taken_for_those_of_the_table():
    table = b"file,label\nTraining/a/1.png,glioma\nTraining/a/2.png,meningioma\n"
    found = apply_table(brought("Testing/a/1.png", "Testing/a/2.png"), "", table)
    assert not found.items
    reasons = {problem.name: problem.reason for problem in found.problems}
    assert "not there" in reasons["Training/a/1.png"]
    assert "does not name it" in reasons["Testing/a/2.png"]


def test_a_row_with_the_files_own_path_goes_first_wherever_it_stands():
    table = b"file,label\nset/test/1.png,glioma\n1.png,meningioma\ntest/1.png,no_tumor\n"
    found = apply_table(brought("test/1.png"), "", table)
    assert said(found) == {"test/1.png": "no_tumor"}
    assert [(problem.name, "not there" in problem.reason) for problem in found.problems] == [
        ("set/test/1.png", True), ("1.png", True)]  # fmt: skip


def test_a_row_may_have_more_folders_than_the_file():
    found = apply_table(brought("a/1.png", "2.png"), "", b"file,label\nset/a/1.png,virus\nset/b/2.png,normal\n")
    assert said(found) == {"a/1.png": "virus", "2.png": "normal"}
    assert not found.problems


@pytest.mark.parametrize(
    ("names", "rows"),
    [(("x/b.png", "y/b.png"), ("b.png",)), (("b.png",), ("x/b.png", "y/b.png")), (("xb.png",), ("b.png",))],
)
def test_what_could_be_two_files_or_two_rows_is_nobodys(names, rows):
    table = "file,label\n" + "".join(f"{row},{label}\n" for row, label in zip(rows, ("virus", "normal"), strict=False))
    found = apply_table(brought(*names), "", table.encode())
    assert not found.items
    assert {problem.name for problem in found.problems} == {*names, *rows}


def test_files_of_one_name_are_told_apart_by_their_folders():
    table = "file,label\n" + "".join(f"{number}/image.png,virus\n" for number in range(20_000))
    found = apply_table(brought(*(f"set/{number}/image.png" for number in range(20_000))), "", table.encode())
    assert len(found.items) == 20_000
    assert not found.problems


def test_a_file_named_twice_keeps_its_first_class_and_is_reported():
    found = apply_table(brought("a.png"), "", b"file,label\na.png,virus\na.png,normal\n,normal\n")
    assert said(found) == {"a.png": "virus"}
    assert [problem.reason.split(",")[0] for problem in found.problems] == [
        "The table names it twice", "The row lacks the file or its class."]  # fmt: skip


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"path only\na.png\n", b'file,label\n"a,b\n'])
def test_a_table_of_no_use_is_reported_and_folders_count(content):
    table = Item("list.csv", 10, "", 9)
    found = choose_table(brought("normal/a.png", contents={"list.csv": content}), [table])
    assert said(found) == {"normal/a.png": "normal"}
    assert found.problems[0].name == "list.csv"


def test_two_usable_tables_are_one_too_many():
    tables = [Item("a.csv", 10, "", 8), Item("b.csv", 10, "", 9)]
    content = b"file,label\nnormal/a.png,virus\n"
    with pytest.raises(UserFacingError, match="2 CSV files"):
        choose_table(brought("normal/a.png", contents={"a.csv": content, "b.csv": content}), tables)


def test_loose_files_need_a_table():
    picture = ("a.png", 3, lambda: b"abc")
    with pytest.raises(UserFacingError, match="no CSV"):
        gather_files([picture], "chest_xray")
    found = gather_files([picture, ("l.csv", 30, lambda: b"file,label\na.png,virus\n")], "chest_xray")
    assert said(found) == {"a.png": "virus"}
    assert found.read(found.items[0]) == b"abc"


def test_more_than_the_session_may_hold_is_refused(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_TEST_SET_MB", "1")
    with pytest.raises(UserFacingError, match="the limit is 1 MB"):
        gather_files([("a.png", 2_000_000, lambda: b"")], "chest_xray")


def test_capitals_count_only_where_one_file_and_one_row_can_be_meant():
    table = b"file,label\nIMG_1.PNG,virus\nimg_2.png,normal\nIMG_2.png,virus\n"
    found = apply_table(brought("img_1.png", "Img_2.png", "img_2.PNG"), "", table)
    assert said(found) == {"img_1.png": "virus"}
    reasons = {problem.name: problem.reason for problem in found.problems}
    assert all("not clear" in reasons[row] for row in ("img_2.png", "IMG_2.png"))
    assert all("Not clear" in reasons[file] for file in ("Img_2.png", "img_2.PNG"))


def test_a_row_with_the_very_name_goes_before_one_that_differs_in_capitals():
    found = apply_table(brought("a.png", "A.png"), "", b"file,label\nA.png,virus\na.png,normal\n")
    assert said(found) == {"A.png": "virus", "a.png": "normal"}
    assert not found.problems


def test_capitals_and_first_folders_may_both_differ():
    found = apply_table(brought("set/Scans/a.png"), "", b"file,label\nC:\\data\\SCANS\\A.PNG,virus\n")
    assert not found.items  # "data/SCANS/A.PNG" and "set/Scans/a.png" are neither the end of the other
    found = apply_table(brought("set/Scans/a.png"), "", b"file,label\nscans\\A.PNG,virus\n")
    assert said(found) == {"set/Scans/a.png": "virus"}


def test_nearly_the_same_name_is_named_on_both_sides_and_never_used():
    found = apply_table(brought("img_1.jpg", "b.png"), "", b"file,label\nIMG-1.png,virus\nb.png,normal\n")
    assert said(found) == {"b.png": "normal"}
    reasons = {problem.name: problem.reason for problem in found.problems}
    assert "not there; img_1.jpg has nearly the same name" in reasons["IMG-1.png"]
    assert "it names IMG-1.png" in reasons["img_1.jpg"]


def test_a_file_that_is_left_out_is_not_said_to_be_absent():
    table = b"file,label\nscans/a.png,virus\nmasks/a.png,virus\n"
    found = gather_files(
        [("scans/a.png", 3, lambda: b"abc"), ("masks/a.png", 3, lambda: b"abc"), ("l.csv", 30, lambda: table)],
        "chest_xray",
    )
    assert said(found) == {"scans/a.png": "virus"}
    assert [problem.name for problem in found.problems] == ["masks/a.png"]
    assert "'masks'" in found.problems[0].reason


def test_a_networks_own_class_goes_before_another_ones_alias():
    assert suggest("Virus", "chest_xray", ("normal", "virus")) == "virus"
    assert suggest("Virus", "chest_xray") == "viral"
    assert suggest("viral pneumonia", "chest_xray", ("normal", "pneumonia")) is None
    assert suggest("Bacterial pneumonia", "chest_xray") == "bacterial"


@pytest.mark.parametrize(
    ("names", "rows"),
    [
        (("a.png",), ("a.png", "A.png")),
        (("set/Img.png",), ("IMG.png", "img.PNG")),
        (("Img.png",), ("IMG.png", "img.PNG")),
    ],
)
def test_rows_that_differ_in_capitals_only_are_not_said_to_be_absent(names, rows):
    table = "file,label\n" + "".join(f"{row},virus\n" for row in rows)
    found = apply_table(brought(*names), "", table.encode())
    assert said(found) == ({"a.png": "virus"} if names == ("a.png",) else {})
    reasons = {problem.name: problem.reason for problem in found.problems}
    assert not any("not there" in reason for reason in reasons.values())
    assert "not clear which file" in reasons[rows[1]]
