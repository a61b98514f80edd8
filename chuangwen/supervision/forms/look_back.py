"""Forms of the quarterly look-back: which quarter, until when, why left out, what a unit answers, how it is judged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.fields import DayField, DayTimeField, ReasonField
from chuangwen.core.forms import HouseForm
from chuangwen.core.workdays import default_calendar
from chuangwen.supervision.enums import JUDGED, LagState
from chuangwen.supervision.services.look_backs import MOST_MOVED, MOST_SAMPLE, Numbers

ANSWER_WITHIN = 10  # working days (proposed)


class LookBackForm(HouseForm):
    """Of which quarter the list is made, and by which numbers."""

    period = forms.ChoiceField(
        label=pgettext_lazy("look-back", "Quarter"),
        help_text=_("What lags now stands on it. A list that was not given out yet is made anew."),
    )
    moved = forms.IntegerField(
        label=_("A task lags once it was postponed so many times"), min_value=1, max_value=MOST_MOVED
    )
    sample = forms.IntegerField(
        label=_("Share of the quarter's closed problems to be looked at again, in per cent"), min_value=0,
        max_value=MOST_SAMPLE, help_text=_("Drawn by number, at most 30; proposed: 10."),
    )  # fmt: skip

    def __init__(self, *args: Any, periods: list[tuple[str, str]], numbers: Numbers, **kwargs: Any) -> None:
        kwargs["initial"] = {"moved": numbers.moved, "sample": numbers.sample}
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = periods  # type: ignore[attr-defined]

    def numbers(self) -> Numbers:
        return Numbers(self.cleaned_data["moved"], self.cleaned_data["sample"])


class GiveForm(HouseForm):
    """By when units answer."""

    due_on = DayField(label=_("To be answered by"), help_text=_("Proposed: ten working days."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = default_calendar().add_workdays(clock.today(), ANSWER_WITHIN)


class LeaveOutForm(HouseForm):
    """Why a line is left out; for one or for many."""

    reason = ReasonField(_("Reason"), help_text=_("It stays on the draft."), rows=2)

    def __init__(self, *args: Any, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class LagAnswerForm(HouseForm):
    """What the unit says; with `paper`, the office enters it for whom and when."""

    answer = forms.CharField(
        label=pgettext_lazy("look-back", "Answer"), max_length=300, widget=forms.Textarea({"rows": 2}),
        help_text=_("Why it lags, and by when it is done."),
    )  # fmt: skip

    def __init__(self, *args: Any, paper: bool = False, drawn: bool = False, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if drawn:  # a closed problem that is looked at again lags in nothing
            self.fields["answer"].help_text = _("Whether it has stayed as it was put right; if not, by when it is.")
        if paper:
            self.fields["on_behalf"] = forms.CharField(
                label=_("Entered for"), required=False, max_length=80, help_text=_("Post; empty means the unit.")
            )
            self.fields["at"] = DayTimeField(
                label=_("True time"), required=False, help_text=_("When it happened on paper; empty means now.")
            )


class JudgeLagForm(HouseForm):
    """How a line stands, and what was seen."""

    judgement = forms.ChoiceField(
        label=pgettext_lazy("look-back", "Judged as"), choices=[(str(one), LagState(one).label) for one in JUDGED],
        widget=forms.RadioSelect,
    )  # fmt: skip
    note = forms.CharField(label=pgettext_lazy("look-back", "What was seen"), required=False, max_length=300)

    def __init__(self, *args: Any, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
