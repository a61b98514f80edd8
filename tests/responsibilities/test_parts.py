"""Units break their own duties down further, inside their subtree; the office sees how deep each one goes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.organizations.models import ContractedArea, Grid, Group, Membership, Post
from chuangwen.responsibilities.models import Part, RoadSection, Share
from chuangwen.responsibilities.queries.parts import chain_of, depths, handed_on, reach, received
from chuangwen.responsibilities.services import set_share
from chuangwen.responsibilities.services.parts import Chain, Hand, hand_on, set_chain, take_back
from tests.responsibilities.making import make_city
from tests.support.factories import NOON, make_place, make_task, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    """甲局 leads 1.1 and has an office with a team below; 东街 has a community with a grid."""
    city = make_city()
    bureau, street = city.unit("甲局"), city.street("东街")
    city.units["市容科"] = make_unit(bureau, name="市容科", kind="office")
    city.units["一中队"] = make_unit(city.units["市容科"], name="一中队", kind="office")
    city.units["社区"] = make_unit(street, name="社区", kind="community", branch="territory")
    for unit in (bureau, street):
        set_share(city.campaign, city.node("1.1"), unit, Share.LEAD, actor=city.office)
    return city


def post_at(unit, title, kind="other"):
    return Post.objects.create(region=unit.region, unit=unit, kind=kind, title=title)


def give(city, giver, hand, *codes, actor=None):
    nodes = [city.node(code) for code in codes or ("1.1",)]
    return hand_on(city.campaign, nodes, giver, hand, actor=actor or city.liaison(giver))


def test_breakdown_page_of_a_street_and_the_places_page_say_what_was_handed_on(city, sign_in):
    street, community = city.units["东街"], city.units["社区"]
    place = make_place(community, name="钟楼菜市场", keeper=community)
    give(city, street, Hand(community, places=[place]))
    client = sign_in(city.liaison(street))
    page = client.get("/breakdown/").content.decode()
    assert ("牵头1条，配合0条" in page, "上级交办1条" in page, "牵头0条" in page) == (True, True, False)
    for reader in (client, sign_in(city.office)):
        shown = reader.get(f"/places/{place.code}/").content.decode()
        assert ("这里谁负责什么" in shown, "由东街交办" in shown) == (True, True)
    other = make_place(community, name="别处")
    assert "这里谁负责什么" not in client.get(f"/places/{other.code}/").content.decode()


def test_duty_goes_down_to_offices_posts_and_things_and_the_office_counts_them(city):
    bureau, office, team, street, community = (
        city.units[name] for name in ("甲局", "市容科", "一中队", "东街", "社区")
    )
    region, leader = bureau.region, post_at(bureau, "副局长")
    give(city, bureau, Hand(bureau, leader))
    give(city, bureau, Hand(office, about="占道经营"))
    assert give(city, bureau, Hand(office, about="占道经营")) == 0
    places = [make_place(community, keeper=bureau) for _n in range(2)]
    assert give(city, office, Hand(team, post_at(team, "队长"), places=places)) == 2
    road = make_place(community, length=500, name="东大街")
    section = RoadSection.objects.create(
        region=region, road=road, starts_at=0, ends_at=500, unit=community, starts=date(2020, 1, 1)
    )
    grid = Grid.objects.create(region=region, unit=community, code="W1", name="一网格")
    area = ContractedArea.objects.create(
        region=region, leader=leader, unit=community, name="东片", starts=date(2020, 1, 1)
    )
    give(city, street, Hand(community, sections=[section], grids=[grid], areas=[area]))
    counted = {
        one.unit.name: tuple(reach(one, thing) for thing in ("unit", "post", "place", "section", "grid", "area"))
        for one in depths(city.campaign).select_related("unit")
    }
    assert counted == {"甲局": (2, 2, 2, 0, 0, 0), "东街": (1, 0, 0, 1, 1, 1)}
    told = handed_on(city.campaign, bureau)[city.node("1.1").pk]
    assert [(one.receiver, one.about) for one in told] == [("副局长", ""), ("市容科", "占道经营")]
    assert [(node.code, giver, len(things)) for node, giver, things in received(city.campaign, team)] == [
        ("1.1", "市容科", 2)
    ]
    things = handed_on(city.campaign, street)[city.node("1.1").pk][0].things
    assert sorted(things) == ["一网格", "东大街0—500米", "东片"]


def test_nothing_is_handed_outside_the_own_subtree_and_nothing_that_is_not_held(city):
    bureau, office, street, community = (city.units[name] for name in ("甲局", "市容科", "东街", "社区"))
    elsewhere = make_place(community)
    for giver, hand, codes, words in (
        (bureau, Hand(street), ("1.1",), "不是甲局的下级"),
        (office, Hand(bureau), ("1.1",), "不是市容科的下级"),
        (bureau, Hand(bureau), ("1.1",), "本来就是"),
        (bureau, Hand(office, post_at(bureau, "局长")), ("1.1",), "不是市容科的"),
        (bureau, Hand(office, places=[elsewhere]), ("1.1",), "不归甲局管"),
        (bureau, Hand(office), ("1.1", "1.2"), "1.2没有甲局的责任"),
        (office, Hand(city.units["一中队"]), ("1.1",), "没有市容科的责任"),
    ):
        with pytest.raises(Refusal, match=words):
            give(city, giver, hand, *codes)
    with pytest.raises(PermissionDenied):
        give(city, bureau, Hand(office), actor=city.liaison(office))
    with pytest.raises(PermissionDenied):
        give(city, bureau, Hand(office), actor=city.liaison(street))
    assert Part.objects.count() == 0


def test_what_is_taken_back_or_cleared_takes_along_what_was_handed_on_from_it(city):
    bureau, office, team = (city.units[name] for name in ("甲局", "市容科", "一中队"))
    give(city, bureau, Hand(office))
    give(city, office, Hand(team))
    give(city, office, Hand(office, post_at(office, "科长")))
    with pytest.raises(PermissionDenied):
        take_back(Part.objects.get(giver=bureau), actor=city.liaison(office))
    assert take_back(Part.objects.get(giver=bureau), actor=city.liaison(bureau)) == 3
    give(city, bureau, Hand(office))
    give(city, office, Hand(team))
    give(city, city.units["东街"], Hand(city.units["社区"]))
    set_share(city.campaign, city.node("1.1"), bureau, "", actor=city.office)
    assert list(Part.objects.values_list("giver__name", flat=True)) == ["东街"]


def test_unit_hands_on_from_its_own_sheet_and_those_below_read_theirs(city, sign_in):
    bureau, office = city.units["甲局"], city.units["市容科"]
    place = make_place(city.units["社区"], name="东市场", keeper=bureau)
    client = sign_in(city.liaison(bureau))
    sheet = f"/breakdown/units/{bureau.pk}/"
    form = client.get(f"{sheet}hand-on/?node={city.node('1.1').pk}").context["form"]
    assert form.initial["nodes"] == [str(city.node("1.1").pk)]
    data = {"nodes": city.node("1.1").pk, "unit": "市容科", "places": "东市场", "about": "日常管理"}
    assert client.post(f"{sheet}hand-on/", {**data, "unit": "东街"}).status_code == 422
    assert client.post(f"{sheet}hand-on/", data).status_code == 302
    page = client.get(sheet).content.decode()
    assert "日常管理" in page
    assert "东市场" in page
    assert "东市场" in client.get(f"{sheet}?format=print").content.decode()
    assert client.get(f"{sheet}?format=xlsx").status_code == 200
    below = sign_in(city.liaison(office))
    assert below.get("/breakdown/").url == f"/breakdown/units/{office.pk}/"
    assert "日常管理" in below.get(f"/breakdown/units/{office.pk}/").content.decode()
    part = Part.objects.get(place=place)
    assert below.post(f"/breakdown/parts/{part.pk}/take-back/").status_code == 403
    client = sign_in(city.office)
    assert client.get("/breakdown/depth/?tab=goes").context["listing"].total == 1
    assert client.get("/breakdown/depth/?tab=stops").context["listing"].total == 1
    assert client.post(f"/breakdown/parts/{part.pk}/take-back/").status_code == 302
    assert Part.objects.count() == 0


def test_sheet_and_list_of_depth_cost_the_same_for_one_part_and_many(city, sign_in):
    bureau, office = city.units["甲局"], city.units["市容科"]
    client, costs = sign_in(city.office), {}
    client.get("/breakdown/")
    for n in range(3):
        set_share(city.campaign, city.node(f"1.{n + 1}"), bureau, Share.LEAD, actor=city.office)
        give(city, bureau, Hand(office, places=[make_place(city.units["社区"], keeper=bureau)]), f"1.{n + 1}")
        for path in ("/breakdown/depth/?tab=goes", f"/breakdown/units/{office.pk}/"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            costs.setdefault(path, set()).add(len(asked))
    assert [path for path, numbers in costs.items() if len(numbers) > 1] == []


def test_group_shows_how_the_tasks_of_its_units_stand(city, sign_in):
    bureau, street = city.units["甲局"], city.units["东街"]
    group = Group.objects.create(region=bureau.region, kind="working", name="市容组", office=bureau)
    for unit in (bureau, street):
        Membership.objects.create(region=group.region, group=group, post=unit.posts.get(kind="acting"), seat="成员")
    with clock.at(NOON):
        make_task(bureau, campaign=city.campaign, state="accepted", due_at=NOON - timedelta(days=1))
        make_task(bureau, campaign=city.campaign, state="accepted")
        make_task(city.units["社区"], campaign=city.campaign, state="accepted")
        page = sign_in(city.office).get(f"/units/groups/{group.pk}/")
    (panel,) = page.context["panels"]
    assert [(line.text, str(line.sub), str(line.end)) for line in panel.context["lines"]] == [
        ("甲局", "进行中2项", "逾期1项")
    ]


def test_task_goes_through_three_hands_proposed_by_posts_until_it_is_said(city, sign_in):
    bureau = city.units["甲局"]
    task = make_task(bureau, campaign=city.campaign)
    first, acting = post_at(bureau, "局长", "first"), bureau.posts.get(kind="acting")
    assert [(link.post, link.proposed) for link in chain_of(task)] == [(first, True), (acting, True), (None, True)]
    client = sign_in(city.liaison(bureau))
    assert "局长" in client.get(f"/tasks/{task.pk}/").content.decode()
    doer = post_at(city.units["市容科"], "科长")
    answer = client.post(f"/tasks/{task.pk}/chain/", {"decide": "甲局 局长", "answer": "", "do": "市容科 科长"})
    assert answer.status_code == 302
    assert [(link.post, link.proposed) for link in chain_of(task)] == [(first, False), (acting, True), (doer, False)]
    stranger = post_at(city.units["社区"], "书记")
    with pytest.raises(Refusal, match="不是甲局的"):
        set_chain(task, Chain({"do": stranger}), actor=city.office)
    with pytest.raises(PermissionDenied):
        set_chain(task, Chain({"do": None}), actor=city.liaison(city.units["东街"]))
    set_chain(task, Chain({"do": None}), actor=city.office)
    assert [link.post for link in chain_of(task)] == [first, acting, None]


def test_units_own_campaign_hands_on_without_a_word_of_places_and_roads(city, sign_in):
    bureau, office = city.units["甲局"], city.units["市容科"]
    client, page = sign_in(city.office), f"/breakdown/units/{bureau.pk}/hand-on/"
    pages = ("/coverage/", "/breakdown/depth/", page)
    ground = ("点位", "路段", "道路", "网格", "片区", "门前三包", "一米")
    assert "点位" in client.get(pages[0]).context["page_subtitle"]
    city.campaign.subject_kind = "unit"
    city.campaign.save()
    for one in pages:
        main = client.get(one).content.decode().split("<main")[1].split("</main>")[0]
        assert [word for word in ground if word in main] == []
    sent = {"nodes": [city.node("1.1").pk], "unit": office.pk}
    assert client.post(page, sent).status_code == 302
    assert list(Part.objects.values_list("unit", "place", "grid")) == [(office.pk, None, None)]
    sheet = client.get("/breakdown/depth/?tab=goes&format=xlsx")
    assert sheet.status_code == 200
