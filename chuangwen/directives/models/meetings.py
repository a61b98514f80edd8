"""Meetings: the series that they come from, agenda, seats, decisions, topics, and who has passed a meeting on."""

from __future__ import annotations

from datetime import time
from typing import ClassVar

from django.conf import settings
from django.core.validators import BaseValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import Scope
from chuangwen.core.models import Attachment, Record, RegionRecord, ScopedRecord
from chuangwen.directives.enums import (
    Attendance,
    MeetingKind,
    MeetingStage,
    PassForm,
    PassStage,
    TopicStage,
)
from chuangwen.directives.models.documents import Document
from chuangwen.organizations.models import Group, Post, Unit
from chuangwen.responsibilities.models import Task

NINE = time(9, 0)


def _within(least: int, most: int) -> list[BaseValidator]:
    return [MinValueValidator(least), MaxValueValidator(most)]


class MeetingSeries(RegionRecord):
    """Meetings that come back: how often, on which day, with whom; the dates of a year follow from it."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="meeting_series")
    kind = models.CharField(pgettext_lazy("meeting", "kind"), max_length=12, choices=MeetingKind)
    name = models.CharField(pgettext_lazy("meeting", "name"), max_length=60)
    schedule = models.JSONField(default=dict, blank=True)  # Schedule.as_data(); {} while no period is known (定期)
    at = models.TimeField(pgettext_lazy("meeting", "begins at"), default=NINE)
    place = models.CharField(pgettext_lazy("meeting", "room"), max_length=80, blank=True)
    chair = models.CharField(_("in the chair"), max_length=80, blank=True)  # a post
    window_days = models.PositiveSmallIntegerField(
        _("working days before an assessment"), null=True, blank=True, validators=_within(1, 120)
    )
    pass_within = models.PositiveSmallIntegerField(
        _("working days to pass it on"), default=0, validators=[MaxValueValidator(30)]
    )
    report_before = models.PositiveSmallIntegerField(
        _("written report, working days before"), default=0, validators=[MaxValueValidator(30)]
    )
    everybody = models.BooleanField(_("every unit right under the region"), default=False)
    units = models.ManyToManyField(Unit, related_name="+", blank=True, verbose_name=_("units"))
    groups = models.ManyToManyField(Group, related_name="+", blank=True, verbose_name=_("groups"))
    posts = models.ManyToManyField(Post, related_name="+", blank=True, verbose_name=_("posts"))
    source = models.CharField(_("source"), max_length=160, blank=True)  # customary: … | proposed: … | site: …
    form = models.ForeignKey(Attachment, models.SET_NULL, null=True, blank=True, related_name="+")  # own minutes
    ended_on = models.DateField(null=True, blank=True)

    view_permission = "directives.attend"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["campaign", "name"], name="meeting_series_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Meeting(ScopedRecord):
    """One meeting. `slot` names the period that it stands for: a series has one for each."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="meetings")
    series = models.ForeignKey(MeetingSeries, models.PROTECT, null=True, blank=True, related_name="meetings")
    slot = models.CharField(max_length=12, blank=True)  # the key of its period
    kind = models.CharField(pgettext_lazy("meeting", "kind"), max_length=12, choices=MeetingKind)
    name = models.CharField(pgettext_lazy("meeting", "name"), max_length=80)
    day = models.DateField(pgettext_lazy("meeting", "day"))
    planned_day = models.DateField()  # as the rule gave it; a meeting was moved where it differs
    at = models.TimeField(pgettext_lazy("meeting", "begins at"), default=NINE)
    place = models.CharField(pgettext_lazy("meeting", "room"), max_length=80, blank=True)
    chair = models.CharField(_("in the chair"), max_length=80, blank=True)
    recorder = models.CharField(_("minutes taken by"), max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)  # why it was moved or cancelled
    agenda_at = models.DateTimeField(_("status date"), null=True, blank=True)
    summary = models.TextField(_("what was said"), blank=True)
    number = models.CharField(_("number of the minutes"), max_length=40, blank=True)
    signed_as = models.CharField(_("signed by"), max_length=80, blank=True)
    signed_on = models.DateField(null=True, blank=True)
    document = models.ForeignKey(Document, models.SET_NULL, null=True, blank=True, related_name="meetings")
    pass_by = models.DateField(_("to be passed on by"), null=True, blank=True)
    pass_source = models.CharField(_("source"), max_length=160, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MeetingStage, default=MeetingStage.PLANNED)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "directives.attend"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["series", "slot"], condition=models.Q(series__isnull=False), name="meeting_once"
            ),
            models.UniqueConstraint(
                fields=["region", "number"], condition=~models.Q(number=""), name="meeting_minutes_number"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["campaign", "day"], name="meeting_day")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def scope_filter(cls, scope: Scope) -> models.Q:
        """A unit sees the meetings that it was called to, is to pass on, or does what was decided by."""
        inside = super().scope_filter(scope)
        if scope.unit_ids:
            seats = Seat.objects.filter(unit__in=scope.unit_ids).order_by()
            passings = PassingOn.objects.filter(unit__in=scope.unit_ids).order_by()
            decided = Decision.tasks.through.objects.filter(task__unit__in=scope.unit_ids).order_by()
            for rows, name in ((seats, "meeting"), (passings, "meeting"), (decided, "decision__meeting")):
                inside |= models.Q(pk__in=rows.values(name))
        return inside


