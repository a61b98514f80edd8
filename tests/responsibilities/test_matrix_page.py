"""The matrix on screen: who sees it, what it shows, each cell saved by itself."""

from __future__ import annotations

import io
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from chuangwen.accounts.roles import Role
from chuangwen.organizations.enums import Branch
from chuangwen.responsibilities.models import SplitCriterion, TaskState
from chuangwen.responsibilities.queries import matrix as matrix_queries
from chuangwen.responsibilities.queries.matrix import View, matrix_of
from chuangwen.responsibilities.services import apply_hints, mark_split, set_share
from tests.responsibilities.making import make_city
from tests.support.factories import make_task, make_unit, make_user, make_version

pytestmark = pytest.mark.django_db
PAGE = "/breakdown/"


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def office(city, sign_in):
    return sign_in(city.office)


def fill(city, code, unit, share="lead"):
    set_share(city.campaign, city.node(code), unit, share, actor=city.office)


def sent(city, code, unit, share, was=""):
    return {"node": city.node(code).pk, "unit": unit.pk, "share": share, "was": was}


def test_matrix_shows_lines_before_territories_and_marks_gap_and_overlap(city, office):
    street, a, b = city.street("东街道"), city.unit("甲局"), city.unit("乙局")
    for unit in (a, b):
        fill(city, "1.2", unit)
    fill(city, "1.1", street)
    answer = office.get(PAGE)
    matrix = answer.context["matrix"]
    assert [(column.unit, column.cut) for column in matrix.columns] == [(a, False), (b, True), (street, False)]
    assert (matrix.lines, matrix.territories, matrix.pages) == (2, 1, 1)
    html = answer.content.decode()
    assert f'id="cw-row-{city.node("1.3").pk}" class="is-gap"' in html
    assert f'id="cw-row-{city.node("1.2").pk}" class="is-overlap"' in html
    assert html.count('data-share="lead"') == 3


def test_matrix_costs_the_same_queries_for_one_duty_and_for_many(city, office):
    units = [city.unit(f"{n}局") for n in range(8)]
    fill(city, "1.1", units[0])

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert office.get(PAGE).status_code == 200
        return len(seen)

    office.get(PAGE)
    before = cost()
    for unit in units[1:]:
        for code in ("1.1", "1.2", "1.3"):
            fill(city, code, unit, "cooperate")
    assert cost() == before


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("show=gap", ["1.3"]),
        ("show=overlap", ["1.2"]),
        ("show=objected", ["1.1"]),
        ("show=heavy", []),
        ("method=survey", []),
        ("method=field", ["1.1", "1.2", "1.3"]),
        ("show=nonsense&page=x&standard=y&section=z", ["1.1", "1.2", "1.3"]),
        ("section=999999999", []),
    ],
)
def test_matrix_is_narrowed_by_its_address(city, office, query, codes):
    a, b = city.unit("甲局"), city.unit("乙局")
    fill(city, "1.1", a), fill(city, "1.2", a), fill(city, "1.2", b)
    make_task(a, campaign=city.campaign, node=city.node("1.1"), state=TaskState.OBJECTED)
    matrix = office.get(f"{PAGE}?{query}").context["matrix"]
    assert [row.node.code for section in matrix.sections for row in section.rows] == codes


def test_overloaded_units_are_shown_alone_with_their_criteria(city, office):
    heavy = city.unit("城管局")
    for n in range(6):
        fill(city, "1.3", city.unit(f"{n}局"), "cooperate")
    for code in ("1.1", "1.2"):
        fill(city, code, heavy)
    answer = office.get(f"{PAGE}?show=heavy")
    matrix = answer.context["matrix"]
    assert [column.unit for column in matrix.columns] == [heavy]
    assert [row.node.code for section in matrix.sections for row in section.rows] == ["1.1", "1.2"]
    assert "is-over" in answer.content.decode()


def test_sets_of_units_and_pages_of_them(city, monkeypatch):
    monkeypatch.setattr(matrix_queries, "PAGE_UNITS", 2)
    street, a, b, c = city.street("东街道"), city.unit("甲局"), city.unit("乙局"), city.unit("丙局")
    below = make_unit(a, name="甲局一科")
    fill(city, "1.1", c)

    def units(**fields):
        return [column.unit for column in matrix_of(city.campaign, View(**fields)).columns]

    assert units() == [c]
    assert units(units="all") == [a, below]
    assert units(units="all", page=3) == [street]
    assert units(units="all", page=99) == [street]
    assert units(units=str(Branch.TERRITORY)) == [street]
    assert units(units=str(Branch.LINE), page=2) == [b, c]
    assert units(units=str(a.pk)) == [a, below]
    assert units(units="all", page=0) == [a, below, b, c, street]
    assert matrix_of(city.campaign, View(units="all")).pages == 3


def test_pages_of_units_lead_to_each_other(city, office, monkeypatch):
    monkeypatch.setattr(matrix_queries, "PAGE_UNITS", 1)
    city.unit("甲局"), city.unit("乙局"), city.unit("丙局")
    html = office.get(f"{PAGE}?units=all&page=2").content.decode()
    assert "page=1" in html
    assert "page=3" in html


