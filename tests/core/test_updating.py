"""One row is changed as Django changes it, and only while it is as it was seen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from chuangwen.core.updating import update_row
from chuangwen.workflow.models import Step
from tests.support.factories import NOON, make_region

pytestmark = pytest.mark.django_db


def made() -> Step:
    return Step.objects.create(
        region=make_region(), object_type="a.b", object_id=7, action="fix", source="open", at=NOON
    )


def test_statement_is_djangos_but_for_the_order_of_conditions() -> None:
    one = made()
    values = {"note": "50% '完成'", "data": {"数": [1, None]}, "at": NOON + timedelta(1), "actor_id": None}
    with CaptureQueriesContext(connection) as said:
        assert update_row(one, values, source="open")
        assert Step.objects.filter(pk=one.pk, source="open").update(**values) == 1
    ours, django = (query["sql"].replace('"workflow_step".', "").split(" WHERE ") for query in said)
    assert ours[0] == django[0]
    assert set(ours[1].split(" AND ")) == set(django[1].strip("()").split(" AND "))
    read = Step.objects.get(pk=one.pk)
    assert (read.note, read.data, read.at, read.actor_id) == tuple(values.values())


def test_row_that_is_no_longer_as_it_was_seen_stays() -> None:
    one, other = made(), made()
    assert not update_row(one, {"note": "x"}, source="closed")
    assert update_row(one, {"note": "y"}, source="open", action="fix")
    assert [row.note for row in Step.objects.order_by("pk")] == ["y", ""]
    Step.objects.filter(pk=other.pk).delete()
    assert not update_row(other, {"note": "x"})


def test_row_stands_for_its_key_and_what_the_database_computes_is_left_to_django() -> None:
    one, region = made(), make_region()
    assert update_row(one, {"region": region, "object_id": F("object_id") + 1}, source="open")
    assert not update_row(one, {"object_id": F("object_id") + 1}, source="closed")
    assert update_row(one, {"region": region}, source="open")
    assert Step.objects.values_list("region", "object_id").get(pk=one.pk) == (region.pk, 8)


def test_what_the_database_refuses_gives_the_whole_transaction_up() -> None:
    one = made()
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            update_row(one, {"action": None})
        assert transaction.get_rollback()
    assert Step.objects.get(pk=one.pk).action == "fix"
