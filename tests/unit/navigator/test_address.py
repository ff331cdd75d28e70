"""A link says the same to everybody, and a broken one breaks nothing."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lightbox.navigator import table
from lightbox.navigator.address import MATRICES, VIEWS, Address, read, write
from lightbox.navigator.facets import Query
from lightbox.navigator.index import SORTS, Index
from lightbox.navigator.wizard import Answers
from tests.unit.navigator.conftest import DAY

INDEX = Index(table.load(), DAY)
FACETS = INDEX.facets
NAMES = ["q", "view", "sort", "library", "compare", "matrix", "row", "column", "page", "all", "any_model", "inside"]
NAMES += ["my_framework", "my_data", "my_goal", "nonsense", *FACETS]


@st.composite
def addresses(draw):
    chosen = {
        key: tuple(draw(st.lists(st.sampled_from(list(facet.titles)), min_size=1, max_size=3, unique=True)))
        for key, facet in FACETS.items()
        if draw(st.booleans())
    }
    all_of = frozenset(key for key in chosen if FACETS[key].multivalued and draw(st.booleans()))
    columns = MATRICES["library-data"][1]
    return Address(
        query=Query(draw(st.sampled_from(["", "grad cam", "a,b&c=d"])), chosen, all_of, draw(st.booleans())),
        view=draw(st.sampled_from(VIEWS)),
        sort=draw(st.sampled_from(list(SORTS))),
        library=draw(st.sampled_from(["", *INDEX.by_key])),
        compared=tuple(draw(st.lists(st.sampled_from(list(INDEX.by_key)), max_size=4, unique=True))),
        matrix="library-data",
        row=draw(st.sampled_from(list(INDEX.by_key))),
        column=draw(st.sampled_from(list(FACETS[columns].titles))),
        page=draw(st.integers(1, 99)),
        answers=Answers(draw(st.sampled_from(["", "pytorch", "any"])), "medical-image", "", "no"),
    )


@settings(max_examples=60, deadline=None)
@given(addresses())
def test_a_link_reads_back_as_what_was_written(address):
    again, complaints = read(write(address), INDEX)
    assert complaints == []
    assert again == address


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=40), max_size=6))
def test_no_link_whatsoever_raises(parameters):
    address, _ = read(parameters, INDEX)
    assert INDEX.search(address.query, address.sort) is not None
    assert read(write(address), INDEX) == (address, [])


def test_the_plain_page_has_a_plain_address():
    assert write(Address()) == {}


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"method": "gradcam-familly"}, "Did you mean “Grad-CAM family”"),
        ({"framework": "pytorh"}, "Did you mean “pytorch”"),
        ({"view": "grid"}, "does not know"),
        ({"library": "captun"}, "Did you mean “captum”"),
        ({"compare": "captum,nothing"}, "nothing"),
        ({"page": "-1"}, "no page"),
        ({"page": "²"}, "no page"),
        ({"row": "lrp", "column": "cobol"}, "column of the matrix"),
        ({"my_goal": "wealth"}, "my goal"),
    ],
)
def test_a_misspelt_setting_is_named_and_left_out(parameters, message):
    address, complaints = read(parameters, INDEX)
    assert len(complaints) == 1
    assert message in str(complaints[0])
    assert address == replace(Address(), compared=address.compared, row=address.row)


@pytest.mark.parametrize("spelling", ["LRP", "lrp", "Lrp", " lrp "])
def test_a_method_may_be_spelt_as_people_spell_it(spelling):
    address, complaints = read({"method": spelling}, INDEX)
    assert (address.query.values("method"), complaints) == (("LRP",), [])


def test_at_most_four_libraries_are_compared():
    five = ",".join(list(INDEX.by_key)[:5])
    assert len(read({"compare": five}, INDEX)[0].compared) == 4
