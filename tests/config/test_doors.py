"""The doors: every address by every role, by a stranger from another region, and without an account.

Addresses are taken from the program itself, so that a new one is tested the day it is added;
doors.py wants a sample of its arguments.
"""

from __future__ import annotations

import re

import pytest
from django.urls import NoReverseMatch, resolve, reverse

from chuangwen.accounts.roles import Role, permissions_of
from tests.config.doors import addresses, samples
from tests.support.closing import menu_counted_once, short_refusals
from tests.support.factories import make_user

__all__ = ["menu_counted_once", "short_refusals"]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both,
    pytest.mark.usefixtures("short_refusals", "menu_counted_once"),
]

LINK = re.compile(r'<a [^>]*href="(/[^"?#]*)')
# What an address may answer to somebody who is not let in.
SHUT = {403, 404, 405}
# A POST-only address answers 405 to GET; one that needs something first leads there.
OPEN = {200, 302, 400, 404, 405, 409}
# On the second database two that see everything and a subtree, and one on the way: the other tables differ in Python.
ON_BOTH = {Role.OFFICE, Role.LIAISON, Role.INSPECTOR}
# These name a kind of import or of choices, one of the person's own sessions, a step of the own region's reminders: a
# stranger acts on the own region's.
OWN_REGION = {
    "core:forms",
    "core:form-example",
    "core:import",
    "core:import-template",
    "core:pick",
    "accounts:end-session",
    "notifications:step",
}


def of_roles(roles):
    """These roles, of which only those of ON_BOTH are tried on the second database too."""
    return [role if role in ON_BOTH else pytest.param(role, marks=pytest.mark.once) for role in roles]


def _address(name: str, arguments: dict[str, dict[str, object]]) -> str:
    try:
        return reverse(name, kwargs=arguments.get(name, {}))
    except NoReverseMatch:
        pytest.fail(f"{name} is new: give a sample of its arguments in tests/config/doors.py")


def test_every_address_has_a_sample(world):
    arguments = samples(world)
    new = [name for name, pattern, _view in addresses() if "<" in pattern and name not in arguments]
    assert new == [], "give them samples in tests/config/doors.py"


def test_every_view_says_who_may_open_it():
    silent = [name for name, _pattern, view in addresses() if not hasattr(view, "required_permissions")]
    assert silent == []


def test_without_an_account_only_open_pages_open(world, client):
    arguments = samples(world)
    wrong = []
    for name, _pattern, view in addresses():
        response = client.get(_address(name, arguments))
        closed = response.status_code == 302 and response.url.startswith("/account/login/")
        if view.required_permissions is None:
            if response.status_code >= 500 or (closed and name != "core:home"):
                wrong.append((name, response.status_code))
        elif not closed and response.status_code not in {404, 405}:
            wrong.append((name, response.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", of_roles(Role))
def test_each_role_gets_what_its_table_says_and_nothing_else(world, sign_in, role):
    arguments = samples(world)
    client = sign_in(world.people[role])
    wrong = []
    for name, _pattern, view in addresses():
        needed = view.required_permissions
        if needed is None:
            continue
        status = client.get(_address(name, arguments)).status_code
        allowed = not needed or bool(permissions_of(role).intersection(needed))
        if status not in (OPEN | {403} if not needed else OPEN if allowed else SHUT):
            wrong.append((name, status, "allowed" if allowed else "not allowed"))
    assert wrong == []


@pytest.mark.once
@pytest.mark.parametrize("role", [Role.LIAISON, Role.KEEPER, Role.VERIFIER, Role.ASSESSOR])
def test_no_page_leads_its_reader_to_a_closed_door(world, sign_in, role):
    """A link is there for who may follow it; others read the words alone."""
    world.connect_problem()
    arguments, client = samples(world), sign_in(world.people[role])
    wrong, read = set(), 0
    for name, _pattern, view in addresses():
        if view.required_permissions and not permissions_of(role).intersection(view.required_permissions):
            continue
        answer = client.get(_address(name, arguments))
        if answer.status_code != 200 or "html" not in answer.get("Content-Type", ""):
            continue
        read += 1
        for address in set(LINK.findall(answer.content.decode())):
            needed = getattr(resolve(address).func, "required_permissions", None)
            if needed and not permissions_of(role).intersection(needed):
                wrong.add((name, address))
    assert wrong == set()
    assert read > 10


@pytest.mark.parametrize("role", of_roles([Role.OFFICE, Role.ADMINISTRATOR, Role.LIAISON, Role.AUDITOR]))
def test_a_stranger_from_another_region_reaches_no_object(world, sign_in, role):
    """Every address that names an object of this region answers 403 or 404, by GET and by POST."""
    arguments = samples(world)
    client = sign_in(make_user(role))
    wrong = []
    for name, _pattern, view in addresses():
        if name not in arguments or view.required_permissions is None or name in OWN_REGION:
            continue
        for method in (client.get, client.post):
            status = method(_address(name, arguments)).status_code
            if status not in SHUT:
                wrong.append((name, method.__name__, status))
    assert wrong == []


def test_office_reads_its_objects(world, sign_in):
    """The other side of the coin: whoever may, gets the page itself."""
    arguments = samples(world)
    client = sign_in(world.people[Role.OFFICE])
    wanted = (
        "desk:desk", "organizations:units", "organizations:unit", "organizations:group", "standards:list",
        "campaigns:list", "responsibilities:breakdown", "responsibilities:tasks", "responsibilities:task",
        "places:list", "places:place", "places:map", "inspections:rounds", "inspections:round", "inspections:visit",
        "rectification:ledger", "rectification:problem", "rectification:rules", "directives:list",
        "directives:review", "scoring:runs", "core:file",
    )  # fmt: skip
    assert {name: client.get(_address(name, arguments)).status_code for name in wanted} == dict.fromkeys(wanted, 200)
