"""The register's importer: the office's 点位信息表 in, with every column of the paper."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place, PlaceState
from chuangwen.places.queries import leader_names
from chuangwen.places.services import change_place_state, check_code, check_territory
from chuangwen.standards.models import PlaceType

UNIT_FIELDS = ("territory", "department", "keeper")
POINTERS = {"type": "place_type_id", **{name: f"{name}_id" for name in (*UNIT_FIELDS, "leader")}}
PLAIN = ("name", "address", "contact", "phone", "hours", "length", "batch")
BATCH = 500

STATE_OPTIONS = (
    Option("open", "在用", ("正常", "使用中", "营业", "正常营业", "开放", "启用", "In use")),
    Option("closed", "暂停", ("停用", "暂停使用", "停业", "停业整顿", "装修", "改造中", "关闭", "Closed for a time")),
    Option("gone", "已撤销", ("拆除", "已拆除", "注销", "已注销", "撤销", "取消", "不存在", "Gone")),
)


def _unit(key: str, label: str, label_en: str, aliases: tuple[str, ...], **more: Any) -> Field:
    return Field(key, label, aliases, kind="name", noun="单位", noun_en="unit", label_en=label_en, **more)


FIELDS = (
    Field("code", "编号", ("点位编号", "序列号", "编码", "点位编码"), required=True, kind="code", unique=True,
          label_en="Code", max_length=40, help="一处一个，不能重复；再次导入时按编号找到原来的点位"),
    Field("type", "类型", ("点位类型", "类别", "点位类别"), required=True, kind="name", noun="点位类型",
          noun_en="place type", label_en="Place type"),
    Field("name", "名称", ("点位名称", "点位"), required=True, label_en="Name", max_length=80),
    Field("address", "地址", ("详细地址", "位置", "地点"), label_en="Address", max_length=160),
    Field("contact", "联系人", ("点位联系人", "负责人"), label_en="Contact", max_length=40),
    Field("phone", "电话", ("联系电话", "联系方式", "手机"), kind="phone", label_en="Phone"),
    _unit("territory", "属地", "Territory", ("所属街道", "街道", "镇街", "所在社区", "社区", "属地单位"), required=True,
          help="镇街、社区或村"),
    _unit("department", "主管部门", "Department in charge", ("行业主管部门", "主管单位", "行业主管")),
    _unit("keeper", "责任单位", "Keeper", ("管理单位", "点位责任单位"), help="点位由谁管；没有归口规定的问题交给它"),
    Field("leader", "包联领导", ("包保领导", "联系领导", "挂点领导", "包联"), kind="name", noun="包联领导",
          noun_en="contracted leader", label_en="Contracted leader", help="职务或姓名"),
    Field("hours", "开放时间", ("营业时间", "开放时段"), label_en="Opening hours", max_length=80),
    Field("position", "坐标", ("经纬度", "位置坐标", "定位"), kind="coordinates", label_en="Coordinates",
          help="经度,纬度，如113.24466,29.85747"),
    Field("length", "长度", ("长度(米)", "道路长度", "全长"), kind="integer", minimum=1, maximum=200_000,
          label_en="Length in metres", help="只有道路填，单位是米"),
    Field("batch", "申报批次", ("批次", "申报"), label_en="Batch declared", max_length=40),
    Field("state", "状态", ("点位状态", "使用状态"), kind="choice", options=STATE_OPTIONS, label_en="State"),
)  # fmt: skip
LABELS = {one.key: one for one in FIELDS}


@dataclass(frozen=True, slots=True)
class Planned:
    """What a row asks for: the place (unsaved where new), the attributes that differ, the wanted state."""

    row: int
    place: Place
    is_new: bool
    before: dict[str, Any]
    after: dict[str, Any]
    state: str = ""

    @property
    def is_changed(self) -> bool:
        return not self.is_new and bool(self.after or self.state)


class PlaceImporter(UnitColumns):
    """Rows with a code that is known change that place; empty cells leave what is there."""

    key = "places"
    title = gettext_lazy("Import places")
    came_from = gettext_lazy("Register of places")
    paper = "点位信息表"
    noun = gettext_lazy("places of the register")
    permission = "places.edit"
    unit_keys = UNIT_FIELDS
    help = gettext_lazy("Places are found again by their code; an empty cell leaves what is there as it is.")

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        return FIELDS

    def resolvers(self, region: Region, context: Context) -> dict[str, Resolver]:
        types = list(PlaceType.objects.filter(region=region).values_list("pk", "name_zh", "name_en", "code"))
        leaders = leader_names(region)
        return super().resolvers(region, context) | {
            "type": resolver_of(
                [(pk, name) for pk, name, _en, _code in types],
                aliases=[(word, pk) for pk, _name, *words in types for word in words if word],
                remembered=remembered_names(region, "places.type"),
            ),
            "leader": resolver_of(
                [(pk, name) for pk, name, _others in leaders],
                aliases=[(other, pk) for pk, _name, others in leaders for other in others],
                remembered=remembered_names(region, "places.leader"),
            ),
        }

    def choices(self, key: str, region: Region, context: Context) -> Sequence[tuple[Hashable, str]]:
        if key == "type":
            return list(PlaceType.objects.filter(region=region).values_list("pk", "name_zh"))
        if key == "leader":
            return [(pk, name) for pk, name, _others in leader_names(region)]
        return super().choices(key, region, context)

    def check(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Iterable[RowFault]:
        wanted = {row.values["territory"] for row in rows}
        units = {unit.pk: unit for unit in Unit.objects.filter(region=region).only("name", "short_name", "branch")
                 if unit.pk in wanted}  # fmt: skip
        for row in rows:
            try:
                check_code(str(row.values["code"]))
            except Refusal as refusal:
                yield RowFault(row.number, "code", str(refusal))
            try:
                check_territory(units[row.values["territory"]])
            except Refusal as refusal:
                yield RowFault(row.number, "territory", str(refusal))

    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        return _summary(_plan(rows, region), _words(region))

    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        plan = _plan(rows, region)
        words = _words(region)
        told = _summary(plan, words)
        _save(plan, region, actor)
        record(
            "places.import",
            actor=actor,
            region=region.code,
            data={
                "file": source.name,
                "sha256": source.sha256,
                "new": [one.place.code for one in plan if one.is_new],
                "changed": {one.place.code: {"before": one.before, "after": one.after, "state": one.state}
                            for one in plan if one.is_changed},
            },
        )  # fmt: skip
        return told

    def done_url(self, context: Context) -> str:
        return reverse("places:list")


def _plan(rows: Sequence[ImportRow], region: Region) -> list[Planned]:
    """Each row against the register: one query whatever the rows."""
    known = {place.code: place for place in Place.objects.filter(region=region)}
    ad_hoc = set(PlaceType.objects.filter(region=region, ad_hoc=True).values_list("pk", flat=True))
    return [_planned(row, known.get(str(row.values["code"])), region, ad_hoc) for row in rows]


def _planned(row: ImportRow, known: Place | None, region: Region, ad_hoc: set[int]) -> Planned:
    wanted = _attributes(row)
    state = str(row.values["state"] or "")
    if known is None:
        fresh = Place(region=region, code=str(row.values["code"]), declared=wanted["place_type_id"] not in ad_hoc,
                      **wanted)  # fmt: skip
        return Planned(row.number, fresh, True, {}, wanted, "" if state == PlaceState.OPEN else state)
    after = {name: value for name, value in wanted.items() if getattr(known, name) != value}
    before = {name: getattr(known, name) for name in after}
    return Planned(row.number, known, False, before, after, "" if state == known.state else state)


def _attributes(row: ImportRow) -> dict[str, Any]:
    """The model's attributes that a row says something about."""
    values: dict[str, Any] = row.values
    found = {name: values[name] for name in PLAIN if values[name] is not None}
    found |= {attribute: values[key] for key, attribute in POINTERS.items() if values[key] is not None}
    if values["position"] is not None:
        found |= {"longitude": values["position"].longitude, "latitude": values["position"].latitude}
    return found


