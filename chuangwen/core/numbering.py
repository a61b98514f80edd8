"""Running numbers that never repeat, under any number of writers."""

from __future__ import annotations

from django.db import connection, transaction

from chuangwen.core.models import Region, Sequence

TAKE = "UPDATE core_sequence SET value = value + %s WHERE region_id = %s AND name = %s RETURNING value"


def next_number(region: Region, name: str, *, count: int = 1) -> int:
    """Take the next `count` numbers of the region's counter `name`; returns the first of them.

    Must run inside the transaction that uses the numbers: its UPDATE holds the counter's row
    until commit, so numbers come without gaps and without doubles.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("next_number outside a transaction")
    last = _taken(region, name, count)
    if last is None:
        with transaction.atomic():
            Sequence.objects.get_or_create(region=region, name=name)
        last = _taken(region, name, count)
    if last is None:
        raise RuntimeError(f"the counter {name} of {region} is gone although it was made just now")
    return last - count + 1


def _taken(region: Region, name: str, count: int) -> int | None:
    """The last of the next `count` numbers; None where the counter does not exist yet."""
    with transaction.mark_for_rollback_on_error(), connection.cursor() as cursor:
        cursor.execute(TAKE, [count, region.pk, name])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def coming_number(region: Region, name: str) -> int:
    """The number that the counter gives next, unless somebody takes it first: for papers that bear their number.

    Taken is nothing; whoever made something with it compares it with `next_number` in the transaction that keeps it.
    """
    last = Sequence.objects.filter(region=region, name=name).values_list("value", flat=True).first()
    return (last or 0) + 1
