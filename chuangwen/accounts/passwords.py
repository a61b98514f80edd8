"""Password rules beyond Django's own (等级保护 2.0, level three: three kinds of characters)."""

from __future__ import annotations

import string
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from chuangwen.accounts.models import OldPassword


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


class NotUsedBeforeValidator:
    """Neither the present password nor one of the last few (settings.PASSWORD_HISTORY)."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or user.pk is None or not settings.PASSWORD_HISTORY:
            return
        kept = OldPassword.objects.filter(user_id=user.pk).order_by("-set_at", "-pk")
        hashes = [user.password, *kept.values_list("password", flat=True)[: settings.PASSWORD_HISTORY]]
        if any(check_password(password, known) for known in dict.fromkeys(hashes)):
            raise ValidationError(_("You have used this password before. Choose a new one."), code="password_used")

    def get_help_text(self) -> str:
        return _("Not one that you have used lately.")
