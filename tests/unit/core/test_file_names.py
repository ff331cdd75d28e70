"""When two names mean one file."""

import pytest

from lightbox.core.file_names import fold_name, near_name, show_name, tidy_name


@pytest.mark.parametrize(
    ("raw", "tidy"),
    [
        ("set\\scans\\a.png", "set/scans/a.png"),
        ("./a.png", "a.png"),
        (".\\a//b/./c.png", "a/b/c.png"),
        ("ro\u0308.png", "r\u00f6.png"),
        ("../a.png", "../a.png"),
        ("A/B.png", "A/B.png"),
        ("folder/", "folder"),
    ],
)
def test_a_path_has_one_form(raw, tidy):
    assert tidy_name(raw) == tidy
    assert tidy_name(tidy) == tidy


def test_capitals_and_accents_fold_and_different_names_stay_apart():
    assert fold_name("Set\\IMG_1.PNG") == fold_name("set/img_1.png")
    assert fold_name("STRASSE.png") == fold_name("stra\u00dfe.png")
    assert fold_name("RO\u0308.png") == fold_name("r\u00f6.png")
    assert fold_name("img_1.png") != fold_name("img_2.png")


def test_near_names_differ_in_marks_and_suffix_only():
    assert near_name("a/IMG-1.png") == near_name("img_1.jpg") == near_name("img 1")
    assert near_name("img_1.png") != near_name("img_11.png")


def test_what_would_not_show_is_replaced():
    assert show_name("a\x1b[31m\udcff.png") == "a\ufffd[31m\ufffd.png"
