"""Tests side by side in the processes of pytest-xdist: which of them stay together, and which have right of way.

Nothing of this is at work in a run without ``-n``.
"""

from __future__ import annotations

import os

# Laws about time. The process that begins with them has right of way for as long as it lives, and the others give way:
# what is measured then hardly notices them, and nobody stands still meanwhile.
TIMED = (
    "tests/browser/test_cancel_journey.py::",
    "tests/unit/jobs/test_quick_stops.py::",
    "tests/unit/imaging/test_decode.py::test_typical_picture_takes_under_a_second_with_the_start_of_the_process",
    "tests/unit/imaging/test_decode_bounds.py::test_slow_uploads_do_not_keep_a_quick_one_waiting_for_long",
    "tests/unit/navigator/test_index.py::test_a_thousand_libraries_are_counted_in_a_blink",
)
# It has an app of its own, and waits for most of two minutes.
FORGETTING = "tests/browser/test_forgetting.py::"
# What shares something that takes long to start: the app and a browser, a cluster, the app without a browser. One
# process runs a whole folder of these. The longest begin first, so that no process is left with one at the end.
FOLDERS = ("tests/browser/", "tests/unit/jobs/", "tests/ui/", "tests/contract/")
ORDER = (TIMED[0], FOLDERS[0], FOLDERS[1], FORGETTING, *FOLDERS[2:])
NICER = 10


def group_of(nodeid):
    """What one process runs in a row, by a name: the timed tests, one of the folders above, else a module."""
    if nodeid.startswith(TIMED):
        return TIMED[0]
    return next((part for part in (FORGETTING, *FOLDERS) if nodeid.startswith(part)), nodeid.partition("::")[0])


def rank(nodeid):
    """The place of a test's group in the order in which they begin."""
    group = group_of(nodeid)
    return ORDER.index(group) if group in ORDER else len(ORDER)


def make_scheduler(config, log):
    """Hands out the groups in the order in which the tests were collected."""
    from xdist.scheduler import LoadScopeScheduling

    class Groups(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group_of(nodeid)

    config.option.loadscopereorder = False
    return Groups(config, log)


class RightOfWay:
    """Whether this process has it, found out by its first test."""

    decided = False

    @classmethod
    def settle(cls, nodeid):
        """Let others go first, once and for good, unless this process begins with the timed tests."""
        if not cls.decided and not nodeid.startswith(TIMED):
            os.nice(NICER)
        cls.decided = True