class StudyTopic(ScopedRecord):
    """What the leading group is to study (班子专题研究): kept in a bank until a meeting takes it up."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="study_topics")
    title = models.CharField(pgettext_lazy("meeting", "topic"), max_length=120)
    why = models.TextField(pgettext_lazy("meeting", "why it should be studied"), blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("prepared by")
    )
    meeting = models.ForeignKey(Meeting, models.SET_NULL, null=True, blank=True, related_name="topics")
    result = models.TextField(pgettext_lazy("meeting", "what came of it"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=TopicStage, default=TopicStage.OPEN)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    view_permission = "directives.view"

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["campaign", "state"], name="topic_state")]

    def __str__(self) -> str:
        return self.title


class AgendaItem(Record):
    """One point of an agenda: what an area's source found, as it stood when it was assembled, or written by hand."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    topic = models.ForeignKey(StudyTopic, models.SET_NULL, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=30, blank=True)  # the key of what found it; "" by hand
    position = models.PositiveSmallIntegerField()
    title = models.CharField(pgettext_lazy("meeting", "agenda item"), max_length=200)
    note = models.CharField(pgettext_lazy("meeting", "note"), max_length=300, blank=True)
    reporter = models.CharField(pgettext_lazy("meeting", "introduced by"), max_length=80, blank=True)
    count = models.PositiveIntegerField(default=0)
    url = models.CharField(max_length=300, blank=True)
    lines = models.JSONField(default=list)  # [[text, unit or place, when], …], at most AGENDA_LINES
    dropped = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["meeting", "source"], condition=~models.Q(source=""), name="agenda_source_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Seat(ScopedRecord):
    """A unit, or one post of it, that was called to a meeting, and whether it came."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="seats")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("post"))
    presence = models.CharField(
        pgettext_lazy("meeting", "attendance"), max_length=12, choices=Attendance, default=Attendance.EXPECTED
    )
    note = models.CharField(max_length=120, blank=True)  # who stood in, why excused: posts, no names

    view_permission = "directives.attend"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["meeting", "unit"], condition=models.Q(post__isnull=True), name="seat_unit_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "post"], condition=models.Q(post__isnull=False), name="seat_post_once"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["unit", "presence"], name="seat_presence")]

    def __str__(self) -> str:
        return str(self.post or self.unit)

    @property
    def noted(self) -> str:
        """How the seat stands, for a page that wants to know later whether it still does."""
        return f"{self.presence}|{self.note}"


class Decision(Record):
    """What a meeting decided. With units to do it and a day it becomes tasks; without, it is only recorded."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="decisions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(pgettext_lazy("meeting", "decision"), max_length=300)
    units = models.ManyToManyField(Unit, related_name="+", blank=True, verbose_name=_("lead"))
    cooperating = models.ManyToManyField(Unit, related_name="+", blank=True, verbose_name=_("cooperate"))
    due_on = models.DateField(_("deadline"), null=True, blank=True)
    measure = models.CharField(_("measure of success"), max_length=300, blank=True)
    tasks = models.ManyToManyField(Task, related_name="meeting_decisions")

    class Meta:
        ordering: ClassVar[list[str]] = ["position", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class PassingOn(ScopedRecord):
    """A unit that is to pass a meeting on to its own people, and the meeting that it held for it (会后立即部署)."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="passings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    due_on = models.DateField(_("deadline"))
    held_on = models.DateField(_("held on"), null=True, blank=True)
    form = models.CharField(pgettext_lazy("passing on", "form"), max_length=12, choices=PassForm, blank=True)
    note = models.CharField(max_length=200, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=PassStage, default=PassStage.OPEN)

    view_permission = "directives.attend"
    scope_units = ("unit_id",)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "unit"], name="passing_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["region", "state", "due_on"], name="passing_state"),
        ]

    def __str__(self) -> str:
        return str(self.unit)
