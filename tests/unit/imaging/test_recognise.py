"""Which files may be scans: by their first bytes, and litter by its name."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from pydicom.uid import ImplicitVRLittleEndian

from lightbox.core.errors import UserFacingError
from lightbox.imaging._sniff import sniff
from lightbox.imaging.recognise import HEAD_BYTES, is_litter, kind_of_file, looks_like_scan_file
from tests.unit.imaging.builders import dicom, jpeg, phantom, png


def without_meta_implicit() -> bytes:
    """As old archives write it: no preamble, no meta group, implicit value representations."""
    import pydicom

    dataset = pydicom.dcmread(io.BytesIO(dicom(phantom())))
    del dataset.file_meta
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset.save_as(buffer, implicit_vr=True, little_endian=True)
    return buffer.getvalue()


def index_of_a_medium() -> bytes:
    return Path(get_testdata_file("DICOMDIR", download=False)).read_bytes()


SCANS = {
    "PNG": png(phantom()),
    "JPEG": jpeg(phantom()),
    "DICOM": dicom(phantom()),
    "DICOM, implicit": dicom(phantom(), transfer_syntax=ImplicitVRLittleEndian),
    "DICOM without preamble": dicom(phantom(), preamble=False),
    "DICOM without preamble, implicit": without_meta_implicit(),
}


@pytest.mark.parametrize("name", ["IM000001", "scan.IMA", "1.2.840.113619.2.55", "a.txt", "deep/folder/x", "a\\b"])
@pytest.mark.parametrize("kind", SCANS)
def test_a_scan_is_known_by_its_first_bytes_whatever_it_is_called(name, kind):
    head = SCANS[kind][:HEAD_BYTES]
    assert kind_of_file(head) == kind.split()[0].rstrip(",")
    assert looks_like_scan_file(name, head)


@pytest.mark.parametrize(
    "name",
    ["._one.dcm", "a/._one.png", "A\\Thumbs.db", ".DS_Store", "x/desktop.ini", "__MACOSX/x/one.png", "@eaDir/one.png"],
)
def test_litter_is_no_scan_whatever_it_holds(name):
    assert is_litter(name)
    assert not looks_like_scan_file(name, SCANS["PNG"])


@pytest.mark.parametrize("name", ["one._dcm", "thumbs.db.png", "my__macosx/one.png", "__macosx", "a.b/c", ""])
def test_what_only_resembles_litter_is_none(name):
    assert not is_litter(name)


@pytest.mark.parametrize(
    "head", [b"", b"file,label\n", b"GIF89a", b"\x00\x05\x16\x07\x00\x02", b"PK\x03\x04", bytes(200), b"%PDF-1.4"]
)
def test_what_is_no_picture_is_no_scan_whatever_it_is_called(head):
    assert not looks_like_scan_file("scan.dcm", head)


def test_the_index_of_a_medium_is_named_and_is_no_scan():
    content = index_of_a_medium()
    assert content[128:132] == b"DICM"
    assert not looks_like_scan_file("DICOMDIR", content[:HEAD_BYTES])
    with pytest.raises(UserFacingError, match=r"DICOMDIR.*no picture\. Upload one of the image files"):
        sniff(content)


@pytest.mark.parametrize("kind", SCANS)
def test_the_first_bytes_say_the_same_as_the_whole_file(kind):
    assert kind_of_file(SCANS[kind][:HEAD_BYTES]) == kind_of_file(SCANS[kind]) == sniff(SCANS[kind])
