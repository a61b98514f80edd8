"""A small world with one object of everything, and for every address a sample of its arguments."""

from __future__ import annotations

import io
import uuid
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image

from chuangwen.accounts.roles import Role
from chuangwen.audit.services import record
from chuangwen.campaigns.models import Milestone
from chuangwen.core import clock
from chuangwen.core.files.services import Upload, attach
from chuangwen.core.models import Job
from chuangwen.evidence.models import Dossier, Link, Piece
from chuangwen.evidence.services import Facts, give_files, open_dossiers, submit_dossier, write_piece
from chuangwen.inspections.models import Answer, Draw, Observation, Visit
from chuangwen.inspections.services.results import Judged, Proof, enter_result
from chuangwen.notifications.models import Digest, Notice
from chuangwen.organizations.models import ContractedArea, Grid, Group, Holding, Membership, Post, RoleGrant
from chuangwen.rectification.models import ProblemPhoto, RoutingRule
from chuangwen.reports.models import PhotoPair, Receipt, SiteFont, Snapshot
from chuangwen.reports.periods import Period
from chuangwen.reports.services import draft_bulletin
from chuangwen.reports.services import ensure_defaults as ensure_forms
from chuangwen.responsibilities.models import Instruction, Task
from chuangwen.scoring.services import run_scoring
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Check, PlaceType, ProblemType
from chuangwen.standards.services import publish_standard
from chuangwen.supervision.models import (
    Consequence,
    ConsequenceKind,
    ConsequenceReply,
    FeedbackMeeting,
    Flag,
    JointSigner,
    LinkRule,
    ListLine,
    MeetingLine,
    NoticeItem,
    NoticeRule,
    PeerNumber,
    Referral,
    ScoreWeight,
    Story,
    StoryReply,
    SupervisionNotice,
    Talk,
    VetoEvent,
    VetoKind,
    WeekList,
)
from chuangwen.supervision.services import ensure_defaults
from tests.config.depth_doors import add_depth, depth_samples
from tests.config.document_doors import add_documents, document_samples
from tests.config.duty_doors import add_duties, duty_samples
from tests.config.look_back_doors import add_look_back, look_back_samples
from tests.config.meeting_doors import add_meeting, meeting_samples
from tests.config.public_doors import public_samples
from tests.config.score_doors import add_scores, score_samples
from tests.config.title_doors import add_titles, title_samples
from tests.support.factories import (
    DAY,
    NOON,
    make_campaign,
    make_place,
    make_problem,
    make_root,
    make_round,
    make_task,
    make_unit,
    make_user,
)

STANDARD = """
urn: urn:chuangwen:standard:doors
version: "1"
title: 测试
subject: city
scale: 100
place_types: [{code: market, name: 农贸市场, quota: 1}]
nodes:
  - {code: "1", title: 公共环境, children: [{code: "1.1", title: 整洁, points: 90, method: field}]}
  - code: "2"
    title: 材料
    children:
      - code: "2.1"
        title: 台账
        points: 10
        method: material
        evidence: [{slot: 文, kind: document, min: 2, window_months: 12}, {slot: 成效, kind: statement}]
bonuses: [{code: P1, title: 推广, cap: 1}]
problem_types: [{code: litter, name: 垃圾, class: immediate, within: 2h}]
checks: [{code: c1, place_types: [market], text: 整洁, criteria: ["1.1"], problem_type: litter}]
"""


def picture() -> bytes:
    """A real, small PNG."""
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 120, 40)).save(buffer, "PNG")
    return buffer.getvalue()


