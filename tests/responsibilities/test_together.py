"""Many tasks issued, and one task answered, by several people at the same moment."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from chuangwen.core import clock
from chuangwen.notifications.models import Notice
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.services import accept_task, issue_breakdown, object_to_task, set_share
from chuangwen.workflow.services import StaleState
from tests.responsibilities.making import make_city
from tests.support.killing import kill_through
from tests.support.racing import race, refusals

pytestmark = pytest.mark.django_db(transaction=True)


def test_breakdown_issued_twice_at_once_gives_each_unit_its_task_once() -> None:
    city = make_city(leaves=6)
    lead = city.unit("城管局")
    liaison = city.liaison(lead)
    for number in range(1, 7):
        set_share(city.campaign, city.node(f"1.{number}"), lead, "lead", actor=city.office)
    due = clock.now() + timedelta(days=10)
    press = partial(issue_breakdown, city.campaign, due_at=due, measure="不失分", actor=city.office)
    assert sorted(race(press, press)) == [0, 6]
    assert Task.objects.count() == 6
    assert list(Notice.objects.values_list("user", flat=True)) == [liaison.pk]


def test_accepting_and_objecting_at_once_one_counts() -> None:
    city = make_city(leaves=1)
    lead = city.unit("城管局")
    one, two = city.liaison(lead), city.liaison(lead)
    set_share(city.campaign, city.node("1.1"), lead, "lead", actor=city.office)
    issue_breakdown(city.campaign, due_at=clock.now() + timedelta(days=10), measure="不失分", actor=city.office)
    outcomes = race(
        partial(accept_task, Task.objects.get(), actor=one),
        partial(object_to_task, Task.objects.get(), reason="不属本单位", actor=two),
    )
    (late,) = refusals(outcomes)
    assert isinstance(late, StaleState)
    assert Task.objects.get().state == ("objected" if outcomes[0] is late else "accepted")


def test_breakdown_that_dies_while_issuing_issues_nothing() -> None:
    city = make_city(leaves=3)
    lead = city.unit("城管局")
    city.liaison(lead)
    for number in range(1, 4):
        set_share(city.campaign, city.node(f"1.{number}"), lead, "lead", actor=city.office)
    due = clock.now() + timedelta(days=10)

    def facts() -> tuple[int, int, int]:
        return Task.objects.count(), Task.objects.filter(state="issued").count(), Notice.objects.count()

    press = partial(issue_breakdown, city.campaign, due_at=due, measure="不失分", actor=city.office)
    kill_through(press, facts)
    assert facts() == (3, 3, 1)
