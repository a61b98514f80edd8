"""Small standards for the tests of services and pages."""

from __future__ import annotations

from typing import Any

from chuangwen.core.models import Region
from chuangwen.standards.fileformat import read_standard, write_standard
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.services import publish_standard
from chuangwen.standards.tree import Standard
from tests.support.factories import make_region

SMALL = """
urn: "urn:chuangwen:standard:{name}"
version: "{version}"
title: {{zh: 小城标准, en: Small standard}}
subject: city
grades: {{A: 1, B: 0.66}}
place_types:
  - {{code: market, name: {{zh: 农贸市场, en: Market}}, quota: 5}}
  - {{code: street, name: 街巷, ad_hoc: true}}
nodes:
  - code: "1"
    title: {{zh: 公共环境, en: Public environment}}
    children:
      - code: "1.1"
        title: {title}
        points: {points}
        method: field
        map: {{kind: bands, bands: [{{min: 0.85, share: A}}, {{share: B}}]}}
        lead: [城管部门]
        manual: 看过道和门口。
      - code: "1.2"
        title: 年度计划
        points: 4
        method: material
        evidence: [{{slot: 文, kind: document, min: 1, window_months: 12}}]
problem_types:
  - {{code: litter, name: {{zh: 路面垃圾, en: Litter}}, class: immediate, within: 2h, source: "customary: 两小时清理"}}
checks:
  - {{code: market-1, place_types: [market], text: 过道畅通, criteria: ["1.1"], problem_type: litter, group: 环境}}
vetoes: [{{code: V1, title: 重大事故, effect: veto}}]
bonuses: [{{code: P1, title: 上级表彰, cap: 3}}]
"""


def small_yaml(*, name: str = "small", version: str = "2026", title: str = "路面整洁", points: float = 6) -> bytes:
    return SMALL.format(name=name, version=version, title=title, points=points).encode()


def small_standard(**words: Any) -> Standard:
    return read_standard(small_yaml(**words), "small.yaml")


def small_workbook(**words: Any) -> bytes:
    return write_standard(small_standard(**words), "xlsx")


def publish_small(region: Region | None = None, **words: Any) -> StandardVersion:
    version, _new = publish_standard(small_standard(**words), region=region or make_region(), actor=None)
    return version
