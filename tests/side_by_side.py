"""Tests side by side in the processes of pytest-xdist: which of them stay together, and which run alone.

Nothing of this is at work in a run without ``-n``.
"""

from __future__ import annotations

import fcntl
from contextlib import contextmanager
from pathlib import Path

# What shares something that takes long to start: the app and a browser, the app without one, a cluster. One process
# runs a whole folder of these. The longest begin first, so that no process is left with one at the end.
TOGETHER = ("tests/browser/", "tests/unit/jobs/", "tests/ui/")


def group_of(nodeid):
    """What one process runs in a row: one of the folders above, else a module, whose fixtures are then made once."""
    return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid.partition("::")[0])


def rank(nodeid):
    """The place of a test's group in the order in which they begin."""
    group = group_of(nodeid)
    return TOGETHER.index(group) if group in TOGETHER else len(TOGETHER)


def make_scheduler(config, log):
    """Hands out the groups in the order in which the tests were collected."""
    from xdist.scheduler import LoadScopeScheduling

    class Groups(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group_of(nodeid)

    config.option.loadscopereorder = False
    return Groups(config, log)


@contextmanager
def room_for(config, *, alone):
    """Wait until a test may run: beside any but those that run alone, or beside none at all.

    Whoever wants to be alone holds the door while the others leave, so that none comes in meanwhile.
    """
    if not hasattr(config, "workerinput"):
        yield
        return
    how = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    shared = Path(config.option.basetemp).parent
    with (shared / "door").open("w") as door, (shared / "room").open("w") as room:
        fcntl.flock(door, how)
        fcntl.flock(room, how)
        if not alone:
            fcntl.flock(door, fcntl.LOCK_UN)
        yield
