"""The arithmetic of the hash chain: canonical JSON and the digest of one entry.

Canonical JSON follows RFC 8785 for the types we use: keys sorted by code point, no spaces,
UTF-8, no floating-point numbers (they are written as text by the caller).
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

FIELDS = (
    "region", "sequence", "at", "actor_id", "actor_name", "action",
    "object_type", "object_id", "object_name", "data", "previous",
)  # fmt: skip
GENESIS = "0" * 64
ALGORITHMS = ("sha256", "sm3")


def canonical_json(value: Any) -> bytes:
    """`value` as canonical JSON. Raises TypeError for a float, whose text would not be unique."""
    _refuse_floats(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def entry_digest(fields: dict[str, Any], algorithm: str) -> str:
    """The digest that chains one entry: over all of FIELDS, the previous digest among them.

    `algorithm` is sha256, or sm3 where the site's OpenSSL has it. Raises ValueError for others.
    """
    if algorithm not in ALGORITHMS:
        raise ValueError(f"unknown audit hash {algorithm!r}")
    body = canonical_json({name: fields[name] for name in FIELDS})
    return hashlib.new(algorithm, body).hexdigest()


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("a float has no canonical text; write it as a string")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _refuse_floats(item)
