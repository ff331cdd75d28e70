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
from lightbox.imaging._limits import check_size
from lightbox.imaging._window import luminance, stretch
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
            f"This {kind} file is damaged or cut short and cannot be read.",
            "Save or export the picture again, then upload the new copy.",
        ) from None


def _read(content: bytes, kind: str) -> tuple[NDArray[np.float32], Provenance]:
    if kind == "PNG" and content[12:16] == b"IHDR":
        # Pillow parses further chunks before it tells the size.
        stated_width, stated_height = struct.unpack(">II", content[16:24])
        check_size(stated_height, stated_width)
    with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as image:
        check_size(image.height, image.width)
        notes: list[str] = []
        frames = getattr(image, "n_frames", 1)
        if frames > 1:
            notes.append(f"The file holds {frames} pictures; the first was used.")
        mode, size_hw = image.mode, (image.height, image.width)
        bit_depth = _bit_depth(content, kind)
        image.load()  # opening and verifying pass a truncated JPEG
        turn = find_turn(image, notes)
        grey, window = _to_grey(image, bit_depth, notes)
    if turn is not None:
        grey = _turned(grey, turn)
    provenance = Provenance(kind, PHOTOMETRIC.get(mode, mode), bit_depth, size_hw, window, tuple(notes))
    return grey, provenance


def _bit_depth(content: bytes, kind: str) -> int:
    """Bits per sample: byte 24 of a PNG states it; the JPEGs that Pillow reads have 8."""
    return content[24] if kind == "PNG" else 8


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


def _to_grey(
    image: Image.Image, bit_depth: int, notes: list[str]
) -> tuple[NDArray[np.float32], tuple[float, float] | None]:
    """(H, W) float32 in 0..1 and the window, None where the file's own range was kept."""
    if image.mode.startswith("I"):
        return _deep_grey(image, notes)
    if bit_depth == 16:
        notes.append("The file's 16-bit samples were read at 8 bits.")
    if image.mode == "CMYK":
        image = _rgb_of_cmyk(image, notes)
    elif image.mode not in {"1", "L"} or "transparency" in image.info:
        image = _over_black(image, notes)
    if image.mode == "RGB":
        grey, coloured = luminance(np.asarray(image), 255)
        if coloured:
            notes.append("The picture was in colour; only its luminance was used.")
        return grey, None
    # Mode "1" becomes 0 and 255.
    return np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255), None


def _deep_grey(image: Image.Image, notes: list[str]) -> tuple[NDArray[np.float32], tuple[float, float] | None]:
    """A 16-bit grey picture stretched from its own lowest to its own highest value.

    Pillow's conversion to "L" clips at 255, and 12 bits stored in 16 use a sixteenth of the range,
    so neither 255 nor 65535 is white.
    """
    if "transparency" in image.info:
        notes.append("One grey value is marked transparent; the mark was ignored.")
    return stretch(np.asarray(image).astype(np.float32), notes)


def _over_black(image: Image.Image, notes: list[str]) -> Image.Image:
    """The picture laid over black: the colour of the empty part of an X-ray or a slice."""
    layered = image.convert("RGBA")
    alpha = layered.getchannel("A")
    lowest = alpha.getextrema()[0]
    if isinstance(lowest, (int, float)) and lowest < 255:
        notes.append("Transparent parts were laid over black.")
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
