"""A row is inserted as Django inserts it, by a statement that is put together once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Value
from django.db.models.functions import Upper
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext

from chuangwen.core import clock
from chuangwen.core.inserting import QuickInsert
from chuangwen.core.models import StoredFile
from chuangwen.workflow.models import Step
from tests.support.factories import NOON, make_place, make_region

pytestmark = [pytest.mark.django_db, pytest.mark.both]


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
    monkeypatch.delattr(QuickInsert, "save_base")
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


def test_row_of_which_there_is_one_alone_is_not_inserted_twice() -> None:
    def stored() -> StoredFile:
        return StoredFile(sha256="a" * 64, size=1, media_type="text/plain")

    first, second = stored(), stored()
    assert (first.insert_unless_there(), second.insert_unless_there()) == (True, False)
    assert (first, second.pk, second._state.adding) == (StoredFile.objects.get(), None, True)


def test_several_rows_come_in_by_one_statement() -> None:
    region = make_region()
    with clock.at(NOON):
        [ours] = written(lambda: Step.insert_all([step(region), step(region, note="b")]))
        Step.insert_all([])
        assert [row.note for row in Step.objects.order_by("pk")] == ["50% '完成'", "b"]
        one = StoredFile(sha256="b" * 64, size=1, media_type="text/plain")
        StoredFile.insert_all([one])
        with pytest.raises(IntegrityError), transaction.atomic():
            StoredFile.insert_all([one])
        StoredFile.insert_all([one, StoredFile(sha256="c" * 64, size=2, media_type="text/plain")], unless_there=True)
    assert sorted(StoredFile.objects.values_list("sha256", "created_at")) == [("b" * 64, NOON), ("c" * 64, NOON)]
    assert ours.count("), (") == 1


def test_many_rows_come_in_by_a_few_statements() -> None:
    region = make_region()
    said = written(lambda: Step.insert_all([step(region, object_id=number) for number in range(401)]))
    assert (len(said), list(Step.objects.order_by("pk").values_list("object_id", flat=True))) == (3, [*range(401)])


def test_rows_of_which_the_database_computes_something_come_in_by_django() -> None:
    region = make_region()
    Step.insert_all([step(region, note=Upper(Value("abc"))), step(region)])
    assert sorted(Step.objects.values_list("note", flat=True)) == ["50% '完成'", "ABC"]


def test_who_listens_for_rows_is_told_of_them() -> None:
    heard = []

    def hear(instance: Step, created: bool, **_more: Any) -> None:
        heard.append((instance.pk, created))

    one, unheard = step(make_region()), step(make_region())
    post_save.connect(hear, sender=Step)
    try:
        one.save()
    finally:
        post_save.disconnect(hear, sender=Step)
    unheard.save()
    assert heard == [(one.pk, True)]
