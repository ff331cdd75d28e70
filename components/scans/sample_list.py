"""The sample scans for whoever shows them: what is broken about them is a sentence, never a broken page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from components.shell import errors
from components.shell.language import _
from lightbox.core.errors import UserFacingError
from lightbox.imaging.samples import list_samples

if TYPE_CHECKING:
    from lightbox.imaging.samples import Sample


def usable(*, quiet: bool = False) -> tuple[Sample, ...]:
    """Every sample; none, with the reason shown in place, where their manifest cannot be used.

    Args:
        quiet: show nothing, because another part of the same page does.
    """
    try:
        return list_samples()
    except UserFacingError as error:
        if not quiet:
            errors.show(error)
        return ()


def find(key: str) -> Sample:
    """The sample with this key.

    Raises:
        UserFacingError: there is none, or the manifest cannot be used.
    """
    for sample in list_samples():
        if sample.key == key:
            return sample
    raise UserFacingError(_("There is no sample {key!r} any more.").format(key=key), "Open another one.")
