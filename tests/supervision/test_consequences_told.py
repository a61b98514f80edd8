"""Consequences on the start page and in words; who may not reply, decide or sign; linking rules that cannot be."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.supervision.forms.acting import StepForm
from chuangwen.supervision.models import Consequence, LinkRule, ListLine, NoticeStep
from chuangwen.supervision.services import (
    ask_body,
    decide_appeal,
    propose_by_hand,
    propose_consequences,
    reply_to_consequence,
    save_link,
    sign_for_body,
    switch_link,
)
from chuangwen.supervision.words import consequence_cell, side_cell, term_words
from tests.supervision.test_consequences import DAY, confirmed, entered, kind
from tests.supervision.test_elsewhere import lines
from tests.support.factories import make_root, make_user
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon"), pytest.mark.once]


def test_start_page_calls_for_confirming_what_others_entered_for_appeals_and_for_proposals(world):
    made = entered(world)
    assert [title for _group, title, _action in lines(world.leader)] == ["1项奖惩待确认"]
    assert lines(world.office) == []
    made.delete()
    held = confirmed(world)
    reply_to_consequence(held, text="事实不清", is_appeal=True, actor=world.liaison)
    assert f"{world.unit}提出申诉" in [title for _group, title, _action in lines(world.leader)]
    Consequence.objects.create(
        region=world.region,
        unit=world.other,
        kind=kind("通报批评"),
        day=DAY,
        year=2026,
        title="黑牌两次",
        state="proposed",
    )
    assert "规则建议1项奖惩" in [title for _group, title, _action in lines(world.office)]
    assert lines(world.liaison) == []


def test_consequence_says_where_it_stands_and_until_when_it_holds(world):
    made = confirmed(world)
    reward = confirmed(world, "通报表扬")
    assert ("not-met" in consequence_cell(made), "not-met" in consequence_cell(reward)) == (True, False)
    assert [term_words(one) for one in (made, reward)] == ["至12月31日(周四)", "—"]
    made.until = DAY - timedelta(days=1)
    assert "已到期" in consequence_cell(made)
    assert "待确认" in consequence_cell(entered(world, "通报批评"))
    assert [str(side_cell(ListLine(side=side))) for side in ("",)] == ["—"]
    assert "cw-tag--bad" in side_cell(ListLine(side="black"))


def test_stranger_neither_replies_nor_decides(world):
    made = confirmed(world)
    elsewhere = make_user(Role.OFFICE, make_root())
    with pytest.raises(PermissionDenied):
        reply_to_consequence(made, text="不服", actor=elsewhere)
    appeal = reply_to_consequence(made, text="不服", is_appeal=True, actor=world.liaison)
    for person in (elsewhere, world.liaison):
        with pytest.raises(PermissionDenied):
            decide_appeal(appeal, decision="维持", lifts=False, actor=person)
    appeal.refresh_from_db()
    assert appeal.decided_at is None


def test_linking_rule_that_cannot_be_is_refused_and_none_proposes_where_none_is_on(world):
    values = {"figure": "red-year", "number": 3, "kind": kind("通报批评"), "source": "site: 试", "actor": world.office}
    for wrong, words in (({"number": 0}, "1到500"), ({"number": 501}, "1到500"), ({"figure": "x"}, "指标")):
        assert words in said(save_link, world.region, **values | wrong)
    off = kind("责令整改")
    off.is_on = False
    off.save()
    assert "没有启用" in said(save_link, world.region, **values | {"kind": off})
    rule = save_link(world.region, **values)
    switch_link(rule, on=True, actor=world.office)
    acts = Entry.objects.filter(action="supervision.link-rule.on").count()
    switch_link(rule, on=True, actor=world.office)
    assert (acts, Entry.objects.filter(action="supervision.link-rule.on").count()) == (1, 1)
    LinkRule.objects.update(is_on=False)
    assert propose_consequences(world.region) == []


def test_reminder_is_signed_and_answered_by_nobody(world):
    steps = {one.step: StepForm(None, step=one) for one in NoticeStep.objects.filter(region=world.region)}
    asked = {step: "signer" in form.fields for step, form in steps.items()}
    assert asked == {"reminder": False, "white": True, "yellow": True, "red": True}


def test_people_of_the_pressed_unit_sign_for_no_body(world):
    notice = propose_by_hand(world.unit, colour="red", problems=[world.problem()], reason="急", actor=world.office)
    body = ask_body(notice, unit=world.other, actor=world.office)
    insider = make_user(Role.LEADER, world.other)
    insider.role_grants.create(region=world.region, role=str(Role.LIAISON), unit=world.unit, starts="2020-01-01")
    assert "您属于这个单位" in said(sign_for_body, body, actor=insider)
