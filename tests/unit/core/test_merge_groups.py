"""Chains make one group, and who stands for it depends on the order alone."""

from lightbox.core.merge_groups import unite


def test_groups_that_share_a_member_are_one():
    found = unite([("a", "b"), ("c", "d"), ("e",), ("d", "b"), ("f", "g")])
    together = {frozenset(key for key in found if found[key] == top) for top in found.values()}
    assert together == {frozenset("abcd"), frozenset("e"), frozenset("fg")}


def test_the_first_of_a_tie_stands_for_it():
    assert unite([("b", "a"), ("c", "b")]) == {"b": "c", "a": "c", "c": "c"}
    assert unite([("b", "a"), ("a", "c")]) == {"b": "b", "a": "b", "c": "b"}


def test_a_long_chain_is_no_matter():
    assert set(unite((number, number + 1) for number in range(50_000)).values()) == {0}
    assert len(set(unite((number + 1, number) for number in range(50_000)).values())) == 1


def test_nothing_is_nothing():
    assert unite([]) == {}
