"""The office's list of titled units comes in as it is; what no programme may be passed by is a fault of its cell."""

from __future__ import annotations

from datetime import date

from chuangwen.audit.models import Entry
from chuangwen.core.imports import Source
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.honors.importers import TitleImporter
from chuangwen.honors.models import Award
from chuangwen.honors.services import delist
from chuangwen.organizations.models import UnitAlias
from tests.honors.making import make_programme

IMPORTER = TitleImporter()
SOURCE = Source("名册.xlsx", "0" * 64)
DAY = date(2023, 12, 8)


def row(house, unit, level, number=2, day=DAY, **values):
    whole = {"unit": unit.pk, "title": house.title(level).pk, "granted_on": day, "document": "〔2023〕1号"}
    return ImportRow(number, whole | values)


def faults(house, *rows):
    found = IMPORTER.check(rows, region=house.root.region, context={})
    return [(fault.row, fault.field, fault.code) for fault in found]


def test_rows_become_titles_and_the_same_rows_change_nothing(house):
    office = house.offices[house.bureau.pk][0]
    rows = [
        row(house, house.bureau, "city", held_since=date(2019, 1, 1), plaque="市012"), row(house, office, "civil", 3),
        row(house, office, "model", 4),
    ]  # fmt: skip
    assert faults(house, *rows) == []
    region = house.root.region
    summary = IMPORTER.write(rows, region=region, actor=house.office, context={}, source=SOURCE)
    assert (summary.new, summary.unchanged, len(summary.lines)) == (3, 0, 3)
    first = Award.objects.get(unit=house.bureau)
    assert (first.plaque, first.held_since, first.granted_on) == ("市012", date(2019, 1, 1), DAY)
    again = IMPORTER.write(rows, region=region, actor=house.office, context={}, source=SOURCE)
    assert (again.new, again.unchanged, Award.objects.count()) == (0, 3, 3)
    assert Entry.objects.filter(action="honors.award.import").count() == 2


def test_what_entering_by_hand_refuses_is_a_fault_of_its_cell(house):
    make_programme(house)
    office = house.offices[house.bureau.pk][0]
    delist(house.give(house.other, "city"), reason="r", decided_by="d", document="1", actor=house.office)
    rows = [
        row(house, house.bureau, "city", 2, date(2026, 12, 1)), row(house, house.bureau, "civil", 3),
        row(house, house.bureau, "province", 4, date(2026, 11, 10)),
        row(house, house.other, "city", 5, date(2026, 11, 18)), row(house, office, "model", 6),
    ]  # fmt: skip
    assert faults(house, *rows) == [
        (2, "granted_on", "ahead"), (3, "title", "kind"), (4, "granted_on", "programme"), (5, "unit", "barred"),
        (6, "title", "uncivil"),
    ]  # fmt: skip


def test_names_are_resolved_and_remembered(house):
    region = house.root.region
    found = IMPORTER.resolvers(region, {})
    assert found["unit"]("市水利局").value == house.bureau.pk
    assert found["title"]("省级文明单位").value == house.title("province").pk
    IMPORTER.remember("unit", "水利", house.bureau.pk, region=region, actor=house.office)
    IMPORTER.remember("title", "省级", house.title("province").pk, region=region, actor=house.office)
    assert UnitAlias.objects.get().unit == house.bureau
    assert IMPORTER.resolvers(region, {})["title"]("省级").value == house.title("province").pk
    assert (house.title("city").pk, "市级文明单位") in IMPORTER.choices("title", region, {})
    assert len(IMPORTER.choices("unit", region, {})) == 22
    assert IMPORTER.done_url({}) == "/titles/"
    assert [field.label for field in IMPORTER.fields(region, {})] == [
        "单位", "称号", "命名日期", "持有起始", "文号", "牌匾编号",
    ]  # fmt: skip