def test_second_standard_comes_after_the_main_one_and_can_be_chosen(city, office):
    city.unit("甲局")
    other = make_version(city.root.region, leaves=1)
    city.campaign.standards.create(region=city.root.region, version=other)
    matrix = office.get(PAGE).context["matrix"]
    assert [section.node.version_id == other.pk for section in matrix.sections] == [False, True]
    matrix = office.get(f"{PAGE}?standard={other.pk}").context["matrix"]
    assert (len(matrix.sections), matrix.rows) == (1, 1)


def test_empty_matrix_says_why(city, office):
    assert office.get(PAGE).status_code == 200
    city.campaign.standards.all().delete()
    city.unit("甲局")
    assert office.get(PAGE).context["matrix"].counts.criteria == 0


def test_reader_sees_the_matrix_and_cannot_write(city, sign_in):
    unit = city.unit("甲局")
    fill(city, "1.1", unit)
    client = sign_in(make_user(Role.LEADER, city.root))
    assert "data-split-url" not in client.get(PAGE).content.decode()
    for name in ("cell", "split", "hints", "rule", "names"):
        assert client.post(reverse(f"responsibilities:{name}"), {}).status_code == 403


def test_liaison_gets_her_units_sheet_and_never_anothers(city, sign_in):
    own, other = city.unit("甲局"), city.unit("乙局")
    fill(city, "1.1", own), fill(city, "1.2", other)
    client = sign_in(city.liaison(own))
    assert client.get(PAGE).url == reverse("responsibilities:sheet", args=[own.pk])
    assert client.get(reverse("responsibilities:sheet", args=[own.pk])).status_code == 200
    assert client.get(reverse("responsibilities:sheet", args=[other.pk])).status_code == 404
    assert client.get(reverse("responsibilities:matrix_workbook")).status_code == 403


def test_liaison_of_several_units_or_of_none_gets_a_list(city, sign_in):
    above = city.unit("甲局")
    below = make_unit(above, name="甲局一科")
    client = sign_in(city.liaison(above))
    assert client.get(PAGE).context["loads"] == []
    fill(city, "1.1", above), fill(city, "1.2", below)
    assert [one.unit for one in client.get(PAGE).context["loads"]] == [above, below]


def test_saved_cell_answers_with_itself_and_with_what_it_changed(city, office):
    unit = city.unit("甲局")
    answer = office.post(
        reverse("responsibilities:cell"),
        sent(city, "1.1", unit, "lead") | {"cut": "1"},
        headers={"HX-Current-URL": "http://testserver/breakdown/?units=all"},
    )
    html = answer.content.decode()
    assert html.startswith('<td class="is-cut" data-before="" data-share="lead">')
    assert f'id="cw-load-{unit.pk}" hx-swap-oob="true">1<' in html
    assert "units=all" in html
    assert "HX-Trigger" not in answer
    assert city.cells() == {("1.1", "甲局"): "lead"}


def test_cell_changed_by_somebody_else_meanwhile_is_saved_and_both_are_told(city, office):
    unit = city.unit("甲局")
    fill(city, "1.1", unit, "cooperate")
    answer = office.post(reverse("responsibilities:cell"), sent(city, "1.1", unit, "lead", was=""))
    told = json.loads(answer["HX-Trigger"])["cw:toast"]["text"]
    assert "配合" in told
    assert "牵头" in told
    assert 'data-before="cooperate"' in answer.content.decode()
    assert city.cells() == {("1.1", "甲局"): "lead"}


def test_cell_is_cleared(city, office):
    unit = city.unit("甲局")
    fill(city, "1.1", unit)
    answer = office.post(reverse("responsibilities:cell"), sent(city, "1.1", unit, "", was="lead"))
    assert answer.content.decode().startswith('<td data-before="lead"></td>')
    assert city.cells() == {}


@pytest.mark.parametrize(
    "change", [{"node": "0"}, {"node": "x"}, {"share": "boss"}, {"unit": "999999999"}, {"node": "999999999"}]
)
def test_cell_that_cannot_be_is_not_found(city, office, change):
    unit = city.unit("甲局")
    values = sent(city, "1.1", unit, "lead") | change
    assert office.post(reverse("responsibilities:cell"), values).status_code == 404


def test_cell_of_another_region_is_not_found(city, office):
    mine, theirs = city.unit("甲局"), make_unit()
    values = sent(city, "1.1", mine, "lead") | {"unit": theirs.pk}
    assert office.post(reverse("responsibilities:cell"), values).status_code == 404
    foreign = make_version().nodes.get(code="1.1")
    values = sent(city, "1.1", mine, "lead") | {"node": foreign.pk}
    assert office.post(reverse("responsibilities:cell"), values).status_code == 404


def test_cells_are_saved_by_post_alone(city, office):
    assert office.get(reverse("responsibilities:cell")).status_code == 405


