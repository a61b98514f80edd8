"""Forms of what several people do together: talks, joint signatures, the meeting on open problems."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.fields import DayTimeField, FilesField, ReasonField
from chuangwen.core.forms import HouseForm
from chuangwen.core.models import Region
from chuangwen.rectification.forms import choose_units, units_field
from chuangwen.supervision.enums import Colour
from chuangwen.supervision.forms.acting import PAPER_KINDS, ActForm, TalkForm, day_field
from chuangwen.supervision.services import Held


class NewTalkForm(TalkForm):
    """A talk that no notice asked for: with which unit."""

    unit = units_field(_("Unit"))
    field_order = ("unit", "held_at", "place", "held_by", "held_with", "subject", "agreed", "scans")

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_units(self, region, "unit")


class JointForm(ActForm):
    """Which body signs with the office."""

    unit = units_field(_("Body that signs with you"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_units(self, self.notice.region, "unit")


class BodySignForm(HouseForm):
    """In person nothing is asked; from paper who signed, when, and the scan."""

    def __init__(self, *args: Any, paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if paper:
            self.fields["signed_name"] = forms.CharField(
                label=_("Who signed the sheet"), max_length=80, help_text=_("Post and name as they stand on it."),
            )  # fmt: skip
            self.fields["at"] = DayTimeField(
                label=_("True time"), required=False, help_text=_("When it happened on paper; empty means now.")
            )
            self.fields["scans"] = FilesField(label=_("Scan of the paper"), accept=PAPER_KINDS)


class MeetingForm(HouseForm):
    """Of which months the list is made."""

    period = forms.ChoiceField(
        label=pgettext_lazy("meeting", "Months"),
        help_text=_("What is late now stands on it, the longest first. A list that was not held yet is made anew."),
    )

    def __init__(self, *args: Any, periods: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["period"].choices = periods  # type: ignore[attr-defined]


class HoldForm(HouseForm):
    """The meeting as it was held."""

    held_on = day_field(_("Held on"))
    chair = forms.CharField(label=_("In the chair"), max_length=80, help_text=_("A post: deputy head of the group."))
    minutes = forms.CharField(label=_("Number of the minutes"), max_length=80, required=False)
    scans = FilesField(label=_("Minutes"), required=False, accept=PAPER_KINDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].initial = clock.today()

    def answers(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"held": Held(data["held_on"], data["chair"], data["minutes"]), "scans": data["scans"]}


class DecisionForm(HouseForm):
    decision = ReasonField(
        pgettext_lazy("meeting", "What was decided"), help_text=_("Who does what, and by when."), rows=2
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class PressForm(HouseForm):
    colour = forms.ChoiceField(
        label=_("Colour"), choices=Colour.choices, help_text=_("One sheet for each unit; it is signed like any other.")
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
