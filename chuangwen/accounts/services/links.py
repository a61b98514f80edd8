"""Makes, opens and withdraws links that open one matter on the bound device of one person."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.accounts.matters import matter_kind
from chuangwen.accounts.models import Device, MatterLink, User
from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region

LIVES = timedelta(days=30)


def make_link(
    user: User,
    kind: str,
    object_id: int,
    region: Region,
    post: str = "",
    expires_at: datetime | None = None,
    made_by: User | None = None,
    *,
    title: str = "",
) -> str:
    """A new link for `user` to one matter; returns its address. Only its hash is kept, so it cannot be shown again.

    `post` and `title` are kept in words for the list of links. Without `expires_at` it lasts 30 days.
    """
    if matter_kind(kind) is None:
        raise ValueError(f"no matters of kind {kind!r} are registered")
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        link = MatterLink.objects.create(
            user=user, kind=kind, object_id=object_id, region=region, post=post[:120], title=title[:200],
            expires_at=expires_at or clock.now() + LIVES, made_by=made_by, token_hash=token_hash(token),
        )  # fmt: skip
        record("accounts.link.make", link, actor=made_by, data=_facts(link))
    return settings.SITE_URL + reverse("accounts:link", args=[token])


def link_for(user: User, obj: Any, *, made_by: User | None, post: str = "", expires_at: datetime | None = None) -> str:
    """A link for `user` to `obj` (a row with a region), for a message or a printed sheet. Makes a new one each time."""
    return make_link(user, obj._meta.label_lower, obj.pk, obj.region, post, expires_at, made_by, title=str(obj))


def use_link(link: MatterLink, device: Device, *, action: str = "") -> None:
    """Keep that a link was opened, or acted through, on a device."""
    with transaction.atomic():
        MatterLink.objects.filter(pk=link.pk).update(last_used_at=clock.now(), uses=F("uses") + 1)
        name = "accounts.link.act" if action else "accounts.link.open"
        data = {**_facts(link), "device": str(device.uid), **({"action": action} if action else {})}
        record(name, link, actor=link.user, data=data)


def withdraw_link(link: MatterLink, *, actor: User) -> None:
    """From now on the link opens nothing."""
    if link.user_id != actor.pk:
        require_region(actor, "accounts.bind", link.user.region_id)
    with transaction.atomic():
        row = MatterLink.objects.filter(pk=link.pk, withdrawn_at__isnull=True)
        if not row.update(withdrawn_at=clock.now()):
            raise Refusal(_("was withdrawn already."))
        record("accounts.link.withdraw", link, actor=actor, data=_facts(link))


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _facts(link: MatterLink) -> dict[str, str]:
    return {"link": str(link.uid), "matter": f"{link.kind} {link.object_id}", "person": str(link.user_id)}
