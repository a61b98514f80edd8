"""What meetings know of a first responsible's own work: chaired, attended in person, passed on in the own unit."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from chuangwen.core.panels import PanelLine
from chuangwen.directives.enums import Attendance, MeetingStage, PassStage
from chuangwen.directives.models import Meeting, PassingOn, Seat
from chuangwen.responsibilities.enums import HeadWork
from chuangwen.responsibilities.in_person import Act, ActSource, Ask, register_acts


def chaired(ask: Ask) -> Iterable[Act]:
    """Meetings held with this post in the chair, as the minutes name it."""
    rows = _held(ask).filter(chair__in=ask.heads.titles)
    for one in rows:
        yield Act(ask.heads.titles[one.chair], one.day, _line(one))


def attended(ask: Ask) -> Iterable[Act]:
    """Meetings at which the post itself sat; whoever came for it does not count."""
    rows = Seat.objects.visible_to(ask.user).filter(
        meeting__in=_held(ask), post__in=ask.heads.posts, presence=Attendance.PRESENT
    )
    for seat in rows.select_related("meeting"):
        if ask.heads.titles.get(seat.meeting.chair) != seat.unit_id:  # the chair is one act, not two
            yield Act(ask.heads.posts[seat.post_id], seat.meeting.day, _line(seat.meeting))


def passed_on(ask: Ask) -> Iterable[Act]:
    """Meetings that the unit held to pass one on to its own people."""
    rows = PassingOn.objects.visible_to(ask.user).filter(
        meeting__campaign=ask.campaign, unit__in=ask.heads.units, state=PassStage.DONE,
        held_on__range=(ask.period.first, ask.period.last),
    )  # fmt: skip
    for one in rows.select_related("meeting"):
        url = reverse("directives:passing", args=[one.pk])
        line = PanelLine(one.meeting.name, url, str(one.get_form_display()))
        yield Act(one.unit_id, one.held_on, line)


def _held(ask: Ask) -> QuerySet[Meeting]:
    rows = Meeting.objects.visible_to(ask.user).filter(campaign=ask.campaign, state=MeetingStage.HELD)
    return rows.filter(day__range=(ask.period.first, ask.period.last))


def _line(meeting: Meeting) -> PanelLine:
    return PanelLine(meeting.name, reverse("directives:meeting", args=[meeting.pk]))


register_acts(
    ActSource("chaired", 10, HeadWork.DEPLOY, pgettext_lazy("in person", "Meeting chaired"), chaired),
    ActSource("attended", 15, HeadWork.DEPLOY, pgettext_lazy("in person", "Meeting attended"), attended),
    ActSource("passed_on", 20, HeadWork.DEPLOY, pgettext_lazy("in person", "Meeting passed on in the unit"), passed_on),
)
