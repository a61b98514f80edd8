"""What the program or a job does itself goes the same way as what a person does, and the history names nobody."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from chuangwen.core import clock
from chuangwen.core.errors import Conflict
from chuangwen.honors.models import Aspect, Award, EligibilityRule, HonorSetting, Programme, YearlyFigures
from chuangwen.honors.queries.facts import outcome_of
from chuangwen.honors.services import (
    CheckResult,
    ContestPlan,
    Score,
    Told,
    begin_application,
    begin_judging,
    carry_on,
    decide_contest,
    delist,
    enter_award,
    enter_figures,
    enter_review,
    enter_sheet,
    give_card,
    let_lapse,
    plan_contest,
    raise_appeal,
    reverify,
    rule_appeal,
    save_aspect,
    settle_condition,
    submit_application,
    take_plaque_back,
    write_application,
)
from chuangwen.honors.services.defaults import drop_rule, ensure_defaults, save_rule, save_setting
from chuangwen.honors.services.programmes import edit_programme
from chuangwen.organizations.enums import SuccessionKind
from chuangwen.organizations.services import succeed_units
from chuangwen.workflow.queries import history_of
from tests.honors.making import fit, make_programme
from tests.support.factories import make_root, make_unit
from tests.support.refusals import said

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY = date(2026, 11, 18)
TOLD = Told(2026, 200, 60, Decimal(0), "名册")


def actors(row):
    """(action, who) of every step of a row's history."""
    return [(one.action, one.actor_id) for one in history_of(row).order_by("pk")]


def test_defaults_settings_and_conditions_are_kept(house):
    region = make_root().region
    assert (ensure_defaults(region, None), ensure_defaults(region, None)) == (True, False)
    setting = HonorSetting.objects.get(region=region, key="appeal-workdays")
    save_setting(setting, value=7, actor=None)
    aspect = Aspect.objects.filter(region=region).first()
    save_aspect(aspect, name="环境", weight=Decimal(40), actor=None)
    rule = EligibilityRule.objects.filter(region=region).first()
    count = EligibilityRule.objects.filter(region=region).count()
    drop_rule(rule, actor=None)
    assert HonorSetting.objects.get(pk=setting.pk).value == 7
    assert Aspect.objects.get(pk=aspect.pk).weight == 40
    assert EligibilityRule.objects.filter(region=region).count() == count - 1
    rule.pk = None
    save_rule(rule, actor=None)
    assert EligibilityRule.objects.filter(region=region).count() == count


def test_application_is_written_handed_in_settled_and_reviewed(house):
    programme = make_programme(house)
    fit(house, house.bureau)
    made = begin_application(programme, house.bureau, actor=None)
    write_application(made, self_score=Decimal(90), self_report="做了", actor=None)
    submit_application(made, responsible="王局", signed_on=TODAY, actor=None)
    waiting = next(one for one in outcome_of(programme, house.bureau).verdicts if one.waits_for == "office")
    rule = programme.rules.get(pk=waiting.rule.key)
    assert settle_condition(made, rule, met=True, source="函", actor=None).met
    sheet = enter_review(made, Score("评甲", Decimal(91), TODAY), actor=None)
    assert (sheet.reviewer, sheet.points) == ("评甲", 91)
    assert {who for _action, who in actors(made)} == {None}


def test_title_is_checked_warned_appealed_and_ended(house):
    award = house.give(house.bureau, "city")
    reverify(award, CheckResult("kept", TODAY, "复查组"), actor=None)
    give_card(award, reason="窗口投诉", decided_by="市文明办", actor=None)
    appeal = raise_appeal(award, text="事实不清", actor=None)
    rule_appeal(appeal, ruling="upheld", reply="撤销", actor=None)
    assert award.state == "valid"
    let_lapse(award, reason="期满", actor=None)
    take_plaque_back(award, day=TODAY, actor=None)
    assert [action for action, who in actors(award) if who is None] == [
        "reverify", "warn", "appeal", "appeal-ruled", "lift", "lapse", "plaque-back",
    ]  # fmt: skip


