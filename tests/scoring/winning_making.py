"""A scored round whose failing rows hang on problems of every standing: what tests of winning points begin with."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Round
from chuangwen.inspections.models import Answer, Observation, Visit
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Post, Unit
from chuangwen.places.models import Place
from chuangwen.rectification.models import Problem
from chuangwen.scoring.models import Run
from chuangwen.scoring.services import run_scoring
from chuangwen.scoring.services.gains import check_gains
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Check, PlaceType, ProblemType
from chuangwen.standards.services import publish_standard
from tests.support.factories import (
    NOON,
    make_campaign,
    make_place,
    make_problem,
    make_root,
    make_round,
    make_unit,
    make_user,
)

STANDARD = """
urn: urn:chuangwen:standard:winning-test
version: "1"
title: 测试
subject: city
scale: 100
place_types: [{code: market, name: 农贸市场}]
nodes:
  - code: "1"
    title: 公共环境
    children:
      - {code: "1.1", title: 整洁, points: 60, method: field, place_types: [market]}
      - {code: "1.2", title: 有序, points: 40, method: field, place_types: [market], map: {kind: bands, bands: [{min: 1, share: 1}, {min: 0.5, share: 0.5}, {share: 0}]}}
problem_types:
  - {code: litter, name: 垃圾, class: immediate, within: 1d}
  - {code: paving, name: 破损, class: limited, within: 15d}
checks:
  - {code: c1, place_types: [market], text: 整洁, criteria: ["1.1"], problem_type: litter}
  - {code: c2, place_types: [market], text: 有序, criteria: ["1.2"], problem_type: litter}
"""  # noqa: E501  (one leaf a line reads best)


class Winning:
    """1.1 in proportion, 1.2 in bands (0.5: half, 1: all). `see` adds rows; `score` makes the run."""

    def __init__(self) -> None:
        self.root = make_root()
        self.region = self.root.region
        self.version, _new = publish_standard(
            read_standard(STANDARD.encode(), "s.yaml"), region=self.region, actor=None
        )
        campaign = make_campaign(self.root, version=self.version, target=90.0, assessment_on=date(2026, 12, 21))
        self.round: Round = make_round(campaign)
        self.market = PlaceType.objects.get(region=self.region)
        self.litter, self.paving = (ProblemType.objects.get(region=self.region, code=c) for c in ("litter", "paving"))
        self.bureau, self.street = (self.unit(name) for name in ("市城管局", "东关街道"))
        self.place: Place = make_place(self.street, place_type=self.market, declared=True, keeper=self.street)
        self.office: User = make_user(Role.OFFICE, self.root)
        self.leader: User = make_user(Role.LEADER, self.root)

    def unit(self, name: str) -> Unit:
        """A unit with somebody who answers for it."""
        made = make_unit(self.root, name=name)
        Post.objects.create(region=self.region, unit=made, kind=PostKind.ACTING, title="副局长")
        return made

    def problem(self, lead: Unit | None = None, **fields: Any) -> Problem:
        values = {"problem_type": self.litter, "place": self.place, "territory": self.street}
        return make_problem(lead or self.bureau, **values | fields)

    def see(self, code: str, value: float, problem: Problem | None = None, weight: float = 1.0) -> Observation:
        """A row; with `problem`, one that hangs on it."""
        visit, _new = Visit.objects.get_or_create(
            region=self.region, round=self.round, place=make_place(self.street, place_type=self.market),
            defaults={"planned_on": date(2026, 11, 16)},
        )  # fmt: skip
        check = Check.objects.get(version=self.version, code={"1.1": "c1", "1.2": "c2"}[code])
        answer = Answer.objects.create(
            region=self.region, uid=uuid.uuid4(), visit=visit, checked=check, answered_by=self.office, problem=problem,
            value="met" if value == 1 else "not-met",
        )  # fmt: skip
        return Observation.objects.create(
            region=self.region, round=self.round, version=self.version, code=code, value=value, weight=weight,
            answer=answer, unit=self.street,
        )  # fmt: skip

    def score(self) -> Run:
        run = run_scoring(self.round, self.version, actor=None)
        check_gains(run)
        return run


def every_standing(made: Winning) -> dict[str, Problem]:
    """1.1: 6 rows met and one failing for each standing; the bands of 1.2 are full. Each is worth 60/13 points."""
    later = NOON + timedelta(days=80)
    problems = {
        "open": made.problem(title="路口有垃圾"),
        "paving": made.problem(made.street, title="路面破损", problem_type=made.paving),
        "fixed": made.problem(title="桶满溢", state="fixed"),
        "closed": made.problem(title="已经清理", state="closed"),
        "disputed": made.problem(title="有异议的", state="disputed"),
        "late": made.problem(title="管网改造", state="long-term", problem_class="long-term", due_at=later),
        "gone": made.problem(title="拆了的", state="gone"),
    }
    for _row in range(6):
        made.see("1.1", 1.0)
    for one in problems.values():
        made.see("1.1", 0.0, one)
    made.see("1.2", 1.0)
    return problems
