"""What each step of an application leaves behind, field by field, and nothing at the application beside it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import BadUpload, Conflict
from chuangwen.core.files.services import Upload
from chuangwen.honors.enums import RuleKind
from chuangwen.honors.models import Application, ReviewSheet, RuleFinding
from chuangwen.honors.services import (
    Score,
    begin_application,
    begin_family_application,
    close_review,
    drop_review,
    enter_review,
    return_application,
    settle_condition,
    submit_application,
    withdraw_application,
    write_application,
    write_deed,
)
from chuangwen.honors.services.stepping import family_of
from chuangwen.notifications.models import Notice
from tests.honors.families import DEED, give_family, make_call, make_family, make_put_forward
from tests.honors.making import NOW, fit, make_programme, make_submitted, noon
from tests.honors.seeing import files, make_insider, some, told
from tests.support.factories import make_root, make_unit, make_user
from tests.support.leaving import audited, fields, kept
from tests.support.refusals import said

pytestmark = pytest.mark.once
TODAY = date(2026, 11, 18)
OWN = "Nobody judges the own unit. Leave it to somebody else."
SCAN = Upload("自评.pdf", b"%PDF-1.4 ")


@pytest.fixture
def programme(house):
    for unit in (house.bureau, house.other):
        fit(house, unit)
    return make_programme(house)


def test_way_to_the_review_keeps_every_column(house, programme):
    office, liaison = house.office, house.liaison
    beside = begin_application(programme, house.other, actor=office)
    write_application(beside, self_score=Decimal(90), self_report="邻", actor=office)
    untouched = fields(beside)
    made = begin_application(programme, house.bureau, actor=liaison)
    assert some(made, "region", "programme", "unit", "family", "number", "state") == (
        house.root.region_id, programme.pk, house.bureau.pk, None, "2026-002", "draft",
    )  # fmt: skip
    write_application(made, self_score=Decimal(0), self_report="", actor=liaison)
    write_application(made, self_score=Decimal(110), self_report=" 全文 ", actor=liaison, papers=[SCAN])
    assert (made.self_score, made.self_report) == (Decimal(110), "全文")
    assert some(made, "self_score", "self_report", "revision") == (Decimal(110), "全文", 1)
    assert audited("honors.application.write", made)[1] == (
        str(liaison.pk), str(made.pk), {"self_score": "110", "lines": {}, "on_behalf": ""},
    )  # fmt: skip
    assert audited("honors.application.write", beside)[0][2]["on_behalf"] == "市财政局"
    assert files(made) == ["自评.pdf"]
    with clock.at(NOW + timedelta(hours=1)):
        submit_application(made, responsible=" 王局 ", signed_on=TODAY, actor=liaison, papers=[SCAN])
    assert some(made, "state", "responsible", "signed_on", "submitted_at") == (
        "submitted", "王局", TODAY, NOW + timedelta(hours=1),
    )  # fmt: skip
    waiting = next(one for one in made.verdicts if one["kind"] == "dossiers")
    rule = programme.rules.get(kind="dossiers")
    assert waiting == {"rule": rule.pk, "kind": "dossiers", "state": "pending", "have": None, "whole": None,
                       "need": "95.00", "by_person": False}  # fmt: skip
    share = next(one for one in made.verdicts if one["kind"] == "civil-share")
    assert (share["have"], share["whole"], share["need"], share["state"]) == ("50", 10, "50.00", "met")
    url = f"/applications/{made.pk}/"
    assert told(house.second)[-1] == ("honors", "Application to be reviewed: 市水利局 2026-002", str(programme), url)
    assert [one[3] for one in told(liaison) if one[3] == url] == []
    return_application(made, reason="缺盖章页", actor=office)
    assert told(liaison)[-1] == ("honors", "Returned for completion: 市水利局 2026-002", "缺盖章页", url)
    with clock.at(NOW + timedelta(hours=2)):
        submit_application(made, responsible="李局", signed_on=TODAY, actor=office)
    withdraw_application(made, reason="今年不报", actor=office)
    assert files(made) == ["自评.pdf"] * 2
    met = {"responsible": "王局", "met": 9, "of": 10}
    assert kept(made) == [
        ("begin", liaison.pk, NOW, "", "", {}),
        ("submit", liaison.pk, NOW + timedelta(hours=1), "", "", met),
        ("return", office.pk, NOW, "缺盖章页", "", {}),
        ("submit", office.pk, NOW + timedelta(hours=2), "", "市水利局", met | {"responsible": "李局"}),
        ("withdraw", office.pk, NOW, "今年不报", "市水利局", {}),
    ]
    assert fields(beside) == untouched


def test_applying_is_refused_in_these_words(house, programme):
    office, liaison = house.office, house.liaison
    act = {"actor": office}
    stranger, gone = make_unit(), make_unit(house.root, name="旧局", valid_to=TODAY - timedelta(days=1))
    assert said(begin_application, programme, stranger, actor=None) == (
        "The unit belongs to another region. Choose one from the list."
    )
    assert said(begin_application, programme, house.root, **act) == (
        "“省级文明单位” is not for “云溪市”. Choose one of the kind that the title is for."
    )
    assert said(begin_application, programme, gone, **act) == "“旧局” exists no more. Its successor applies."
    last_day = make_unit(house.root, name="末局", valid_to=TODAY)
    assert begin_application(programme, last_day, actor=None).number == "2026-001"
    assert kept(Application.objects.get())[0][4] == ""
    made = begin_application(programme, house.bureau, actor=liaison)
    assert said(begin_application, programme, house.bureau, actor=liaison, error=Conflict) == (
        "“市水利局” has an application here already. Open that one."
    )
    for day, words in (
        (date(2026, 11, 1), "Applications begin on Mon 2 Nov. Until then you can see what is missing."),
        (date(2026, 12, 19),
         "Applications ended on Fri 18 Dec. What came in time on paper is entered by the office."),
    ):  # fmt: skip
        with clock.at(noon(day)):
            assert said(begin_application, programme, house.other, **act) == words
    for day in (programme.apply_from, programme.apply_until):
        with clock.at(noon(day)):
            withdraw_application(begin_application(programme, house.other, **act), reason="不报", **act)
    closed = make_programme(house, "county", name="关着的")
    type(closed).objects.filter(pk=closed.pk).update(state="deliberated")
    closed.refresh_from_db()
    assert said(begin_application, closed, house.bureau, **act) == (
        "“关着的” takes no applications. Look at its timetable."
    )
    _refuses_what_is_written_or_handed_in(house, made)


def _refuses_what_is_written_or_handed_in(house, made):
    liaison, act = house.liaison, {"actor": house.office}
    write = {"self_report": "", "actor": liaison}
    for points in (Decimal("-0.01"), Decimal("110.01")):
        words = said(write_application, made, self_score=points, **write)
        assert words == "Points lie between 0 and 110. Check the number."
    assert said(write_application, made, self_score=None, lines={}, **write) == (
        "The self-assessment of this programme is one number. Open the application again."
    )
    signed = {"responsible": "王局", "signed_on": TODAY, "actor": liaison}
    assert said(submit_application, made, **signed | {"responsible": " "}) == (
        "It does not say who signed. Give the name of the first responsible."
    )
    assert said(submit_application, made, **signed | {"signed_on": TODAY + timedelta(days=1)}) == (
        "The day of signing lies ahead. Give today or an earlier day."
    )
    assert said(submit_application, made, at=NOW, **signed) == (
        "Another time is entered by the office, from paper. Leave the time empty: it counts from now."
    )
    assert said(submit_application, made, **signed) == (
        "“市水利局” cannot submit yet: 1 conditions are missing. The list of conditions says what to do."
    )
    with clock.at(noon(date(2026, 12, 19))):
        assert "ended on" in said(submit_application, made, **signed)
        assert "ended on" in said(return_application, made, reason="晚了", **act)
    assert "Nobody judges" in said(return_application, made, reason="x", actor=liaison)
    assert some(made, "state", "responsible", "submitted_at") == ("draft", "", None)
    write_application(made, self_score=Decimal(90), **write)
    submit_application(made, at=NOW - timedelta(hours=3), **signed | act)
    assert made.submitted_at == NOW - timedelta(hours=3)
    assert said(write_application, made, self_score=None, **write) == (
        "“市水利局 2026-002” is handed in and no more changed. "
        "The office can return it for completion while units can apply."
    )


def test_finding_keeps_who_found_what_from_which_papers(house, programme):
    made, beside = (make_submitted(house, programme, unit) for unit in (house.bureau, house.other))
    rule = programme.rules.get(kind=RuleKind.DOSSIERS)
    other = settle_condition(beside, rule, met=False, source="别函", actor=house.office)
    untouched = fields(other)
    settle_condition(made, rule, met=False, source="旧函", actor=house.second)
    with clock.at(NOW + timedelta(hours=1)):
        found = settle_condition(made, rule, met=True, source=" 函〔2026〕1号 ", actor=house.office, papers=[SCAN])
    assert some(found, "region", "application", "rule", "met", "source", "found_by", "found_at") == (
        house.root.region_id, made.pk, rule.pk, True, "函〔2026〕1号", house.office.pk, NOW + timedelta(hours=1),
    )  # fmt: skip
    assert files(made) == ["自评.pdf"]
    assert kept(made)[2:] == [
        ("settle", house.second.pk, NOW, "旧函", "", {"condition": str(rule), "met": False}),
        ("settle", house.office.pk, NOW + timedelta(hours=1), "函〔2026〕1号", "",
         {"condition": str(rule), "met": True}),
    ]  # fmt: skip
    assert (fields(other), RuleFinding.objects.count()) == (untouched, 2)
    act = {"met": True, "source": "函", "actor": house.office}
    assert said(settle_condition, made, rule, **act | {"source": " "}) == (
        "It does not say from which papers. Name them with number and date."
    )
    assert said(settle_condition, made, programme.rules.get(kind="volunteers"), **act) == (
        "This condition rests on the unit's yearly figures. Confirm the figures, or return them to the unit."
    )
    assert said(settle_condition, made, programme.rules.get(kind="civil-share"), **act) == (
        "This condition is judged by what the program knows. Where that is wrong, correct it at its place."
    )
    long = settle_condition(made, rule, met=True, source="函" * 61, actor=None)
    assert (long.source, long.found_by) == ("函" * 61, None)
    draft = begin_application(make_programme(house, "county"), house.bureau, actor=house.office)
    assert said(settle_condition, draft, rule, **act) == (
        "Conditions are settled once it is submitted. Open it again to see its present state."
    )


def test_review_keeps_each_sheet_and_the_mean(house, programme):
    made, beside = (make_submitted(house, programme, unit) for unit in (house.bureau, house.other))
    assessor = make_user(Role.ASSESSOR, house.root)
    other = enter_review(beside, Score("甲", Decimal(10), TODAY), actor=house.office)
    untouched = [fields(beside), fields(other)]
    enter = {"actor": house.office}
    own = enter_review(made, Score(f" {assessor} ", Decimal(100), TODAY, " 材料齐 "), actor=assessor)
    assert some(own, "region", "application", "reviewer", "entered_by", "points", "remarks", "reviewed_on") == (
        house.root.region_id, made.pk, str(assessor), assessor.pk, Decimal(100), "材料齐", TODAY,
    )  # fmt: skip
    for score, words in (
        (Score(" ", Decimal(1), TODAY), "It does not say who reviewed. Give the reviewer's name."),
        (Score("甲", Decimal("100.01"), TODAY), "Points lie between 0 and 100. Check the number."),
        (Score("甲", Decimal("-0.01"), TODAY), "Points lie between 0 and 100. Check the number."),
        (Score("甲", Decimal(1), TODAY + timedelta(days=1)),
         "The day of the review lies ahead. Give today or an earlier day."),
        (Score(str(assessor), Decimal(1), TODAY),
         f"There is a sheet of “{assessor}” already. Take it away first, then enter another."),
    ):  # fmt: skip
        assert said(enter_review, made, score, **enter) == words
    assert said(enter_review, made, Score("别人", Decimal(1), TODAY), actor=assessor) == (
        "You score under your own name. The sheets of others are entered by the office."
    )
    assert "Nobody judges" in said(enter_review, made, Score("x", Decimal(1), TODAY), actor=make_insider(house))
    wrong = enter_review(made, Score("甲", Decimal(0), TODAY), **enter)
    assert said(drop_review, wrong, actor=house.second) == (
        "Another person entered this sheet. That person can take it away."
    )
    drop_review(wrong, **enter)
    assert said(close_review, made, **enter) == "1 of 2 reviewers have scored. Enter the other sheets first."
    enter_review(made, Score("乙", Decimal("91.01"), TODAY), actor=None)
    close_review(made, **enter)
    assert some(made, "score", "state") == (Decimal("95.51"), "reviewed")
    assert kept(made)[2:] == [
        ("score", assessor.pk, NOW, "", "", {"reviewer": str(assessor)}),
        ("score", house.office.pk, NOW, "", "甲", {"reviewer": "甲"}),
        ("drop-score", house.office.pk, NOW, "", "", {"reviewer": "甲", "points": "0"}),
        ("score", None, NOW, "", "", {"reviewer": "乙"}),
        ("review", house.office.pk, NOW, "", "", {"points": "95.51", "sheets": 2}),
    ]
    closed = "“市水利局 2026-001” is not being reviewed. Open it again to see its present state."
    assert said(enter_review, made, Score("丙", Decimal(90), TODAY), **enter) == closed
    assert said(drop_review, ReviewSheet.objects.get(pk=own.pk), actor=assessor) == closed
    assert [fields(beside), fields(other)] == untouched


def test_neighbours_strangers_and_the_units_own_people_are_kept_out(house, programme):
    neighbour, stranger = make_user(Role.LIAISON, house.other), make_user(Role.OFFICE, make_root(name="别市"))
    made = begin_application(programme, house.bureau, actor=house.liaison)
    with pytest.raises(PermissionDenied):
        write_application(made, self_report="x", self_score=Decimal(1), actor=neighbour)
    stale = Application.objects.get(pk=made.pk)
    write_application(made, self_report="x", self_score=Decimal(90), actor=house.liaison)
    paper = Upload("自评.exe", b"MZ" + bytes(200))
    with pytest.raises(BadUpload):
        submit_application(made, responsible="王", signed_on=TODAY, papers=[paper], actor=house.liaison)
    made.refresh_from_db()
    submit_application(made, responsible="王", signed_on=TODAY, actor=house.liaison)
    assert "handed in" in said(write_application, stale, self_report="y", self_score=None, actor=house.liaison)
    return_application(made, reason="一", actor=house.office)
    submit_application(made, responsible="王", signed_on=TODAY, actor=house.liaison)
    return_application(made, reason="二", actor=house.office)
    unread = Notice.objects.filter(read_at=None, url=f"/applications/{made.pk}/")
    assert unread.get(user=house.liaison).body == "二"
    assert unread.filter(user=house.second).count() == 1
    submit_application(made, responsible="王", signed_on=TODAY, actor=house.liaison)
    rule, insider, score = programme.rules.get(kind="dossiers"), make_insider(house), Score("甲", Decimal(1), TODAY)
    for act, answers in (
        (settle_condition, {"rule": rule, "met": True, "source": "s"}), (enter_review, {"score": score}),
    ):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act(made, actor=stranger, **answers)
        assert said(act, made, actor=insider, **answers) == OWN
    assert said(return_application, made, reason="x", actor=insider) == OWN
    assert said(close_review, made, actor=insider) == OWN
    assert (made.findings.count(), made.sheets.count(), some(made, "state")) == (0, 0, ("submitted",))


def test_family_is_put_forward_with_every_column(county):
    office, speaker = county.office, county.speaker
    family, neighbour, programme = make_family(county), make_family(county, "陈守义家庭"), make_call(county)
    give_family(county, family, "village")
    beside = begin_family_application(programme, neighbour, actor=office)
    write_deed(beside, deed="邻里。", seen_on=TODAY, actor=office)
    untouched = fields(beside)
    made = begin_family_application(programme, family, actor=speaker)
    assert some(made, "region", "programme", "unit", "family", "number", "state") == (
        county.root.region_id, programme.pk, county.village.pk, family.pk, "2026-002", "draft",
    )  # fmt: skip
    write_deed(made, deed=f" {'好' * 200} ", seen_on=TODAY, actor=speaker)
    assert (made.self_report, made.seen_on) == ("好" * 200, TODAY)
    assert some(made, "self_report", "seen_on") == ("好" * 200, TODAY)
    write_deed(made, deed=DEED, seen_on=None, actor=office)
    assert audited("honors.application.write", made) == [
        (str(speaker.pk), str(made.pk), {"seen_on": "2026-11-18", "characters": 200, "on_behalf": ""}),
        (str(office.pk), str(made.pk), {"seen_on": None, "characters": len(DEED), "on_behalf": "柳林村"}),
    ]
    assert kept(beside) == [("begin", office.pk, NOW, "", "柳林村", {})]
    assert kept(made) == [("begin", speaker.pk, NOW, "", "", {})]
    assert fields(beside) == untouched
    write = {"deed": DEED, "seen_on": TODAY, "actor": office}
    stale = Application.objects.get(pk=beside.pk)
    Application.objects.filter(pk=beside.pk).update(state="submitted")
    assert "handed in" in said(write_deed, stale, **write)
    for change, words in (
        ({"deed": " "}, "Nothing is said of the family. Two or three sentences will do."),
        ({"deed": "好" * 201}, "The text has more than 200 characters. A short one will do: no file is kept."),
        ({"deed": "电话07308888888"},
         ("There is a number in it that looks like a telephone, an identity card or an account. "
         "Leave it out: nothing of the kind is kept of families.")),
        ({"deed": "生于1988年2月3日出生"},
         "There is a day of birth in it. Leave it out: nothing of the kind is kept of families."),
        ({"deed": "住3单元402室"}, "There is an address in it. Leave it out: nothing of the kind is kept of families."),
        ({"seen_on": TODAY + timedelta(days=1)}, "The day lies ahead. Give today or an earlier day."),
    ):  # fmt: skip
        assert said(write_deed, made, **write | change) == words
    assert said(write_application, made, self_report="x", actor=office) == (
        "A family assesses nothing itself. Write the short text that the family has seen."
    )


def test_putting_forward_is_refused_in_these_words(county):
    act = {"actor": county.office}
    family, programme = make_family(county), make_call(county, unit_quota=1)
    unit_call = make_programme(county)
    assert said(begin_family_application, unit_call, family, **act) == (
        "“省级文明单位” is not for “李桂兰家庭”. Choose one of the kind that the title is for."
    )
    silent = make_family(county, "陈守义家庭", agreed=False)
    assert said(begin_family_application, programme, silent, **act) == (
        "“陈守义家庭” has not agreed, or has withdrawn its consent. "
        "The unit asks the family and enters the day on which it agreed."
    )
    made = begin_family_application(programme, family, **act)
    assert said(begin_family_application, programme, family, error=Conflict, **act) == (
        "“李桂兰家庭” has an application here already. Open that one."
    )
    unit_made = begin_application(unit_call, county.bureau, **act)
    assert said(write_deed, unit_made, deed=DEED, seen_on=TODAY, **act) == (
        "This application is of a unit. Open it again to write its self-assessment."
    )
    withdraw_application(made, reason="家庭不再参加", **act)
    families = [family, *(make_family(county, name) for name in ("赵东家庭", "钱西家庭"))]
    for one in families:
        give_family(county, one, "village")
    other_call = make_programme(county, title=programme.title, name="另一批")
    make_put_forward(county, other_call, families[1])
    first = make_put_forward(county, programme, families[0])
    second = begin_family_application(programme, families[1], **act)
    write_deed(second, deed=DEED, seen_on=TODAY, **act)
    signed = {"responsible": "赵村", "signed_on": TODAY, **act}
    assert said(submit_application, second, **signed) == (
        "“柳林村” has handed in the 1 families that each unit can recommend. Withdraw another one first."
    )
    for state in ("withdrawn", "refused", "passed-over"):
        Application.objects.filter(pk=first.pk).update(state=state)
        submit_application(second, **signed)
        return_application(second, reason="再看", **act)
    rule = programme.rules.get(kind="by-hand")
    submit_application(second, **signed)
    for source, words in (
        ("问" * 61, "More is said than is kept of families. Say only who was asked, and on which day."),
        ("派出所答复赵东无违法",
         ("The words name the family: they are kept for good, also when it withdraws its consent. "
         "Write “the family” in place of the name.")),
    ):  # fmt: skip
        assert said(settle_condition, second, rule, met=True, source=source, **act) == words
    assert "name the family" in said(enter_review, second, Score("赵东", Decimal(1), TODAY), **act)
    assert settle_condition(second, rule, met=True, source="问" * 60, **act).met
    assert said(settle_condition, second, rule, met=True, source="函", papers=[SCAN], **act) == (
        "No files are kept about a family. Leave the paper with the unit, and enter what it comes to."
    )
    assert [family_of(one) for one in (second, families[1], rule, unit_made)] == [families[1], families[1], None, None]
    type(county.village).objects.filter(pk=county.village.pk).update(valid_to=TODAY - timedelta(days=1))
    family.unit.refresh_from_db()
    assert said(begin_family_application, other_call, family, **act) == (
        "“柳林村” exists no more. Hand the family over to another unit."
    )
