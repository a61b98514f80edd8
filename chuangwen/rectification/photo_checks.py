"""What the program notices about a pair of photos. Pure; it points out, a person judges.

Falsified rectification is the field's known failure (design.md, Rules that protect people, 6):
the after-photo is tied to the place and time, and a reused picture is pointed out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import asin, cos, radians, sin, sqrt

NEAR_METRES = 100  # a phone's position in a street is rarely worse
SAME_BITS = 6  # of 64: below it two pictures are the same for the eye
ALIKE_BITS = 26  # above it the framing is plainly another one
EARTH_METRES = 6_371_000


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What is known of a photo. `likeness` is its 64-bit perceptual hash in hex."""

    taken_at: datetime | None = None
    longitude: float | None = None
    latitude: float | None = None
    likeness: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line below the pair: `ok` None means that it cannot be told.

    `code` is distance | time | reuse | framing; `value` fills its sentence (metres, bits).
    """

    code: str
    ok: bool | None
    value: float | None = None


def metres_between(a: PhotoFacts, b: PhotoFacts) -> float | None:
    """Great-circle distance of two photos in metres; None where either has no position."""
    if None in {a.longitude, a.latitude, b.longitude, b.latitude}:
        return None
    lat_a, lat_b = radians(a.latitude or 0), radians(b.latitude or 0)
    rise = sin((lat_b - lat_a) / 2) ** 2
    run = cos(lat_a) * cos(lat_b) * sin(radians((b.longitude or 0) - (a.longitude or 0)) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(rise + run))


def differing_bits(a: str, b: str) -> int | None:
    """How many of 64 bits of two perceptual hashes differ; None where one is missing."""
    if not a or not b:
        return None
    return (int(a, 16) ^ int(b, 16)).bit_count()


def findings(before: PhotoFacts, after: PhotoFacts, *, assigned_at: datetime, used_elsewhere: bool) -> list[Finding]:
    """The four lines below a pair of photos."""
    distance = metres_between(before, after)
    bits = differing_bits(before.likeness, after.likeness)
    same_picture = before.sha256 == after.sha256 != "" or (bits is not None and bits <= SAME_BITS)
    return [
        Finding("distance", None if distance is None else distance <= NEAR_METRES, distance),
        Finding("time", None if after.taken_at is None else after.taken_at >= assigned_at),
        Finding("reuse", not (used_elsewhere or same_picture)),
        Finding("framing", None if bits is None else bits <= ALIKE_BITS, bits),
    ]
