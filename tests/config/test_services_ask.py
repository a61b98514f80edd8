"""Every service that changes something asks for the permission itself: nobody gets further than their role, even
where a view forgot to ask."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.accounts.services.devices import issue_code
from chuangwen.campaigns.services import keep_title
from chuangwen.core.imports.importer import importer_or_404
from chuangwen.core.imports.services import start_import
from chuangwen.directives.services import add_document, change_document, discard_document
from chuangwen.inspections.services.planning import add_ad_hoc_visit
from chuangwen.organizations import services as units
from chuangwen.places.services import change_place_state, create_place, edit_place
from chuangwen.public.services import save_site
from chuangwen.rectification import services as problems
from chuangwen.reports.services import propose_release
from chuangwen.responsibilities import services as duties
from chuangwen.responsibilities.services import kinds
from chuangwen.scoring.services import run_scoring
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Node
from chuangwen.standards.services import editing, publish_standard, receive_standard
from chuangwen.supervision import services as pressing
from tests.config.doors import STANDARD, World
from tests.support.factories import NOON, make_root, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
DAY = date(2026, 11, 20)


def acts(world):
    """(permission, what is tried) of the services that no transition guards; `who` tries it."""
    region, lead, street, root = world.root.region, world.lead, world.street, world.root
    campaign, node = world.campaign, Node.objects.get(code="1.1")
    finding = problems.Finding(region, world.problem_type, "x", place=world.place)
    edit, respond = "organizations.edit", "responsibilities.edit"
    return [
        (edit, lambda who: units.create_unit(root, actor=who, code="x", name="x")),
        (edit, lambda who: units.edit_unit(lead, actor=who, name="x")),
        (edit, lambda who: units.move_unit(lead, street, actor=who)),
        (edit, lambda who: units.succeed_units([lead], [street], kind="renamed", day=DAY, actor=who)),
        (edit, lambda who: units.remember_alias(lead, "x", actor=who)),
        (edit, lambda who: units.name_post(lead, "liaison", "x", actor=who)),
        (edit, lambda who: units.retitle_post(world.post, "x", actor=who)),
        (edit, lambda who: units.hold_post(world.post, who, actor=who)),
        (edit, lambda who: units.leave_post(world.holding, ends=world.holding.starts, actor=who)),
        (edit, lambda who: units.keep_row(world.grid, actor=who)),
        (edit, lambda who: units.drop_row(world.seat, actor=who)),
        ("organizations.classify", lambda who: units.set_org_kinds(root, {}, actor=who)),
        ("responsibilities.answer", lambda who: kinds.take_shipped(root, actor=who)),
        ("responsibilities.answer", lambda who: kinds.end_template(world.duty_template, actor=who)),
        ("responsibilities.answer", lambda who: kinds.remind_kind(world.kind_lead, actor=who)),
        ("accounts.bind", lambda who: issue_code(world.people[Role.KEEPER], actor=who)),
        ("standards.edit", lambda who: editing.restore_problem_type(world.problem_type, actor=who)),
        ("standards.edit", lambda who: editing.edit_place_type(world.place_type, actor=who, name_zh="x", name_en="",
                                                               quota=1)),
        ("standards.edit", lambda who: receive_standard(b"x", "x.yaml", region=region, actor=who)),
        ("standards.edit", lambda who: publish_standard(read_standard(STANDARD.encode(), "s.yaml"), region=region,
                                                        actor=who)),
        ("campaigns.edit", lambda who: keep_title(region, "x", subject="city", actor=who)),
        (respond, lambda who: duties.set_share(campaign, node, lead, "lead", actor=who)),
        (respond, lambda who: duties.set_shares(campaign, [], origin="hand", actor=who)),
        (respond, lambda who: duties.mark_split(campaign, node, split=True, actor=who)),
        (respond, lambda who: duties.name_collective(region, "x", [lead], actor=who)),
        (respond, lambda who: duties.set_overload_rule(region, deviations=1, most=1, actor=who)),
        (respond, lambda who: duties.apply_hints(campaign, actor=who)),
        (respond, lambda who: duties.renew_breakdown(campaign, actor=who)),
        (respond, lambda who: duties.draft_task(campaign, lead, title="x", due_at=world.task.due_at, actor=who)),
        (respond, lambda who: duties.issue_breakdown(campaign, due_at=world.task.due_at, measure="x", actor=who)),
        ("places.edit", lambda who: create_place(region, actor=who, code="x")),
        ("places.edit", lambda who: edit_place(world.place, actor=who)),
        ("places.edit", lambda who: change_place_state(world.place, "gone", day=DAY, reason="x", actor=who)),
        ("inspections.inspect", lambda who: add_ad_hoc_visit(world.round, world.place, actor=who)),
        ("rectification.report", lambda who: problems.report_problem(finding, actor=who)),
        ("rectification.assign", lambda who: problems.enter_from_ledger(finding, actor=who)),
        ("rectification.route", lambda who: problems.save_rule(world.problem_type, None, None, lead=lead, actor=who)),
        ("rectification.route", lambda who: problems.end_rule(world.rule, actor=who)),
        ("rectification.route", lambda who: problems.rules_from_hints(region, actor=who)),
        ("directives.edit", lambda who: add_document(campaign, b"x", actor=who)),
        ("directives.edit", lambda who: change_document(world.document, actor=who, title="x", kind="speech", day=DAY)),
        ("directives.edit", lambda who: discard_document(world.document, actor=who)),
        ("scoring.run", lambda who: run_scoring(world.round, world.version, actor=who)),
        *pressing_acts(world),
        ("reports.release", lambda who: propose_release(world.paper, actor=who)),
        ("public.arrange", lambda who: save_site(region, actor=who, is_open=True)),
        ("organizations.edit", lambda who: start_import(importer_or_404("units"), b"x", "x.xlsx", region=region,
                                                        actor=who, context={})),
    ]  # fmt: skip


def pressing_acts(world):
    """The same of supervision."""
    region, lead, edit = world.root.region, world.lead, "supervision.edit"
    event = pressing.Event(lead, world.veto_kind, DAY, "x", "x")
    talk = pressing.TalkHeld(NOON, "x", "x", "x", "x")
    words = {"source": "x"}
    rule = {"step": "white", "condition": "late", "number": 1, **words}
    return [
        (edit, lambda who: pressing.ensure_defaults(region, actor=who)),
        (edit, lambda who: pressing.propose_notices(region, actor=who)),
        (edit, lambda who: pressing.save_rule(region, actor=who, **rule)),
        (edit, lambda who: pressing.switch_on(world.notice_rule, actor=who)),
        (edit, lambda who: pressing.switch_off(world.notice_rule, actor=who)),
        (edit, lambda who: pressing.propose_by_hand(lead, colour="red", problems=[world.problem], reason="x",
                                                    actor=who)),
        (edit, lambda who: pressing.record_talk(lead, talk, actor=who)),
        ("supervision.refer", lambda who: pressing.hand_over(world.sheet, handed_to="x", handed_on=DAY, actor=who)),
        ("supervision.refer", lambda who: pressing.close_referral(world.referral, closed_on=DAY, actor=who)),
        (edit, lambda who: pressing.report_event(event, actor=who)),
        (edit, lambda who: pressing.save_kind(region, name="x", months=1, actor=who, **words)),
        (edit, lambda who: pressing.propose_flags(region, "black", DAY, actor=who)),
        (edit, lambda who: pressing.make_list(region, DAY, actor=who)),
        (edit, lambda who: pressing.ask_body(world.sheet, unit=world.street, actor=who)),
        (edit, lambda who: pressing.take_off_body(world.joint, actor=who)),
        (edit, lambda who: pressing.sign_for_body(world.joint, actor=who)),
        (edit, lambda who: pressing.make_meeting(region, DAY, actor=who)),
        (edit, lambda who: pressing.hold_meeting(world.meeting, pressing.Held(DAY, "x"), actor=who)),
        (edit, lambda who: pressing.decide_line(world.meeting_line, decision="x", actor=who)),
        (edit, lambda who: pressing.press_line(world.meeting_line, colour="white", actor=who)),
        (edit, lambda who: pressing.propose_story(pressing.Told("praise", lead, "x", "x", "x"), actor=who)),
        (edit, lambda who: pressing.note_outcome(world.story, outcome="x", actor=who)),
        ("supervision.answer", lambda who: pressing.reply_to_story(world.story, text="x", actor=who)),
    ]  # fmt: skip


def test_service_refuses_who_lacks_its_permission_and_who_holds_it_elsewhere():
    """The auditor reads all of the region; an office of another one may do everything there."""
    world = World()
    elsewhere = make_user(Role.OFFICE, make_root())
    auditor = world.people[Role.AUDITOR]
    for who in (auditor, elsewhere):
        got = []
        for permission, act in acts(world):
            with pytest.raises(PermissionDenied) as refused:
                act(who)
            got.append((permission, str(refused.value)))
        assert [pair for pair in got if pair[0] != pair[1]] == []
