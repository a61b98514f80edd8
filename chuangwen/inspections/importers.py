"""Results that no visit gives, from the office's own score sheet (practice.md, 测评材料提交表 and the survey's table).

A row names a criterion by its code, its words or both, its result as people write it (B, 86.4%, 88, 9) and
the source. The workbook itself becomes the paper of each result. What a second person has to confirm stays
so: rows come in as entered, never as confirmed. A row for a criterion and unit that has a result already
corrects it where it says something else.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.audit.services import record
from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.core.access import visible_or_404
from chuangwen.core.addresses import asked_key
from chuangwen.core.errors import Refusal
from chuangwen.core.imports import Line, RowFault, Source, Summary, remembered_names
from chuangwen.core.imports.importer import Context
from chuangwen.core.models import Region, StoredFile
from chuangwen.core.workbooks.mapping import Field
from chuangwen.core.workbooks.names import Resolver, resolver_of
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.inspections.enums import STANDING_RESULT_STATES, ResultKind
from chuangwen.inspections.models import EnteredResult
from chuangwen.inspections.services.results import (
    Judged,
    Proof,
    checked_values,
    correct_result,
    enter_result,
    wrong_words,
)
from chuangwen.inspections.wording import measure_words
from chuangwen.inspections.workflow import ASSESS
from chuangwen.organizations.importers import UnitColumns
from chuangwen.organizations.models import Unit
from chuangwen.standards.grading import Asked, WrongValue, asked_of, enterable
from chuangwen.standards.models import Node, StandardVersion
from chuangwen.standards.queries import tree_of

NOT_APPLICABLE = frozenset({"不适用", "n/a", "na"})
FIELDS = (
    Field("criterion", "标准号", ("测评标准", "标准", "测评内容", "条目", "指标"), required=True, kind="name",
          noun="测评标准", noun_en="criterion", label_en="Criterion"),
    Field("value", "结果", ("得分等次", "等次", "评定结果", "测评结果", "比率", "数值"), required=True, max_length=20,
          label_en="Result", help="等次、百分比、数值或次数，按这条标准的计分规则填；不适用的写“不适用”"),
    Field("weight", "有效份数", ("样本数", "答卷数", "有效答卷", "样本量"), kind="integer", minimum=1,
          maximum=10_000_000, label_en="Valid answers", help="只有问卷调查要填"),
    Field("unit", "单位", ("被评单位", "责任单位", "填报单位"), kind="name", noun="单位", noun_en="unit",
          label_en="Unit", help="结果针对哪个单位；针对整体的留空"),
    Field("source", "依据", ("材料名", "材料名称", "印证材料", "数据来源", "来源", "说明"), required=True,
          max_length=300, label_en="Source"),
    Field("judged_by", "评定人", ("审核", "审核人", "测评员", "评审人"), required=True, max_length=60,
          label_en="Judged by"),
    Field("judged_on", "评定日期", ("日期", "审核日期", "测评日期"), kind="date", label_en="Judged on",
          help="留空就是导入当天"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Planned:
    """A row: what it judges, and the result that stands already, if any."""

    row: int
    judged: Judged
    known: EnteredResult | None
    values: dict[str, Any]

    @property
    def changes(self) -> bool:
        return self.known is not None and any(getattr(self.known, key) != value for key, value in self.values.items())


class ResultImporter(UnitColumns):
    """Criterion, result, source: as entered, waiting for the second person."""

    key = "results"
    title = gettext_lazy("Take in results")
    came_from = gettext_lazy("All entered results")
    paper = "测评结果登记表"
    noun = gettext_lazy("results")
    permission = ASSESS
    together = (("criterion", "unit"),)
    help = gettext_lazy(
        "Each row waits for a second person, as if typed. A row for a criterion that has a result corrects it."
    )

    def context_from(self, request: HttpRequest) -> dict[str, Any]:
        given = {key: asked_key(request.GET.get(key, "")) for key in ("round", "standard")}
        round_ = visible_or_404(Round.objects.all(), request.user, ASSESS, pk=given["round"])
        if not round_.versions.filter(pk=given["standard"]).exists():
            raise Http404
        return {"round": round_.pk, "version": given["standard"]}

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        return FIELDS

    def resolvers(self, region: Region, context: Context) -> dict[str, Resolver]:
        nodes = self.choices("criterion", region, context)
        titles = {pk: label.partition(" ") for pk, label in nodes}
        return super().resolvers(region, context) | {
            "criterion": resolver_of(
                [(pk, title) for pk, (_code, _gap, title) in titles.items()],
                aliases=[(word, pk) for pk, (code, _gap, title) in titles.items() for word in (code, f"{code}{title}")],
                remembered=remembered_names(region, "results.criterion"),
            )
        }

    def choices(self, key: str, region: Region, context: Context) -> Sequence[tuple[Hashable, str]]:
        if key == "unit":
            return super().choices(key, region, context)
        version = _version(region, context)
        leaves = Node.objects.filter(version=version, code__in=enterable(tree_of(version)))
        return [(node.pk, f"{node.code} {node.title_zh}") for node in leaves]

    def check(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Iterable[RowFault]:
        reading = _Reading(region, context)
        for row in rows:
            try:
                reading.plan(row)
            except _Unreadable as fault:
                yield RowFault(row.number, fault.field, str(fault))

    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        reading = _Reading(region, context)
        return _summary([reading.plan(row) for row in rows], reading)

    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        reading = _Reading(region, context)
        plan = [reading.plan(row) for row in rows]
        told = _summary(plan, reading)
        stored = StoredFile.objects.get(sha256=source.sha256)
        for one in plan:
            proof = Proof(source.name, stored=stored)
            if one.known is None:
                enter_result(reading.round, one.judged, actor=actor, proof=proof)
            elif one.changes:
                reason = _("Said so in an imported workbook")
                correct_result(
                    one.known, one.judged, reason=reason, revision=one.known.revision, actor=actor, proof=proof
                )
        record("inspections.enteredresult.import", reading.round, actor=actor, data=source.told(told))
        return told

    def begin_url(self, context: Context) -> str:
        given = urlencode({"round": context["round"], "standard": context["version"]})
        return f"{reverse('core:import', args=[self.key])}?{given}"

    def done_url(self, context: Context) -> str:
        return (
            reverse("inspections:entries", args=[context["round"]])
            if "round" in context
            else reverse("inspections:rounds")
        )


class _Unreadable(Exception):  # noqa: N818  (becomes a fault of a cell)
    """A row that cannot be taken: the field at fault and the words for people."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


