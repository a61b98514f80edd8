"""What people type about the breakdown, checked before a service sees it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from chuangwen.core.fields import PicksField
from chuangwen.core.forms import HouseForm
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.responsibilities.forms.days import DueField
from chuangwen.responsibilities.models import Share
from chuangwen.standards.models import Node


class CellForm(HouseForm):
    """One cell as the grid sends it; `was` is what the person saw there."""

    node = forms.IntegerField(min_value=1)
    unit = forms.IntegerField(min_value=1)
    share = forms.ChoiceField(choices=[("", ""), *Share.choices], required=False)
    was = forms.ChoiceField(choices=[("", ""), *Share.choices], required=False)
    cut = forms.BooleanField(required=False)


class SplitForm(HouseForm):
    node = forms.IntegerField(min_value=1)
    split = forms.BooleanField(required=False)


class RuleForm(HouseForm):
    """When a unit counts as overloaded."""

    deviations = forms.FloatField(
        label=_("Standard deviations above the mean"), min_value=0, max_value=10,
        help_text=_("1.5 marks about one unit in fifteen."),
    )  # fmt: skip
    most = forms.IntegerField(
        label=_("At most so many criteria"), min_value=0, max_value=10_000, required=False,
        help_text=_("Empty or 0: no fixed limit."),
    )  # fmt: skip

    def clean_most(self) -> int:
        return int(self.cleaned_data["most"] or 0)


class CollectiveForm(HouseForm):
    """Whom a collective name means."""

    name = forms.CharField(max_length=80, widget=forms.HiddenInput)
    units = PicksField(Unit.objects.none(), source="units", label=_("Units"))

    def __init__(self, *args: Any, region: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units_today(region).filter(depth__gt=1)  # type: ignore[attr-defined]


class IssueForm(HouseForm):
    """The breakdown as tasks: which criteria, by when, by what measure."""

    nodes = forms.TypedMultipleChoiceField(
        label=_("Criteria"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "cw-box", "data-select": ""}),
    )
    due = DueField(label=_("Deadline"), help_text=_("Due at the end of that working day."))
    measure = forms.CharField(
        label=_("Measure of success"), max_length=300, help_text=_("How anybody can see that it is done."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nodes"].choices = choices  # type: ignore[attr-defined]


class DossiersForm(HouseForm):
    """Of which year the leads' dossiers are opened, and by when they are due."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    due = DueField(label=_("Deadline"), help_text=_("Proposed: 20 working days before the assessment."))

    def __init__(self, *args: Any, years: range, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


class ClaimForm(HouseForm):
    """The criterion that a unit takes."""

    node = forms.ModelChoiceField(Node.objects.none())

    def __init__(self, *args: Any, nodes: QuerySet[Node], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].queryset = nodes  # type: ignore[attr-defined]
