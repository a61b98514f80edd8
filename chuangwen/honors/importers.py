"""The office's own list of titled units (文明单位名册): titles granted before the program knew of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.audit.services import record
from chuangwen.campaigns.models import Title
from chuangwen.core import clock
from chuangwen.core.imports import Line, RowFault, Source, Summary
from chuangwen.core.imports.importer import Context, remembered_names
from chuangwen.core.models import Region
from chuangwen.core.workbooks.mapping import Field
from chuangwen.core.workbooks.names import Resolver, resolver_of
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.honors.customs import CIVIL, FAMILY, MODEL
from chuangwen.honors.enums import ProgrammeState
from chuangwen.honors.models import Award, Programme
from chuangwen.honors.queries.register import STANDING
from chuangwen.honors.queries.subjects import fits
from chuangwen.honors.services import enter_award
from chuangwen.honors.workflow import AWARD
from chuangwen.organizations.importers import UnitColumns
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today

Held = tuple[int, int]  # unit, title


@dataclass(frozen=True, slots=True)
class _Known:
    """What the rows are compared with: a fixed number of queries."""

    standing: frozenset[Held]
    kinds: dict[int, str]  # unit -> its kind
    titles: dict[int, Title]
    programmes: dict[int, tuple[date, str]]  # title -> the first day of its first programme, its name
    bars: dict[int, date]


class TitleImporter(UnitColumns):
    """Titles by workbook. A title that a unit holds already is left as it is."""

    key = "titles"
    title = gettext_lazy("Import titles")
    came_from = gettext_lazy("Titles and plaques")
    paper = gettext_lazy("List of titled units")
    noun = gettext_lazy("titles")
    permission = AWARD
    together = (("unit", "title"),)
    help = gettext_lazy(
        "For titles granted before the program knew of them. A title that a unit holds already is left as it is; model "
        "offices need to be civil offices, here or in an earlier row."
    )

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        return (
            Field("unit", "单位", ("单位名称", "名称", "处室"), required=True, kind="name", noun="单位", noun_en="unit",
                  label_en="Unit"),
            Field("title", "称号", ("荣誉称号", "级别", "文明单位级别"), required=True, kind="name", noun="称号",
                  noun_en="title", label_en="Title"),
            Field("granted_on", "命名日期", ("命名时间", "授予日期", "表彰时间"), required=True, kind="date",
                  label_en="Granted on"),
            Field("held_since", "持有起始", ("首次命名", "连续保持起"), kind="date", label_en="Held since"),
            Field("document", "文号", ("命名文号", "命名文件", "文件号"), required=True, label_en="Document number"),
            Field("plaque", "牌匾编号", ("奖牌编号", "编号"), label_en="Plaque number"),
        )  # fmt: skip

    def resolvers(self, region: Region, context: Context) -> dict[str, Resolver]:
        titles = _titles(region)
        remembered = remembered_names(region, f"{self.key}.title")
        return super().resolvers(region, context) | {
            "title": resolver_of([(one.pk, one.name) for one in titles], aliases=(), remembered=remembered),
        }

    def choices(self, key: str, region: Region, context: Context) -> Sequence[tuple[Any, str]]:
        if key == "title":
            return [(one.pk, one.name) for one in _titles(region)]
        return [(unit.pk, str(unit)) for unit in units_today(region).filter(depth__gt=1)]

    def check(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Iterable[RowFault]:
        """What `enter_award` would refuse, told by cell."""
        known = _known(region)
        civil = {unit for unit, title in known.standing if known.titles[title].level == CIVIL}
        for row in rows:
            unit, title, day = row.values["unit"], known.titles[row.values["title"]], row.values["granted_on"]  # type: ignore[index]
            if title.level == CIVIL:
                civil.add(unit)  # type: ignore[arg-type]
            if (unit, title.pk) in known.standing:
                continue
            if found := _fault(known, unit, title, day, civil):
                yield RowFault(row.number, *found)

    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        known = _known(region)
        names = dict(units_today(region).values_list("pk", "name"))
        fresh = [row for row in rows if (row.values["unit"], row.values["title"]) not in known.standing]
        lines = [
            Line(row.number, "new", names[row.values["unit"]], str(known.titles[row.values["title"]]))  # type: ignore[index]
            for row in fresh
        ]
        return Summary(len(fresh), 0, len(rows) - len(fresh), lines)

    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        summary = self.preview(rows, region=region, context=context)
        known = _known(region)
        units = {unit.pk: unit for unit in units_today(region).select_related("region")}
        for row in rows:
            values: dict[str, Any] = dict(row.values)
            if (values["unit"], values["title"]) in known.standing:
                continue
            enter_award(
                units[values["unit"]], known.titles[values["title"]], granted_on=values["granted_on"],
                held_since=values.get("held_since"), document=values["document"], plaque=values.get("plaque") or "",
                actor=actor,
            )  # fmt: skip
        root = Unit.objects.filter(region=region, depth=1).order_by("pk")[0]
        data = {"file": source.name, "sha256": source.sha256, "new": summary.new}
        record("honors.award.import", root, actor=actor, data=data)
        return summary

    def done_url(self, context: Context) -> str:
        return reverse("honors:titles")


def _titles(region: Region) -> list[Title]:
    rows = (
        Title.objects.filter(region=region, ladder_step__isnull=False).exclude(subject=FAMILY).select_related("region")
    )
    return list(rows.order_by("subject", "ladder_step__rank"))


def _known(region: Region) -> _Known:
    over = (ProgrammeState.PREPARING, ProgrammeState.CANCELLED)
    programmes: dict[int, tuple[date, str]] = {}
    for title, day, name in (
        Programme.objects.filter(region=region).exclude(state__in=over).order_by("-apply_from")
        .values_list("title", "apply_from", "name")
    ):  # fmt: skip
        programmes[title] = (day, name)
    bars = Award.objects.filter(region=region, family__isnull=True, barred_until__gte=clock.today())
    standing = Award.objects.filter(
        region=region, family__isnull=True, state__in=STANDING, title__ladder_step__isnull=False
    )
    return _Known(
        frozenset(standing.values_list("unit", "title")),
        dict(units_today(region).values_list("pk", "kind")),
        {one.pk: one for one in _titles(region)},
        programmes,
        dict(bars.values_list("unit", "ended_on")),
    )


def _fault(known: _Known, unit: Any, title: Title, day: Any, civil: set[int]) -> tuple[str, str, str] | None:
    """(field, words, code) of what is wrong with a row."""
    if day > clock.today():
        return "granted_on", _("The day lies ahead. Give the day of the document."), "ahead"
    if not fits(title, Unit(kind=known.kinds.get(unit, ""))):
        words = _("Offices inside a unit hold office titles; villages, schools and cities have titles of their own.")
        return "title", words, "kind"
    first = known.programmes.get(title.pk)
    if first and first[0] <= day:
        return "granted_on", _("Titles of that time come from the programme “%s”.") % first[1], "programme"
    if unit in known.bars and known.bars[unit] <= day:
        return "unit", _("The unit was delisted and is barred."), "barred"
    if title.level == MODEL and unit not in civil:
        return "title", _("Model offices come from among the civil offices."), "uncivil"
    return None
