"""A row is inserted as Django inserts it, by a statement that is put together once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Upper
from django.test.utils import CaptureQueriesContext

from chuangwen.core import clock
from chuangwen.core.inserting import QuickInsert
from chuangwen.core.models import StoredFile
from chuangwen.workflow.models import Step
from tests.support.factories import NOON, make_place, make_region

pytestmark = pytest.mark.django_db


def step(region: Any, **fields: Any) -> Step:
    values = {
        "object_type": "a.b", "object_id": 7, "action": "fix", "actor_id": None, "actor_name": "张三", "at": NOON,
        "data": {"数": [1, None, "100%"]}, "note": "50% '完成'",
    }  # fmt: skip
    return Step(region=region, **values | fields)


def written(act: Any) -> list[str]:
    with CaptureQueriesContext(connection) as said:
        act()
    return [query["sql"] for query in said if query["sql"].startswith("INSERT")]


def test_statement_and_values_are_those_of_django(monkeypatch: pytest.MonkeyPatch) -> None:
    region = make_region()
    [ours] = written(lambda: step(region).save())
    [ours_again] = written(lambda: step(region).save())
    [ours_with_key] = written(lambda: step(region, pk=4711).save(force_insert=True))
    monkeypatch.delattr(QuickInsert, "_do_insert")
    [django] = written(lambda: step(region).save())
    [django_with_key] = written(lambda: step(region, pk=90210).save(force_insert=True))
    assert (ours, ours_again) == (django, django)
    assert ours_with_key == django_with_key.replace("90210", "4711")


def test_row_is_read_back_as_it_was_saved() -> None:
    one = step(make_region())
    one.save()
    read = Step.objects.get(pk=one.pk)
    assert (read.data, read.note, read.actor_id, read.at) == ({"数": [1, None, "100%"]}, "50% '完成'", None, NOON)


def test_clock_is_asked_when_the_row_is_inserted() -> None:
    with clock.at(NOON - timedelta(days=3)):
        kept = StoredFile.objects.create(sha256="a" * 64, size=1, media_type="text/plain")
    assert kept.created_at == kept.updated_at == StoredFile.objects.get().created_at == NOON - timedelta(days=3)


def test_expression_is_left_to_django() -> None:
    one = step(make_region(), note=Upper(Value("abc")))
    one.save()
    assert Step.objects.get(pk=one.pk).note == "ABC"
    after = step(one.region)
    after.save()
    assert Step.objects.get(pk=after.pk).note == "50% '完成'"


def test_what_stands_there_already_is_refused_by_the_database() -> None:
    place = make_place()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_place(place.territory, code=place.code)


def test_every_row_of_a_region_is_inserted_so() -> None:
    ours = [model for model in apps.get_models() if model.__module__.startswith("chuangwen.")]
    regional = [model for model in ours if any(field.name == "region" for field in model._meta.fields)]
    seldom = {"accounts.User", "core.Sequence", "core.SearchGram"}  # the last is written by the database itself
    assert {model._meta.label for model in regional if not issubclass(model, QuickInsert)} == seldom
