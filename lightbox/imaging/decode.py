"""From the bytes of an upload to a `Scan`, through a child process that can be lost."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np

from lightbox.core import settings
from lightbox.core.errors import UserFacingError
from lightbox.core.logs import get_logger
from lightbox.core.tasks import TASKS
from lightbox.imaging._limits import check_bytes
from lightbox.imaging._sniff import sniff
from lightbox.imaging.scan import Provenance, Scan

if TYPE_CHECKING:
    from typing import IO

CHILD = "lightbox.imaging._decode_child"
WALL_SECONDS = 20.0
HEADER_BYTES = 65536
# Enough for the dynamic linker and for Windows; tokens, keys and home directories stay behind.
INHERITED = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
LIMITS = ("LIGHTBOX_MAX_MEGAPIXELS", "LIGHTBOX_MAX_UPLOAD_MB")
# Each child may take more than a gigabyte: uploads of many people wait for each other.
SLOTS = threading.BoundedSemaphore(2)


def decode(content: bytes, modality: str) -> Scan:
    """The scan in a file of type PNG, JPEG or DICOM, told by its bytes alone.

    The decoding runs in a child process with bounded memory and time, no secrets in its environment,
    and no right to write a file; the bytes go to it through a pipe. One child serves one file.

    Args:
        content: the whole file.
        modality: the key of a task.

    Raises:
        UserFacingError: what the file is instead, or why it cannot be read, and what to do.
    """
    modality = TASKS[modality].key
    digest = hashlib.sha256(content).hexdigest()[:8]
    logger = get_logger("imaging")
    started = time.monotonic()
    try:
        check_bytes(len(content))
        sniff(content)
        with SLOTS:
            answer = _ask_child(content)
        scan = _scan_of(answer, modality)
    except UserFacingError as error:
        logger.info("upload of %d bytes, sha256 %s..., refused: %s", len(content), digest, error.message)
        raise
    seconds = time.monotonic() - started
    logger.info("upload of %d bytes, sha256 %s..., decoded in %.2f s", len(content), digest, seconds)
    return scan


def _ask_child(content: bytes) -> bytes:
    """All that the child says about ``content``.

    Raises:
        UserFacingError: it was stopped, or died.
    """
    child = _start()
    stopped = threading.Event()
    clock = threading.Timer(WALL_SECONDS, _stop, (child, stopped))
    clock.daemon = True
    clock.start()
    feeder = threading.Thread(target=_feed, args=(child.stdin, content), daemon=True)
    feeder.start()
    answered = False
    try:
        answer = _read_bounded(child.stdout)
        answered = True
    finally:
        if not answered:
            child.kill()
        _close(child.stdout)
        child.wait()
        clock.cancel()
        feeder.join()
    if stopped.is_set():
        raise UserFacingError(
            f"Reading this file took longer than {WALL_SECONDS:g} seconds and was stopped.",
            "Export the picture again, smaller or uncompressed, and upload that.",
        )
    if child.returncode != 0:
        get_logger("imaging").warning("decoder ended with code %d", child.returncode)
        raise _lost()
    return answer


def _start() -> subprocess.Popen[bytes]:
    """A fresh child, waiting for its file.

    Raises:
        UserFacingError: the system has no room for another process.
    """
    # Not multiprocessing: Streamlit makes the page `__main__`, which a spawned child would run again.
    try:
        return subprocess.Popen(  # noqa: S603 (our own interpreter and module)
            [sys.executable, "-P", "-m", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # warnings of codecs quote the file
            env=_environment(),
        )
    except OSError as error:
        get_logger("imaging").warning("decoder did not start: errno %s", error.errno)
        raise UserFacingError(
            "The decoder could not be started: the computer has no room for it now.", "Try again in a moment."
        ) from None


def _environment() -> dict[str, str]:
    """What the child may know: where the same Python packages are, and the limits."""
    kept = {name: os.environ[name] for name in INHERITED + LIMITS if name in os.environ}
    packages = os.pathsep.join([str(settings.PROJECT_DIR), *(path for path in sys.path if path)])
    return kept | {"PYTHONPATH": packages, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


def _stop(child: subprocess.Popen[bytes], stopped: threading.Event) -> None:
    if child.poll() is None:
        stopped.set()
        child.kill()


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
    window = said["window"]
    return Provenance(
        format=str(said["format"]),
        photometric=str(said["photometric"]),
        bit_depth=int(said["bit_depth"]),
        original_hw=(int(said["original_hw"][0]), int(said["original_hw"][1])),
        window=None if window is None else (float(window[0]), float(window[1])),
        notes=tuple(str(note) for note in said["notes"]),
    )


def _lost() -> UserFacingError:
    return UserFacingError(
        "Reading this file broke off: it needs too much memory, or it is damaged in a way that stops the decoder.",
        "Export the picture again, smaller or uncompressed, and upload that.",
    )
