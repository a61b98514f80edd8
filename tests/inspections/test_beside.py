"""What fieldwork shows and moves on pages of campaigns and people."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import lxml.html
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Round
from chuangwen.campaigns.queries import preview_shift
from chuangwen.campaigns.services import shift_assessment
from chuangwen.core import clock
from chuangwen.inspections.models import Draw, Visit
from chuangwen.workflow.models import Step
from tests.inspections.making import Field, make_field
from tests.support.factories import NOON, make_round, make_task, make_user

pytestmark = pytest.mark.django_db
OLD, NEW = date(2026, 12, 21), date(2026, 12, 28)


@pytest.fixture
def field() -> Any:
    with clock.at(NOON):
        yield make_field()


def planned_round(field: Field) -> None:
    Round.objects.update(state="planned", starts=date(2026, 12, 1), ends=date(2026, 12, 4))


def test_visits_of_a_round_that_has_not_begun_move_with_it(field: Field) -> None:
    visit = field.visit(planned_on=date(2026, 12, 2))
    begun = field.visit(planned_on=date(2026, 12, 2), state="skipped")
    planned_round(field)
    campaign = field.round.campaign
    shown = preview_shift(campaign, NEW)
    assert Visit.objects.get(pk=visit.pk).planned_on == date(2026, 12, 2)
    assert shift_assessment(campaign, NEW, expected=OLD, actor=field.office) == shown
    days = dict(Visit.objects.values_list("pk", "planned_on"))
    assert days == {visit.pk: date(2026, 12, 9), begun.pk: date(2026, 12, 2)}
    assert [(m.old, m.new) for m in shown.moves if str(m.kind) == "考察"] == [(date(2026, 12, 2), date(2026, 12, 9))]
    step = Step.objects.get(object_id=visit.pk, object_type="inspections.visit", action="move")
    assert (step.data, step.actor_id) == ({"from": "2026-12-02", "to": "2026-12-09"}, field.office.pk)


def test_visits_of_a_running_round_stay(field: Field) -> None:
    visit = field.visit()
    shift_assessment(field.round.campaign, NEW, expected=OLD, actor=None)
    assert Visit.objects.get().planned_on == visit.planned_on
    assert not Step.objects.filter(action="move").exists()


def test_a_published_release_time_stays_and_is_told(field: Field) -> None:
    planned_round(field)
    release = datetime(2026, 12, 1, 0, 30, tzinfo=NOON.tzinfo)
    for state in ("frozen", "withdrawn"):
        Draw.objects.create(
            region=field.round.region, round=field.round, pool_sha256="0" * 64, state=state, strict=True,
            release_at=release + timedelta(days=state == "withdrawn"),
        )  # fmt: skip
    stays = preview_shift(field.round.campaign, NEW).stays
    told = [(one.day, str(one.why)) for one in stays if str(one.kind) == "抽签"]
    assert told == [(date(2026, 12, 1), "公布时间已对外公布")]


def campaign_page(client: Any, field: Field) -> Any:
    return client.get(reverse("campaigns:campaign", args=[field.round.campaign_id]))


def test_the_campaigns_page_says_how_far_each_round_has_come(field: Field, sign_in: Any) -> None:
    field.visit(state="finished")
    field.visit()
    field.visit(state="skipped")
    page = campaign_page(sign_in(field.office), field).content.decode()
    assert "已查1/2处" in page
    assert reverse("inspections:round", args=[field.round.pk]) in page
    liaison = make_user(Role.LIAISON, field.street)
    page = campaign_page(sign_in(liaison), field)
    assert (page.status_code, "已查" in page.content.decode()) == (200, False)


def test_facts_of_rounds_cost_the_same_for_one_and_for_three(field: Field, sign_in: Any) -> None:
    client = sign_in(field.office)
    counts = []
    for number in range(2):
        field.visit()
        campaign_page(client, field)
        with CaptureQueriesContext(connection) as queries:
            campaign_page(client, field)
        counts.append(len(queries))
        for more in range(2):
            made = Round.objects.create(
                region=field.round.region, campaign=field.round.campaign, name=f"轮{number}{more}", year=2026,
                starts=field.round.starts, ends=field.round.ends, state="running",
            )  # fmt: skip
            made.versions.set([field.version])
            place = field.place()
            Visit.objects.create(region=made.region, round=made, place=place, planned_on=made.starts)
    assert counts[0] == counts[1]


def test_a_persons_page_shows_the_visits_to_who_plans_them(field: Field, sign_in: Any) -> None:
    field.visit(state="finished")
    field.visit()
    url = reverse("accounts:person", args=[field.inspector.pk])
    page = sign_in(field.office).get(url).content.decode()
    assert "已完成1处，还有1处" in page
    other = make_user(Role.INSPECTOR, field.root)
    url = reverse("accounts:person", args=[other.pk])
    assert "承担的考察" not in sign_in(field.office).get(url).content.decode()
    admin = make_user(Role.ADMINISTRATOR, field.root)
    url = reverse("accounts:person", args=[field.inspector.pk])
    assert "承担的考察" not in sign_in(admin).get(url).content.decode()


def test_task_that_asks_for_a_look_leads_to_its_round(field: Field, sign_in: Any) -> None:
    campaign = field.round.campaign
    words = {"title": "对初见成效情况组织暗访", "due_at": NOON + timedelta(days=40), "campaign": campaign}
    task = make_task(field.root, **words)
    page = sign_in(field.office)
    html = page.get(reverse("responsibilities:task", args=[task.pk])).content.decode()
    way = lxml.html.fromstring(html).xpath("//a[contains(@href, '/rounds/new/?')]/@href")
    assert len(way) == 1
    form = page.get(way[0]).context["form"]
    due = clock.local(task.due_at).date()
    assert [form[name].value() for name in ("name", "starts", "ends", "unannounced")] == [task.title, due, due, True]
    made = make_round(campaign, name="初见成效暗访", starts=due - timedelta(days=2), ends=due, state="planned")
    html = page.get(reverse("responsibilities:task", args=[task.pk])).content.decode()
    assert (way[0] in html, reverse("inspections:round", args=[made.pk]) in html) == (False, True)


def test_other_tasks_and_other_people_are_offered_no_round(field: Field, sign_in: Any) -> None:
    campaign = field.round.campaign
    plain = make_task(field.street, title="清理背街小巷", due_at=NOON + timedelta(days=40), campaign=campaign)
    look = make_task(field.street, title="组织验收", due_at=NOON + timedelta(days=40), campaign=campaign)
    liaison = make_user(Role.LIAISON, field.street)
    for person, task in ((field.office, plain), (liaison, look)):
        html = sign_in(person).get(reverse("responsibilities:task", args=[task.pk])).content.decode()
        assert (task.title in html, "实地查看" in html) == (True, False)


@pytest.mark.parametrize("on", ["", "2026-13-40", "2020-01-01"])
def test_day_that_is_none_or_over_is_today(field: Field, sign_in: Any, on: str) -> None:
    form = sign_in(field.office).get(reverse("inspections:round_new"), {"on": on}).context["form"]
    assert (form["starts"].value(), form["unannounced"].value()) == (clock.today(), False)
