"""Programmes, their conditions, and a unit's application up to its review: each step and each refusal."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Conflict
from chuangwen.honors.enums import ApplicationState, RuleKind
from chuangwen.honors.models import Application, EligibilityRule, HonorSetting, Programme
from chuangwen.honors.queries.facts import outcome_of, outcomes
from chuangwen.honors.services import (
    Score,
    begin_application,
    cancel_programme,
    close_review,
    create_programme,
    drop_review,
    drop_rule,
    edit_programme,
    ensure_defaults,
    enter_award,
    enter_review,
    return_application,
    save_rule,
    save_setting,
    settle_condition,
    submit_application,
    withdraw_application,
    write_application,
)
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import SuccessionKind
from chuangwen.organizations.services import succeed_units
from chuangwen.supervision.models import VetoEvent, VetoKind
from chuangwen.workflow.queries import history_of
from tests.honors.making import NOW, fit, make_programme, make_submitted, noon
from tests.support.factories import make_unit, make_user
from tests.support.refusals import said


def test_region_begins_with_ladder_conditions_and_numbers_once(house):
    region = house.root.region
    kinds = list(house.title("province").default_rules.values_list("kind", flat=True))
    assert kinds == ["held", "civil-share", "model-count", "volunteers", "dossiers", "self-score", "no-veto", "no-card",
                     "not-barred", "not-held"]  # fmt: skip
    assert [rule.lower.level for rule in EligibilityRule.objects.filter(kind="held").order_by("of_title__pk")] == [
        "county", "city", "province",
    ]  # fmt: skip
    assert ensure_defaults(region, house.office) is False
    with pytest.raises(PermissionDenied):
        ensure_defaults(region, house.liaison)


def test_number_that_the_office_sets_says_so(house):
    row = HonorSetting.objects.get(key="card-months")
    assert row.source.startswith("proposed: ")
    save_setting(row, value=6, actor=house.office)
    row.refresh_from_db()
    assert (row.value, row.source[:6]) == (6, "site: ")


def test_programme_takes_the_titles_conditions_and_calls_the_units(house):
    programme = make_programme(house)
    assert programme.rules.count() == 10
    told = Notice.objects.get(user=house.liaison)
    assert told.url == f"/programmes/{programme.pk}/check/"


def test_opened_programme_stands(house):
    programme = make_programme(house)
    assert "has been opened" in said(edit_programme, programme, actor=house.office)
    rule = programme.rules.first()
    assert "conditions" in said(save_rule, rule, actor=house.office)
    assert "conditions" in said(drop_rule, rule, actor=house.office)


def test_programme_of_a_title_without_rank_or_with_a_name_twice_is_refused(house):
    programme = make_programme(house)
    twin = Programme.objects.get(pk=programme.pk)
    twin.pk = None
    assert "already" in said(create_programme, twin, actor=house.office, error=Conflict)
    house.title("province").ladder_step.delete()
    twin.name, twin.title = "别的", programme.title
    assert "no ladder" in said(create_programme, twin, actor=house.office)


def test_programme_without_conditions_is_not_opened(house):
    EligibilityRule.objects.all().delete()
    assert "without conditions" in said(make_programme, house)


def test_liaison_changes_no_condition(house):
    rule = EligibilityRule.objects.first()
    with pytest.raises(PermissionDenied):
        save_rule(rule, actor=house.liaison)
    with pytest.raises(PermissionDenied):
        drop_rule(rule, actor=house.liaison)


def test_application_is_refused_until_nothing_is_missing(house):
    programme = make_programme(house)
    made = begin_application(programme, house.bureau, actor=house.liaison)
    assert made.number == "2026-001"
    refused = said(submit_application, made, responsible="王局", signed_on=clock.today(), actor=house.liaison)
    assert "5 conditions are missing" in refused  # lower title, civil and model offices, figures, self-assessment
    fit(house, house.bureau)
    assert "1 conditions" in said(
        submit_application, made, responsible="王局", signed_on=clock.today(), actor=house.liaison
    )
    write_application(made, self_score=Decimal(90), self_report="自评", actor=house.liaison)
    submit_application(made, responsible=" 王局 ", signed_on=clock.today(), actor=house.liaison)
    made.refresh_from_db()
    assert (made.state, made.responsible, made.submitted_at) == ("submitted", "王局", NOW)
    assert [one["state"] for one in made.verdicts].count("met") == 9
    assert Notice.objects.filter(user=house.office, url=f"/applications/{made.pk}/").exists()
    assert [step.on_behalf for step in history_of(made)] == ["", ""]


def test_office_enters_an_application_for_the_unit_at_its_true_time(house):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = begin_application(programme, house.bureau, actor=house.office)
    write_application(made, self_score=Decimal(90), self_report="", actor=house.office)
    with clock.at(noon(date(2026, 12, 18)) + timedelta(hours=2)):
        at = noon(date(2026, 12, 18))
        submit_application(made, responsible="王局", signed_on=date(2026, 12, 17), actor=house.office, at=at)
    assert made.submitted_at == at
    assert {step.on_behalf for step in history_of(made)} == {"市水利局"}


def test_applying_has_its_days(house):
    programme = make_programme(house)
    with clock.at(noon(date(2026, 11, 1))):
        assert "begin on" in said(begin_application, programme, house.bureau, actor=house.liaison)
    with clock.at(noon(date(2026, 12, 19))):
        assert "ended on" in said(begin_application, programme, house.bureau, actor=house.liaison)
    cancel_programme(programme, reason="上级调整", actor=house.office)
    assert "takes no applications" in said(begin_application, programme, house.bureau, actor=house.liaison)


def test_application_is_for_the_right_unit_once(house):
    programme = make_programme(house)
    with pytest.raises(PermissionDenied):
        begin_application(programme, house.other, actor=house.liaison)
    office = house.offices[house.bureau.pk][0]
    assert "is not for" in said(begin_application, programme, office, actor=house.office)
    assert "is not for" in said(begin_application, programme, house.root, actor=house.office)
    stranger = make_unit()
    assert "another region" in said(begin_application, programme, stranger, actor=None)
    gone = make_unit(house.root, valid_to=date(2026, 1, 1))
    assert "no more" in said(begin_application, programme, gone, actor=house.office)
    made = begin_application(programme, house.bureau, actor=house.liaison)
    assert "already" in said(begin_application, programme, house.bureau, actor=house.liaison, error=Conflict)
    withdraw_application(made, reason="今年不报", actor=house.liaison)
    assert begin_application(programme, house.bureau, actor=house.liaison).number == "2026-002"


def test_what_is_written_is_checked_and_then_closed(house):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = begin_application(programme, house.bureau, actor=house.liaison)
    for points in (Decimal(-1), Decimal(111)):
        assert "between" in said(write_application, made, self_score=points, self_report="", actor=house.liaison)
    write_application(made, self_score=Decimal(90), self_report="", actor=house.liaison)
    signed = {"responsible": "王局", "signed_on": clock.today(), "actor": house.liaison}
    assert "who signed" in said(submit_application, made, **signed | {"responsible": " "})
    assert "lies ahead" in said(submit_application, made, **signed | {"signed_on": date(2026, 11, 19)})
    assert "entered by the office" in said(submit_application, made, **signed, at=NOW - timedelta(hours=1))
    from_paper = signed | {"actor": house.office}
    assert "in the future" in said(submit_application, made, **from_paper, at=NOW + timedelta(hours=1))
    submit_application(made, **signed)
    assert "handed in" in said(write_application, made, self_score=None, self_report="", actor=house.liaison)
    return_application(made, reason="缺盖章页", actor=house.office)
    assert made.state == ApplicationState.DRAFT
    write_application(made, self_score=Decimal(91), self_report="补齐", actor=house.liaison)


def test_what_the_program_cannot_know_a_person_settles(house):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = begin_application(programme, house.bureau, actor=house.liaison)
    ledger = programme.rules.get(kind=RuleKind.DOSSIERS)
    assert "once it is submitted" in said(settle_condition, made, ledger, met=True, source="函", actor=house.office)
    write_application(made, self_score=Decimal(90), self_report="", actor=house.liaison)
    submit_application(made, responsible="王局", signed_on=clock.today(), actor=house.liaison)
    with pytest.raises(PermissionDenied):
        settle_condition(made, ledger, met=True, source="函", actor=house.liaison)
    assert "which papers" in said(settle_condition, made, ledger, met=True, source=" ", actor=house.office)
    settle_condition(made, ledger, met=False, source="函1", actor=house.office)
    settle_condition(made, ledger, met=True, source="函2", actor=house.second)
    outcome = outcome_of(programme, house.bureau)
    assert [one.by_person for one in outcome.verdicts if one.rule.kind == "dossiers"] == [True]
    known = programme.rules.get(kind=RuleKind.CIVIL_SHARE)
    assert "program knows" in said(settle_condition, made, known, met=True, source="函", actor=house.office)
    foreign = house.title("city").default_rules.first()
    assert "program knows" in said(settle_condition, made, foreign, met=True, source="函", actor=house.office)


def test_reviewers_score_once_each_and_never_their_own_unit(house):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = make_submitted(house, programme, house.bureau)
    day = clock.today()
    assessor = make_user(Role.ASSESSOR, house.root)
    enter_review(made, Score(str(assessor), Decimal(88), day, "材料齐"), actor=assessor)
    assert "own name" in said(enter_review, made, Score("别人", Decimal(88), day), actor=assessor)
    assert "already" in said(
        enter_review, made, Score(str(assessor), Decimal(1), day), actor=house.office, error=Conflict
    )
    assert "1 of 2" in said(close_review, made, actor=house.office)
    for score, words in (
        (Score(" ", Decimal(1), day), "who reviewed"), (Score("甲", Decimal(101), day), "between"),
        (Score("甲", Decimal(90), day + timedelta(days=1)), "ahead"),
    ):  # fmt: skip
        assert words in said(enter_review, made, score, actor=house.office)
    sheet = enter_review(made, Score("甲", Decimal(20), day), actor=house.office)
    assert "Another person" in said(drop_review, sheet, actor=house.second)
    drop_review(sheet, actor=house.office)
    enter_review(made, Score("甲", Decimal(90), day), actor=house.office)
    close_review(made, actor=house.office)
    assert (made.score, made.state) == (Decimal(89), ApplicationState.REVIEWED)
    assert "not being reviewed" in said(enter_review, made, Score("乙", Decimal(90), day), actor=house.office)
    own = make_user(Role.ASSESSOR, house.other)
    with pytest.raises(PermissionDenied):
        enter_review(made, Score("丙", Decimal(90), day), actor=own)


def test_sheets_stand_once_the_review_is_closed_also_on_an_old_page(house):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = make_submitted(house, programme, house.bureau)
    for number in (1, 2):
        enter_review(made, Score(f"评{number}", Decimal(90), clock.today()), actor=house.office)
    seen = made.sheets.select_related("application__unit").first()
    close_review(Application.objects.get(pk=made.pk), actor=house.office)
    assert "not being reviewed" in said(
        enter_review, made, Score("评3", Decimal(10), clock.today()), actor=house.office
    )
    assert "not being reviewed" in said(drop_review, seen, actor=house.office)
    assert made.sheets.count() == 2


def test_cancelled_programme_takes_its_applications_along(house):
    programme = make_programme(house)
    made = begin_application(programme, house.bureau, actor=house.liaison)
    cancel_programme(programme, reason="上级调整", actor=house.office)
    made.refresh_from_db()
    assert made.state == ApplicationState.WITHDRAWN


def test_title_is_entered_for_whom_it_is(house):
    office = house.offices[house.bureau.pk][0]
    assert "is not for" in said(house.give, office, "city")
    assert "is not for" in said(house.give, house.bureau, "civil")
    assert "no civil office" in said(house.give, office, "model")
    award = house.give(house.bureau, "city")
    assert (award.plaque, award.reverify_by) == ("2020-001", date(2027, 1, 8))
    assert "already" in said(house.give, house.bureau, "city", error=Conflict)
    with pytest.raises(PermissionDenied):
        enter_award(house.bureau, house.title("county"), granted_on=date(2020, 1, 1), document="1", actor=house.liaison)
    stranger = make_unit()
    assert "another region" in said(
        enter_award, stranger, house.title("city"), granted_on=date(2020, 1, 1), document="1", actor=None
    )


def test_facts_of_many_units_cost_no_more_than_of_one(house, django_assert_num_queries):
    programme = make_programme(house)
    fit(house, house.bureau)
    house.give(house.other, "city")
    with django_assert_num_queries(16):
        outcomes(programme, [house.bureau])
    with django_assert_num_queries(16):
        found = outcomes(programme, [house.bureau, house.other])
    assert [found[unit.pk].met for unit in (house.bureau, house.other)] == [8, 5]


@pytest.mark.parametrize(("state", "found"), [("confirmed", "not-met"), ("reported", "met"), ("lifted", "met")])
def test_confirmed_veto_event_bars_also_who_took_the_matters_over(house, state, found):
    kind = VetoKind.objects.create(region=house.root.region, name="安全生产事故", source="customary: 一票否决")
    VetoEvent.objects.create(
        region=house.root.region, unit=house.bureau, kind=kind, day=date(2026, 5, 6), bars_until=date(2027, 5, 6),
        title="事故", source="通报", state=state,
    )  # fmt: skip
    programme = make_programme(house)
    new = make_unit(house.root, name="市水务局")
    succeed_units([house.bureau], [new], kind=SuccessionKind.RENAMED, day=date(2026, 11, 18), actor=None)
    for unit in (house.bureau, new):
        verdict = next(one for one in outcome_of(programme, unit).verdicts if one.rule.kind == "no-veto")
        assert verdict.state == found
        assert verdict.earliest == (date(2027, 5, 7) if found == "not-met" else None)
