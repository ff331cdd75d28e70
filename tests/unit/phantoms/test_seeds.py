"""No seed that is learned from is ever asked about."""

import itertools

import pytest

from components.ground_truth import new_scans
from lightbox.core.errors import UserFacingError
from lightbox.phantoms.seeds import FRESH, SAMPLES, SHORTCUT, TABLE, TRAINING, check_not_learned
from lightbox.phantoms.shipped import SHIPPED
from lightbox.training import embed
from lightbox.training.embed import Amounts


def test_no_seed_belongs_to_two():
    for before, after in itertools.pairwise((SAMPLES, TABLE, TRAINING, FRESH, SHORTCUT)):
        assert before.stop == after.start
    assert SAMPLES.start == 0


def test_everyone_stays_within_their_own():
    assert all(recipe.seed in SAMPLES for recipe in SHIPPED)
    seeds = next(field for field in new_scans.FIELDS if field.name == "seed")
    assert FRESH.start + new_scans.MOST * seeds.high + new_scans.MOST - 1 in FRESH
    assert FRESH.start + Amounts().phantoms - 1 < embed.FIRST_FAMILIAR_SEED
    assert embed.FIRST_FAMILIAR_SEED + Amounts().reference in FRESH


@pytest.mark.parametrize("seeds", [range(1_000_000, 1_000_001), range(999_990, 1_000_010), range(3_999_999, 4_000_001)])
def test_seeds_that_are_learned_from_are_refused(seeds):
    with pytest.raises(UserFacingError, match="are trained on"):
        check_not_learned(seeds)


@pytest.mark.parametrize("seeds", [range(900_000, 1_000_000), range(2_000_000, 3_000_000), range(5_000_000, 5_000_001)])
def test_all_others_may_be_asked_about(seeds):
    check_not_learned(seeds)
