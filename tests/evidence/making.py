"""A campaign whose standard asks for every kind of evidence, a unit that gives it, and the two who review it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

from PIL import Image

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Campaign
from chuangwen.core.files.services import Upload
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.services import (
    Facts,
    accept_dossier,
    approve_dossier,
    give_files,
    open_dossiers,
    submit_dossier,
    write_piece,
)
from chuangwen.organizations.models import Unit
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Node, StandardVersion
from chuangwen.standards.services import publish_standard
from tests.support.factories import make_campaign, make_root, make_unit, make_user

STANDARD = """
urn: urn:chuangwen:standard:evidence-test
version: "1"
title: 测试
subject: unit
scale: 100
grades: {A: 1, B: 0.75, C: 0.5, D: 0}
nodes:
  - code: "1"
    title: 组织领导
    children:
      - code: "1.1"
        title: 志愿服务常态开展
        points: 40
        method: material
        evidence:
          - {slot: 文, kind: document, min: 1, window_months: 24}
          - {slot: 图, kind: photo, min: 2, window_months: 12}
          - {slot: 成效, kind: statement, min: 1, max_chars: 20}
      - code: "1.2"
        title: 身边好人选树
        points: 20
        method: material
        evidence:
          - {slot: 人, kind: statement, min: 1, max_chars: 30}
          - {slot: 事, kind: statement, min: 1, max_chars: 60}
          - {slot: 精神, kind: statement, min: 1, max_chars: 40}
      - {code: "1.3", title: 无台账要求, points: 20, method: report}
      - code: "1.4"
        title: 道德讲堂每月一次
        points: 20
        method: material
        measure: count
        map: {kind: required, n: 12}
        evidence:
          - {slot: 记录, kind: record, min: 12, window_months: 12}
          - {slot: 表, kind: table, min: 0}
"""
DUE = date(2026, 12, 10)
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj trailer<</Root 1 0 R>>\n%%EOF\n"
)


def photo(shade: int = 0) -> bytes:
    """A real, small JPEG; another shade is another picture."""
    buffer = io.BytesIO()
    picture = Image.new("RGB", (40, 30), (200, 120, 40))
    picture.paste((shade * 20 % 255, 90, 160), (shade % 9 * 4, 5, shade % 9 * 4 + 8, 25))
    picture.save(buffer, "JPEG")
    return buffer.getvalue()


@dataclass
class Ledger:
    """Everything around the dossiers of one unit."""

    root: Unit
    unit: Unit
    other: Unit
    version: StandardVersion
    campaign: Campaign
    liaison: User
    stranger: User
    office: User
    office_too: User
    leader: User

    def node(self, code: str) -> Node:
        return Node.objects.get(version=self.version, code=code)

    def dossier(self, code: str = "1.1", *, unit: Unit | None = None, year: int = 2026) -> Dossier:
        """An open dossier, fresh from the database."""
        unit = unit or self.unit
        pair = (self.node(code).pk, unit.pk)
        open_dossiers(self.campaign, year, [pair], due_on=DUE, actor=None)
        return self.read(Dossier.objects.get(campaign=self.campaign, node=pair[0], unit=unit, year=year))

    @staticmethod
    def read(dossier: Dossier) -> Dossier:
        joined = Dossier.objects.select_related("node__version", "unit__region", "region", "campaign")
        return joined.get(pk=dossier.pk)

    def filled(self, code: str = "1.1", **options: Any) -> Dossier:
        """A complete dossier of 1.1 or 1.2."""
        dossier = self.dossier(code, **options)
        if code == "1.1":
            uploads = [Upload("20260301 植树.jpg", photo(1)), Upload("20260601 清河.jpg", photo(2))]
            give_files(dossier, "文", [Upload("志愿服务方案2026-01-05.pdf", PDF)], actor=self.liaison)
            give_files(dossier, "图", uploads, actor=self.liaison)
            write_piece(dossier, ["成效"], Facts(text="服务时长翻番"), actor=self.liaison)
        else:
            facts = Facts(person="张兰，网格员", deed="十年照看独居老人", spirit="邻里守望")
            write_piece(dossier, ["人", "事", "精神"], facts, actor=self.liaison)
        return dossier

    def submitted(self, code: str = "1.1", **options: Any) -> Dossier:
        dossier = self.filled(code, **options)
        submit_dossier(dossier, conclusion="全年开展12次", note="无", actor=self.liaison)
        return self.read(dossier)

    def accepted(self, code: str = "1.1", result: str = "B", **options: Any) -> Dossier:
        dossier = self.submitted(code, **options)
        accept_dossier(dossier, result=result, revision=dossier.revision, actor=self.office)
        return dossier

    def approved(self, code: str = "1.1", result: str = "B", **options: Any) -> Dossier:
        dossier = self.accepted(code, result, **options)
        approve_dossier(dossier, revision=dossier.revision, actor=self.leader)
        return dossier


def make_ledger() -> Ledger:
    root = make_root()
    unit, other = make_unit(root, name="市档案局"), make_unit(root, name="市水务局")
    version, _new = publish_standard(read_standard(STANDARD.encode(), "s.yaml"), region=root.region, actor=None)
    campaign = make_campaign(root, version=version, subject_kind="unit")
    return Ledger(
        root, unit, other, version, campaign, make_user(Role.LIAISON, unit), make_user(Role.LIAISON, other),
        make_user(Role.OFFICE, root), make_user(Role.OFFICE, root), make_user(Role.LEADER, root),
    )  # fmt: skip
