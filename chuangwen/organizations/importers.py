"""The office's own workbooks of units and of liaisons (联络员表)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import Any, ClassVar, cast

from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.imports import Importer, Line, RowFault, Source, Summary
from chuangwen.core.imports.importer import Context
from chuangwen.core.models import Region
from chuangwen.core.workbooks.mapping import Field, Option
from chuangwen.core.workbooks.names import Resolver
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.organizations.enums import Branch, PostKind, Slot, UnitKind
from chuangwen.organizations.models import LONGEST_ALIAS, Holding, Post, Unit
from chuangwen.organizations.naming import plain
from chuangwen.organizations.queries import lasting, name_index, unit_choices, unit_resolver, units_today
from chuangwen.organizations.services import (
    create_unit,
    edit_unit,
    hold_post,
    name_post,
    remember_alias,
    retitle_post,
)

KINDS = {
    UnitKind.PARTY: ("党委部门", "党委"), UnitKind.GOVERNMENT: ("政府部门", "政府", "局"),
    UnitKind.MASS: ("群团组织", "群团"),
    UnitKind.VERTICAL: ("垂直管理单位", "垂管", "条管"), UnitKind.COMPANY: ("企业", "公司"),
    UnitKind.INSTITUTION: ("事业单位",), UnitKind.SCHOOL: ("学校",), UnitKind.HOSPITAL: ("医院",),
    UnitKind.STREET: ("街道",), UnitKind.TOWN: ("镇", "乡镇"), UnitKind.COMMUNITY: ("社区",), UnitKind.VILLAGE: ("村",),
    UnitKind.OFFICE: ("内设处室", "处室", "科室", "股室", "庭室"), UnitKind.OTHER: ("其他",),
}  # fmt: skip


class UnitColumns(Importer):
    """For papers that name units in the columns `unit_keys`; what is explained of one is the unit's alias for all."""

    unit_keys: ClassVar[tuple[str, ...]] = ("unit",)

    def resolvers(self, region: Region, context: Context) -> dict[str, Resolver]:
        return dict.fromkeys(self.unit_keys, unit_resolver(region))

    def choices(self, key: str, region: Region, context: Context) -> Sequence[tuple[Hashable, str]]:
        return unit_choices(region) if key in self.unit_keys else super().choices(key, region, context)

    def remember(self, key: str, text: str, value: Hashable, *, region: Region, actor: Any) -> None:
        if key in self.unit_keys:
            unit = Unit.objects.get(region=region, pk=cast("int", value))
            remember_alias(unit, text[:LONGEST_ALIAS], actor=actor)
        else:
            super().remember(key, text, value, region=region, actor=actor)


class _OwnImporter(UnitColumns):
    """What both importers do alike."""

    def choices(self, key: str, region: Region, context: Context) -> Sequence[tuple[Hashable, str]]:
        return [(unit.pk, str(unit)) for unit in units_today(region).filter(depth__gt=1)]

    def done_url(self, context: Context) -> str:
        return reverse("organizations:units")


