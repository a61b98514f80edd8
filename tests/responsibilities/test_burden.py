"""What the office asks of units, counted month by month."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.queries.burden import asked_of_units
from tests.responsibilities.making import make_city
from tests.support.factories import make_task, make_user

pytestmark = pytest.mark.django_db
MARCH_NOON = datetime(2026, 3, 31, 4, tzinfo=UTC)  # noon in China


def _asked(*issued, at=MARCH_NOON):
    city = make_city()
    unit = city.unit("城管局")
    for moment in issued:
        make_task(unit, campaign=city.campaign, issued_at=moment)
    with clock.at(at):
        return asked_of_units(Task.objects.all())


def test_months_count_by_the_wall_clock_and_end_with_the_current_one():
    evening = datetime(2026, 2, 28, 16, tzinfo=UTC)  # midnight of 1 March in China
    asked = _asked(datetime(2026, 1, 5, tzinfo=UTC), evening, evening)
    assert asked.months == (
        (date(2025, 10, 1), 0), (date(2025, 11, 1), 0), (date(2025, 12, 1), 0),
        (date(2026, 1, 1), 1), (date(2026, 2, 1), 0), (date(2026, 3, 1), 2),
    )  # fmt: skip


def test_comparison_is_with_the_same_day_of_last_month():
    early, late = datetime(2026, 2, 3, tzinfo=UTC), datetime(2026, 2, 20, tzinfo=UTC)
    asked = _asked(early, late, datetime(2026, 3, 2, tzinfo=UTC), at=datetime(2026, 3, 10, 4, tzinfo=UTC))
    assert (asked.so_far, asked.before, asked.fewer) == (1, 1, 0)


def test_comparison_with_a_shorter_month_takes_it_whole_and_no_day_more():
    last_of_february, first_of_march = datetime(2026, 2, 28, 15, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
    asked = _asked(last_of_february, first_of_march)
    assert (asked.so_far, asked.before) == (1, 1)


def test_drafts_and_what_lies_ahead_are_not_counted():
    asked = _asked(None, datetime(2026, 4, 2, tzinfo=UTC))
    assert [n for _month, n in asked.months] == [0] * 6


def test_desk_tells_the_office_how_much_was_asked_and_a_liaison_only_of_her_unit(sign_in):
    city = make_city()
    for name in ("城管局", "教育局"):
        make_task(city.unit(name), campaign=city.campaign, issued_at=clock.now())
    assert "本月给单位下发任务2项，比上月同期多2项。" in sign_in(city.office).get("/desk/").content.decode()
    liaison = make_user(Role.LIAISON, city.units["城管局"])
    assert "本月给单位下发任务1项，比上月同期多1项。" in sign_in(liaison).get("/desk/").content.decode()


def test_desk_says_nothing_where_nothing_was_asked(sign_in):
    assert "给基层的负担" not in sign_in(make_city().office).get("/desk/").content.decode()
