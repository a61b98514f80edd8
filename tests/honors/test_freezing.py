"""An event on the negative list that is reported and not decided yet freezes what the unit applies for."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.honors.models import Application
from chuangwen.honors.services import (
    Complaint,
    Meeting,
    award_titles,
    begin_application,
    begin_notice,
    deliberate,
    enter_objection,
    promote_application,
    refuse_application,
    rule_objection,
    write_application,
)
from chuangwen.organizations.enums import SuccessionKind
from chuangwen.organizations.services import succeed_units
from chuangwen.supervision.models import VetoKind
from chuangwen.supervision.services import Event, confirm_event, reject_event, report_event
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
from tests.support.factories import make_unit
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FROZEN = (
    "“市水利局” is frozen: an event on the negative list (事故) was reported and is not decided yet. Let the event be "
    "confirmed or dropped first; until then the application can be put in reserve."
)
MEETING = Meeting(MET_ON, "组长", "〔2026〕3号")


@pytest.fixture
def programme(house):
    fit(house, house.bureau)
    return make_programme(house)


def report(house, unit, day=date(2026, 11, 1), months=12):
    kind, _new = VetoKind.objects.get_or_create(
        region=house.root.region, name="事故", defaults={"source": "customary: 一票否决", "months": months}
    )
    return report_event(Event(unit, kind, day, "安全事故", "应急局通报"), actor=house.office)


def test_frozen_application_is_written_and_reviewed_but_not_decided(house, programme):
    event = report(house, house.bureau)
    made = make_reviewed(house, programme, house.bureau)
    with clock.at(noon(MET_ON)):
        for choice in ("recommend", "pass_over"):
            assert said(deliberate, programme, MEETING, {made.pk: (choice, "n")}, actor=house.office) == FROZEN
        assert said(refuse_application, made, reason="不符合", actor=house.office) == FROZEN
        deliberate(programme, MEETING, {made.pk: ("reserve", "")}, actor=house.office)
        made.refresh_from_db()
        assert said(promote_application, made, reason="递补", actor=house.office) == FROZEN
        reject_event(event, reason="不是该单位", actor=house.second)
        promote_application(made, reason="递补", actor=house.office)
    assert made.state == "recommended"


def test_confirmed_event_bars_by_the_conditions_and_freezes_no_more(house, programme):
    event = report(house, house.bureau)
    made = make_reviewed(house, programme, house.bureau)
    confirm_event(event, actor=house.leader)
    with clock.at(noon(MET_ON)):
        words = said(deliberate, programme, MEETING, {made.pk: ("recommend", "n")}, actor=house.office)
        assert words.startswith("“市水利局” cannot be chosen")
        deliberate(programme, MEETING, {made.pk: ("pass_over", "一票否决")}, actor=house.office)


def test_public_notice_and_award_wait_and_an_upheld_objection_still_ends_it(house, programme):
    made = make_noticed(house, programme, house.bureau)
    with clock.at(noon(NOTICE[0])):
        report(house, house.bureau)
        objection = enter_objection(made, Complaint("有意见", NOTICE[0]), actor=house.office)
    with clock.at(noon(AWARDED)):
        objection.application.refresh_from_db()
        rule_objection(objection, ruling="upheld", reply="属实", actor=house.office)
        made.refresh_from_db()
        assert made.state == "refused"


def test_award_waits_for_the_event(house, programme):
    made = make_noticed(house, programme, house.bureau)
    with clock.at(noon(AWARDED)):
        event = report(house, house.bureau)
        values = {"granted_on": AWARDED, "document": "〔2027〕1号", "actor": house.office}
        assert said(award_titles, programme, **values) == FROZEN
        reject_event(event, reason="查无此事", actor=house.second)
        assert [one.application for one in award_titles(programme, **values)] == [made]


def test_notice_does_not_begin_while_one_is_frozen(house, programme):
    made = make_reviewed(house, programme, house.bureau)
    with clock.at(noon(MET_ON)):
        deliberate(programme, MEETING, {made.pk: ("recommend", "")}, actor=house.office)
        report(house, house.bureau)
        assert said(begin_notice, programme, first=NOTICE[0], last=NOTICE[1], actor=house.office) == FROZEN


def test_new_name_takes_no_freeze_away_and_an_old_event_freezes_nothing(house, programme):
    other = make_unit(house.root, name="新水利局")
    report(house, house.bureau)
    succeed_units([house.bureau], [other], kind=SuccessionKind.RENAMED, day=clock.today(), actor=None)
    made = make_submitted_for(house, programme, other)
    assert "新水利局" in said(refuse_application, made, reason="不符合", actor=house.office)
    report(house, house.other, day=date(2024, 1, 1))  # its bar is over
    mine = make_submitted_for(house, programme, house.other)
    refuse_application(mine, reason="不符合", actor=house.office)


def make_submitted_for(house, programme, unit):
    """An application in hand, whatever its conditions say."""
    made = begin_application(programme, unit, actor=house.office)
    Application.objects.filter(pk=made.pk).update(state="submitted")
    return Application.objects.select_related("unit__region", "region", "programme").get(pk=made.pk)


def test_unit_and_office_see_why(house, programme, sign_in):
    event = report(house, house.bureau)
    made = make_submitted(house, programme, house.bureau)
    page, there = reverse("honors:application", args=[made.pk]), reverse("supervision:event", args=[event.pk])
    for person, led in ((house.office, True), (house.liaison, False)):
        words = sign_in(person).get(page).content.decode()
        assert ("事故" in words, "冻结" in words, there in words) == (True, True, led)
        assert "冻结" in sign_in(person).get(reverse("desk:desk")).content.decode()
    listed = sign_in(house.office).get(reverse("honors:applications") + "?tab=frozen").content.decode()
    assert made.number in listed
    reject_event(event, reason="不是该单位", actor=house.second)
    assert "冻结：" not in sign_in(house.liaison).get(page).content.decode()


def test_frozen_draft_can_be_written(house, programme):
    report(house, house.bureau)
    made = begin_application(programme, house.bureau, actor=house.liaison)
    write_application(made, self_score=None, self_report="补充", actor=house.liaison)
    assert made.self_report == "补充"
