"""Seals what the database must hold and nobody who reads the database may use: secrets of second factors.

The key is derived from the site's SECRET_KEY (HKDF with SHA-256), which is no part of the database or
of a backup. Sealed with Fernet: AES-128-CBC and HMAC-SHA-256, so that a changed text is refused.
"""

from __future__ import annotations

import base64
import logging
import secrets

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

logger = logging.getLogger(__name__)

PURPOSE = b"chuangwen second factor 1"  # another purpose has another key


def seal(text: str) -> str:
    """`text` as only this site can read it; the same text gives another result each time."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What `seal` was given.

    Where neither SECRET_KEY nor one of SECRET_KEY_FALLBACKS made it, or where it was changed: a random
    secret in its place, which no code fits, so that the person reads that the code is not right, and a
    line in the log, so that the office knows why.
    """
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        logger.warning("a second factor cannot be read: it was made under another SECRET_KEY, or was changed")
        return base64.b32encode(secrets.token_bytes(20)).decode()


def _box() -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(key: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
    return base64.urlsafe_b64encode(derived)
