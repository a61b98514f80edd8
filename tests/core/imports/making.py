"""A small importer for the wizard's tests: it keeps shops as words remembered in core, and books to upload."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import openpyxl

from chuangwen.core.errors import Refusal
from chuangwen.core.imports import Importer, Line, RowFault, Summary, remembered_names
from chuangwen.core.models import RememberedName
from chuangwen.core.workbooks.mapping import Field
from chuangwen.core.workbooks.names import resolver_of
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.organizations.models import Unit

HEADER = ("编号", "名称", "牵头", "属地", "数量")


class ShopImporter(Importer):
    """Rows become `RememberedName` rows of the realm "shop", so that no area's model is needed."""

    key = "shops"
    title = "导入店铺"
    came_from = "店铺"
    paper = "店铺表"
    noun = "处店铺"
    permission = "places.edit"
    refuse = False

    def fields(self, region, context):
        return (
            Field("code", "编号", kind="code", required=True, unique=True, label_en="code", max_length=20),
            Field("name", "名称", required=True, max_length=40),
            Field("lead", "牵头", kind="name", noun="单位", noun_en="unit"),
            Field("areas", "属地", kind="name", many=True, noun="单位", noun_en="unit"),
            Field("number", "数量", kind="integer", minimum=0),
        )

    def resolvers(self, region, context):
        units = list(Unit.objects.filter(region=region).values_list("pk", "name"))
        return {
            key: resolver_of(units, remembered=remembered_names(region, f"shops.{key}")) for key in ("lead", "areas")
        }

    def choices(self, key, region, context):
        return list(Unit.objects.filter(region=region).values_list("pk", "name"))

    def check(self, rows, *, region, context) -> Iterable[RowFault]:
        return [RowFault(row.number, "number", "不能是13。") for row in rows if row.values["number"] == 13]

    def preview(self, rows: Sequence[ImportRow], *, region, context) -> Summary:
        kept = dict(RememberedName.objects.filter(region=region, realm="shop").values_list("text", "value"))
        lines = []
        for row in rows:
            value = _value(row)
            if row.values["code"] not in kept:
                lines.append(Line(row.number, "new", str(row.values["name"])))
            elif kept[row.values["code"]] != value:
                lines.append(Line(row.number, "changed", str(row.values["name"]), "x→y"))
        new = sum(line.kind == "new" for line in lines)
        return Summary(new, len(lines) - new, len(rows) - len(lines), lines)

    def write(self, rows, *, region, actor, context, source) -> Summary:
        told = self.preview(rows, region=region, context=context)
        for row in rows:
            RememberedName.objects.update_or_create(
                region=region, realm="shop", text=row.values["code"], defaults={"value": _value(row)}
            )
            if self.refuse:
                raise Refusal("不行。", "以后再试。")
        return told

    def done_url(self, context):
        return "/desk/"


def _value(row: ImportRow) -> Any:
    return [row.values["name"], row.values["lead"], list(row.values["areas"]), row.values["number"]]


def book(*rows: Sequence[Any], header: Sequence[Any] = HEADER, before: Sequence[Sequence[Any]] = ()) -> bytes:
    """A workbook with a header and rows on its only sheet."""
    made = openpyxl.Workbook()
    sheet = made.active
    for row in (*before, header, *rows):
        sheet.append(list(row))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def shops() -> dict[str, Any]:
    """What was imported: code -> value."""
    return dict(RememberedName.objects.filter(realm="shop").values_list("text", "value"))
