"""A person's sessions: seen, ended one by one, and kept few."""

from __future__ import annotations

from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.accounts.models import User
from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.errors import Refusal


def open_sessions(user: User) -> list[UserSession]:
    """The person's sessions that are alive, the latest first; rows of dead ones are swept."""
    alive = UserSession.objects.purge_and_list(user)
    return sorted(alive, key=lambda session: session.last_seen_at, reverse=True)


def end_oldest_sessions(request: Any, user: User) -> int:
    """Keep settings.SESSION_LIMIT_PER_USER sessions with the one that begins; tells how many ended.

    What began after it stays, then it itself, then those used last: of two that begin at the same moment, in
    whichever processes, the later row ends the other. Rows tell who was later, clocks do not.
    """
    own_key = request.session.session_key
    rows = list(UserSession.objects.filter(user=user))
    keys = Session.objects.filter(session_key__in=[row.session_key for row in rows], expire_date__gt=clock.now())
    alive = set(keys.values_list("session_key", flat=True))
    own = next((row.pk for row in rows if row.session_key == own_key), None)
    kept = sorted(
        (row for row in rows if row.session_key in alive),
        key=lambda row: (own is not None and row.pk > own, row.pk == own, row.last_seen_at, row.pk),
        reverse=True,
    )
    surplus = [row for row in kept[max(1, settings.SESSION_LIMIT_PER_USER) :] if row.pk != own]
    if not surplus:
        return 0
    with transaction.atomic():
        for session in surplus:
            session.end()
        record("accounts.session.end_oldest", user, actor=None, data={"sessions": len(surplus)})
    limit = settings.SESSION_LIMIT_PER_USER
    messages.warning(
        request,
        ngettext(
            "At most %(limit)d session may be open. %(n)s older one was ended.",
            "At most %(limit)d sessions may be open. %(n)s older one was ended.",
            limit,
        )
        % {"limit": limit, "n": len(surplus)},
    )
    return len(surplus)


def end_session(user: User, pk: int, *, present_key: str) -> None:
    """End one of one's own sessions. Raises Refusal for the present one, which has "sign out"."""
    session = UserSession.objects.filter(user=user, pk=pk).first()
    if session is None:
        return
    if session.session_key == present_key:
        raise Refusal(_("This is the session you are in."), _("Use “Sign out”."))
    with transaction.atomic():
        session.end()
        record("accounts.session.end", user, actor=user, data={"sessions": 1})


def end_other_sessions(user: User, *, present_key: str) -> int:
    """End all sessions of the person but the present one; returns how many. Without a present one, all."""
    others = list(UserSession.objects.filter(user=user).exclude(session_key=present_key))
    with transaction.atomic():
        for session in others:
            session.end()
        if others:
            record("accounts.session.end", user, actor=user, data={"sessions": len(others)})
    return len(others)