def _save(plan: Sequence[Planned], region: Region, actor: Any) -> None:
    """Write the plan: new places and changed facts in batches, states one by one through their workflow."""
    fresh = [one.place for one in plan if one.is_new]
    changed = [one for one in plan if not one.is_new and one.after]
    states = [one for one in plan if one.state]
    now = clock.now()
    for one in changed:
        for name, value in one.after.items():
            setattr(one.place, name, value)
        one.place.updated_at = now
    Place.objects.bulk_create(fresh, batch_size=BATCH)
    names = sorted({name for one in changed for name in one.after} | {"updated_at"})
    Place.objects.bulk_update([one.place for one in changed], names, batch_size=200)
    for one in states:
        change_place_state(one.place, one.state, actor=actor, reason=_("Said so in an imported workbook"))


def _words(region: Region) -> dict[str, dict[Any, str]]:
    """Names for keys, so that a change can be told: three queries."""
    units = dict(Unit.objects.filter(region=region).values_list("pk", "name"))
    types = dict(PlaceType.objects.filter(region=region).values_list("pk", "name_zh"))
    leaders = {pk: name for pk, name, _others in leader_names(region)}
    return {"place_type_id": types, "leader_id": leaders, **{f"{name}_id": units for name in UNIT_FIELDS}}


def _summary(plan: Sequence[Planned], words: dict[str, dict[Any, str]]) -> Summary:
    lines = []
    for one in plan:
        if one.is_new or one.is_changed:
            kind, text = ("new", "") if one.is_new else ("changed", _change_text(one, words))
            name = f"{one.place.code} {one.after.get('name', one.place.name)}"
            lines.append(Line(one.row, kind, name, text, reverse("places:place", args=[one.place.code])))
    new = sum(one.is_new for one in plan)
    return Summary(new, len(lines) - new, len(plan) - len(lines), lines)


def _change_text(one: Planned, words: dict[str, dict[Any, str]]) -> str:
    """电话 8811→8812；责任单位 —→市城管局."""
    labels = {**{name: LABELS[name].label for name in PLAIN},
              **{attribute: LABELS[key].label for key, attribute in POINTERS.items()},
              "longitude": _("Longitude"), "latitude": _("Latitude")}  # fmt: skip
    parts = []
    for name, value in one.after.items():
        known = words.get(name, {})
        old = one.before[name]
        parts.append(f"{labels[name]} {known.get(old, old) or '—'}→{known.get(value, value)}")
    if one.state:
        parts.append(f"{LABELS['state'].label} {one.place.get_state_display()}→{PlaceState(one.state).label}")
    return "；".join(parts)
