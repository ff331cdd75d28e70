"""What may be said about a project's life on a day."""

from datetime import date

import pytest

from lightbox.navigator import licences
from lightbox.navigator.library import COLUMNS
from lightbox.navigator.maintenance import freshness, is_recent, is_stale, judged, life_on, status_on

CHECKED = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("recorded", "last_sign", "today", "expected"),
    [
        ("active", date(2025, 5, 20), date(2026, 11, 20), "active"),
        ("active", date(2025, 5, 20), date(2026, 11, 21), "unknown"),
        ("active", None, date(2026, 11, 20), "unknown"),
        ("dormant", date(2020, 1, 1), date(2026, 11, 20), "dormant"),
        ("dormant", date(2020, 1, 1), date(2029, 1, 1), "unknown"),
        ("archived", date(2020, 1, 1), date(2035, 1, 1), "archived"),
        ("", date(2024, 1, 1), date(2026, 11, 20), "unknown"),
        ("", None, date(2026, 11, 20), "unknown"),
    ],
)
def test_an_old_photograph_of_a_project_turns_into_unknown(recorded, last_sign, today, expected):
    assert status_on(today, recorded=recorded, last_sign=last_sign, checked=CHECKED) == expected


@pytest.mark.parametrize(
    ("status", "last_sign", "life"),
    [
        ("active", date(2026, 1, 1), 2),
        ("unknown", date(2026, 1, 1), 2),
        ("unknown", None, 1),
        ("unknown", date(2024, 1, 1), 0),
        ("dormant", date(2024, 1, 1), 0),
        ("archived", date(2026, 1, 1), -1),
    ],
)
def test_not_to_have_looked_again_ranks_no_better_than_to_have_found_nothing(status, last_sign, life):
    assert life_on(CHECKED, status=status, last_sign=last_sign) == life


def test_a_release_is_a_sign_of_life_too(index, day):
    library = index.by_key["tscaptum"]
    assert not is_recent(library.last_commit, day)
    assert is_recent(library.release_date, day)
    assert library.status_on(day) == "active"


def test_a_fact_is_stale_a_year_after_it_was_checked():
    assert not is_stale(date(2025, 11, 21), CHECKED)
    assert is_stale(date(2025, 11, 20), CHECKED)
    assert not is_stale(None, CHECKED)


def test_every_fact_has_the_day_on_which_it_was_checked(libraries, day):
    for library in libraries:
        for column in COLUMNS:
            checked = library.checked_on(column)
            assert (checked is None) == (column.startswith("stars") and library.stars is None), (library.name, column)
            assert checked is None or checked <= day


def test_a_cell_that_was_checked_later_says_so(index):
    library = index.by_key["latent-shift-gifsplanation"]
    assert (library.checked_on("license"), library.checked_on("methods")) == (date(2026, 11, 29), date(2026, 11, 20))


def test_no_empty_status_is_ever_shown_as_dormant(libraries, day):
    for library in libraries:
        if not library.status:
            assert library.status_on(day) == "unknown"


def test_eighteen_months_to_the_day_still_count():
    assert is_recent(date(2025, 5, 20), date(2026, 11, 20))
    assert not is_recent(date(2025, 5, 19), date(2026, 11, 20))


def test_a_look_at_the_project_settles_the_status():
    assert judged(date(2026, 1, 1), CHECKED, archived=False) == "active"
    assert judged(date(2020, 1, 1), CHECKED, archived=False) == "dormant"
    assert judged(date(2026, 1, 1), CHECKED, archived=True) == "archived"


def test_freshness_falls_from_one_to_zero_over_three_years_and_is_not_guessed():
    assert freshness(date(2026, 11, 20), CHECKED) == 1.0
    assert freshness(date(2025, 5, 20), CHECKED) == 0.5
    assert freshness(date(2020, 1, 1), CHECKED) == 0.0
    assert freshness(None, CHECKED) is None
    assert freshness(date(2026, 12, 1), CHECKED) == 1.0


@pytest.mark.parametrize(
    ("expression", "kind"),
    [
        ("MIT", "permissive"),
        ("GPL-3.0-or-later AND LGPL-3.0-or-later", "copyleft"),
        ("MIT AND GPL-3.0-only", "copyleft"),
        ("MIT OR GPL-3.0-only", "permissive"),
        ("BUSL-1.1", "restricted"),
        ("LicenseRef-LSAL-1.2", "restricted"),
        ("", "unknown"),
    ],
)
def test_the_strictest_of_joined_licences_counts(expression, kind):
    assert licences.is_well_formed(expression)
    assert licences.kind(expression) == kind
