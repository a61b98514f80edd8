"""Whom a list of problems leaves out, and by which photo another problem is known again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chuangwen.rectification.enums import PhotoRole, ProblemState
from chuangwen.rectification.models import Problem, ProblemPhoto, RoutingRule
from chuangwen.rectification.photo_checks import PhotoFacts, bands_of
from chuangwen.rectification.queries import (
    OPEN,
    at_same_place,
    due_this_week,
    facts_of,
    of_same_kind,
    open_to,
    pair_of,
    photo_findings,
    photos_of,
    routing_rules,
    territory_chain,
    used_elsewhere,
)
from tests.rectification.making import NOW, TUESDAY, City, make_city
from tests.support.factories import make_place, make_problem, make_problem_type, make_unit

DAY = timedelta(days=1)


def put(city: City, **fields):
    values = {"lead": city.line, "problem_type": city.problem_type, "due_at": NOW + DAY}
    return make_problem(**values | fields)


def shot(problem: Problem) -> ProblemPhoto:
    return photos_of(problem)[-1]


@pytest.mark.django_db
def test_open_rows_are_named_by_the_state_too_for_who_sees_single_units():
    city = make_city()
    assert str(open_to(city.office)) == "(AND: ('is_open', True))"
    assert open_to(city.liaison) == OPEN


@pytest.mark.django_db
def test_due_this_week_is_from_now_to_sunday_and_on_a_units_clock():
    city = make_city()
    sunday = NOW + 5 * DAY + timedelta(hours=11, minutes=59)  # 23:59 in Shanghai
    mine = [put(city, due_at=NOW + timedelta(minutes=5)), put(city, due_at=sunday, state=ProblemState.RETURNED)]
    put(city, due_at=NOW - timedelta(seconds=1))
    put(city, due_at=sunday + timedelta(minutes=1))
    put(city, due_at=NOW + DAY, state=ProblemState.FIXED)
    assert list(Problem.objects.filter(due_this_week()).order_by("due_at")) == mine


@pytest.mark.django_db
def test_rules_are_the_present_ones_of_region_and_type():
    city, other = make_city(), make_city()
    values = {"lead": city.line, "starts": date(2026, 1, 1)}
    rule = RoutingRule.objects.create(region=city.region, problem_type=city.problem_type, **values)
    ended = {"ends": date(2026, 2, 1), "territory": city.street}
    RoutingRule.objects.create(region=city.region, problem_type=city.problem_type, **values | ended)
    RoutingRule.objects.create(region=city.region, problem_type=make_problem_type(city.region), **values)
    RoutingRule.objects.create(region=other.region, problem_type=city.problem_type, **values)
    assert routing_rules(city.region, city.problem_type) == [rule]


@pytest.mark.django_db
def test_territory_is_followed_upward_but_not_to_the_root():
    city = make_city()
    quarter = make_unit(city.street)
    block = make_unit(quarter)
    assert territory_chain(block) == [block.pk, quarter.pk, city.street.pk]
    assert territory_chain(None) == []


@pytest.mark.django_db
def test_neighbours_elsewhere_of_another_type_and_of_long_ago_are_left_out():
    city = make_city()
    mine = put(city, place=city.place, found_at=TUESDAY)
    put(city, place=make_place(city.street), found_at=TUESDAY - 31 * DAY)
    put(city, place=make_place(city.street), found_at=TUESDAY, problem_type=make_problem_type(city.region))
    alike = put(city, place=make_place(city.street), found_at=TUESDAY - 30 * DAY)
    assert list(at_same_place(mine, city.office)) == []
    assert list(of_same_kind(mine, city.office)) == [alike]


def test_pair_is_the_first_before_and_the_last_after():
    before, more, after, later = (
        ProblemPhoto(pk=number, role=role)
        for number, role in enumerate([PhotoRole.BEFORE, PhotoRole.BEFORE, PhotoRole.AFTER, PhotoRole.AFTER], 1)
    )
    assert pair_of([before, more, after, later]) == (before, later)
    assert pair_of([after]) == (None, after)
    assert pair_of([before]) == (before, None)
    assert pair_of([]) == (None, None)


@pytest.mark.django_db
def test_facts_are_those_of_the_photo_and_its_file():
    city = make_city()
    photo = shot(city.problem())
    photo.taken_at, photo.longitude, photo.latitude = TUESDAY, 113.25, 29.5
    file = photo.attachment.file
    assert facts_of(photo) == PhotoFacts(TUESDAY, 113.25, 29.5, file.likeness, file.sha256)
    assert (len(file.likeness), len(file.sha256)) == (16, 64)


@pytest.mark.django_db
def test_finding_names_the_problem_that_had_the_photo_before():
    city, other = make_city(), make_city()
    other.fixed()
    first = city.fixed()
    assert [one.used_in for one in photo_findings(first, photos_of(first))] == ["", "", "", ""]
    second = city.fixed(place=make_place(city.street))
    reuse = photo_findings(second, photos_of(second))[2]
    assert (reuse.code, reuse.ok, reuse.used_in) == ("reuse", False, first.number)


def look_like(photo: ProblemPhoto, likeness: str) -> None:
    """Gives a photo the looks of another one, as if it had been saved again."""
    photo.attachment.file.likeness = likeness
    photo.attachment.file.save(update_fields=["likeness"])
    names = [f"band_{number}" for number in range(4)]
    ProblemPhoto.objects.filter(pk=photo.pk).update(**dict(zip(names, bands_of(likeness), strict=True)))


@pytest.mark.django_db
@pytest.mark.parametrize("bits", [0x1, 0x1_0000_0000, 0x1_0000_0001_0001])
def test_picture_is_known_again_by_whichever_part_is_unchanged(bits):
    city = make_city()
    first = city.fixed()
    second = city.fixed(place=make_place(city.street), photos=[], seed=3)
    likeness = shot(first).attachment.file.likeness
    look_like(shot(second), f"{int(likeness, 16) ^ bits:016x}")
    assert used_elsewhere(shot(second)) == shot(first)


@pytest.mark.django_db
def test_even_picture_is_known_again_by_its_bytes():
    city = make_city()
    first, second = city.fixed(), city.fixed(place=make_place(city.street), photos=[])
    look_like(shot(first), "0" * 16)
    assert used_elsewhere(shot(second)) == shot(first)
