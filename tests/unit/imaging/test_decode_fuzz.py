"""Damaged files: the outcome is a scan or one sentence, never another exception."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.data import get_testdata_file
from pydicom.uid import DeflatedExplicitVRLittleEndian, ImplicitVRLittleEndian, JPEGBaseline8Bit

from lightbox.core.errors import UserFacingError
from lightbox.imaging._decode_child import decode_here
from lightbox.imaging.decode import decode
from lightbox.imaging.scan import Scan
from tests.unit.imaging.builders import dicom, jpeg, phantom, png

if TYPE_CHECKING:
    from collections.abc import Callable

MUTANTS = 150
SIGNATURES = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpeg": b"\xff\xd8\xff",
    "no-preamble": b"\x08\x00\x16\x00UI\x1a\x00",
    "dicom": bytes(128) + b"DICM",
}
DEEP = phantom(top=4095)
WINDOW = {"WindowCenter": 2000, "WindowWidth": 1000, "RescaleSlope": 1, "RescaleIntercept": -5}


def bundled(name: str) -> bytes:
    return Path(get_testdata_file(name, download=False)).read_bytes()


FILES = {
    "png": png(phantom()),
    "png-16": png(DEEP),
    "jpeg": jpeg(phantom()),
    "dicom": dicom(DEEP, named=True, **WINDOW),
    "dicom-implicit": dicom(DEEP, transfer_syntax=ImplicitVRLittleEndian, **WINDOW),
    "dicom-no-preamble": dicom(DEEP, preamble=False, **WINDOW),
    "dicom-deflated": dicom(DEEP, transfer_syntax=DeflatedExplicitVRLittleEndian),
    "dicom-jpeg": dicom(phantom(), transfer_syntax=JPEGBaseline8Bit, compressed=jpeg(phantom())),
    "dicom-rle": bundled("MR_small_RLE.dcm"),
    "dicom-jpeg-ls": bundled("MR_small_jpeg_ls_lossless.dcm"),
    "dicom-jpeg-2000": bundled("MR_small_jp2klossless.dcm"),
}


def mutant(content: bytes, chance: random.Random) -> bytes:
    """Flip bits, overwrite, cut out, repeat or cut short."""
    damaged = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(damaged))
        length = chance.choice((1, 2, 4, 16))
        kind = chance.randrange(6)
        if kind <= 1:
            damaged[at] ^= 1 << chance.randrange(8)
        elif kind == 2:
            damaged[at : at + length] = chance.randbytes(length)
        elif kind == 3:
            damaged[at : at + length] = chance.choice((b"\x00", b"\xff", b"\x7f")) * length
        elif kind == 4 and len(damaged) > 100:
            del damaged[at : at + length]
        else:
            damaged[at:at] = damaged[at : at + length]
    if chance.random() < 0.1:
        del damaged[chance.randrange(1, len(damaged)) :]
    return bytes(damaged)


def outcome(content: bytes, read: Callable[[bytes, str], Scan] = decode_here) -> str:
    try:
        scan = read(content, "chest_xray")
    except UserFacingError:
        return "refused"
    assert isinstance(scan, Scan)
    return "scan"


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", FILES)
def test_damaged_file_is_a_scan_or_a_sentence(name, monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MAX_MEGAPIXELS", "1")  # without a child, mutated sizes cost this process
    chance = random.Random(20261120)
    assert outcome(FILES[name]) == "scan"
    outcomes = {outcome(mutant(FILES[name], chance)) for _ in range(MUTANTS)}
    assert "refused" in outcomes  # the mutants do reach the readers


def test_codec_that_aborts_takes_only_its_child_with_it():
    content = bytearray(bundled("SC_rgb_jpeg_gdcm.dcm"))
    chance = random.Random(20261120)
    outcomes = [outcome(mutant(content, chance), decode) for _ in range(6)]
    assert "refused" in outcomes
    assert outcome(bytes(content), decode) == "scan"


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(SIGNATURES)), st.binary(max_size=400))
def test_anything_behind_a_signature_is_a_scan_or_a_sentence(kind, rest):
    outcome(SIGNATURES[kind] + rest)
