"""Writes audit entries. Called inside the transaction that does the thing, or not at all."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F

from chuangwen.audit.chaining import GENESIS, entry_digest
from chuangwen.audit.models import SITE, Chain, Entry
from chuangwen.core import clock
from chuangwen.core.models import as_json, label_of


def record(
    action: str,
    obj: models.Model | None = None,
    *,
    actor: Any,
    region: str = "",
    data: dict[str, Any] | None = None,
) -> Entry:
    """Append one entry to the region's chain and return it.

    Must run inside a transaction (raises RuntimeError otherwise), so that the entry exists if
    and only if the thing was done. `actor` None is the program itself. Concurrent writers of
    one region wait for each other at the chain's row.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("audit.record outside a transaction")
    chain = _locked_chain(region or _region_of(obj))
    fields: dict[str, Any] = {
        "region": chain.region_code,
        "sequence": chain.length,
        "at": clock.now().astimezone(UTC).isoformat(timespec="milliseconds"),
        "actor_id": str(actor.pk) if actor else "",
        "actor_name": str(actor) if actor else "system",
        "action": action,
        "object_type": label_of(obj) if obj is not None else "",
        "object_id": str(obj.pk) if obj is not None else "",
        "object_name": str(obj)[:200] if obj is not None else "",
        "data": as_json(data or {}),
        "previous": chain.head or GENESIS,
    }
    digest = entry_digest(fields, settings.AUDIT_HASH)
    columns = {name: value for name, value in fields.items() if name != "region"}
    entry = Entry.objects.create(chain=chain, algorithm=settings.AUDIT_HASH, digest=digest, **columns)
    Chain.objects.filter(pk=chain.pk).update(head=digest)
    return entry


def _locked_chain(region_code: str) -> Chain:
    """The chain with its length already raised by one: the UPDATE holds the row until commit."""
    if not Chain.objects.filter(region_code=region_code).update(length=F("length") + 1):
        with transaction.atomic():
            Chain.objects.get_or_create(region_code=region_code)
        Chain.objects.filter(region_code=region_code).update(length=F("length") + 1)
    return Chain.objects.get(region_code=region_code)


def _region_of(obj: models.Model | None) -> str:
    region = getattr(obj, "region", None)
    return region.code if region is not None else SITE
