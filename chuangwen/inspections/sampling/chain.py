"""The facilitator's promise: a secret hashed many times, opened one link at a draw.

The last link is published before the randomness exists. Each draw publishes the link before, which
anybody can check with one hash and nobody can guess. Source: spec/draw.md, steps 2, 4 and 5;
draft-thomson-elegy-vrs.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field

from chuangwen.inspections.sampling.errors import SamplingError

HEX_BYTES = re.compile(r"(?:[0-9a-f]{2})*")
DEFAULT_TIMES = 10


@dataclass(frozen=True, slots=True)
class Commitment:
    """What is published beforehand: H^times(secret) in hexadecimal and the number of hashes."""

    digest: str
    times: int

    def accepts(self, code: str) -> bool:
        """Whether `code` (hexadecimal) is the link before this one."""
        return hmac.compare_digest(hashlib.sha256(bytes.fromhex(code)).hexdigest(), self.digest)


@dataclass(frozen=True, slots=True)
class Chain:
    """The secret with its number of hashes: never published before the round is closed."""

    secret: bytes = field(repr=False)
    times: int = DEFAULT_TIMES

    def __post_init__(self) -> None:
        if not self.secret:
            raise SamplingError("the secret is empty; write a long random text into its file")
        if type(self.times) is not int or self.times < 1:
            raise SamplingError("the secret must be hashed at least once, not {times} times", times=self.times)

    def commitment(self, draw: int = 1) -> Commitment:
        """What the code of the draw number `draw` (1, 2, ...) is checked against.

        For the first it is what step 2 publishes. For a later one it is the code that the draw before
        published, whose `times` is one less: that the chain is the same can be seen by hashing on.
        """
        self._check_draw(draw)
        times = self.times - draw + 1
        return Commitment(self._link(times).hex(), times)

    def code(self, draw: int = 1) -> str:
        """The one-time code of the draw number `draw`: H^(n-1)(s) for the first, then H^(n-2)(s)."""
        self._check_draw(draw)
        return self._link(self.times - draw).hex()

    def _check_draw(self, draw: int) -> None:
        if not 1 <= draw <= self.times:
            raise SamplingError(
                "the secret was hashed {times} times, so there is no draw number {draw}; commit to a new secret",
                times=self.times,
                draw=draw,
            )

    def _link(self, times: int) -> bytes:
        link = self.secret
        for _ in range(times):
            link = hashlib.sha256(link).digest()
        return link


def new_secret() -> str:
    """A secret of 256 random bits as 64 hexadecimal characters, ready to be written into a file."""
    return secrets.token_hex(32)


def read_secret(data: bytes) -> bytes:
    """The bytes of a secret file less one final LF or CRLF (spec/draw.md, commands)."""
    if data.endswith(b"\r\n"):
        return data[:-2]
    return data.removesuffix(b"\n")


def canonical_hex(text: str, *, what: str) -> str:
    """Hexadecimal text in lower case without spaces at its ends; raises `SamplingError`."""
    clean = text.strip().lower()
    if not HEX_BYTES.fullmatch(clean):
        raise SamplingError(
            "the {what} “{text}” is not hexadecimal: an even number of 0-9 and a-f; copy it again",
            what=what,
            text=text,
        )
    return clean


def make_commitment(digest: str, times: int) -> Commitment:
    """The commitment typed in by a person; raises where it is no SHA-256 or `times` is below 1."""
    digest = canonical_hex(digest, what="commitment")
    if len(digest) != 64:
        raise SamplingError("the commitment has {found} characters; a SHA-256 has 64: copy it again", found=len(digest))
    if times < 1:
        raise SamplingError("the number of hashes is {times}; it must be 1 or more", times=times)
    return Commitment(digest, times)


def check_code(commitment: Commitment | None, code: str) -> None:
    """Raise unless `code` hashes to the commitment; without a commitment any code passes."""
    if commitment is not None and not commitment.accepts(code):
        raise SamplingError(
            "the one-time code {code} does not belong to the commitment {digest}: its SHA-256 is another "
            "number; use the code that the facilitator committed to",
            code=code,
            digest=commitment.digest,
        )


def opens(commitment: Commitment, secret: bytes) -> bool:
    """Whether the secret published at the close (spec/draw.md, step 5) gives the commitment."""
    return Chain(secret, commitment.times).commitment() == commitment
