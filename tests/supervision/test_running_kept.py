"""What counts as running: over the turn of a year, and from one released list to the next one alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from chuangwen.accounts.roles import Role
from chuangwen.notifications.models import Notice
from chuangwen.supervision.models import PeerNumber, WeekList
from chuangwen.supervision.services import make_list, propose_flags, release_list
from tests.supervision.test_flags import LAST_WEEK, closed
from tests.supervision.test_flags_kept import flag
from tests.support.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon"), pytest.mark.once]


def test_black_flags_run_from_december_into_january(world, peers):
    for unit, good in zip(peers, (10, 9, 8, 5), strict=True):
        closed(world, unit, good=good, bad=10 - good, at=datetime(2026, 1, 14, 4, tzinfo=UTC))
    flag(peers[3], date(2025, 12, 1))
    flag(peers[3], date(2026, 1, 1), colour="red")  # a red one of the same day makes no black one known
    (made,) = propose_flags(world.region, "black", date(2026, 1, 31), actor=world.office)
    assert (made.unit, made.running) == (peers[3], 2)


def test_only_black_lines_of_last_weeks_released_list_run_on(world, peers):
    for unit, good in zip(peers, (10, 9, 8, 5), strict=True):
        closed(world, unit, good=good, bad=10 - good, at=LAST_WEEK)
    for key in ("top-lines", "bottom-lines"):
        PeerNumber.objects.filter(key=key).update(value=1)
    last = peers[3]
    people = [make_user(Role.LIAISON, unit) for unit in peers]

    def listed(starts, side, state):
        week = WeekList.objects.create(
            region=world.region, starts=starts, ends=starts + timedelta(days=6), made_at=LAST_WEEK, state=state
        )
        week.lines.create(
            region=world.region, unit=last, branch="line", rank=1, numerator=1, denominator=2, side=side, running=3
        )
        return week

    monday = date(2026, 11, 2)
    for starts, side, state in (
        (monday, "black", "draft"), (monday, "red", "released"), (monday - timedelta(days=7), "black", "released"),
    ):  # fmt: skip
        former = listed(starts, side, state)
        week = make_list(world.region, LAST_WEEK.date(), actor=world.office)
        assert week.lines.get(unit=last).running == 1, (starts, side, state)
        former.delete()
    Notice.objects.all().delete()
    release_list(week, actor=world.office)
    asked = [list(Notice.objects.filter(user=one).values_list("urgent", flat=True)) for one in people]
    assert asked == [[False], [], [], [True]]
