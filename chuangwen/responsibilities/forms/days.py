"""Until when: a day to come, at whose end a task is due."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.fields import DayInput
from chuangwen.core.workdays import default_calendar

CUSTOMARY_WORKDAYS = 20
INSTRUCTION_WORKDAYS = 3  # proposed: no document says how soon a leader's instruction is answered


def end_of(day: Any) -> datetime:
    """When a day's work ends: the moment by which a task given by day is due."""
    return default_calendar().end_of_day(day)


class DueField(forms.DateField):
    """A day to come, on which the working day's end is the deadline."""

    widget = DayInput

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and end_of(day) <= clock.now():
            raise forms.ValidationError(_("This day is over. Choose a later one."))
        return day


def usual_due() -> Any:
    """Twenty working days from today: a month's work, moved by who issues."""
    return default_calendar().add_workdays(clock.today(), CUSTOMARY_WORKDAYS)


def soon_due() -> Any:
    """The day proposed for the reply to an instruction."""
    return default_calendar().add_workdays(clock.today(), INSTRUCTION_WORKDAYS)
