"""Listing, giving out, moving, stepping back, ad hoc places, sheets from paper, rounds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.campaigns import services as campaign_services
from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.core.errors import BadUpload, Refusal
from chuangwen.core.models import Attachment
from chuangwen.inspections.models import Draw, Recusal, Visit
from chuangwen.inspections.queries import own_units, round_progress
from chuangwen.inspections.services import planning
from chuangwen.inspections.services.answering import start_visit
from chuangwen.notifications.models import Notice
from chuangwen.organizations.models import Holding, Post
from chuangwen.workflow.models import Step
from chuangwen.workflow.services import StaleState
from tests.inspections.making import Field, make_field, photo
from tests.support.factories import DAY, NOON, make_campaign, make_round, make_unit, make_user


@pytest.fixture
def field(db: None) -> Field:
    return make_field()


def holds_post(user: object, unit: object) -> None:
    post = Post.objects.create(region=unit.region, unit=unit, kind="liaison", title="联络员")  # type: ignore[attr-defined]
    Holding.objects.create(region=unit.region, post=post, user=user, starts=date(2020, 1, 1))  # type: ignore[attr-defined]


def test_the_same_place_twice_is_one_visit(field: Field) -> None:
    place = field.place()
    first = planning.plan_visit(field.round, place, actor=field.office)
    assert planning.plan_visit(field.round, place, actor=field.office) == first
    assert (first.planned_on, first.order) == (field.round.starts, 1)
    assert Step.objects.filter(action="plan").count() == 1


def test_own_units_are_posts_and_belonging_roles_with_all_below(field: Field) -> None:
    community = make_unit(field.street)
    other = make_unit(field.root)
    user = make_user(Role.INSPECTOR, field.root)
    assert own_units(user) == frozenset()
    holds_post(user, field.street)
    assert own_units(user) == {field.street.pk, community.pk}
    assert own_units(make_user(Role.KEEPER, other)) == {other.pk}
    assert own_units(make_user(Role.LEADER, field.root)) == {field.root.pk}


@pytest.mark.parametrize("role", ["keeper", "department", "territory"])
def test_assigning_passes_over_places_of_the_own_unit(field: Field, role: str) -> None:
    mine = make_unit(field.root)
    holds_post(field.inspector, mine)
    values = {"keeper": None, "department": None} | {role: mine}
    own = field.visit(field.place(**{k: v for k, v in values.items() if k != "territory"}), inspector=None)
    if role == "territory":
        type(own.place).objects.filter(pk=own.place_id).update(territory=mine)
        own.place.refresh_from_db()
    other = field.visit(inspector=None)
    outcome = planning.assign_visits([own, other], field.inspector, team="第1组", actor=field.office)
    assert (outcome.given, [(one.visit, one.reason) for one in outcome.refused]) == (1, [(own, str(_("Own unit")))])
    other.refresh_from_db()
    own.refresh_from_db()
    assert (other.inspector, other.team, own.inspector) == (field.inspector, "第1组", None)
    assert Notice.objects.filter(user=field.inspector).count() == 1


def test_planning_with_an_inspector_of_the_own_unit_is_refused(field: Field) -> None:
    holds_post(field.inspector, field.street)
    with pytest.raises(Refusal):
        planning.plan_visit(field.round, field.place(), actor=field.office, inspector=field.inspector)


def test_assigning_refuses_who_is_no_inspector_and_who_may_not_plan(field: Field) -> None:
    visit = field.visit(inspector=None)
    with pytest.raises(Refusal):
        planning.assign_visits([visit], make_user(Role.LIAISON, field.street), actor=field.office)
    with pytest.raises(PermissionDenied):
        planning.assign_visits([visit], field.inspector, actor=field.inspector)
    assert planning.assign_visits([], field.inspector, actor=field.office).given == 0


def test_assigning_leaves_what_has_begun(field: Field) -> None:
    begun, stale = field.visit(), field.visit()
    start_visit(begun, actor=field.inspector)
    start_visit(Visit.objects.get(pk=stale.pk), actor=field.inspector)
    outcome = planning.assign_visits([begun, stale], field.inspector, actor=field.office)
    assert (outcome.given, len(outcome.refused), bool(outcome)) == (0, 2, False)


def test_a_recusal_keeps_no_reason_and_the_visit_waits_for_another(field: Field) -> None:
    visit = field.visit()
    planning.recuse_inspector(visit, actor=field.inspector)
    visit.refresh_from_db()
    assert (visit.inspector, visit.state) == (None, "planned")
    step = Step.objects.get(action="recuse")
    assert (step.note, step.data) == ("", {})
    assert Entry.objects.get(action="inspections.visit.recuse").data == {"note": ""}
    assert Notice.objects.get(user=field.office).body == ""
    outcome = planning.assign_visits([visit], field.inspector, actor=field.office)
    assert (outcome.given, len(outcome.refused)) == (0, 1)
    other = make_user(Role.INSPECTOR, field.root)
    assert planning.assign_visits([visit], other, actor=field.office).given == 1


def test_stepping_back_is_for_the_own_visit_before_it_begins(field: Field) -> None:
    visit = field.visit()
    with pytest.raises(Refusal):
        planning.recuse_inspector(visit, actor=field.office)
    stale = Visit.objects.get(pk=visit.pk)
    start_visit(visit, actor=field.inspector)
    with pytest.raises(Refusal):
        planning.recuse_inspector(visit, actor=field.inspector)
    with pytest.raises(StaleState):
        planning.recuse_inspector(stale, actor=field.inspector)
    assert Recusal.objects.count() == 0


def test_a_visit_is_moved_with_a_reason_and_without_a_new_draw(field: Field) -> None:
    visit = field.visit()
    day = field.round.ends + timedelta(days=1)
    planning.move_visit(visit, day, reason="大雨", actor=field.office)
    planning.move_visit(visit, field.round.ends, reason="封路", actor=field.inspector)
    visit.refresh_from_db()
    assert visit.planned_on == field.round.ends
    assert list(Step.objects.filter(action="move").values_list("note", flat=True)) == ["大雨", "封路"]


def test_moving_refuses_no_reason_strangers_too_early_and_begun(field: Field) -> None:
    visit = field.visit()
    never = field.round.campaign.ends + timedelta(days=1)
    for reason, day in ((" ", DAY), ("雨", field.round.starts - timedelta(days=1)), ("雨", never)):
        with pytest.raises(Refusal):
            planning.move_visit(visit, day, reason=reason, actor=field.office)
    planning.move_visit(visit, field.round.campaign.ends, reason="雨", actor=field.office)
    with pytest.raises(PermissionDenied):
        planning.move_visit(visit, DAY, reason="雨", actor=make_user(Role.INSPECTOR, field.root))
    start_visit(visit, actor=field.inspector)
    with pytest.raises(Refusal):
        planning.move_visit(visit, DAY, reason="雨", actor=field.office)


def test_an_ad_hoc_place_is_recorded_as_such(field: Field) -> None:
    visit = planning.add_ad_hoc_visit(field.round, field.place(field.toilet), actor=field.inspector)
    assert (visit.kind, visit.inspector, visit.planned_on, visit.draw) == (
        "ad-hoc", field.inspector, clock.today(), None,
    )  # fmt: skip
    other = make_user(Role.INSPECTOR, field.root)
    by_office = planning.add_ad_hoc_visit(field.round, field.place(field.toilet), actor=field.office, inspector=other)
    assert by_office.inspector == other


def test_ad_hoc_refuses_drawn_kinds_gone_places_doubles_own_units_and_closed_rounds(field: Field) -> None:
    place = field.place(field.toilet)
    planning.add_ad_hoc_visit(field.round, place, actor=field.inspector)
    for wrong in (field.place(), field.place(field.toilet, state="gone"), place):
        with pytest.raises(Refusal):
            planning.add_ad_hoc_visit(field.round, wrong, actor=field.inspector)
    holds_post(field.inspector, field.street)
    free = field.place(field.toilet)
    with pytest.raises(Refusal):
        planning.add_ad_hoc_visit(field.round, free, actor=field.inspector)
    Round.objects.filter(pk=field.round.pk).update(state="closed")
    field.round.refresh_from_db()
    with pytest.raises(Refusal):
        planning.add_ad_hoc_visit(field.round, free, actor=field.office)


def test_skipping_is_for_the_inspector_and_the_office_with_a_reason(field: Field) -> None:
    visit = field.visit()
    with pytest.raises(Refusal):
        planning.skip_visit(visit, reason="", actor=field.inspector)
    with pytest.raises(Refusal):
        planning.skip_visit(visit, reason="关门", actor=make_user(Role.INSPECTOR, field.root))
    planning.skip_visit(visit, reason="大门紧锁", actor=field.office)
    assert (visit.state, visit.skip_reason) == ("skipped", "大门紧锁")


def enter(field: Field, visit: Visit, **changes: object) -> None:
    values = {
        "inspector": field.inspector, "seen_at": NOON - timedelta(hours=3), "scan": photo(), "scan_name": "表.jpg",
        "actor": field.office,
    }  # fmt: skip
    planning.begin_paper_entry(visit, **values | changes)  # type: ignore[arg-type]


def test_a_sheet_from_paper_begins_at_its_true_time_with_its_scan(field: Field) -> None:
    visit = field.visit(inspector=None)
    with clock.at(NOON):
        enter(field, visit)
    visit.refresh_from_db()
    assert (visit.on_paper, visit.inspector, visit.started_at, visit.state) == (
        True, field.inspector, NOON - timedelta(hours=3), "started",
    )  # fmt: skip
    assert Attachment.objects.get(owner_type="inspections.visit", owner_id=visit.pk).name == "表.jpg"
    assert Step.objects.get(action="start").on_behalf == str(field.inspector)


def test_a_sheet_from_paper_refuses_the_future_the_own_unit_recusals_text_files_and_strangers(field: Field) -> None:
    visit = field.visit(inspector=None)
    with clock.at(NOON):
        with pytest.raises(Refusal):
            enter(field, visit, seen_at=NOON + timedelta(minutes=1))
        with pytest.raises(BadUpload):
            enter(field, visit, scan=b"just text")
        with pytest.raises(PermissionDenied):
            enter(field, visit, actor=field.inspector)
        Recusal.objects.create(region=visit.region, visit=visit, user=field.inspector)
        with pytest.raises(Refusal):
            enter(field, visit)
        Round.objects.update(state="closed")
        with pytest.raises(Refusal):
            enter(field, Visit.objects.get(pk=visit.pk))
    visit.refresh_from_db()
    assert (visit.state, visit.on_paper) == ("planned", False)


def test_a_round_is_planned_with_the_standards_of_its_campaign(field: Field) -> None:
    campaign = field.round.campaign
    made = campaign_services.plan_round(
        campaign, name="第三轮", starts=date(2026, 12, 1), ends=date(2026, 12, 4), actor=field.office
    )
    assert (made.state, made.year, list(made.versions.all())) == ("planned", 2026, [field.version])
    for name, ends in (("第三轮", date(2026, 12, 9)), ("第四轮", date(2026, 11, 1))):
        with pytest.raises(Refusal):
            campaign_services.plan_round(campaign, name=name, starts=date(2026, 12, 1), ends=ends, actor=field.office)
    with pytest.raises(PermissionDenied):
        campaign_services.plan_round(campaign, name="x", starts=DAY, ends=DAY, actor=field.inspector)
    empty = make_campaign(field.root, name="无标准", version=field.version)
    empty.standards.all().delete()
    with pytest.raises(Refusal):
        campaign_services.plan_round(empty, name="x", starts=DAY, ends=DAY, actor=field.office)


def test_a_round_closes_when_every_place_is_seen_or_skipped_and_no_draw_is_open(field: Field) -> None:
    visit = field.visit()
    with pytest.raises(Refusal):
        campaign_services.close_round(field.round, actor=field.office)
    planning.skip_visit(visit, reason="关门", actor=field.office)
    field.place()
    from chuangwen.inspections.services.draws import freeze_draw, withdraw_draw

    draw = freeze_draw(field.round, {"market": 1}, actor=field.office)
    with pytest.raises(Refusal):
        campaign_services.close_round(field.round, actor=field.office)
    withdraw_draw(draw, reason="不再抽", actor=field.office)
    with pytest.raises(PermissionDenied):
        campaign_services.close_round(field.round, actor=field.inspector)
    campaign_services.close_round(field.round, actor=field.office)
    assert field.round.state == "closed"


def test_opening_a_round_by_hand(db: None) -> None:
    field = make_field(state="planned")
    campaign_services.start_round(field.round, actor=field.office)
    assert field.round.state == "running"
    with pytest.raises(StaleState):
        campaign_services.start_round(field.round, actor=field.office)


def test_progress_counts_places_to_be_seen(field: Field) -> None:
    field.visit(state="finished", answered=4, not_met=1, team="第1组")
    field.visit(inspector=None)
    field.visit(state="skipped")
    field.visit(field.place(field.toilet), kind="ad-hoc", team="第1组")
    progress = round_progress(Visit.objects.filter(round=field.round))
    assert (progress.planned, progress.done, progress.unassigned, progress.not_met) == (3, 1, 1, 1)
    assert (progress.drawn, progress.ad_hoc) == (2, 1)
    assert [(row.name, row.planned, row.done, row.skipped) for row in progress.by_type] == [
        ("农贸市场", 2, 1, 1), ("公厕", 1, 0, 0),
    ]  # fmt: skip
    assert [(row.name, row.planned, row.not_met) for row in progress.by_team] == [("", 1, 0), ("第1组", 2, 1)]


def test_lists_of_other_rounds_and_regions_do_not_count(field: Field) -> None:
    elsewhere = make_field()
    place = elsewhere.place(code="M-00")
    planning.plan_visit(elsewhere.round, place, actor=None)
    mine, toilet = field.place(code="M-00"), field.place(field.toilet)
    planning.add_ad_hoc_visit(make_round(field.round.campaign, name="回头望"), toilet, actor=field.inspector)
    visit = planning.add_ad_hoc_visit(field.round, toilet, actor=field.inspector)
    assert visit.order == 1
    elsewhere.place(code="M-01")
    draw = Draw(region=field.root.region, round=field.round)
    assert planning.list_drawn_places(draw, ["M-01"], actor=None) == ["M-01"]
    assert mine.region != place.region


def test_giving_out_says_who_may_not_and_what_has_begun(field: Field) -> None:
    visit, begun = field.visit(inspector=None), field.visit()
    outside = make_user(Role.OFFICE)
    with pytest.raises(PermissionDenied):
        planning.assign_visits([visit], field.inspector, actor=outside)
    stale = Visit.objects.get(pk=begun.pk)
    start_visit(begun, actor=field.inspector)
    outcome = planning.assign_visits([visit, stale], field.inspector, actor=field.office)
    assert (outcome.given, bool(outcome), visit.team) == (1, True, "")
    assert [(one.visit, one.reason) for one in outcome.refused] == [(begun, "刚刚已开始")]
    planning.assign_one(visit, field.inspector, team="第3组", actor=field.office)
    assert Visit.objects.get(pk=visit.pk).team == "第3组"


def test_stepping_back_from_one_visit_keeps_the_others(field: Field) -> None:
    visit, kept = field.visit(), field.visit()
    planning.recuse_inspector(visit, actor=field.inspector)
    assert Visit.objects.get(pk=kept.pk).inspector == field.inspector
    planning.move_visit(kept, field.round.starts, reason="雨", actor=field.office)
    outside = make_user(Role.OFFICE)
    with pytest.raises(PermissionDenied):
        planning.move_visit(kept, DAY, reason="雨", actor=outside)
    with clock.at(NOON):
        with pytest.raises(PermissionDenied):
            enter(field, kept, actor=outside)
        with pytest.raises(Refusal):
            enter(field, kept, inspector=make_user(Role.KEEPER, field.street))
        enter(field, visit, inspector=make_user(Role.INSPECTOR, field.root))
        enter(field, kept)
    assert Step.objects.get(action="start", object_id=kept.pk).at == NOON - timedelta(hours=3)
