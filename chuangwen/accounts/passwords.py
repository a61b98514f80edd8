"""Password rules beyond Django's own (等级保护 2.0, level three: three kinds of characters)."""

from __future__ import annotations

import string
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class FrugalArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB and two passes (OWASP Password Storage Cheat Sheet).

    Django's default takes 100 MiB a sign-in, which three people at once would feel on an office's laptop.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class ThreeKindsValidator:
    """At least three of: lower-case letters, upper-case letters, digits, other characters."""

    def validate(self, password: str, user: Any = None) -> None:
        kinds = (
            any(c in string.ascii_lowercase for c in password),
            any(c in string.ascii_uppercase for c in password),
            any(c in string.digits for c in password),
            any(c not in string.ascii_letters + string.digits for c in password),
        )
        if sum(kinds) < 3:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _("Use at least three kinds of characters: small letters, capitals, digits, signs.")
