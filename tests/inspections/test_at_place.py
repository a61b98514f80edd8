"""Visits on a place's page, by the scan of its plate, and when the place goes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.inspections.models import Visit
from chuangwen.organizations.models import RoleGrant
from chuangwen.places.services import change_place_state
from tests.inspections.making import make_field
from tests.support.factories import make_round, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def field():
    return make_field()


def test_place_page_shows_its_visits_with_their_outcome(field, sign_in):
    visit = field.visit(answered=12, not_met=2, state="finished", finished_at=clock.now())
    text = sign_in(field.office).get(f"/places/{visit.place.code}/").content.decode()
    assert f"/visits/{visit.uid}/" in text
    assert "12项中2项不达标" in text


def test_unit_of_the_place_does_not_learn_of_a_visit_to_come(field, sign_in):
    visit = field.visit()
    leader = make_user(Role.LEADER, field.street)
    assert f"/visits/{visit.uid}/" not in sign_in(leader).get(f"/places/{visit.place.code}/").content.decode()
    Visit.objects.filter(pk=visit.pk).update(state="finished")
    assert f"/visits/{visit.uid}/" in sign_in(leader).get(f"/places/{visit.place.code}/").content.decode()


def test_place_page_costs_the_same_for_one_and_for_three_visits(field, sign_in):
    place = field.place()
    client = sign_in(field.office)
    field.visit(place)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"/places/{place.code}/").status_code == 200
        return len(caught)

    queries()
    one = queries()
    for name in ("回头望", "正式测评"):
        round_ = make_round(field.round.campaign, name=name)
        Visit.objects.create(region=place.region, round=round_, place=place, planned_on=clock.today())
    assert queries() == one


def test_scan_opens_the_inspectors_own_visit_of_today(field, sign_in):
    visit = field.visit(planned_on=clock.today())
    address = f"/p/{visit.place.plate}/"
    assert sign_in(field.inspector).get(address).url == f"/field/{visit.uid}/"
    RoleGrant.objects.create(
        region=field.root.region, user=field.inspector, unit=field.root, role=Role.VERIFIER, starts=clock.today()
    )
    assert sign_in(field.inspector).get(address).url == f"/field/{visit.uid}/"
    other = make_user(Role.INSPECTOR, field.root)
    assert sign_in(other).get(address).url == f"/problems/new/?place={visit.place.code}"


@pytest.mark.parametrize("fields", [{"state": "finished"}, {"planned_on": "tomorrow"}])
def test_scan_where_nothing_waits_leads_to_the_problem_form(field, sign_in, fields):
    if fields.get("planned_on"):
        fields = {"planned_on": clock.today() + timedelta(days=1)}
    visit = field.visit(**{"planned_on": clock.today()} | fields)
    assert sign_in(field.inspector).get(f"/p/{visit.place.plate}/").url.startswith("/problems/new/")


def test_place_that_goes_takes_its_waiting_visits_along(field):
    visit = field.visit()
    seen = field.visit(state="finished")
    for one in (visit, seen):
        change_place_state(one.place, "gone", actor=field.office, reason="整体拆迁")
        one.refresh_from_db()
    assert (visit.state, visit.skip_reason, seen.state) == ("skipped", "整体拆迁", "finished")
