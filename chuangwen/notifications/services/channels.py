"""A person's own channels for the daily digest."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core.errors import Refusal
from chuangwen.notifications.addresses import is_allowed
from chuangwen.notifications.models import Channel

MOST = 5


def add_channel(user: Any, *, label: str, address: str) -> Channel:
    """Send the digest there too. Raises Refusal for an address that the site does not allow or apprise not know."""
    import apprise  # noqa: PLC0415 (when needed: no start of the program should wait for it)

    if not is_allowed(address, settings.NOTIFY_SCHEMES):
        raise Refusal(_("This address is not allowed here."), _("The kinds that are allowed stand above the field."))
    if not apprise.Apprise().add(address):
        raise Refusal(_("The address is not complete."), _("Copy it again from the service's page."))
    if Channel.objects.filter(user=user).count() >= MOST:
        raise Refusal(_("Five channels are enough."), _("Remove one first."))
    with transaction.atomic():
        channel = Channel.objects.create(user=user, label=label, address=address)
        record("notifications.channel.add", channel, actor=user, region=_region(user))
    return channel


def switch_channel(channel: Channel, *, actor: Any) -> None:
    """Off if it is on, on if it is off."""
    with transaction.atomic():
        record(
            "notifications.channel.switch", channel, actor=actor, region=_region(actor), data={"on": not channel.is_on}
        )
        Channel.objects.filter(pk=channel.pk, user=actor).update(is_on=not channel.is_on)


def remove_channel(channel: Channel, *, actor: Any) -> None:
    with transaction.atomic():
        record("notifications.channel.remove", channel, actor=actor, region=_region(actor))
        Channel.objects.filter(pk=channel.pk, user=actor).delete()


def _region(user: Any) -> str:
    return user.region.code if user.region else ""
