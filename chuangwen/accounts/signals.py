"""Signing in and out leaves its trace in the audit."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.mfa.signals import authentication_failed, authenticator_added, authenticator_removed, authenticator_reset
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in as known
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db import transaction
from django.dispatch import receiver

from chuangwen.accounts.lockout import account_tried, client_address
from chuangwen.accounts.models import User
from chuangwen.audit.services import record


@receiver(user_logged_in, dispatch_uid="accounts.signed_in")
def on_signed_in(sender: Any, request: Any, user: User, **_kwargs: Any) -> None:
    _note("accounts.session.begin", user, request, actor=user)
    request.has_signed_in = user


@receiver(known, dispatch_uid="accounts.known")
def on_known(sender: Any, request: Any, user: User, **_kwargs: Any) -> None:
    """The session is kept with its person before its own row is: one that seems nobody's is swept as dead.

    Django keeps a session under its new key first and puts the person in with the answer; in between, another
    arrival of the same person would delete its row and leave a session that no limit counts.
    """
    request.session.save()


@receiver(user_logged_out, dispatch_uid="accounts.signed_out")
def on_signed_out(sender: Any, request: Any, user: User | None, **_kwargs: Any) -> None:
    if user is not None:
        _note("accounts.session.leave", user, request, actor=user)
        request.has_signed_out = True


@receiver(user_login_failed, dispatch_uid="accounts.failed")
def on_failed(sender: Any, credentials: dict[str, Any], request: Any = None, **_kwargs: Any) -> None:
    """Tries while locked out are not kept one by one: the lockout is."""
    if request is None or getattr(request, "axes_locked_out", False):
        return
    _note_try("accounts.session.refuse", request, credentials)


@receiver(user_locked_out, dispatch_uid="accounts.locked_out")
def on_locked_out(sender: Any, request: Any, username: str, **_kwargs: Any) -> None:
    """Kept once, when the lock falls; further tries do not repeat it."""
    if getattr(request, "axes_failures_since_start", None):
        _note_try("accounts.session.lock", request, {"username": username})


@receiver(authenticator_added, dispatch_uid="accounts.mfa_added")
def on_factor_added(sender: Any, request: Any, user: User, authenticator: Any, **_kwargs: Any) -> None:
    _note("accounts.factor.add", user, request, actor=user, kind=str(authenticator.type))


@receiver(authenticator_removed, dispatch_uid="accounts.mfa_removed")
def on_factor_removed(sender: Any, request: Any, user: User, authenticator: Any, **_kwargs: Any) -> None:
    _note("accounts.factor.remove", user, request, actor=user, kind=str(authenticator.type))


@receiver(authenticator_reset, dispatch_uid="accounts.mfa_reset")
def on_factor_reset(sender: Any, request: Any, user: User, authenticator: Any, **_kwargs: Any) -> None:
    _note("accounts.factor.renew", user, request, actor=user, kind=str(authenticator.type))


@receiver(authentication_failed, dispatch_uid="accounts.mfa_failed")
def on_factor_failed(sender: Any, request: Any, user: User, **_kwargs: Any) -> None:
    _note("accounts.factor.refuse", user, request, actor=None)


def _note(action: str, user: User, request: Any, *, actor: Any, **data: str) -> None:
    with transaction.atomic():
        record(action, user, actor=actor, data={"address": client_address(request), **data})


def _note_try(action: str, request: Any, credentials: dict[str, Any]) -> None:
    """Only the names of accounts that exist are kept: people type passwords into the wrong field."""
    user = User.objects.filter(username__iexact=account_tried(request, credentials)).select_related("region").first()
    with transaction.atomic():
        record(action, user, actor=None, data={"address": client_address(request)})
