import pytest

from lightbox.core.errors import UserFacingError
from lightbox.imaging.decode import decode
from lightbox.imaging.trusted import read_scan

from .builders import phantom, png


def test_a_trusted_file_is_read_as_an_upload_is():
    content = png(phantom())
    here, apart = read_scan(content, "chest_xray"), decode(content, "chest_xray")
    assert (here.sha256, here.provenance, here.modality) == (apart.sha256, apart.provenance, apart.modality)


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(40)], ids=["empty", "text", "header"]
)
def test_a_trusted_file_that_is_no_picture_is_refused_in_words(content):
    with pytest.raises(UserFacingError, match=r"\w+"):
        read_scan(content, "chest_xray")


def test_the_limit_of_size_holds_for_trusted_files_too(monkeypatch):
    monkeypatch.setenv("LIGHTBOX_MAX_MEGAPIXELS", "0.0001")
    with pytest.raises(UserFacingError, match="pixels"):
        read_scan(png(phantom()), "chest_xray")
