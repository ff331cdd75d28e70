"""Licences as people type them."""

import pytest

from lightbox.navigator import licences
from lightbox.navigator.facets import Query


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("mit", "MIT"),
        ("MIT license", "MIT"),
        ("lrp with mit licence", "MIT"),
        ("apache 2.0", "Apache"),
        ("apache 2", "Apache"),
        ("shap apache", "Apache"),
        ("bsd", "BSD"),
        ("BSD 3-Clause heat maps", "BSD-3-Clause"),
        ("gpl", ("GPL", "AGPL")),
        ("GPLv3", ("GPL-3", "AGPL-3")),
        ("lgpl", "LGPL"),
        ("agpl", "AGPL"),
    ],
)
def test_a_typed_licence_filters_by_it(index, text, start):
    found = index.search(Query(text))
    assert found
    for row in found:
        assert any(part.startswith(start) for part in licences.identifiers(row.license)), row.name
    assert index.read(text).versions == ()


def test_every_row_under_the_licence_is_found(index):
    found = {row.name for row in index.search(Query("gpl"))}
    parts = {row.name: licences.identifiers(row.license) for row in index.libraries}
    assert found == {name for name, own in parts.items() if any(one.startswith(("GPL", "AGPL")) for one in own)}


@pytest.mark.parametrize("text", ["commercial use", "free for commercial use", "grad cam for commercial use"])
def test_commercial_use_needs_a_licence_that_allows_it(index, text):
    assert index.read(text).required == ()
    found = index.search(Query(text))
    assert found
    assert {row.licence_kind for row in found} == {"permissive", "copyleft"}


def test_a_licence_can_be_excluded(index):
    found = index.search(Query("lrp not gpl"))
    assert found
    assert not any(part.startswith(("GPL", "AGPL")) for row in found for part in licences.identifiers(row.license))


def test_licence_itself_says_nothing(index):
    assert index.read("which licence").held == ()
    assert index.read("which license").unknown == ()


def test_apache_spark_is_no_licence(index):
    assert index.read("apache spark shap").values("licence") == ()
