"""PNG and JPEG to grey pixels. Runs inside the decoder's child process."""

from __future__ import annotations

import struct
import warnings
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from lightbox.core.errors import UserFacingError
from lightbox.imaging import _jpeg, _png
from lightbox.imaging._limits import check_size
from lightbox.imaging._window import is_coloured, luminance, stretch, weighted
from lightbox.imaging.scan import Provenance

if TYPE_CHECKING:
    from numpy.typing import NDArray

# All that Pillow was seen to raise on damaged files: SyntaxError is its word for a broken PNG chunk.
DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)
ORIENTATION_TAG = 0x0112
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
COLOUR_NOTE = "The picture was in colour; only its luminance was used."
BLACK_NOTE = "Transparent parts were laid over black."
LEAST_RATIO = 1.01
PHOTOMETRIC = {"1": "grey", "L": "grey", "LA": "grey", "I;16": "grey", "P": "palette"}


def read_raster(content: bytes, kind: str) -> tuple[NDArray[np.float32], Provenance]:
    """Grey pixels (H, W) float32 in 0..1, upright, and how they came about.

    Args:
        content: the file.
        kind: "PNG" or "JPEG", as sniffed.

    Raises:
        UserFacingError: the file is damaged, cut short, or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _read(content, kind)
    except MemoryError:
        raise UserFacingError(
            f"This {kind} file needs more memory than a picture may use.", "Make the picture smaller and upload that."
        ) from None
    except DAMAGED:
        raise UserFacingError(
            f"This {kind} file is damaged or cut short: its decoder cannot make a picture of it.",
            "Copy or export the file again, then upload the new copy.",
        ) from None


def _read(content: bytes, kind: str) -> tuple[NDArray[np.float32], Provenance]:
    header = _png.read_header(content) if kind == "PNG" else None
    if header is not None:
        check_size(header.height, header.width)  # Pillow parses further chunks before it tells the size
    if kind == "JPEG":
        _jpeg.check_readable(content)
    with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as image:
        check_size(image.height, image.width)
        notes: list[str] = []
        frames = getattr(image, "n_frames", 1)
        if frames > 1:
            notes.append(f"The file holds {frames} pictures; the first was used.")
        mode, size_hw = image.mode, (image.height, image.width)
        image.load()  # opening and verifying pass a truncated JPEG
        check_whole(content, image)
        turn = find_turn(image, notes)
        if header is not None and header.bits == 16:
            grey, window = _deep_grey(_png.read_deep(content, header), notes)
        else:
            grey, window = _to_grey(image, notes), None
        _tell_of_oblong_pixels(image, notes)
    if turn is not None:
        grey = _turned(grey, turn)
    bit_depth = header.bits if header is not None else 8  # the JPEGs that Pillow reads have 8
    photometric = "grey" if header is not None and header.kind == _png.GREY_ALPHA else PHOTOMETRIC.get(mode, mode)
    provenance = Provenance(kind, photometric, bit_depth, size_hw, window, tuple(notes))
    return grey, provenance


def check_whole(content: bytes, image: Image.Image) -> None:
    """Refuse a picture of which a part is missing. Pillow leaves that black or grey, and says nothing.

    Args:
        content: the file.
        image: what Pillow made of it, loaded and not yet turned.

    Raises:
        UserFacingError: rows of the PNG, or data of the JPEG, are missing.
    """
    if image.format == "PNG":
        _png.check_whole(content)
    else:
        _jpeg.check_whole(content, np.asarray(image))


def is_deep(content: bytes) -> bool:
    """Whether the file is a PNG of 16 bits a sample, of which Pillow may give the upper 8."""
    header = _png.read_header(content)
    return header is not None and header.bits == 16


def _tell_of_oblong_pixels(image: Image.Image, notes: list[str]) -> None:
    """Say so where the file states pixels that are not square. Scanners write nonsense there, so it is not applied."""
    stated = image.info.get("aspect") or image.info.get("jfif_density") or image.info.get("dpi")
    if not isinstance(stated, tuple) or len(stated) != 2 or not all(isinstance(each, int | float) for each in stated):
        return
    across, down = float(stated[0]), float(stated[1])
    if min(across, down) > 0 and not 1 / LEAST_RATIO <= across / down <= LEAST_RATIO:
        notes.append(
            f"The file says that its pixels are not square ({across / down:.3g} times as high as wide); the picture is "
            "shown as stored."
        )


def find_turn(image: Image.Image, notes: list[str]) -> Image.Transpose | None:
    """The turn or flip that the camera's orientation tag asks for; None where it asks for none or is broken."""
    try:
        orientation = image.getexif().get(ORIENTATION_TAG, 1)
    except DAMAGED:
        notes.append("The orientation tag could not be read and was ignored.")
        return None
    turn = TURNS.get(orientation) if isinstance(orientation, int) else None
    if turn is not None:
        notes.append("The picture was turned as its orientation tag asks.")
    return turn


def _turned(grey: NDArray[np.float32], turn: Image.Transpose) -> NDArray[np.float32]:
    return np.asarray(Image.fromarray(grey).transpose(turn), dtype=np.float32)


def _to_grey(image: Image.Image, notes: list[str]) -> NDArray[np.float32]:
    """(H, W) float32 in 0..1 of a picture of up to 8 bits a sample."""
    if image.mode == "CMYK":
        image = _rgb_of_cmyk(image, notes)
    elif image.mode not in {"1", "L"} or "transparency" in image.info:
        image = _over_black(image, notes)
    if image.mode == "RGB":
        grey, coloured = luminance(np.asarray(image), 255)
        if coloured:
            notes.append(COLOUR_NOTE)
        return grey
    # Mode "1" becomes 0 and 255.
    return np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255)


def _deep_grey(deep: _png.Deep, notes: list[str]) -> tuple[NDArray[np.float32], tuple[float, float] | None]:
    """A picture of 16 bits a sample, stretched from its own lowest to its own highest value.

    12 bits stored in 16 use a sixteenth of the range, so neither 255 nor 65535 is white.
    """
    samples, opacity = deep
    if samples.ndim == 3:
        if is_coloured(samples, float(samples.max())):
            notes.append(COLOUR_NOTE)
        values = weighted(samples)
    else:
        values = samples.astype(np.float32)
    if opacity is None:
        return stretch(values, notes)
    notes.append(BLACK_NOTE)
    visible = opacity > 0
    grey, window = stretch(values, notes, valid=visible if visible.any() else None)
    return grey * opacity, window


def _over_black(image: Image.Image, notes: list[str]) -> Image.Image:
    """The picture laid over black: the colour of the empty part of an X-ray or a slice."""
    layered = image.convert("RGBA")
    alpha = layered.getchannel("A")
    lowest = alpha.getextrema()[0]
    if isinstance(lowest, (int, float)) and lowest < 255:
        notes.append(BLACK_NOTE)
        black = Image.new("RGB", layered.size)
        black.paste(layered, mask=alpha)
        return black
    return layered.convert("RGB")


def _rgb_of_cmyk(image: Image.Image, notes: list[str]) -> Image.Image:
    """RGB of a CMYK JPEG. Adobe stores ink inverted and says so; Pillow inverts whether it says so or not."""
    notes.append("The picture was in printing colours (CMYK).")
    if "adobe" in image.info:
        return image.convert("RGB")
    return Image.eval(image, lambda ink: 255 - ink).convert("RGB")
