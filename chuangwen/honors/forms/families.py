"""What is typed about families: a name, days, a short text. No field asks for more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.campaigns.forms import day_field
from chuangwen.campaigns.models import Title
from chuangwen.core import clock
from chuangwen.core.fields import PickField, ReasonField
from chuangwen.core.forms import HouseForm
from chuangwen.core.models import Region
from chuangwen.honors.discreet import LONGEST_NAME
from chuangwen.honors.forms.fields import ActForm, line_field, met_field, points_field
from chuangwen.honors.models import Family
from chuangwen.honors.queries.families import family_titles, lowest_title, recommenders
from chuangwen.honors.services.contests import ContestPlan
from chuangwen.organizations.models import Unit


def name_field() -> forms.CharField:
    return line_field(
        gettext_lazy("Name on the plaque"), most=LONGEST_NAME,
        help_text=gettext_lazy(
            "As the office writes it, such as “Li Guilan's family”. No members, no address, no numbers."
        ),
    )  # fmt: skip


class FamilyForm(HouseForm):
    """A family that is taken in."""

    unit = PickField(Unit.objects.none(), source="units", label=gettext_lazy("Recommending unit"))
    name = name_field()
    agreed_on = day_field(
        gettext_lazy("Agreed on"), required=False,
        help_text=gettext_lazy("The day on which the family agreed; empty: it is still to be asked."),
    )  # fmt: skip

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = recommenders(region)  # type: ignore[attr-defined]


class FamilyNameForm(ActForm):
    name = name_field()


class AgreedForm(ActForm):
    agreed_on = day_field(gettext_lazy("Agreed on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed_on"].initial = clock.today


class FamilyUnitForm(ActForm):
    to = PickField(Unit.objects.none(), source="units", label=gettext_lazy("Recommending unit from now on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = recommenders(self.obj.region)  # type: ignore[attr-defined]


class FamilyAwardForm(ActForm):
    """A family's title from before."""

    title: Any = forms.ModelChoiceField(Title.objects.none(), label=pgettext_lazy("honour", "Title"), empty_label=None)
    granted_on = day_field(gettext_lazy("Granted on"))
    document = line_field(gettext_lazy("Document number"))
    plaque = line_field(
        gettext_lazy("Plaque number"), most=40, required=False, help_text=gettext_lazy("Empty: the next number.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].queryset = family_titles(self.obj.region)  # type: ignore[attr-defined]


class DeedForm(ActForm):
    deed = ReasonField(
        gettext_lazy("What the family has done"), rows=4,
        help_text=gettext_lazy("At most 200 characters, as it may be read by everybody. No children's names, no ages, "
                               "no illnesses, no numbers."),
    )  # fmt: skip
    seen_on = day_field(
        gettext_lazy("Seen by the family on"), required=False,
        help_text=gettext_lazy("When the family saw this text as it stands; it cannot be handed in before."),
    )  # fmt: skip


class AskedForm(ActForm):
    """A condition that others were asked about: kept is only who was asked, on which day, and met or not."""

    met = met_field(gettext_lazy("What was answered"))
    asked = line_field(
        gettext_lazy("Who was asked"),
        most=30,
        help_text=gettext_lazy("The office, such as the police station. Nothing else."),
    )
    asked_on = day_field(gettext_lazy("Asked on"))

    def answers(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"met": data["met"], "source": f"{data['asked']} {data['asked_on']:%Y-%m-%d}"}


class FamilyContestForm(HouseForm):
    """A unit's selection among its own families."""

    name = line_field(gettext_lazy("Name"))
    decide_on = day_field(gettext_lazy("Decided on"))
    by_vote = forms.TypedChoiceField(
        label=gettext_lazy("Decided by"),
        choices=[("", gettext_lazy("Judges' sheets, star by star")), ("yes", gettext_lazy("A meeting's vote"))],
        coerce=bool, empty_value=None, required=False, widget=forms.RadioSelect, initial="",
    )  # fmt: skip
    places = forms.IntegerField(label=gettext_lazy("At most so many winners"), min_value=1, max_value=500)
    least = points_field(
        gettext_lazy("Points to be reached"), help_text=gettext_lazy("In a vote: per cent of the votes.")
    )
    families: Any = forms.ModelMultipleChoiceField(
        Family.objects.none(), label=gettext_lazy("Families that take part"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, unit: Unit, families: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        chosen: Any = self.fields["families"]
        chosen.queryset = families
        chosen.label_from_instance = lambda family: family.shown

    def plan(self) -> ContestPlan:
        """What was said, as the service takes it."""
        data, title = self.cleaned_data, lowest_title(self.unit.region)
        assert title is not None  # noqa: S101 (asked by the view)
        return ContestPlan(
            title, data["name"], data["decide_on"], data["places"], [], data["least"], families=list(data["families"]),
            by_vote=bool(data["by_vote"]),
        )  # fmt: skip


class VoteForm(HouseForm):
    """What a meeting voted about one family."""

    ayes = forms.IntegerField(label=gettext_lazy("Ayes"), min_value=0, max_value=100_000)
    votes = forms.IntegerField(label=gettext_lazy("Votes"), min_value=1, max_value=100_000)
    counted_by = line_field(
        gettext_lazy("Counted by"),
        most=60,
        help_text=gettext_lazy("The meeting, such as the villagers' assembly, or who counted."),
    )