class World:
    """One region with one of everything, and one person for each role at its top."""

    def __init__(self) -> None:
        self.root = make_root()
        region = self.root.region
        self.street = make_unit(self.root, kind="street", branch="territory")
        self.lead = make_unit(self.root)
        self.version, _new = publish_standard(read_standard(STANDARD.encode(), "s.yaml"), region=region, actor=None)
        self.campaign = make_campaign(self.root, version=self.version)
        self.round = make_round(self.campaign)
        self.place_type = PlaceType.objects.get(region=region)
        self.problem_type = ProblemType.objects.get(region=region)
        self.place = make_place(self.street, place_type=self.place_type)
        self.problem = make_problem(self.lead, place=self.place, territory=self.street, problem_type=self.problem_type)
        self.task = make_task(self.lead, campaign=self.campaign)
        self.people = {role: make_user(role, self.root) for role in Role}
        office = self.people[Role.OFFICE]
        self.attachment = attach(picture(), "a.png", owner=self.problem, region=region, actor=office)
        self.rule = RoutingRule.objects.create(
            region=region, problem_type=self.problem_type, lead=self.lead, starts=DAY
        )
        self.post = Post.objects.create(region=region, unit=self.lead, kind="liaison", title="联络员")
        self._instruct()
        self.holding = Holding.objects.create(region=region, post=self.post, user=office, starts=DAY)
        self.grant = RoleGrant.objects.get(user=self.people[Role.KEEPER])
        self.group = Group.objects.create(region=region, kind="leading", name="领导小组", office=self.lead)
        self.seat = Membership.objects.create(region=region, group=self.group, post=self.post, seat="成员")
        self.grid = Grid.objects.create(region=region, unit=self.street, code="G1", name="第1网格")
        self.area = ContractedArea.objects.create(
            region=region, leader=self.post, unit=self.street, name="东关", starts=date(2026, 1, 1)
        )
        add_documents(self)
        self.visit = Visit.objects.create(
            region=region, round=self.round, place=self.place, inspector=self.people[Role.INSPECTOR], planned_on=DAY
        )
        self.draw = Draw.objects.create(region=region, round=self.round, pool={}, pool_sha256="0" * 64)
        self.milestone = Milestone.objects.create(region=region, campaign=self.campaign, name="封卷", due_on=DAY)
        self.digest = Digest.objects.create(user=office, day=DAY, text="none")
        self.notice = Notice.objects.create(user=office, kind="none", title="none", region=region)
        with transaction.atomic():
            self.entry = record("world.made", self.root, actor=office)
        self.job = Job.objects.create(kind="none", title="none", owner_id=office.pk)
        Observation.objects.create(
            region=region, round=self.round, version=self.version, code="1.1", place=self.place, unit=self.street,
            value=0,
        )  # fmt: skip
        self.record_leaf = self.version.nodes.get(code="2.1")
        self._open_ledger()
        judged = Judged(self.version, "2.1", source="台账", judged_by="王评", judged_on=DAY, value=1)
        self.result = enter_result(
            self.round, judged, actor=self.people[Role.ASSESSOR], proof=Proof("a.png", data=picture())
        )
        self.run = run_scoring(self.round, self.version, actor=None)
        add_scores(self)
        self._supervise()
        add_meeting(self)

    def _supervise(self) -> None:
        """A ladder, a notice that was sent, a referral, a veto event."""
        region = self.root.region
        ensure_defaults(region, actor=None)
        self.notice_rule = NoticeRule.objects.filter(region=region).first()
        # No number that the counter gives: a form tried on a working day may propose a notice beside it.
        self.sheet = SupervisionNotice.objects.create(
            region=region, unit=self.lead, number="2026-9001", colour="white", day=DAY, state="sent", signer="clerk",
            proposed_at=NOON, signed_at=NOON, signed_name="创建办", due_at=NOON, serial=1,
        )  # fmt: skip
        NoticeItem.objects.create(region=region, notice=self.sheet, problem=self.problem, due_at=NOON, ground="late")
        self.referral = Referral.objects.create(
            region=region, unit=self.lead, notice=self.sheet, handed_to="市纪委监委", handed_on=DAY
        )
        self.joint = JointSigner.objects.create(region=region, notice=self.sheet, unit=self.street)
        self.talk = Talk.objects.create(
            region=region, unit=self.lead, notice=self.sheet, held_at=NOON, held_by="副组长", held_with="局长",
            subject="整改迟缓", agreed="月底前完成",
        )  # fmt: skip
        self.meeting = FeedbackMeeting.objects.create(region=region, starts=DAY, ends=DAY, made_at=NOON)
        self.meeting_line = MeetingLine.objects.create(
            region=region, meeting=self.meeting, problem=self.problem, unit=self.lead, due_at=NOON, days_late=3
        )
        self.veto_kind = VetoKind.objects.filter(region=region).first()
        add_look_back(self)
        self.flag = Flag.objects.create(
            region=region, unit=self.lead, colour="black", peer_group="市直", starts=DAY, ends=DAY, score=60,
            state="given", given_on=DAY,
        )  # fmt: skip
        self.week = WeekList.objects.create(region=region, starts=DAY, ends=DAY, made_at=NOON, state="released")
        ListLine.objects.create(
            region=region, week=self.week, unit=self.lead, branch="line", rank=1, numerator=1, denominator=2
        )
        self.story = Story.objects.create(
            region=region, kind="exposure", unit=self.lead, title="占道", text="占道", outlet="电视台", proposed_on=DAY,
            state="released", problem=self.problem,
        )  # fmt: skip
        StoryReply.objects.create(region=region, story=self.story, text="已整改", at=NOON, before_release=False)
        self.event = VetoEvent.objects.create(
            region=region, unit=self.lead, kind=self.veto_kind, day=DAY, bars_until=DAY, title="事故", source="通报"
        )
        values = {"day": DAY, "year": DAY.year, "issuer": "创建办", "paper": "〔2026〕1号", "state": "confirmed"}
        kind = ConsequenceKind.objects.filter(region=region).first()
        made = Consequence.objects.create(region=region, unit=self.lead, kind=kind, title="红单", **values)
        self.appeal = ConsequenceReply.objects.create(region=region, consequence=made, is_appeal=True, at=NOON)
        self.consequence = made
        self._write_papers()
        add_titles(self)
        add_duties(self)
        add_depth(self)

    def _open_ledger(self) -> None:
        """A dossier that is being filled, and one that waits for review; both hold the same piece."""
        office, pair = self.people[Role.OFFICE], [(self.record_leaf.pk, self.lead.pk)]
        for year in (2025, 2026):
            open_dossiers(self.campaign, year, pair, due_on=date(year + 10, 12, 1), actor=None)
        rows = Dossier.objects.select_related("node__version", "unit__region", "region")
        self.handed_in, self.dossier = rows.order_by("year")
        write_piece(self.handed_in, ["成效"], Facts(text="全年12次"), actor=office)
        give_files(self.dossier, "文", [Upload("方案.txt", "方案正文".encode())], actor=office)
        self.piece = Piece.objects.get(kind="document")
        self.link = Link.objects.get(dossier=self.dossier)
        submit_dossier(self.handed_in, conclusion="有台账", note="缺文件", actor=office, on_behalf="联络员")

    def _instruct(self) -> None:
        """The task comes from a leader's instruction."""
        self.instruction = Instruction.objects.create(
            region=self.root.region, campaign=self.campaign, number="P2026-0001", post=self.post, signed_as="市长",
            about="路灯", content="请修。", written_on=DAY, medium="spoken",
        )  # fmt: skip
        Task.objects.filter(pk=self.task.pk).update(instruction=self.instruction, origin="instruct")

    def _write_papers(self) -> None:
        """A paper whose figures have rows behind them, received by the lead, and a font."""
        region, office = self.root.region, self.people[Role.OFFICE]
        ensure_forms(region, actor=office)
        period = Period(clock.today().replace(day=1), clock.today())
        self.paper = draft_bulletin(self.campaign, "superior", period, actor=office)
        row = {"name": "单位", "unit": self.lead.pk, "values": {"due": 1}, "refs": {"due": [self.problem.pk]}}
        sheet = {"columns": [{"key": "due", "kind": "count", "width": 4}], "rows": [row], "total": None}
        Snapshot.objects.filter(pk=self.paper.snapshot_id).update(sheet=sheet)
        Receipt.objects.create(region=region, bulletin=self.paper, unit=self.lead)
        photos = [
            ProblemPhoto.objects.create(region=region, problem=self.problem, attachment=self.attachment, role=role)
            for role in ("before", "after")
        ]
        PhotoPair.objects.create(
            region=region, bulletin=self.paper, problem=self.problem, before=photos[0], after=photos[1], position=0
        )
        self.font = SiteFont.objects.create(region=region, family="仿宋")

    def connect_problem(self) -> None:
        """The problem came out of the visit's answer and counts in a criterion."""
        office = self.people[Role.OFFICE]
        self.problem.round, self.problem.node_codes = self.round, [f"{self.version.urn}#1.1"]
        self.problem.save(update_fields=["round", "node_codes"])
        Answer.objects.create(
            region=self.root.region, uid=uuid.UUID(int=2), visit=self.visit, checked=Check.objects.get(),
            value="not-met", answered_by=office, problem=self.problem,
        )  # fmt: skip


