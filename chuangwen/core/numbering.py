"""Running numbers that never repeat, under any number of writers."""

from __future__ import annotations

from django.db import connection, transaction
from django.db.models import F

from chuangwen.core.models import Region, Sequence


def next_number(region: Region, name: str, *, count: int = 1) -> int:
    """Take the next `count` numbers of the region's counter `name`; returns the first of them.

    Must run inside the transaction that uses the numbers: its UPDATE holds the counter's row
    until commit, so numbers come without gaps and without doubles.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("next_number outside a transaction")
    row = Sequence.objects.filter(region=region, name=name)
    if not row.update(value=F("value") + count):
        with transaction.atomic():
            Sequence.objects.get_or_create(region=region, name=name)
        row.update(value=F("value") + count)
    return row.get().value - count + 1


def coming_number(region: Region, name: str) -> int:
    """The number that the counter gives next, unless somebody takes it first: for papers that bear their number.

    Taken is nothing; whoever made something with it compares it with `next_number` in the transaction that keeps it.
    """
    last = Sequence.objects.filter(region=region, name=name).values_list("value", flat=True).first()
    return (last or 0) + 1
