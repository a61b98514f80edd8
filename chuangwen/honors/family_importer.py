"""A village's list of families as a workbook: plaque's names, the day of consent, a title held already.

Columns with addresses, numbers or members are not read, and the workbook itself is not kept once its rows are in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.imports import Line, RowFault, Source, Summary
from chuangwen.core.imports.importer import Context, remembered_names
from chuangwen.core.models import Region
from chuangwen.core.workbooks.mapping import Field
from chuangwen.core.workbooks.names import Resolver, resolver_of
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.honors.discreet import LONGEST_NAME, kept_private
from chuangwen.honors.enums import ProgrammeState
from chuangwen.honors.models import Award, Family, Programme
from chuangwen.honors.queries.families import family_titles, recommenders
from chuangwen.honors.queries.register import STANDING
from chuangwen.honors.services import confirm_consent, enter_family_award, register_family
from chuangwen.honors.services.families import digest_of
from chuangwen.honors.workflow import AWARD
from chuangwen.organizations.importers import UnitColumns
from chuangwen.organizations.models import Unit

Known = dict[tuple[int, str], Family]  # by unit and digest of the name


class FamilyImporter(UnitColumns):
    """Families by workbook. One that is there already is left as it is, but for a consent that it lacked."""

    key = "families"
    title = gettext_lazy("Import families")
    came_from = gettext_lazy("Families")
    paper = gettext_lazy("List of families")
    noun = gettext_lazy("families")
    permission = AWARD
    together = (("unit", "name"),)
    keeps_file = False
    help = gettext_lazy(
        "Only the plaque's name, the unit, the day of consent and a title held already are read; the workbook is not "
        "kept. A family that is there already is left as it is."
    )

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        return (
            Field("unit", "推荐单位", ("村（社区）", "村", "社区", "单位"), required=True, kind="name", noun="单位",
                  noun_en="unit", label_en="Recommending unit"),
            Field("name", "家庭名称", ("牌匾名称", "家庭", "户名"), required=True, label_en="Name on the plaque"),
            Field("agreed_on", "同意日期", ("本人同意日期", "同意公示日期"), kind="date", label_en="Agreed on"),
            Field("title", "称号", ("荣誉称号", "级别"), kind="name", noun="称号", noun_en="title", label_en="Title"),
            Field("granted_on", "命名日期", ("授予日期", "评定日期"), kind="date", label_en="Granted on"),
            Field("document", "文号", ("命名文号", "命名文件"), label_en="Document number"),
            Field("plaque", "牌匾编号", ("编号",), label_en="Plaque number"),
        )  # fmt: skip

    def resolvers(self, region: Region, context: Context) -> dict[str, Resolver]:
        titles = [(one.pk, one.name) for one in family_titles(region)]
        remembered = remembered_names(region, f"{self.key}.title")
        return super().resolvers(region, context) | {"title": resolver_of(titles, aliases=(), remembered=remembered)}

    def choices(self, key: str, region: Region, context: Context) -> Sequence[tuple[Any, str]]:
        if key == "title":
            return [(one.pk, one.name) for one in family_titles(region)]
        return [(unit.pk, str(unit)) for unit in recommenders(region)]

    def check(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Iterable[RowFault]:
        """What the services would refuse, told by cell."""
        units = set(recommenders(region).values_list("pk", flat=True))
        known, today, calls = _known(region), clock.today(), _calls(region)
        barred = dict(
            Award.objects.filter(region=region, family__isnull=False, barred_until__gte=today)
            .values_list("family", "ended_on")
        )  # fmt: skip
        for row in rows:
            values: dict[str, Any] = dict(row.values)
            family = known.get((values["unit"], digest_of(values["name"])))
            if (
                found := _fault(values, family, units, today)
                or _title_fault(values, family)
                or _title_bar(values, family, barred, calls)
            ):
                yield RowFault(row.number, *found)

    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        known = _known(region)
        names = dict(recommenders(region).values_list("pk", "name"))
        held = _held(region)
        new = changed = 0
        lines = []
        for row in rows:
            values: dict[str, Any] = dict(row.values)
            family = known.get((values["unit"], digest_of(values["name"])))
            kind = _kind(values, family, held)
            new, changed = new + (kind == "new"), changed + (kind == "changed")
            if kind:  # kept with the upload, so without the family's name
                lines.append(Line(row.number, kind, names.get(values["unit"], ""), family.number if family else ""))
        return Summary(new, changed, len(rows) - new - changed, lines)

    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        summary = self.preview(rows, region=region, context=context)
        known, held = _known(region), _held(region)
        units = {unit.pk: unit for unit in recommenders(region).select_related("region")}
        titles = {one.pk: one for one in family_titles(region)}
        for row in rows:
            values: dict[str, Any] = dict(row.values)
            family = known.get((values["unit"], digest_of(values["name"])))
            agreed = values.get("agreed_on")
            if family is None or family.withdrawn_on is not None:
                family = register_family(units[values["unit"]], values["name"], agreed_on=agreed, actor=actor)
            elif agreed and family.agreed_on is None:
                confirm_consent(family, agreed_on=agreed, actor=actor)
            title = values.get("title")
            if title and (family.pk, title) not in held:
                enter_family_award(
                    family, titles[title], granted_on=values["granted_on"], document=values["document"],
                    plaque=values.get("plaque") or "", actor=actor,
                )  # fmt: skip
        root = Unit.objects.filter(region=region, depth=1).order_by("pk")[0]
        record("honors.family.import", root, actor=actor, data={"sha256": source.sha256, "new": summary.new})
        return summary

    def done_url(self, context: Context) -> str:
        return reverse("honors:families")


def _known(region: Region) -> Known:
    rows = Family.objects.filter(region=region).select_related("unit__region", "region")
    return {(one.unit_id, one.digest): one for one in rows}


def _held(region: Region) -> set[tuple[int | None, int]]:
    rows = Award.objects.filter(region=region, family__isnull=False, state__in=STANDING)
    return set(rows.values_list("family", "title"))


def _calls(region: Region) -> dict[int, tuple[date, str]]:
    """Title -> the first day of its first programme, its name."""
    over = (ProgrammeState.PREPARING, ProgrammeState.CANCELLED)
    rows = Programme.objects.filter(region=region, title__subject="family").exclude(state__in=over)
    return {title: (day, name) for title, day, name in rows.order_by("-apply_from")
            .values_list("title", "apply_from", "name")}  # fmt: skip


def _kind(values: dict[str, Any], family: Family | None, held: set[tuple[int | None, int]]) -> str:
    """new, changed, or "" where the row says nothing new."""
    if family is None or family.withdrawn_on is not None:
        return "new"
    fresh_title = values.get("title") and (family.pk, values["title"]) not in held
    return "changed" if fresh_title or (values.get("agreed_on") and family.agreed_on is None) else ""


def _fault(values: dict[str, Any], family: Family | None, units: set[int], today: date) -> tuple[str, str, str] | None:
    """(field, words, code) of what is wrong with the name, the unit or the consent."""
    agreed = values.get("agreed_on")
    if values["unit"] not in units:
        return "unit", _("This unit recommends no families. Choose a village, a community or another unit."), "unit"
    if len(values["name"].strip()) > LONGEST_NAME or kept_private(values["name"]):
        return "name", _("More than a plaque's name. Leave out numbers, addresses and members."), "private"
    if agreed and agreed > today:
        return "agreed_on", _("The day lies ahead. Give the day on which the family agreed."), "ahead"
    if family is not None and family.withdrawn_on and (not agreed or agreed < family.withdrawn_on):
        return "agreed_on", _("The family withdrew its consent. Give the day on which it agreed again."), "withdrawn"
    return None


def _title_fault(values: dict[str, Any], family: Family | None) -> tuple[str, str, str] | None:
    """(field, words, code) of what lacks of a title held already."""
    if not values.get("title"):
        return None
    day = values.get("granted_on")
    if not day or not values.get("document"):
        return "granted_on" if not day else "document", _("A title has its day and its document number."), "incomplete"
    if day > clock.today():
        return "granted_on", _("The day lies ahead. Give the day of the document."), "ahead"
    if not values.get("agreed_on") and not (family is not None and family.has_agreed):
        return "agreed_on", _("A title is shown with the family's name: the day of consent is needed."), "unasked"
    return None


def _title_bar(
    values: dict[str, Any], family: Family | None, barred: dict[int | None, Any], calls: dict[int, tuple[date, str]]
) -> tuple[str, str, str] | None:
    """(field, words, code) of what forbids a title held already."""
    if not values.get("title"):
        return None
    call = calls.get(values["title"])
    if call and call[0] <= values["granted_on"]:
        return "granted_on", _("Titles of that time come from the programme “%s”.") % call[1], "programme"
    if family is not None and family.pk in barred and barred[family.pk] <= values["granted_on"]:
        return "name", _("The family was delisted and is barred."), "barred"
    return None
