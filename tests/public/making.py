"""A region with open pages and one of everything that is public, beside what must not leak."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Round, Title
from chuangwen.core import clock
from chuangwen.core.files.services import attach, store_bytes
from chuangwen.honors.models import Application, Award, Objection, Programme
from chuangwen.honors.services.programmes import TIMETABLE
from chuangwen.inspections import sampling
from chuangwen.inspections.models import Draw, Visit
from chuangwen.inspections.sampling import Times
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place
from chuangwen.public.models import PublicSite, ScoreRelease
from chuangwen.public.services.scoring import edition_of
from chuangwen.reports.edition import Edition, Part
from chuangwen.reports.models import Bulletin, Release, Snapshot
from chuangwen.scoring.frozen import freeze
from chuangwen.scoring.models import Loss, NodeResult, Run
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Node
from chuangwen.standards.services import publish_standard
from tests.support.factories import (
    make_campaign,
    make_place,
    make_place_type,
    make_root,
    make_round,
    make_unit,
    make_user,
)

EDITION = Edition("市创建办", "〔2026〕1号", "十月整改通报", "各单位", "2026年11月9日", "市委办",
                  (Part(1, "一、情况"), Part(0, "整体向好。"), Part(0, "", "附表", ("单位", "按期"), (False, True),
                                                              (("城管局", "9"),))), ("口径：按期",))  # fmt: skip

STANDARD = """
urn: urn:chuangwen:standard:town
version: "1"
title: 测试标准
subject: city
scale: 100
nodes:
  - code: "1"
    title: 公共环境
    children: [{code: "1.1", title: 标准1, points: 10, method: field}]