def addresses() -> list[tuple[str, str, Any]]:
    """(name with its namespace, pattern, view) of every address of ours."""
    found: list[tuple[str, str, Any]] = []

    def walk(patterns: list[Any], prefix: str, namespace: str) -> None:
        for one in patterns:
            if isinstance(one, URLResolver):
                inner = f"{namespace}{one.namespace}:" if one.namespace else namespace
                walk(one.url_patterns, prefix + str(one.pattern), inner)
            elif isinstance(one, URLPattern) and one.callback.__module__.startswith("chuangwen."):
                found.append((f"{namespace}{one.name}", prefix + str(one.pattern), one.callback))

    walk(get_resolver().url_patterns, "", "")
    return found


def samples(world: World) -> dict[str, dict[str, Any]]:
    """Arguments for every address that takes some. A new address must be given its sample here."""
    return {
        **_site(world),
        **_way(world),
        **_ledger(world),
        **_outcome(world),
        **_fieldwork(world),
        **title_samples(world),
        **duty_samples(world),
        **public_samples(world),
        **meeting_samples(world),
        **look_back_samples(world),
    }


def _site(world: World) -> dict[str, dict[str, Any]]:
    """Files, imports, accounts."""
    person = {"pk": world.people[Role.LIAISON].pk}
    wizard = {"key": "units", "uid": uuid.UUID(int=1)}
    return {
        "core:file": {"uid": world.attachment.uid},
        "core:picture": {"uid": world.attachment.uid, "size": "small"},
        "core:job": {"uid": world.job.uid},
        "core:job-file": {"uid": world.job.uid},
        "core:pick": {"key": "units"},
        "core:import": {"key": "units"},
        "core:import-template": {"key": "units"},
        **{f"core:import-{step}": wizard for step in
           ("result", "sheet", "columns", "check", "names", "again", "faults", "run", "drop")},
        "core:import-look": wizard | {"field": "parent"},
        "accounts:end-session": {"pk": 1},
        "accounts:withdraw-my-device": {"pk": 1},
        "accounts:person": person,
        "accounts:new-password": person,
        "accounts:new-code": person,
        "accounts:act-on-person": person | {"act": "stop"},
        "accounts:withdraw-device": {"pk": 1},
        "accounts:link": {"token": "x" * 43},
        "accounts:link-action": {"token": "x" * 43, "action": "fix"},
        "accounts:link-picture": {"token": "x" * 43, "uid": world.attachment.uid, "size": "small"},
        "accounts:withdraw-link": {"pk": 1},
    }  # fmt: skip


