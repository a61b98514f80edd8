"""Titles on start pages, beside units and in the search; papers of an application; what forms ask of whom."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.core.panels import counted
from chuangwen.honors.beside import unit_titles
from chuangwen.honors.desk import desk
from chuangwen.honors.enums import ApplicationState
from chuangwen.honors.forms.applying import ProgrammeForm
from chuangwen.honors.forms.holding import AppealForm, AwardForm, CarryForm
from chuangwen.honors.models import Application, Objection, Programme
from chuangwen.honors.queries.assessing import assessment_of, basis_words
from chuangwen.honors.queries.facts import gather, predecessors
from chuangwen.honors.queries.register import Share, figures_of
from chuangwen.honors.search import search_programmes, search_titles
from chuangwen.honors.selfassessment import Proposal
from chuangwen.honors.services import (
    Complaint,
    ContestPlan,
    Meeting,
    award_titles,
    begin_application,
    begin_notice,
    begin_supplementary_notice,
    deliberate,
    enter_objection,
    plan_contest,
    promote_application,
    rule_objection,
    withdraw_application,
    write_application,
)
from chuangwen.honors.sheets import application_form, meeting_words, notice_words, review_form
from chuangwen.honors.wordforms import Field, band, word_form
from chuangwen.organizations.models import UnitSuccession
from chuangwen.supervision.models import VetoKind
from chuangwen.supervision.services import Event, report_event
from tests.honors.making import (
    AWARDED,
    MET_ON,
    NOTICE,
    fit,
    make_dossier,
    make_noticed,
    make_programme,
    make_reviewed,
    make_submitted,
    noon,
    publish,
)
from tests.support.asking import asked_by
from tests.support.factories import make_unit, make_user
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def lines(user):
    return [(one.group, str(one.title), one.count) for one in counted(desk(asked_by(user)))]


def report(house, *units):
    kind, _new = VetoKind.objects.get_or_create(
        region=house.root.region, name="事故", defaults={"source": "customary: 一票否决", "months": 12}
    )
    for unit in units:
        report_event(Event(unit, kind, date(2026, 11, 1), "事故", "通报"), actor=house.office)


def test_start_page_counts_what_is_frozen_and_names_a_single_one(house):
    programme = make_programme(house)
    for unit in (house.bureau, house.other):
        fit(house, unit)
    first = begin_application(programme, house.bureau, actor=house.liaison)
    begin_application(programme, house.other, actor=house.office)
    report(house, house.bureau)
    assert ("decide", f"Frozen: {first}", 1) in lines(house.office)
    assert ("mine", f"Frozen: {first}", 1) in lines(house.liaison)
    report(house, house.other)
    assert ("decide", "2 applications are frozen", 2) in lines(house.office)
    assert ("mine", f"Frozen: {first}", 1) in lines(house.liaison)
    assert lines(make_user()) == []


def test_start_page_leads_the_programme_from_deliberation_to_notice_to_award(house):
    programme = make_programme(house)
    fit(house, house.bureau)
    make_reviewed(house, programme, house.bureau)

    def titles(user):
        return [title for _group, title, _count in lines(user) if programme.name in title]

    assert titles(house.leader) == []
    with clock.at(noon(MET_ON)):
        assert titles(house.leader) == [f"Deliberation: {programme}"]
        made = Application.objects.get()
        deliberate(programme, Meeting(MET_ON, "组长", "3号"), {made.pk: ("recommend", "")}, actor=house.office)
        assert titles(house.leader) == []
        assert titles(house.office) == [f"Public notice: {programme}"]
    Programme.objects.update(state="noticed")
    with clock.at(noon(AWARDED)):
        assert titles(house.office) == [f"Award: {programme}"]


def test_unit_without_offices_shows_its_titles_alone(house):
    unit = make_unit(house.root, name="市档案局")
    assert unit_titles(asked_by(house.office), unit) is None
    house.give(unit, "city")
    (line,) = unit_titles(asked_by(house.office), unit).context["lines"]
    assert (str(line.text), str(line.end), line.tone) == (str(house.title("city")), "In force", "")
    house.offices_civil(house.bureau, 2)
    house.give(house.bureau, "city")
    shown = [str(one.text) for one in unit_titles(asked_by(house.office), house.bureau).context["lines"]]
    assert shown == [str(house.title("city")), "2 civil or model offices"]


def test_programme_in_preparation_is_found_by_the_office_alone(house):
    programme = make_programme(house)
    Programme.objects.update(state="preparing")
    word = programme.name[6:9]
    assert [one.label for one in search_programmes(asked_by(house.office), word).hits] == [str(programme)]
    assert search_programmes(asked_by(house.liaison), word).hits == []
    Programme.objects.update(state="open")
    assert [one.label for one in search_programmes(asked_by(house.liaison), word).hits] == [str(programme)]
    award = house.give(house.bureau, "city")
    assert [one.label for one in search_titles(asked_by(house.liaison), award.plaque).hits] == [str(award)]


def test_papers_say_what_the_meeting_and_the_notice_came_to(house):
    programme = make_programme(house)
    for unit in (house.bureau, house.other):
        fit(house, unit)
    before = make_submitted(house, programme, house.other)
    assert (meeting_words(before), notice_words(before)) == ("not yet", "not yet")
    withdraw_application(before, reason="另有安排", actor=house.office)
    made = make_noticed(house, programme, house.bureau)
    assert meeting_words(made) == "2026-12-28, 组长, 〔2026〕3号, recommended"
    with clock.at(noon(NOTICE[0])):
        one = enter_objection(made, Complaint("窗口无人值守，群众等了两个小时", NOTICE[0], "", ""), actor=house.office)
        enter_objection(made, Complaint("停车场收费，没有公示牌和票据", NOTICE[0], "", ""), actor=house.office)
    assert notice_words(made) == "2027-1-4–2027-1-10, 2 objections, 0 upheld"
    Objection.objects.filter(pk=one.pk).update(ruling="upheld")
    assert notice_words(made).endswith("1 upheld")
    for state, words in (("reserve", "put in reserve"), ("passed-over", "not recommended")):
        made.state, made.decided_note = state, "材料不足"
        assert meeting_words(made).endswith(f"{words}, 材料不足")


def test_forms_of_a_unit_without_offices_figures_and_lines_are_printed_all_the_same(house):
    programme = make_programme(house)
    bare = make_unit(house.root, name="市档案局")
    made = begin_application(programme, bare, actor=house.office)
    assert assessment_of(made) is None
    assert application_form(made)[:2] == review_form(made)[:2] == b"PK"


def test_self_assessment_in_part_is_printed_by_section(house):
    publish(house)
    programme = make_programme(house)
    made = begin_application(programme, house.bureau, actor=house.liaison)
    assert assessment_of(made) is not None
    assert application_form(made)[:2] == b"PK"


def test_line_of_a_form_has_to_fill_the_page():
    with pytest.raises(ValueError, match="12 columns, not 11"):
        word_form("表", [[Field("甲", 11)]])
    assert word_form("表", [band("甲")], above="编号：1")[:2] == b"PK"


def test_basis_of_a_line_is_told_by_what_the_ledger_holds(house):
    dossier = make_dossier(publish(house), house.bureau, "1.1", 1, 2)
    assert basis_words(Proposal(Decimal(30), "part"), dossier) == "Dossier in part, 1 of 2"
    assert basis_words(Proposal(None, "none"), dossier) == ""
    dossier.slots_filled = 0
    assert basis_words(Proposal(Decimal(0), "empty"), dossier) == "Dossier empty"
    assert basis_words(Proposal(Decimal(30), "filled"), None) == ""


def test_contest_whose_day_is_over_promises_nothing_and_the_earliest_counts(house):
    programme = make_programme(house)
    title = house.title("civil")
    for number, day in enumerate((date(2026, 12, 20), date(2026, 12, 8))):
        offices = house.offices[house.bureau.pk][number * 2 : number * 2 + 2]
        plan_contest(house.bureau, ContestPlan(title, f"评比{number}", day, 1, offices), actor=house.liaison)
    assert gather(programme, [house.bureau]).contests == {(house.bureau.pk, "civil"): date(2026, 12, 8)}
    with clock.at(noon(date(2026, 12, 10))):
        assert gather(programme, [house.bureau]).contests == {(house.bureau.pk, "civil"): date(2026, 12, 20)}
    with clock.at(noon(date(2026, 12, 21))):
        assert gather(programme, [house.bureau]).contests == {}


def test_what_came_together_by_two_ways_is_counted_once(house):
    """A became B and C, and both went into D: A is before D once."""
    a, b, c, d = (make_unit(house.root, name=name) for name in "甲乙丙丁")
    for old, new in ((a, b), (a, c), (b, d), (c, d)):
        UnitSuccession.objects.create(region=house.root.region, old=old, new=new, kind="merged", day=date(2026, 1, 1))
    assert predecessors(house.root.region, [d.pk, a.pk]) == {d.pk: {a.pk, b.pk, c.pk}, a.pk: set()}


def test_figures_leave_out_who_is_no_unit_of_the_line_and_titles_off_the_ladder(house):
    street = make_unit(house.root, name="钟楼街道", kind="street", branch="territory")
    for unit, level in ((house.bureau, "city"), (house.bureau, "county"), (street, "city")):
        house.give(unit, level)
    found = figures_of(house.root.region, 2026)
    assert (found.titled, [(one.highest, one.holders) for one in found.levels]) == (Share(1, 2), [(1, 1), (0, 1)])
    assert [(award.unit, years) for award, years, _since in found.years] == [(house.bureau, 6)]


def test_forms_ask_for_the_day_of_a_paper_only_where_the_office_enters_one(house):
    award = house.give(house.bureau, "city")
    asked = [("raised_on" in AppealForm(None, obj=award, actor=one).fields) for one in (house.liaison, house.office)]
    assert asked == [False, True]
    assert list(CarryForm(None, obj=award, actor=house.office).fields["to"].queryset) == []
    form = AwardForm(None, region=house.root.region)
    assert house.root not in form.fields["unit"].queryset
    assert house.title("city") in form.fields["title"].queryset


@pytest.mark.parametrize(
    ("field", "wrong", "words"),
    [("year", 1999, "The year cannot be right."), ("reviewers", 51, "from 1 to 50"), ("quota", 10_001, "10,000")],
)
def test_programme_form_refuses_numbers_that_cannot_be_right(house, field, wrong, words):
    made = make_programme(house)
    names = list(ProgrammeForm(None, instance=made, region=house.root.region).fields)
    data = {name: getattr(made, f"{name}_id", None) or getattr(made, name, "") for name in names}
    form = ProgrammeForm(data | {field: wrong}, instance=made, region=house.root.region)
    assert words in str(form.errors.get(field, form.errors))


def test_application_withdrawn_meanwhile_is_written_no_more(house):
    made = begin_application(make_programme(house), house.bureau, actor=house.liaison)
    seen = Application.objects.get(pk=made.pk)
    withdraw_application(made, reason="另有安排", actor=house.office)
    assert "“" in said(write_application, seen, self_score=Decimal(90), self_report="x", actor=house.liaison)
    assert Application.objects.get(pk=made.pk).self_report == ""


def noticed_beside(house, programme, rest):
    """The bureau on public notice, `rest` in reserve."""
    made = make_reviewed(house, programme, house.bureau)
    with clock.at(noon(MET_ON)):
        decisions = {made.pk: ("recommend", ""), rest.pk: ("reserve", "")}
        deliberate(programme, Meeting(MET_ON, "组长", "3号"), decisions, actor=house.office)
        begin_notice(programme, first=NOTICE[0], last=NOTICE[1], actor=house.office)
    for row in (made, rest, programme):
        row.refresh_from_db()
    return made


def test_objection_is_answered_by_who_may_and_reserve_ends_with_the_award(house):
    programme = make_programme(house, quota=1)
    for unit in (house.bureau, house.other):
        fit(house, unit)
    rest = make_reviewed(house, programme, house.other)
    made = noticed_beside(house, programme, rest)
    with clock.at(noon(NOTICE[0])):
        one = enter_objection(made, Complaint("窗口无人值守，群众等了两个小时", NOTICE[0], "", ""), actor=house.office)
        assert "another role" in said(rule_objection, one, ruling="dismissed", reply="不实", actor=house.liaison)
        rule_objection(one, ruling="dismissed", reply="不实", actor=house.office)
    with clock.at(noon(AWARDED)):
        assert len(award_titles(programme, granted_on=AWARDED, document="9号", actor=house.office)) == 1
    rest.refresh_from_db()
    assert rest.state == ApplicationState.PASSED_OVER


def test_supplementary_notice_of_a_programme_cancelled_meanwhile_is_refused(house):
    programme = make_programme(house, quota=2)
    for unit in (house.bureau, house.other):
        fit(house, unit)
    made = make_reviewed(house, programme, house.other)
    noticed_beside(house, programme, made)
    later = (date(2027, 1, 11), date(2027, 1, 17))
    with clock.at(noon(NOTICE[0])):
        promote_application(made, reason="递补", actor=house.office)
        Programme.objects.filter(pk=programme.pk).update(state="cancelled")
        words = said(begin_supplementary_notice, programme, first=later[0], last=later[1], actor=None)
    assert "is not on public notice" in words
    with pytest.raises(PermissionDenied):
        begin_supplementary_notice(programme, first=later[0], last=later[1], actor=house.liaison)
