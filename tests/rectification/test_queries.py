"""The rate closed in time, lateness, neighbours, the desk's items and figures."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import RequestFactory

from chuangwen.accounts.roles import Role
from chuangwen.core.models import Region
from chuangwen.core.panels import counted
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Holding, Post
from chuangwen.organizations.queries import titles_of
from chuangwen.rectification import services
from chuangwen.rectification.desk import desk, figures, open_rows
from chuangwen.rectification.enums import ProblemState, Source
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import (
    at_same_place,
    closing_rate,
    due_today,
    late,
    of_same_kind,
    own_units,
    photo_findings,
    photos_of,
)
from tests.rectification.making import NOW, TUESDAY, City, make_city
from tests.support.factories import make_place, make_problem, make_unit, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
START, END = NOW - 7 * DAY, NOW


def put(city: City, state: ProblemState, **fields):
    """A problem of the city's line due two days ago, in any state."""
    values = {"lead": city.line, "problem_type": city.problem_type, "due_at": NOW - 2 * DAY, "state": state}
    return make_problem(**values | fields)


def rate(city, **more):
    return closing_rate(city.region, START, END, **more)


COUNTED = [
    ({"state": "closed", "closed_in_time": True}, (1, 1)),
    ({"state": "closed", "closed_in_time": True, "fixed_at": NOW - 3 * DAY}, (1, 1)),
    ({"state": "closed", "closed_in_time": False}, (0, 1)),
    ({"state": "assigned"}, (0, 1)),
    ({"state": "returned"}, (0, 1)),
    ({"state": "fixed", "fixed_at": NOW - DAY}, (0, 1)),  # reported late: its lateness is certain
    ({"state": "fixed", "fixed_at": NOW - 3 * DAY}, (0, 0)),  # reported in time: waits to be verified
    ({"state": "disputed"}, (0, 0)),
    ({"state": "long-term", "problem_class": "long-term"}, (0, 0)),
    ({"state": "closed", "closed_in_time": True, "problem_class": "long-term"}, (0, 0)),
    ({"state": "merged"}, (0, 0)),
    ({"state": "gone"}, (0, 0)),
    ({"state": "found"}, (0, 0)),
    ({"state": "closed", "closed_in_time": True, "due_at": START}, (1, 1)),
    ({"state": "closed", "closed_in_time": True, "due_at": END}, (0, 0)),
    ({"state": "closed", "closed_in_time": True, "due_at": START - timedelta(seconds=1)}, (0, 0)),
    ({"state": "assigned", "due_at": NOW + DAY}, (0, 0)),
]


@pytest.mark.parametrize(("fields", "counts"), COUNTED)
def test_rate_counts_what_its_definition_says(fields, counts):
    city = make_city()
    put(city, **{"state": ProblemState.CLOSED, **fields})
    assert rate(city)[:2] == counts


def test_rate_leaves_out_what_is_not_due_yet_even_in_a_running_period():
    city = make_city()
    put(city, ProblemState.ASSIGNED, due_at=NOW + timedelta(hours=1))
    assert closing_rate(city.region, START, NOW + DAY) == (0, 0, 0)


def test_rate_shows_apart_what_units_found_themselves():
    city = make_city()
    put(city, ProblemState.CLOSED, closed_in_time=True, source=Source.SELF)
    put(city, ProblemState.ASSIGNED, source=Source.SELF)
    put(city, ProblemState.CLOSED, closed_in_time=True)
    assert rate(city) == (1, 1, 2)


def test_rate_of_one_unit_and_of_another_region():
    city, other = make_city(), make_city()
    put(city, ProblemState.CLOSED, closed_in_time=True)
    put(city, ProblemState.ASSIGNED, lead=city.other_line)
    put(other, ProblemState.ASSIGNED)
    assert rate(city) == (1, 2, 0)
    assert rate(city).share == 0.5
    assert rate(city, lead=city.line) == (1, 1, 0)


def test_rate_without_anything_due_has_no_share():
    assert closing_rate(Region.objects.create(code="x", name="x"), START, END).share is None


def test_late_and_due_today_are_on_the_units_clock():
    city = make_city()
    for state in ProblemState:
        put(city, state)
        put(city, state, due_at=NOW + timedelta(hours=1))
        put(city, state, due_at=NOW + timedelta(hours=13))  # after midnight in Shanghai
    assert set(Problem.objects.filter(late()).values_list("state", flat=True)) == {"assigned", "returned"}
    assert Problem.objects.filter(late()).count() == 2
    assert Problem.objects.filter(due_today()).count() == 2


