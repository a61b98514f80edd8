"""No page asks the database more often because there are more rows: every address, with one row of each and three."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from tests.config.doors import World, addresses, samples
from tests.config.multiply import multiply
from tests.support.closing import short_refusals

__all__ = ["short_refusals"]
pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("short_refusals")]
NOTED = re.compile(r"django_session|usersessions_|SAVEPOINT")  # that somebody is there, once a minute


def asked(client, arguments):
    """Address -> the statements of one GET, for all that answer with a page."""
    found = {}
    for name, _pattern, view in addresses():
        if view.required_permissions is None:
            continue
        url = reverse(name, kwargs=arguments.get(name, {}))
        if client.get(url).status_code != 200:  # what is noted at the first look is not counted either
            continue
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        found[name] = [one["sql"] for one in captured.captured_queries if not NOTED.search(one["sql"])]
    return found


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LIAISON])
def test_no_page_costs_more_queries_for_three_rows_than_for_one(sign_in, role):
    world = World()
    arguments = samples(world)
    client = sign_in(world.people[role])
    one = asked(client, arguments)
    multiply()
    three = asked(client, arguments)
    assert len(three) > 20
    more = {name: _more_often(one[name], three[name]) for name in one if len(three.get(name, ())) > len(one[name])}
    assert more == {}, sorted(more)


def _more_often(few, many):
    """The statements that were made more often, by their shape: they say where the fault lies."""
    shapes = [Counter(re.sub(r"\b\d+\b|'[^']*'", "?", sql)[:300] for sql in asked) for asked in (few, many)]
    return {shape: (shapes[0][shape], count) for shape, count in shapes[1].items() if count > shapes[0][shape]}
