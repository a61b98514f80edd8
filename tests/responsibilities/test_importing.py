"""The office's own 责任分解表 through the wizard's rows, and through a real workbook."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.test import RequestFactory
from django.urls import reverse

from chuangwen.audit.models import Entry
from chuangwen.core.errors import Missing
from chuangwen.core.imports import Source
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.organizations.models import UnitAlias
from chuangwen.responsibilities.importers import BreakdownImporter
from chuangwen.responsibilities.models import SplitCriterion
from chuangwen.responsibilities.services import name_collective, set_share
from tests.responsibilities.making import make_city
from tests.support.factories import make_version

pytestmark = pytest.mark.django_db
IMPORTER = BreakdownImporter()
SOURCE = Source("分解表.xlsx", "0" * 64)


@pytest.fixture
def city():
    made = make_city()
    for name in ("城管局", "住建局"):
        made.unit(name)
    for name in ("东街道", "西街道"):
        made.street(name)
    return made


def rows(city, *told):
    """Rows of (code, leads, cooperates) with units by name."""
    return [
        ImportRow(
            n,
            {
                "criterion": city.node(code).pk,
                "leads": tuple(city.units[name].pk for name in leads),
                "cooperates": tuple(city.units[name].pk for name in others),
            },
        )
        for n, (code, leads, others) in enumerate(told, 2)
    ]


def take_in(city, *told):
    given = {"region": city.root.region, "context": {"campaign": city.campaign.pk}}
    return IMPORTER.write(rows(city, *told), actor=city.office, source=SOURCE, **given)


def test_rows_fill_the_matrix_and_the_same_rows_again_change_nothing(city):
    told = ("1.1", ["城管局"], ["东街道", "西街道"]), ("1.2", ["住建局"], [])
    summary = take_in(city, *told)
    assert (summary.new, summary.changed, summary.unchanged) == (2, 0, 0)
    assert summary.lines[0].text == "牵头：城管局；配合：东街道、西街道"
    assert city.cells() == {
        ("1.1", "城管局"): "lead", ("1.1", "东街道"): "cooperate", ("1.1", "西街道"): "cooperate",
        ("1.2", "住建局"): "lead",
    }  # fmt: skip
    assert Entry.objects.latest("pk").data["sha256"] == SOURCE.sha256
    again = take_in(city, *told)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 2)


def test_file_replaces_what_it_names_and_an_empty_cell_says_nothing(city):
    take_in(city, ("1.1", ["城管局"], ["东街道"]), ("1.2", ["城管局"], []))
    summary = take_in(city, ("1.1", ["住建局"], []))
    assert summary.lines[0].kind == "changed"
    assert summary.lines[0].text == "牵头：住建局；不再分工：城管局"
    assert city.cells() == {
        ("1.1", "住建局"): "lead", ("1.1", "东街道"): "cooperate", ("1.2", "城管局"): "lead"
    }  # fmt: skip


def test_unit_named_twice_leads(city):
    take_in(city, ("1.1", ["城管局"], ["城管局"]))
    assert city.cells() == {("1.1", "城管局"): "lead"}


def test_rows_of_one_criterion_for_many_places_add_up_and_are_split(city):
    take_in(city, ("1.1", ["东街道"], ["城管局"]), ("1.1", ["西街道"], ["城管局"]), ("1.2", ["城管局"], []))
    assert city.cells()["1.1", "西街道"] == "lead"
    assert [one.node.code for one in SplitCriterion.objects.all()] == ["1.1"]
    take_in(city, ("1.1", ["东街道", "西街道"], []))
    assert SplitCriterion.objects.count() == 1


def test_several_departments_in_the_lead_stay_an_overlap(city):
    take_in(city, ("1.1", ["城管局", "住建局"], []))
    assert SplitCriterion.objects.count() == 0


def test_criterion_is_known_by_code_words_and_both(city):
    region = city.root.region
    other = make_version(region, leaves=1)
    city.campaign.standards.create(region=region, version=other)
    resolve = IMPORTER.resolvers(region, {"campaign": city.campaign.pk})["criterion"]
    for text in ("1.2", "标准2", "1.2 标准2"):
        assert resolve(text).value == city.campaign.standards.get(is_main=True).version.nodes.get(code="1.2").pk
    assert resolve("不相干的话").value is None
    IMPORTER.remember("criterion", "路面干净", city.node_of(other, "1.1").pk, region=region, actor=city.office)
    again = IMPORTER.resolvers(region, {"campaign": city.campaign.pk})["criterion"]
    assert again("路面干净").value == city.node_of(other, "1.1").pk


def test_units_are_known_by_name_kind_and_collective_and_remembered(city):
    region, units = city.root.region, city.units
    name_collective(region, "窗口单位", [units["城管局"], units["住建局"]], actor=city.office)
    resolve = IMPORTER.resolvers(region, {"campaign": city.campaign.pk})["leads"]
    assert resolve("城管局").value == units["城管局"].pk
    assert set(resolve("各街道").values) == {units["东街道"].pk, units["西街道"].pk}
    assert set(resolve("窗口单位").values) == {units["城管局"].pk, units["住建局"].pk}
    assert [one.label for one in resolve("城管局局").candidates][:1] == ["城管局"]
    IMPORTER.remember("leads", "综合执法局", units["城管局"].pk, region=region, actor=city.office)
    assert UnitAlias.objects.get(name="综合执法局").unit == units["城管局"]


def test_choices_are_the_criteria_and_the_units(city):
    context = {"campaign": city.campaign.pk}
    assert next(label for _pk, label in IMPORTER.choices("criterion", city.root.region, context)) == "1.1 标准1"
    assert len(IMPORTER.choices("leads", city.root.region, context)) == 4


def test_nobody_without_a_campaign_gets_in(city):
    from tests.support.factories import make_user

    request = RequestFactory().get("/")
    request.user, request.session = make_user(), {}
    with pytest.raises(Missing):
        IMPORTER.context_from(request)


def test_offices_workbook_comes_in_through_the_wizard(city, sign_in):
    set_share(city.campaign, city.node("1.2"), city.units["住建局"], "lead", actor=city.office)
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (["责任分解表"], ["标准号", "牵头单位", "配合单位"], ["1.1", "城管局", "住建局、各街道"]):
        sheet.append(row)
    data = io.BytesIO()
    book.save(data)
    data.seek(0)
    data.name = "分解表.xlsx"
    client = sign_in(city.office)
    address = reverse("core:import", args=["breakdown"])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"file": data}, follow=True)
    assert answer.status_code == 200
    assert "/imports/breakdown/" in answer.redirect_chain[-1][0]
