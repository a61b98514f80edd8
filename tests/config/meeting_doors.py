"""One meeting with everything that hangs on it for the doors' world, and the samples of its addresses."""

from __future__ import annotations

from typing import Any

from chuangwen.directives.models import (
    AgendaItem,
    Decision,
    Meeting,
    MeetingSeries,
    PassingOn,
    Seat,
    StudyTopic,
    WrittenCall,
    WrittenReport,
)
from tests.config.letter_doors import add_letter, letter_samples
from tests.support.factories import DAY, NOON

MONTHLY = {"every": "month", "step": 1, "phase": 1, "day": 3, "working": True}
MEETING = (
    "meeting", "agenda_assemble", "agenda_add", "agenda_word", "roll", "seat_add", "sign_in_sheet", "minutes",
    "passings", "passing_ask", "passing_links", "minutes_word", "minutes_sign", "minutes_review",
    "meeting_decide", "meeting_issue",
)  # fmt: skip


def add_meeting(world: Any) -> None:
    """A series, a meeting that is ahead with a point on its agenda and a seat."""
    region, campaign = world.root.region, world.campaign
    series = MeetingSeries.objects.create(
        region=region, campaign=campaign, kind="regular", name="创建工作月例会", schedule=MONTHLY, everybody=True
    )
    ahead = Meeting.objects.create(
        region=region, campaign=campaign, series=series, slot="2026-11", kind="regular", name="2026年11月例会", day=DAY,
        planned_day=DAY,
    )  # fmt: skip
    world.series, world.ahead = series, ahead
    world.item = AgendaItem.objects.create(meeting=ahead, position=1, title="市容整治")
    world.decision = Decision.objects.create(meeting=ahead, position=1, text="月底前清运")
    world.topic = StudyTopic.objects.create(region=region, campaign=campaign, title="飞线整治")
    world.passing = PassingOn.objects.create(region=region, meeting=ahead, unit=world.lead, due_on=DAY)
    world.call = WrittenCall.objects.create(region=region, campaign=campaign, title="整改情况", due_at=NOON)
    world.written = WrittenReport.objects.create(region=region, call=world.call, unit=world.lead)
    world.seat_at = Seat.objects.create(region=region, meeting=ahead, unit=world.lead)
    add_letter(world)


def meeting_samples(world: Any) -> dict[str, dict[str, Any]]:
    """Address name -> what its sample needs."""
    series, ahead, item = {"pk": world.series.pk}, {"pk": world.ahead.pk}, {"pk": world.item.pk}
    return {
        **letter_samples(world),
        **{f"directives:{name}": ahead for name in MEETING},
        "directives:meeting_act": ahead | {"name": "move"},
        "directives:meeting_year": {"year": 2026},
        "directives:meeting_plan": {"year": 2026},
        "directives:meeting_rule": series,
        "directives:meeting_series_end": series,
        "directives:minutes_form": series,
        "directives:minutes_form_drop": series,
        "directives:agenda_item": item,
        "directives:seat_remove": {"pk": world.seat_at.pk},
        "directives:meeting_decision": {"pk": world.decision.pk},
        "directives:meeting_decision_drop": {"pk": world.decision.pk},
        "directives:passing": {"pk": world.passing.pk},
        "directives:written_call": {"pk": world.call.pk},
        "directives:written_links": {"pk": world.call.pk},
        "directives:written_withdraw": {"pk": world.call.pk},
        "directives:written_step": {"pk": world.call.pk, "name": "close"},
        "directives:written_report": {"pk": world.written.pk},
        "directives:topic": {"pk": world.topic.pk},
        "directives:agenda_change": item | {"way": "up"},
    }
