"""Memory that was let go of keeps its bytes until somebody writes there: overwriting it, and handing it back.

Only glibc can be told to; elsewhere these functions do nothing, and freed memory keeps what it held until it is used
again.
"""

from __future__ import annotations

import ctypes
import functools
import gc
import sys
from pathlib import Path
from typing import Any

# From <malloc.h>.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_PERTURB = -1, -3, -6
OVERWRITE = 0xFF
# A block at least as large is a mapping of its own, which goes back to the system whole when it is freed. Left alone,
# glibc raises the limit up to 32 MiB once such a block was freed, and keeps the next ones.
OWN_MAPPING_BYTES = 128 * 1024
# Python serves what is at most this large from pools of its own, which glibc never sees freed.
SMALL_BYTES = 512
STEP_BYTES = 16
MOST_BLOCKS = 200_000
# Each thread keeps so many freed blocks of each size up to a limit for itself, as they are.
THREAD_BLOCKS, THREAD_BYTES = 7, 1032
FRAGMENT_BYTES = (8192, 4096, 3072, 2048, 1536, 1040, 768, 512, 256)
FRAGMENTS = 3000


def overwrite_when_freed(*, wanted: bool = True) -> None:
    """Have glibc write over every block that is freed from now on, or no longer. Costs one write of each block."""
    libc = _glibc()
    if libc is not None:
        libc.mallopt(M_PERTURB, OVERWRITE if wanted else 0)


def map_large_blocks() -> None:
    """Have every large block be a mapping of its own from now on."""
    libc = _glibc()
    if libc is not None:
        libc.mallopt(M_MMAP_THRESHOLD, OWN_MAPPING_BYTES)
        libc.mallopt(M_TRIM_THRESHOLD, OWN_MAPPING_BYTES)


def give_back() -> None:
    """Collect what only cycles hold, overwrite Python's free small blocks, and hand free pages to the system."""
    gc.collect()
    overwrite_small_blocks()
    overwrite_thread_blocks()
    libc = _glibc()
    if libc is not None:
        libc.malloc_trim(0)
        overwrite_fragments()
        libc.malloc_trim(0)


def overwrite_fragments() -> None:
    """Overwrite the ends of freed blocks that share a page with something in use, and so stay when pages go back.

    glibc serves a request from the smallest free block that is large enough: from the largest size down, each takes
    the fragments that those before it were too large for.
    """
    libc = _glibc()
    if libc is None:
        return
    taken = []
    for size in FRAGMENT_BYTES:
        for _ in range(FRAGMENTS):
            block = libc.malloc(size)
            if block:
                ctypes.memset(block, 0, size)
                taken.append(block)
    for block in taken:
        libc.free(block)


def overwrite_thread_blocks() -> None:
    """Overwrite what glibc keeps of the calling thread's freed blocks. A thread that ends leaves none."""
    libc = _glibc()
    if libc is None:
        return
    sizes = [size for size in range(24, THREAD_BYTES + 1, STEP_BYTES) for _ in range(THREAD_BLOCKS)]
    # Not calloc, which does not take blocks from there.
    taken = [(libc.malloc(size), size) for size in sizes]
    for block, size in taken:
        if block:
            ctypes.memset(block, 0, size)
            libc.free(block)


def overwrite_small_blocks() -> None:
    """Fill the holes in Python's pools with zeros, for every size of block that they serve.

    A pool hands out its holes before a new arena is mapped: so the holes of one size are all filled once a block lies
    in memory that was not there at the start.
    """
    before = _mapped()
    if not before:
        return
    starts, ends = zip(*before, strict=True)
    empty = sys.getsizeof(b"")
    for size in range(3 * STEP_BYTES, SMALL_BYTES + 1, STEP_BYTES):
        filled = []
        for _ in range(MOST_BLOCKS):
            block = bytes(size - empty)
            filled.append(block)
            if _is_new(id(block), starts, ends):
                break
        del filled


def _is_new(address: int, starts: tuple[int, ...], ends: tuple[int, ...]) -> bool:
    from bisect import bisect_right

    place = bisect_right(starts, address) - 1
    return place < 0 or address >= ends[place]


def _mapped() -> list[tuple[int, int]]:
    """The writable mappings of this process, in order; none where the system does not tell."""
    try:
        lines = Path("/proc/self/maps").read_text().splitlines()
    except OSError:
        return []
    spans = (line.split()[0].split("-") for line in lines if line.split()[1].startswith("rw"))
    return sorted((int(start, 16), int(end, 16)) for start, end in spans)


@functools.cache
def _glibc() -> Any:
    """The C library, where it is glibc; else None."""
    try:
        library = ctypes.CDLL(None)
    except (OSError, TypeError):
        return None
    if not (hasattr(library, "gnu_get_libc_version") and hasattr(library, "malloc_trim")):
        return None
    library.malloc.restype, library.malloc.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    library.free.restype, library.free.argtypes = None, [ctypes.c_void_p]
    return library
