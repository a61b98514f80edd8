"""What befalls a title: cards, suspension, delisting, re-verification, appeal, renaming."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.core import clock
from chuangwen.core.errors import Conflict
from chuangwen.honors.enums import AwardState
from chuangwen.honors.models import Award, Card
from chuangwen.honors.queries.facts import outcome_of
from chuangwen.honors.services import (
    CheckResult,
    carry_on,
    delist,
    enter_award,
    give_card,
    let_lapse,
    lift_card,
    raise_appeal,
    restore_title,
    reverify,
    rule_appeal,
    suspend_title,
    take_plaque_back,
)
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import SuccessionKind
from chuangwen.organizations.services import succeed_units
from chuangwen.workflow.services import StaleState
from tests.honors.making import NOW, make_programme, noon
from tests.support.factories import make_unit
from tests.support.refusals import said

TODAY = date(2026, 11, 18)


@pytest.fixture
def award(house):
    return house.give(house.bureau, "city")


def card(house, award, **fields):
    values = {"reason": "窗口投诉", "decided_by": "市文明办", "actor": house.office}
    return give_card(award, **values | fields)


def take_away(house, award):
    delist(award, reason="严重问题", decided_by="市文明委", document="〔2026〕9号", actor=house.office)


def test_yellow_card_has_a_term_and_is_lifted(house, award):
    made = card(house, award)
    assert (award.state, made.until) == (AwardState.YELLOW, date(2027, 2, 18))
    assert Notice.objects.filter(user=house.liaison, url=f"/titles/{award.pk}/").exists()
    with pytest.raises(StaleState):
        card(house, award)
    lift_card(award, reason="整改到位", actor=house.office)
    made.refresh_from_db()
    assert (award.state, made.outcome, made.settled_on) == (AwardState.VALID, "lifted", TODAY)
    assert card(house, award).pk != made.pk


def test_card_without_a_reason_is_refused(house, award):
    assert "reason" in said(card, house, award, reason=" ")
    assert Card.objects.count() == 0


def test_only_the_office_takes_measures(house, award):
    for act in (
        lambda: card(house, award, actor=house.leader),
        lambda: let_lapse(award, reason="x", actor=house.leader),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert "own unit" in said(card, house, award, actor=house.liaison)


def test_suspension_rests_the_title_and_ends(house, award):
    card(house, award)
    suspend_title(award, reason="整改无效", decided_by="市文明委", actor=house.office)
    assert (award.state, Card.objects.get().outcome) == (AwardState.SUSPENDED, "ended")
    restore_title(award, reason="已整改", actor=house.office)
    assert award.state == AwardState.VALID


def test_delisting_bars_the_next_year_and_ends_by_itself(house, award):
    assert "number of the decision" in said(
        delist, award, reason="r", decided_by="d", document="", actor=house.office
    )  # fmt: skip
    card(house, award)
    take_away(house, award)
    assert (award.state, award.ended_on, award.barred_until) == (AwardState.DELISTED, TODAY, date(2027, 12, 31))
    assert Card.objects.get().outcome == "delisted"
    for year, kind in ((2026, "not-met"), (2027, "not-met"), (2028, "met")):
        programme = make_programme(house, "county", year=year, name=f"{year}年")
        with clock.at(noon(date(year, 11, 20))):
            found = {one.rule.kind: one.state for one in outcome_of(programme, house.bureau).verdicts}
            assert found["not-barred"] == kind


def test_title_of_the_bars_time_is_not_entered_by_hand(house, award):
    take_away(house, award)
    values = {"document": "1", "actor": house.office}
    title = house.title("city")
    with clock.at(noon(date(2027, 6, 1))):
        assert "barred until" in said(enter_award, house.bureau, title, granted_on=date(2027, 6, 1), **values)
    with clock.at(noon(date(2028, 1, 3))):
        assert enter_award(house.bureau, title, granted_on=date(2028, 1, 2), **values).state == AwardState.VALID


def test_plaque_comes_back_once_after_the_end(house, award):
    assert "in force" in said(take_plaque_back, award, day=TODAY, actor=house.office)
    take_away(house, award)
    for day in (TODAY + timedelta(days=1), TODAY - timedelta(days=1)):
        assert "Check the day" in said(take_plaque_back, award, day=day, actor=house.office)
    take_plaque_back(award, day=TODAY, actor=house.office)
    assert "already" in said(take_plaque_back, award, day=TODAY, actor=house.office)
    with pytest.raises(PermissionDenied):
        take_plaque_back(award, day=TODAY, actor=house.liaison)


def result(outcome="kept", **fields):
    values = {
        "checked_on": TODAY,
        "checked_by": "复查组",
        "points": Decimal(90),
        "remarks": "问题在窗口",
        "document": "9号",
    }
    return CheckResult(outcome, **values | fields)


@pytest.mark.parametrize(
    ("outcome", "state"), [("kept", AwardState.VALID), ("warned", AwardState.YELLOW), ("lost", AwardState.DELISTED)]
)
def test_reverification_keeps_warns_or_takes_away_in_one_act(house, award, outcome, state):
    reverify(award, result(outcome), actor=house.office)
    assert (award.state, award.reverify_by) == (state, date(2028, 1, 8))
    assert award.reverifications.get().due_on == date(2027, 1, 8)


def test_title_is_not_taken_away_without_a_document_and_the_check_not_kept(house, award):
    lost = result("lost", document="")
    assert "number of the decision" in said(reverify, award, lost, actor=house.office)
    assert not award.reverifications.exists()
    award.refresh_from_db()
    assert (award.state, award.reverify_by) == (AwardState.VALID, date(2027, 1, 8))


def test_ended_title_is_not_reverified(house, award):
    let_lapse(award, reason="撤销机构", actor=house.office)
    assert (award.state, award.barred_until) == (AwardState.LAPSED, None)
    assert "not in force" in said(reverify, award, result(), actor=house.office)


@pytest.mark.parametrize("measure", ["card", "suspend", "delist"])
def test_upheld_appeal_takes_the_measure_back(house, award, measure):
    if measure == "card":
        card(house, award)
    elif measure == "suspend":
        suspend_title(award, reason="r", decided_by="d", actor=house.office)
    else:
        take_away(house, award)
    appeal = raise_appeal(award, text="事实不清", actor=house.liaison)
    assert Notice.objects.filter(user=house.second, url=f"/titles/{award.pk}/").exists()
    assert "being decided" in said(raise_appeal, award, text="再诉", actor=house.liaison, error=Conflict)
    assert "yourself" in said(rule_appeal, appeal, ruling="upheld", reply="撤销", actor=house.office)
    assert "no reply" in said(rule_appeal, appeal, ruling="upheld", reply=" ", actor=house.second)
    rule_appeal(appeal, ruling="upheld", reply="撤销", actor=house.second)
    award.refresh_from_db()
    assert (award.state, award.ended_on, award.barred_until) == (AwardState.VALID, None, None)
    assert "already" in said(rule_appeal, appeal, ruling="dismissed", reply="x", actor=house.second)


def test_dismissed_appeal_leaves_the_measure(house, award):
    card(house, award)
    appeal = raise_appeal(award, text="事实不清", actor=house.office)
    rule_appeal(appeal, ruling="dismissed", reply="事实清楚", actor=house.second)
    assert Award.objects.get(pk=award.pk).state == AwardState.YELLOW


def test_appeal_has_its_days(house, award):
    assert "nothing to appeal" in said(raise_appeal, award, text="t", actor=house.liaison)
    card(house, award)
    assert "no text" in said(raise_appeal, award, text=" ", actor=house.liaison)
    for day in (date(2026, 11, 17), date(2026, 11, 19)):
        assert "could be raised until" in said(raise_appeal, award, text="t", raised_on=day, actor=house.office)
    early = date(2026, 11, 18)
    assert "entered by the office" in said(raise_appeal, award, text="t", raised_on=early, actor=house.liaison)
    with clock.at(noon(date(2026, 12, 3))):
        assert "could be raised until" in said(raise_appeal, award, text="t", actor=house.liaison)
        on_paper = raise_appeal(award, text="t", raised_on=date(2026, 12, 2), actor=house.office)
    assert on_paper.raised_on == date(2026, 12, 2)


@pytest.fixture
def renamed(house, award):
    """The bureau has become another one today."""
    new = make_unit(house.root, name="市水务局")
    succeed_units([house.bureau], [new], kind=SuccessionKind.RENAMED, day=TODAY, actor=None)
    award.refresh_from_db()
    return new


def test_title_goes_on_after_renaming_by_decision_alone(house, award, renamed):
    assert not Award.objects.filter(unit=renamed).exists()
    assert "did not follow" in said(carry_on, award, to=house.other, reason="更名", actor=house.office)
    made = carry_on(award, to=renamed, reason="更名", actor=house.office)
    assert (award.state, award.ended_on) == (AwardState.CARRIED, date(2026, 11, 17))
    assert (made.unit, made.held_since, made.granted_on, made.plaque) == (
        renamed, date(2020, 1, 8), TODAY, award.plaque,
    )  # fmt: skip


def test_title_may_end_with_the_old_name(house, award, renamed):
    assert carry_on(award, to=None, reason="职能划出", actor=house.office) is None
    assert award.state == AwardState.LAPSED


def test_unit_that_exists_keeps_its_title(house, award):
    assert "still exists" in said(carry_on, award, to=None, reason="r", actor=house.office)


def test_card_is_not_left_behind_with_the_old_name(house, award, renamed):
    card(house, award)
    assert "full force" in said(carry_on, award, to=renamed, reason="更名", actor=house.office)
    programme = make_programme(house, "county", year=2026)
    found = {one.rule.kind: one.state for one in outcome_of(programme, renamed).verdicts}
    assert found["no-card"] == "not-met"


def test_new_name_takes_no_bar_away(house, award):
    take_away(house, award)
    new = make_unit(house.root, name="市水务局")
    succeed_units([house.bureau], [new], kind=SuccessionKind.RENAMED, day=TODAY, actor=None)
    programme = make_programme(house, "county", year=2027)
    found = {one.rule.kind: one.state for one in outcome_of(programme, new).verdicts}
    assert found["not-barred"] == "not-met"
    with clock.at(NOW):
        assert "barred until" in said(
            enter_award, new, house.title("province"), granted_on=TODAY, document="1", actor=house.office
        )
