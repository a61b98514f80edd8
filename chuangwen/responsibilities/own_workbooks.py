"""The breakdown of a standard, and a unit's sheet of duties, in an authority's own Excel form."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.context import current_campaign
from chuangwen.campaigns.models import Campaign
from chuangwen.core.workbook_templates.registry import USUAL_WORDS, OwnTable, usual_values
from chuangwen.core.workbook_templates.vocabulary import Content, Vocabulary, Word
from chuangwen.responsibilities.models import Share
from chuangwen.responsibilities.queries.matrix import Matrix, View, matrix_of
from chuangwen.responsibilities.queries.sheets import Sheet, all_sheets
from chuangwen.standards.enums import Method

_CODE: Final = Word("编号", _("Code of the criterion."), ("指标编号", "标准编号", "测评编号"))
_TITLE: Final = Word("测评内容", _("The criterion."), ("测评标准", "指标", "工作任务", "测评指标", "创建任务", "内容"))
_POINTS: Final = Word("分值", _("Points of the criterion."), ("分数",))
_METHOD: Final = Word("测评方式", _("How it is assessed."), ("测评方法", "采集方式"))
_LEADS: Final = Word("牵头", _("Who leads."), ("牵头单位", "责任单位", "牵头部门", "牵头责任单位"))
_HELPS: Final = Word("配合", _("Who cooperates."), ("配合单位", "配合部门", "协办单位"))
_NUMBER: Final = Word("序号", _("Counts from 1."))
MATRIX_WORDS: Final = Vocabulary(
    (_NUMBER, Word("测评项目", _("The part of the standard."), ("项目", "测评大项", "一级指标", "类别")), _CODE, _TITLE,
     _POINTS, _METHOD, _LEADS, _HELPS),
    (*USUAL_WORDS, Word("创建活动", _("The campaign."))),
)  # fmt: skip
SHEET_WORDS: Final = Vocabulary(
    (_NUMBER, _CODE, _TITLE, _POINTS, _METHOD, Word("承担", _("Whether the unit leads or cooperates."), ("责任类型",)),
     _LEADS, _HELPS),
    (*USUAL_WORDS, Word("创建活动", _("The campaign.")), Word("单位", _("Whose sheet it is."))),
)  # fmt: skip


def matrix_content(campaign: Campaign, matrix: Matrix, user: Any) -> Content:
    """The breakdown with a row for each criterion."""
    names = {column.unit.pk: str(column.unit) for column in matrix.columns}
    methods = dict(Method.choices)
    rows: list[tuple[Any, ...]] = []
    for section in matrix.sections:
        for row in section.rows:
            takes = [
                "、".join(names[unit] for unit in names if row.shares.get(unit) == share)
                for share in (Share.LEAD, Share.COOPERATE)
            ]  # fmt: skip
            node = row.node
            method = str(methods.get(node.method, ""))
            rows.append((len(rows) + 1, section.title, node.code, row.title, node.points, method, *takes))
    single = dict(usual_values(user, f"{campaign.name}责任分解表", rows))
    return Content(rows, single | {"创建活动": campaign.name})


def sheet_content(campaign: Campaign, sheet: Sheet, user: Any) -> Content:
    """The duties of one unit."""
    methods, shares = dict(Method.choices), {str(one): str(one.label) for one in Share}
    rows = [
        (number, one.node.code, one.title, one.node.points, str(methods.get(one.node.method, "")),
         shares[str(one.share)], "、".join(one.leads), "、".join(one.cooperates))
        for number, one in enumerate(sheet.duties, 1)
    ]  # fmt: skip
    single = dict(usual_values(user, f"{sheet.unit.name}责任清单", rows))
    return Content(rows, single | {"创建活动": campaign.name, "单位": sheet.unit.name})


def _example_matrix(request: HttpRequest) -> Content | None:
    campaign = current_campaign(request)
    return matrix_content(campaign, matrix_of(campaign, View(page=0)), request.user) if campaign else None


def _example_sheet(request: HttpRequest) -> Content | None:
    campaign = current_campaign(request)
    sheets = all_sheets(campaign) if campaign else []
    return sheet_content(campaign, sheets[0], request.user) if campaign and sheets else None


def _breakdown() -> str:
    return reverse("responsibilities:breakdown")


MATRIX = OwnTable(
    "breakdown", _("Breakdown of duties"), "responsibilities.view", "responsibilities.edit", lambda: MATRIX_WORDS,
    _breakdown, _example_matrix,
)  # fmt: skip
SHEET = OwnTable(
    "unit-sheet", _("A unit's sheet of duties"), "responsibilities.view", "responsibilities.edit", lambda: SHEET_WORDS,
    _breakdown, _example_sheet,
)  # fmt: skip
