"""The office's own workbooks of road sections (路段分包表) and shop fronts (门前三包台账)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.imports import Line, RowFault, Source, Summary, remembered_names
from chuangwen.core.imports.importer import Context
from chuangwen.core.models import Region
from chuangwen.core.workbooks.mapping import Field, Option
from chuangwen.core.workbooks.names import Resolver, resolver_of
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.organizations.importers import UnitColumns
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.queries import lasting
from chuangwen.places.models import Place, PlaceState
from chuangwen.places.queries import leader_names
from chuangwen.responsibilities.enums import RoadSide
from chuangwen.responsibilities.models import RoadSection, ShopFront
from chuangwen.responsibilities.queries.roads import metres_words
from chuangwen.responsibilities.services.roads import (
    SectionFacts,
    change_section,
    check_section,
    contract_section,
    keep_front,
)

SIDES = (
    Option("both", "两侧", ("双侧", "全部", "Both sides")),
    Option("left", "左侧", ("左", "单号侧", "Left side")),
    Option("right", "右侧", ("右", "双号侧", "Right side")),
)
LEDGER = {"keeps_clean": ("包卫生", "卫生", "Keeps it clean"), "keeps_order": ("包秩序", "秩序", "Keeps order"),
          "keeps_green": ("包绿化", "绿化", "Keeps the green")}  # fmt: skip


def _road_field() -> Field:
    return Field("road", "道路", ("路名", "道路名称", "路段", "街道名称", "路段名称"), required=True, kind="name",
                 noun="道路", noun_en="road", label_en="Road", help="点位登记里有长度的道路，写名称或编号")  # fmt: skip


def _metre(key: str, label: str, label_en: str, aliases: tuple[str, ...]) -> Field:
    return Field(key, label, aliases, required=True, kind="integer", minimum=0, maximum=200_000, label_en=label_en)


def _roads(region: Region) -> list[tuple[int, str, str]]:
    rows = Place.objects.filter(region=region, length__isnull=False).exclude(state=PlaceState.GONE)
    return list(rows.values_list("pk", "name", "code"))


class _RoadImporter(UnitColumns):
    """What both share: the road and units by the office's names for them."""

    permission = "responsibilities.edit"

    def resolvers(self, region: Region, context: Context) -> dict[str, Resolver]:
        known = _roads(region)
        roads = resolver_of(
            [(pk, name) for pk, name, _code in known], aliases=[(code, pk) for pk, _name, code in known],
            remembered=remembered_names(region, f"{self.key}.road"),
        )  # fmt: skip
        return super().resolvers(region, context) | {"road": roads}

    def choices(self, key: str, region: Region, context: Context) -> Sequence[tuple[Hashable, str]]:
        if key == "road":
            return [(pk, f"{name} {code}") for pk, name, code in _roads(region)]
        return super().choices(key, region, context)


