"""The two standards that come with the program: of real size, whole, and free of leftovers."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import pytest

import chuangwen.standards
from chuangwen.standards.comparison import likeness
from chuangwen.standards.fileformat import read_standard
from chuangwen.standards.tree import Check, Node, Standard, points_of

DATA = Path(chuangwen.standards.__file__).parent / "data"
DRAWN_QUOTAS = {
    "main-road": 4,
    "secondary-road": 4,
    "back-street": 6,
    "community": 6,
    "housing-estate": 8,
    "market": 5,
    "shopping-street": 2,
    "supermarket": 3,
    "park": 4,
    "hospital": 2,
    "primary-school": 2,
    "secondary-school": 2,
    "service-hall": 1,
    "service-counter": 4,
    "station": 2,
    "bus-line": 3,
    "hotel": 2,
    "library-culture": 2,
    "urban-fringe": 3,
    "building-site": 2,
    "practice-station": 3,
}
AD_HOC = {"street", "public-toilet", "small-restaurant", "entertainment", "internet-cafe", "walk-in-hall"}
AGREED_DEADLINES = {
    "litter": ("immediate", "2h"),
    "exposed-rubbish": ("immediate", "4h"),
    "standing-water": ("immediate", "4h"),
    "green-litter": ("immediate", "4h"),
    "street-trade": ("immediate", "1d"),
    "parking": ("immediate", "1d"),
    "posters": ("immediate", "1d"),
    "loose-wires": ("immediate", "1d"),
    "fire-lane": ("immediate", "1d"),
    "rubble": ("limited", "2d"),
    "public-notice": ("limited", "3d"),
    "lamp": ("limited", "3d"),
    "rules": ("limited", "3d"),
    "records": ("limited", "5d"),
    "certificates": ("limited", "5d"),
    "replant": ("limited", "5d"),
    "tactile": ("limited", "7d"),
    "paving": ("limited", "7d"),
    "stairwell": ("limited", "15d"),
    "facade": ("limited", "15d"),
    "access": ("limited", "15d"),
    "illegal-building": ("limited", "20d"),
    "drains": ("long-term", "90d"),
}


@cache
def shipped(name: str) -> Standard:
    return read_standard(DATA / f"{name}-2026.yaml")


def leaves_of(standard: Standard, *methods: str) -> list[Node]:
    return [leaf for leaf in standard.leaves() if not methods or leaf.method in methods]


def checks_at(place_type: str) -> list[Check]:
    return [check for check in shipped("city").checks if place_type in check.place_types]


def points_by_method(standard: Standard) -> dict[str, float]:
    """Points of each method; under a node with `met` its points count for its children's one method."""
    points: defaultdict[str, float] = defaultdict(float)

    def add(node: Node) -> None:
        if node.is_leaf or node.aggregate == "met":
            method = node.method if node.is_leaf else node.children[0].method
            points[str(method)] += points_of(node)
        else:
            for child in node.children:
                add(child)

    for node in standard.nodes:
        add(node)
    return dict(points)


@pytest.mark.parametrize("name", ["city", "unit"])
def test_points_add_up_at_every_level(name: str) -> None:
    standard = shipped(name)
    assert standard.strict_points
    assert sum(points_of(node) for node in standard.nodes) == 100
    sums = [node for node in standard.walk() if node.children and node.aggregate == "sum"]
    assert {node.code: points_of(node) for node in sums} == {
        node.code: sum(points_of(child) for child in node.children) for node in sums
    }


@pytest.mark.parametrize("name", ["city", "unit"])
def test_every_leaf_says_how_it_is_judged_and_who_leads(name: str) -> None:
    leaves = leaves_of(shipped(name))
    assert [leaf.code for leaf in leaves if not leaf.manual or not leaf.lead] == []
    assert [text for text, n in Counter(leaf.manual for leaf in leaves).items() if n > 1] == []
    assert [text for text, n in Counter(leaf.title.zh for leaf in leaves).items() if n > 1] == []


@pytest.mark.parametrize("name", ["city", "unit"])
def test_every_material_leaf_has_evidence_slots(name: str) -> None:
    assert [leaf.code for leaf in leaves_of(shipped(name), "material") if not leaf.evidence] == []


@pytest.mark.parametrize("name", ["city", "unit"])
def test_sections_and_items_have_english_titles(name: str) -> None:
    assert [node.code for node in shipped(name).walk() if node.children and not node.title.en] == []


def test_criteria_of_the_unit_standard_have_english_titles_too() -> None:
    """It has two levels: its criteria stand where the city standard has items."""
    titles = [leaf.title.en for leaf in leaves_of(shipped("unit"))]
    assert all(titles)
    assert len(set(titles)) == len(titles)


def test_no_two_checks_are_one_text_for_two_kinds_of_place() -> None:
    """A check is written for its kind of place: no text occurs twice or is nearly another."""
    texts = [check.text.zh for check in shipped("city").checks]
    assert [text for text, n in Counter(texts).items() if n > 1] == []
    alike = [pair for pair in combinations(texts, 2) if likeness(*pair) > 0.75]
    assert alike == []


