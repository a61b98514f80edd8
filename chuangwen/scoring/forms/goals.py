"""What a group of criteria is to reach."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.forms import HouseForm
from chuangwen.rectification.forms import choose_units, units_field
from chuangwen.scoring.models import GoalGroup
from chuangwen.scoring.services.goals import Aim
from chuangwen.standards.enums import Method
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.queries import tree_of

PICKS = ("sections", "methods", "place_types")


class GoalForm(HouseForm):
    """Name, who leads, the goal, and which criteria belong to it."""

    name = forms.CharField(label=pgettext_lazy("goal", "Group"), max_length=40)
    lead = units_field(_("Unit that leads it"), required=False)
    goal = forms.FloatField(
        label=pgettext_lazy("goal", "Goal in points"), required=False, min_value=0,
        help_text=_("Empty: no point is to be lost."),
    )  # fmt: skip
    sections = forms.MultipleChoiceField(label=_("Sections"), required=False, widget=forms.CheckboxSelectMultiple)
    methods = forms.MultipleChoiceField(
        label=_("Methods"), required=False, widget=forms.CheckboxSelectMultiple, choices=Method.choices
    )
    place_types = forms.MultipleChoiceField(
        label=_("Kinds of places"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("A criterion that fits several groups counts in the first."),
    )  # fmt: skip

    def __init__(self, *args: Any, version: StandardVersion, group: GoalGroup | None = None, **kwargs: Any) -> None:
        first = {name: getattr(group, name) for name in ("name", "lead", "goal", *PICKS)} if group else {}
        kwargs["initial"] = first
        super().__init__(*args, **kwargs)
        standard = tree_of(version)
        self.fields["sections"].choices = [(top.code, f"{top.code} {top.title}") for top in standard.nodes]  # type: ignore[attr-defined]
        self.fields["place_types"].choices = [(one.code, str(one.name)) for one in standard.place_types]  # type: ignore[attr-defined]
        choose_units(self, version.region, "lead")

    def aim(self) -> Aim:
        """What was filled in."""
        data = self.cleaned_data
        return Aim(data["name"], data["goal"], data["lead"], *(data[name] for name in PICKS))
