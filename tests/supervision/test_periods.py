"""What the morning makes of periods that are over: flags, the week's list, the meeting's list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.notifications.models import Notice
from chuangwen.supervision.jobs import look_in_the_morning
from chuangwen.supervision.models import FeedbackMeeting, Flag, FlagLook, PeerNumber, WeekList
from chuangwen.supervision.services import give_flag, look_at_periods
from tests.supervision.making import NOW, SATURDAY
from tests.supervision.test_flags import LAST_WEEK, closed

pytestmark = pytest.mark.django_db
SEPTEMBER = datetime(2026, 9, 16, 4, 0, tzinfo=UTC)


def test_flags_are_proposed_once_and_given_by_a_person(world, peers, sign_in):
    for unit, good in zip(peers, (9, 10, 11, 2), strict=True):
        closed(world, unit, good=good, bad=12 - good, at=SEPTEMBER)
        closed(world, unit, good=good, bad=12 - good, at=datetime(2026, 10, 14, 4, 0, tzinfo=UTC))
    with clock.at(NOW):
        look_in_the_morning()
        made = list(Flag.objects.order_by("colour"))
        assert [(one.colour, one.unit, one.starts, one.state) for one in made] == [
            ("black", peers[3], date(2026, 10, 1), "proposed"), ("red", peers[2], date(2026, 7, 1), "proposed"),
        ]  # fmt: skip
        assert set(FlagLook.objects.values_list("colour", "starts", "found")) == {
            ("black", date(2026, 10, 1), 1), ("red", date(2026, 7, 1), 1),
        }  # fmt: skip
        told = set(Notice.objects.filter(user=world.office).values_list("title", flat=True))
        assert {"提出了1面黑牌，待授予", "提出了1面红旗，待授予"} <= told
        assert "面红旗黑牌待授予" in sign_in(world.office).get(reverse("desk:desk")).content.decode()
        give_flag(made[0], actor=world.office)
        look_in_the_morning()
    assert Flag.objects.count() == 2
    assert not Notice.objects.filter(user=world.liaison, title__contains="红旗").exists()


def test_week_list_is_drafted_where_anything_was_due(world, peers):
    with clock.at(NOW):
        look_at_periods(world.region)
        assert not WeekList.objects.exists()
    closed(world, peers[0], good=1, bad=1, at=LAST_WEEK)
    with clock.at(NOW):
        look_at_periods(world.region)
        look_at_periods(world.region)
    assert [(one.starts, one.state, one.lines.count()) for one in WeekList.objects.all()] == [
        (date(2026, 11, 9), "draft", 1)
    ]


def test_list_of_the_meeting_is_made_when_its_months_are_over(world):
    world.problem()
    with clock.at(NOW):
        look_at_periods(world.region)
        look_at_periods(world.region)
    meeting = FeedbackMeeting.objects.get()
    assert (meeting.starts, meeting.ends, meeting.lines.count()) == (date(2026, 9, 1), date(2026, 10, 31), 1)


def test_nothing_on_a_day_off_nor_before_the_numbers_are_written(world):
    world.problem()
    with clock.at(SATURDAY):
        look_at_periods(world.region)
    PeerNumber.objects.filter(key="meeting-months").delete()
    with clock.at(NOW + timedelta(days=1)):
        look_in_the_morning()
    assert (FlagLook.objects.count(), FeedbackMeeting.objects.count()) == (0, 0)
