"""Others' result sheets as they come: a province's list of cities with their totals, parts and ranks.

What the sheet is (year, kind of round, who issued it) is asked before, once for all its rows. A total that does not
follow from its parts is pointed out beside the row and taken in as printed: the sheet is the authority's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.audit.services import record
from chuangwen.core.access import visible_or_404
from chuangwen.core.addresses import asked_key
from chuangwen.core.errors import Refusal
from chuangwen.core.imports import Importer, Line, RowFault, Source, Summary
from chuangwen.core.imports.importer import Context
from chuangwen.core.models import Region, StoredFile
from chuangwen.core.workbooks.mapping import Field
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.scoring.engine import show
from chuangwen.scoring.forms.outside import HeadForm
from chuangwen.scoring.models import OutsideResult, OutsideRow
from chuangwen.scoring.printed import PARTS, PrintedRow, own_place, unlike
from chuangwen.scoring.queries.outside import own_names
from chuangwen.scoring.services.outside import (
    HIGHEST,
    Head,
    Paper,
    as_printed,
    checked_head,
    correct_outside,
    enter_outside,
    head_of,
)
from chuangwen.scoring.workflow import SCORE

POINTS: dict[str, Any] = {"kind": "decimal", "minimum": 0, "maximum": HIGHEST}
FIELDS = (
    Field("subject", "地区", ("城市", "地市", "市州", "市(州)", "县(市、区)", "县市区", "区县", "县区", "参评城市",
                              "被测评城市", "测评对象", "单位", "参评单位", "被测评单位", "名称"),
          required=True, max_length=80, label_en="Region"),
    Field("total", "总分", ("得分", "综合得分", "总成绩", "总得分", "最终得分", "测评得分", "测评总分", "成绩",
                           "综合成绩"),
          required=True, label_en="Total", **POINTS),
    Field("rank", "名次", ("排名", "位次", "排序", "总排名"), max_length=20, label_en="Rank",
          help="按表上印的填，例如3或并列3"),
    Field("group", "组别", ("类别", "分组", "城市类别", "批次"), max_length=60, label_en="Group"),
    Field("material", "网上申报", ("网上申报材料审核", "材料审核", "网上申报得分", "材料审核得分", "申报材料"),
          label_en="Online material", **POINTS),
    Field("field", "实地考察", ("实地测评", "实地考察得分", "现场考察", "实地暗访", "实地"),
          label_en="Inspection", **POINTS),
    Field("survey", "问卷调查", ("问卷", "问卷调查得分", "群众问卷", "满意度调查"), label_en="Survey", **POINTS),
    Field("household", "入户调查", ("入户", "入户问卷", "入户调查得分"), label_en="Household survey", **POINTS),
)  # fmt: skip


class OutsideImporter(Importer):
    """A sheet's rows: new, or as a correction of a sheet that is here."""

    key = "outside"
    title = gettext_lazy("Take in a result sheet")
    came_from = gettext_lazy("Outside scores")
    paper = "外部测评得分表"
    noun = gettext_lazy("regions")
    permission = SCORE
    together = (("subject", "group"),)
    help = gettext_lazy(
        "The sheet as it was issued: every region with its total. Which row is ours is known by the region's name."
    )

    def context_from(self, request: HttpRequest) -> dict[str, Any]:
        region = Region.held_by(request.user, SCORE)
        if uid := request.GET.get("result"):
            pk = asked_key(uid)
            found = visible_or_404(OutsideResult.objects.filter(state="standing"), request.user, SCORE, pk=pk)
            return {"result": found.pk}
        form = HeadForm(request.GET, region=region)
        if region is None or not form.is_valid():
            raise Http404
        return {"head": {name: text for name, text in request.GET.items() if name in form.fields}}

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        return FIELDS

    def check(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Iterable[RowFault]:
        for row in rows:
            rank = row.values["rank"]
            if rank is not None and _rank(str(rank)) is None:
                yield RowFault(row.number, "rank", _("It holds no number. Write the rank as 3, or leave it empty."))

    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        return self._plan(rows, region, context)[2]

    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        result, head, told = self._plan(rows, region, context)
        paper = Paper(source.name, stored=StoredFile.objects.get(sha256=source.sha256))
        printed = [_printed(row) for row in rows]
        if result is None:
            result = enter_outside(region, head, printed, actor=actor, paper=paper)
        elif told.new or told.changed:
            reason = _("Said so in an imported workbook")
            correct_outside(
                result, head, printed, reason=reason, revision=result.revision, actor=actor, paper=paper
            )  # fmt: skip
        record("scoring.outsideresult.import", result, actor=actor, data=source.told(told))
        return told

    def begin_url(self, context: Context) -> str:
        given = {"result": context["result"]} if "result" in context else context["head"]
        return f"{reverse('core:import', args=[self.key])}?{urlencode(given)}"

    def done_url(self, context: Context) -> str:
        return reverse("scoring:outside")

    def _plan(
        self, rows: Sequence[ImportRow], region: Region, context: Context
    ) -> tuple[OutsideResult | None, Head, Summary]:
        """The sheet that is corrected, if any; what it is; and what these rows would change."""
        result, head = _standing(region, context)
        known = {_key(one): as_printed(one) for one in result.rows.all()} if result else {}
        printed = [_printed(row) for row in rows]
        ours = own_place([one.subject for one in printed], own_names(region))
        lines = [
            Line(row.number, "changed" if _key(one) in known else "new", one.subject, _words(one, head, own=at == ours))
            for at, (row, one) in enumerate(zip(rows, printed, strict=True))
            if known.get(_key(one)) != one
        ]
        return result, head, Summary.of(lines, len(rows) - len(lines))


def _standing(region: Region, context: Context) -> tuple[OutsideResult | None, Head]:
    """Raises Refusal where the sheet has come in meanwhile, or is here no more."""
    if "result" in context:
        found = OutsideResult.objects.filter(region=region, pk=context["result"], state="standing").first()
        if found is None:
            raise Refusal(_("This sheet has been withdrawn meanwhile."), _("Take the workbook in as a new one."))
        return found, head_of(found)
    form = HeadForm(context["head"], region=region)
    if not form.is_valid():
        raise Refusal(_("What was said of the sheet does not hold any more."), _("Begin again."))
    head = form.head()
    checked_head(region, head)
    return None, head


def _printed(row: ImportRow) -> PrintedRow:
    values = row.values
    parts = {name: float(cast("Decimal", values[name])) for name in PARTS if values[name] is not None}
    return PrintedRow(
        str(values["subject"]), float(cast("Decimal", values["total"])), parts,
        _rank(str(values["rank"] or "")), str(values["group"] or ""),
    )  # fmt: skip


def _key(row: PrintedRow | OutsideRow) -> tuple[str, str]:
    return row.subject, row.group


def _rank(text: str) -> int | None:
    found = re.search(r"\d{1,5}", text)
    return int(found[0]) if found else None


def _words(row: PrintedRow, head: Head, *, own: bool) -> str:
    """A row in words, for the preview."""
    parts = [show(row.total)]
    if own:
        parts.append(_("our own"))
    if (made := unlike(row.total, row.parts, head.weights)) is not None:
        parts.append(_("by its parts it would be %s") % show(made))
    return _("; ").join(parts)
