"""What people type about meetings before they are held, checked before a service sees it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.fields import DayField, FilesField, PickField, PicksField, ReasonField, RowsField, SourceField
from chuangwen.core.forms import HouseForm, HouseModelForm, Sourced
from chuangwen.directives.enums import DayRule, MeetingKind, Rhythm, Weekday
from chuangwen.directives.meeting_rules import PASS_WITHIN
from chuangwen.directives.models import AgendaItem, Meeting, MeetingSeries, StudyTopic
from chuangwen.directives.models.meetings import NINE
from chuangwen.directives.planning import Habit, habit_of, kept_schedule, schedule_of
from chuangwen.directives.queries.meetings import held_before
from chuangwen.directives.services.meetings import Course, Wanted
from chuangwen.directives.services.series import Asked
from chuangwen.organizations.models import Group, Post, Unit
from chuangwen.organizations.queries import units_today

PAPER_KINDS = "image/jpeg,image/png,image/webp,application/pdf,.docx,.doc"


ROOM_HELP = _("For a meeting by video or telephone write the link or the line.")


class HourField(forms.TimeField):
    """An hour as the browser's own picker gives it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TimeInput({"type": "time"}, format="%H:%M"), **kwargs)


class AskedForm(HouseForm):
    """Who takes part: everybody, or units, groups and posts."""

    everybody = forms.BooleanField(
        label=_("Every unit right under the region"), required=False,
        help_text=_("Departments, streets and towns. Groups and posts may come in addition."),
    )  # fmt: skip
    units = PicksField(Unit.objects.none(), source="units", label=_("Units"), required=False)
    groups = RowsField(
        Group.objects.none(), label=_("Groups"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Each post that has a seat in it is called by itself."),
    )  # fmt: skip
    posts = PicksField(Post.objects.none(), source="posts", label=_("Posts"), required=False)
    ASKED = ("everybody", "units", "groups", "posts")

    def __init__(self, *args: Any, region: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_participants(self, region)

    def asked(self) -> Asked:
        return Asked(**{name: self.cleaned_data[name] for name in self.ASKED})


def choose_participants(form: forms.BaseForm, region: Any) -> None:
    """Let the fields choose among the region's units, groups and posts; no group, no field."""
    form.fields["units"].queryset = units_today(region).filter(depth__gt=1)  # type: ignore[attr-defined]
    groups = Group.objects.filter(region=region).order_by("kind", "pk")
    form.fields["groups"].queryset = groups  # type: ignore[attr-defined]
    form.fields["posts"].queryset = Post.objects.filter(region=region).select_related("unit")  # type: ignore[attr-defined]


class SeriesForm(Sourced, AskedForm):
    """A series: what, how often, on which day, with whom, and what goes with it."""

    kind = forms.ChoiceField(label=pgettext_lazy("meeting", "Kind"), choices=MeetingKind.choices)
    name = forms.CharField(label=pgettext_lazy("meeting", "Name"), max_length=60)
    rhythm = forms.ChoiceField(
        label=pgettext_lazy("meeting", "How often"), required=False,
        choices=[("", _("not known yet")), *Rhythm.choices],
        help_text=_("Where the paper says “regularly” and no period, ask for it; until then no date is proposed."),
    )  # fmt: skip
    weekday = forms.TypedChoiceField(
        label=_("Weekday"), choices=Weekday.choices, coerce=int, help_text=_("For what meets every week.")
    )
    phase = forms.IntegerField(
        label=pgettext_lazy("meeting", "Which month of the period"), min_value=1, max_value=6, initial=1,
        help_text=_("1 for the first: of two months, of a quarter, of a half year."),
    )  # fmt: skip
    number = forms.IntegerField(label=pgettext_lazy("meeting", "The how many"), min_value=1, max_value=28, initial=1)
    rule = forms.ChoiceField(
        label=pgettext_lazy("meeting", "Counted as"), choices=DayRule.choices,
        help_text=_("A day off always gives way to a working day."),
    )  # fmt: skip
    at = HourField(label=pgettext_lazy("meeting", "Begins at"), initial=NINE)
    place = forms.CharField(label=pgettext_lazy("meeting", "Room"), max_length=80, required=False, help_text=ROOM_HELP)
    chair = forms.CharField(
        label=_("In the chair"), max_length=80, required=False, help_text=_("A post: deputy head of the group.")
    )
    window_days = forms.IntegerField(
        label=_("Only in so many working days before an assessment"), min_value=1, max_value=120, required=False,
        help_text=_("For stand-ups. Empty: all year. The assessment date and official rounds count."),
    )  # fmt: skip
    pass_within = forms.IntegerField(
        label=_("Working days within which units pass it on"), min_value=0, max_value=30, initial=PASS_WITHIN,
        help_text=_("0: they are not asked to."),
    )  # fmt: skip
    report_before = forms.IntegerField(
        label=_("Written report, so many working days before"), min_value=0, max_value=30, initial=0,
        help_text=_("0: none. Otherwise it is asked for when the meeting is called."),
    )  # fmt: skip
    source = SourceField(required=False)
    field_order = (
        "kind", "name", "rhythm", "weekday", "at", "phase", "number", "rule", "place", "chair", *AskedForm.ASKED,
        "window_days", "pass_within", "report_before", "source",
    )  # fmt: skip

    def __init__(self, *args: Any, series: MeetingSeries | None = None, **kwargs: Any) -> None:
        if series is not None:
            kwargs["initial"] = _as_asked(series) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        for row in (("weekday", "at"), ("phase", "number", "rule"), ("pass_within", "report_before")):
            self.fields[row[0]].opens_row = True  # type: ignore[attr-defined]
            self.fields[row[-1]].closes_row = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        values["schedule"] = {}
        if values["rhythm"]:
            habit = Habit(
                values["rhythm"], values["weekday"], values["phase"], values["rule"], values["number"],
            )  # fmt: skip
            try:
                values["schedule"] = schedule_of(habit).as_data()
            except ValueError:
                self.add_error("phase", gettext("Month and day do not fit: a quarter has three months, a month at most "
                                                "fifteen working days to count on."))  # fmt: skip
        if not any(values[name] for name in self.ASKED):
            self.add_error("units", gettext("Nobody takes part yet. Choose units, a group or posts."))
        return values

    def values(self) -> dict[str, Any]:
        """The model's fields, once the form is valid."""
        names = ("kind", "name", "schedule", "at", "place", "chair", "window_days", "pass_within", "report_before",
                 "source")  # fmt: skip
        return {name: self.cleaned_data[name] for name in names}


def _as_asked(series: MeetingSeries) -> dict[str, Any]:
    """What a series keeps, as its form asks for it."""
    schedule = kept_schedule(series.schedule)
    habit = habit_of(schedule) if schedule else Habit("")
    kept = {
        name: getattr(series, name)
        for name in ("kind", "name", "at", "place", "chair", "window_days", "pass_within", "report_before", "source",
                     "everybody")
    }  # fmt: skip
    rows = {name: list(getattr(series, name).all()) for name in ("units", "groups", "posts")}
    return kept | rows | {
        "rhythm": habit.rhythm, "weekday": habit.weekday, "phase": habit.phase, "number": habit.number,
        "rule": habit.rule,
    }  # fmt: skip


class MeetingForm(AskedForm):
    """A single meeting."""

    kind = forms.ChoiceField(label=pgettext_lazy("meeting", "Kind"), choices=MeetingKind.choices)
    name = forms.CharField(label=pgettext_lazy("meeting", "Name"), max_length=80)
    day = DayField(label=pgettext_lazy("meeting", "Day"))
    at = HourField(label=pgettext_lazy("meeting", "Begins at"), initial=NINE)
    place = forms.CharField(label=pgettext_lazy("meeting", "Room"), max_length=80, required=False, help_text=ROOM_HELP)
    chair = forms.CharField(
        label=_("In the chair"), max_length=80, required=False, help_text=_("A post: deputy head of the group.")
    )
    field_order = ("kind", "name", "day", "at", "place", "chair", *AskedForm.ASKED)

    def wanted(self) -> Wanted:
        return Wanted(**{name: self.cleaned_data[name] for name in ("kind", "name", "day", "at", "place", "chair")})


class MoveForm(HouseForm):
    """Another day, hour or room, and why."""

    day = DayField(label=pgettext_lazy("meeting", "New day"))
    at = HourField(label=pgettext_lazy("meeting", "Begins at"))
    place = forms.CharField(label=pgettext_lazy("meeting", "Room"), max_length=80, required=False)
    reason = ReasonField(_("Reason"), help_text=_("Those who were called read it."), rows=2)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        kwargs["initial"] = {"day": meeting.day, "at": meeting.at, "place": meeting.place}
        super().__init__(*args, **kwargs)


class CancelForm(HouseForm):
    reason = ReasonField(_("Reason"), help_text=_("Those who were called read it."), rows=2)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class CallForm(HouseForm):
    """Room and chair where they are not known yet, as at the meeting before; else nothing is asked: the button tells
    those who take part."""

    place = forms.CharField(label=pgettext_lazy("meeting", "Room"), max_length=80, help_text=ROOM_HELP)
    chair = forms.CharField(label=_("In the chair"), max_length=80, help_text=_("A post: deputy head of the group."))

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        before = held_before(meeting) if not (meeting.place and meeting.chair) else None
        for name in ("place", "chair"):
            if getattr(meeting, name):
                del self.fields[name]
            elif before is not None and getattr(before, name):
                self.initial[name] = getattr(before, name)
                self.fields[name].help_text = gettext("As at “%s”. Change it where it is otherwise.") % before


class HoldForm(HouseForm):
    """The meeting as it was held."""

    day = DayField(label=_("Held on"))
    chair = forms.CharField(label=_("In the chair"), max_length=80, help_text=_("A post: deputy head of the group."))
    recorder = forms.CharField(
        label=_("Minutes taken by"), max_length=80, required=False, help_text=_("A post or an office.")
    )
    place = forms.CharField(label=pgettext_lazy("meeting", "Room"), max_length=80, required=False)
    scans = FilesField(
        label=pgettext_lazy("meeting", "Sign-in sheet or other papers"), required=False, accept=PAPER_KINDS
    )

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        before = held_before(meeting)
        kwargs["initial"] = {
            name: getattr(meeting, name) or getattr(before, name, "") for name in ("chair", "place", "recorder")
        } | {"day": min(meeting.day, clock.today())}
        super().__init__(*args, **kwargs)

    def answers(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"course": Course(data["day"], data["chair"], data["place"], data["recorder"]), "scans": data["scans"]}


class ItemForm(HouseModelForm[AgendaItem]):
    """A point by hand, or what is to be said of one that a source brought."""

    topic = forms.ModelChoiceField(
        StudyTopic.objects.none(), label=_("Out of the bank of topics"), required=False, empty_label=_("no topic"),
        help_text=_("Its title becomes the point where none is typed."),
    )  # fmt: skip

    class Meta:
        model = AgendaItem
        fields = ("title", "note", "reporter")
        labels = {
            "title": pgettext_lazy("meeting", "Agenda item"), "note": pgettext_lazy("meeting", "Note"),
            "reporter": pgettext_lazy("meeting", "Introduced by"),
        }  # fmt: skip
        help_texts = {"reporter": _("A unit or post.")}

    field_order = ("topic", "title", "reporter", "note")

    def __init__(self, *args: Any, topics: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk or not topics.exists():
            del self.fields["topic"]
        else:
            self.fields["topic"].queryset = topics  # type: ignore[attr-defined]
            self.fields["title"].required = False
        if self.instance.pk and self.instance.source:
            self.fields["title"].disabled = True

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        topic = values.get("topic")
        if not values.get("title") and topic:
            values["title"] = topic.title
        if not values.get("title") and "title" not in self.errors:
            self.add_error("title", gettext("Say in one short line what it is about."))
        return values


class ParticipantsForm(AskedForm):
    """Others in addition."""


class TopicForm(HouseModelForm[StudyTopic]):
    """A topic for the bank."""

    unit = PickField(Unit.objects.none(), source="units", label=_("Prepared by"), required=False)

    class Meta:
        model = StudyTopic
        fields = ("title", "why", "unit")
        labels = {
            "title": pgettext_lazy("meeting", "Topic"), "why": pgettext_lazy("meeting", "Why it should be studied"),
        }  # fmt: skip

    def __init__(self, *args: Any, region: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_today(region).filter(depth__gt=1)  # type: ignore[attr-defined]
        self.fields["why"].widget.attrs["rows"] = 4
