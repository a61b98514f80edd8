"""A region's own rules, such as its quiet hours: written one way, whole, and every change an entry of the audit.

`Region.own(key, usual)` reads one; whoever keeps a rule says what is usual where the region has set none.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from chuangwen.audit.services import record
from chuangwen.core.access import require_region
from chuangwen.core.models import Region


def keep_setting(region: Region, key: str, value: Any, *, action: str, actor: Any, permission: str) -> None:
    """From now on `value` (plain JSON) is the region's rule called `key`; the other ones stay as they are.

    The entry holds who did it and when, the rule as it is now and as it was before (None: the usual one). Raises
    PermissionDenied for whoever may not say so in the region.
    """
    require_region(actor, permission, region.pk)
    with transaction.atomic():
        kept = Region.objects.select_for_update().get(pk=region.pk)
        before = kept.settings.get(key)
        kept.settings = {**kept.settings, key: value}
        kept.save(update_fields=["settings"])
        region.settings = kept.settings
        record(action, actor=actor, region=region.code, data={**_named(value), "before": before})


def _named(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {"now": value}
