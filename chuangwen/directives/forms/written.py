"""What people type about passing meetings on and about written reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.fields import DayField, DayTimeField, FilesField, PicksField, ReasonField, RowsField, SourceField
from chuangwen.core.forms import HouseForm, Sourced
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.enums import PassForm, WrittenForm
from chuangwen.directives.forms.meetings import PAPER_KINDS
from chuangwen.directives.meeting_rules import PASS_WITHIN, PASSING
from chuangwen.directives.models import Meeting
from chuangwen.directives.services.passing import OwnMeeting
from chuangwen.directives.services.written import Called, HandedIn
from chuangwen.evidence.models import Piece
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today

REPORT_KINDS = f"{PAPER_KINDS},.xlsx,.xls"


class AskPassingForm(Sourced, HouseForm):
    """By when units pass a meeting on, and who says so."""

    due_on = DayField(label=_("To be passed on by"), help_text=_("Proposed: three working days after the meeting."))
    source = SourceField(required=False)
    units = PicksField(
        Unit.objects.none(), source="units", beside="responsibilities:asked_of", label=_("Units"), required=False,
        help_text=_("Empty: those who were called to the meeting."),
    )  # fmt: skip

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        due = meeting.pass_by or default_calendar().add_workdays(meeting.day, PASS_WITHIN)
        kwargs["initial"] = {"due_on": due, "source": meeting.pass_source or PASSING}
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units_today(meeting.region).filter(depth__gt=1)  # type: ignore[attr-defined]


class PassingForm(HouseForm):
    """A unit's own meeting: in which form, on which day; words and paper may be added.

    Nothing is chosen beforehand, so that no press by itself records a meeting that nobody held.
    """

    form = forms.ChoiceField(
        label=pgettext_lazy("passing on", "Form"), choices=PassForm.choices, widget=forms.RadioSelect
    )
    today = forms.BooleanField(label=_("It was held today"), required=False)
    held_on = DayField(label=_("On another day"), required=False)
    note = forms.CharField(label=_("A few words"), max_length=200, required=False)
    scans = FilesField(label=_("Photo or paper"), required=False, accept=PAPER_KINDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].one_of = True  # type: ignore[attr-defined]  # the tick or the day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("today") and data.get("held_on") not in {None, clock.today()}:
            self.add_error("held_on", gettext("Today is ticked and another day is given. Leave one of them."))
        elif not data.get("today") and not data.get("held_on") and "held_on" not in self.errors:
            self.add_error("held_on", gettext("Tick today, or give the day on which your meeting was held."))
        return data

    def own(self) -> OwnMeeting:
        data = self.cleaned_data
        day = clock.today() if data["today"] else data["held_on"]
        return OwnMeeting(day, data["form"], data["note"], data["scans"])


class WhyForm(HouseForm):
    """A reason, for steps that need one."""

    reason = ReasonField(_("Reason"), help_text=_("The unit reads it."), rows=2)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class CallForm(Sourced, HouseForm):
    """A call for written reports."""

    title = forms.CharField(label=pgettext_lazy("written report", "What is to be reported"), max_length=120)
    detail = forms.CharField(
        label=pgettext_lazy("written report", "What should stand in it"), required=False, max_length=2000,
        widget=forms.Textarea({"rows": 3}),
    )  # fmt: skip
    everybody = forms.BooleanField(label=_("Every unit right under the region"), required=False)
    units = PicksField(
        Unit.objects.none(), source="units", beside="responsibilities:asked_of", label=_("Units"), required=False
    )
    form = forms.ChoiceField(
        label=pgettext_lazy("written report", "Form"), choices=WrittenForm.choices, initial=WrittenForm.FILE
    )
    due_on = DayField(label=_("To be in by"), help_text=_("By the end of that working day, 18:00."))
    template = FilesField(label=_("Template to fill in"), required=False, accept=REPORT_KINDS)
    source = SourceField(required=False)
    overlap_reason = forms.CharField(
        label=_("Why it is asked although a like one is open"), required=False, max_length=300,
        help_text=_("Only where the program says that it is asked twice."),
    )  # fmt: skip

    def __init__(self, *args: Any, region: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units_today(region).filter(depth__gt=1)  # type: ignore[attr-defined]
        self.fields["due_on"].initial = default_calendar().add_workdays(clock.today(), 5)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not self.errors and not values["everybody"] and not values["units"]:
            self.add_error("units", gettext("Nobody is asked yet. Choose units."))
        return values

    def called(self) -> Called:
        data = self.cleaned_data
        template = data["template"][0] if data["template"] else None
        due_at = default_calendar().end_of_day(data["due_on"])
        return Called(
            data["title"], due_at, data["detail"], data["form"], data["source"], template, data["overlap_reason"]
        )


class HandInForm(HouseForm):
    """A report; with `paper`, the office enters what came on a sealed sheet."""

    papers = FilesField(label=_("The report"), required=False, accept=REPORT_KINDS)
    pieces = RowsField(
        Piece.objects.none(), label=_("The ledger holds already"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("Tick what is meant; it need not be given again."),
    )  # fmt: skip
    note = forms.CharField(label=_("A few words"), max_length=300, required=False)

    def __init__(self, *args: Any, pieces: list[Piece], paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if pieces:
            self.fields["pieces"].queryset = Piece.objects.filter(pk__in=[one.pk for one in pieces])  # type: ignore[attr-defined]
        else:
            del self.fields["pieces"]
        if paper:
            self.fields["at"] = DayTimeField(
                label=_("True time"), required=False, help_text=_("When it came in on paper; empty means now.")
            )

    def given(self) -> HandedIn:
        data = self.cleaned_data
        return HandedIn(data["papers"], data.get("pieces") or (), data["note"], data.get("at"))
