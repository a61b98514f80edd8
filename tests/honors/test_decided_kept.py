"""What deliberation, notice, objections, award and titles entered by hand leave behind, and their refusals."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Title
from chuangwen.core import clock
from chuangwen.core.errors import Conflict
from chuangwen.core.files.services import Upload
from chuangwen.honors.models import Application, Award, Deliberation, LadderStep, Objection
from chuangwen.honors.services import (
    Complaint,
    Meeting,
    award_titles,
    begin_application,
    begin_notice,
    begin_supplementary_notice,
    deliberate,
    delist,
    enter_award,
    enter_family_award,
    enter_objection,
    promote_application,
    refuse_application,
    rule_objection,
    withdraw_application,
)
from chuangwen.honors.services.granting import grant
from tests.honors.families import family_title, give_family, make_family, with_families
from tests.honors.making import (
    AWARDED,
    MET_ON,
    NOTICE,
    NOW,
    fit,
    make_programme,
    make_reviewed,
    make_submitted,
    noon,
)
from tests.honors.seeing import files, some, told
from tests.support.factories import make_root, make_unit, make_user
from tests.support.leaving import fields, kept
from tests.support.refusals import said

pytestmark = pytest.mark.once
TODAY = date(2026, 11, 18)
MEETING = Meeting(MET_ON, " 组长 ", " 〔2026〕3号 ")
LATER = (date(2027, 1, 7), date(2027, 1, 13))
SCAN = Upload("纪要.pdf", b"%PDF-1.4 ")
NOT_ON_NOTICE = "“2026年度省级文明单位” is not on public notice. Look at its state."


@pytest.fixture
def three(house):
    """A programme with three bureaus reviewed, a fourth that only wrote, and an application in another programme."""
    units = [house.bureau, house.other, make_unit(house.root, name="市司法局")]
    house.offices[units[2].pk] = [make_unit(units[2], kind="office", name=f"{n}科") for n in range(1, 11)]
    for unit in units:
        fit(house, unit)
    programme = make_programme(house, quota=1)
    elsewhere = begin_application(make_programme(house, "county"), house.bureau, actor=house.office)
    rows = [make_reviewed(house, programme, unit) for unit in units]
    draft = begin_application(programme, make_unit(house.root, name="市档案局"), actor=house.office)
    return programme, rows, draft, elsewhere


def test_meeting_notice_and_award_keep_every_column(house, three):
    programme, (first, second, third), draft, elsewhere = three
    office, liaison = house.office, house.liaison
    untouched = fields(elsewhere)
    noted = "好" * 301
    with clock.at(noon(MET_ON)):
        decisions = {first.pk: ("recommend", ""), second.pk: ("reserve", noted), third.pk: ("pass_over", "得分不够")}
        made = deliberate(programme, MEETING, decisions, actor=office, papers=[SCAN])
        assert some(made, "region", "programme", "held_on", "chair", "minutes", "entered_by") == (
            house.root.region_id, programme.pk, MET_ON, "组长", "〔2026〕3号", office.pk,
        )  # fmt: skip
        assert files(made) == ["纪要.pdf"]
        held = {"held_on": "2026-12-28", "recommended": 1, "of": 3}
        assert kept(programme)[-1] == ("deliberate", office.pk, noon(MET_ON), MEETING.minutes, "组长", held)
        begin_notice(programme, first=NOTICE[0], last=NOTICE[1], actor=office)
    on_notice = {"first": "2027-01-04", "last": "2027-01-10", "units": 1}
    assert kept(programme)[-1] == ("notice", office.pk, noon(MET_ON), "", "", on_notice)
    assert some(programme, "notice_from", "notice_until", "state") == (*NOTICE, "noticed")
    for row, state, note, days in (
        (first, "noticed", "", NOTICE), (second, "reserve", "好" * 300, (None, None)),
        (third, "passed-over", "得分不够", (None, None)), (draft, "withdrawn", "", (None, None)),
    ):  # fmt: skip
        found = some(row, "state", "decided_note", "notice_from", "notice_until")
        assert found == (state, note, *days)
    assert kept(third)[-1] == ("pass_over", office.pk, noon(MET_ON), "得分不够", "组长", {})
    assert kept(draft)[-1] == ("withdraw", None, noon(MET_ON), "It was not submitted in time.", "", {})
    url = f"/applications/{first.pk}/"
    assert told(liaison)[-2:] == [
        ("honors", "Recommended: 市水利局 2026-002", "", url),
        ("honors", "On public notice: 市水利局 2026-002", "", url),
    ]
    assert (kept(first)[-2][:2], kept(first)[-1]) == (
        ("recommend", office.pk), ("notice", office.pk, noon(MET_ON), "", "", {}),
    )  # fmt: skip
    with clock.at(noon(AWARDED)):
        second.refresh_from_db()
        (award,) = award_titles(programme, granted_on=AWARDED, document=" 省〔2027〕1号 ", actor=office, papers=[SCAN])
    assert some(award, "region", "unit", "title", "family", "granted_on", "held_since", "document", "plaque",
                "application", "contest", "reverify_by", "state") == (
        house.root.region_id, house.bureau.pk, programme.title_id, None, AWARDED, AWARDED, "省〔2027〕1号", "2027-001",
        first.pk, None, date(2028, 1, 18), "valid",
    )  # fmt: skip
    assert kept(award) == [
        ("grant", office.pk, noon(AWARDED), "省〔2027〕1号", "", {"title": "省级文明单位", "plaque": "2027-001"})
    ]
    assert kept(programme)[-1] == ("award", office.pk, noon(AWARDED), "省〔2027〕1号", "", {"units": 1})
    assert (programme.award_on, files(programme)) == (AWARDED, ["纪要.pdf"])
    assert told(liaison)[-1] == ("honors", "Awarded: 省级文明单位", "", url)
    assert kept(first)[-1] == ("award", office.pk, noon(AWARDED), "", "", {})
    assert kept(second)[-1] == ("expire", office.pk, noon(AWARDED), "", "", {})
    assert [some(row, "state")[0] for row in (second, third)] == ["passed-over", "passed-over"]
    assert fields(elsewhere) == untouched


def test_meeting_is_refused_in_these_words(house, three):
    programme, (first, second, third), _draft, _elsewhere = three
    rest = {second.pk: ("reserve", ""), third.pk: ("reserve", "")}
    decisions = {first.pk: ("recommend", ""), **rest}
    act = {"actor": house.office}
    with clock.at(noon(MET_ON)):
        for change, words in (
            ({"chair": " "}, "It does not say who was in the chair. Give the name."),
            ({"held_on": MET_ON + timedelta(days=1)}, "The meeting lies ahead. Enter it once it has been held."),
            ({"held_on": programme.apply_until}, "The meeting lies within the days for applying. Check the day."),
            ({"minutes": " "},
             "You enter this for the guiding group. Give the number of its minutes; a scan can go with it."),
        ):  # fmt: skip
            assert said(deliberate, programme, replace(MEETING, **change), decisions, **act) == words
        assert said(deliberate, programme, MEETING, rest, **act) == (
            "The sheet does not decide about every application. Choose one answer in each line."
        )
        both = {**decisions, second.pk: ("recommend", "")}
        assert said(deliberate, programme, MEETING, both, **act) == (
            "2 are recommended, but the quota is 1. Put the others in reserve."
        )
        own = Meeting(programme.apply_until + timedelta(days=1), str(house.leader))
        deliberate(programme, own, {**decisions, third.pk: ("pass_over", "分低")}, actor=house.leader)
        assert some(Deliberation.objects.get(), "chair", "minutes") == (str(house.leader), "")
        assert kept(programme)[-1][1:5] == (house.leader.pk, noon(MET_ON), "", "")
    empty = make_programme(house, "city")
    with clock.at(noon(MET_ON)):
        assert said(deliberate, empty, MEETING, {}, **act) == (
            "No application has been reviewed. There is nothing to deliberate about."
        )
    waiting = make_submitted(house, make_programme(house, name="另一批"), house.other)
    with clock.at(noon(MET_ON)):
        assert said(deliberate, waiting.programme, MEETING, {}, **act) == (
            "“市财政局 2026-006” has not been reviewed yet. Close its review first."
        )


def test_reserve_moves_up_with_its_reason_and_is_refused_in_these_words(house, three):
    programme, (first, second, third), _draft, elsewhere = three
    office = house.office
    act = {"actor": office}
    with clock.at(noon(MET_ON)):
        assert said(promote_application, elsewhere, reason="递补", **act) == (
            "The reserve moves up between the deliberation and the award. The next programme is open to the unit."
        )
        days = {"first": NOTICE[0], "last": NOTICE[1]}
        decisions = {first.pk: ("reserve", ""), second.pk: ("reserve", ""), third.pk: ("reserve", "")}
        deliberate(programme, MEETING, decisions, actor=None)
        assert kept(programme)[-1][4] == ""
        assert said(begin_notice, programme, **days, **act) == (
            "No unit is recommended. There is nothing to put on notice."
        )
        found = Application.objects.filter(programme=programme, state="reserve")
        first, second, third = found.select_related("programme", "unit__region", "region").order_by("pk")
        promote_application(first, reason="好" * 301, actor=house.leader)
        assert some(first, "state", "decided_note") == ("recommended", "好" * 300)
        assert kept(first)[-1] == ("promote", house.leader.pk, noon(MET_ON), "好" * 301, "", {})
        url = f"/applications/{first.pk}/"
        assert told(house.liaison)[-1] == ("honors", "Recommended: 市水利局 2026-002", "好" * 301, url)
        used = "The quota of 1 is used up. A place has to become free first."
        assert said(promote_application, second, reason="递补", **act) == used
        for change, words in (
            ({"first": MET_ON - timedelta(days=1)}, "The notice begins before today. Let it begin today or later."),
            ({"last": date(2027, 1, 7)}, "A public notice lasts at least 5 working days. Let it end later."),
            ({"last": date(2027, 1, 3)}, "A public notice lasts at least 5 working days. Let it end later."),
        ):
            assert said(begin_notice, programme, **days | change, **act) == words
        assert said(begin_supplementary_notice, programme, **days, **act) == NOT_ON_NOTICE
        begin_notice(programme, first=MET_ON, last=date(2027, 1, 5), **act)
        assert said(promote_application, second, reason="递补", **act) == used
        first.refresh_from_db()
        refuse_application(first, reason="好" * 301, **act)
    assert some(first, "state", "decided_note") == ("refused", "好" * 300)
    assert told(house.liaison)[-1] == ("honors", "Refused: 市水利局 2026-002", "好" * 301, url)
    with clock.at(noon(date(2027, 1, 6))):
        second = Application.objects.select_related("programme", "unit__region").get(pk=second.pk)
        promote_application(second, reason="递补", **act)
        assert said(award_titles, programme, granted_on=date(2027, 1, 6), document="1", **act) == (
            "“市财政局 2026-003” has moved up and was not on public notice. "
            "Begin a supplementary notice first, or refuse the application with the reason."
        )
        begin_supplementary_notice(programme, first=LATER[0], last=LATER[1], **act)
        assert kept(programme)[-1] == (
            "supplement", office.pk, noon(date(2027, 1, 6)), "", "",
            {"first": "2027-01-07", "last": "2027-01-13", "units": 1},
        )  # fmt: skip
        assert programme.notice_until == LATER[1]
        assert some(programme, "notice_from", "notice_until") == (MET_ON, LATER[1])
        assert some(second, "state", "notice_from", "notice_until") == ("noticed", *LATER)
        assert fields(third) == fields(Application.objects.get(pk=third.pk)) | {"state": "reserve"}
        withdraw_application(Application.objects.get(pk=second.pk), reason="放弃", **act)
        third = Application.objects.select_related("programme", "unit__region").get(pk=third.pk)
        promote_application(third, reason="递补", **act)
        short = (date(2027, 1, 6), date(2027, 1, 12))
        begin_supplementary_notice(programme, first=short[0], last=short[1], **act)
        assert some(programme, "notice_until") == (LATER[1],)  # the longer one still runs
        assert some(third, "notice_until") == (short[1],)


@pytest.fixture
def noticed(house):
    """Two bureaus on notice."""
    programme = make_programme(house)
    for unit in (house.bureau, house.other):
        fit(house, unit)
    rows = [make_reviewed(house, programme, unit) for unit in (house.bureau, house.other)]
    with clock.at(noon(MET_ON)):
        deliberate(programme, MEETING, {row.pk: ("recommend", "") for row in rows}, actor=house.office)
        begin_notice(programme, first=NOTICE[0], last=NOTICE[1], actor=house.office)
    found = Application.objects.select_related("programme", "unit__region", "region").order_by("pk")
    return programme, *found


def test_objection_keeps_every_column_and_ends_its_own_application_alone(house, noticed):
    programme, first, second = noticed
    office = house.office
    untouched = fields(second)
    with clock.at(noon(NOTICE[1])):
        for complaint, words in (
            (Complaint(" ", NOTICE[0]), "The objection has no text. Write what was said."),
            (Complaint("x", NOTICE[0] - timedelta(days=1)),
             "It was not received during the public notice. Check the day."),
            (Complaint("x", NOTICE[1] + timedelta(days=1)),
             "It was not received during the public notice. Check the day."),
        ):  # fmt: skip
            assert said(enter_objection, first, complaint, actor=office) == words
        said_so = Complaint(" 有出入 ", NOTICE[0], " 群众 ", " 电话 ", "net")
        one = enter_objection(first, said_so, actor=office, papers=[SCAN])
        two = enter_objection(second, Complaint("虚报", NOTICE[1]), actor=None)
        assert some(one, "region", "application", "number", "text", "sender", "contact", "received_on", "answer_by",
                    "entered_by", "channel", "ruling", "ruled_on") == (
            house.root.region_id, first.pk, "Y2027-001", "有出入", "群众", "电话", NOTICE[0], date(2027, 1, 11),
            office.pk, "net", "", None,
        )  # fmt: skip
        assert some(two, "number", "sender", "contact", "channel") == ("Y2027-002", "", "", "paper")
        assert files(one) == ["纪要.pdf"]
        assert kept(first)[-1] == ("objection", office.pk, noon(NOTICE[1]), "", "", {"number": "Y2027-001"})
        other = fields(two)
        answer = {"ruling": "upheld", "reply": " 属实 ", "actor": office}
        assert said(rule_objection, one, **answer | {"reply": " "}) == "There is no reply. Write what was found."
        role = "This is up to somebody with another role."
        assert said(rule_objection, one, **answer | {"actor": house.liaison}) == role
        assert said(enter_objection, first, said_so, actor=house.liaison) == role
        rule_objection(one, **answer)
        assert some(one, "ruling", "reply", "ruled_on", "ruled_by", "updated_at") == (
            "upheld", "属实", NOTICE[1], office.pk, noon(NOTICE[1]),
        )  # fmt: skip
        assert said(rule_objection, Objection.objects.get(pk=one.pk), **answer) == (
            "“Y2027-001” has been answered already. Open it to read the reply."
        )
        assert said(enter_objection, Application.objects.get(pk=first.pk), said_so, actor=office) == (
            "“市水利局 2026-001” is not on public notice. Objections are taken during the notice."
        )
    ruled = {"number": "Y2027-001", "ruling": "upheld"}
    reason = "The objection Y2027-001 was upheld."
    assert kept(first)[-2:] == [
        ("objection-ruled", office.pk, noon(NOTICE[1]), "", "", ruled),
        ("refuse", office.pk, noon(NOTICE[1]), reason, "", {}),
    ]
    assert some(first, "state", "decided_note") == ("refused", reason)
    assert (fields(two), fields(second) | {"updated_at": 0}) == (other, untouched | {"updated_at": 0})
    _award_waits_for_the_other(house, programme, two)


def _award_waits_for_the_other(house, programme, two):
    office = house.office
    with clock.at(noon(AWARDED)):
        give = {"granted_on": AWARDED, "document": "1", "actor": office}
        assert said(award_titles, programme, **give) == (
            "The objection Y2027-002 has not been answered. Answer it first."
        )
        assert said(award_titles, programme, **give | {"document": " "}) == (
            "The number of the decision is missing. Give the number of the naming document."
        )
        for day in (NOTICE[1], AWARDED + timedelta(days=1)):
            assert said(award_titles, programme, **give | {"granted_on": day}) == (
                "The day lies before the end of the notice or ahead. Check the day."
            )
        rule_objection(two, ruling="dismissed", reply="查无此事", actor=office)
        held = Award.objects.get(unit=house.other, title=house.title("city"))
        delist(held, reason="r", decided_by="d", document="1", actor=house.second)
        assert said(award_titles, programme, **give) == (
            "“市财政局” cannot be chosen: 2 of its conditions are not met or not settled. "
            "Its page says which, and what to do."
        )


def test_title_entered_by_hand_keeps_every_column(house):
    office, city = house.office, house.title("city")
    day = {"granted_on": date(2020, 1, 8), "document": " 〔2020〕1号 ", "actor": office}
    one = enter_award(house.bureau, city, **day)
    two = enter_award(house.other, city, **day, plaque=" 老牌7 ", held_since=date(2014, 3, 1))
    three = enter_award(house.other, house.title("county"), **day, held_since=date(2021, 3, 1))
    names = ("region", "unit", "title", "granted_on", "held_since", "document", "plaque", "reverify_by")
    base = (house.root.region_id, house.bureau.pk, city.pk, date(2020, 1, 8), date(2020, 1, 8), "〔2020〕1号")
    assert some(one, *names) == (*base, "2020-001", date(2027, 1, 8))
    assert some(two, "held_since", "plaque") == (date(2014, 3, 1), "老牌7")
    assert some(three, "held_since", "plaque") == (date(2020, 1, 8), "2020-001")  # each title counts by itself
    assert kept(two) == [("grant", office.pk, NOW, "〔2020〕1号", "", {"title": str(city), "plaque": "老牌7"})]
    today = enter_award(house.bureau, house.title("province"), **day | {"granted_on": TODAY - timedelta(days=365)})
    assert today.reverify_by == TODAY  # due today, not over yet
    third = make_unit(house.root, name="市司法局")
    LadderStep.objects.filter(title=city).update(reverify_months=0)
    assert enter_award(third, city, **day).reverify_by == date(2020, 1, 8)
    LadderStep.objects.filter(title=city).delete()
    assert enter_award(make_unit(house.root), city, **day).reverify_by == date(2027, 1, 8)
    first, second = house.offices[house.bureau.pk][:2]
    enter_award(first, house.title("civil"), **day)
    enter_award(first, house.title("model"), **day)
    for change, unit, title, words in (
        ({"document": " "}, third, "county",
         "The number of the decision is missing. Give the number of the naming document."),
        ({"granted_on": TODAY + timedelta(days=1)}, third, "county",
         "The day lies ahead. Give the day of the document."),
        ({"actor": None}, make_unit(make_root(name="别市")), "county",
         "The unit belongs to another region. Choose one from the list."),
        ({}, house.bureau, "civil",
         ("“文明处室” is not for “市水利局”. "
         "Offices inside a unit hold office titles; villages, schools and cities have titles of their own.")),
        ({}, second, "model", "“2科” is no civil office. Model offices come from among the civil offices."),
        ({}, house.other, "county", "“市财政局” holds the title “区级文明单位” already. Open it in the register."),
    ):  # fmt: skip
        assert said(enter_award, unit, house.title(title), **day | change) == words
    delist(three, reason="r", decided_by="d", document="1", actor=office)
    assert said(enter_award, house.other, house.title("province"), **day | {"granted_on": TODAY}) == (
        "“市财政局” was delisted and is barred until Fri 31 Dec 2027. "
        "The bar ends by itself; an appeal that is upheld ends it before."
    )
    before = TODAY - timedelta(days=1)  # the day of the document lies before the delisting
    assert enter_award(house.other, house.title("province"), **day | {"granted_on": before}).state == "valid"


def test_title_of_a_programmes_time_comes_from_it(house):
    programme = make_programme(house, "county")
    give = {"document": "1", "actor": house.office}
    title = programme.title
    assert said(enter_award, house.bureau, title, granted_on=programme.apply_from, **give) == (
        "Titles of that time come from the programme “2026年度区级文明单位”. Let the unit apply there."
    )
    before = programme.apply_from - timedelta(days=1)
    assert enter_award(house.bureau, title, granted_on=before, **give).state == "valid"
    for state, unit in (("preparing", house.other), ("cancelled", make_unit(house.root))):
        type(programme).objects.filter(pk=programme.pk).update(state=state)
        assert enter_award(unit, title, granted_on=TODAY, **give).state == "valid"


def test_familys_title_entered_by_hand_keeps_every_column(house):
    county, office = with_families(house), house.office
    family, other = make_family(county), make_family(county, "陈守义家庭")
    title = family_title(county, "village")
    day = {"granted_on": date(2025, 6, 1), "document": " 3号 ", "actor": office}
    made = enter_family_award(family, title, **day, plaque=" 牌1 ", held_since=date(2019, 1, 1))
    assert some(made, "unit", "family", "title", "held_since", "document", "plaque") == (
        county.village.pk, family.pk, title.pk, date(2019, 1, 1), "3号", "牌1",
    )  # fmt: skip
    second = enter_family_award(other, title, **day, held_since=date(2026, 1, 1))
    assert some(second, "held_since", "plaque") == (date(2025, 6, 1), "2025-001")
    assert said(enter_family_award, family, title, error=Conflict, **day) == (
        "“李桂兰家庭” holds the title “星级文明户” already. Open it in the register."
    )
    foreign = Title.objects.create(region=make_root(name="别市").region, name="文明户", subject="family")
    for change, given, words in (
        ({"document": " "}, title,
         "The number of the decision is missing. Give the number of the naming document."),
        ({"granted_on": TODAY + timedelta(days=1)}, title, "The day lies ahead. Give the day of the document."),
        ({}, house.title("city"), "“市级文明单位” is no title for families. Choose one of the ladder of families."),
        ({}, foreign, "“文明户” is no title for families. Choose one of the ladder of families."),
    ):  # fmt: skip
        assert said(enter_family_award, family, given, **day | change) == words
    stranger = make_user(Role.OFFICE, make_root(name="外市"))
    with pytest.raises(PermissionDenied):
        enter_family_award(family, title, **day | {"actor": stranger})
    delist(made, reason="r", decided_by="d", document="1", actor=office)
    assert said(give_family, county, family, "town", TODAY) == (
        "“李桂兰家庭” was delisted and is barred until Fri 31 Dec 2027. "
        "The bar ends by itself; an appeal that is upheld ends it before."
    )
    assert give_family(county, family, "town", TODAY - timedelta(days=1)).state == "valid"
    assert give_family(county, other, "town", TODAY).state == "valid"  # another family's bar is not its own
    with pytest.raises(ValueError, match="a family holds a family's title, a unit another"):
        grant(house.bureau, house.title("county"), family=family, granted_on=TODAY, document="1", actor=None)
