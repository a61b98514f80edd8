"""Coordinates as offices write them: 113.25,29.86; 113°15′30″E 29°51′36″N; 东经113.25度 北纬29.86度.

Which of the two numbers is the longitude is seen from the letters where there are any, else from the
size: in China a longitude is above 73 and a latitude below 54, so the two cannot be mistaken.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chuangwen.core.workbooks.cells import Value, show
from chuangwen.core.workbooks.misfits import Misfit, clean, half_width

# China's land and sea, in degrees; beyond it a coordinate is a slip of the pen.
LONGITUDES = (73.0, 136.0)
LATITUDES = (3.0, 54.0)
_EAST, _NORTH = ("东经", "经度", "e"), ("北纬", "纬度", "n")
_AXIS = r"东经|北纬|经度|纬度|[en]"


def _angle(place: str) -> str:
    """The pattern of one number with its letters, minutes and seconds; `place` keeps the groups apart."""
    return (
        rf"(?:(?P<before{place}>{_AXIS})\s*:?\s*)?"
        rf"(?P<degrees{place}>\d{{1,3}}(?:\.\d+)?)(?:\s*[°度º]"
        rf"(?:\s*(?P<minutes{place}>\d{{1,2}}(?:\.\d+)?)\s*[′'’‘分])?"
        rf"(?:\s*(?P<seconds{place}>\d{{1,2}}(?:\.\d+)?)\s*(?:[″\"”“秒]|''))?)?"
        rf"(?(before{place})|(?:\s*(?P<after{place}>{_AXIS}))?)"
    )


# Without anything between them the two can be told apart only where the first does not end in a digit.
_POINT = re.compile(rf"{_angle('1')}(?:[\s,;、/]+|(?<!\d)){_angle('2')}")


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A point in degrees, east and north, in whatever system the office's map uses."""

    longitude: float
    latitude: float


def read_coordinates(value: Value, field: object = None) -> Coordinates:
    """A point in China from text. Raises Misfit."""
    del field  # all readers of `kinds.READERS` take one
    found = _POINT.fullmatch(half_width(clean(show(value))).lower().strip("()[] "))
    if found is None:
        raise _misfit("not_coordinates", "are no coordinates", "不是坐标")
    one, other = _degrees(found, "1"), _degrees(found, "2")
    longitude, latitude = (one, other) if _first_is_east(found, one > other) else (other, one)
    if not (LONGITUDES[0] <= longitude <= LONGITUDES[1] and LATITUDES[0] <= latitude <= LATITUDES[1]):
        raise _misfit("outside", "lie outside of China", "不在中国范围内")
    return Coordinates(round(longitude, 7), round(latitude, 7))


def _misfit(code: str, fault: str, fault_zh: str) -> Misfit:
    return Misfit(
        code,
        f"{fault}. Write longitude and latitude such as 113.25,29.86.",
        f"{fault_zh}。请写成“经度，纬度”，例如113.25,29.86。",
    )


def _degrees(found: re.Match[str], place: str) -> float:
    minutes, seconds = float(found[f"minutes{place}"] or 0), float(found[f"seconds{place}"] or 0)
    if minutes >= 60 or seconds >= 60:
        raise _misfit("not_coordinates", "have 60 minutes or seconds or more", "的分或秒达到60")
    return float(found[f"degrees{place}"]) + minutes / 60 + seconds / 3600


def _first_is_east(found: re.Match[str], larger: bool) -> bool:
    """Whether the first number is the longitude. Raises Misfit where the letters contradict each other."""
    axes = [found[f"before{place}"] or found[f"after{place}"] for place in "12"]
    east = [axis in _EAST for axis in axes]
    north = [axis in _NORTH for axis in axes]
    if all(east) or all(north):
        raise _misfit("not_coordinates", "name the same direction twice", "两个数写成了同一方向")
    return east[0] or north[1] if any(east) or any(north) else larger
