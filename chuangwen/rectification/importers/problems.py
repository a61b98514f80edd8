"""Problems from a ledger that the office has already: a superior's feedback, an inspection, the hotline.

The papers are the 问题整改台账 and the 上级反馈整改台账 (practice.md, Papers and their columns). A row goes the way of
a problem that is registered by hand. What the ledger says of results closes nothing: another person verifies.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, cast

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.audit.services import record
from chuangwen.campaigns.context import current_campaign
from chuangwen.core.addresses import asked_key
from chuangwen.core.imports import Line, RowFault, Source, Summary
from chuangwen.core.imports.importer import Context, remembered_names
from chuangwen.core.imports.queries import import_region
from chuangwen.core.models import Region
from chuangwen.core.templatetags.wording import moment
from chuangwen.core.workbooks.mapping import Field, Option
from chuangwen.core.workbooks.names import Resolver, resolver_of
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.organizations.importers import UnitColumns
from chuangwen.places.models import Place, PlaceState
from chuangwen.rectification.enums import ProblemState
from chuangwen.rectification.enums import Source as From
from chuangwen.rectification.importers.rows import Planned, Reading, UnreadableRow
from chuangwen.rectification.models import Problem
from chuangwen.rectification.place_names import place_resolver
from chuangwen.rectification.services import enter_from_ledger, tell_of_ledger
from chuangwen.standards.models import ProblemType

LONGEST_BATCH = 30
# What ledgers call each source.
SOURCES = (
    Option(From.INSPECTION, "实地考察", ("本级检查", "实地检查", "日常巡查", "巡查", "督查", "市级督查", "暗访",
                                        "明查", "inspection", "Inspection")),
    Option(From.SUPERIOR, "上级反馈", ("上级", "上级交办", "上级通报", "省级反馈", "省反馈", "省测评反馈", "中央反馈",
                                      "国家反馈", "国测反馈", "测评反馈", "superior", "Superior's feedback")),
    Option(From.HOTLINE, "12345热线", ("12345", "热线", "市民热线", "政务热线", "hotline", "12345 hotline")),
    Option(From.CITIZEN, "市民反映", ("市民", "群众", "群众反映", "群众举报", "随手拍", "citizen", "Citizen")),
    Option(From.MEDIA, "媒体曝光", ("媒体", "新闻媒体", "舆情", "网络舆情", "media", "Media")),
    Option(From.SELF, "单位自查", ("单位自报", "责任单位自查", "self", "Unit itself")),
)  # fmt: skip


class ProblemImporter(UnitColumns):
    """Ledger rows as problems; a row whose source number is known is left alone."""

    key = "problems"
    title = gettext_lazy("Import problems")
    came_from = gettext_lazy("Problems")
    paper = gettext_lazy("Problem ledger")
    noun = gettext_lazy("problems")
    permission = "rectification.assign"  # lead, source number and time are asked of these people by hand, too
    unit_keys = ("lead", "territory")
    help = gettext_lazy(
        "Each row becomes a problem, routed and numbered as if registered by hand; each unit is told once. A result in "
        "the table (done, in progress) closes nothing: it is kept as a remark, and another person verifies. Rows with "
        "a number that is here already stay as they are. Pictures in the workbook are not taken over: add them at the "
        "problem."
    )

    def context_from(self, request: HttpRequest) -> dict[str, Any]:
        """What holds for rows that say nothing: source, batch and problem type; all from the address."""
        source = request.GET.get("source") or str(From.INSPECTION)
        batch = " ".join(request.GET.get("batch", "").replace("\x00", "").split())
        chosen = request.GET.get("type", "")
        if source not in From.values or len(batch) > LONGEST_BATCH:
            raise Http404
        region = import_region(request.user, self)
        if chosen and not _type_name(region, asked_key(chosen)):
            raise Http404
        campaign = current_campaign(request)
        return {
            "source": source,
            "batch": batch,
            "type": asked_key(chosen),
            "campaign": campaign.pk if campaign else None,
        }

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        return tuple(_fields(region, context))

    def resolvers(self, region: Region, context: Context) -> dict[str, Resolver]:
        types = list(ProblemType.objects.filter(region=region).values_list("pk", "name_zh", "name_en", "code"))
        # A word that was explained for the routing table means the same here.
        known = remembered_names(region, "routing-rules.problem_type") | remembered_names(
            region, "problems.problem_type"
        )
        return super().resolvers(region, context) | {
            "problem_type": resolver_of(
                [(pk, zh) for pk, zh, _en, _code in types],
                aliases=[(word, pk) for pk, _zh, *words in types for word in words if word],
                remembered=known,
            ),
            "place": place_resolver(
                _places(region),
                remembered=remembered_names(region, "problems.place"),
                spot_label=_("no place of the register, only a spot"),
            ),
        }

    def choices(self, key: str, region: Region, context: Context) -> Sequence[tuple[Hashable, str]]:
        if key == "problem_type":
            return [(one.pk, str(one)) for one in ProblemType.objects.filter(region=region)]
        if key == "place":
            return [(pk, f"{name}（{code}）") for pk, code, name in _places(region)]
        return super().choices(key, region, context)

    def check(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Iterable[RowFault]:
        """What only shows over a row: no type, several leads, a day that cannot be, one thing twice."""
        reading = Reading(rows, region, context)
        first: dict[Hashable, int] = {}
        for row in rows:
            try:
                planned = reading.plan(row)
            except UnreadableRow as fault:
                yield RowFault(row.number, fault.field, str(fault))
                continue
            earlier = first.setdefault(planned.mark, row.number)
            if earlier != row.number:
                message = _("Row %d says the same under the same number. Leave one of them out.") % earlier
                yield RowFault(row.number, "text", message, "twice")

    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        reading = Reading(rows, region, context)
        plan = [reading.plan(row) for row in rows]
        return _summary(plan, [_line(one) for one in plan if not one.known])

    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        Region.objects.select_for_update().get(pk=region.pk)  # the same ledger twice at once comes in once
        reading = Reading(rows, region, context)
        plan = [reading.plan(row) for row in rows]
        lines, problems = [], []
        for one in plan:
            if not one.known:
                problem = enter_from_ledger(one.finding, actor=actor, lead=one.lead)
                problems.append(problem)
                lines.append(_line(one, problem))
        tell_of_ledger(problems, region, source.name)
        data = {"file": source.name, "sha256": source.sha256, "new": [problem.number for problem in problems]}
        record("rectification.problem.import", actor=actor, region=region.code, data=data)
        return _summary(plan, lines)

    def begin_url(self, context: Context) -> str:
        return reverse("rectification:import")  # another ledger has another batch

    def done_url(self, context: Context) -> str:
        return reverse("rectification:ledger")


def _places(region: Region) -> list[tuple[int, str, str]]:
    return list(
        Place.objects.filter(region=region).exclude(state=PlaceState.GONE).order_by("name", "pk")
        .values_list("pk", "code", "name")
    )  # fmt: skip


def _type_name(region: Region, pk: int | None) -> str:
    return ProblemType.objects.filter(region=region, pk=pk).values_list("name_zh", flat=True).first() or ""


def _fields(region: Region, context: Context) -> Iterable[Field]:
    """The columns of both papers, in the order of the feedback ledger; the help says what an empty cell means."""
    batch, chosen = context.get("batch", ""), context.get("type")
    empty = _("Empty means: %s")
    kind = _type_name(region, chosen) if chosen else ""
    unit = {"kind": "name", "noun": "单位", "noun_en": "unit"}
    yield Field("batch", "批次", ("反馈批次", "来源批次", "检查批次", "轮次"), label_en="Batch",
                max_length=LONGEST_BATCH, help=empty % batch if batch else "")  # fmt: skip
    yield Field("number", "原文序号", ("序号", "来源编号", "编号", "问题编号", "工单编号", "工单号", "来源序号"),
                kind="code", label_en="Source's number", max_length=28,
                help=_("With the batch it recognises the row when the ledger is imported again"))  # fmt: skip
    yield Field("text", "问题", ("问题内容", "存在问题", "问题描述", "反馈问题", "具体问题", "主要问题", "问题清单"),
                required=True, label_en="Problem")  # fmt: skip
    yield Field("problem_type", "问题类型", ("问题类别", "类型", "类别", "问题分类"), kind="name", noun="问题类型",
                noun_en="problem type", label_en="Problem type", help=empty % kind if kind else "")  # fmt: skip
    yield Field("place", "点位", ("点位名称", "点位编号", "测评点位", "检查点位", "问题点位", "场所"), kind="name",
                noun="点位", noun_en="place", label_en="Place", max_length=160,
                help=_("Name or code; what is no place of the register is kept as the spot"))  # fmt: skip
    yield Field(
        "spot", "具体位置", ("具体地点", "地点", "位置", "问题地点", "地址"), label_en="Where exactly", max_length=160
    )
    yield Field("lead", "牵头", ("牵头单位", "责任单位", "整改单位", "整改责任单位", "承办单位", "主责单位"), many=True,
                label_en="Lead", help=_("The first leads, the others cooperate; empty means: as the routing rules say"),
                **cast("Any", unit))  # fmt: skip
    yield Field("territory", "属地", ("属地单位", "所属街道", "属地街道", "街道", "镇街"), label_en="Territory",
                **cast("Any", unit))  # fmt: skip
    yield Field("due", "时限", ("整改时限", "完成时限", "办理时限", "整改期限", "完成时间", "截止日期", "要求完成时间"),
                max_length=40, label_en="Deadline",
                help=_("A day, working days, end of a month, at once; empty: as the problem type says"))  # fmt: skip
    yield Field("found", "发现时间", ("发现日期", "检查时间", "检查日期", "反馈时间", "反馈日期", "日期"), kind="date",
                label_en="Found at", help=empty % _("today"))  # fmt: skip
    source = From(context.get("source", From.INSPECTION)).label
    yield Field("source", "来源", ("问题来源", "来源渠道", "发现渠道"), kind="choice", options=SOURCES,
                label_en="Source", help=empty % source)  # fmt: skip
    yield Field("result", "结果", ("整改结果", "整改情况", "完成情况", "整改进展", "是否完成", "整改状态", "状态"),
                label_en="Result", max_length=1000,
                help=_("Kept as a remark; the problem is closed when another person has verified it"))  # fmt: skip
    yield Field("reply", "回复文号", ("回复文件", "回函文号", "文号"), label_en="Number of the reply", max_length=100)


def _line(one: Planned, problem: Problem | None = None) -> Line:
    """What becomes, or became, of a row: to whom, until when, and what is open at the same place."""
    finding = one.finding
    name, url = finding.title, ""
    parts = [str(one.lead) if one.lead else _("as the routing rules say")]
    if problem is not None:
        name, url = f"{problem.number} {problem.title}", reverse("rectification:problem", args=[problem.number])
        parts = [_("To be assigned") if problem.state == ProblemState.FOUND else str(problem.lead)]
    if finding.place or finding.spot:
        parts.append(str(finding.place or finding.spot))
    parts.append(_("due %s") % moment(finding.due_at) if finding.due_at else str(finding.problem_type))
    if one.twin:
        parts.append(_("%s of the same type is open there") % one.twin)
    return Line(one.row, "new", name, " · ".join(parts), url)


def _summary(plan: Sequence[Planned], lines: Sequence[Line]) -> Summary:
    return Summary(new=len(lines), unchanged=len(plan) - len(lines), lines=lines)
