"""Sets passwords: the one place that writes them, keeps the old ones and says so in the audit."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.db import transaction

from chuangwen.accounts.models import OldPassword, User
from chuangwen.audit.services import record
from chuangwen.core import clock

# No 0 O 1 l I: a password on paper is read aloud over the phone.
_SMALL, _CAPITAL, _DIGIT = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"


def set_password(user: User, password: str, *, actor: Any, must_change: bool = False) -> None:
    """Give `user` a new password. The caller has validated it. Other sessions of the person end by this."""
    now = clock.now()
    with transaction.atomic():
        if user.has_usable_password() and settings.PASSWORD_HISTORY:
            OldPassword.objects.create(user=user, password=user.password, set_at=user.password_changed_at or now)
            kept = OldPassword.objects.filter(user=user).order_by("-set_at", "-pk")
            keep = list(kept.values_list("pk", flat=True)[: settings.PASSWORD_HISTORY])
            OldPassword.objects.filter(user=user).exclude(pk__in=keep).delete()
        user.set_password(password)
        user.must_change_password = must_change
        user.password_changed_at = now
        user.save(update_fields=["password", "must_change_password", "password_changed_at"])
        record("accounts.password.set", user, actor=actor, data={"must_change": must_change})


def initial_password() -> str:
    """Fourteen characters of three kinds in groups that can be read aloud; 68 bits."""
    alphabet = _SMALL + _CAPITAL + _DIGIT
    while True:
        letters = "".join(secrets.choice(alphabet) for _number in range(12))
        if all(any(c in kind for c in letters) for kind in (_SMALL, _CAPITAL, _DIGIT)):
            return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
