"""What people type about standards."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.forms import HouseForm
from chuangwen.core.sources import bare
from chuangwen.standards.enums import ProblemClass, TimeUnit
from chuangwen.standards.models import PlaceType, ProblemType


class UploadForm(HouseForm):
    """A standard file. What is in it is judged by the service, never by its name or type."""

    file = forms.FileField(label=_("Standard file"), max_length=200)


class ProblemTypeForm(HouseForm):
    """Name, class and time limit of a problem type, and on whose word."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=60, required=False)
    problem_class = forms.ChoiceField(
        label=pgettext_lazy("standard", "Class"), choices=ProblemClass.choices, widget=forms.RadioSelect
    )
    amount = forms.IntegerField(label=_("Time limit"), min_value=1, max_value=9999)
    unit = forms.ChoiceField(label=_("Counted in"), choices=TimeUnit.choices, widget=forms.RadioSelect)
    basis = forms.CharField(
        label=_("On whose word"),
        max_length=110,
        required=False,
        help_text=_("The paper or meeting that fixed this limit. It is shown beside the limit."),
    )

    @classmethod
    def of(cls, problem_type: ProblemType) -> ProblemTypeForm:
        """The form filled with what is there."""
        return cls(
            initial={
                "name_zh": problem_type.name_zh,
                "name_en": problem_type.name_en,
                "problem_class": problem_type.problem_class,
                "amount": problem_type.within[:-1],
                "unit": problem_type.within[-1:],
                "basis": bare(problem_type.source),
            }
        )

    def values(self, problem_type: ProblemType) -> dict[str, Any]:
        """The service's arguments. A changed limit or basis is the site's own word from now on."""
        data = self.cleaned_data
        within = f"{data['amount']}{data['unit']}"
        same = within == problem_type.within and data["basis"] == bare(problem_type.source)
        source = problem_type.source if same else f"site: {data['basis']}"
        names = {key: data[key] for key in ("name_zh", "name_en", "problem_class")}
        return {**names, "within": within, "source": source}


class PlaceTypeForm(HouseForm):
    """Name and quota of a place type."""

    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=60, required=False)
    quota = forms.IntegerField(
        label=_("Places drawn in a mock round"),
        min_value=0,
        max_value=9999,
        required=False,
        help_text=_("Filled in when a draw is set up; it can still be changed there."),
    )

    @classmethod
    def of(cls, place_type: PlaceType) -> PlaceTypeForm:
        return cls(initial={name: getattr(place_type, name) for name in ("name_zh", "name_en", "quota")})


class CompareForm(HouseForm):
    """Two versions of one standard, by key."""

    old = forms.IntegerField(min_value=1, max_value=2**62)
    new = forms.IntegerField(min_value=1, max_value=2**62)
