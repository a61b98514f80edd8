"""What a unit does with a notice, and what the office does with the answer; talks and referrals."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.core.models import Attachment
from chuangwen.notifications.models import Notice
from chuangwen.rectification.models import Problem
from chuangwen.supervision.models import Referral
from chuangwen.supervision.services import (
    TalkHeld,
    acknowledge_notice,
    answer_notice,
    close_referral,
    hand_over,
    record_talk,
    return_answer,
    settle_notice,
    withdraw_notice,
)
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import StaleState
from tests.supervision.making import NOW, SCAN, days_later
from tests.support.refusals import said

pytestmark = pytest.mark.django_db


def test_unit_confirms_receipt_and_answers(world):
    notice = world.sent()
    with days_later(1):
        acknowledge_notice(notice, actor=world.liaison)
        answer_notice(notice, text="已清理，今日复核", actor=world.liaison, scans=[SCAN])
    assert (notice.state, notice.answer) == ("answered", "已清理，今日复核")
    assert (notice.acknowledged_at, notice.answered_at) == (NOW + timedelta(days=1), NOW + timedelta(days=1))
    assert [step.on_behalf for step in history_of(notice).filter(action__in=["acknowledge", "answer"])] == ["", ""]
    assert Attachment.objects.filter(owner_id=notice.pk, name=SCAN.name).count() == 1
    assert Notice.objects.filter(user=world.office, title="城管局答复了督办单").count() == 1


def test_office_enters_receipt_and_answer_from_paper(world):
    notice = world.sent()
    with days_later(2):
        acknowledge_notice(notice, actor=world.office, at=NOW + timedelta(hours=3), scans=[SCAN])
        answer_notice(notice, text="已清理", actor=world.office, at=NOW + timedelta(hours=5), scans=[SCAN])
        steps = history_of(notice).filter(action__in=["acknowledge", "answer"])
        assert {(step.on_behalf, step.actor_id) for step in steps} == {("城管局", world.office.pk)}
        assert notice.answered_at == NOW + timedelta(hours=5)
        assert said(settle_notice, notice, actor=world.office).startswith("还有1件没有办结")
        Problem.objects.update(state="closed")
        assert said(settle_notice, notice, actor=world.office) == "这份答复是您录入的，请别人审核。"
        settle_notice(notice, actor=world.colleague)
    assert notice.state == "settled"


def test_answer_alone_also_confirms_receipt(world):
    notice = world.sent()
    with days_later(1):
        answer_notice(notice, text="已清理", actor=world.liaison)
    assert notice.acknowledged_at == notice.answered_at


def test_wrong_answers_are_refused(world):
    notice = world.sent()
    with clock.at(NOW):
        assert said(answer_notice, notice, text=" ", actor=world.liaison) == (
            "还没有写内容。写明做了什么，余下的何时完成。"
        )
        early = NOW - timedelta(hours=1)
        assert said(answer_notice, notice, text="好", actor=world.liaison, at=early).startswith("时间早于上一步")
        with pytest.raises(PermissionDenied):
            answer_notice(notice, text="好", actor=world.leader)
        answer_notice(notice, text="好", actor=world.liaison)
        with pytest.raises(StaleState):
            acknowledge_notice(notice, actor=world.liaison)


def test_returned_answer_gets_back_the_time_of_the_office(world):
    notice = world.sent()
    assert notice.due_at == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)  # Friday
    with days_later(1):
        answer_notice(notice, text="已清理", actor=world.liaison)
    with days_later(2):
        assert said(return_answer, notice, reason="", actor=world.office).startswith("请简单写明原因")
        return_answer(notice, reason="缺照片", actor=world.office)
    assert (notice.state, notice.returned_times, notice.answered_at) == ("acknowledged", 1, None)
    assert notice.due_at == datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # Monday: one working day more
    assert notice.answer == "已清理"


def test_settled_only_when_nothing_presses_any_more(world):
    notice = world.sent()
    with days_later(1):
        answer_notice(notice, text="已清理", actor=world.liaison)
        title = Problem.objects.get().title
        assert said(settle_notice, notice, actor=world.office) == (
            f"还有1件没有办结：{title}。退回答复，或等整改完成。"
        )
        Problem.objects.update(state="fixed")
        with pytest.raises(PermissionDenied):
            settle_notice(notice, actor=world.liaison)
        settle_notice(notice, actor=world.office)
    assert (notice.state, notice.settled_at) == ("settled", NOW + timedelta(days=1))


def test_withdrawn_notice_is_told_and_ends(world):
    notice = world.sent()
    with clock.at(NOW):
        with pytest.raises(PermissionDenied):
            withdraw_notice(notice, reason="发错", actor=world.liaison)
        withdraw_notice(notice, reason="发错", actor=world.office)
        assert notice.state == "withdrawn"
        with pytest.raises(StaleState):
            answer_notice(notice, text="好", actor=world.liaison)


def talk(**fields):
    values = {"held_at": NOW, "held_by": "副组长", "held_with": "局长", "subject": "三件逾期", "agreed": "周五前办结"}
    return TalkHeld(**values | fields)


def test_talk_is_recorded_with_its_paper(world):
    notice = world.sent()
    with days_later(1):
        held = record_talk(world.unit, talk(), notice=notice, actor=world.office, scans=[SCAN])
    assert (held.notice, held.held_with, held.agreed) == (notice, "局长", "周五前办结")
    step = history_of(notice).get(action="talk")
    assert (step.at, step.data) == (NOW, {"by": "副组长", "with": "局长"})
    assert Attachment.objects.get(owner_type="supervision.talk").owner_id == held.pk


def test_talk_is_refused(world):
    notice = world.sent()
    with clock.at(NOW):
        assert said(record_talk, world.unit, talk(agreed=" "), actor=world.office).startswith("记录不完整。")
        later = talk(held_at=NOW + timedelta(hours=1))
        assert said(record_talk, world.unit, later, actor=world.office) == "时间还没到。约谈以后再登记。"
        assert said(record_talk, world.other, talk(), notice=notice, actor=world.office) == (
            "约谈要对应已经发给这个单位的督办单。"
        )
        with pytest.raises(PermissionDenied):
            record_talk(world.unit, talk(), actor=world.liaison)


def test_referral_keeps_only_to_whom_and_when(world):
    notice = world.sent()
    with clock.at(NOW):
        made = hand_over(
            notice, handed_to="市纪委监委", handed_on=date(2026, 11, 18), paper_number="创移〔2026〕1号",
            actor=world.office,
        )  # fmt: skip
        close_referral(made, closed_on=date(2026, 11, 18), actor=world.office)
        assert said(close_referral, made, closed_on=date(2026, 11, 18), actor=world.office) == "结果已经登记过。"
    kept = {field.name for field in Referral._meta.get_fields()}
    assert kept == {"id", "created_at", "updated_at", "region", "unit", "notice", "handed_to", "handed_on",
                    "paper_number", "closed_on"}  # fmt: skip
    assert list(Referral.objects.visible_to(world.liaison)) == []
    assert list(Referral.objects.visible_to(world.leader)) == [made]


def test_referral_is_refused(world):
    notice = world.sent()

    def refused(**fields):
        values = {"handed_to": "市纪委监委", "handed_on": date(2026, 11, 18), "actor": world.office} | fields
        return said(hand_over, notice, **values)

    with clock.at(NOW):
        assert refused(handed_to=" ") == "请写明移送给谁。"
        assert refused(handed_on=date(2026, 11, 19)) == "日期在今天以后。移送以后再登记。"
        with pytest.raises(PermissionDenied):
            hand_over(notice, handed_to="某", handed_on=date(2026, 11, 18), actor=world.leader)
        made = hand_over(notice, handed_to="某", handed_on=date(2026, 11, 18), actor=world.office)
        assert said(close_referral, made, closed_on=date(2026, 11, 17), actor=world.office).startswith("日期早于移送日")
    world.problem(lead=world.other)
    (unsent,) = world.proposed()
    with clock.at(NOW):
        values = {"handed_to": "某", "handed_on": date(2026, 11, 18), "actor": world.office}
        assert said(hand_over, unsent, **values) == "这张督办单没有发出。从已发出的督办单移送。"
