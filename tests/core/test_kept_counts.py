"""The counts beside the navigation are kept for a minute in the person's own browser, and void once she writes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.access import access_mark
from chuangwen.core.kept_counts import COOKIE, KEPT_SECONDS  # read before tests let nothing be kept
from chuangwen.organizations.models import RoleGrant
from tests.responsibilities.making import make_city
from tests.support.factories import NOON, make_campaign, make_task, make_unit, make_user

pytestmark = pytest.mark.django_db
PAGE = "/accounts/me/"


@pytest.fixture(autouse=True)
def _kept(monkeypatch):
    monkeypatch.setattr("chuangwen.core.kept_counts.KEPT_SECONDS", KEPT_SECONDS)


@pytest.fixture
def city():
    return make_city()


@pytest.fixture
def unit(city):
    return city.unit("城管局")


@pytest.fixture
def liaison(city, unit):
    return city.liaison(unit)


def tasks_beside(client, path=PAGE):
    """The number beside “Tasks”."""
    entries = [entry for section in client.get(path).context["nav"] for entry in section.items]
    return next(entry["count"] for entry in entries if entry["url"] == "/tasks/")


def test_what_others_do_is_seen_after_a_minute_and_not_counted_at_each_page(city, unit, liaison, sign_in):
    client = sign_in(liaison)
    with clock.at(NOON):
        make_task(unit, campaign=city.campaign)
        assert tasks_beside(client) == 1
        make_task(unit, campaign=city.campaign)
        with CaptureQueriesContext(connection) as captured:
            assert tasks_beside(client) == 1
    assert [one["sql"] for one in captured.captured_queries if "counted" in one["sql"]] == []
    with clock.at(NOON + timedelta(seconds=KEPT_SECONDS - 2)):
        assert tasks_beside(client) == 1
    with clock.at(NOON + timedelta(seconds=KEPT_SECONDS)):
        assert tasks_beside(client) == 2
    with clock.at(NOON - timedelta(hours=1)):  # a clock that was set back keeps nothing alive
        make_task(unit, campaign=city.campaign)
        assert tasks_beside(client) == 3


def test_own_step_is_seen_on_the_next_page(city, unit, liaison, sign_in):
    task = make_task(unit, campaign=city.campaign)
    make_task(unit, campaign=city.campaign)
    client = sign_in(liaison)
    assert tasks_beside(client) == 2
    url = reverse("responsibilities:step", args=[task.pk, "object"])
    answer = client.post(url, {"reason": "不归我局管"})
    assert answer.status_code == 302
    assert tasks_beside(client) == 1


def test_page_that_answers_a_form_counts_anew(city, unit, liaison, sign_in):
    task = make_task(unit, campaign=city.campaign)
    client = sign_in(liaison)
    assert tasks_beside(client) == 1
    make_task(unit, campaign=city.campaign)
    url = reverse("responsibilities:step", args=[task.pk, "object"])
    answer = client.post(url, {"reason": ""})
    assert answer.status_code == 422
    assert [e["count"] for s in answer.context["nav"] for e in s.items if e["url"] == "/tasks/"] == [2]
    assert tasks_beside(client) == 2


def test_numbers_of_one_person_are_no_others_at_the_same_machine(city, unit, liaison, sign_in):
    make_task(unit, campaign=city.campaign)
    first = Client()
    first.force_login(liaison, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert tasks_beside(first) == 1
    client = sign_in(city.liaison(city.unit("教育局")))
    client.cookies[COOKIE] = first.cookies[COOKIE].value
    assert tasks_beside(client) == 0


def test_numbers_end_with_the_scope_in_which_they_were_counted(city, unit, liaison, sign_in):
    make_task(unit, campaign=city.campaign)
    make_task(make_unit(unit), campaign=city.campaign)
    client = sign_in(liaison)
    assert tasks_beside(client) == 2
    other = city.unit("教育局")
    make_task(other, campaign=city.campaign)
    grant = RoleGrant.objects.create(
        region=unit.region, user=liaison, role=str(Role.LIAISON), unit=other, starts=date(2020, 1, 1)
    )
    assert tasks_beside(client) == 3
    grant.delete()
    assert tasks_beside(client) == 2
    make_task(make_unit(unit), campaign=city.campaign)  # a unit more below the own one
    assert tasks_beside(client) == 3


def test_numbers_end_with_the_campaign(city, unit, liaison, sign_in):
    make_task(unit, campaign=city.campaign)
    client = sign_in(liaison)
    assert tasks_beside(client) == 1
    make_campaign(city.root, name="另一周期", assessment_on=date(2027, 12, 1))  # the one that is shown from now on
    assert tasks_beside(client) == 0


@pytest.mark.parametrize("kept", ["", "x", "1", "WyJhIiwgMSwgWzFdXQ:1w:abc", "é" * 50])
def test_what_was_not_written_here_is_not_read(city, unit, liaison, sign_in, kept):
    make_task(unit, campaign=city.campaign)
    client = sign_in(liaison)
    client.cookies[COOKIE] = kept
    assert tasks_beside(client) == 1


def test_cookie_is_read_by_no_script_and_leaves_with_whoever_signs_out(liaison, sign_in):
    client = sign_in(liaison)
    made = client.get(PAGE).cookies[COOKIE]
    assert (made["httponly"], made["samesite"], made["max-age"]) == (True, "Lax", KEPT_SECONDS)
    assert COOKIE not in client.get(PAGE).cookies  # it is not written at each page
    gone = client.post(reverse("account_logout")).cookies[COOKIE]
    assert (gone.value, gone["max-age"]) == ("", 0)


def test_mark_of_access_changes_with_what_is_held_and_with_nothing_else(city, unit):
    def mark(user):
        return access_mark(type(user).objects.get(pk=user.pk))

    liaison = city.liaison(unit)
    before = mark(liaison)
    assert before == mark(liaison)
    assert before == mark(city.liaison(unit))  # the person is named beside it
    assert before != mark(city.office)
    make_unit(unit)
    assert before != mark(liaison)
    assert mark(make_user()) != before
