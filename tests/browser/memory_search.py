"""What the memory of a process holds, read from outside: Linux only."""

from pathlib import Path

PIECE, PAGE = 16 * 1024 * 1024, 4096


def find(pid, planted):
    """Where each of the planted texts stands in a process: {name: ["region: what is around it", ...]}.

    Args:
        pid: of the process.
        planted: the bytes to look for, by name.
    """
    found = {}
    for start, end, region in writable(pid):
        for name, address, around in search(pid, start, end, planted):
            found.setdefault(name, []).append(f"{address:x} in {region or 'anonymous'}: {around}")
    return found


def writable(pid):
    """The private memory that a process has written to, or could: (start, end, name)."""
    for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
        span, rights, *rest = line.split(maxsplit=5)
        name = rest[3] if len(rest) > 3 else ""
        if rights.startswith("rw") and name not in ("[vvar]", "[vsyscall]"):
            start, end = (int(number, 16) for number in span.split("-"))
            yield start, end, name


def search(pid, start, end, planted):
    longest = max(map(len, planted.values()))
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        at = start
        while at < end:
            try:
                memory.seek(at)
                piece = memory.read(min(PIECE + longest, end - at))
            except OSError:  # unmapped meanwhile, or not there; what follows may still be
                at += PAGE
                continue
            for name, text in planted.items():
                for place in places(piece, text):
                    yield name, at + place, piece[max(0, place - 48) : place + len(text) + 16]
            at += min(PIECE, len(piece)) or PAGE  # less was read where a hole begins


def places(piece, text):
    """Where a text begins in a piece; what begins behind the piece proper is the next one's."""
    place = piece.find(text, 0, PIECE + len(text) - 1)
    while place >= 0:
        yield place
        place = piece.find(text, place + len(text), PIECE + len(text) - 1)
