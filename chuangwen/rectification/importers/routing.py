"""The office's own 问题归口表: problem type x place type x territory -> lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.audit.services import record
from chuangwen.core.imports import Line, RowFault, Source, Summary
from chuangwen.core.imports.importer import Context, remembered_names
from chuangwen.core.models import Region
from chuangwen.core.workbooks.mapping import Field
from chuangwen.core.workbooks.names import Resolver, resolver_of
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.organizations.enums import Branch
from chuangwen.organizations.importers import UnitColumns
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.rectification.enums import RuleOrigin
from chuangwen.rectification.models import RoutingRule
from chuangwen.rectification.services import save_rule
from chuangwen.standards.models import PlaceType, ProblemType

Case = tuple[int, int | None, int | None]  # problem type, place type, territory


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One rule that a row asks for; a row with several place types or territories asks for several."""

    row: int
    case: Case
    lead: int


class RoutingRuleImporter(UnitColumns):
    """Rules by workbook. A row for a case that has a rule ends that rule and begins another."""

    key = "routing-rules"
    title = gettext_lazy("Import routing rules")
    came_from = gettext_lazy("Routing rules")
    paper = gettext_lazy("Routing table")
    noun = gettext_lazy("rules")
    permission = "rectification.route"
    unit_keys = ("lead", "territory")
    help = gettext_lazy(
        "An empty place type or territory means every one. Where all streets lead, each leads in its own territory. "
        "Time limits belong to the problem types and are not taken from here."
    )

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        unit = {"kind": "name", "many": True, "noun": "单位", "noun_en": "unit"}
        return (
            Field("problem_type", "问题类型", ("问题", "问题类别", "类型"), required=True, kind="name", noun="问题类型",
                  noun_en="problem type", label_en="Problem type"),
            Field("place_type", "点位类型", ("点位", "场所类型"), kind="name", many=True, noun="点位类型",
                  noun_en="place type", label_en="Place type"),
            Field("lead", "牵头(条)", ("牵头", "牵头单位", "责任单位", "主责单位"), required=True, label_en="Lead",
                  **cast("Any", unit)),
            Field("territory", "属地(块)", ("属地", "属地单位", "街道"), label_en="Territory", **cast("Any", unit)),
        )  # fmt: skip

    def resolvers(self, region: Region, context: Context) -> dict[str, Resolver]:
        types = ProblemType.objects.filter(region=region).values_list("pk", "name_zh", "name_en", "code")
        places = PlaceType.objects.filter(region=region).values_list("pk", "name_zh", "name_en", "code")
        return super().resolvers(region, context) | {
            "problem_type": self._named(region, "problem_type", types),
            "place_type": self._named(region, "place_type", places),
        }

    def _named(self, region: Region, key: str, rows: Iterable[tuple[int, str, str, str]]) -> Resolver:
        found = list(rows)
        aliases = [(name, pk) for pk, _zh, en, code in found for name in (en, code) if name]
        remembered = remembered_names(region, f"{self.key}.{key}")
        return resolver_of([(pk, zh) for pk, zh, _en, _code in found], aliases=aliases, remembered=remembered)

    def choices(self, key: str, region: Region, context: Context) -> Sequence[tuple[Any, str]]:
        if key == "problem_type":
            return [(one.pk, str(one)) for one in ProblemType.objects.filter(region=region)]
        if key == "place_type":
            return [(one.pk, str(one)) for one in PlaceType.objects.filter(region=region)]
        return [(unit.pk, str(unit)) for unit in units_today(region).filter(depth__gt=1)]

    def check(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Iterable[RowFault]:
        """Several leads only where each leads in its own territory; no two rows for one case."""
        areas = set(units_today(region).filter(branch=Branch.TERRITORY).values_list("pk", flat=True))
        seen: dict[Case, int] = {}
        for row in rows:
            leads = _several(row, "lead")
            if len(leads) > 1 and (row.values.get("territory") or not set(leads) <= areas):
                message = _(
                    "There are several leads. Name one, or only streets and towns with the territory left empty."
                )
                yield RowFault(row.number, "lead", message, "several-leads")
                continue
            for wanted in _wanted(row):
                first = seen.setdefault(wanted.case, row.number)
                if first != row.number:
                    message = _("Row %d already rules this case. Leave one of them out.") % first
                    yield RowFault(row.number, "problem_type", message, "twice")
                    break

    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        present = _present(region)
        names = _names(region)
        lines, unchanged = [], 0
        for wanted in (one for row in rows for one in _wanted(row)):
            former = present.get(wanted.case)
            if former == wanted.lead:
                unchanged += 1
                continue
            kind = "changed" if former else "new"
            text = f"{names['unit'][former] if former else '—'}→{names['unit'][wanted.lead]}"
            lines.append(Line(wanted.row, kind, _case_words(wanted.case, names), text))
        return Summary.of(lines, unchanged)

    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        summary = self.preview(rows, region=region, context=context)
        types = {one.pk: one for one in ProblemType.objects.filter(region=region).select_related("region")}
        places: dict[int | None, PlaceType] = {one.pk: one for one in PlaceType.objects.filter(region=region)}
        units: dict[int | None, Unit] = {one.pk: one for one in units_today(region)}
        present = _present(region)
        for wanted in (one for row in rows for one in _wanted(row)):
            if present.get(wanted.case) != wanted.lead:
                problem_type, place_type, territory = wanted.case
                save_rule(
                    types[problem_type], places.get(place_type), units.get(territory), lead=units[wanted.lead],
                    origin=RuleOrigin.WORKBOOK, actor=actor,
                )  # fmt: skip
        root = Unit.objects.filter(region=region, depth=1).order_by("pk")[0]
        record("rectification.rule.import", root, actor=actor, data=source.told(summary))
        return summary

    def done_url(self, context: Context) -> str:
        return reverse("rectification:rules")


def _several(row: ImportRow, key: str) -> tuple[int, ...]:
    """The values of a field that may hold several; () for an empty cell."""
    return tuple(dict.fromkeys(cast("tuple[int, ...]", row.values.get(key) or ())))


def _wanted(row: ImportRow) -> Iterator[_Wanted]:
    problem_type = cast("int", row.values["problem_type"])
    leads = _several(row, "lead")
    for place_type in _several(row, "place_type") or (None,):
        if len(leads) > 1:
            for unit in leads:
                yield _Wanted(row.number, (problem_type, place_type, unit), unit)
        else:
            for territory in _several(row, "territory") or (None,):
                yield _Wanted(row.number, (problem_type, place_type, territory), leads[0])


def _present(region: Region) -> dict[Case, int]:
    """The lead of each case that has a rule now."""
    rules = RoutingRule.objects.filter(region=region, ends__isnull=True)
    fields = rules.values_list("problem_type_id", "place_type_id", "territory_id", "lead_id")
    return {(kind, place, territory): lead for kind, place, territory, lead in fields}


def _names(region: Region) -> dict[str, dict[int, str]]:
    return {
        "type": {one.pk: str(one) for one in ProblemType.objects.filter(region=region)},
        "place": {one.pk: str(one) for one in PlaceType.objects.filter(region=region)},
        "unit": {one.pk: str(one) for one in Unit.objects.filter(region=region)},
    }


def _case_words(case: Case, names: dict[str, dict[int, str]]) -> str:
    problem_type, place_type, territory = case
    parts = [names["type"][problem_type]]
    if place_type is not None:
        parts.append(names["place"][place_type])
    if territory is not None:
        parts.append(names["unit"][territory])
    return " × ".join(parts)