class UnitImporter(_OwnImporter):
    """Units with their place in the tree. A row whose code is known changes that unit."""

    key = "units"
    title = gettext_lazy("Import units")
    came_from = gettext_lazy("Units and posts")
    paper = gettext_lazy("Unit table")
    noun = gettext_lazy("units")
    permission = "organizations.edit"
    help = gettext_lazy("A unit with the same code is changed; no unit is ever deleted by an import.")
    unit_keys = ("line_authority",)
    _texts: ClassVar[tuple[str, ...]] = ("name", "short_name", "kind", "branch", "peer_group")

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        kinds = tuple(Option(str(kind), words[0], words[1:]) for kind, words in KINDS.items())
        branches = (Option(Branch.LINE, "条", ("部门", "条线")), Option(Branch.TERRITORY, "块", ("属地", "街道乡镇")))
        return (
            Field(
                "code", "编号", ("单位编号", "代码", "序号"), required=True, kind="code", unique=True, label_en="Code"
            ),
            Field(
                "name",
                "单位名称",
                ("单位", "名称", "单位全称"),
                required=True,
                unique=True,
                label_en="Unit",
                max_length=80,
            ),
            Field("short_name", "简称", ("单位简称",), label_en="Short name", max_length=30),
            Field("parent", "上级单位", ("上级", "隶属", "主管单位"), label_en="Below", max_length=80),
            Field("kind", "类别", ("单位类别", "性质"), kind="choice", options=kinds, label_en="Kind"),
            Field("branch", "条块", ("条或块",), kind="choice", options=branches, label_en="Line or territory"),
            Field("line_authority", "业务主管", ("条线主管", "上级主管部门"), kind="name", label_en="Line authority"),
            Field("peer_group", "考核组", ("分组", "考核类别"), label_en="Peer group", max_length=40),
        )

    def check(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Iterable[RowFault]:
        index = name_index(region)
        known = {plain(str(row.values["name"])): str(row.values["code"]) for row in rows}
        codes = dict(units_today(region).values_list("pk", "code"))
        root = Unit.objects.get(region=region, depth=1)
        for row in rows:
            parent = row.values.get("parent")
            if not parent or plain(str(parent)) == plain(root.name):
                continue
            if code := known.get(plain(str(parent))):
                if {codes[pk] for pk in index.resolve(str(parent)).units} - {code}:
                    message = _("Several units are called “%s”.") % parent + _("Write the parent's full name.")
                    yield RowFault(row.number, "parent", message, "several")
                continue
            if len(index.resolve(str(parent)).units) != 1:
                message = (
                    _("“%s” is no unit here and in no row of this file. Correct the name or add the unit.") % parent
                )
                yield RowFault(row.number, "parent", message, "unknown-parent")
        for row in _circling(rows):
            message = _("“%s” is below itself: the rows name each other as parent. Correct one of them.")
            yield RowFault(row.number, "parent", message % row.values["name"], "circle")

    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        known = {unit.code: unit for unit in Unit.objects.filter(region=region)}
        lines, unchanged = [], 0
        for row in rows:
            unit = known.get(str(row.values["code"]))
            name = str(row.values["name"])
            if unit is None:
                lines.append(Line(row.number, "new", name))
            elif changes := self._changes(unit, row):
                text = "；".join(f"{getattr(unit, key) or '—'}→{value}" for key, value in changes.items())
                lines.append(Line(row.number, "changed", name, text, reverse("organizations:unit", args=[unit.pk])))
            else:
                unchanged += 1
        return Summary.of(lines, unchanged)

    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        summary = self.preview(rows, region=region, context=context)
        root = Unit.objects.get(region=region, depth=1)
        known = {unit.code: unit for unit in Unit.objects.filter(region=region)}
        waiting = list(rows)
        while waiting:
            index = name_index(region)
            left = [row for row in waiting if not self._place(row, root, index, known, actor)]
            if len(left) == len(waiting):  # a name that two units bear by now; `check` found the rest
                text = "、".join(sorted({str(row.values["parent"]) for row in left}))
                raise Refusal(_("Several units are called “%s”.") % text, _("Write the parent's full name."))
            waiting = left
        record("organizations.unit.import", root, actor=actor, data=source.told(summary))
        return summary

    def _place(self, row: ImportRow, root: Unit, index: Any, known: dict[str, Unit], actor: Any) -> bool:
        """Write one row if its parent is there by now."""
        parent = str(row.values.get("parent") or "")
        units: tuple[int, ...] = index.resolve(parent).units if parent else ()
        if not parent or plain(parent) == plain(root.name):
            self._add(row, root, known, actor)
        elif len(units) == 1:
            self._add(row, Unit.objects.get(pk=units[0]), known, actor)
        else:
            return False
        return True

    def _add(self, row: ImportRow, parent: Unit, known: dict[str, Unit], actor: Any) -> None:
        code = str(row.values["code"])
        unit = known.get(code)
        if unit is not None:
            if changes := self._changes(unit, row):
                edit_unit(unit, actor=actor, **changes)
            return
        facts = {key: row.values[key] for key in self._texts if row.values.get(key)}
        facts["line_authority_id"] = row.values.get("line_authority")
        known[code] = create_unit(parent, actor=actor, code=code, **cast("Any", facts))

    def _changes(self, unit: Unit, row: ImportRow) -> dict[str, Any]:
        """What the row says otherwise; an empty cell says nothing."""
        return {k: row.values[k] for k in self._texts if row.values.get(k) and row.values[k] != getattr(unit, k)}


def _circling(rows: Sequence[ImportRow]) -> list[ImportRow]:
    """The rows that stand, by their parents in the same file, below themselves."""
    by_name = {plain(str(row.values["name"])): row for row in rows}
    above = {name: plain(str(row.values.get("parent") or "")) for name, row in by_name.items()}
    found = []
    for name, row in by_name.items():
        step, seen = above[name], {name}
        while step in above and step not in seen:
            seen.add(step)
            step = above[step]
        if step == name:
            found.append(row)
    return found


class LiaisonImporter(_OwnImporter):
    """联络员表: unit, A and B person, title, mobile, from and until."""

    key = "liaisons"
    title = gettext_lazy("Import liaisons")
    came_from = gettext_lazy("Units and posts")
    paper = gettext_lazy("Liaison table")
    noun = gettext_lazy("units' liaisons")
    permission = "organizations.edit"
    help = gettext_lazy(
        "Who holds the post now ends the day before; people who are not here yet are added without a password."
    )

    def fields(self, region: Region, context: Context) -> Sequence[Field]:
        return (
            Field(
                "unit",
                "单位",
                ("责任单位", "单位名称"),
                required=True,
                kind="name",
                unique=True,
                noun="单位",
                label_en="Unit",
            ),
            Field("a", "A角", ("A角姓名", "联络员", "姓名"), required=True, label_en="A person", max_length=40),
            Field("a_phone", "A角手机", ("手机", "电话", "联系电话"), kind="phone", label_en="A person's mobile"),
            Field("b", "B角", ("B角姓名",), label_en="B person", max_length=40),
            Field("b_phone", "B角手机", (), kind="phone", label_en="B person's mobile"),
            Field("title", "职务", ("岗位",), label_en="Title", max_length=60),
            Field("starts", "起始日期", ("起止日期", "任职时间", "开始日期"), kind="date", label_en="From"),
        )

    def check(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Iterable[RowFault]:
        """Persons who could be meant twice, and holders who began too late to be followed: three queries."""
        people = People(region)
        present = _held(region)
        for row in rows:
            starts = cast("Any", row.values.get("starts")) or clock.today()
            for slot in (Slot.A, Slot.B):
                key = slot.lower()
                if not (name := str(row.values.get(key) or "")):
                    continue
                if message := people.doubt(name, str(row.values.get(f"{key}_phone") or "")):
                    yield RowFault(row.number, key, message, "person")
                holding = present.get((row.values["unit"], slot))
                if holding and holding.user.name != name and holding.starts >= starts:
                    message = _("%(holder)s holds this since %(day)s. Write a later date.")
                    told = {"holder": holding.user, "day": holding.starts}
                    yield RowFault(row.number, "starts", message % told, "too-early")

    def preview(self, rows: Sequence[ImportRow], *, region: Region, context: Context) -> Summary:
        present = {key: holding.user.name for key, holding in _held(region).items()}
        units = {unit.pk: unit for unit in units_today(region)}
        lines, unchanged = [], 0
        for row in rows:
            unit = units[cast("int", row.values["unit"])]
            wanted = {slot: row.values.get(slot.lower()) for slot in ("A", "B")}
            now = {slot: present.get((unit.pk, slot)) for slot in wanted}
            changes = [f"{slot}:{now[slot] or '—'}→{who}" for slot, who in wanted.items() if who and who != now[slot]]
            if not changes:
                unchanged += 1
            else:
                kind = "changed" if any(now.values()) else "new"
                lines.append(Line(row.number, kind, str(unit), "；".join(changes)))
        return Summary.of(lines, unchanged)

    def write(
        self, rows: Sequence[ImportRow], *, region: Region, actor: Any, context: Context, source: Source
    ) -> Summary:
        summary = self.preview(rows, region=region, context=context)
        units = {unit.pk: unit for unit in units_today(region)}
        for row in rows:
            unit = units[cast("int", row.values["unit"])]
            post = _liaison_post(unit, str(row.values.get("title") or ""), actor)
            starts = cast("Any", row.values.get("starts")) or clock.today()
            for slot in (Slot.A, Slot.B):
                if name := row.values.get(slot.lower()):
                    person = _person(region, str(name), str(row.values.get(f"{slot.lower()}_phone") or ""))
                    hold_post(post, person, slot=slot, starts=starts, actor=actor)
        root = Unit.objects.get(region=region, depth=1)
        record("organizations.liaison.import", root, actor=actor, data=source.told(summary))
        return summary


def _held(region: Region) -> dict[tuple[Any, str], Holding]:
    """Who holds the units' liaison posts today, by (unit, slot): one query."""
    held = Holding.objects.filter(lasting(), region=region, post__kind=PostKind.LIAISON)
    return {(holding.post.unit_id, holding.slot): holding for holding in held.select_related("user", "post")}


def _liaison_post(unit: Unit, title: str, actor: Any) -> Post:
    """The unit's liaison post, under the title of the paper: a unit has one, whatever its holder is called."""
    post = unit.posts.filter(kind=PostKind.LIAISON).order_by("pk").first()
    if post is None:
        return name_post(unit, PostKind.LIAISON, title or "联络员", actor=actor)
    return retitle_post(post, title, actor=actor) if title else post


class People:
    """The region's people by mobile and by name, to see who a row could mean: one query."""

    def __init__(self, region: Region) -> None:
        self.by_phone: dict[str, str] = {}
        self.called: Counter[str] = Counter()
        for name, phone in get_user_model().objects.filter(region=region).values_list("name", "phone"):
            self.called[name] += 1
            if phone:
                self.by_phone[phone] = name

    def doubt(self, name: str, phone: str) -> str:
        """Why it is not certain who is meant, with the way out; "" where it is."""
        if phone and self.by_phone.get(phone, name) != name:
            told = {"phone": phone, "name": self.by_phone[phone]}
            return _("The mobile %(phone)s belongs to %(name)s. Correct the name or the mobile.") % told
        if not phone and self.called[name] > 1:
            return _("Several people are called %s. Write the mobile too.") % name
        return ""


def _person(region: Region, name: str, phone: str) -> Any:
    """The person of this region by mobile, else by name; one who is not there yet is added without a password."""
    people = get_user_model().objects.filter(region=region)
    found = people.filter(phone=phone).first() if phone else people.filter(name=name).first()
    if found:
        return found
    base = phone or f"{region.code}-{plain(name)}"
    number, username = 1, base
    while get_user_model().objects.filter(username=username).exists():
        number += 1
        username = f"{base}-{number}"
    return get_user_model().objects.create_user(username, name=name, phone=phone, region=region)
