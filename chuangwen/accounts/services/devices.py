"""Binds a phone to a person by a code from the office, and knows it again by its cookie."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from chuangwen.accounts.agents import device_words
from chuangwen.accounts.lockout import client_address
from chuangwen.accounts.models import BindingCode, Device, User
from chuangwen.accounts.services.me import end_device
from chuangwen.accounts.services.throttling import try_once
from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require_region
from chuangwen.core.errors import Refusal

COOKIE = "cw_device"
COOKIE_DAYS = 400  # the longest that browsers keep
CODE_LIVES = timedelta(hours=24)
CODE_TRIES = 5
ADDRESS_TRIES, PERSON_TRIES, TRY_SECONDS = 60, 10, 3600  # a whole office may share one address
SEEN_EVERY = timedelta(minutes=5)


def issue_code(user: User, *, actor: User) -> str:
    """A new code of eight digits by which `user` binds one device within a day. Earlier codes end. Shown once."""
    require_region(actor, "accounts.bind", user.region_id)
    if not user.is_active:
        raise Refusal(_("This account is closed."), _("Open it first."))
    code = f"{secrets.randbelow(10**8):08d}"
    now = clock.now()
    with transaction.atomic():
        BindingCode.objects.filter(user=user, used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
        row = BindingCode.objects.create(user=user, code_hash="", expires_at=now + CODE_LIVES, issued_by=actor)
        BindingCode.objects.filter(pk=row.pk).update(code_hash=_code_hash(row.pk, code))
        record("accounts.device.code", user, actor=actor)
    return code


def bind_device(request: HttpRequest, account: str, code: str) -> tuple[User, str]:
    """Bind the asking device to whom `account` (account or mobile) and `code` name; returns the person and the secret.

    Whatever is wrong, the Refusal says the same, so that nothing can be found out by trying.
    """
    address, name = client_address(request), account.strip().casefold()[:40]
    if not try_once("bind-address", address, limit=ADDRESS_TRIES, seconds=TRY_SECONDS) or not try_once(
        "bind-person", name, limit=PERSON_TRIES, seconds=TRY_SECONDS
    ):
        raise Refusal(_("Too many tries in a short time."), _("Wait an hour, or ask the campaign office."))
    row = _fitting_code(name, "".join(c for c in code if c.isdigit()))
    if row is None:
        raise Refusal(
            _("Account and code do not fit, or the code has run out."),
            _("Check both. A code lasts a day and five tries; the campaign office gives a new one."),
        )
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        used = BindingCode.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=clock.now())
        if not used:
            raise Refusal(_("This code has just been used."), _("Ask the campaign office for a new one."))
        old = device_of(request)
        if old is not None:
            end_device(old, actor=row.user)
        device = Device.objects.create(
            user=row.user, secret_hash=_secret_hash(secret), label=device_words(request.headers.get("user-agent", ""))
        )
        region = row.user.region.code if row.user.region else ""
        record(
            "accounts.device.bind", device, actor=row.user, region=region,
            data={"device": str(device.uid), "address": address},
        )  # fmt: skip
    return row.user, secret


def _fitting_code(name: str, code: str) -> BindingCode | None:
    """The live code that fits, each look at one counted. As much is computed where nobody of the name is known."""
    now = clock.now()
    live = BindingCode.objects.filter(
        Q(user__username__iexact=name) | Q(user__phone=name),
        user__is_active=True, used_at__isnull=True, expires_at__gt=now,
    ).select_related("user__region")[:PERSON_TRIES] if name else []  # fmt: skip
    found = None
    rows = list(live)
    for row in rows:
        counted = BindingCode.objects.filter(pk=row.pk, attempts__lt=CODE_TRIES).update(attempts=F("attempts") + 1)
        if hmac.compare_digest(row.code_hash, _code_hash(row.pk, code)) and counted:
            found = row
    if not rows:
        hmac.compare_digest("0" * 64, _code_hash(0, code))
    return found


def device_of(request: HttpRequest) -> Device | None:
    """The bound device that asks; None where the cookie is unknown or withdrawn or its person's account is closed."""
    secret = request.COOKIES.get(COOKIE, "")
    if not 40 <= len(secret) <= 64:
        return None
    found = Device.objects.filter(secret_hash=_secret_hash(secret), withdrawn_at__isnull=True)
    return found.filter(user__is_active=True).select_related("user__region").first()


def see_device(device: Device) -> None:
    """Remember that the device was used; not at every click."""
    now = clock.now()
    if device.last_seen_at is None or now - device.last_seen_at > SEEN_EVERY:
        Device.objects.filter(pk=device.pk).update(last_seen_at=now)


def keep_secret(response: HttpResponse, secret: str) -> HttpResponse:
    """Put the device's secret into its cookie, out of reach for scripts."""
    response.set_cookie(
        COOKIE, secret, max_age=COOKIE_DAYS * 86400, httponly=True, samesite="Lax", secure=settings.SECURE_COOKIES
    )
    return response


def _code_hash(pk: int, code: str) -> str:
    """Eight digits could be found from a plain hash by trying; the key of the site stands in the way."""
    return hmac.new(settings.SECRET_KEY.encode(), f"binding:{pk}:{code}".encode(), hashlib.sha256).hexdigest()


def _secret_hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