def test_title_goes_on_with_the_successor(house):
    award = house.give(house.bureau, "city")
    new = make_unit(house.root, name="市水务局")
    succeed_units([house.bureau], [new], kind=SuccessionKind.RENAMED, day=TODAY, actor=None)
    award.refresh_from_db()
    assert carry_on(award, to=new, reason="更名", actor=None).unit == new


def test_contest_is_planned_judged_and_decided(house):
    offices = house.offices[house.bureau.pk][:2]
    plan = ContestPlan(house.title("civil"), "评比", date(2026, 12, 8), 1, offices)
    contest = plan_contest(house.bureau, plan, actor=None)
    begin_judging(contest, actor=None)
    for one, points in zip(contest.contestants.all(), (80, 90), strict=True):
        enter_sheet(one, judge="甲", aspects=dict.fromkeys(contest.weight_of(), Decimal(points)), actor=None)
    assert [one.unit for one in decide_contest(contest, actor=None)] == [offices[1]]


def test_yearly_figures_wait_for_a_person(house):
    made = enter_figures(house.bureau, TOLD, actor=None)
    assert (made.state, made.entered_by, YearlyFigures.objects.count()) == ("given", None, 1)


def test_programme_in_preparation_is_changed_and_one_that_is_open_is_not(house):
    opened = make_programme(house)
    values = {name: getattr(opened, name) for name in (
        "region", "title", "year", "authority", "quota", "reviewers", "apply_from", "apply_until", "review_until",
        "deliberate_on", "notice_from", "notice_until", "award_on")}  # fmt: skip
    draft = Programme.objects.create(**values, name="筹备中的评选")
    draft.quota = 9
    edit_programme(draft, actor=None)
    assert Programme.objects.get(pk=draft.pk).quota == 9
    draft.name = opened.name
    assert "already" in said(edit_programme, draft, actor=house.office, error=Conflict)
    assert Programme.objects.get(pk=draft.pk).name == "筹备中的评选"
    assert "has been opened" in said(edit_programme, opened, actor=house.office)


def test_check_entered_twice_from_the_same_page_counts_once(house):
    award = house.give(house.bureau, "city")
    seen = Award.objects.get(pk=award.pk)
    reverify(award, CheckResult("kept", TODAY, "复查组"), actor=house.office)
    words = said(reverify, seen, CheckResult("kept", TODAY, "复查组"), actor=house.second, error=Conflict)
    assert "re-verified already" in words
    assert award.reverifications.count() == 1


def test_appeal_that_comes_after_the_title_was_granted_anew_takes_nothing_back(house):
    award = house.give(house.bureau, "city")
    give_card(award, reason="r", decided_by="d", actor=house.office)
    delist(award, reason="严重问题", decided_by="市文明委", document="9号", actor=house.office)
    appeal = raise_appeal(award, text="事实不清", actor=house.liaison)
    with clock.at(clock.now().replace(year=2028, month=1, day=10)):
        again = enter_award(
            house.bureau, house.title("city"), granted_on=date(2028, 1, 8), document="1号", actor=house.office
        )
        words = said(rule_appeal, appeal, ruling="upheld", reply="撤销", actor=house.second, error=Conflict)
    assert "holds the title again" in words
    award.refresh_from_db()
    appeal.refresh_from_db()
    assert (award.state, again.state, appeal.ruled_on) == ("delisted", "valid", None)


def test_figures_that_a_colleague_entered_at_the_same_moment_are_looked_at_first(house):
    """The colleague's row comes between the look and the writing, as on a database where two write at once."""
    looked = []

    def colleague_is_first(execute, sql, *rest):
        found = execute(sql, *rest)
        if sql.startswith("SELECT") and 'FROM "honors_yearlyfigures"' in sql and not looked:
            looked.append(sql)
            values = {"year": 2026, "staff": 100, "volunteers": 10, "hours": 0, "source": "名册"}
            YearlyFigures.objects.create(region=house.root.region, unit=house.bureau, **values)
        return found

    with connection.execute_wrapper(colleague_is_first):
        words = said(enter_figures, house.bureau, TOLD, actor=house.liaison, error=Conflict)
    assert "at the same moment" in words
    assert len(looked) == 1
