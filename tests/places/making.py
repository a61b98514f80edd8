"""A small city for the register's tests, and its 点位信息表 as a workbook."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from chuangwen.organizations.enums import Branch, UnitKind
from chuangwen.organizations.models import Unit
from tests.support.factories import make_place_type, make_unit

HEADER = (
    "编号", "类型", "名称", "地址", "联系人", "电话", "属地", "主管部门", "责任单位", "包联领导", "开放时间", "坐标",
    "长度", "申报批次", "状态",
)  # fmt: skip
ROW = (
    "NM-01", "农贸市场", "东关农贸市场", "东关路1号", "王师傅", "0730-8812345", "东关街道", "市商务局", "市城管局",
    None, "6:00—19:00", "113.24466,29.85747", 420, "2026年第一批", "在用",
)  # fmt: skip


class City:
    """Two streets, two departments, a market as place type."""

    def __init__(self, root: Unit) -> None:
        self.root, self.region = root, root.region
        self.east = make_unit(root, name="东关街道", kind=UnitKind.STREET, branch=Branch.TERRITORY)
        self.west = make_unit(root, name="西关街道", kind=UnitKind.STREET, branch=Branch.TERRITORY)
        self.order = make_unit(root, name="市城管局")
        self.trade = make_unit(root, name="市商务局")
        self.market = make_place_type(root.region, name_zh="农贸市场", code="market")

    def facts(self, **more: Any) -> dict[str, Any]:
        """What a place needs at least."""
        return {"code": "NM-01", "name": "东关农贸市场", "place_type": self.market, "territory": self.east} | more


def row(**changes: Any) -> list[Any]:
    """ROW with columns changed, by their header."""
    return [changes.get(head, value) for head, value in zip(HEADER, ROW, strict=True)]


def book(*rows: Any, header: Any = HEADER) -> bytes:
    made = openpyxl.Workbook()
    for one in (header, *rows):
        made.active.append(list(one))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()
