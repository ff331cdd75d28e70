"""From the bytes of an upload to a `Scan`, through a child process that can be lost."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from lightbox.core import settings
from lightbox.core.errors import PassingError, UserFacingError
from lightbox.core.logs import get_logger
from lightbox.core.tasks import TASKS
from lightbox.imaging._cpu import ended_by_the_count
from lightbox.imaging._decode_child import READY
from lightbox.imaging._decoder_queue import Turn, Turns
from lightbox.imaging._limits import check_bytes
from lightbox.imaging._sniff import sniff
from lightbox.imaging.scan import Provenance, Scan

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

CHILD = "lightbox.imaging._decode_child"
# For a child that hangs; one that computes too long is ended by the system, by processor time, see `_cpu`.
WALL_SECONDS = 60.0
WAIT_SECONDS = 30.0
# A file that takes longer makes room for others.
SLOW_SECONDS = 1.0
SLOW_NICENESS = 10
NO_ROOM = {errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE}
HEADER_BYTES = 65536
MOST_SAID = 8192
# Enough for the dynamic linker and for Windows; tokens, keys and home directories stay behind.
INHERITED = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
LIMITS = ("LIGHTBOX_MAX_MEGAPIXELS", "LIGHTBOX_MAX_UPLOAD_MB")
# Each child may take more than a gigabyte: uploads of many people wait for each other.
TURNS = Turns(quick=2, slow=2)
EXPORT_HINT = "Export the picture again, smaller or uncompressed, and upload that."


def decode(content: bytes, modality: str, *, on_wait: Callable[[], None] = lambda: None) -> Scan:
    """The scan in a file of type PNG, JPEG or DICOM, told by its bytes alone.

    The decoding runs in a child process with bounded memory and time, no secrets in its environment,
    and no right to write a file; the bytes go to it through a pipe. One child serves one file, and few run at once.

    Args:
        content: the whole file.
        modality: the key of a task.
        on_wait: called a few times a second while the file waits for others; what it raises ends the waiting.

    Raises:
        UserFacingError: what the file is instead, or why it cannot be read, and what to do.
    """
    modality = TASKS[modality].key
    digest = hashlib.sha256(content).hexdigest()[:8]
    logger = get_logger("imaging")
    started = time.monotonic()
    try:
        check_bytes(len(content))
        kind = sniff(content)
        with TURNS.take(seconds=WAIT_SECONDS, on_wait=on_wait) as turn:
            answer = _ask_child(content, kind, turn)
        scan = _scan_of(answer, modality)
    except UserFacingError as error:
        logger.info("upload of %d bytes, sha256 %s..., refused: %s", len(content), digest, error.message)
        raise
    seconds = time.monotonic() - started
    logger.info("upload of %d bytes, sha256 %s..., decoded in %.2f s", len(content), digest, seconds)
    return scan


def _ask_child(content: bytes, kind: str, turn: Turn) -> bytes:
    """All that the child says about ``content``.

    Raises:
        UserFacingError: it did not start, was stopped, or died.
    """
    child = _start(kind)
    stopped = threading.Event()
    clocks = (
        threading.Timer(WALL_SECONDS, _stop, (child, stopped)),
        threading.Timer(SLOW_SECONDS, _let_others_pass, (child, turn)),
    )
    said: list[bytes] = []
    helpers = (
        threading.Thread(target=_feed, args=(child.stdin, content), daemon=True),
        threading.Thread(target=_listen, args=(child.stderr, said), daemon=True),
    )
    for clock in clocks:
        clock.daemon = True
    begun: list[threading.Thread] = []
    answered = False
    try:
        for thread in (*clocks, *helpers):
            thread.start()
            begun.append(thread)
        answer = _read_bounded(child.stdout)
        answered = True
    except RuntimeError as error:  # the system starts no thread
        raise PassingError(
            "This file could not be read: the computer has no room for another thread now.", "Try again in a moment."
        ) from error
    finally:
        if not answered:
            child.kill()
        _close(child.stdout)
        child.wait()
        for clock in clocks:
            clock.cancel()
        for thread in helpers:
            if thread in begun:
                thread.join()
    ready, answer = answer.startswith(READY), answer.removeprefix(READY)
    if not ready:
        raise _never_ready(child.returncode, b"".join(said))
    if stopped.is_set() or child.returncode != 0:
        raise _ended(child.returncode, stopped=stopped.is_set())
    return answer


def _never_ready(code: int, said: bytes) -> UserFacingError:
    """The program's fault, not the file's: the child had not yet read anything of it, so its words go to the log."""
    words = said.decode(errors="replace").strip()
    get_logger("imaging").error("decoder did not start, code %d: %s", code, words or "it said nothing")
    return PassingError(
        "The part of Lightbox that reads files could not be started, so nothing is known about this file.",
        "The program is at fault, not the file: whoever runs Lightbox finds the reason in its log.",
    )


def _ended(code: int, *, stopped: bool) -> UserFacingError:
    """Why a child that had begun with the file is gone."""
    get_logger("imaging").warning("decoder ended with code %d", code)
    if stopped:
        return UserFacingError(
            f"Reading this file took longer than {WALL_SECONDS:g} seconds and was stopped.", EXPORT_HINT
        )
    if ended_by_the_count(code):
        return UserFacingError(
            "Reading this file takes far more computing than a picture of its size should, and was stopped.",
            EXPORT_HINT,
        )
    if code == -int(getattr(signal, "SIGKILL", 9)):
        return _broke_off("the system ended the decoder, as it does when memory runs out")
    return _broke_off("it makes the decoder fail")


def _start(kind: str) -> subprocess.Popen[bytes]:
    """A fresh child, waiting for its file.

    Raises:
        UserFacingError: the system starts no process, for want of room or another reason.
    """
    # Not multiprocessing: Streamlit makes the page `__main__`, which a spawned child would run again.
    try:
        return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-P", "-m", CHILD, kind],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,  # until the child is ready; what codecs say of the file is for nobody
            env=_environment(),
        )
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise _never_ready(error.errno or 0, (error.strerror or "").encode()) from None
        get_logger("imaging").warning("decoder did not start: errno %s", error.errno)
        raise PassingError(
            "The decoder could not be started: the computer has no room for another process now.",
            "Try again in a moment.",
        ) from None


def _environment() -> dict[str, str]:
    """What the child may know: where the same Python packages are, and the limits."""
    kept = {name: os.environ[name] for name in INHERITED + LIMITS if name in os.environ}
    # This process's own order, so that a module is found where this process finds it. The project comes last: its
    # folder may hold anything, and is needed only where an import hook, not a path, leads to the package.
    packages = os.pathsep.join([*(path for path in sys.path if path), str(settings.PROJECT_DIR)])
    return kept | {"PYTHONPATH": packages, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def _stop(child: subprocess.Popen[bytes], stopped: threading.Event) -> None:
    if child.poll() is None:
        stopped.set()
        child.kill()


def _let_others_pass(child: subprocess.Popen[bytes], turn: Turn) -> None:
    """A file that takes long goes on behind the others, beside the next one."""
    turn.make_room()
    with contextlib.suppress(OSError, AttributeError):  # it has just ended; Windows has no such call
        if child.poll() is None:
            os.setpriority(os.PRIO_PROCESS, child.pid, SLOW_NICENESS)


def _listen(pipe: IO[bytes] | None, said: list[bytes]) -> None:
    """Keep the first of what the child says on standard error, which it closes before it reads the file."""
    if pipe is None:
        return
    with contextlib.suppress(OSError, ValueError):
        said.append(pipe.read(MOST_SAID))
        while pipe.read(MOST_SAID):
            pass
    _close(pipe)


def _feed(pipe: IO[bytes] | None, content: bytes) -> None:
    """Write everything; a child that died before it had read everything is told of elsewhere."""
    if pipe is None:
        return
    try:
        pipe.write(content)
    except OSError:
        pass
    finally:
        _close(pipe)


def _close(pipe: IO[bytes] | None) -> None:
    """Close a pipe whose other end may be gone, which makes flushing fail."""
    try:
        if pipe is not None:
            pipe.close()
    except OSError:
        pass


def _read_bounded(pipe: IO[bytes] | None) -> bytes:
    """What the child says, up to the largest honest answer: a child gone wrong cannot fill our memory."""
    largest = int(4 * settings.get_number("MAX_MEGAPIXELS") * 1e6) + HEADER_BYTES
    answer = pipe.read(largest + 1) if pipe is not None else b""
    if len(answer) > largest:
        raise _lost()
    return answer


def _scan_of(answer: bytes, modality: str) -> Scan:
    """The scan, or the error, that the child's answer spells.

    Raises:
        UserFacingError: the child's own, or that the answer makes no sense.
    """
    header, _, raw = answer.partition(b"\n")
    try:
        said: dict[str, Any] = json.loads(header)
        if "message" in said:
            raise UserFacingError(str(said["message"]), str(said["hint"]))
        pixels = np.frombuffer(raw, dtype="<f4").reshape(said["shape"])
        return Scan(pixels, modality, _provenance(said["provenance"]))
    except (ValueError, TypeError, KeyError):
        raise _lost() from None


def _provenance(said: dict[str, Any]) -> Provenance:
    """The provenance with JSON's lists as tuples again."""
    window, sides = said["window"], said["sides"]
    return Provenance(
        format=str(said["format"]),
        photometric=str(said["photometric"]),
        bit_depth=int(said["bit_depth"]),
        original_hw=(int(said["original_hw"][0]), int(said["original_hw"][1])),
        window=None if window is None else (float(window[0]), float(window[1])),
        notes=tuple(str(note) for note in said["notes"]),
        sides=None if sides is None else (str(sides[0]), str(sides[1]), str(sides[2]), str(sides[3])),
    )


def _lost() -> UserFacingError:
    return _broke_off("what the decoder gave back makes no sense")


def _broke_off(why: str) -> UserFacingError:
    return UserFacingError(f"Reading this file broke off: {why}.", EXPORT_HINT)
