"""What was freed is overwritten: seen from another process, where the system allows it."""

import subprocess
import sys
from pathlib import Path

import pytest

from lightbox.core import freed_memory
from lightbox.core.freed_memory import _glibc

ROOT = Path(__file__).resolve().parents[3]
# Plants many short texts and a long one, frees them, and counts those that can still be found in its own memory.
# The text that is searched for is put together late, and once more than found: the search itself holds it.
PROGRAM = """
import sys
from pathlib import Path
from lightbox.core import freed_memory

def count():
    needle = b"".join([b"plan", b"ted-", b"text"])
    found = 0
    with open("/proc/self/mem", "rb", buffering=0) as memory:
        for start, end in freed_memory._mapped():
            memory.seek(start)
            try:
                found += memory.read(end - start).count(needle)
            except OSError:
                pass
    return found

def plant():
    short = ["plan" + "ted-text-%d" % number + "x" * (number % 300) for number in range(3000)]
    medium = [("plan" + "ted-text-%d" % number) * 60 for number in range(300)]
    large = ("plan" + "ted-text-") * 50_000
    return len(short) + len(medium) + len(large)

if "overwrite" in sys.argv:
    freed_memory.overwrite_when_freed()
    freed_memory.map_large_blocks()
empty = count()
plant()
before = count()
freed_memory.give_back()
print(before - empty, count() - empty)
"""


def run(*words):
    command = [sys.executable, "-c", PROGRAM, *words]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    return [int(word) for word in answer.stdout.split()]


@pytest.mark.skipif(_glibc() is None, reason="only glibc can be told to overwrite what is freed")
def test_freed_texts_of_every_size_are_gone_after_giving_back():
    before, after = run("overwrite")
    assert before > 1000, "nothing was left to overwrite: the test shows nothing"
    assert after <= 0


@pytest.mark.skipif(_glibc() is None, reason="only glibc can be told to overwrite what is freed")
def test_what_lives_is_never_touched():
    texts = [bytes([number % 251]) * (16 * (number % 40) + 1) for number in range(4000)]
    copies = [text[:1] * len(text) for text in texts]
    freed_memory.give_back()
    assert texts == copies


def test_elsewhere_nothing_happens(monkeypatch):
    monkeypatch.setattr(freed_memory, "_glibc", lambda: None)
    monkeypatch.setattr(freed_memory, "_mapped", list)
    freed_memory.overwrite_when_freed()
    freed_memory.map_large_blocks()
    freed_memory.give_back()
