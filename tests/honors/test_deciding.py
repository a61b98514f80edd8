"""Deliberation, public notice, objections, award: each step and each refusal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.honors.enums import ApplicationState, ProgrammeState
from chuangwen.honors.models import Application, Award, Deliberation, Objection
from chuangwen.honors.services import (
    Complaint,
    Meeting,
    award_titles,
    begin_application,
    begin_notice,
    begin_supplementary_notice,
    deliberate,
    delist,
    enter_objection,
    give_card,
    promote_application,
    refuse_application,
    rule_objection,
    withdraw_application,
)
from chuangwen.notifications.models import Notice
from tests.honors.making import (
    AWARDED,
    MET_ON,
    NOTICE,
    fit,
    make_noticed,
    make_programme,
    make_reviewed,
    make_submitted,
    noon,
)
from tests.support.refusals import said

MEETING = Meeting(MET_ON, "组长", "〔2026〕3号")


@pytest.fixture
def two(house):
    """A programme with both bureaus reviewed."""
    programme = make_programme(house, quota=1)
    for unit in (house.bureau, house.other):
        fit(house, unit)
    return programme, *(make_reviewed(house, programme, unit) for unit in (house.bureau, house.other))


def test_guiding_group_decides_about_all_in_one_sheet(house, two):
    programme, first, second = two
    with clock.at(noon(MET_ON)):
        decisions = {first.pk: ("recommend", "第一"), second.pk: ("reserve", "")}
        deliberate(programme, MEETING, decisions, actor=house.leader)
    for row in (first, second):
        row.refresh_from_db()
    assert (first.state, first.decided_note, second.state) == ("recommended", "第一", "reserve")
    assert programme.state == ProgrammeState.DELIBERATED
    assert Deliberation.objects.get().entered_by == house.leader
    assert Notice.objects.filter(user=house.liaison, url=f"/applications/{first.pk}/", read_at=None).exists()


def test_sheet_keeps_to_the_quota_and_to_all_applications(house, two):
    programme, first, second = two
    act = {"actor": house.office}
    both = {first.pk: ("recommend", ""), second.pk: ("recommend", "")}
    with clock.at(noon(MET_ON)):
        assert "quota is 1" in said(deliberate, programme, MEETING, both, **act)
        assert "every application" in said(deliberate, programme, MEETING, {first.pk: ("recommend", "")}, **act)
        decisions = {first.pk: ("recommend", ""), second.pk: ("reserve", "")}
        with pytest.raises(PermissionDenied):
            deliberate(programme, MEETING, decisions, actor=house.liaison)


def test_nothing_is_deliberated_before_everything_is_reviewed(house):
    programme = make_programme(house)
    with clock.at(noon(MET_ON)):
        assert "No application" in said(deliberate, programme, MEETING, {}, actor=house.office)
    fit(house, house.bureau)
    make_submitted(house, programme, house.bureau)
    with clock.at(noon(MET_ON)):
        assert "not been reviewed" in said(deliberate, programme, MEETING, {}, actor=house.office)


def test_draft_ends_with_the_deliberation(house):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = make_reviewed(house, programme, house.bureau)
    draft = begin_application(programme, house.other, actor=house.office)
    with clock.at(noon(MET_ON)):
        deliberate(programme, MEETING, {made.pk: ("pass_over", "得分不够")}, actor=house.office)
        assert "No unit is recommended" in said(
            begin_notice, programme, first=NOTICE[0], last=NOTICE[1], actor=house.office
        )
    draft.refresh_from_db()
    assert draft.state == ApplicationState.WITHDRAWN


def test_unit_that_a_card_bars_meanwhile_is_not_recommended(house, two):
    programme, first, second = two
    give_card(Award.objects.get(unit=house.bureau), reason="窗口问题", decided_by="文明办", actor=house.office)
    with clock.at(noon(MET_ON)):
        decisions = {first.pk: ("recommend", ""), second.pk: ("reserve", "")}
        assert "市水利局" in said(deliberate, programme, MEETING, decisions, actor=house.office)
        deliberate(
            programme, MEETING, {first.pk: ("pass_over", "黄牌"), second.pk: ("recommend", "")}, actor=house.office
        )


def test_reserve_moves_up_into_a_free_place_before_the_notice(house, two):
    programme, first, second = two
    with clock.at(noon(MET_ON)):
        deliberate(
            programme, MEETING, {first.pk: ("recommend", ""), second.pk: ("reserve", "")}, actor=house.office
        )  # fmt: skip
        for row in (first, second):
            row.refresh_from_db()
        second.programme.refresh_from_db()
        assert "used up" in said(promote_application, second, reason="递补", actor=house.leader)
        withdraw_application(first, reason="放弃", actor=house.liaison)
        promote_application(second, reason="递补", actor=house.leader)
        begin_notice(programme, first=NOTICE[0], last=NOTICE[1], actor=house.office)
    second.refresh_from_db()
    assert second.state == ApplicationState.NOTICED


@pytest.fixture
def noticed(house, two):
    """The first is on notice, the second in reserve, the quota is one."""
    programme, first, second = two
    with clock.at(noon(MET_ON)):
        deliberate(
            programme, MEETING, {first.pk: ("recommend", ""), second.pk: ("reserve", "")}, actor=house.office
        )  # fmt: skip
        begin_notice(programme, first=NOTICE[0], last=NOTICE[1], actor=house.office)
    for row in (first, second):
        row.refresh_from_db()
    second.programme.refresh_from_db()
    return programme, first, second


LATER = (date(2027, 1, 7), date(2027, 1, 13))


def test_reserve_moves_up_after_the_notice_only_by_a_notice_of_its_own(house, noticed):
    programme, first, second = noticed
    with clock.at(noon(date(2027, 1, 6))):
        assert "used up" in said(promote_application, second, reason="递补", actor=house.leader)
        refuse_application(first, reason="撤回", actor=house.office)
        promote_application(second, reason="递补", actor=house.leader)
        assert "5 working days" in said(
            begin_supplementary_notice, programme, first=LATER[0], last=LATER[0], actor=house.office
        )
    with clock.at(noon(date(2027, 1, 11))):
        words = said(award_titles, programme, granted_on=date(2027, 1, 11), document="1号", actor=house.office)
        assert "not on public notice" in words
    with clock.at(noon(date(2027, 1, 6))):
        begin_supplementary_notice(programme, first=LATER[0], last=LATER[1], actor=house.office)
    second.refresh_from_db()
    programme.refresh_from_db()
    assert (second.state, second.notice_from, second.notice_until) == ("noticed", *LATER)
    assert (programme.state, programme.notice_until) == ("noticed", LATER[1])
    with clock.at(noon(LATER[1])):
        words = said(award_titles, programme, granted_on=LATER[1], document="1号", actor=house.office)
        assert "before the end of the notice" in words
    with clock.at(noon(date(2027, 1, 14))):
        (made,) = award_titles(programme, granted_on=date(2027, 1, 14), document="1号", actor=house.office)
    assert made.unit == house.other


def test_objection_is_taken_within_the_supplementary_notice(house, noticed):
    programme, first, second = noticed
    with clock.at(noon(date(2027, 1, 6))):
        refuse_application(first, reason="撤回", actor=house.office)
        promote_application(second, reason="递补", actor=house.leader)
        begin_supplementary_notice(programme, first=LATER[0], last=LATER[1], actor=house.office)
    second = Application.objects.select_related("programme", "unit__region", "region").get(pk=second.pk)
    with clock.at(noon(LATER[1])):
        early = Complaint("不实", date(2027, 1, 5))  # the programme was on notice, this unit not
        assert "public notice" in said(enter_objection, second, early, actor=house.office)
        enter_objection(second, Complaint("不实", LATER[1]), actor=house.office)
    assert Objection.objects.get().application == second


def test_supplementary_notice_is_for_a_programme_on_notice_and_for_who_moved_up(house, noticed):
    programme, _first, _second = noticed
    with clock.at(noon(date(2027, 1, 6))):
        words = said(begin_supplementary_notice, programme, first=LATER[0], last=LATER[1], actor=house.office)
        assert "No unit is recommended" in words
        with pytest.raises(PermissionDenied):
            begin_supplementary_notice(programme, first=LATER[0], last=LATER[1], actor=house.leader)
    other = make_programme(house, "city")
    assert "not on public notice" in said(
        begin_supplementary_notice, other, first=LATER[0], last=LATER[1], actor=house.office
    )


def test_titles_are_awarded_to_all_on_notice_in_one_act(house):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = make_noticed(house, programme, house.bureau)
    values = {"document": "省文明委〔2027〕1号", "actor": house.office}
    with clock.at(noon(NOTICE[1])):
        assert "before the end" in said(award_titles, programme, granted_on=NOTICE[1], **values)
    with clock.at(noon(AWARDED)):
        assert "number of the decision" in said(
            award_titles, programme, granted_on=AWARDED, document=" ", actor=house.office
        )
        assert "before the end" in said(award_titles, programme, granted_on=AWARDED + timedelta(days=1), **values)
        with pytest.raises(PermissionDenied):
            award_titles(programme, granted_on=AWARDED, document="1", actor=house.liaison)
        (award,) = award_titles(programme, granted_on=AWARDED, **values)
    made.refresh_from_db()
    assert (made.state, programme.state) == ("awarded", "awarded")
    assert (award.unit, award.plaque, award.held_since) == (house.bureau, "2027-001", AWARDED)
    assert Award.objects.filter(unit=house.bureau, state="valid").count() == 2  # the city's title stays in force


def test_objection_is_taken_during_the_notice_and_keeps_the_award_waiting(house):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = make_noticed(house, programme, house.bureau)
    with clock.at(noon(NOTICE[0])):
        for complaint, words in (
            (Complaint(" ", NOTICE[0]), "no text"),
            (Complaint("有问题", MET_ON), "during the public notice"),
            (Complaint("有问题", NOTICE[1]), "during the public notice"),
        ):
            assert words in said(enter_objection, made, complaint, actor=house.office)
        assert "another role" in said(enter_objection, made, Complaint("有问题", NOTICE[0]), actor=house.liaison)
        found = enter_objection(made, Complaint("有问题", NOTICE[0], "群众"), actor=house.office)
    assert (found.number, found.answer_by) == ("Y2027-001", date(2027, 1, 11))
    with clock.at(noon(AWARDED)):
        values = {"granted_on": AWARDED, "document": "1", "actor": house.office}
        assert "Y2027-001" in said(award_titles, programme, **values)
        assert "no reply" in said(rule_objection, found, ruling="dismissed", reply=" ", actor=house.office)
        rule_objection(found, ruling="dismissed", reply="查无此事", actor=house.office)
        assert "already" in said(rule_objection, found, ruling="upheld", reply="再查", actor=house.office)
        assert len(award_titles(programme, **values)) == 1
    assert not Objection.objects.visible_to(house.liaison).exists()  # who objects stays with the office


def test_upheld_objection_ends_the_application(house):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = make_noticed(house, programme, house.bureau)
    with clock.at(noon(NOTICE[0])):
        found = enter_objection(made, Complaint("虚报", NOTICE[0]), actor=house.office)
        rule_objection(found, ruling="upheld", reply="属实", actor=house.office)
        made.refresh_from_db()
        assert made.state == ApplicationState.REFUSED
        assert "not on public notice" in said(enter_objection, made, Complaint("再", NOTICE[0]), actor=house.office)
    with clock.at(noon(AWARDED)):
        assert award_titles(programme, granted_on=AWARDED, document="1", actor=house.office) == []


def test_what_happens_during_the_notice_bars_the_award(house):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = make_noticed(house, programme, house.bureau)
    with clock.at(noon(NOTICE[0])):
        award = Award.objects.get(unit=house.bureau)
        delist(award, reason="严重问题", decided_by="文明委", document="2号", actor=house.office)
    with clock.at(noon(AWARDED)):
        values = {"granted_on": AWARDED, "document": "1", "actor": house.office}
        assert "cannot be chosen" in said(award_titles, programme, **values)
        refuse_application(made, reason="已摘牌", actor=house.office)
        assert award_titles(programme, **values) == []
