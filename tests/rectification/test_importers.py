"""The 问题归口表 comes in as the office keeps it."""

from __future__ import annotations

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core.imports import Source
from chuangwen.core.workbooks.rows import ImportRow
from chuangwen.organizations.enums import Branch
from chuangwen.organizations.models import UnitAlias
from chuangwen.rectification.importers import RoutingRuleImporter
from chuangwen.rectification.models import RoutingRule
from chuangwen.rectification.services import save_rule
from tests.rectification.making import make_city
from tests.support.factories import make_place_type, make_unit, make_user

pytestmark = pytest.mark.django_db
IMPORTER = RoutingRuleImporter()
SOURCE = Source("归口表.xlsx", "0" * 64)


def row(city, number=2, **values):
    whole = {"problem_type": city.problem_type.pk, "place_type": (), "lead": (city.line.pk,), "territory": ()}
    return ImportRow(number, {**whole, **values})


def write(city, *rows):
    return IMPORTER.write(rows, region=city.region, actor=city.office, context={}, source=SOURCE)


def faults(city, *rows):
    return [(fault.row, fault.field, fault.code) for fault in IMPORTER.check(rows, region=city.region, context={})]


def cases():
    rules = RoutingRule.objects.filter(ends__isnull=True).order_by("pk")
    return [(rule.place_type, rule.territory, rule.lead) for rule in rules]


def test_row_becomes_a_rule_for_each_of_its_cases():
    city = make_city()
    other = make_place_type(city.region)
    summary = write(city, row(city, place_type=(city.place_type.pk, other.pk), territory=(city.street.pk,)))
    assert (summary.new, summary.changed, summary.unchanged) == (2, 0, 0)
    assert cases() == [(city.place_type, city.street, city.line), (other, city.street, city.line)]
    assert set(RoutingRule.objects.values_list("origin", flat=True)) == {"workbook"}
    assert Entry.objects.filter(action="rectification.rule.import").count() == 1


def test_same_rows_again_change_nothing():
    city = make_city()
    write(city, row(city))
    summary = write(city, row(city))
    assert (summary.new, summary.changed, summary.unchanged, RoutingRule.objects.count()) == (0, 0, 1, 1)


def test_another_lead_ends_the_rule_and_says_so_before():
    city = make_city()
    save_rule(city.problem_type, None, None, lead=city.other_line, actor=None)
    summary = IMPORTER.preview([row(city)], region=city.region, context={})
    assert [(line.kind, line.name, line.text) for line in summary.lines] == [
        ("changed", "占道经营", "市交警大队→城管局")
    ]
    write(city, row(city))
    assert cases() == [(None, None, city.line)]
    assert RoutingRule.objects.count() == 2


def test_all_streets_lead_each_in_its_own_territory():
    city = make_city()
    second = make_unit(city.root, branch=Branch.TERRITORY)
    assert faults(city, row(city, lead=(city.street.pk, second.pk))) == []
    write(city, row(city, lead=(city.street.pk, second.pk)))
    assert cases() == [(None, city.street, city.street), (None, second, second)]


def test_several_leads_that_are_no_streets_are_a_fault():
    city = make_city()
    several = row(city, lead=(city.line.pk, city.other_line.pk))
    placed = row(city, number=3, lead=(city.street.pk, city.line.pk), territory=(city.street.pk,))
    assert faults(city, several, placed) == [(2, "lead", "several-leads"), (3, "lead", "several-leads")]


def test_two_rows_for_one_case_are_a_fault():
    city = make_city()
    assert faults(city, row(city), row(city, number=5)) == [(5, "problem_type", "twice")]
    assert faults(city, row(city), row(city, number=5, territory=(city.street.pk,))) == []


def test_names_are_resolved_and_remembered():
    city = make_city()
    resolvers = IMPORTER.resolvers(city.region, {})
    assert resolvers["problem_type"]("占道经营").value == city.problem_type.pk
    assert resolvers["place_type"](city.place_type.code).value == city.place_type.pk
    assert resolvers["lead"]("城管局").value == city.line.pk
    IMPORTER.remember("lead", "城管", city.line.pk, region=city.region, actor=city.office)
    IMPORTER.remember("problem_type", "占道", city.problem_type.pk, region=city.region, actor=city.office)
    assert UnitAlias.objects.get().unit == city.line
    assert IMPORTER.resolvers(city.region, {})["problem_type"]("占道").value == city.problem_type.pk


def test_choices_are_those_of_the_region():
    city = make_city()
    make_city()
    assert IMPORTER.choices("problem_type", city.region, {}) == [(city.problem_type.pk, "占道经营")]
    assert IMPORTER.choices("place_type", city.region, {}) == [(city.place_type.pk, "农贸市场")]
    assert len(IMPORTER.choices("lead", city.region, {})) == 3


def test_fields_are_the_columns_of_the_paper():
    city = make_city()
    labels = [field.label for field in IMPORTER.fields(city.region, {})]
    assert labels == ["问题类型", "点位类型", "牵头(条)", "属地(块)"]
    assert IMPORTER.done_url({}) == "/problems/rules/"


def test_wizard_is_the_offices(sign_in):
    city = make_city()
    assert sign_in(city.office).get("/imports/routing-rules/").status_code == 200
    assert sign_in(make_user(Role.LIAISON, city.line)).get("/imports/routing-rules/").status_code in {403, 404}
