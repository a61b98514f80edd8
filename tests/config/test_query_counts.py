"""No page asks the database more often because there are more rows: every address, with one row of each and three."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.db import connection
from django.urls import reverse

from chuangwen.accounts.roles import Role
from tests.config.doors import addresses, samples
from tests.config.multiply import multiply
from tests.support.closing import menu_counted_once, short_refusals

__all__ = ["menu_counted_once", "short_refusals"]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.usefixtures("short_refusals", "menu_counted_once"),
]
NOTED = re.compile(r"django_session|usersessions_|SAVEPOINT")  # that somebody is there, once a minute


class Asked:
    """A person's pages, and the statements that each of them sends."""

    def __init__(self, client, arguments):
        self._client = client
        self._urls = {
            name: reverse(name, kwargs=arguments.get(name, {}))
            for name, _pattern, view in addresses()
            if view.required_permissions is not None
        }

    def statements(self, name):
        """Those of one GET; None where no page answers."""
        sent = []

        def note(execute, sql, params, many, context):
            if not NOTED.search(sql):
                sent.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            status = self._client.get(self._urls[name]).status_code
        return sent if status == 200 else None

    def at_second_look(self):
        """Page -> its statements; what is noted at the first look is not counted."""
        opened = [name for name in self._urls if self.statements(name) is not None]
        return {name: self.statements(name) for name in opened}

    def more_than(self, before):
        """Page -> its statements, of those that send more than `before`: at the first look, and at the second too."""
        found, opened = {}, 0
        for name in self._urls:
            sent = self.statements(name)
            opened += sent is not None
            limit = len(before.get(name) or ())
            if name in before and len(sent or ()) > limit and len(again := self.statements(name) or ()) > limit:
                found[name] = again
        return found, opened


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LIAISON])
def test_no_page_costs_more_queries_for_three_rows_than_for_one(sign_in, world, role):
    pages = Asked(sign_in(world.people[role]), samples(world))
    one = pages.at_second_look()
    multiply()
    three, opened = pages.more_than(one)
    assert opened > 20
    more = {name: _more_often(one[name], three[name]) for name in three}
    assert more == {}, sorted(more)


def _more_often(few, many):
    """The statements that were made more often, by their shape: they say where the fault lies."""
    shapes = [Counter(re.sub(r"\b\d+\b|'[^']*'", "?", sql)[:300] for sql in asked) for asked in (few, many)]
    return {shape: (shapes[0][shape], count) for shape, count in shapes[1].items() if count > shapes[0][shape]}
