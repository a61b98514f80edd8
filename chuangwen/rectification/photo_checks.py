"""What the program notices about a pair of photos. Pure; it points out, a person judges.

Falsified rectification is the field's known failure (design.md, Rules that protect people, 6):
the after-photo is tied to the place and time, and a reused picture is pointed out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, radians, sin, sqrt

NEAR_METRES = 100  # a phone's position in a street is rarely worse
SAME_BITS = 3  # of 64: up to it two pictures are one that was saved again; four bands of bits cannot miss it
ALIKE_BITS = 26  # above it the framing is plainly another one
PLAIN_BITS = 4  # a hash with fewer bits of either kind is of an empty wall or a dark picture and tells nothing
EARTH_METRES = 6_371_000
BANDS = 4
Bands = tuple[int | None, int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What is known of a photo. `likeness` is its 64-bit perceptual hash in hex."""

    taken_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None
    likeness: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class PhotoFinding:
    """One line below the pair: `ok` None means that it cannot be told.

    `code` is distance | time | reuse | framing; `metres` belongs to distance, `used_in` (the
    number of another problem, or "" for the same one's before-photo) to reuse.
    """

    code: str
    ok: bool | None
    metres: float | None = None
    used_in: str = ""


def metres_between(a: PhotoFacts, b: PhotoFacts) -> float | None:
    """Great-circle distance of two photos in metres; None where either has no position."""
    if a.longitude is None or a.latitude is None or b.longitude is None or b.latitude is None:
        return None
    lat_a, lat_b = radians(a.latitude), radians(b.latitude)
    rise = sin((lat_b - lat_a) / 2) ** 2
    run = cos(lat_a) * cos(lat_b) * sin(radians(b.longitude - a.longitude) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, rise + run)))


def tells(likeness: str) -> bool:
    """Whether a perceptual hash says anything: that of an even surface is shared by thousands of pictures."""
    if not likeness:
        return False
    bits = int(likeness, 16).bit_count()
    return PLAIN_BITS <= bits <= 64 - PLAIN_BITS


def differing_bits(a: str, b: str) -> int | None:
    """How many of 64 bits of two perceptual hashes differ; None where one is missing or tells nothing."""
    if not tells(a) or not tells(b):
        return None
    return (int(a, 16) ^ int(b, 16)).bit_count()


def same_picture(a: PhotoFacts, b: PhotoFacts) -> bool:
    """Whether two photos are one: the same bytes, or the same to the eye after being saved again."""
    if a.sha256 and a.sha256 == b.sha256:
        return True
    bits = differing_bits(a.likeness, b.likeness)
    return bits is not None and bits <= SAME_BITS


def bands_of(likeness: str) -> Bands:
    """The hash cut into four numbers of 16 bits, the first bits first; all None where it tells nothing.

    Two hashes that differ in at most SAME_BITS = 3 bits share at least one band, so that an index on
    each band finds every look-alike.
    """
    if not tells(likeness):
        return (None, None, None, None)
    value = int(likeness, 16)
    return (value >> 48 & 0xFFFF, value >> 32 & 0xFFFF, value >> 16 & 0xFFFF, value & 0xFFFF)


def findings(
    before: PhotoFacts, after: PhotoFacts, *, assigned_at: datetime, used_in: str | None = None
) -> list[PhotoFinding]:
    """The four lines below a pair of photos; `used_in` is the number of another problem with the after-photo."""
    distance = metres_between(before, after)
    bits = differing_bits(before.likeness, after.likeness)
    reused = used_in is not None or same_picture(before, after)
    return [
        PhotoFinding("distance", None if distance is None else distance <= NEAR_METRES, metres=distance),
        PhotoFinding("time", None if after.taken_at is None else after.taken_at >= assigned_at),
        PhotoFinding("reuse", not reused, used_in=used_in or ""),
        PhotoFinding("framing", None if bits is None else bits <= ALIKE_BITS),
    ]
