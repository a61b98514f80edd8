"""The office's own workbook of units' rules (制度目录)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.imports import Line, RowFault, Source, Summary
from chuangwen.core.imports.importer import Context
from chuangwen.core.models import Region
from chuangwen.core.workbooks.mapping import Field
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.organizations.importers import UnitColumns
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.queries import units_today
from chuangwen.responsibilities.forms.recurring import phrase_fault
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.models import HouseRule, HouseRuleState
from chuangwen.responsibilities.queries.house_rules import Charge, charge_named, in_force
from chuangwen.responsibilities.services.house_rules import (
    LONGEST_TITLE,
    HouseRuleFacts,
    change_house_rule,
    check_house_rule,
    enter_house_rule,
    facts_of,
)


class HouseRuleImporter(UnitColumns):
    """A rule is found again by unit and title; the same again changes what the catalogue says of it."""

    key = "house-rules"
    title = gettext_lazy("Import house rules")
    came_from = gettext_lazy("House rules")
    paper = "制度目录"
    noun = gettext_lazy("house rules")
    permission = "responsibilities.edit"
    together = (("unit", "title"),)
    help = gettext_lazy(
        "A rule in force is found again by unit and title; an empty cell leaves what is there as it is."
    )

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        return (
            Field("unit", "单位", ("单位名称", "所属单位", "制定单位"), required=True, kind="name", noun="单位",
                  noun_en="unit", label_en="Unit"),
            Field("title", "制度名称", ("制度", "名称", "规章制度名称"), required=True, label_en="Title",
                  max_length=LONGEST_TITLE),
            Field("number", "文号", ("编号", "制度编号", "发文字号"), label_en="Number of the paper", max_length=60),
            Field("since", "施行日期", ("生效日期", "实施日期", "起始日期", "发布日期"), kind="date",
                  label_en="In force since", help="新制度不写就从今天起"),
            Field("until", "废止日期", ("失效日期", "有效期至", "截止日期"), kind="date", label_en="In force until"),
            Field("answers", "责任组织", ("责任处室", "责任科室", "责任部门", "责任岗位", "责任人"), max_length=60,
                  label_en="Who answers for it", help="本单位已登记的内设机构或职务；新制度必填"),
            Field("often", "检查频次", ("落实检查频次", "检查周期", "多久查一次"), label_en="How often it is checked",
                  max_length=80, help="如每季度、每月25日前"),
            Field("checker", "检查组织", ("检查部门", "检查处室", "检查人", "监督部门"), label_en="Who checks it",
                  max_length=60, help="本单位、上级单位、本单位内设机构或职务"),
        )  # fmt: skip

    def check(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Iterable[RowFault]:
        world = _World(region)
        for row in rows:
            fault = world.fault(row)
            if fault:
                yield fault
                continue
            try:
                check_house_rule(world.unit(row), world.facts(row))
            except Refusal as refusal:
                yield RowFault(row.number, "title", str(refusal))

    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        return _World(region).summary(rows)

    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        world = _World(region)
        summary = world.summary(rows)
        for row in rows:
            facts, present = world.facts(row), world.present(row)
            if present is None:
                enter_house_rule(world.unit(row), facts, actor=actor)
            elif facts_of(present) != facts:
                change_house_rule(present, facts, actor=actor)
        record("responsibilities.houserules.import", actor=actor, region=region.code, data=source.told(summary))
        return summary

    def done_url(self, context: Context) -> str:
        return reverse("responsibilities:house_rules")


class _World:
    """A region's units, posts and rules in force: four queries for any number of rows."""

    def __init__(self, region: Region) -> None:
        self.units = {unit.pk: unit for unit in Unit.objects.filter(region=region)}
        self.by_path = {unit.path: unit for unit in self.units.values()}
        self.below: defaultdict[str, list[Unit]] = defaultdict(list)
        for unit in units_today(region):
            self.below[unit.path[: -Unit.steplen]].append(unit)
        self.posts: defaultdict[int, list[Post]] = defaultdict(list)
        for post in Post.objects.filter(region=region).order_by("pk"):
            post.unit = self.units[post.unit_id]
            self.posts[post.unit_id].append(post)
        rows = HouseRule.objects.filter(in_force(), region=region, state=HouseRuleState.HOLDS)
        related = ("unit", "region", "office", "post", "checker", "checker_post")
        self.now = {(rule.unit_id, rule.title): rule for rule in rows.select_related(*related)}

    def unit(self, row: ImportRow) -> Unit:
        return self.units[cast("int", row.values["unit"])]

    def present(self, row: ImportRow) -> HouseRule | None:
        return self.now.get((self.unit(row).pk, str(row.values["title"]).strip()))

    def charges(self, unit: Unit) -> list[Charge]:
        offices = [Charge(office=one) for one in self.below[unit.path]]
        return [*offices, *(Charge(post=one) for one in self.posts[unit.pk])]

    def checkers(self, unit: Unit) -> list[Charge]:
        above = self.by_path.get(unit.path[: -Unit.steplen])
        return [Charge(office=unit), *([Charge(office=above)] if above else []), *self.charges(unit)]

    def fault(self, row: ImportRow) -> RowFault | None:
        """What a cell says that cannot be read: who answers, who checks, how often."""
        unit = self.unit(row)
        for key, several in (("answers", self.charges(unit)), ("checker", self.checkers(unit))):
            text = row.values[key]
            if text and charge_named(several, str(text)) is None:
                words = _("“%(text)s” is neither an office nor a post of %(unit)s. Enter it there first.")
                return RowFault(row.number, key, words % {"text": text, "unit": unit})
        often = row.values["often"]
        if often and (words := phrase_fault(str(often))):
            return RowFault(row.number, "often", words)
        return None

    def facts(self, row: ImportRow) -> HouseRuleFacts:
        """What the row asks for; an empty cell leaves what stands there."""
        values: dict[str, Any] = row.values
        unit, present = self.unit(row), self.present(row)
        old = facts_of(present) if present else HouseRuleFacts("", clock.today(), Charge())
        answers = charge_named(self.charges(unit), values["answers"]) if values["answers"] else None
        checker = charge_named(self.checkers(unit), values["checker"]) if values["checker"] else None
        return HouseRuleFacts(
            str(values["title"]).strip(), values["since"] or old.since, answers or old.answers,
            values["number"] or old.number, values["until"] or old.until,
            schedule_of(values["often"]) if values["often"] else old.schedule, checker or old.checker,
        )  # fmt: skip

    def summary(self, rows: Sequence[ImportRow]) -> Summary:
        lines = []
        for row in rows:
            facts, present = self.facts(row), self.present(row)
            if present is None or facts_of(present) != facts:
                url = reverse("responsibilities:house_rule", args=[present.pk]) if present else ""
                kind = "changed" if present else "new"
                lines.append(Line(row.number, kind, facts.title, str(self.unit(row)), url))
        return Summary.of(lines, len(rows) - len(lines))
