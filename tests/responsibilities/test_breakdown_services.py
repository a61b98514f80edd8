"""Filling the matrix: by hand, in bulk, by the standard's hints."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.audit.models import Entry
from chuangwen.core.errors import Refusal
from chuangwen.responsibilities import queries
from chuangwen.responsibilities.balance import OverloadRule
from chuangwen.responsibilities.models import Assignment, Collective, SplitCriterion
from chuangwen.responsibilities.services import (
    Cell,
    apply_hints,
    mark_split,
    name_collective,
    set_overload_rule,
    set_share,
    set_shares,
)
from tests.responsibilities.making import make_city
from tests.support.factories import make_check, make_place, make_place_type, make_unit, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_city()


def test_cell_is_set_changed_and_cleared_and_tells_what_stood_before(city):
    node, unit = city.node("1.1"), city.unit("城管局")
    assert set_share(city.campaign, node, unit, "lead", actor=city.office) == ""
    assert set_share(city.campaign, node, unit, "cooperate", actor=city.office) == "lead"
    assert city.cells() == {("1.1", "城管局"): "cooperate"}
    assert set_share(city.campaign, node, unit, "", actor=city.office) == "cooperate"
    assert city.cells() == {}


def test_setting_what_stands_writes_nothing(city):
    node, unit = city.node("1.1"), city.unit("城管局")
    set_share(city.campaign, node, unit, "lead", actor=city.office)
    entries = Entry.objects.count()
    assert set_share(city.campaign, node, unit, "lead", actor=city.office) == "lead"
    assert Entry.objects.count() == entries


def test_many_cells_change_with_one_entry_and_leave_the_others_alone(city):
    a, b = city.unit("甲局"), city.unit("乙局")
    first, second = city.node("1.1"), city.node("1.2")
    set_share(city.campaign, first, b, "cooperate", actor=city.office)
    set_share(city.campaign, second, b, "cooperate", actor=city.office)
    entries = Entry.objects.count()
    cells = [Cell(first.pk, a.pk, "lead"), Cell(second.pk, b.pk, ""), Cell(second.pk, a.pk, "")]
    assert set_shares(city.campaign, cells, origin="workbook", actor=city.office) == 2
    assert city.cells() == {("1.1", "甲局"): "lead", ("1.1", "乙局"): "cooperate"}
    assert Entry.objects.count() == entries + 1
    assert Assignment.objects.get(unit=a).origin == "workbook"
    assert Entry.objects.latest("pk").data["cells"] == [[first.pk, a.pk, "lead"], [second.pk, b.pk, ""]]


def test_clearing_two_cells_spares_the_crossing_ones(city):
    units = [city.unit("甲局"), city.unit("乙局")]
    nodes = [city.node("1.1"), city.node("1.2")]
    set_shares(
        city.campaign, [Cell(n.pk, u.pk, "lead") for n in nodes for u in units], origin="hand", actor=city.office
    )
    set_shares(
        city.campaign,
        [Cell(nodes[0].pk, units[0].pk, ""), Cell(nodes[1].pk, units[1].pk, "")],
        origin="hand",
        actor=city.office,
    )
    assert set(city.cells()) == {("1.1", "乙局"), ("1.2", "甲局")}


def test_one_cell_costs_the_same_however_full_the_matrix_is(city):
    unit, node = city.unit("甲局"), city.node("1.1")

    def cost(share):
        with CaptureQueriesContext(
            connection,
        ) as seen:
            set_share(city.campaign, node, unit, share, actor=city.office)
        return len(seen), sum(len(query["sql"]) for query in seen if "responsibilities" in query["sql"])

    set_share(city.campaign, node, unit, "cooperate", actor=city.office)
    before = cost("lead")
    others = [make_unit(city.root) for _ in range(20)]
    set_shares(city.campaign, [Cell(node.pk, one.pk, "cooperate") for one in others], origin="hand", actor=city.office)
    set_share(city.campaign, node, unit, "cooperate", actor=city.office)
    assert cost("lead")[0] == before[0]


def test_unknown_share_is_refused(city):
    with pytest.raises(Refusal, match="boss"):
        set_share(city.campaign, city.node("1.1"), city.unit("甲局"), "boss", actor=city.office)


def test_criterion_of_another_standard_is_refused_and_nothing_is_written(city):
    stranger = make_version(city.root.region).nodes.get(code="1.1")
    unit = city.unit("甲局")
    cells = [Cell(city.node("1.1").pk, unit.pk, "lead"), Cell(stranger.pk, unit.pk, "lead")]
    with pytest.raises(Refusal):
        set_shares(city.campaign, cells, origin="hand", actor=city.office)
    assert city.cells() == {}


def test_section_is_no_criterion(city):
    with pytest.raises(Refusal):
        set_share(city.campaign, city.node("1"), city.unit("甲局"), "lead", actor=city.office)
    with pytest.raises(Refusal):
        mark_split(city.campaign, city.node("1"), split=True, actor=city.office)


def test_unit_of_another_region_is_refused(city):
    with pytest.raises(Refusal):
        set_share(city.campaign, city.node("1.1"), make_unit(), "lead", actor=city.office)


def test_hints_fill_empty_criteria_and_mark_split_ones(city):
    lead, _east, _west = city.unit("城管部门"), city.street("东街道"), city.street("西街道")
    city.hint("1.1", "城管部门", "属地街道")
    city.hint("1.2", "各街道", "城管部门")
    city.hint("1.3", "无此部门")
    outcome = apply_hints(city.campaign, actor=city.office)
    assert outcome == (6, ["无此部门"])
    assert city.cells() == {
        ("1.1", "城管部门"): "lead", ("1.1", "东街道"): "cooperate", ("1.1", "西街道"): "cooperate",
        ("1.2", "东街道"): "lead", ("1.2", "西街道"): "lead", ("1.2", "城管部门"): "cooperate",
    }  # fmt: skip
    assert [one.node.code for one in SplitCriterion.objects.all()] == ["1.2"]
    assert Assignment.objects.filter(unit=lead).values_list("origin", flat=True).distinct().get() == "hint"
    assert apply_hints(city.campaign, actor=city.office) == (0, ["无此部门"])


def test_hints_leave_a_criterion_alone_that_somebody_has_filled(city):
    other = city.unit("文旅局")
    city.unit("城管部门")
    city.hint("1.1", "城管部门")
    set_share(city.campaign, city.node("1.1"), other, "cooperate", actor=city.office)
    assert apply_hints(city.campaign, actor=city.office).cells == 0
    assert city.cells() == {("1.1", "文旅局"): "cooperate"}


def test_split_mark_that_stands_is_not_set_again(city):
    city.street("东街道"), city.street("西街道")
    mark_split(city.campaign, city.hint("1.1", "各街道"), split=True, actor=city.office)
    apply_hints(city.campaign, actor=city.office)
    assert SplitCriterion.objects.count() == 1


def test_collective_named_by_the_office_is_known_to_the_hints(city):
    a, b = city.unit("移动公司"), city.unit("电信公司")
    city.unit("住建部门")
    city.hint("1.1", "通信企业", "住建部门")
    name_collective(city.root.region, " 通信企业 ", [a, b], actor=city.office)
    name_collective(city.root.region, "通信企业", [a, b], actor=city.office)
    assert Collective.objects.count() == 1
    assert apply_hints(city.campaign, actor=city.office) == (3, [])
    assert city.cells()["1.1", "移动公司"] == "cooperate"


@pytest.mark.parametrize("name", ["", "窗口单位"])
def test_collective_needs_a_name_and_units(city, name):
    units = [] if name else [city.unit("甲局")]
    with pytest.raises(Refusal):
        name_collective(city.root.region, name, units, actor=city.office)


def test_collective_takes_no_unit_of_another_region(city):
    with pytest.raises(Refusal):
        name_collective(city.root.region, "窗口单位", [make_unit()], actor=city.office)


def test_departments_in_charge_of_the_places_cooperate(city):
    street, market = city.street("东街道"), city.unit("商务局")
    lead = city.unit("文明办")
    kind = make_place_type(city.root.region)
    make_place(street, place_type=kind, department=market)
    make_place(street, department=lead)  # of another type: never looked at for this criterion
    make_check(city.node("1.1").version, kind)
    city.hint("1.1", "文明办", "各场所主管单位", "无此部门")
    city.hint("1.2", "各场所主管单位")
    assert apply_hints(city.campaign, actor=city.office) == (2, ["各场所主管单位", "无此部门"])
    assert city.cells() == {("1.1", "文明办"): "lead", ("1.1", "商务局"): "cooperate"}


def test_split_is_marked_and_taken_away(city):
    node = city.node("1.1")
    for name in ("东街道", "西街道"):
        set_share(city.campaign, node, city.street(name), "lead", actor=city.office)

    def overlaps():
        """The same, counted and asked for by the database."""
        rows = set(queries.overlap_rows(city.campaign).values_list("pk", flat=True))
        assert queries.counts_of(city.campaign).overlaps == rows
        return rows

    assert overlaps() == {node.pk}
    mark_split(city.campaign, node, split=True, actor=city.office)
    assert overlaps() == set()
    mark_split(city.campaign, node, split=False, actor=city.office)
    assert overlaps() == {node.pk}


def test_rule_for_overload_is_kept_for_the_region(city):
    region = city.root.region
    assert queries.overload_rule(region) == OverloadRule(1.5, 0)
    set_overload_rule(region, deviations=2, most=30, actor=city.office)
    region.refresh_from_db()
    assert queries.overload_rule(region) == OverloadRule(2.0, 30)


@pytest.mark.parametrize(("deviations", "most"), [(-1, 0), (11, 0), (1, -1), (1, 10_001)])
def test_rule_out_of_range_is_refused(city, deviations, most):
    with pytest.raises(Refusal):
        set_overload_rule(city.root.region, deviations=deviations, most=most, actor=city.office)


def test_leads_table_names_every_lead_of_one_version(city):
    a, b = city.unit("甲局"), city.unit("乙局")
    other = make_version(city.root.region)
    city.campaign.standards.create(region=city.root.region, version=other)
    set_share(city.campaign, city.node_of(other, "1.1"), a, "lead", actor=city.office)
    main = city.campaign.standards.get(is_main=True).version
    set_share(city.campaign, city.node_of(main, "1.2"), a, "lead", actor=city.office)
    set_share(city.campaign, city.node_of(main, "1.1"), b, "lead", actor=city.office)
    set_share(city.campaign, city.node_of(main, "1.1"), a, "cooperate", actor=city.office)
    assert queries.leads_table(city.campaign, main) == [("1.1", b.pk), ("1.2", a.pk)]


def test_gaps_are_counted_without_a_lead_only(city):
    set_share(city.campaign, city.node("1.1"), city.unit("甲局"), "lead", actor=city.office)
    set_share(city.campaign, city.node("1.2"), city.unit("乙局"), "cooperate", actor=city.office)
    counts = queries.counts_of(city.campaign)
    assert queries.gap_rows(city.campaign).count() == 2
    assert (counts.criteria, len(counts.gaps)) == (3, 2)
    assert queries.loads_of(city.campaign) == {city.units["甲局"].pk: 1, city.units["乙局"].pk: 1}
