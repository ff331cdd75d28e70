"""The navigator and the methods know of each other."""

from lightbox.explainers import METHODS
from lightbox.navigator import libraries_for_method
from lightbox.navigator.methods import RUN_HERE


def test_what_the_navigator_offers_to_try_here_is_what_runs_here():
    assert set(RUN_HERE) == set(METHODS)


def test_every_method_has_libraries_that_implement_it():
    assert all(libraries_for_method(key) for key in METHODS)
