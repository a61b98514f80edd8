"""A person's own channel for the daily digest, quiet hours, and the region's rules of reminding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangwen.core.fields import SourceField
from chuangwen.core.forms import HouseForm, Sourced
from chuangwen.notifications.enums import Stage
from chuangwen.notifications.models import ReminderStep
from chuangwen.notifications.queries import RegionQuiet
from chuangwen.notifications.quiet import Quiet
from chuangwen.notifications.services.rules import MOST_AHEAD, MOST_LATE


class ChannelForm(HouseForm):
    label = forms.CharField(label=_("Name of the channel"), max_length=60)
    address = forms.CharField(
        label=_("Address of the channel"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


def _clock(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))


class QuietForm(HouseForm):
    """When a person is left in peace."""

    starts = _clock(_("Quiet from"))
    ends = _clock(_("Quiet until"))
    days_off = forms.BooleanField(label=_("Quiet on days off too"), required=False)

    def __init__(self, *args: Any, quiet: Quiet, **kwargs: Any) -> None:
        kwargs["initial"] = {"starts": quiet.starts, "ends": quiet.ends, "days_off": quiet.days_off}
        super().__init__(*args, **kwargs)


class RegionQuietForm(Sourced, QuietForm):
    """The region's hours, and whether urgent matters may break them."""

    urgent = forms.BooleanField(
        label=_("Urgent matters come through"), required=False,
        help_text=_("The digest of the day then goes out at once, whole; still one a day."),
    )  # fmt: skip
    source = SourceField()

    def __init__(self, *args: Any, rule: RegionQuiet, **kwargs: Any) -> None:
        super().__init__(*args, quiet=rule.hours, **kwargs)
        self.initial |= {"urgent": rule.urgent, "source": rule.source}


class ReminderStepForm(Sourced, HouseForm):
    """When a step of reminding begins."""

    days = forms.IntegerField(label=_("Working days"), min_value=1, max_value=MOST_LATE)
    is_on = forms.BooleanField(label=_("In use"), required=False)
    source = SourceField()

    def __init__(self, *args: Any, step: ReminderStep, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(step, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)
        ahead = step.step == Stage.AHEAD
        self.fields["days"].label = _("Working days before the deadline") if ahead else _("Working days late")
        if ahead:
            self.fields["days"] = forms.IntegerField(
                label=_("Working days before the deadline"), min_value=1, max_value=MOST_AHEAD
            )
