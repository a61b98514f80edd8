"""The two methods that put the places of a stratum in an order nobody chose.

`vrs` gives every place a ticket of its own, so that a place's ticket does not depend on which other
places are in the pool. `rfc3797` picks one after the other from the sorted list.
Source: spec/draw.md, step 3; draft-thomson-elegy-vrs; RFC 5869; RFC 3797, section 5.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Literal, get_args

from chuangwen.inspections.sampling.errors import SamplingError
from chuangwen.inspections.sampling.pool import Pool

Method = Literal["vrs", "rfc3797"]
METHODS: tuple[Method, ...] = get_args(Method)
RFC3797_LIMIT = 1 << 16  # RFC 3797 numbers its steps with two bytes


@dataclass(frozen=True, slots=True)
class Ticket:
    """A place and the hexadecimal proof of its position in the order of its stratum."""

    code: str
    proof: str


Order = tuple[Ticket, ...]


def vrs_ticket(prk: bytes, code: str) -> bytes:
    """HKDF-Expand(PRK, info = code in UTF-8, L = 32) with SHA-256: one block (RFC 5869, 2.3)."""
    return hmac.digest(prk, code.encode() + b"\x01", "sha256")


def vrs_prk(code: str, randomness: str) -> bytes:
    """HKDF-Extract(salt = bytes of the one-time code, IKM = randomness in UTF-8) (RFC 5869, 2.2)."""
    return hmac.digest(bytes.fromhex(code), randomness.encode(), "sha256")


def vrs_order(codes: tuple[str, ...], *, prk: bytes) -> Order:
    """All codes, smallest ticket first."""
    tickets = (Ticket(code, vrs_ticket(prk, code).hex()) for code in codes)
    return tuple(sorted(tickets, key=lambda ticket: (ticket.proof, ticket.code)))


def rfc3797_key(randomness: str, stratum: str, *, only: bool) -> bytes:
    """The key of a stratum: r + stratum + "/", or r itself where the only stratum is ""."""
    return (randomness if only and not stratum else f"{randomness}{stratum}/").encode()


def rfc3797_order(codes: tuple[str, ...], *, key: bytes) -> Order:
    """All codes (sorted bytewise) in the order picked, each with the digest of its step.

    Step i (from 0) takes MD5(i, key, i) with i as two bytes, as a number modulo how many are left.
    The steps go on past the quota: they are the substitutes. At most 65536 codes.
    """
    if len(codes) > RFC3797_LIMIT:
        raise SamplingError(
            "RFC 3797 can order {limit} places of one stratum, not {found}; use the method vrs",
            limit=RFC3797_LIMIT,
            found=len(codes),
        )
    left = list(codes)
    picked = []
    for step in range(len(codes)):
        number = step.to_bytes(2, "big")
        # MD5 is the published method's; its outcome is bound by the randomness, not by collisions.
        digest = hashlib.md5(number + key + number, usedforsecurity=False).digest()
        picked.append(Ticket(left.pop(int.from_bytes(digest, "big") % len(left)), digest.hex()))
    return tuple(picked)


def order_pool(pool: Pool, *, method: Method, randomness: str, code: str) -> dict[str, Order]:
    """The order of every stratum: {stratum: tickets}."""
    if method == "vrs":
        prk = vrs_prk(code, randomness)
        return {stratum.name: vrs_order(stratum.codes, prk=prk) for stratum in pool.strata}
    only = len(pool.strata) == 1
    return {
        stratum.name: rfc3797_order(stratum.codes, key=rfc3797_key(randomness, stratum.name, only=only))
        for stratum in pool.strata
    }
