"""The office's own table of tasks, business and campaign in one (业务任务与创建任务同表下达).

Each row becomes a draft; the list of tasks issues them together, where the like that is open already is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.audit.services import record
from chuangwen.campaigns.context import campaign_or_404
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.imports import Line, RowFault, Source, Summary
from chuangwen.core.imports.importer import Context
from chuangwen.core.models import Region
from chuangwen.core.templatetags.wording import day
from chuangwen.core.workbooks.mapping import Field, Option
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.importers import UnitColumns
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.models import Book, Origin, Task, TaskState
from chuangwen.responsibilities.services import draft_task

BOOKS = (
    Option(Book.CAMPAIGN, "创建", ("创建任务", "创建工作", "文明创建", "Campaign")),
    Option(Book.BUSINESS, "业务", ("业务任务", "业务工作", "本职工作", "中心工作", "Own work")),
)
Known = tuple[int, str, str]


class TaskImporter(UnitColumns):
    """Task, kind, units, measure and deadline."""

    key = "task-table"
    title = gettext_lazy("Import a table of tasks")
    came_from = gettext_lazy("Tasks")
    paper = "任务下达表"
    noun = gettext_lazy("tasks")
    permission = "responsibilities.edit"
    unit_keys = ("unit", "cooperating")
    help = gettext_lazy(
        "Each row becomes a draft; the list then issues them together. A task that its unit has under the same words "
        "and kind stays as it is."
    )

    def context_from(self, request: HttpRequest) -> dict[str, Any]:
        return {"campaign": campaign_or_404(request).pk}

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        unit = {"kind": "name", "noun": "单位", "noun_en": "unit"}
        return (
            Field("title", "任务", ("工作任务", "任务名称", "任务内容", "重点任务", "工作内容", "事项"), required=True,
                  label_en="Task", max_length=300),
            Field("book", "类别", ("任务类别", "任务性质", "性质", "类型"), kind="choice", options=BOOKS,
                  label_en="Kind", help="创建或业务；不写就是创建"),
            Field("unit", "牵头单位", ("责任单位", "牵头", "承办单位", "主责单位"), required=True, label_en="Lead",
                  **cast("Any", unit)),
            Field("cooperating", "配合单位", ("配合", "协办单位", "参与单位"), many=True, label_en="Cooperate",
                  **cast("Any", unit)),
            Field("measure", "完成标准", ("标准", "工作标准", "目标要求", "考核标准", "目标"), required=True,
                  label_en="Measure of success", max_length=300),
            Field("due", "完成时限", ("时限", "截止日期", "完成时间", "办结时限"), required=True, kind="date",
                  label_en="Deadline"),
        )  # fmt: skip

    def check(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Iterable[RowFault]:
        for row in rows:
            if default_calendar().end_of_day(_due(row)) <= clock.now():
                message = _("The deadline %s is over already. Give a later one.") % day(_due(row))
                yield RowFault(row.number, "due", message, "past")

    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        return self._summary(rows, self._new(rows, context), region)

    def _summary(self, rows: Sequence[ImportRow], new: Sequence[ImportRow], region: Region) -> Summary:
        names = dict(Unit.objects.filter(region=region).values_list("pk", "name"))
        lines = [
            Line(row.number, "new", str(row.values["title"]),
                 f"{Book(_book(row)).label} · {names[_unit(row)]} · {day(_due(row))}")
            for row in new
        ]  # fmt: skip
        return Summary.of(lines, len(rows) - len(new))

    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        new = self._new(rows, context)
        summary = self._summary(rows, new, region)
        campaign = _campaign(context)
        units = {unit.pk: unit for unit in Unit.objects.filter(region=region).select_related("region")}
        for row in new:
            draft_task(
                campaign, units[_unit(row)], title=str(row.values["title"]), measure=str(row.values["measure"]),
                due_at=default_calendar().end_of_day(_due(row)), book=_book(row), origin=Origin.WORKBOOK,
                cooperating=[units[pk] for pk in _helpers(row)], origin_text=source.name,
                actor=actor,
            )  # fmt: skip
        data = {"file": source.name, "sha256": source.sha256, "new": summary.new}
        record("responsibilities.task.import", campaign, actor=actor, data=data)
        return summary

    def _new(self, rows: Sequence[ImportRow], context: Context) -> list[ImportRow]:
        """The rows whose task its unit does not have yet: one query. A row twice counts once."""
        tasks = Task.objects.filter(campaign=context["campaign"]).exclude(state=TaskState.CANCELLED)
        known: set[Known] = set(tasks.values_list("unit_id", "title", "book"))
        found = []
        for row in rows:
            key = (_unit(row), str(row.values["title"]).strip(), _book(row))
            if key not in known:
                known.add(key)
                found.append(row)
        return found

    def done_url(self, context: Context) -> str:
        return f"{reverse('responsibilities:tasks')}?tab=all&state={TaskState.DRAFT}"


def _book(row: ImportRow) -> str:
    return str(row.values.get("book") or Book.CAMPAIGN)


def _unit(row: ImportRow) -> int:
    return cast("int", row.values["unit"])


def _helpers(row: ImportRow) -> tuple[int, ...]:
    return cast("tuple[int, ...]", row.values.get("cooperating") or ())


def _due(row: ImportRow) -> date:
    return cast("date", row.values["due"])


def _campaign(context: Context) -> Campaign:
    return Campaign.objects.select_related("region").get(pk=context["campaign"])
