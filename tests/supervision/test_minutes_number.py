"""The list of late problems shows under which number the minutes of its meeting were signed (directives)."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.urls import reverse

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.files.services import Upload
from chuangwen.directives.services import meetings, minutes
from chuangwen.directives.services.meetings import Course, Wanted
from chuangwen.directives.services.minutes import Signature
from chuangwen.directives.services.series import Asked
from chuangwen.organizations.models import Unit
from chuangwen.supervision.models import FeedbackMeeting
from chuangwen.supervision.services import make_meeting
from tests.config.doors import picture
from tests.supervision.making import NOW
from tests.support.factories import make_campaign

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 18)


def held(world, kind):
    """A meeting of a kind that was held on the day."""
    campaign = Campaign.objects.filter(region=world.region).first() or make_campaign(Unit.objects.get_root(world.unit))
    wanted = Wanted(kind, "十一月会议", DAY, time(9))
    meeting = meetings.add_meeting(campaign, wanted, Asked(units=[world.unit]), actor=None)
    meetings.hold_meeting(meeting, Course(DAY, "副组长"), actor=None)
    return meeting


def sign(meeting):
    """Its minutes signed; returns their number."""
    minutes.write_minutes(meeting, summary="通报情况", recorder="创建办", actor=None)
    minutes.sign_minutes(meeting, Signature("副组长", DAY, [Upload("签字.png", picture())]), actor=None)
    return meeting.number


def test_signed_minutes_lend_their_number_to_the_list_of_the_meeting(world, sign_in):
    world.problem(title="占道")
    with clock.at(NOW):
        made = make_meeting(world.region, DAY, actor=world.office)
        number = sign(held(world, "supervision"))
        made.refresh_from_db()
        assert (made.state, made.held_on, made.minutes, bool(number)) == ("held", DAY, number, True)
        client = sign_in(world.office)
        for url in (reverse("supervision:meetings"), reverse("supervision:meeting", args=[made.pk])):
            assert number in client.get(url).content.decode()


def test_number_entered_by_hand_stays_and_other_meetings_lend_none(world):
    world.problem(title="占道")
    with clock.at(NOW):
        made = make_meeting(world.region, DAY, actor=world.office)
        sign(held(world, "regular"))
        made.refresh_from_db()
        assert (made.state, made.minutes) == ("draft", "")
        meeting = held(world, "supervision")
        FeedbackMeeting.objects.filter(pk=made.pk).update(minutes="〔2026〕8号")
        sign(meeting)
        made.refresh_from_db()
        assert (made.state, made.minutes) == ("held", "〔2026〕8号")
