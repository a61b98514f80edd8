"""What people type at a meeting and after it: roll, minutes, decisions, signature."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.fields import DayField, FilesField, PicksField
from chuangwen.core.forms import HouseForm, OfRow
from chuangwen.core.soundness import odd_words
from chuangwen.directives.forms.meetings import PAPER_KINDS
from chuangwen.directives.models import AgendaItem, Decision, Meeting
from chuangwen.directives.services.minutes import Resolved, Signature
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.responsibilities.forms import AsksAgain


class RollForm(HouseForm):
    """The signed sheet, where the roll is entered from it; the seats themselves are read by `noted`."""

    scans = FilesField(label=_("Signed sheet"), required=False, accept=PAPER_KINDS)

    def noted(self, seats: Any) -> dict[int, tuple[str, str]]:
        """What was ticked and written for each seat; one that was not sent, or not touched, keeps what it has.

        The page says how each seat stood when it was opened (was-…): two people may note one roll at once.
        """
        return {seat.pk: self._said(seat) if self._is_touched(seat) else (seat.presence, seat.note) for seat in seats}

    def crossed(self, seats: Any) -> list[Any]:
        """Seats that somebody else noted otherwise after the page was opened, and this person too."""
        return [
            seat for seat in seats
            if self._is_touched(seat) and self._was(seat) not in {None, seat.noted}
            and self._said(seat) != (seat.presence, seat.note)
        ]  # fmt: skip

    def _said(self, seat: Any) -> tuple[str, str]:
        presence, note = self.data.get(f"seat-{seat.pk}", seat.presence), self.data.get(f"note-{seat.pk}", seat.note)
        return str(presence), str(note)

    def _was(self, seat: Any) -> Any:
        return self.data.get(f"was-{seat.pk}")

    def _is_touched(self, seat: Any) -> bool:
        return self._was(seat) != "|".join(self._said(seat))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for name in self.data:
            if name.startswith("note-") and odd_words(str(self.data[name])):
                self.add_error(None, odd_words(str(self.data[name])))
        return values


class MinutesForm(OfRow, HouseForm):
    """What was said."""

    summary = forms.CharField(
        label=_("What was said"), required=False, max_length=20000, widget=forms.Textarea({"rows": 14}),
        help_text=_("A paragraph a line. Agenda, attendance and decisions are added by themselves."),
    )  # fmt: skip
    recorder = forms.CharField(label=_("Minutes taken by"), max_length=80, required=False)

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        kwargs["initial"] = {"summary": meeting.summary, "recorder": meeting.recorder}
        super().__init__(*args, **kwargs)
        self.watch(meeting, meeting.summary, meeting.recorder)


class DecisionForm(OfRow, HouseForm):
    """A decision; with a unit it becomes a task."""

    text = forms.CharField(
        label=pgettext_lazy("meeting", "Decision"), max_length=300, widget=forms.Textarea({"rows": 2})
    )
    units = PicksField(
        Unit.objects.none(), source="units", label=_("Lead"), required=False,
        help_text=_("Each gets a task of its own. Empty: it is only recorded."),
    )  # fmt: skip
    cooperating = PicksField(Unit.objects.none(), source="units", label=_("Cooperate"), required=False)
    due_on = DayField(
        label=_("Deadline"), required=False, help_text=_("Empty: read out of the words, such as “within this week”.")
    )
    measure = forms.CharField(
        label=_("By what it counts as done"), max_length=300, required=False,
        help_text=_("Empty: read out of the words where they name one."),
    )  # fmt: skip
    item = forms.ModelChoiceField(
        AgendaItem.objects.none(), label=pgettext_lazy("meeting", "Agenda item"), required=False,
        empty_label=pgettext_lazy("meeting", "none"),
    )  # fmt: skip

    def __init__(self, *args: Any, meeting: Meeting, decision: Decision | None = None, **kwargs: Any) -> None:
        if decision is not None:
            kwargs["initial"] = {
                "text": decision.text, "units": list(decision.units.all()), "due_on": decision.due_on,
                "cooperating": list(decision.cooperating.all()), "measure": decision.measure, "item": decision.item,
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        units = units_today(meeting.region).filter(depth__gt=1)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]
        self.fields["cooperating"].queryset = units  # type: ignore[attr-defined]
        self.fields["item"].queryset = meeting.agenda.filter(dropped=False)  # type: ignore[attr-defined]
        if decision is not None:
            self.watch(decision)

    def resolved(self) -> Resolved:
        return Resolved(**self.cleaned_data)


class IssueDecisionsForm(AsksAgain, HouseForm):
    """What stands in where a decision names no deadline or measure."""

    due_on = DayField(label=_("Deadline for those without one"), required=False)
    measure = forms.CharField(
        label=_("For those without a measure: by what it counts as done"), max_length=300, required=False
    )


class SignForm(HouseForm):
    """A leader signs here; the office enters who signed the sheet, with its scan."""

    signed_as = forms.CharField(label=_("Signed by"), max_length=80, help_text=_("A post: deputy head of the group."))
    signed_on = DayField(label=_("Signed on"))
    scans = FilesField(label=_("Signed sheet"), required=False, accept=PAPER_KINDS)

    def __init__(self, *args: Any, meeting: Meeting, paper: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"signed_as": meeting.chair, "signed_on": clock.today()}
        super().__init__(*args, **kwargs)
        self.fields["scans"].required = paper

    def signature(self) -> Signature:
        return Signature(**self.cleaned_data)
