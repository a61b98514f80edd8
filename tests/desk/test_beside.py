"""A unit's and a task's page show what higher areas know of them: scoped, and at a constant cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.models import StoredFile
from chuangwen.directives.models import Candidate, Document
from chuangwen.responsibilities.models import Task
from chuangwen.scoring.models import Loss, Run
from tests.support.factories import (
    DAY,
    NOON,
    make_campaign,
    make_problem,
    make_root,
    make_round,
    make_task,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db


class City:
    def __init__(self) -> None:
        self.root = make_root()
        self.campaign = make_campaign(self.root)
        self.round = make_round(self.campaign)
        self.version = self.round.versions.get()
        self.unit, self.other = make_unit(self.root, name="市城管局"), make_unit(self.root, name="市交警队")
        self.office = make_user(Role.OFFICE, self.root)

    def run(self, **points: float) -> Run:
        stored, _new = StoredFile.objects.get_or_create(sha256="0" * 64, defaults={"size": 1, "media_type": "x"})
        tables = dict.fromkeys(("observations", "places", "frames", "leads"), stored)
        made = Run.objects.create(
            region=self.root.region, round=self.round, version=self.version, total=80.5, low=78, high=83, **tables
        )
        for unit, lost in ((self.unit, points.get("own", 3.0)), (self.other, points.get("other", 9.0))):
            Loss.objects.create(region=self.root.region, run=made, unit=unit, code="1.1", points=lost)
        return made


@pytest.fixture
def city() -> Any:
    with clock.at(NOON):
        yield City()


def page(client: Any, name: str, pk: int) -> str:
    answer = client.get(reverse(name, args=[pk]))
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_a_units_page_shows_its_own_tasks_problems_and_losses(city: City, sign_in: Any) -> None:
    mine, others = make_task(city.unit, campaign=city.campaign), make_task(city.other, campaign=city.campaign)
    closed = make_task(city.unit, campaign=city.campaign, state="confirmed")
    problem, gone = make_problem(city.unit), make_problem(city.unit, state="closed")
    foreign = make_problem(city.other)
    city.run()
    text = page(sign_in(city.office), "organizations:unit", city.unit.pk)
    for shown in (mine.title, problem.title, "本单位的任务", "本单位的问题", "本单位失分", "−3.00"):
        assert shown in text
    for hidden in (f"/tasks/{others.pk}/", f"/tasks/{closed.pk}/", gone.number, foreign.number, "−9.00"):
        assert hidden not in text


def test_a_unit_without_anything_shows_no_empty_panels(city: City, sign_in: Any) -> None:
    text = page(sign_in(city.office), "organizations:unit", city.unit.pk)
    for title in ("本单位的任务", "本单位的问题", "本单位失分"):
        assert title not in text


def test_another_unit_sees_nothing_of_it(city: City, sign_in: Any) -> None:
    task, problem = make_task(city.unit, campaign=city.campaign), make_problem(city.unit)
    city.run()
    liaison = make_user(Role.LIAISON, city.other)
    answer = sign_in(liaison).get(reverse("organizations:unit", args=[city.unit.pk]))
    text = answer.content.decode()
    for hidden in (f"/tasks/{task.pk}/", problem.number, "本单位失分"):
        assert hidden not in text
    own = page(sign_in(liaison), "organizations:unit", city.other.pk)
    assert "−9.00" in own


def test_more_rows_cost_no_more_queries_and_five_are_shown(city: City, sign_in: Any) -> None:
    client = sign_in(city.office)
    counts = []
    for more in (1, 6):
        for _number in range(more):
            make_task(city.unit, campaign=city.campaign)
            make_problem(city.unit)
        city.run()
        page(client, "organizations:unit", city.unit.pk)
        with CaptureQueriesContext(connection) as queries:
            text = page(client, "organizations:unit", city.unit.pk)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert "进行中7项" in text
    assert text.count('href="/tasks/') - text.count('href="/tasks/?') <= 5 + text.count('href="/tasks/"')


def test_a_tasks_page_shows_its_passage_and_the_problems_of_its_criterion(city: City, sign_in: Any) -> None:
    node = city.version.nodes.get(code="1.1")
    task = make_task(city.unit, campaign=city.campaign, node=node)
    document = Document.objects.create(
        region=city.root.region, campaign=city.campaign, title="动员会讲话", day=DAY, text="由市城管局牵头清理。"
    )
    candidate = Candidate.objects.create(
        region=city.root.region, document=document, start=0, end=8, quote="由市城管局牵头清理。", action="清理"
    )
    candidate.tasks.add(task)
    urn = city.version.urn
    here = make_problem(city.unit, node_codes=[f"{urn}#1.1"])
    hidden = [
        make_problem(city.unit, node_codes=[f"{urn}#1.10"]), make_problem(city.unit, node_codes=[f"{urn}#1.2"]),
        make_problem(city.other, node_codes=[f"{urn}#1.1"]),
        make_problem(city.unit, node_codes=[f"{urn}#1.1"], state="closed"),
    ]  # fmt: skip
    text = page(sign_in(city.office), "responsibilities:task", task.pk)
    for shown in (
        "动员会讲话",
        "由市城管局牵头清理。",
        f"/directives/{document.pk}/review/#c{candidate.pk}",
        here.number,
    ):
        assert shown in text
    for one in hidden:
        assert one.number not in text
    liaison = page(sign_in(make_user(Role.LIAISON, city.unit)), "responsibilities:task", task.pk)
    assert ("动员会讲话" in liaison, here.number in liaison) == (False, True)
    Task.objects.update(origin_text="由市城管局牵头清理。\n")
    assert page(sign_in(city.office), "responsibilities:task", task.pk).count("由市城管局牵头清理。") == 1


def test_a_campaigns_page_shows_its_problems_and_the_scores_of_its_rounds(city: City, sign_in: Any) -> None:
    for state in ("assigned", "closed", "closed"):
        make_problem(city.unit, campaign=city.campaign, state=state)
    make_problem(city.unit)
    city.run()
    run = city.run()
    text = page(sign_in(city.office), "campaigns:campaign", city.campaign.pk)
    assert "得分80.50(78.00—83.00)" in text
    assert reverse("scoring:run", args=[run.pk]) in text
    shown = sign_in(city.office).get(reverse("campaigns:campaign", args=[city.campaign.pk])).context["panels"]
    panel = next(one for one in shown if one.context.get("name") == "problems")
    assert [line.end for line in panel.context["lines"]] == ["1", "0", "2"]
    verifier = sign_in(make_user(Role.LIAISON, city.other))
    text = page(verifier, "campaigns:campaign", city.campaign.pk)
    assert "得分80.50" not in text
