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
    """A photo for a cell: the bytes of a picture file, and words for those who cannot see it.

    `is_small` says that the bytes are a small upright JPEG of the program's own making, which goes in as it is.
    """

    data: bytes
    alt: str = ""
    is_small: bool = False


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A JPEG, its size on screen in pixels, and what its own size is multiplied by for that."""

    data: bytes
    width: int
    height: int
    scale: float = 1.0


def fitted(picture: Picture) -> Thumbnail | None:
    """The picture within PICTURE_WIDTH x PICTURE_HEIGHT; None where it cannot be read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(picture.data)) as opened:
                if picture.is_small and opened.format == "JPEG":
                    return _as_it_is(picture.data, opened)
                upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None  # the list is Pillow's own: broken files raise all of these
    upright.thumbnail((PICTURE_WIDTH * _SHARPER, PICTURE_HEIGHT * _SHARPER))
    dots = 96 * _SHARPER  # the size on screen follows from the stated density
    target = io.BytesIO()
    upright.save(target, "JPEG", quality=_QUALITY, dpi=(dots, dots))
    return Thumbnail(target.getvalue(), -(-upright.width // _SHARPER), -(-upright.height // _SHARPER))


def _as_it_is(data: bytes, opened: Image.Image) -> Thumbnail:
    """A small copy unchanged: pressing two hundred thousand of them again would take half an hour and gain nothing."""
    fit = min(PICTURE_WIDTH / opened.width, PICTURE_HEIGHT / opened.height, 1.0)
    dots = opened.info.get("dpi", (96, 96))[0] or 96  # a workbook takes the stated density for the picture's size
    width, height = (max(1, round(side * fit)) for side in opened.size)
    return Thumbnail(data, width, height, fit * dots / 96)
