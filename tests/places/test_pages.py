"""The register's pages: list, one place, form, states, map, plates."""

from __future__ import annotations

import io
import re

import openpyxl
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core.models import Region
from chuangwen.places.models import Place
from chuangwen.places.plates import plate_code, plate_url
from chuangwen.places.queries import plate_target, register_plate_opener
from chuangwen.places.search import search_places
from tests.places.making import HEADER
from tests.support.factories import make_place, make_root, make_unit, make_user

pytestmark = pytest.mark.once


@pytest.fixture
def market(city):
    return make_place(
        city.east, code="NM-01", name="东关农贸市场", place_type=city.market, keeper=city.order, address="东关路1号",
        phone="0730-8812345", contact="王师傅", longitude=113.2, latitude=29.8, batch="第一批",
    )  # fmt: skip


@pytest.fixture
def browser(sign_in, office):
    cache.clear()
    return sign_in(office)


PAGES = ["/places/", "/places/map/", "/places/points.geojson", "/places/NM-01/"]
EDITING = ["/places/new/", "/places/plates/", "/places/NM-01/edit/", "/places/NM-01/state/", "/places/import/"]


@pytest.mark.parametrize("address", [*PAGES, *EDITING[:-1]])
def test_page_opens_for_the_office(browser, market, address):
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize("address", PAGES)
def test_page_opens_for_the_keeper_but_not_its_changes(city, market, sign_in, address):
    keeper = sign_in(make_user(Role.KEEPER, city.order))
    assert keeper.get(address).status_code == 200
    assert {keeper.get(one).status_code for one in EDITING} == {403}


def test_pages_of_another_region_and_another_unit_are_not_found(city, market, sign_in):
    for stranger in (make_user(Role.OFFICE, make_root()), make_user(Role.LIAISON, make_unit(city.root))):
        other = sign_in(stranger)
        assert other.get("/places/NM-01/").status_code == 404
        assert other.get("/places/points.geojson").json()["features"] == []
        assert "东关农贸市场" not in other.get("/places/").content.decode()
    other = sign_in(make_user(Role.OFFICE, make_root()))
    for address in ("/places/NM-01/edit/", "/places/NM-01/state/"):
        assert (other.get(address).status_code, other.post(address).status_code) == (404, 404)


def test_page_without_the_permission_is_denied(sign_in, market, city):
    inspector = sign_in(make_user(Role.INSPECTOR, city.root))
    assert {inspector.get(address).status_code for address in PAGES} == {403}


def test_stranger_is_led_to_sign_in(sign_in, market, browser):
    browser.logout()
    assert {browser.get(address).status_code for address in [*PAGES, *EDITING]} == {302}


def test_own_region_comes_first_where_codes_repeat(market, office, sign_in, city):
    other = make_root()
    make_place(make_unit(other, branch="territory"), code="NM-01", name="外地市场")
    office.role_grants.create(region=other.region, role="office", unit=other, starts="2020-01-01")
    assert "东关农贸市场" in sign_in(office).get("/places/NM-01/").content.decode()


def test_list_costs_the_same_queries_for_one_place_and_three(browser, market, city):
    browser.get("/places/")  # what only a session's first page asks
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as queries:
            browser.get("/places/")
        counts.append(len(queries))
        for number in range(2):
            make_place(city.west, keeper=city.trade, department=city.order, name=f"更多{number}")
    assert counts[0] == counts[1]


