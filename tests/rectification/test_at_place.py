"""Problems on a place's page, by the scan of its plate, and when the place goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.places.services import change_place_state
from chuangwen.rectification.enums import ProblemState, Source
from chuangwen.rectification.models import Problem
from chuangwen.rectification.services import close_problem
from chuangwen.workflow.queries import history_of
from tests.rectification.making import NOW, TUESDAY, make_city
from tests.support.factories import make_place, make_problem_type, make_region, make_root, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_city()


def kinds(city, number):
    return [make_problem_type(city.region, name_zh=f"类型{n}") for n in range(number)]


def test_place_page_shows_its_open_problems_alone(city, sign_in):
    open_one = city.problem(title="南门外占道经营")
    done = city.fixed(title="菜叶垃圾未清", problem_type=kinds(city, 1)[0])
    close_problem(done, actor=city.verifier)
    elsewhere = city.problem(title="别处的问题", place=make_place(city.street, name="西关菜市场"))
    page = sign_in(city.office).get(f"/places/{city.place.code}/")
    text = page.content.decode()
    assert [name in text for name in (open_one.title, done.title, elsewhere.title)] == [True, False, False]
    assert f"/problems/new/?place={city.place.code}" in text
    assert f"tab=all&amp;place={city.place.code}" in text


def test_place_page_costs_the_same_for_one_and_for_three_problems(city, sign_in):
    client = sign_in(city.office)
    types = kinds(city, 3)
    city.problem(problem_type=types[0])

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(f"/places/{city.place.code}/").status_code == 200
        return len(caught)

    queries()
    one = queries()
    for kind in types[1:]:
        city.problem(problem_type=kind)
    assert queries() == one


def test_problem_of_another_region_is_not_shown(city, sign_in):
    city.problem(title="南门外占道经营")
    stranger = make_user(Role.OFFICE, make_root(make_region("邻市")))
    assert sign_in(stranger).get(f"/places/{city.place.code}/").status_code == 404


def test_place_that_goes_ends_its_open_problems_uncounted(city):
    first, second = city.problem(), city.fixed(problem_type=kinds(city, 1)[0])
    elsewhere = city.problem(place=make_place(city.street, name="西关菜市场"))
    change_place_state(city.place, "gone", actor=city.office, reason="整体拆迁")
    states = dict(Problem.objects.values_list("pk", "state"))
    assert states == {first.pk: "gone", second.pk: "gone", elsewhere.pk: "assigned"}
    last = history_of(first).order_by("-pk").first()
    assert (last.action, "整体拆迁" in last.note, last.actor_id) == ("object_gone", True, city.office.pk)


def test_place_that_went_earlier_ends_what_was_found_before_at_that_day(city):
    before = city.problem(at=TUESDAY)
    after = city.problem(at=NOW - timedelta(hours=2), problem_type=kinds(city, 1)[0])
    day = clock.local(NOW).date() - timedelta(days=2)
    change_place_state(city.place, "gone", actor=city.office, reason="整体拆迁", day=day)
    before.refresh_from_db()
    after.refresh_from_db()
    assert (clock.local(before.closed_at).date(), before.state) == (day, ProblemState.GONE)
    assert (clock.local(after.closed_at).date(), after.state) == (clock.local(NOW).date(), ProblemState.GONE)


def test_scan_leads_an_inspector_to_the_form_and_the_office_to_the_place(city, sign_in):
    inspector = make_user(Role.INSPECTOR, city.root)
    address = f"/p/{city.place.plate}/"
    form = f"/problems/new/?place={city.place.code}"
    assert sign_in(inspector).get(address).url == form
    assert city.place.name in sign_in(inspector).get(form).content.decode()
    assert sign_in(city.office).get(address).url == f"/places/{city.place.code}/"
    change_place_state(city.place, "gone", actor=city.office, reason="整体拆迁")
    assert sign_in(inspector).get(address).status_code == 200


def test_inspector_who_reports_is_led_home_and_not_before_a_shut_door(city, sign_in):
    inspector = make_user(Role.INSPECTOR, city.root)
    sent = {"place": city.place.code, "problem_type": city.problem_type.pk, "title": "地面积水", "source": "inspection"}
    answer = sign_in(inspector).post("/problems/new/", sent)
    assert (answer.status_code, answer.url) == (302, "/")
    problem = Problem.objects.get()
    assert (problem.place, problem.source) == (city.place, Source.INSPECTION)
