"""What a person sets for the own account."""

from __future__ import annotations

from django.db import transaction

from chuangwen.accounts.models import Device, User
from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require_region


def choose_settings(user: User, *, language: str, roomy: bool, keys_off: bool) -> None:
    """Language of the screens, room between rows, single-key commands. Not audited: nobody's business."""
    User.objects.filter(pk=user.pk).update(language=language, roomy=roomy, keys_off=keys_off)
    user.language, user.roomy, user.keys_off = language, roomy, keys_off


def withdraw_device(device: Device, *, actor: User) -> None:
    """From now on nothing opens on this device without signing in. Twice does no harm."""
    if device.user_id != actor.pk:
        require_region(actor, "accounts.bind", device.user.region_id)
    end_device(device, actor=actor)


def end_device(device: Device, *, actor: User) -> None:
    """As `withdraw_device`, also by whoever has the device in hand: it is bound to somebody else from now on."""
    with transaction.atomic():
        if Device.objects.filter(pk=device.pk, withdrawn_at__isnull=True).update(withdrawn_at=clock.now()):
            record("accounts.device.withdraw", device, actor=actor, region=_region(device))


def _region(device: Device) -> str:
    return device.user.region.code if device.user.region else ""
