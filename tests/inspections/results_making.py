"""A round whose standard asks for every form of result, with two assessors: what tests of results begin with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Round
from chuangwen.inspections.models import EnteredResult
from chuangwen.inspections.services.results import Judged, Proof, confirm_result, enter_result
from chuangwen.organizations.models import Unit
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Node, StandardVersion
from chuangwen.standards.services import publish_standard
from tests.support.factories import DAY, make_campaign, make_root, make_round, make_unit, make_user

STANDARD = """
urn: urn:chuangwen:standard:results-test
version: "1"
title: 测试
subject: city
scale: 100
grades: {A: 1, B: 0.75, C: 0.5, D: 0}
place_types: [{code: market, name: 农贸市场}]
nodes:
  - code: "1"
    title: 公共环境
    children:
      - {code: "1.1", title: 整洁, points: 40, method: field, place_types: [market]}
      - {code: "1.2", title: 无检查项的实地标准, points: 5, method: field}
  - code: "2"
    title: 其他方法
    children:
      - {code: "2.1", title: 台账齐全, points: 10, method: material, map: {kind: bands, bands: [{min: 0.9, share: A}, {min: 0.75, share: B}, {share: D}]}}
      - {code: "2.2", title: 群众满意, points: 20, method: survey, map: {kind: linear, from: 0.6, to: 0.95}}
      - {code: "2.3", title: 空气优良天数, points: 10, method: record, measure: mean, map: {kind: linear, from: 60, to: 95}}
      - {code: "2.4", title: 道德讲堂, points: 5, method: material, measure: count, map: {kind: required, n: 12}}
      - {code: "2.5", title: 通报次数, points: 5, method: record, measure: sum, map: {kind: deduct, each: 0.5}}
      - {code: "2.6", title: 汇报, points: 5, method: report, measure: mean, map: {kind: bands, bands: [{min: 0.9, share: A}, {min: 0.45, share: C}, {share: D}]}}
problem_types: [{code: litter, name: 垃圾, class: immediate, within: 2h}]
checks:
  - {code: c1, place_types: [market], text: 整洁, criteria: ["1.1"], problem_type: litter}
vetoes:
  - {code: V1, title: 重大事故, effect: veto}
bonuses:
  - {code: P1, title: 上级推广, cap: 2}
penalties:
  - {code: N1, title: 曝光未整改, cap: 4}
"""  # noqa: E501  (one leaf a line reads best)


@dataclass
class Judging:
    """Everything around one round whose results are entered."""

    root: Unit
    bureau: Unit
    version: StandardVersion
    round: Round
    first: User
    second: User
    office: User

    def leaf(self, code: str) -> Node:
        return Node.objects.get(version=self.version, code=code)

    def judged(self, code: str = "2.1", **fields: Any) -> Judged:
        """A sensible judgement of a leaf; fields overwrite."""
        sensible = {
            "2.1": {"grade": "B"}, "2.2": {"value": 0.81, "weight": 600.0}, "2.3": {"value": 88.0},
            "2.4": {"value": 9.0}, "2.5": {"value": 3.0}, "2.6": {"grade": "A"}, "1.2": {"value": 1.0},
        }.get(code, {})  # fmt: skip
        base = Judged(self.version, code, source="抽查12份台账", judged_by=str(self.first), judged_on=DAY)
        return replace(base, **{**sensible, **fields})

    def entered(self, code: str = "2.1", *, actor: Any = None, **fields: Any) -> EnteredResult:
        return enter_result(self.round, self.judged(code, **fields), actor=actor or self.first, proof=paper())

    def confirmed(self, code: str = "2.1", **fields: Any) -> EnteredResult:
        made = self.entered(code, **fields)
        return confirm_result(made, revision=made.revision, actor=self.second)


def paper(name: str = "评分表.txt", data: bytes = "评分表\n".encode()) -> Proof:
    return Proof(name, data)


def make_judging(**round_fields: Any) -> Judging:
    root = make_root()
    version, _new = publish_standard(read_standard(STANDARD.encode(), "s.yaml"), region=root.region, actor=None)
    campaign = make_campaign(root, version=version, ends=date(2026, 12, 31))
    return Judging(
        root, make_unit(root, name="市城管局"), version, make_round(campaign, **round_fields),
        make_user(Role.ASSESSOR, root), make_user(Role.ASSESSOR, root), make_user(Role.OFFICE, root),
    )  # fmt: skip
