"""The number of an objection as its sender gets it: the office's number and a code that nobody can guess. Pure."""

from __future__ import annotations

import hashlib
import secrets

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that are read for another
CODE_LENGTH = 10  # fifty bits


def new_slip(number: str) -> str:
    """`Y2026-003-ABCDE-FGHJK` for the objection Y2026-003."""
    code = "".join(secrets.choice(LETTERS) for _place in range(CODE_LENGTH))
    half = CODE_LENGTH // 2
    return f"{number}-{code[:half]}-{code[half:]}"


def digest_of(region: str, slip: str) -> str:
    """What is kept of a slip; the same for another case, blanks, and dashes left out or typed full width."""
    plain = "".join(one for one in slip.upper() if one.isalnum())
    return hashlib.sha256(f"{region}\0{plain}".encode()).hexdigest()
