"""Uploads stay in memory, as every page promises."""

from __future__ import annotations

from starlette.formparsers import MultiPartParser


def keep_uploads_in_memory() -> None:
    """Never let the server spool an upload to a temporary file. Calling it again changes nothing.

    Streamlit parses an upload with Starlette, which moves what is larger than 1 MiB to a file on disk, and reads it
    into memory right afterwards. Zero means no limit, as for `tempfile.SpooledTemporaryFile`; what bounds the memory
    is ``server.maxUploadSize``, which is checked while the upload comes in.
    """
    MultiPartParser.spool_max_size = 0
