"""The office's own workbook of duties by kind of organization (三类组织职责清单)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from chuangwen.audit.services import record
from chuangwen.core.errors import Refusal
from chuangwen.core.imports import Importer, Line, RowFault, Source, Summary
from chuangwen.core.imports.importer import Context
from chuangwen.core.models import Region
from chuangwen.core.sources import sourced
from chuangwen.core.workbooks.mapping import Field, Option
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.organizations.enums import OrgKind
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.forms.recurring import phrase_fault
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.models import DutyTemplate
from chuangwen.responsibilities.services.kinds import TemplateFacts, bring_templates
from chuangwen.responsibilities.services.recurring import LONGEST_DUTY, LONGEST_MEASURE, check_duty

KINDS = (
    Option(OrgKind.PARTY, "党组织", ("党", "党务", "党建")),
    Option(OrgKind.ADMINISTRATION, "行政", ("行政部门", "行政组织", "后勤")),
    Option(OrgKind.MASS, "群团组织", ("群团", "工青妇", "群众组织")),
)


class TemplateImporter(Importer):
    """The region's own templates; one that is offered is found again by kind and duty."""

    key = "duty-templates"
    title = gettext_lazy("Import duty templates")
    came_from = gettext_lazy("Duty templates")
    paper = "三类组织职责清单"
    noun = gettext_lazy("duty templates")
    permission = "responsibilities.edit"
    together = (("kind", "title"),)
    help = gettext_lazy("A template that is offered is found again by kind and duty, and changed; none is ended.")

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        return (
            Field("kind", "组织类别", ("类别", "组织"), required=True, kind="choice", options=KINDS,
                  label_en="Kind of organization"),
            Field("title", "职责", ("工作职责", "工作内容", "工作任务"), required=True, label_en="What comes again",
                  max_length=LONGEST_DUTY),
            Field("often", "频次", ("工作频次", "多久一次", "周期"), required=True, label_en="How often", max_length=80,
                  help="如每月25日前、每季度"),
            Field("measure", "工作标准", ("标准", "完成标准", "要求"), required=True, label_en="Measure of success",
                  max_length=LONGEST_MEASURE),
            Field("source", "依据", ("来源", "文件依据"), label_en="Source", max_length=150),
        )  # fmt: skip

    def check(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Iterable[RowFault]:
        for row in rows:
            if words := phrase_fault(str(row.values["often"])):
                yield RowFault(row.number, "often", words)
            try:
                check_duty(str(row.values["title"]), str(row.values["measure"]))
            except Refusal as refusal:
                yield RowFault(row.number, "title", str(refusal))

    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        present = _present(region)
        lines = []
        for row in rows:
            known, facts = present.get(_key(row)), _facts(row, present)
            if known is None or _facts_of(known) != facts:
                lines.append(Line(row.number, "changed" if known else "new", facts.title))
        return Summary.of(lines, len(rows) - len(lines))

    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        summary, present = self.preview(rows, region=region, context=context), _present(region)
        root = Unit.objects.get(region=region, depth=1)
        said = [(present.get(_key(row)), _facts(row, present)) for row in rows]
        new = [facts for known, facts in said if known is None]
        changed = [(known, facts) for known, facts in said if known is not None and _facts_of(known) != facts]
        bring_templates(root, new, changed, actor=actor)
        record("responsibilities.dutytemplates.import", root, actor=actor, data=source.told(summary))
        return summary

    def done_url(self, context: Context) -> str:
        return reverse("responsibilities:duty_templates")


def _present(region: Region) -> dict[tuple[str, str], DutyTemplate]:
    """The region's own templates that are offered, by kind and duty: one query."""
    rows = DutyTemplate.objects.filter(unit__region=region, unit__depth=1, ended_on=None)
    return {(one.org_kind, one.title): one for one in rows.select_related("unit", "region")}


def _key(row: ImportRow) -> tuple[str, str]:
    return str(row.values["kind"]), str(row.values["title"]).strip()


def _facts(row: ImportRow, present: dict[tuple[str, str], DutyTemplate]) -> TemplateFacts:
    """What the row says; an empty source leaves what stands there."""
    known, values = present.get(_key(row)), row.values
    was = known.source if known else ""
    kind, title = _key(row)
    plan = schedule_of(str(values["often"]))
    if plan is None:  # `check` found it
        raise ValueError(values["often"])
    source = sourced(str(values["source"]), was) if values["source"] else was
    return TemplateFacts(kind, title, str(values["measure"]).strip(), plan, source)


def _facts_of(template: DutyTemplate) -> TemplateFacts:
    return TemplateFacts(template.org_kind, template.title, template.measure, template.plan, template.source)