@pytest.mark.parametrize("name", ["city", "unit"])
def test_graded_leaf_gives_a_grade_its_own_share(name: str) -> None:
    """An assessor answers with a grade; the bands must not turn it into another one they also know."""
    graded = [leaf for leaf in leaves_of(shipped(name), "material", "report", "impression") if leaf.map.bands]
    turned = [
        (leaf.code, band.grade)
        for leaf in graded
        for band in leaf.map.bands
        if next(b for b in leaf.map.bands if b.min is None or b.min <= band.share).share != band.share
    ]
    assert turned == []


def test_city_standard_has_the_size_of_a_real_one() -> None:
    city = shipped("city")
    items = [item for section in city.nodes for item in section.children]
    assert (len(city.nodes), len(items), len(leaves_of(city))) == (7, 64, 159)
    assert (len(city.vetoes), len(city.bonuses), len(city.penalties)) == (8, 4, 3)


def test_city_standard_uses_every_method_and_map() -> None:
    leaves = leaves_of(shipped("city"))
    assert {leaf.method for leaf in leaves} == {
        "material",
        "field",
        "survey",
        "report",
        "impression",
        "record",
    }
    assert {leaf.map.kind for leaf in leaves} == {"proportional", "linear", "bands", "required", "deduct"}
    assert [node.code for node in shipped("city").walk() if node.aggregate == "met"] == ["5.7"]


def test_city_points_are_split_forty_forty_twenty() -> None:
    points = points_by_method(shipped("city"))
    assert points["material"] + points["record"] + points["report"] == 40
    assert points["field"] + points["impression"] == 40
    assert points["survey"] == 20


def test_mock_round_draws_seventy_places() -> None:
    types = shipped("city").place_types
    assert {kind.code: kind.quota for kind in types if not kind.ad_hoc} == DRAWN_QUOTAS
    assert {kind.code: kind.quota for kind in types if kind.ad_hoc} == dict.fromkeys(AD_HOC, 2)
    assert sum(DRAWN_QUOTAS.values()) == 70


@pytest.mark.parametrize("place_type", sorted(DRAWN_QUOTAS))
def test_drawn_type_has_eight_to_twenty_checks(place_type: str) -> None:
    assert 8 <= len(checks_at(place_type)) <= 20


@pytest.mark.parametrize("place_type", sorted(AD_HOC))
def test_ad_hoc_type_has_six_to_ten_checks(place_type: str) -> None:
    assert 6 <= len(checks_at(place_type)) <= 10


@pytest.mark.parametrize("place_type", sorted(DRAWN_QUOTAS.keys() | AD_HOC))
def test_no_two_checks_of_a_type_share_text(place_type: str) -> None:
    texts = Counter(check.text.zh for check in checks_at(place_type))
    assert [text for text, n in texts.items() if n > 1] == []


def test_every_check_has_a_group_and_a_problem_type() -> None:
    checks = shipped("city").checks
    assert [check.code for check in checks if not check.group or not check.problem_type] == []


def test_checks_of_a_group_stand_together() -> None:
    for place_type in sorted(DRAWN_QUOTAS.keys() | AD_HOC):
        groups = [check.group for check in checks_at(place_type)]
        changes = 1 + sum(a != b for a, b in pairwise(groups))
        assert (place_type, changes) == (place_type, len(set(groups)))


def test_checks_feed_field_leaves_and_leave_none_out() -> None:
    city = shipped("city")
    fed = {code for check in city.checks for code in check.criteria}
    assert fed == {leaf.code for leaf in leaves_of(city, "field")}


def test_field_leaf_names_the_place_types_of_its_checks() -> None:
    city = shipped("city")
    seen: dict[str, set[str]] = {}
    for check in city.checks:
        for code in check.criteria:
            seen.setdefault(code, set()).update(check.place_types)
    assert {leaf.code: set(leaf.place_types) for leaf in leaves_of(city, "field")} == seen


def test_every_problem_type_is_used_and_every_deadline_has_a_source() -> None:
    city = shipped("city")
    assert 25 <= len(city.problem_types) <= 40
    assert {kind.code for kind in city.problem_types} == {check.problem_type for check in city.checks}
    assert [
        kind.code
        for kind in city.problem_types
        if not kind.lead or kind.source.split(": ")[0] not in {"customary", "proposed"}
    ] == []


def test_deadlines_are_the_agreed_ones() -> None:
    kinds = {kind.code: (kind.problem_class, kind.within) for kind in shipped("city").problem_types}
    assert {code: kinds[code] for code in AGREED_DEADLINES} == AGREED_DEADLINES


def test_unit_standard_has_fifteen_sections_and_forty_three_criteria() -> None:
    unit = shipped("unit")
    assert (unit.subject, len(unit.nodes), len(leaves_of(unit))) == ("unit", 15, 43)
    assert points_by_method(unit) == {"material": 70, "impression": 20, "survey": 10}
    assert sum(bonus.cap for bonus in unit.bonuses) == 10
