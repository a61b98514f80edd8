"""Sections and shop fronts: what services keep and refuse, what gaps and pages say, who sees what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core.errors import Refusal
from chuangwen.core.imports.importer import importer_or_404
from chuangwen.core.imports.services import import_rows
from chuangwen.core.models import WorkbookImport
from chuangwen.organizations.models import Post
from chuangwen.places.models import Place
from chuangwen.responsibilities.models import RoadSection, ShopFront
from chuangwen.responsibilities.queries.roads import coverage, has_gap, has_overlap, road_or_404, words_of
from chuangwen.responsibilities.services.roads import (
    SectionFacts,
    change_section,
    close_front,
    contract_section,
    end_section,
    keep_front,
    sign_front,
)
from tests.config.doors import picture
from tests.places.making import book
from tests.responsibilities.making import make_city
from tests.support.factories import DAY, make_place, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_city()


def make_road(city, street, length=1000, **fields):
    return make_place(street, length=length, **fields)


def give(city, road, unit, starts_at, ends_at, side="both", **more):
    facts = SectionFacts(starts_at, ends_at, unit, more.pop("starts", date(2020, 1, 1)), side, **more)
    return contract_section(road, facts, actor=city.office)


def test_gaps_of_all_kinds_are_found_by_the_database_as_by_the_drawing(city):
    street, unit = city.street("东街"), city.unit("甲局")
    plans = {
        "whole": [(0, 600, "both"), (600, 1000, "both")],
        "sides": [(0, 1000, "left"), (0, 400, "right"), (400, 1000, "right")],
        "no-start": [(10, 1000, "both")],
        "no-end": [(0, 999, "both")],
        "middle": [(0, 400, "both"), (500, 1000, "both")],
        "one-side": [(0, 400, "both"), (400, 1000, "left")],
        "twice": [(0, 600, "both"), (500, 1000, "left"), (500, 1000, "right")],
        "empty": [],
    }
    for code, sections in plans.items():
        road = make_road(city, street, code=code)
        for starts_at, ends_at, side in sections:
            give(city, road, unit, starts_at, ends_at, side)
    past = make_road(city, street, code="past")
    end_section(give(city, past, unit, 0, 1000), ends=date(2020, 2, 1), actor=city.office)
    make_road(city, street, code="gone", state="gone")
    make_place(street, code="market")
    roads = Place.objects.filter(length__isnull=False).exclude(state="gone")
    by_database = {
        name: set(roads.filter(condition).values_list("code", flat=True))
        for name, condition in (("gap", has_gap()), ("overlap", has_overlap()))
    }
    drawn = {code: coverage(found, found.now) for code in [*plans, "past"] if (found := road_or_404(city.office, code))}
    assert by_database["gap"] == {code for code, one in drawn.items() if not one.is_whole}
    assert by_database["gap"] == {"no-start", "no-end", "middle", "one-side", "empty", "past"}
    assert by_database["overlap"] == {code for code, one in drawn.items() if one.overlaps} == {"twice"}
    assert words_of(drawn["one-side"].gaps) == "400—1000米(右侧)"


def test_what_cannot_be_contracted_is_refused_in_words_and_nothing_is_written(city):
    street, unit, other = city.street("东街"), city.unit("甲局"), city.unit("乙局")
    road, market = make_road(city, street, 300, name="东大街"), make_place(street, name="东市场")
    post = Post.objects.create(region=road.region, unit=other, kind="acting", title="科长")
    for facts, words in (
        (SectionFacts(0, 301, unit, DAY), "0米到300米"),
        (SectionFacts(200, 200, unit, DAY), "0米到300米"),
        (SectionFacts(-1, 20, unit, DAY), "0米到300米"),
        (SectionFacts(0, 100, unit, DAY, post=post), "不是甲局的"),
        (SectionFacts(0, 100, make_city().unit("外地"), DAY), "地区"),
    ):
        with pytest.raises(Refusal, match=words):
            contract_section(road, facts, actor=city.office)
    with pytest.raises(Refusal, match="东市场"):
        contract_section(market, SectionFacts(0, 1, unit, DAY), actor=city.office)
    with pytest.raises(PermissionDenied):
        contract_section(road, SectionFacts(0, 1, unit, DAY), actor=city.liaison(unit))
    section = give(city, road, unit, 0, 100)
    with pytest.raises(Refusal, match="早于"):
        end_section(section, ends=section.starts - timedelta(days=2), actor=city.office)
    with pytest.raises(Refusal, match="0米到300米"):
        change_section(section, SectionFacts(0, 400, unit, DAY), actor=city.office)
    assert list(RoadSection.objects.values_list("ends_at", "ends")) == [(100, None)]
    end_section(section, ends=section.starts + timedelta(days=30), actor=city.office)
    late = SectionFacts(0, 100, unit, section.starts + timedelta(days=32))
    with pytest.raises(Refusal, match="结束"):
        change_section(section, late, actor=city.office)
    assert list(RoadSection.objects.values_list("starts", flat=True)) == [date(2020, 1, 1)]


def test_shop_signs_all_three_and_its_number_is_free_again_once_it_closed(city):
    street, other = city.street("东街"), city.street("西街")
    road, keeper = make_road(city, street), city.liaison(street)
    front = keep_front(ShopFront(region=road.region, road=road, number="12", name="面馆", unit=street), actor=keeper)
    assert not front.is_signed
    with pytest.raises(Refusal, match="12"):
        keep_front(ShopFront(region=road.region, road=road, number="12", name="药店", unit=street), actor=keeper)
    with pytest.raises(PermissionDenied):
        sign_front(front, signed_on=DAY, actor=city.liaison(other))
    assert sign_front(front, signed_on=DAY, actor=city.office).is_signed
    close_front(front, closed_on=DAY, actor=keeper)
    with pytest.raises(Refusal, match="面馆"):
        sign_front(front, signed_on=DAY, actor=keeper)
    keep_front(ShopFront(region=road.region, road=road, number="12", name="药店", unit=street), actor=keeper)
    market = make_place(street, name="东市场")
    with pytest.raises(Refusal, match="东市场"):
        keep_front(ShopFront(region=road.region, road=market, number="1", name="店", unit=street), actor=keeper)
    assert list(ShopFront.objects.order_by("pk").values_list("name", "closed_on")) == [("面馆", DAY), ("药店", None)]


def test_shop_has_not_closed_on_a_day_to_come_nor_before_it_signed(city, sign_in):
    street = city.street("东街")
    front = ShopFront(region=street.region, road=make_road(city, street), number="12", name="面馆", unit=street)
    keep_front(front, actor=city.office)
    typed = {"road": front.road_id, "number": "12", "name": "面馆", "side": front.side, "unit": street.pk,
             "keeps_clean": "on", "signed_on": "2026-03-02"}  # fmt: skip
    client, page = sign_in(city.office), reverse("responsibilities:front", args=[front.pk])
    for closed_on, words in (("2098-01-01", "还没到"), ("2026-03-01", "签")):
        answer = client.post(page, typed | {"closed_on": closed_on})
        faults = answer.context["form"].errors["closed_on"]
        assert (answer.status_code, [words in one for one in faults]) == (422, [True])
    assert client.post(page, typed | {"closed_on": "2026-03-02"}).status_code == 302
    front.refresh_from_db()
    assert (front.signed_on, front.closed_on) == (date(2026, 3, 2), date(2026, 3, 2))


def test_page_older_than_what_somebody_saved_comes_back_with_both_and_holds_when_saved_again(city, sign_in):
    street, unit = city.street("东街"), city.unit("甲局")
    road = make_road(city, street, 300, code="D1")
    section = give(city, road, unit, 0, 100)
    front = keep_front(
        ShopFront(region=road.region, road=road, number="12", name="面馆", unit=street), actor=city.office
    )
    client = sign_in(city.office)
    first = {"starts_at": 0, "ends_at": 100, "side": "both", "unit": unit.pk, "starts": "2020-01-01"}
    shop = {"road": road.pk, "number": "12", "name": "面馆", "side": front.side, "unit": street.pk}
    for url, typed, theirs, ours, told in (
        (f"/road-sections/{section.pk}/", first, {"ends_at": 200}, {"ends_at": 150}, "止点米数 200"),
        (f"/shop-fronts/{front.pk}/", shop, {"name": "药店"}, {"name": "粉店"}, "药店"),
    ):
        old = {"seen": client.get(url).context["form"]["seen"].value()}
        assert client.post(url, typed | old | theirs).status_code == 302
        answer = client.post(url, typed | old | ours)
        (said,) = answer.context["form"].non_field_errors()
        assert (answer.status_code, told in said) == (422, True)
        assert str(next(iter(ours.values()))) in answer.content.decode()
        again = {"seen": answer.context["form"]["seen"].value()}
        assert client.post(url, typed | again | ours).status_code == 302
    section.refresh_from_db()
    front.refresh_from_db()
    assert (section.ends_at, front.name) == (150, "粉店")


def test_office_fills_a_gap_from_the_roads_page_with_the_signed_contract(city, sign_in):
    street, unit = city.street("东街"), city.unit("甲局")
    road = make_road(city, street, name="东大街", code="D1")
    give(city, road, unit, 0, 400)
    client = sign_in(city.office)
    page = client.get("/roads/D1/")
    assert [words for words, _metres, _url in page.context["gaps"]] == ["400—1000米"]
    assert "<svg" in page.content.decode()
    assert "空600米" in page.content.decode()
    url = page.context["gaps"][0][2]
    assert client.get(url).context["form"].initial == {"starts_at": "400", "ends_at": "1000", "side": "both"}
    data = {"starts_at": 400, "ends_at": 1000, "side": "both", "unit": "甲局", "starts": "2020-01-01"}
    assert client.post(url, {**data, "ends_at": 2000}).status_code == 422
    paper = SimpleUploadedFile("责任书.png", picture())
    assert client.post(url, {**data, "paper": paper}).status_code == 302
    page = client.get("/roads/D1/")
    assert page.context["covered"].is_whole
    assert "责任书.png" in page.content.decode()
    assert [step["what"].rpartition(" ")[2] for step in page.context["over"]] == ["已附扫描件", "已分包", "已分包"]
    last = RoadSection.objects.latest("pk")
    assert client.post(f"/road-sections/{last.pk}/", {**data, "starts_at": 300}).status_code == 302
    assert "300—400米" in client.get("/roads/D1/").content.decode()
    assert client.post(f"/road-sections/{last.pk}/end/", {"ends": "2020-03-01"}).status_code == 302
    assert [one.starts for one in client.get("/roads/D1/").context["covered"].gaps] == [400]


def test_each_sees_the_own_roads_and_the_desk_and_coverage_tell_the_office_of_gaps(city, sign_in):
    street, unit, other = city.street("东街"), city.unit("甲局"), city.unit("乙局")
    road = make_road(city, street, code="D1", keeper=street)
    give(city, road, unit, 0, 250)
    ShopFront.objects.create(region=road.region, road=road, number="1", name="店", unit=street)
    office = sign_in(city.office)
    page = office.get("/coverage/")
    told = {one.key: (one.total, one.bare) for one in page.context["kinds"]}
    assert told == {"criteria": (3, 3), "places": (1, 0), "metres": (1000, 750), "fronts": (1, 1)}
    assert [(one.code, metres, words) for one, metres, words in page.context["roads"]] == [("D1", 750, "250—1000米")]
    assert [one.action for one in page.context["kinds"]] == ["补牵头", "补责任单位", "分包下去", "去签订"]
    shown = {one.key: (one.action, one.url) for one in sign_in(city.liaison(street)).get("/coverage/").context["kinds"]}
    assert shown["criteria"] == ("认领", "/breakdown/?show=gap#unled")  # on the own sheet, which claims them
    assert [shown[key][0] for key in ("places", "metres", "fronts")] == ["查看", "查看", "去签订"]
    office = sign_in(city.office)
    assert "/roads/?tab=gap" in office.get("/desk/").content.decode()
    for person, seen in ((city.liaison(unit), 200), (city.liaison(street), 200), (city.liaison(other), 404),
                         (make_user(Role.LIAISON), 404)):  # fmt: skip
        client = sign_in(person)
        assert client.get("/roads/D1/").status_code == seen
        assert client.get("/roads/D1/new/").status_code == 403
    assert "这些米数没人管" in sign_in(city.office).get("/places/D1/").content.decode()


def test_lists_cost_the_same_for_one_row_and_three(city, sign_in):
    street, unit = city.street("东街"), city.unit("甲局")
    client, costs = sign_in(city.office), {}
    client.get("/roads/")  # what is asked once a process
    for n in (1, 2, 3):
        road = make_road(city, street, code=f"D{n}")
        give(city, road, unit, 0, 300)
        ShopFront.objects.create(region=road.region, road=road, number="1", name="店", unit=street)
        for path in ("/roads/?tab=gap", "/road-sections/", "/shop-fronts/?tab=open", "/coverage/"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            costs.setdefault(path, set()).add(len(asked))
    assert [path for path, numbers in costs.items() if len(numbers) > 1] == []
    rows = ShopFront.objects.values_list("pk", flat=True)
    sent = client.post("/shop-fronts/?tab=open", {"bulk": "sign", "id": list(rows)})
    assert sent.status_code == 200  # asks for the day
    client.post("/shop-fronts/?tab=open", {"bulk": "sign", "id": list(rows), "signed_on": "2026-11-01", "sure": "1"})
    assert client.get("/shop-fronts/?tab=signed").context["listing"].total == 3


SECTIONS = ("路名", "起点(米)", "止点(米)", "侧", "起止点", "责任单位", "路段长", "签订日期")
SHOPS = ("路名", "门牌", "店名", "所属社区", "卫生", "秩序", "绿化", "签约日期")


def bring_in(client, office, key, header, *rows):
    client.post(f"/imports/{key}/", {"file": SimpleUploadedFile("表.xlsx", book(*rows, header=header))})
    task = WorkbookImport.objects.select_related("region", "file").latest("pk")
    base = f"/imports/{key}/{task.uid}/"
    client.post(f"{base}sheet/", {"sheet": task.sheet, "header": task.header_rows[0]})
    form = client.get(f"{base}columns/").context["form"]
    client.post(f"{base}columns/", {name: form[name].initial for name in form.fields})
    task.refresh_from_db()
    faults = [str(one) for one in client.get(f"{base}check/").context["run"].faults]
    return import_rows(task, importer_or_404(key), actor=office, good_only=True), faults


def test_offices_own_workbooks_of_sections_and_shops_come_in_and_again_change_nothing(city, sign_in):
    street, unit = city.street("东街"), city.unit("甲局")
    road = make_road(city, street, name="东大街", code="D1")
    post = Post.objects.create(region=road.region, unit=unit, kind="acting", title="副局长")
    client = sign_in(city.office)
    rows = [
        ["东大街", 0, 400, "两侧", "钟鼓楼至东门桥", "甲局", "副局长", "2026-03-01"],
        ["D1", 400, 900, "左", None, "东街", None, None],
        ["东大街", 400, 1200, None, None, "甲局", None, None],
        ["东大街", 900, 1000, None, None, "甲局", "主任", None],
    ]
    summary, faults = bring_in(client, city.office, "sections", SECTIONS, *rows)
    assert (summary.new, summary.changed, summary.unchanged) == (2, 0, 0)
    assert len(faults) == 2
    kept = RoadSection.objects.order_by("starts_at").values_list("ends_at", "side", "between", "unit__name", "post")
    assert list(kept) == [(400, "both", "钟鼓楼至东门桥", "甲局", post.pk), (900, "left", "", "东街", None)]
    rows[1][5] = "甲局"
    summary, _faults = bring_in(client, city.office, "sections", SECTIONS, *rows[:2])
    assert (summary.new, summary.changed, summary.unchanged) == (0, 1, 1)
    shops = [
        ["东大街", "12号", "面馆", "东街", "是", "是", "是", "2026-03-02"],
        ["东大街", "14号", "药店", "东街"] + 4 * [None],
    ]
    summary, faults = bring_in(client, city.office, "fronts", SHOPS, *shops)
    assert (summary.new, faults) == (2, [])
    assert [one.is_signed for one in ShopFront.objects.order_by("number")] == [True, False]
    summary, _faults = bring_in(client, city.office, "fronts", SHOPS, *shops)
    assert (summary.new, summary.changed, summary.unchanged) == (0, 0, 2)
    assert Entry.objects.filter(action="responsibilities.fronts.import").count() == 2
    assert client.get(reverse("responsibilities:sections") + "?format=xlsx").status_code == 200
