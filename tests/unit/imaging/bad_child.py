"""A decoder gone wrong, in the way that the bytes after the PNG signature name."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import time
from pathlib import Path

from lightbox.imaging._cpu import start_counting
from lightbox.imaging._decode_child import READY, _be_silent, _bound

MARKER = "DOE^JANE"


def close_and_stay() -> None:
    os.close(1)
    time.sleep(60)


def compute_for_ever() -> None:
    start_counting()
    while True:
        pass


def ask_for_memory() -> None:
    _bound()
    bytearray(8 << 30)


def write_a_file() -> None:
    _bound()
    try:
        Path("written-by-a-decoder").write_bytes(b"pixels")
    except OSError:
        say("refused")
    else:
        say("wrote")


def answer(header: bytes, pixels: bytes) -> None:
    sys.stdout.buffer.write(header + b"\n" + pixels)


def answer_and_crash() -> None:
    answer(PIXEL, bytes(4))
    sys.stdout.buffer.flush()
    os._exit(3)


def quote_the_file() -> None:
    raise ValueError(MARKER)


PIXEL = (
    b'{"shape": [1, 1], "provenance": {"format": "PNG", "photometric": "grey", "bit_depth": 8,'
    b' "original_hw": [1, 1], "window": null, "notes": [], "sides": null}}'
)
WAYS = {
    "sleep": lambda: time.sleep(60),
    "silent": close_and_stay,
    "busy": compute_for_ever,
    "killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "segfault": lambda: ctypes.string_at(0),
    "memory": ask_for_memory,
    "file": write_a_file,
    "flood": lambda: sys.stdout.buffer.write(bytes(400 << 20)),
    "garbage": lambda: answer(b"not json", bytes(50)),
    "nan": lambda: answer(PIXEL, b"\x00\x00\xc0\x7f"),
    "late-crash": answer_and_crash,
    "talkative": quote_the_file,
    "honest": lambda: answer(PIXEL, bytes(4)),
    "environment": lambda: say(" ".join(f"{name}={value}" for name, value in os.environ.items())),
}


def say(message: str) -> None:
    sys.stdout.buffer.write(json.dumps({"message": message, "hint": "-"}).encode() + b"\n")


if __name__ == "__main__":
    _be_silent()
    sys.stdout.buffer.write(READY)
    sys.stdout.buffer.flush()
    WAYS[sys.stdin.buffer.read()[8:].decode()]()
