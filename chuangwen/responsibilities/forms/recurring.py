"""What people type about recurring duties and standing rules, checked before a service sees it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangwen.core.fields import DayInput, PickField, PicksField
from chuangwen.core.forms import HouseForm, OfRow
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.responsibilities.forms.tasks import AsksAgain
from chuangwen.responsibilities.frequency import impossible_day, schedule_of
from chuangwen.responsibilities.models import Duty
from chuangwen.responsibilities.schedule import phrase_of
from chuangwen.responsibilities.services.recurring import LONGEST_DUTY, LONGEST_MEASURE, MOST_AHEAD
from chuangwen.responsibilities.services.rules import LONGEST_RULE
from chuangwen.standards.models import Node

EXAMPLES = "每周五、每月25日前、每季度末、每年9月底、重大节假日前、国庆前3个工作日、天天"


def phrase_fault(phrase: str) -> str:
    """What is wrong with how often somebody wrote that something is due; "" where it can be read."""
    if day := impossible_day(phrase):
        return gettext("There is no %(day)s. Write a day that the month has.") % {"day": day}
    if schedule_of(phrase) is None:
        words = gettext("“%(phrase)s” does not say when. Write it like %(examples)s.")
        return words % {"phrase": phrase, "examples": EXAMPLES}
    return ""


class PhraseField(forms.CharField):
    """How often, in the words of offices; cleans to a Schedule."""

    def clean(self, value: Any) -> Any:
        phrase = super().clean(value)
        if not phrase:
            return None
        if fault := phrase_fault(phrase):
            raise forms.ValidationError(fault)
        return schedule_of(phrase)


class DutyForm(AsksAgain, OfRow, HouseForm):
    """A recurring duty; its unit can be chosen once."""

    SEVERAL = False

    title = forms.CharField(
        label=_("What comes again"), max_length=LONGEST_DUTY, help_text=_("One sentence: what is to be done.")
    )
    unit = PickField(
        Unit.objects.none(), source="units", beside="responsibilities:asked_of", label=_("Unit in the lead")
    )
    cooperating = PicksField(Unit.objects.none(), source="units", label=_("Cooperating units"), required=False)
    measure = forms.CharField(
        label=_("Measure of success"), max_length=LONGEST_MEASURE, help_text=_("How anybody can see that it is done.")
    )
    schedule = PhraseField(
        label=_("How often"), max_length=80,
        help_text=format_lazy("{}{}", _("In your own words, such as: "), EXAMPLES),
    )  # fmt: skip
    ahead = forms.IntegerField(
        label=_("Opened ahead, in working days"), min_value=0, max_value=MOST_AHEAD, required=False,
        help_text=_("Empty: 4 for a week, 20 for a quarter and longer, else 10 (proposed)."),
    )  # fmt: skip
    ends = forms.DateField(
        label=_("Until"), required=False, widget=DayInput, help_text=_("Empty: until the campaign ends.")
    )
    node = forms.ModelChoiceField(
        Node.objects.none(), label=_("Criterion"), required=False, empty_label=_("None chosen")
    )

    def __init__(self, *args: Any, region: Any, nodes: Any, duty: Duty | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_today(region).filter(depth__gt=1)
        self.fields["cooperating"].queryset = units  # type: ignore[attr-defined]
        self.fields["node"].queryset = nodes  # type: ignore[attr-defined]
        if duty:
            del self.fields["unit"]
            self.watch(duty)
        else:
            self.fields["unit"].queryset = units  # type: ignore[attr-defined]


def duty_initial(duty: Duty) -> dict[str, Any]:
    """What the form of a known duty begins with."""
    return {
        "title": duty.title, "measure": duty.measure, "schedule": phrase_of(duty.plan), "ahead": duty.ahead,
        "ends": duty.ends, "node": duty.node_id, "cooperating": duty.cooperating.all(),
    }  # fmt: skip


def duty_changes(duty: Duty, data: dict[str, Any]) -> dict[str, Any]:
    """The cleaned form as `change_duty` takes it; what was left empty stays as it was."""
    kept = {"ahead": duty.ahead, "ends": duty.ends}
    return {name: kept[name] if name in kept and value is None else value for name, value in data.items()}


class RuleTextForm(HouseForm):
    """A standing rule."""

    text = forms.CharField(
        label=_("What always holds"), max_length=LONGEST_RULE, widget=forms.Textarea({"rows": 2}),
        help_text=_("Such as: no rubbish left over night; every stairwell has its keeper."),
    )  # fmt: skip
    units = PicksField(
        Unit.objects.none(), source="units", beside="responsibilities:asked_of", label=_("Units it holds for"),
        required=False, help_text=_("Empty: it holds for all units."),
    )  # fmt: skip
    node = forms.ModelChoiceField(
        Node.objects.none(), label=_("Criterion"), required=False, empty_label=_("None chosen")
    )
    origin_text = forms.CharField(
        label=_("Where it stands"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("The sentence of the document, if there is one."),
    )  # fmt: skip

    def __init__(self, *args: Any, region: Any, nodes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units_today(region).filter(depth__gt=1)  # type: ignore[attr-defined]
        self.fields["node"].queryset = nodes  # type: ignore[attr-defined]
