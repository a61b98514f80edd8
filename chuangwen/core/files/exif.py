"""When and where a photo was taken, as its camera wrote into it. Pure.

A photo that comes through a form has no other witness of its moment than its own Exif record; phones
write it, chat programs strip it, and then nothing is known. What is read is checked for sense: a broken
or absurd value counts as unknown, never as an error, since the photo itself is still good.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from PIL import Image

EXIF_PART, GPS_PART = 0x8769, 0x8825
TAKEN, OFFSET = 0x9003, 0x9011  # DateTimeOriginal, OffsetTimeOriginal
LATITUDE_SIDE, LATITUDE, LONGITUDE_SIDE, LONGITUDE = 1, 2, 3, 4
FIRST_YEAR = 1990  # no camera wrote such a record before


@dataclass(frozen=True, slots=True)
class Taken:
    """The moment (aware) and the position (degrees) of a photo; None for what is unknown."""

    at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None


def taken(data: bytes, zone: tzinfo) -> Taken:
    """What the picture file says of itself; a clock without a zone is taken to show `zone`'s time."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            record = picture.getexif()
            camera, position = record.get_ifd(EXIF_PART), record.get_ifd(GPS_PART)
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, Image.DecompressionBombError):
        return Taken()  # the list is Pillow's own: broken records raise all of these
    longitude = _degrees(position.get(LONGITUDE), position.get(LONGITUDE_SIDE), "W", limit=180)
    latitude = _degrees(position.get(LATITUDE), position.get(LATITUDE_SIDE), "S", limit=90)
    if longitude is None or latitude is None or (longitude == 0 and latitude == 0):
        longitude = latitude = None  # half a position is none, and 0, 0 is what phones write before they have one
    return Taken(_moment(camera, zone), longitude, latitude)


def _moment(camera: Mapping[int, Any], zone: tzinfo) -> datetime | None:
    try:
        plain = datetime.strptime(str(camera.get(TAKEN, "")).strip(), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    except ValueError:
        return None
    if plain.year < FIRST_YEAR:  # a clock that was never set; the first days of year one have no moment in other zones
        return None
    return plain.replace(tzinfo=_offset(str(camera.get(OFFSET, ""))) or zone)


def _offset(text: str) -> tzinfo | None:
    """+08:00 as a time zone."""
    sign, hours, minutes = text[:1], text[1:3], text[4:6]
    if (
        sign not in {"+", "-"}
        or not (hours.isdecimal() and minutes.isdecimal())
        or int(hours) > 14
        or int(minutes) > 59
    ):
        return None
    length = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(length if sign == "+" else -length)


def _degrees(parts: Any, side: Any, negative: str, *, limit: int) -> float | None:
    """Degrees, minutes and seconds as one number, west and south below zero."""
    try:
        whole, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = whole + minutes / 60 + seconds / 3600
    if not 0 <= value <= limit:  # also false for what is no number
        return None
    return -value if side == negative else value
