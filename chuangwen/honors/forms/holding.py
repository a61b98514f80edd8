"""What is typed about titles in force and contests."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.campaigns.forms import day_field
from chuangwen.campaigns.models import Title
from chuangwen.core import clock
from chuangwen.core.fields import PickField, ReasonField
from chuangwen.core.forms import HouseForm
from chuangwen.core.models import Region
from chuangwen.honors.enums import CheckOutcome, Ruling
from chuangwen.honors.forms.fields import ActForm, line_field, papers_field, points_field
from chuangwen.honors.services.contests import ContestPlan
from chuangwen.honors.services.holding import CheckResult
from chuangwen.honors.services.papers import behalf_of
from chuangwen.honors.wording import number
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today

OUTCOMES = (  # as a person decides it, not as it stands afterwards
    (CheckOutcome.KEPT.value, gettext_lazy("Keep the title")),
    (CheckOutcome.WARNED.value, gettext_lazy("Give a yellow card")),
    (CheckOutcome.LOST.value, gettext_lazy("Take the title away")),
)


class RulingForm(ActForm):
    ruling = forms.ChoiceField(label=gettext_lazy("Ruling"), choices=Ruling.choices, widget=forms.RadioSelect)
    reply = ReasonField(gettext_lazy("Reply"))


class CardForm(ActForm):
    reason = ReasonField(gettext_lazy("Reason"), help_text=gettext_lazy("It is shown to the other side."))
    decided_by = line_field(gettext_lazy("Decided by"), most=60)
    until = day_field(
        gettext_lazy("Put right until"), required=False, help_text=gettext_lazy("Empty: as the settings say.")
    )
    papers = papers_field()


class MeasureForm(ActForm):
    reason = ReasonField(gettext_lazy("Reason"), help_text=gettext_lazy("It is shown to the other side."))
    decided_by = line_field(gettext_lazy("Decided by"), most=60)
    papers = papers_field()


class DelistForm(MeasureForm):
    document = line_field(gettext_lazy("Document number"))


class DayForm(ActForm):
    day = day_field(gettext_lazy("Day"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = clock.today


class CheckForm(ActForm):
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=OUTCOMES, widget=forms.RadioSelect)
    checked_on = day_field(gettext_lazy("Checked on"))
    checked_by = line_field(gettext_lazy("Checked by"), most=60)
    points = points_field(pgettext_lazy("score", "Points"), most=110, required=False)
    remarks = ReasonField(
        gettext_lazy("Remarks"), required=False, help_text=gettext_lazy("Needed where the title is not kept as it is.")
    )
    document = line_field(
        gettext_lazy("Document number"), required=False, help_text=gettext_lazy("Needed where the title is taken away.")
    )
    papers = papers_field()

    def answers(self) -> dict[str, Any]:
        papers = self.cleaned_data.pop("papers", ())
        return {"result": CheckResult(**self.cleaned_data), "papers": papers}


class AppealForm(ActForm):
    text = ReasonField(gettext_lazy("Appeal"), help_text=gettext_lazy("What the unit objects to and why."))
    raised_on = day_field(
        gettext_lazy("Raised on"),
        required=False,
        help_text=gettext_lazy("When it came in on paper; empty means today."),
    )
    papers = papers_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not behalf_of(self.obj.unit, self.actor):
            del self.fields["raised_on"]  # the unit's own day is today


class CarryForm(ActForm):
    to = forms.ModelChoiceField(
        Unit.objects.none(), label=gettext_lazy("Who holds it from now on"), required=False,
        empty_label=gettext_lazy("Nobody: the title ends with the old unit"),
    )  # fmt: skip
    reason = ReasonField(gettext_lazy("Reason"), help_text=gettext_lazy("It is shown to the other side."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        followers = Unit.objects.filter(predecessions__old=self.obj.unit_id).distinct()
        self.fields["to"].queryset = followers  # type: ignore[attr-defined]


class AwardForm(HouseForm):
    """A title granted before the program knew of it."""

    unit = PickField(Unit.objects.none(), source="units", label=gettext_lazy("Unit"))
    title: Any = forms.ModelChoiceField(Title.objects.none(), label=pgettext_lazy("honour", "Title"), empty_label=None)
    granted_on = day_field(gettext_lazy("Granted on"))
    held_since = day_field(
        gettext_lazy("Held since"), required=False,
        help_text=gettext_lazy("Where it was granted again without a break; empty: the same day."),
    )  # fmt: skip
    document = line_field(gettext_lazy("Document number"))
    plaque = line_field(
        gettext_lazy("Plaque number"), most=40, required=False, help_text=gettext_lazy("Empty: the next number.")
    )

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units_today(region).filter(depth__gt=1)  # type: ignore[attr-defined]
        titles = Title.objects.filter(region=region, ladder_step__isnull=False).exclude(subject="family")
        self.fields["title"].queryset = titles.order_by("ladder_step__title__subject", "ladder_step__rank")  # type: ignore[attr-defined]


class ContestForm(HouseForm):
    """A contest among the offices of one unit."""

    title: Any = forms.ModelChoiceField(Title.objects.none(), label=pgettext_lazy("honour", "Title"), empty_label=None)
    name = line_field(gettext_lazy("Name"))
    decide_on = day_field(gettext_lazy("Decided on"))
    places = forms.IntegerField(label=gettext_lazy("At most so many winners"), min_value=1, max_value=500)
    least = points_field(gettext_lazy("Points to be reached"))
    trimmed = forms.BooleanField(
        label=gettext_lazy("Without the highest and the lowest score"), required=False, initial=True
    )
    offices: Any = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label=gettext_lazy("Offices that take part"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, region: Region, offices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].queryset = Title.objects.filter(  # type: ignore[attr-defined]
            region=region, subject="office", ladder_step__isnull=False
        ).order_by("ladder_step__rank")
        self.fields["offices"].queryset = offices  # type: ignore[attr-defined]

    def plan(self) -> ContestPlan:
        """What was said, as the service takes it."""
        data = self.cleaned_data
        return ContestPlan(
            data["title"], data["name"], data["decide_on"], data["places"], list(data["offices"]), data["least"],
            data["trimmed"],
        )  # fmt: skip


class SheetForm(HouseForm):
    """One judge's points for one office: a field for each aspect."""

    judge = line_field(gettext_lazy("Judge"), most=60)

    def __init__(self, *args: Any, weights: dict[str, list[Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codes = list(weights)
        for code, (name, weight) in weights.items():
            self.fields[f"aspect_{code}"] = points_field(
                name,
                help_text=_("0 to 100 points; counts %s of the whole.") % number(Decimal(weight)),
                widget=forms.NumberInput({"inputmode": "decimal"}),
            )

    def aspects(self) -> dict[str, Decimal]:
        """Points by the code of the aspect."""
        return {code: self.cleaned_data[f"aspect_{code}"] for code in self.codes}