def _way(world: World) -> dict[str, dict[str, Any]]:
    """From units to a score."""
    unit, problem = {"pk": world.lead.pk}, {"number": world.problem.number}
    place = {"code": world.place.code}
    version = {"slug": world.version.slug, "version": world.version.version}
    campaign = {"pk": world.campaign.pk}
    round_, group = {"pk": world.round.pk}, {"pk": world.group.pk}
    return {
        "organizations:group": group,
        "organizations:edit_group": group,
        "organizations:seat": group,
        "organizations:unseat": group | {"membership": world.seat.pk},
        "organizations:grid": {"pk": world.grid.pk},
        "organizations:area": {"pk": world.area.pk},
        "organizations:unit": unit,
        "organizations:edit": unit,
        "organizations:alias": unit,
        "organizations:hold": unit,
        "organizations:leave": unit | {"holding": world.holding.pk},
        "organizations:grant": unit,
        "organizations:end_grant": unit | {"grant_pk": world.grant.pk},
        "standards:upload": {"uid": uuid.UUID(int=1)},
        "standards:problem-type": {"pk": world.problem_type.pk},
        "standards:problem-type-restore": {"pk": world.problem_type.pk},
        "standards:place-type": {"pk": world.place_type.pk},
        "standards:version": version,
        "standards:checklists": version,
        "standards:checklist": version | {"code": world.place_type.code},
        "standards:download": version | {"file_format": "yaml"},
        "places:place": place,
        "places:edit": place,
        "places:state": place,
        "places:plate": {"plate": "none"},
        "audit:entry": {"pk": world.entry.pk},
        "rectification:links": problem,
        "notifications:digest-of": {"pk": world.digest.pk},
        "notifications:step": {"step": "ahead"},
        "notifications:feed": {"token": "x" * 43},
        "notifications:notice": {"pk": world.notice.pk},
        "notifications:change-channel": {"pk": 1, "act": "switch"},
        "campaigns:new-step": {"step": "title"},
        **{f"campaigns:{name}": campaign for name in
           ("campaign", "choose", "standard", "plan", "plan-fill", "milestone-new", "round-new")},
        "campaigns:step": campaign | {"action": "end"},
        "campaigns:milestone": {"pk": world.milestone.pk},
        "campaigns:milestone-act": {"pk": world.milestone.pk},
        "campaigns:round": round_,
        "campaigns:round-step": round_ | {"action": "start"},
        **depth_samples(world),
        "rectification:rule": {"pk": world.rule.pk},
        "rectification:rule_end": {"pk": world.rule.pk},
        "rectification:problem": problem,
        "rectification:spot": problem,
        "rectification:sheet": problem | {"kind": "order"},
        "rectification:milestone_done": problem | {"pk": 1},
        "rectification:act": problem | {"action": "receive"},
    }  # fmt: skip