def test_export_has_the_columns_of_the_paper(browser, market):
    answer = browser.get("/places/?format=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    head = next(n for n, row in enumerate(rows) if row[0] == "编号")
    assert tuple(rows[head]) == (
        "编号", "点位类型", "名称", "地址", "联系人", "电话", "属地", "主管部门", "责任单位", "包联领导", "开放时间",
        "坐标", "长度(米)", "申报批次", "状态",
    )  # fmt: skip
    assert len(rows[head]) == len(HEADER)
    assert rows[head + 1][:2] == ("NM-01", "农贸市场")


def test_filters_narrow_list_map_and_plates_alike(browser, market, city):
    make_place(city.west, name="西关公厕", keeper=None, longitude=113.1, latitude=29.9)
    for query, found in (
        (f"territory={city.west.pk}", {"西关公厕"}),
        (f"territory={city.root.pk}", {"西关公厕", "东关农贸市场"}),
        (f"type={city.market.pk}", {"东关农贸市场"}),
        (f"keeper={city.order.pk}", {"东关农贸市场"}),
        ("tab=bare", {"西关公厕"}),
        ("batch=第一批", {"东关农贸市场"}),
        ("missing=phone", {"西关公厕"}),
        ("missing=nothing", set()),
        ("type=abc", set()),
        ("territory=999999", set()),
        ("q=东关路", {"东关农贸市场"}),
    ):
        points = browser.get(f"/places/points.geojson?{query}").json()["features"]
        assert {point["properties"]["name"] for point in points} == found, query
        listed = {row["row"].name for row in browser.get(f"/places/?{query}").context["table"]}
        assert listed == found, query
        sheets = browser.get(f"/places/plates/?{query}").context["sheets"]
        assert {one["place"].name for sheet in sheets for one in sheet} == found, query


def test_points_leave_out_places_without_coordinates(browser, market, city):
    make_place(city.east, name="没有坐标")
    bare = make_place(city.east, keeper=None, longitude=113.3, latitude=29.7)
    features = browser.get("/places/points.geojson").json()["features"]
    assert [point["properties"]["state"] for point in features] == ["plain", "warn"]
    assert features[1]["geometry"] == {"type": "Point", "coordinates": [113.3, 29.7]}
    page = browser.get("/places/map/")
    assert (page.context["placed"], page.context["unplaced"]) == (2, 1)
    assert f'data-map-point="{bare.pk}"' in page.content.decode()


def test_new_place_by_form(browser, city):
    data = {"code": "GC-01", "name": "公厕", "place_type": city.market.pk, "territory": city.east.pk, "declared": "on",
            "position": "29.85, 113.24"}  # fmt: skip
    assert browser.post("/places/new/", data).url == "/places/GC-01/"
    place = Place.objects.get()
    assert (place.longitude, place.latitude, place.region) == (113.24, 29.85, city.region)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("code", ""), ("code", "a/b"), ("code", "长" * 41), ("name", ""), ("name", "长" * 81), ("place_type", "99999"),
        ("territory", "x"), ("position", "某处"), ("position", "1,2"), ("keeper", "99999999999999999999"),
    ],
)  # fmt: skip
def test_new_place_with_a_bad_field_keeps_what_was_typed(browser, city, field, value):
    data = {"code": "GC-01", "name": "公厕", "place_type": city.market.pk, "territory": city.east.pk, "address": "某路"}
    page = browser.post("/places/new/", data | {field: value})
    assert page.status_code == 422
    assert 'value="某路"' in page.content.decode()
    assert not Place.objects.exists()


def test_new_place_in_a_unit_of_another_region_is_refused(browser, city):
    there = make_unit(make_root(), branch="territory")
    data = {"code": "GC-01", "name": "公厕", "place_type": city.market.pk, "territory": there.pk}
    assert browser.post("/places/new/", data).status_code == 422


def test_edit_shows_both_versions_where_somebody_was_faster(browser, market):
    seen = browser.get("/places/NM-01/edit/").context["form"]["seen"].initial
    Place.objects.filter(pk=market.pk).update(name="别人改的", updated_at="2027-01-01T00:00:00Z")
    data = {"code": "NM-01", "name": "我改的", "place_type": market.place_type_id, "territory": market.territory_id}
    page = browser.post("/places/NM-01/edit/", data | {"seen": seen})
    assert page.status_code == 409
    text = page.content.decode()
    assert "别人改的" in text
    assert "我改的" in text
    again = re.search(r'name="seen" value="([^"]+)"', text)
    assert browser.post("/places/NM-01/edit/", data | {"seen": again[1]}).status_code == 302
    assert Place.objects.get().name == "我改的"


def test_state_by_form_and_its_refusal(browser, market):
    page = browser.post("/places/NM-01/state/", {"state": "gone", "day": "2999-01-01", "reason": "拆除"})
    assert page.status_code == 422
    assert (
        browser.post("/places/NM-01/state/", {"state": "gone", "day": "2026-01-05", "reason": "拆除"}).status_code
        == 302
    )
    assert Place.objects.get().state == "gone"
    assert "拆除" in browser.get("/places/NM-01/").content.decode()
    assert browser.post("/places/NM-01/state/", {"state": "gone"}).status_code == 422


