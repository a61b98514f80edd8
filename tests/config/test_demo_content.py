"""The demo's words: everything they refer to exists, so that filling the demo cannot stumble."""

from __future__ import annotations

import csv
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import chuangwen.config
from chuangwen.standards.fileformat import read_standard
from chuangwen.standards.tree import Standard

PACKAGE = Path(chuangwen.config.__file__).parents[1]
CONTENT = PACKAGE / "config" / "demo" / "content"


@cache
def content(name: str) -> Any:
    return YAML(typ="safe").load((CONTENT / f"{name}.yaml").read_text(encoding="utf-8"))


@cache
def register(name: str) -> list[dict[str, str]]:
    """A register in the office's own columns."""
    with (CONTENT / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def short_names() -> set[str]:
    return {unit["short_name"] for unit in content("units")["units"]}


@cache
def city() -> Standard:
    return read_standard(PACKAGE / "standards" / "data" / "city-2026.yaml")


def unit_codes() -> set[str]:
    return {unit["code"] for unit in content("units")["units"]}


def names_of_units() -> list[str]:
    return [name for unit in content("units")["units"] for name in {unit["name"], unit["short_name"], *unit["aliases"]}]


def test_unit_tree_is_closed_and_every_parent_comes_first() -> None:
    seen: set[str | None] = {None}
    for unit in content("units")["units"]:
        assert unit["parent"] in seen, unit["code"]
        seen.add(unit["code"])
    authorities = {row["code"] for row in content("units")["line_authorities"]}
    assert {unit["line_authority"] for unit in content("units")["units"]} == authorities | {None}


def test_no_name_means_two_units() -> None:
    groups = [group["name"] for group in content("units")["groups"]]
    assert [name for name, n in Counter(names_of_units() + groups).items() if n > 1] == []


def test_groups_hold_known_units() -> None:
    members = {code for group in content("units")["groups"] for code in group.get("units", [])}
    assert members - unit_codes() == set()


def test_every_party_named_by_the_standard_can_be_found() -> None:
    parties = {party for leaf in city().leaves() for party in leaf.lead}
    parties |= {party for kind in city().problem_types for party in kind.lead}
    groups = {group["name"] for group in content("units")["groups"]}
    assert parties - set(names_of_units()) - groups == set()


def test_register_has_500_places_and_more_of_each_type_than_a_round_draws() -> None:
    places = register("places")
    assert len({place["编号"] for place in places}) == len(places) == 500
    held = Counter(place["类型"] for place in places)
    drawn = {kind.name.zh: kind.quota or 0 for kind in city().place_types if not kind.ad_hoc}
    assert held.keys() == drawn.keys()
    assert [name for name, quota in drawn.items() if held[name] <= quota] == []


def test_ad_hoc_places_are_enough_for_two_visits_of_each_kind() -> None:
    held = Counter(place["类型"] for place in register("adhoc"))
    assert held.keys() == {kind.name.zh for kind in city().place_types if kind.ad_hoc}
    assert min(held.values()) >= 4


@pytest.mark.parametrize("name", ["places", "adhoc"])
def test_places_name_known_units_and_stand_in_the_city(name: str) -> None:
    for place in register(name):
        assert {place["属地"], place["责任单位"], place["主管部门"]} <= short_names(), place["编号"]
        longitude, latitude = map(float, place["坐标"].split(","))
        assert 113.2 <= longitude <= 113.3, place["编号"]
        assert 29.8 <= latitude <= 29.9, place["编号"]


@pytest.mark.parametrize("name", ["places", "adhoc"])
def test_no_two_places_share_a_name(name: str) -> None:
    names = Counter(place["名称"] for place in register(name))
    assert [name for name, n in names.items() if n > 1] == []


def test_what_needs_a_spot_finds_one_at_every_type_of_place() -> None:
    spots = content("problem_texts")["spots"]
    assert spots.keys() == {kind.code for kind in city().place_types}
    assert [code for code, names in spots.items() if len(set(names)) < 4] == []


def test_what_takes_long_and_what_goes_is_known_to_the_standard() -> None:
    told = content("problem_texts")
    assert set(told["needs_works"]) - {kind.code for kind in city().problem_types} == set()
    assert set(told["gone_reasons"]) - {kind.code for kind in city().place_types} == set()


def test_every_failed_check_can_be_put_in_words() -> None:
    rows = content("problem_texts")["problem_types"]
    texts = {row["code"]: row["texts"] for row in rows}
    speechless = [
        check.code
        for check in city().checks
        for place_type in check.place_types
        if not any(place_type in text.get("at", [place_type]) for text in texts[check.problem_type])
    ]
    assert speechless == []


def test_every_problem_type_has_words_for_each_step() -> None:
    rows = content("problem_texts")["problem_types"]
    assert {row["code"] for row in rows} == {kind.code for kind in city().problem_types}
    assert [row["code"] for row in rows if len(row["texts"]) < 6] == []
    assert [row["code"] for row in rows if not row["fix_notes"] or not row["return_reasons"]] == []


def test_tasks_name_leaves_and_units() -> None:
    tasks = content("tasks")["tasks"]
    assert len(tasks) == 60
    assert {task["criterion"] for task in tasks} - {leaf.code for leaf in city().leaves()} == set()
    named = {code for task in tasks for code in [task["unit"], *task.get("cooperate", [])]}
    assert named - unit_codes() == set()


def test_people_hold_posts_at_known_units() -> None:
    people = content("people")
    rows = people["accounts"]
    assert {row["unit"] for row in rows} | {row["scope"] for row in rows} <= unit_codes()
    assert len({row["login"] for row in rows}) == len({row["name"] for row in rows}) == len(rows)
    members = {code for group in people["working_groups"] for code in [group["lead"], *group["members"]]}
    assert members | people["post_titles"].keys() <= unit_codes()


@pytest.mark.parametrize("name", ["speech-1", "notice-2", "minutes-3"])
def test_document_is_of_real_length_and_names_the_citys_units(name: str) -> None:
    text = (CONTENT / f"{name}.txt").read_text(encoding="utf-8")
    assert 1500 <= len(text) <= 4000
    named = {unit["code"] for unit in content("units")["units"] if unit["short_name"] in text}
    assert len(named) >= 15