class SectionImporter(_RoadImporter):
    """Metres from and to, by side where wanted; the same metres of the same road again change that contract."""

    key = "sections"
    title = gettext_lazy("Import road sections")
    came_from = gettext_lazy("Roads by sections")
    paper = "路段分包表"
    noun = gettext_lazy("road sections")
    together = (("road", "starts_at", "ends_at", "side"),)
    help = gettext_lazy("The same metres of the same road again change that contract; no other contract is ended.")

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        return (
            _road_field(),
            _metre("starts_at", "起点米数", "From metre", ("起", "起点", "起(米)", "从", "起点(米)")),
            _metre("ends_at", "止点米数", "To metre", ("止", "止点", "止(米)", "到", "终点", "终点(米)", "止点(米)")),
            Field("side", "哪一侧", ("侧", "方位", "路侧", "单双侧"), kind="choice", options=SIDES, label_en="Side"),
            Field("between", "起止位置", ("起止点", "起止地点", "路段起止"), label_en="From where to where",
                  max_length=120),
            Field("unit", "责任单位", ("包干单位", "分包单位", "包保单位"), required=True, kind="name", noun="单位",
                  noun_en="unit", label_en="Responsible unit"),
            Field("post", "责任岗位", ("责任人", "路段长", "责任人职务"), label_en="Post", max_length=60,
                  help="责任单位已登记的职务"),
            Field("leader", "包联领导", ("包保领导", "联系领导", "分包领导"), kind="name", noun="包联领导",
                  noun_en="contracted leader", label_en="Contracted leader"),
            Field("starts", "起始日期", ("开始日期", "责任起始", "签订日期"), kind="date", label_en="From which day",
                  help="不写就从今天起"),
        )  # fmt: skip

    def resolvers(self, region: Region, context: Context) -> dict[str, Resolver]:
        leaders = leader_names(region)
        return super().resolvers(region, context) | {
            "leader": resolver_of(
                [(pk, name) for pk, name, _others in leaders],
                aliases=[(other, pk) for pk, _name, others in leaders for other in others],
                remembered=remembered_names(region, "sections.leader"),
            )
        }

    def choices(self, key: str, region: Region, context: Context) -> Sequence[tuple[Hashable, str]]:
        if key == "leader":
            return [(pk, name) for pk, name, _others in leader_names(region)]
        return super().choices(key, region, context)

    def check(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Iterable[RowFault]:
        world = _World(region)
        for row in rows:
            title = row.values["post"]
            if title and (row.values["unit"], title) not in world.posts:
                words = _("“%(title)s” is no post of %(unit)s. Name the post there first, or leave the cell empty.")
                yield RowFault(row.number, "post", words % {"title": title, "unit": world.units[row.values["unit"]]})
            try:
                check_section(world.roads[cast("int", row.values["road"])], world.facts(row))
            except Refusal as refusal:
                yield RowFault(row.number, "ends_at", str(refusal))

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
                contract_section(world.roads[cast("int", row.values["road"])], facts, actor=actor, tell=False)
            elif world.differs(present, facts):
                change_section(present, facts, actor=actor)
        record("responsibilities.sections.import", actor=actor, region=region.code, data=source.told(summary))
        return summary

    def done_url(self, context: Context) -> str:
        return reverse("responsibilities:roads")


class _World:
    """A region's roads, units, posts and contracts of today: four queries for any number of rows."""

    def __init__(self, region: Region) -> None:
        self.roads = {road.pk: road for road in Place.objects.filter(region=region, length__isnull=False)}
        self.units = {unit.pk: unit for unit in Unit.objects.filter(region=region)}
        self.all_posts = {post.pk: post for post in Post.objects.filter(region=region)}
        self.posts = {(post.unit_id, post.title): post for post in self.all_posts.values()}
        now = RoadSection.objects.filter(lasting(), region=region).select_related("road", "unit", "region")
        self.now = {(one.road_id, one.starts_at, one.ends_at, one.side): one for one in now}

    def present(self, row: ImportRow) -> RoadSection | None:
        values = row.values
        key = (values["road"], values["starts_at"], values["ends_at"], values["side"] or RoadSide.BOTH)
        return self.now.get(cast("Any", key))

    def facts(self, row: ImportRow) -> SectionFacts:
        """What the row asks for; an empty cell leaves what stands there."""
        values: dict[str, Any] = row.values
        old = self.present(row)
        unit = self.units[values["unit"]]
        post = self.posts.get((unit.pk, values["post"] or ""))
        if post is None and old is not None and old.unit_id == unit.pk and not values["post"]:
            post = self.all_posts.get(old.post_id or 0)
        leader = self.all_posts.get(values["leader"] or (old.leader_id if old else 0) or 0)
        return SectionFacts(
            values["starts_at"], values["ends_at"], unit, values["starts"] or (old.starts if old else clock.today()),
            values["side"] or RoadSide.BOTH, values["between"] or (old.between if old else ""), post, leader,
        )  # fmt: skip

    def differs(self, present: RoadSection, facts: SectionFacts) -> bool:
        keys = ("unit_id", "post_id", "leader_id", "between", "starts")
        wanted = (
            facts.unit.pk, facts.post.pk if facts.post else None, facts.leader.pk if facts.leader else None,
            facts.between, facts.starts,
        )  # fmt: skip
        return tuple(getattr(present, key) for key in keys) != wanted

    def summary(self, rows: Sequence[ImportRow]) -> Summary:
        lines = []
        for row in rows:
            facts, present = self.facts(row), self.present(row)
            if present is None or self.differs(present, facts):
                road = self.roads[cast("int", row.values["road"])]
                name = f"{road.name} {metres_words(facts.starts_at, facts.ends_at)}"
                url = reverse("responsibilities:road", args=[road.code])
                lines.append(Line(row.number, "changed" if present else "new", name, str(facts.unit), url))
        return Summary.of(lines, len(rows) - len(lines))


class FrontImporter(_RoadImporter):
    """Shops by road and house number; the same door again changes what stands there."""

    key = "fronts"
    title = gettext_lazy("Import shop fronts")
    came_from = gettext_lazy("Shop fronts")
    paper = "门前三包台账"
    noun = gettext_lazy("shop fronts")
    together = (("road", "number"),)
    help = gettext_lazy("Shops are found again by road and house number; an empty cell leaves what is there as it is.")

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        return (
            _road_field(),
            Field("number", "门牌号", ("门牌", "门牌号码", "铺号"), required=True, kind="code", label_en="House number",
                  max_length=30),
            Field("name", "门店名称", ("店名", "单位名称", "商户名称", "商铺名称", "门店"), required=True,
                  label_en="Shop", max_length=80),
            Field("side", "哪一侧", ("侧", "方位", "路侧"), kind="choice", options=SIDES, label_en="Side"),
            Field("unit", "监管单位", ("责任社区", "社区", "所属社区", "属地", "监督单位"), required=True, kind="name",
                  noun="单位", noun_en="unit", label_en="Supervised by"),
            *(Field(key, label, (short,), kind="yes_no", label_en=english)
              for key, (label, short, english) in LEDGER.items()),
            Field("signed_on", "签订日期", ("签约日期", "签订时间", "责任书签订日期"), kind="date",
                  label_en="Signed on"),
        )  # fmt: skip

    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        return _front_summary(_planned(rows, region))

    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        plan = _planned(rows, region)
        summary = _front_summary(plan)
        for _row, front, after in plan:
            if after:
                for name, value in after.items():
                    setattr(front, name, value)
                keep_front(front, actor=actor)
        record("responsibilities.fronts.import", actor=actor, region=region.code, data=source.told(summary))
        return summary

    def done_url(self, context: Context) -> str:
        return reverse("responsibilities:fronts")


def _planned(rows: Sequence[ImportRow], region: Region) -> list[tuple[ImportRow, ShopFront, dict[str, Any]]]:
    """Each row with its shop, unsaved where new, and what differs: two queries for any number of rows."""
    roads = {road.pk: road for road in Place.objects.filter(region=region, length__isnull=False)}
    there = ShopFront.objects.filter(region=region, closed_on__isnull=True).select_related("road", "region", "unit")
    known = {(front.road_id, front.number): front for front in there}
    plan = []
    for row in rows:
        values: dict[str, Any] = row.values
        key = (values["road"], str(values["number"]))
        front = known.get(key) or ShopFront(region=region, road=roads[key[0]], number=key[1])
        wanted = {"unit_id": values["unit"]} | {
            name: values[name] for name in ("name", "side", *LEDGER, "signed_on") if values[name] is not None
        }
        after = {name: value for name, value in wanted.items() if front.pk is None or getattr(front, name) != value}
        plan.append((row, front, after))
    return plan


def _front_summary(plan: Sequence[tuple[ImportRow, ShopFront, dict[str, Any]]]) -> Summary:
    lines = [
        Line(row.number, "changed" if front.pk else "new", f"{front.road.name}{front.number}", str(row.values["name"]))
        for row, front, after in plan
        if after
    ]
    return Summary.of(lines, len(plan) - len(lines))