def _ledger(world: World) -> dict[str, dict[str, Any]]:
    """Dossiers and pieces."""
    dossier, piece = {"pk": world.dossier.pk}, {"pk": world.piece.pk}
    return {
        **{f"evidence:{name}": dossier for name in ("dossier", "give", "use", "write", "hand_out")},
        "evidence:link": dossier | {"link_pk": world.link.pk},
        "evidence:review_dossier": {"pk": world.handed_in.pk},
        "evidence:step": dossier | {"action": "submit"},
        "evidence:piece": piece,
        "evidence:piece_edit": piece,
        "evidence:piece_drop": piece,
        "evidence:piece_page": piece | {"number": 1},
        "evidence:submission": {"pk": world.lead.pk},
        "evidence:package": {"pk": world.lead.pk},
    }


def _outcome(world: World) -> dict[str, dict[str, Any]]:
    """Documents, instructions and scores."""
    return {
        **document_samples(world),
        **{f"responsibilities:{name}": {"pk": world.instruction.pk} for name in
           ("instruction", "instruction_paper", "pass_on", "withdraw_instruction", "remind_instruction")},
        **score_samples(world),
        **_pressing(world),
        **_papers(world),
    }  # fmt: skip


def _papers(world: World) -> dict[str, dict[str, Any]]:
    """Bulletins and how they look."""
    paper = {"pk": world.paper.pk}
    return {
        "reports:draft": {"kind": "bulletin"},
        **{f"reports:{name}": {"kind": "bulletin"} for name in ("form", "template", "template-drop")},
        "reports:font-remove": {"pk": world.font.pk},
        **{f"reports:{name}": paper for name in
           ("bulletin", "edit", "refresh", "word", "pdf", "pdf-make", "excel", "photos", "receipts", "receive",
            "remind", "signature", "release")},
        "reports:release_act": paper | {"action": "release"},
        "reports:photo": paper | {"position": 0, "side": "before"},
        "reports:rows": paper | {"row": 1, "key": "due"},
        "reports:step": paper | {"action": "submit"},
    }  # fmt: skip


