"""Roads of the demo by sections, and the shops that signed for what lies before their door."""

from __future__ import annotations

from datetime import date

from chuangwen.campaigns.models import Campaign
from chuangwen.config.demo.city import City
from chuangwen.core import clock
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.handing_over import note_visit
from chuangwen.organizations.models import Grid, Unit
from chuangwen.organizations.services import keep_row, name_post
from chuangwen.places.models import Place
from chuangwen.places.services import edit_place
from chuangwen.responsibilities.models import Assignment, ShopFront
from chuangwen.responsibilities.services.parts import Hand, hand_on
from chuangwen.responsibilities.services.roads import SectionFacts, contract_section, keep_front

# code of the road: its metres, then (from, to, side, unit's code, from where to where)
ROADS = {
    "ZG001": (620, [
        (0, 260, "both", "urban-management", "西门口广场至人民医院"),
        (260, 620, "both", "health", "人民医院至荷花路口"),
    ]),
    "ZG003": (540, [
        (0, 300, "left", "commerce", "百货大楼一侧"), (0, 540, "right", "education", "邮政大楼一侧"),
        (300, 420, "left", "finance", "电信营业厅前"),
    ]),
    "ZG005": (780, [
        (0, 400, "both", "culture-tourism", "云溪大道口至体育馆"),
        (360, 780, "both", "public-security", "体育馆至体育路口"),
    ]),
}  # fmt: skip
SHOPS = (
    ("1号", "老街米粉店", True), ("3号", "云溪书局", True), ("5号", "同济药房", True), ("7号", "阿珍理发店", False),
    ("9号", "小李五金", True), ("11号", "晨光文具", False),
)  # fmt: skip
ESTATES = (("钟鼓楼新村", 286), ("邮电小区、百货宿舍", 214), ("城墙里", 175))


def contract_roads(city: City, begins: date) -> None:
    """Three roads: one whole, one with a gap on its left side, one with forty metres given twice."""
    for code, (length, sections) in ROADS.items():
        road = edit_place(city.places[code], actor=city.office, length=length)
        for starts_at, ends_at, side, unit, between in sections:
            post = city.posts.get((unit, "acting"))
            facts = SectionFacts(starts_at, ends_at, city.units[unit], begins, side, between, post)
            contract_section(road, facts, actor=city.office, tell=False)
    _enter_shops(city, city.places["ZG003"], begins)


def _enter_shops(city: City, road: Place, begins: date) -> None:
    unit: Unit = road.territory
    for number, name, signed in SHOPS:
        front = ShopFront(
            region=road.region, road=road, number=number, name=name, unit=unit, side="left", keeps_clean=signed,
            keeps_order=signed, keeps_green=signed, signed_on=begins if signed else None,
        )  # fmt: skip
        keep_front(front, actor=city.office)


def hand_down(city: City, campaign: Campaign) -> None:
    """A bureau and a street hand some of their criteria on: to posts, to communities, for places."""
    bureau, street = city.units["urban-management"], city.units["wenchang"]
    led = [one.node for one in _shares(campaign, bureau)][:4]
    acting = city.posts["urban-management", "acting"]
    hand_on(campaign, led[:3], bureau, Hand(bureau, acting), actor=city.answering_for(bureau))
    communities = [unit for unit in city.units.values() if unit.path.startswith(street.path) and unit.pk != street.pk]
    for community in communities:
        nodes = [one.node for one in _shares(campaign, street)][:2]
        places = list(Place.objects.filter(territory=community).order_by("code")[:3])
        hand = Hand(community, city.posts.get((community.code, "acting")), places=places)
        hand_on(campaign, nodes, street, hand, actor=city.answering_for(street))


def _shares(campaign: Campaign, unit: Unit) -> list[Assignment]:
    rows = Assignment.objects.filter(campaign=campaign, unit=unit).select_related("node")
    return list(rows.order_by("-share", "node__position"))


def draw_grids(city: City) -> None:
    """The grids of one community, with two rounds of visits."""
    community = city.units["zhonggulou"]
    worker = name_post(community, PostKind.OTHER, "网格员", actor=city.office)
    for number, (estate, households) in enumerate(
        (("钟鼓楼新村", 286), ("邮电小区、百货宿舍", 214), ("城墙里", 175)), 1
    ):
        grid = Grid(
            region=community.region, unit=community, code=f"ZGL-{number:02d}", name=f"钟鼓楼第{number}网格",
            worker=worker if number < 3 else None, estates=estate.replace("、", "\n"), households=households,
            standards="公示栏内容齐全\n楼道无杂物\n垃圾桶加盖",
        )  # fmt: skip
        keep_row(grid, actor=city.office)
        if number < 3:
            note_visit(grid, day=clock.today(), households=households // 3, about="发放倡议书", actor=city.office)