class _Reading:
    """Rows against the round: five queries whatever the rows."""

    def __init__(self, region: Region, context: Context) -> None:
        self.round = Round.objects.select_related("region", "campaign").get(region=region, pk=context["round"])
        self.version = _version(region, context)
        standard = tree_of(self.version)
        leaves = enterable(standard)
        self.codes = dict(Node.objects.filter(version=self.version, code__in=leaves).values_list("pk", "code"))
        self.asked = {code: asked_of(leaf, standard.grades) for code, leaf in leaves.items()}
        self.units = {unit.pk: unit for unit in Unit.objects.filter(region=region)}
        standing = EnteredResult.objects.filter(
            round=self.round, version=self.version, kind=ResultKind.LEAF, state__in=STANDING_RESULT_STATES
        )
        rows = standing.select_related("round", "version", "unit", "region")
        self.known = {(one.code, one.unit_id): one for one in rows}

    def plan(self, row: ImportRow) -> Planned:
        """Raises _Unreadable."""
        values: dict[str, Any] = row.values
        code = self.codes[cast("int", values["criterion"])]
        unit = self.units.get(values["unit"]) if values["unit"] else None
        grade, value = self._result(code, str(values["value"]))
        weight = values["weight"]
        asked = self.asked[code]
        if asked.weighed and weight is None and value is not None:
            raise _Unreadable("weight", _("A survey has at least one answer. Give the number of valid answers."))
        judged = Judged(
            self.version, code, source=str(values["source"]), judged_by=str(values["judged_by"]),
            judged_on=cast("date | None", values["judged_on"]) or clock.today(), grade=grade,
            value=None if grade else value, weight=float(weight or 1), unit=unit, not_applicable=value is None,
        )  # fmt: skip
        try:
            filled = checked_values(self.round, judged, actor=None)
        except Refusal as refusal:
            raise _Unreadable("judged_on" if judged.judged_on > clock.today() else "value", str(refusal)) from refusal
        return Planned(row.number, judged, self.known.get((code, unit.pk if unit else None)), filled)

    def _result(self, code: str, text: str) -> tuple[str, float | None]:
        if text.strip().lower() in NOT_APPLICABLE:
            return "", None
        asked = self.asked[code]
        try:
            return asked.read(text)
        except WrongValue as wrong:
            raise _Unreadable("value", " ".join(wrong_words(wrong, asked))) from wrong

    def words(self, code: str, values: dict[str, Any]) -> str:
        """A result in words, for the preview."""
        asked: Asked = self.asked[code]
        return measure_words(asked, values["grade"], values["value"], values["weight"])


def _version(region: Region, context: Context) -> StandardVersion:
    return StandardVersion.objects.get(region=region, pk=context["version"])


def _summary(plan: Sequence[Planned], reading: _Reading) -> Summary:
    lines = []
    for one in plan:
        name = f"{one.judged.code} {one.judged.unit or ''}".strip()
        after = reading.words(one.judged.code, one.values)
        if one.known is None:
            lines.append(Line(one.row, "new", name, after))
        elif one.changes:
            standing = {key: getattr(one.known, key) for key in ("grade", "value", "weight")}
            lines.append(Line(one.row, "changed", name, f"{reading.words(one.judged.code, standing)} → {after}"))
    return Summary.of(lines, len(plan) - len(lines))
