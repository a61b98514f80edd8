"""Photos made small enough to stand in the cells of a table.

The originals stay where they are, untouched; what goes into a workbook is a derived thumbnail, turned
the right way up and without the camera's data, so that a ledger with hundreds of photos can be sent on.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps

PICTURE_HEIGHT = 120  # pixels of the thumbnail on screen
PICTURE_WIDTH = 240
_SHARPER = 2  # pixels kept for each pixel shown, for print
_QUALITY = 80


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo for a cell: the bytes of a picture file, and words for those who cannot see it."""

    data: bytes
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A JPEG and its size on screen, in pixels."""

    data: bytes
    width: int
    height: int


def fitted(picture: Picture) -> Thumbnail | None:
    """The picture within PICTURE_WIDTH x PICTURE_HEIGHT; None where it cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(picture.data)) as opened:
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None  # the list is Pillow's own: broken files raise all of these
    upright.thumbnail((PICTURE_WIDTH * _SHARPER, PICTURE_HEIGHT * _SHARPER))
    dots = 96 * _SHARPER  # the size on screen follows from the stated density
    target = io.BytesIO()
    upright.save(target, "JPEG", quality=_QUALITY, dpi=(dots, dots))
    return Thumbnail(target.getvalue(), -(-upright.width // _SHARPER), -(-upright.height // _SHARPER))
