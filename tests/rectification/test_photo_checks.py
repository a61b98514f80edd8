"""What the program notices about a pair of photos."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chuangwen.rectification.photo_checks import (
    ALIKE_BITS,
    SAME_BITS,
    PhotoFacts,
    bands_of,
    differing_bits,
    findings,
    metres_between,
    same_picture,
    tells,
)

ASSIGNED = datetime(2026, 11, 17, 2, tzinfo=UTC)
hashes = st.integers(0, 2**64 - 1).map(lambda value: f"{value:016x}")
places = st.builds(
    PhotoFacts,
    longitude=st.floats(-180, 180, allow_subnormal=False),
    latitude=st.floats(-90, 90, allow_subnormal=False),
)
LIKENESS = "f0f0f0f0f0f0f0f0"


def flip(likeness, bits):
    value = int(likeness, 16)
    for bit in bits:
        value ^= 1 << bit
    return f"{value:016x}"


def by_code(before, after, **more):
    return {one.code: one for one in findings(before, after, assigned_at=ASSIGNED, **more)}


@settings(max_examples=100)
@given(places, places)
def test_distance_is_a_distance(a, b):
    metres = metres_between(a, b)
    assert metres == pytest.approx(metres_between(b, a), abs=1e-6)
    assert 0 <= metres <= 20_037_600
    assert metres_between(a, a) == 0


def test_distance_of_a_known_pair():
    a, b = PhotoFacts(longitude=113.0, latitude=29.0), PhotoFacts(longitude=113.0, latitude=29.001)
    assert metres_between(a, b) == pytest.approx(111.19, abs=0.01)


def test_distance_from_west_to_east_shrinks_with_the_latitude():
    a, b = PhotoFacts(longitude=113.0, latitude=60.0), PhotoFacts(longitude=113.001, latitude=60.0)
    assert metres_between(a, b) == pytest.approx(55.6, abs=0.01)


@pytest.mark.parametrize("missing", ["longitude", "latitude"])
def test_distance_is_not_known_without_a_position(missing):
    whole = {"longitude": 1.0, "latitude": 1.0}
    part = PhotoFacts(**{**whole, missing: None})
    assert metres_between(part, PhotoFacts(**whole)) is None
    assert metres_between(PhotoFacts(**whole), part) is None


@settings(max_examples=200)
@given(hashes, st.lists(st.integers(0, 63), max_size=SAME_BITS, unique=True))
def test_look_alikes_share_a_band(likeness, bits):
    other = flip(likeness, bits)
    assume(tells(likeness) and tells(other))
    assert any(a == b for a, b in zip(bands_of(likeness), bands_of(other), strict=True))
    assert same_picture(PhotoFacts(likeness=likeness), PhotoFacts(likeness=other))


@settings(max_examples=100)
@given(hashes)
def test_bands_are_the_hash(likeness):
    bands = bands_of(likeness)
    assert (None in bands) == (not tells(likeness))
    if None not in bands:
        assert "".join(f"{band:04x}" for band in bands) == likeness


def test_bands_begin_with_the_first_bits():
    assert bands_of("0123456789abcdef") == (0x0123, 0x4567, 0x89AB, 0xCDEF)


@pytest.mark.parametrize(
    "likeness", ["", "0000000000000000", "ffffffffffffffff", "0000000000000007", "fffffffffffffff8"]
)
def test_hash_of_an_even_picture_tells_nothing(likeness):
    assert bands_of(likeness) == (None, None, None, None)
    assert differing_bits(likeness, LIKENESS) is None
    assert differing_bits(LIKENESS, likeness) is None
    assert not same_picture(PhotoFacts(likeness=likeness), PhotoFacts(likeness=likeness))


def test_hash_of_four_bits_tells():
    assert tells("000000000000000f")
    assert tells("fffffffffffffff0")


def test_four_bits_are_another_picture():
    assert not same_picture(PhotoFacts(likeness=LIKENESS), PhotoFacts(likeness=flip(LIKENESS, range(4))))


def test_same_bytes_are_the_same_picture():
    assert same_picture(PhotoFacts(sha256="a"), PhotoFacts(sha256="a"))
    assert not same_picture(PhotoFacts(), PhotoFacts())


def test_honest_pair_passes_every_line():
    before = PhotoFacts(ASSIGNED, 113.0, 29.0, LIKENESS, "a")
    after = PhotoFacts(ASSIGNED, 113.0, 29.0005, flip(LIKENESS, range(10)), "b")
    assert [(one.code, one.ok) for one in findings(before, after, assigned_at=ASSIGNED)] == [
        ("distance", True), ("time", True), ("reuse", True), ("framing", True),
    ]  # fmt: skip


def test_pair_without_facts_cannot_be_told():
    found = by_code(PhotoFacts(), PhotoFacts())
    assert {code: one.ok for code, one in found.items()} == {
        "distance": None, "time": None, "reuse": True, "framing": None,
    }  # fmt: skip


def test_far_and_early_and_reused_is_pointed_out():
    before = PhotoFacts(None, 113.0, 29.0, LIKENESS, "a")
    after = PhotoFacts(ASSIGNED - timedelta(seconds=1), 113.0, 29.01, LIKENESS, "b")
    found = by_code(before, after)
    assert {code: one.ok for code, one in found.items()} == {
        "distance": False, "time": False, "reuse": False, "framing": True,
    }  # fmt: skip
    assert found["distance"].metres == pytest.approx(1111.9, abs=0.1)
    assert found["reuse"].used_in == ""


def test_picture_of_another_problem_is_named():
    one = by_code(PhotoFacts(), PhotoFacts(), used_in="2026-0007")["reuse"]
    assert (one.ok, one.used_in) == (False, "2026-0007")


@pytest.mark.parametrize(("bits", "alike"), [(ALIKE_BITS, True), (ALIKE_BITS + 1, False)])
def test_framing_is_alike_up_to_its_limit(bits, alike):
    found = by_code(PhotoFacts(likeness=LIKENESS), PhotoFacts(likeness=flip(LIKENESS, range(bits))))
    assert found["framing"].ok is alike
