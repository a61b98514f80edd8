"""Opening and closing a region's public pages."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core.access import require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.models import Region
from chuangwen.public.models import PublicSite
from chuangwen.workflow.services import note_step

ARRANGE = "public.arrange"
FIELDS = ("is_open", "office_name", "telephone", "address", "is_found")


def save_site(region: Region, *, actor: Any, **values: Any) -> PublicSite:
    """Keep whether the pages are open, and whom they name. Refused: open without name, and telephone or address."""
    require_region(actor, ARRANGE, region.pk)
    given = {name: values[name].strip() if isinstance(values[name], str) else values[name] for name in FIELDS}
    if given["is_open"] and not (given["office_name"] and (given["telephone"] or given["address"])):
        raise Refusal(
            _("Strangers have to know whom to turn to."),
            _("Give the name of the office, and its telephone or address."),
        )
    with transaction.atomic():
        site, made = PublicSite.objects.get_or_create(region=region, defaults=given)
        before = {} if made else {name: getattr(site, name) for name in FIELDS}
        changed = {name: value for name, value in given.items() if before.get(name) != value}
        if changed:
            for name, value in given.items():
                setattr(site, name, value)
            site.save(update_fields=[*FIELDS, "updated_at"])
            note_step(site, "arrange", actor=actor, data=changed)
    return site
