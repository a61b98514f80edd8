"""How sheets, rules, flags and lists are put into words, and whom a notice is addressed to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chuangwen.core import clock
from chuangwen.core.templatetags.chuangwen import source_tag
from chuangwen.evidence.models import Dossier
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import ContractedArea, Holding, Unit
from chuangwen.organizations.services import name_post
from chuangwen.supervision.forms.acting import AnswerForm, SignForm
from chuangwen.supervision.models import Flag, NoticeItem, NoticeRule, NoticeStep, SupervisionNotice, VetoEvent
from chuangwen.supervision.peers import Share
from chuangwen.supervision.queries.addressees import addressed
from chuangwen.supervision.services import drop_notice
from chuangwen.supervision.sheets import sheet_of
from chuangwen.supervision.views.next_step import next_step
from chuangwen.supervision.words import (
    answer_words,
    bar_words,
    condition_words,
    due_cell,
    flag_cell,
    ground_words,
    share_words,
    sheet_number,
    state_of,
    to_words,
)
from tests.supervision.making import NOW
from tests.support.factories import make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("condition", "ground", "rule"),
    [
        ("due-soon", "还有2个工作日到期", "到期前2个工作日"),
        ("late", "逾期2个工作日", "逾期2个工作日"),
        ("after", "上一级发出2个工作日后仍未整改", "上一级督办单发出2个工作日后仍未整改"),
        ("returned", "退回2次", "退回2次"),
        ("recurrence", "办结2天后回潮", "办结2天内回潮"),
        ("falsified", "确认弄虚作假", "确认弄虚作假"),
    ],
)
def test_reason_is_told_with_its_figure(condition, ground, rule):
    assert ground_words(condition, 2) == ground
    assert condition_words(NoticeRule(condition=condition, number=2)) == rule


def test_matter_listed_by_hand_says_so():
    assert ground_words("", 0) == "人工列入"


def test_sheet_has_its_own_number_once_it_is_signed():
    numbers = [
        sheet_number(SupervisionNotice(colour=colour, day=DAY, serial=serial, number="2026-0007"))
        for colour, serial in (("white", 3), ("yellow", 2), ("red", 1), ("red", None))
    ]
    assert numbers == ["督白〔2026〕3号", "督黄〔2026〕2号", "督红〔2026〕1号", "2026-0007"]


def test_answer_is_told_by_its_time_and_a_returned_one_by_its_state(noon):
    def notice(**fields):
        return SupervisionNotice(**{"state": "answered", "due_at": NOW, "answered_at": NOW} | fields)

    late = notice(answered_at=NOW + timedelta(minutes=1))
    assert [due_cell(one) for one in (notice(), late, notice(state="settled"))] == ["按期答复", "逾期答复", "—"]
    assert "今天" in due_cell(notice(state="sent", due_at=NOW + timedelta(hours=2)))
    returned = notice(state="acknowledged", returned_times=1)
    assert [state_of(one)[1] for one in (returned, notice(state="acknowledged"))] == ["答复退回", "已签收"]


def test_step_says_to_whom_it_goes_and_within_how_long_it_is_answered():
    white = NoticeStep(addressee="acting", answer_within="2d")
    red = NoticeStep(addressee="head", copy_to="supervision", answer_within="1d", talk_within="5d")
    assert [to_words(one) for one in (white, red)] == ["联络员和具体责任人", "单位负责人，抄送督查室"]
    assert [answer_words(one) for one in (NoticeStep(), white, red)] == ["—", "2个工作日", "1个工作日，5个工作日内约谈"]


def test_source_is_marked_as_customary_proposed_or_our_own_and_anything_else_stands_as_it_is():
    tags = [source_tag(one) for one in ("customary: 江门", "proposed: 默认", "site: 云创〔2026〕1号", "<某文件>")]
    assert tags == [
        '<span class="cw-tag cw-tag--good">通行</span> 江门',
        '<span class="cw-tag cw-tag--warn">建议</span> 默认',
        '<span class="cw-tag cw-tag--brand">本地</span> 云创〔2026〕1号',
        "&lt;某文件&gt;",
    ]


def test_bar_flag_and_share_are_told_plainly(noon):
    events = [VetoEvent(state=state, bars_until=until) for state, until in (
        ("reported", DAY), ("confirmed", DAY), ("confirmed", DAY - timedelta(days=1)))]  # fmt: skip
    assert [bar_words(one) for one in events] == ["—", "至11月18日(周三)", "已于11月17日(周二)期满"]
    assert "not-met" in flag_cell(Flag(state="given", colour="black"))
    assert "not-met" not in flag_cell(Flag(state="given", colour="red"))
    assert [share_words(one) for one in (Share(18, 20), Share(0, 0))] == ["18/20 (90%)", "—"]


def test_sheet_that_does_not_hold_says_so_on_its_head(world):
    world.problem()
    (notice,) = world.proposed()
    with clock.at(NOW):
        assert sheet_of(notice, "notice").warning == "草稿，未签发，不作督办单用。"
        for state, word in (("dropped", "未发"), ("withdrawn", "已撤回")):
            notice.state = state
            assert sheet_of(notice, "assignment").warning == f"此单不作数：{word}。"
        notice.state = "sent"
        assert sheet_of(notice, "feedback").warning == ""


def test_feedback_sheet_says_how_far_a_dossier_is_and_when_it_was_handed_in(world):
    campaign = world.task().campaign
    node = campaign.standards.get().version.nodes.filter(is_leaf=True).first()
    values = {"region": world.region, "campaign": campaign, "node": node, "due_on": DAY, "slots_needed": 3}
    world.problem()
    (notice,) = world.proposed()
    for year, fields in ((2025, {"submitted_at": NOW, "slots_filled": 3}), (2026, {"slots_filled": 1})):
        made = Dossier.objects.create(unit=world.unit, year=year, **values, **fields)
        NoticeItem.objects.create(region=world.region, notice=notice, dossier=made, due_at=NOW)
    with clock.at(NOW):
        told = [row[3:5] for row in sheet_of(notice, "feedback").rows][-2:]
        kinds = [row[4] for row in sheet_of(notice, "assignment").rows][-2:]
    assert told == [("材料3/3项", "11月18日12:00"), ("材料1/3项", "")]
    assert kinds == ["2025年台账", "2026年台账"]


def yellow(world):
    return NoticeStep.objects.get(region=world.region, step="yellow")


def post(unit, kind, title, user=None):
    made = name_post(unit, kind, title, actor=None)
    if user is not None:
        Holding.objects.create(region=unit.region, post=made, user=user, starts=date(2020, 1, 1))
    return made


def test_copy_goes_to_the_leader_in_charge_else_to_who_contracted_the_area(world, noon):
    found = addressed(world.unit, yellow(world))
    assert (found.to, found.copy) == ("市城市管理局：第一责任人", "分管领导")
    leader = make_user(region=world.region)
    contracted = post(world.root, PostKind.CHARGE, "副市长", leader)
    ContractedArea.objects.create(
        region=world.region, leader=contracted, unit=world.unit, name="包联", starts=date(2020, 1, 1)
    )
    found = addressed(world.unit, yellow(world))
    assert found.copy == str(contracted)
    assert leader.pk in found.people
    own = make_user(region=world.region)
    in_charge = post(world.unit, PostKind.CHARGE, "分管副局长", own)
    post(world.unit, PostKind.FIRST, "局长")
    found = addressed(world.unit, yellow(world))
    assert (found.to, found.copy) == ("市城市管理局：局长", str(in_charge))
    assert (own.pk in found.people, leader.pk in found.people) == (True, False)


def test_yellow_of_a_resident_unit_goes_up_to_its_line_authority_or_is_told_to_go_nowhere(world, noon):
    line = make_unit(world.root, name="省铁路局")
    above = make_user(region=world.region)
    post(line, PostKind.LIAISON, "联络员", above)
    unit = make_unit(world.root, name="火车站", resident=True)
    missing = addressed(unit, yellow(world))
    assert missing.missing == "火车站既没有条线上级，也没有包联领导。"
    leader = make_user(region=world.region)
    contracted = post(world.root, PostKind.CHARGE, "副市长", leader)
    ContractedArea.objects.create(region=world.region, leader=contracted, unit=unit, name="包", starts=date(2020, 1, 1))
    found = addressed(unit, yellow(world))
    assert (found.copy, leader.pk in found.people, found.missing) == (str(contracted), True, "")
    Unit.objects.filter(pk=unit.pk).update(line_authority=line)
    unit.refresh_from_db()
    red = NoticeStep.objects.get(region=world.region, step="red")
    found = addressed(unit, red)
    assert (found.to, above.pk in found.people, leader.pk in found.people) == ("省铁路局", True, False)


def test_forms_ask_for_a_scan_only_where_the_sheet_was_on_paper(world):
    notice = world.sent()
    with clock.at(NOW):
        forms = [
            form(None, notice=notice, actor=world.office, paper=paper)
            for form in (AnswerForm, SignForm)
            for paper in (False, True)
        ]
    assert [("scans" in one.fields, "signed_name" in one.fields) for one in forms] == [
        (True, False), (True, False), (False, False), (True, True),
    ]  # fmt: skip


def test_card_of_a_notice_that_ended_without_effect_says_so(world):
    world.problem()
    (notice,) = world.proposed()
    drop_notice(notice, reason="已电话催办", actor=world.office)
    card = next_step(notice, world.office, 1)
    assert (card.title, card.text, card.buttons) == ("未发", "不再处理，原因见经过。", [])
