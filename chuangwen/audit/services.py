"""Writes audit entries. Called inside the transaction that does the thing, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from typing import Any

from asgiref.local import Local
from django.conf import settings
from django.db import connection, models, transaction

from chuangwen.audit.chaining import GENESIS, entry_digest
from chuangwen.audit.models import SITE, Chain, Entry
from chuangwen.core import clock
from chuangwen.core.models import as_json, label_of

# Spelled out, since every action of the program runs it
MOVE = "UPDATE audit_chain SET length = %s, head = %s WHERE id = %s AND length = %s AND head = %s"


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain as somebody saw it; it may have moved on since."""

    chain_id: int
    length: int
    digest: str


# The heads that this thread saw last. They are guesses: the UPDATE of _append holds only where the guess
# is right. So a chain is not read anew for each entry of one piece of work, and a guess that a rollback
# or another writer made wrong costs one statement and nothing else.
_seen = Local()


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
    said: dict[str, Any] = {
        "region": region or _region_of(obj),
        "at": clock.now().astimezone(UTC).isoformat(timespec="milliseconds"),
        "actor_id": str(actor.pk) if actor else "",
        "actor_name": str(actor) if actor else "system",
        "action": action,
        "object_type": label_of(obj) if obj is not None else "",
        "object_id": str(obj.pk) if obj is not None else "",
        "object_name": str(obj)[:200] if obj is not None else "",
        "data": as_json(data or {}),
    }
    guess = _heads().get(said["region"])
    entry = (guess and _append(said, guess)) or _append(said, _locked_head(said["region"]))
    if entry is None:
        raise RuntimeError(f"the chain of {said['region']} moved although its row is locked")
    return entry


def _append(said: dict[str, Any], head: Head) -> Entry | None:
    """Write the entry that follows `head` and move the chain's row on to it; None where the chain has another head.

    The UPDATE comes first: it waits for a writer who holds the row, and then no longer finds the head it names.
    """
    fields = said | {"sequence": head.length + 1, "previous": head.digest or GENESIS}
    digest = entry_digest(fields, settings.AUDIT_HASH)
    with connection.cursor() as cursor:
        cursor.execute(MOVE, [head.length + 1, digest, head.chain_id, head.length, head.digest])
        if cursor.rowcount != 1:
            return None
    columns = {name: value for name, value in fields.items() if name != "region"}
    entry: Entry = Entry.objects.create(chain_id=head.chain_id, algorithm=settings.AUDIT_HASH, digest=digest, **columns)
    _heads()[said["region"]] = Head(head.chain_id, head.length + 1, digest)
    return entry


def _locked_head(region_code: str) -> Head:
    """The chain's true head; its row is held until commit."""
    row = Chain.objects.select_for_update().filter(region_code=region_code)
    chain = row.first()
    if chain is None:
        with transaction.atomic():
            Chain.objects.get_or_create(region_code=region_code)
        chain = row.get()
    return Head(chain.pk, chain.length, chain.head)


def _heads() -> dict[str, Head]:
    """By region code, the heads that this thread saw last."""
    if not hasattr(_seen, "heads"):
        _seen.heads = {}
    heads: dict[str, Head] = _seen.heads
    return heads


def _region_of(obj: models.Model | None) -> str:
    region = getattr(obj, "region", None)
    return region.code if region is not None else SITE