def test_split_is_switched_on_and_off(city, office):
    node = city.node("1.1")
    address = reverse("responsibilities:split")
    assert "data-split" in office.post(address, {"node": node.pk, "split": "1"}).content.decode()
    assert SplitCriterion.objects.count() == 1
    assert office.post(address, {"node": node.pk}).status_code == 200
    assert SplitCriterion.objects.count() == 0
    assert office.post(address, {"node": "x"}).status_code == 404


def test_hints_are_filled_in_and_unknown_names_explained(city, office):
    city.unit("城管部门")
    a, b = city.unit("移动公司"), city.unit("电信公司")
    city.hint("1.1", "城管部门")
    city.hint("1.2", "通信企业", "城管部门")
    answer = office.post(reverse("responsibilities:hints"))
    names = reverse("responsibilities:names")
    assert answer.url == names
    page = office.get(names)
    assert [(one["name"], one["n"]) for one in page.context["unknown"]] == [("通信企业", 1)]
    assert office.post(names, {"name": "通信企业"}).status_code == 422
    assert office.post(names, {"name": "通信企业", "units": [a.pk, b.pk]}).status_code == 302
    assert office.get(names).context["unknown"] == []
    assert office.post(reverse("responsibilities:hints")).url == PAGE


def test_departments_of_places_are_unknown_where_no_place_has_one(city, office):
    city.hint("1.1", "各场所主管单位")
    assert [one["name"] for one in office.get(reverse("responsibilities:names")).context["unknown"]] == [
        "各场所主管单位"
    ]


def test_rule_is_changed_and_wrong_figures_are_kept_on_the_page(city, office):
    address = reverse("responsibilities:rule")
    assert office.get(address).status_code == 200
    assert office.post(address, {"deviations": "-1", "most": "5"}).status_code == 422
    assert office.post(address, {"deviations": "2", "most": ""}).url == PAGE
    city.root.region.refresh_from_db()
    assert city.root.region.settings["breakdown"] == {"deviations": 2.0, "most": 0}
    office.post(address, {"deviations": "2", "most": "9"})
    assert office.get(PAGE).context["rule"].most == 9


def test_whole_matrix_goes_to_excel_with_symbols_and_load(city, office):
    a, b, street = city.unit("甲局"), city.unit("乙局"), city.street("东街道")
    fill(city, "1.1", a), fill(city, "1.1", b, "cooperate"), fill(city, "1.2", a), fill(city, "1.2", b)
    fill(city, "1.3", street), fill(city, "1.3", city.street("西街道"))
    mark_split(city.campaign, city.node("1.3"), split=True, actor=city.office)
    answer = office.get(reverse("responsibilities:matrix_workbook"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[2][4:] == ["甲局", "乙局", "东街道", "西街道", "单位"]
    assert rows[4][4:] == ["●", "○", "", "", 2]
    assert [row[3] for row in rows[4:7]] == ["", "2家牵头", "分片牵头"]
    assert rows[7][4:8] == [2, 2, 1, 1]


def test_empty_matrix_goes_to_excel_with_its_gaps(city, office):
    answer = office.get(reverse("responsibilities:matrix_workbook"))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[3] for row in rows[4:7]] == ["无牵头"] * 3


def test_each_unit_has_its_sheet_in_one_workbook(city, office, sign_in):
    a, b = city.unit("甲局"), city.unit("乙局")
    fill(city, "1.1", a), fill(city, "1.1", b, "cooperate"), fill(city, "1.2", a)
    address = reverse("responsibilities:sheets_workbook")
    book = CalamineWorkbook.from_filelike(io.BytesIO(office.get(address).content))
    assert book.sheet_names == ["甲局", "乙局"]
    rows = book.get_sheet_by_name("甲局").to_python()
    assert [row[0] for row in rows[2:4]] == ["1.1", "1.2"]
    assert rows[2][4:] == ["牵头", "甲局", "乙局", ""]  # nothing was handed on
    own = sign_in(city.liaison(b)).get(address)
    assert CalamineWorkbook.from_filelike(io.BytesIO(own.content)).sheet_names == ["乙局"]


def test_workbook_without_duties_says_so(city, office):
    book = CalamineWorkbook.from_filelike(io.BytesIO(office.get(reverse("responsibilities:sheets_workbook")).content))
    assert book.sheet_names == ["还没有分工"]


def test_sheet_is_shown_printed_and_saved(city, office):
    unit = city.unit("甲局", short_name="甲")
    fill(city, "1.1", unit, "cooperate")
    make_task(unit, campaign=city.campaign)
    address = reverse("responsibilities:sheet", args=[unit.pk])
    page = office.get(address)
    assert (page.context["sheet"].leads, page.context["sheet"].cooperates, len(page.context["tasks"])) == (0, 1, 1)
    assert "cw-signature" in office.get(f"{address}?format=print").content.decode()
    book = CalamineWorkbook.from_filelike(io.BytesIO(office.get(f"{address}?format=xlsx").content))
    assert book.sheet_names == ["甲"]


def test_screens_speak_english_too(city, office):
    city.hint("1.1", "城管部门")
    city.unit("城管部门")
    apply_hints(city.campaign, actor=city.office)
    office.cookies["django_language"] = "en"
    assert "Breakdown of duties" in office.get(PAGE).content.decode()