def test_neighbours_are_open_at_the_place_and_alike_elsewhere():
    city = make_city()
    mine = put(city, ProblemState.ASSIGNED, place=city.place)
    here = put(city, ProblemState.FIXED, place=city.place)
    put(city, ProblemState.CLOSED, place=city.place)
    alike = put(city, ProblemState.CLOSED, place=make_place(city.street))
    put(city, ProblemState.CLOSED, place=make_place(city.street), found_at=TUESDAY - 60 * DAY)
    put(city, ProblemState.CLOSED, place=make_place(city.street), lead=city.other_line)
    assert list(at_same_place(mine, city.office)) == [here]
    assert list(of_same_kind(mine, city.office)) == [alike]
    assert not at_same_place(mine, make_user(Role.LIAISON, city.other_line)).exists()


def test_neighbours_of_a_problem_without_place():
    city = make_city()
    mine = put(city, ProblemState.ASSIGNED)
    assert list(at_same_place(mine, city.office)) == []
    other = put(city, ProblemState.ASSIGNED, place=city.place)
    assert list(of_same_kind(mine, city.office)) == [other]


def test_findings_need_a_pair():
    city = make_city()
    problem = city.problem()
    assert photo_findings(problem, photos_of(problem)) == []
    other = city.fixed(place=make_place(city.street))
    assert [one.code for one in photo_findings(other, photos_of(other))] == ["distance", "time", "reuse", "framing"]


def test_people_are_named_by_post_else_by_role():
    city = make_city()
    post = Post.objects.create(region=city.region, unit=city.line, kind=PostKind.LIAISON, title="联络员")
    first = Post.objects.create(region=city.region, unit=city.street, kind=PostKind.FIRST, title="主任")
    for one, user in ((post, city.liaison), (first, city.street_liaison)):
        Holding.objects.create(region=city.region, post=one, user=user, starts=date(2026, 1, 1))
    keeper = make_user(Role.KEEPER, city.line)
    found = titles_of({city.liaison.pk, city.street_liaison.pk, city.office.pk, keeper.pk})
    assert found[city.liaison.pk].startswith("城管局联络员(A")
    assert found[city.street_liaison.pk] == "东关街道主任"
    assert found[city.office.pk]
    assert "城管局" not in found[city.office.pk]
    assert found[keeper.pk].startswith("城管局")


def test_own_units_are_those_one_answers_for():
    city = make_city()
    section = make_unit(city.line)
    assert own_units(city.liaison) == {city.line.pk, section.pk}
    assert own_units(city.verifier) == set()


def ask(user):
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_desk_of_the_office_counts_decisions():
    city = make_city()
    city.fixed()
    other = city.problem(place=make_place(city.street))
    services.raise_dispute(other, reason="不归我", actor=None, at=TUESDAY)
    services.report_problem(city.finding(place=None, spot="路边"), actor=None)
    items = {item.url.partition("=")[2]: item for item in counted(desk(ask(city.office))) if item.group == "decide"}
    assert {key: item.count for key, item in items.items()} == {"fixed": 1, "disputed": 1, "found": 1}
    assert items["disputed"].due == other.disputes.get().rule_by
    assert [item.count for item in counted(desk(ask(city.verifier)))] == [1]


def test_desk_of_a_liaison_holds_her_problems_singly():
    city = make_city()
    put(city, ProblemState.ASSIGNED)
    put(city, ProblemState.ASSIGNED, due_at=NOW + DAY)
    put(city, ProblemState.ASSIGNED, due_at=NOW + 20 * DAY)
    put(city, ProblemState.ASSIGNED, lead=city.other_line)
    assert [item.group for item in counted(desk(ask(city.liaison)))] == ["late", "week", "mine"]
    for _number in range(5):
        put(city, ProblemState.ASSIGNED, due_at=NOW + 20 * DAY)
    items = counted(desk(ask(city.liaison)))
    assert (len(items), items[-1].count) == (7, 8)  # six singly, then a line that leads to all


def test_desk_of_a_leader_names_plans_that_end():
    city = make_city()
    put(city, ProblemState.LONG_TERM, due_at=NOW + 6 * DAY)
    put(city, ProblemState.LONG_TERM, due_at=NOW + 8 * DAY)
    leader = make_user(Role.LEADER, city.root)
    assert [(item.group, item.count) for item in counted(desk(ask(leader)))] == [("decide", 1)]


def test_desk_of_a_stranger_is_empty():
    city, other = make_city(), make_city()
    city.fixed()
    assert counted(desk(ask(other.office))) == []


def test_figures_are_for_who_sees_the_whole():
    city = make_city()
    put(city, ProblemState.ASSIGNED)
    put(city, ProblemState.ASSIGNED, source=Source.SELF)
    put(city, ProblemState.CLOSED, closed_in_time=True)
    found = counted(figures(ask(city.office)))
    assert [figure.value for figure in found] == ["2", "1", "50%"]
    assert list(figures(ask(city.liaison))) == []
    assert open_rows(ask(city.liaison)).count() == 2


def test_figures_of_an_empty_region_have_no_rate():
    city = make_city()
    assert [figure.value for figure in counted(figures(ask(city.office)))] == ["0", "0"]
