"""How sign-in behaves here: accounts are made by the office, never by strangers."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangwen.accounts.lockout import client_address
from chuangwen.accounts.sealing import seal, unseal
from chuangwen.accounts.services.passwords import set_password

REAUTHENTICATION_TIMEOUT = 300  # seconds, as allauth's own


class ClosedAccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No self-registration; plain words; every new password goes through our service."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Ask the campaign office or your administrator."),
        "enter_current_password": _("This is not the present password. Type it again."),
        "incorrect_code": _("The code is not right. Take the one that the authenticator shows now."),
        "incorrect_password": _("The password is not right. Type it again."),
        "rate_limited": _("Too many tries in a short time. Wait a minute and try again."),
        "too_many_login_attempts": _("Too many tries in a short time. Wait a minute and try again."),
        "username_password_mismatch": _("Account or password is not right. Check capitals and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def set_password(self, user: Any, password: str) -> None:
        set_password(user, password, actor=user)

    def is_reauthentication_required(self, **kwargs: Any) -> bool:
        """Not for who has just signed in: nothing is typed twice within five minutes."""
        request = context.request
        known = get_authentication_records(request, request.user)
        if known and time.time() - known[-1]["at"] < REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(**kwargs))

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:me")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """No "you have signed in": the page that opens says so."""


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Names the account the way the person knows it in the authenticator; keeps its secrets sealed."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is not right. Take the one that the authenticator shows now."),
    }

    def get_totp_label(self, user: Any) -> str:
        return str(user.username)

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)
