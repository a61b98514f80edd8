"""A question is put together once and gives what Django's query gives, whatever the values."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from chuangwen.core.asking import Question
from chuangwen.organizations.enums import UnitKind
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place
from chuangwen.workflow.models import Step
from tests.support.factories import NOON, make_place, make_region

pytestmark = pytest.mark.django_db
STEPS = Question(
    lambda region, action, since: Step.objects.filter(region=region, action=action, at__gte=since).order_by("-at")
)


def step(region: Any, days: int, **fields: Any) -> Step:
    values = {"object_type": "a.b", "object_id": 7, "action": "fix", "data": {"数": 1}, "at": NOON - timedelta(days)}
    return Step.objects.create(region=region, **values | fields)


def test_rows_are_those_of_django_for_every_value() -> None:
    first, second = make_region(), make_region()
    made = [step(first, 0), step(first, 2), step(first, 1), step(first, 1, action="close"), step(second, 0)]
    for region in (first, second):
        for action in ("fix", "close"):
            for since in (NOON - timedelta(1), NOON - timedelta(3)):
                rows = Step.objects.filter(region=region, action=action, at__gte=since).order_by("-at")
                assert STEPS(region, action, since) == list(rows)
    assert STEPS(first.pk, "fix", NOON - timedelta(9)) == [made[0], made[2], made[1]]
    read = STEPS(first, "close", NOON - timedelta(9))[0]
    assert (read.data, read.at, read.region_id) == ({"数": 1}, NOON - timedelta(1), first.pk)


def test_first_row_and_none() -> None:
    region = make_region()
    assert STEPS.first(region, "fix", NOON) is None
    assert STEPS.first(region, "fix", NOON - timedelta(1)) == STEPS.first(region, "fix", NOON)
    one = step(region, 0)
    assert STEPS.first(region, "fix", NOON) == one


def test_joined_rows_and_single_values_come_as_asked_for() -> None:
    place = make_place()
    joined = Question(lambda key: Place.objects.filter(pk=key).select_related("territory"))
    names = Question(lambda kind: Unit.objects.filter(kind=kind).order_by("pk").values_list("pk", flat=True))
    [read] = joined(place)
    assert (read, read.territory, "territory" in read._state.fields_cache) == (place, place.territory, True)
    kind = UnitKind(place.territory.kind)
    assert names(kind) == list(Unit.objects.filter(kind=kind).order_by("pk").values_list("pk", flat=True)) != []


def test_is_put_together_once_for_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def rows(region: Any) -> Any:
        made.append(region)
        return Step.objects.filter(region=region)

    question, region = Question(rows), make_region()
    assert [len(question(region)), len(step(region, 0).action), len(question(region))] == [0, 3, 1]
    assert len(made) == 1
    monkeypatch.delitem(connections["default"].__dict__, "_questions")  # as on another connection
    assert (len(question(region)), len(made)) == (1, 2)
