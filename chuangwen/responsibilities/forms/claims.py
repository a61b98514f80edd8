"""What people type about claims and objections."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.fields import DayField, MomentInput, PickField, ReasonField, SourceField
from chuangwen.core.files.services import SCANS
from chuangwen.core.forms import HouseForm, Sourced
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.responsibilities.queries.objections import ObjectionRule
from chuangwen.responsibilities.services.papers import Scan

POOL_WORKDAYS = 5  # proposed: a week for units to look at what nobody leads


def _usual_close() -> date:
    day: date = default_calendar().add_workdays(clock.today(), POOL_WORKDAYS)
    return day


class PoolForm(HouseForm):
    """Until when units claim."""

    closes_on = DayField(label=_("Claims until"), initial=_usual_close)


class DecideClaimForm(HouseForm):
    """Why this unit leads."""

    reason = ReasonField(_("Reason"), help_text=_("The units that do not get it read it."), required=False)


class ObjectForm(HouseForm):
    """Why a share is not the unit's own."""

    reason = ReasonField(_("Why it is not yours"), help_text=_("The office decides by it."))
    proposed = PickField(
        Unit.objects.none(), source="units", label=_("Whose it is instead"), required=False,
        help_text=_("If you know."),
    )  # fmt: skip
    on_behalf = forms.CharField(
        label=_("Entered for"), max_length=120, help_text=_("Whose answer this is: unit and post.")
    )
    at = forms.DateTimeField(label=_("Really given at"), required=False, widget=MomentInput, help_text=_("Empty: now."))
    paper = forms.FileField(
        label=_("Scan of the paper"), required=False, widget=forms.FileInput(attrs={"accept": ",".join(sorted(SCANS))})
    )

    def __init__(self, *args: Any, unit: Unit, speaks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_today(unit.region_id).filter(depth__gt=1).exclude(pk=unit.pk)
        self.fields["proposed"].queryset = units  # type: ignore[attr-defined]
        if speaks:
            del self.fields["on_behalf"], self.fields["at"]

    def clean_paper(self) -> Scan | None:
        file = self.cleaned_data["paper"]
        return Scan(file.name, file.read()) if file else None


class RulingForm(HouseForm):
    """Whether the share stays; if not, whose it is."""

    stays = forms.TypedChoiceField(
        label=_("Ruling"), coerce=lambda text: text == "stays", widget=forms.RadioSelect,
        choices=[("stays", _("It stays with the unit")), ("moves", _("Take it off the unit"))],
    )  # fmt: skip
    unit = PickField(
        Unit.objects.none(), source="units", label=_("Give it to"), required=False,
        help_text=_("Empty: nobody for now; the criterion then stands among those without a lead."),
    )  # fmt: skip
    reason = ReasonField(_("Reason"), help_text=_("The unit reads it."))

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_today(unit.region_id).filter(depth__gt=1).exclude(pk=unit.pk)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class ObjectionRuleForm(Sourced, HouseForm):
    """Within how many working days units object and the office rules."""

    days = forms.IntegerField(label=_("Working days to object"), min_value=1, max_value=60)
    ruling_days = forms.IntegerField(label=_("Working days to rule"), min_value=1, max_value=60)
    source = SourceField()

    @property
    def rule(self) -> ObjectionRule:
        return ObjectionRule(**self.cleaned_data)
