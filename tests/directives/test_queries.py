"""Whom to propose for a vague party, and which tasks ask much the same."""

from __future__ import annotations

import pytest

from chuangwen.core import clock
from chuangwen.directives.queries.documents import addressees, alike_tasks, hints, units_named
from chuangwen.responsibilities.models import Assignment
from tests.directives.making import Desk, candidate
from tests.support.factories import NOON, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def lead(desk: Desk, title: str, unit: object, share: str = "lead") -> None:
    node = desk.campaign.standards.get().version.nodes.filter(is_leaf=True).exclude(title_zh__contains="充电").first()
    node.title_zh = title
    node.save()
    Assignment.objects.create(
        region=desk.root.region, campaign=desk.campaign, node=node, unit=unit, share=share, origin="hand"
    )


def test_vague_party_is_proposed_who_leads_alike_work(desk):
    lead(desk, "飞线充电治理", desk.city)
    lead(desk, "道路照明", desk.schools)
    wires = candidate(desk.document(), "飞线充电")
    found = hints(wires, addressees(desk.root.region))
    assert [(hint.unit, hint.why) for hint in found] == [(desk.city, "1.1 飞线充电治理")]


def test_one_word_in_common_says_nothing_about_who_does_it(desk):
    row = candidate(desk.document(), "飞线充电")
    row.action, row.quote = "提高志愿服务活动的群众知晓率和参与率", ""
    lead(desk, "活动参与率", desk.city)
    assert hints(row, addressees(desk.root.region)) == []


def test_who_only_cooperates_is_not_proposed(desk):
    lead(desk, "飞线充电治理", desk.city, share="cooperate")
    assert hints(candidate(desk.document(), "飞线充电"), addressees(desk.root.region)) == []


def test_misread_name_is_proposed_by_its_likeness(desk):
    row = candidate(desk.document(), "飞线充电")
    row.lead = [{"name": "市城管局组", "units": []}]
    assert [hint.unit for hint in hints(row, addressees(desk.root.region))] == [desk.city]


def test_alike_task_is_pointed_at(desk):
    row = candidate(desk.document(), "背街小巷")
    same = make_task(desk.city, campaign=desk.campaign, title="背街小巷全部整治到位")
    make_task(desk.city, campaign=desk.campaign, title="公共厕所保洁")
    make_task(desk.city, campaign=desk.campaign, title="背街小巷全部整治到位", state="cancelled")
    assert alike_tasks(row) == [same]


def test_picker_offers_collectives_before_anything_is_typed(desk):
    assert units_named(desk.root.region, " ") == ([], ["各街道", "各单位"])
    assert units_named(desk.root.region, "东关")[0] == [desk.east]
