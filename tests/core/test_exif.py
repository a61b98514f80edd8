"""When and where a photo was taken, by its own record."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from chuangwen.core.files.exif import Taken, taken

SHANGHAI = ZoneInfo("Asia/Shanghai")


def picture(camera=None, position=None):
    record = Image.Exif()
    if camera:
        record.get_ifd(0x8769).update(camera)
    if position:
        record.get_ifd(0x8825).update(position)
    target = io.BytesIO()
    Image.new("RGB", (8, 8)).save(target, "JPEG", exif=record)
    return target.getvalue()


def at(latitude=(29.0, 30.0, 36.0), longitude=(113.0, 15.0, 0.0), south="N", west="E"):
    return {1: south, 2: latitude, 3: west, 4: longitude}


def test_record_gives_moment_and_position():
    found = taken(picture({0x9003: "2026:11:17 16:12:30", 0x9011: "+08:00"}, at()), SHANGHAI)
    assert found.at == datetime(2026, 11, 17, 16, 12, 30, tzinfo=timezone(timedelta(hours=8)))
    assert (found.longitude, found.latitude) == (pytest.approx(113.25), pytest.approx(29.51))


def test_clock_without_zone_shows_the_sites_time():
    assert taken(picture({0x9003: "2026:11:17 16:12:30"}), SHANGHAI).at == datetime(
        2026, 11, 17, 16, 12, 30, tzinfo=SHANGHAI
    )


@pytest.mark.parametrize("offset", ["", "?", "+8", "+15:00", "+08:60", "+ab:cd"])
def test_strange_zone_is_the_sites(offset):
    found = taken(picture({0x9003: "2026:11:17 16:12:30", 0x9011: offset}), SHANGHAI)
    assert found.at.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    ("offset", "minutes"), [("+09:00", 540), ("+14:00", 840), ("+05:59", 359), ("+05:30 and more", 330)]
)
def test_zone_east_of_greenwich_to_its_last_hour_and_minute(offset, minutes):
    found = taken(picture({0x9003: "2026:11:17 16:12:30", 0x9011: offset}), SHANGHAI)
    assert found.at.utcoffset() == timedelta(minutes=minutes)


@pytest.mark.parametrize("said", ["0001:01:01 00:00:00", "1904:01:01 00:00:00", "1989:12:31 23:59:59"])
def test_moment_before_any_such_camera_is_unknown(said):
    assert taken(picture({0x9003: said, 0x9011: "+14:00"}), SHANGHAI).at is None


def test_moment_of_the_first_year_is_taken():
    assert taken(picture({0x9003: "1990:01:01 00:00:00"}), SHANGHAI).at == datetime(1990, 1, 1, tzinfo=SHANGHAI)


def test_zone_west_of_greenwich():
    found = taken(picture({0x9003: "2026:11:17 16:12:30", 0x9011: "-03:30"}), SHANGHAI)
    assert found.at.utcoffset() == -timedelta(hours=3, minutes=30)


def test_south_and_west_are_below_zero():
    found = taken(picture(position=at(south="S", west="W")), SHANGHAI)
    assert (found.longitude, found.latitude) == (pytest.approx(-113.25), pytest.approx(-29.51))


@pytest.mark.parametrize(
    ("position", "degrees"),
    [
        (at(longitude=(0.0, 0.0, 0.0)), (0.0, 29.51)),
        (at(latitude=(0.0, 0.0, 0.0)), (113.25, 0.0)),
        (at((90.0, 0.0, 0.0), (180.0, 0.0, 0.0)), (180.0, 90.0)),
        (at((0.0, 0.0, 59.0), (0.0, 30.0, 0.0)), (0.5, 59 / 3600)),
    ],
)
def test_position_on_a_line_of_the_globe_is_one(position, degrees):
    found = taken(picture(position=position), SHANGHAI)
    assert (found.longitude, found.latitude) == pytest.approx(degrees, rel=1e-9)


@pytest.mark.parametrize(
    "position",
    [
        at(latitude=(91.0, 0.0, 0.0)),
        at(longitude=(181.0, 0.0, 0.0)),
        at(latitude=(0.0, 0.0, 0.0), longitude=(0.0, 0.0, 0.0)),
        {1: "N", 2: (29.0, 30.0, 36.0)},
        {1: "N", 2: (29.0, 30.0), 3: "E", 4: (113.0, 15.0, 0.0)},
    ],
)
def test_position_that_is_none_or_absurd_is_unknown(position):
    found = taken(picture(position=position), SHANGHAI)
    assert (found.longitude, found.latitude) == (None, None)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\xff\xd8\xff\xe1\x00\x10Exif\x00\x00broken"])
def test_broken_file_says_nothing(data):
    assert taken(data, SHANGHAI) == Taken()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data:UserWarning")  # Pillow's own word, for the log
@settings(max_examples=60)
@example(b"II")
@given(st.binary(max_size=200))
def test_any_bytes_in_the_record_are_survived(noise):
    whole = picture({0x9003: "2026:11:17 16:12:30"}, at())
    place = whole.index(b"Exif")
    assert isinstance(taken(whole[: place + 6] + noise + whole[place + 6 + len(noise) :], SHANGHAI), Taken)


@pytest.mark.parametrize("text", ["2026:13:40 99:99:99", "", "yesterday"])
def test_strange_moment_is_unknown(text):
    assert taken(picture({0x9003: text}), SHANGHAI).at is None
