"""What may be said about a project's life on a day."""

from datetime import date

import pytest

from lightbox.navigator import licences
from lightbox.navigator.maintenance import freshness, is_recent, judged, status_on

CHECKED = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("recorded", "last_commit", "today", "expected"),
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
def test_an_old_photograph_of_a_project_turns_into_unknown(recorded, last_commit, today, expected):
    assert status_on(today, recorded=recorded, last_commit=last_commit, checked=CHECKED) == expected


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