def test_keeper_for_many_places(browser, city):
    bare = [make_place(city.east, keeper=None) for _number in range(3)]
    data = {"bulk": "keeper", "id": [bare[0].pk, bare[1].pk], "sure": "1", "keeper": city.order.pk}
    assert browser.post("/places/?tab=bare", data).status_code == 302
    assert list(Place.objects.order_by("pk").values_list("keeper", flat=True)) == [city.order.pk, city.order.pk, None]


def test_desk_names_places_without_keeper(browser, city):
    make_place(city.east, keeper=None)
    assert "1处点位没有责任单位" in browser.get("/desk/").content.decode()


def test_plate_opens_the_place_for_who_may_see_it(browser, market):
    assert browser.get(f"/p/{market.plate}/").url == "/places/NM-01/"
    assert browser.get(f"/p/{market.plate.upper()}/").url == "/places/NM-01/"


def test_plate_tells_a_stranger_whom_to_call_and_no_private_data(browser, market):
    browser.logout()
    Place.objects.filter(pk=market.pk).update(phone="138 0730 1234")
    text = browser.get(f"/p/{market.plate}/").content.decode()
    assert "东关农贸市场" in text
    assert "12345" in text
    assert "王师傅" not in text
    assert "1234" not in text.replace("12345", "")
    assert browser.get("/p/nothing2/").status_code == 404


def test_plate_of_a_place_that_is_gone_says_so(browser, market):
    browser.logout()
    Place.objects.filter(pk=market.pk).update(state="gone")
    assert "已不再是" in browser.get(f"/p/{market.plate}/").content.decode()


def test_plate_leads_where_a_higher_area_wants(city, market, sign_in, monkeypatch):
    monkeypatch.setattr("chuangwen.places.queries._openers", [])
    register_plate_opener(lambda request, place: "")
    register_plate_opener(lambda request, place: "/late/", 90)
    register_plate_opener(lambda request, place: f"/visits/{place.code}/")
    assert sign_in(make_user(Role.INSPECTOR, city.root)).get(f"/p/{market.plate}/").url == "/visits/NM-01/"


def test_plate_code_is_drawn_without_styles(market, settings):
    settings.SITE_URL = "https://yunxi.example"
    assert plate_url(market) == f"https://yunxi.example{reverse('places:plate', args=[market.plate])}"
    drawn = plate_code(market)
    assert drawn.startswith("<svg")
    assert "style" not in drawn


def test_desk_says_nothing_of_keepers_to_who_names_none_or_where_none_is_missing(browser, city, sign_in):
    make_place(city.east, keeper=city.order)
    assert "没有责任单位" not in browser.get("/desk/").content.decode()
    make_place(city.east, keeper=None)
    assert "没有责任单位" not in sign_in(make_user(Role.LIAISON, city.east)).get("/desk/").content.decode()


def test_place_is_found_by_number_name_and_address_within_what_one_may_see(rf, office, market, city):
    make_place(make_root(), code="NM-02", name="别市市场")
    request = rf.get("/find/")
    request.user = office
    for words in ("NM", "东关农贸", "东关路"):
        group = search_places(request, words)
        assert [(hit.label, hit.url) for hit in group.hits] == [("东关农贸市场", "/places/NM-01/")], words
    assert search_places(request, "没有").hits == []


def test_who_keeps_no_register_has_no_region_to_keep(office, city):
    assert Region.held_by(office, "places.edit") == city.region
    assert Region.held_by(make_user(Role.LIAISON, city.east), "places.edit") is None


def test_plate_opener_registered_twice_asks_once(rf, market, monkeypatch):
    monkeypatch.setattr("chuangwen.places.queries._openers", [])
    asked = []

    def opener(request, place):
        asked.append(place.code)
        return ""

    register_plate_opener(opener)
    register_plate_opener(opener)
    assert (plate_target(rf.get("/"), market), asked) == ("", ["NM-01"])