"""


class Town:
    """A region, its office, two units, and pages that are open."""

    def __init__(self, *, is_open: bool = True) -> None:
        self.root = make_root()
        self.region = self.root.region
        self.office = make_user(Role.OFFICE, self.root, name="办公室的梁志远")
        self.unit, self.other = make_unit(self.root, name="市水利局"), make_unit(self.root, name="市财政局")
        self.campaign = make_campaign(self.root)
        self.title = Title.objects.create(region=self.region, name="市级文明单位", subject="unit", level="city")
        self.site = PublicSite.objects.create(
            region=self.region, is_open=is_open, office_name="市创建办", telephone="0571-8800", address="人民路1号"
        )

    def address(self, rest: str = "") -> str:
        return f"/public/{self.region.code}/{rest}"

    def programme(self, name: str = "评选", state: str = "noticed", first: int = -2, last: int = 5) -> Programme:
        """A programme whose notice runs from `first` to `last`, in days from today."""
        days = dict.fromkeys(TIMETABLE, clock.today())
        days |= {"notice_from": later(first), "notice_until": later(last)}
        return Programme.objects.create(
            region=self.region, title=self.title, year=2026, name=name, authority="市文明委", state=state, **days
        )

    def application(self, programme: Programme, unit: Unit | None = None, **fields: Any) -> Application:
        number = f"2026-{Application.objects.count():03d}"
        return Application.objects.create(
            **{"region": self.region, "programme": programme, "unit": unit or self.unit, "number": number,
               "state": "noticed", **fields}
        )  # fmt: skip

    def award(self, unit: Unit | None = None, **fields: Any) -> Award:
        day = date(2024, 1, 8)
        return Award.objects.create(
            **{"region": self.region, "unit": unit or self.unit, "title": self.title, "granted_on": day,
               "held_since": day, "reverify_by": day, **fields}
        )  # fmt: skip

    def bulletin(self, title: str = "十月整改通报", state: str = "issued") -> Bulletin:
        today = clock.today()
        snapshot = Snapshot.objects.create(
            region=self.region, campaign=self.campaign, kind="bulletin", starts=today, ends=today, as_of=clock.now(),
            refers="rectification.problem", sheet={"columns": [], "rows": [], "total": None}, sha256="0" * 64,
        )  # fmt: skip
        return Bulletin.objects.create(
            region=self.region, campaign=self.campaign, kind="bulletin", snapshot=snapshot, title=title, state=state,
            signatory="签发人王评",
        )  # fmt: skip

    def release(self, state: str = "released", bulletin: Bulletin | None = None) -> Release:
        made = Release.objects.create(
            region=self.region, bulletin=bulletin or self.bulletin(), edition=asdict(EDITION), state=state,
            proposed_by=self.office, released_by=self.office, released_at=clock.now(),
        )  # fmt: skip
        made.word = attach(b"word of the bulletin", "a.txt", owner=made, region=self.region, actor=None)
        made.pdf = attach(b"pdf of the bulletin", "b.txt", owner=made, region=self.region, actor=None)
        made.save()
        return made

    def drawn(self, round_state: str = "closed", **fields: Any) -> tuple[Draw, list[Place]]:
        """A draw of two of four markets, drawn; and the four places."""
        round_: Round = make_round(self.campaign, state=round_state)
        kind = make_place_type(self.region, code=f"market{round_.pk}", name_zh="农贸市场", quota=2)
        places = [make_place(self.unit, place_type=kind, name=f"{round_.pk}号线{n}市场") for n in range(4)]
        pool = sampling.build_pool((kind.code, place.code) for place in places)
        record = sampling.record_dict(
            sampling.draw_by_computer(pool, {kind.code: 2}, times=Times(None, None, None, None))
        )
        draw = Draw.objects.create(**{
            "region": self.region, "round": round_, "pool": pool.as_dict(), "pool_sha256": pool.sha256,
            "quotas": {kind.code: 2}, "record": record, "frozen_at": clock.now(), "drawn_at": clock.now(),
            "state": "drawn", **fields,
        })  # fmt: skip
        for code in record["drawn"][kind.code]:
            place = next(one for one in places if one.code == code)
            Visit.objects.create(
                region=self.region, round=round_, place=place, draw=draw, planned_on=clock.today(), state="finished"
            )
        return draw, places

    def run(self, round_: Round | None = None, **fields: Any) -> Run:
        """A finished round's score of 83.3 with two sections, of which one was looked at, and a unit's loss."""
        round_ = round_ or make_round(self.campaign, state="closed", name="十一月测评")
        version, _new = publish_standard(read_standard(STANDARD.encode(), "s.yaml"), region=round_.region, actor=None)
        names, frozen = ("observations", "places", "frames", "leads"), freeze([], [], [], [])
        tables = {name: store_bytes(getattr(frozen, name)) for name in names}
        values = {"total": 83.3, "low": 80.0, "high": 86.5, "drawn_places": 70}
        run = Run.objects.create(region=round_.region, round=round_, version=version, **values | tables | fields)
        for node in Node.objects.filter(version=version, depth=1):
            NodeResult.objects.create(region=run.region, run=run, code=node.code, position=node.position, points=10,
                                      effective=10, attained=8, lost=2, assessed=True)  # fmt: skip
        Loss.objects.create(region=run.region, run=run, unit=make_unit(round_.campaign.subject, name="失分的单位"),
                            code="x", points=1.25)  # fmt: skip
        Loss.objects.create(region=run.region, run=run, unit=None, code="x", points=0.5)
        return run

    def run_of(self, world: Any) -> Run:
        """The same of a finished round of another world."""
        return self.run(make_round(world.campaign, state="closed", name="别的测评"))

    def score(self, run: Run, state: str = "released", *, with_units: bool = False) -> ScoreRelease:
        return ScoreRelease.objects.create(
            region=run.region, run=run, edition=asdict(edition_of(run, with_units=with_units)), state=state,
            proposed_by=self.office, released_by=self.office, released_at=clock.now(),
        )  # fmt: skip

    def objection(self, application: Application) -> Objection:
        return Objection.objects.create(
            region=self.region, application=application, number="Y2026-007", text="异议的内容", sender="异议人赵某某",
            contact="13900001111", received_on=clock.today(), answer_by=clock.today(),
        )  # fmt: skip


def later(days: int) -> date:
    """A day counted from today."""
    return clock.today() + timedelta(days=days)