def _pressing(world: World) -> dict[str, dict[str, Any]]:
    """Supervision."""
    notice, rule = {"number": world.sheet.number}, {"pk": world.notice_rule.pk}
    event, kind = {"pk": world.event.pk}, {"pk": world.veto_kind.pk}
    link = {"pk": LinkRule.objects.filter(region=world.root.region).first().pk}
    flag, week, story = {"pk": world.flag.pk}, {"pk": world.week.pk}, {"pk": world.story.pk}
    return {
        "supervision:notice": notice,
        "supervision:paper": notice | {"kind": "notice"},
        "supervision:links": notice,
        "supervision:referral": notice | {"pk": world.referral.pk},
        "supervision:act": notice | {"action": "answer"},
        "supervision:body": notice | {"pk": world.joint.pk},
        "supervision:body_off": notice | {"pk": world.joint.pk},
        "supervision:talk": {"pk": world.talk.pk},
        "supervision:meeting": {"pk": world.meeting.pk},
        "supervision:meeting_hold": {"pk": world.meeting.pk},
        "supervision:step": {"step": "white"},
        "supervision:rule": rule,
        "supervision:trial": rule,
        "supervision:rule_switch": rule | {"way": "off"},
        "supervision:kind": kind,
        "supervision:event": event,
        "supervision:event_act": event | {"action": "confirm"},
        "supervision:consequence": {"pk": world.consequence.pk},
        "supervision:consequence_act": {"pk": world.consequence.pk, "action": "reply"},
        "supervision:appeal": {"pk": world.consequence.pk, "reply": world.appeal.pk},
        "supervision:counting": {"pk": world.version.pk},
        "supervision:consequence_kind": {"pk": world.consequence.kind_id},
        "supervision:link": link,
        "supervision:link_trial": link,
        "supervision:link_switch": link | {"way": "off"},
        "supervision:flag": flag,
        "supervision:flag_act": flag | {"action": "back"},
        "supervision:number": {"pk": PeerNumber.objects.filter(region=world.root.region).first().pk},
        "supervision:weight": {"pk": ScoreWeight.objects.filter(region=world.root.region).first().pk},
        "supervision:week": week,
        "supervision:week_release": week,
        "supervision:story": story,
        "supervision:story_act": story | {"action": "reply"},
    }


def _fieldwork(world: World) -> dict[str, dict[str, Any]]:
    """Rounds, draws, visits."""
    round_, visit = {"pk": world.round.pk}, {"uid": world.visit.uid}
    draw = round_ | {"draw_id": world.draw.pk}
    photo = visit | {"photo_uid": uuid.UUID(int=1)}
    return {
        **{f"inspections:{name}": round_ for name in ("round", "open", "close", "ad_hoc", "draw", "draw_freeze")},
        **{f"inspections:draw_{name}": draw for name in
           ("commit", "frozen", "run", "close", "withdraw", "record", "sheet")},
        **{f"inspections:{name}": visit for name in
           ("visit", "assign", "move", "skip", "substitute", "paper", "checklist", "answers", "photos", "finish",
            "visit_sheet", "recuse", "closed")},
        **{f"inspections:{name}": photo for name in ("photo", "photo_original", "photo_remove")},
        "inspections:result_take_from": {**round_, "source": "veto-event"},
        **{f"inspections:{name}": round_ for name in ("results", "entries", "result_event", "result_take")},
        "inspections:result_enter": round_ | {"node": world.record_leaf.pk},
        "inspections:result": {"uid": world.result.uid},
        "inspections:result_correct": {"uid": world.result.uid},
        "inspections:result_step": {"uid": world.result.uid, "action": "confirm"},
    }  # fmt: skip
