"""What the pages of the register ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from chuangwen.accounts.models import User
from chuangwen.core import clock
from chuangwen.core.fields import DayInput, PickField, let_pick
from chuangwen.core.forms import HouseForm, HouseModelForm
from chuangwen.core.models import Region
from chuangwen.core.workbooks.coordinates import read_coordinates
from chuangwen.core.workbooks.misfits import Misfit
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place
from chuangwen.places.queries import place_choices
from chuangwen.places.workflow import PLACE_WORKFLOW


class PlaceForm(HouseModelForm[Place]):
    """The facts of a place, in the order of the 点位信息表. Coordinates are one field, as on the paper."""

    position = forms.CharField(
        label=_("Coordinates"),
        required=False,
        max_length=60,
        help_text=_("Longitude and latitude, such as 113.24466,29.85747. Copied from a map is fine."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Place
        fields = (
            "code", "name", "place_type", "address", "contact", "phone", "territory", "department", "keeper", "leader",
            "hours", "length", "batch", "declared",
        )  # fmt: skip
        help_texts = {
            "code": _("Stays for good; it is in the place's address and on exports."),
            "phone": _("The place's own telephone. A mobile number is never shown to strangers."),
            "territory": _("The street, town, community or village in which the place lies."),
            "department": _("The department of the line that supervises this kind of place."),
            "keeper": _("Who answers for the place; problems go here where no rule says otherwise."),
            "length": _("Of a road, so that every metre of it can be given to somebody. Empty for all other places."),
            "declared": _("Only declared places in use are drawn."),
        }

    field_order = (
        "code", "name", "place_type", "address", "position", "hours", "territory", "keeper", "department", "leader",
        "contact", "phone", "length", "batch", "declared", "seen",
    )  # fmt: skip

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = place_choices(region)
        self.fields["place_type"].queryset = choices.types  # type: ignore[attr-defined]
        self.fields["place_type"].empty_label = _("Please choose")  # type: ignore[attr-defined]
        for name, source, rows in (
            ("territory", "territories", choices.territories), ("department", "units", choices.units),
            ("keeper", "units", choices.units), ("leader", "leaders", choices.leaders),
        ):  # fmt: skip
            let_pick(self, name, source, rows)
        if self.instance.pk:
            self.fields["seen"].initial = self.instance.updated_at.isoformat()
            if self.instance.longitude is not None and self.instance.latitude is not None:
                self.fields["position"].initial = f"{self.instance.longitude},{self.instance.latitude}"

    def clean_position(self) -> tuple[float, float] | None:
        """(longitude, latitude), or None."""
        text = self.cleaned_data["position"].strip()
        if not text:
            return None
        try:
            found = read_coordinates(text)
        except Misfit as misfit:
            words = misfit.message_zh if _is_chinese() else f" {misfit.message}"
            raise forms.ValidationError(f"“{text}”{words}") from misfit
        return found.longitude, found.latitude

    def facts(self) -> dict[str, Any]:
        """The facts as `create_place` and `edit_place` take them."""
        facts = {name: self.cleaned_data[name] for name in self.Meta.fields}
        facts["longitude"], facts["latitude"] = self.cleaned_data["position"] or (None, None)
        return facts

    def _post_clean(self) -> None:
        """The instance stays as the database has it: services compare and write."""


class StateForm(HouseForm):
    """Another state of a place, from which day, and why."""

    state = forms.ChoiceField(label=_("State of the place"))
    day = forms.DateField(label=_("From which day"), widget=DayInput())
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("Such as: rebuilt until spring; demolished, see notice no. 12.")
    )

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = [step for step in PLACE_WORKFLOW.transitions if place.state in step.sources]
        self.fields["state"].choices = [(step.target, step.label) for step in steps]  # type: ignore[attr-defined]
        self.fields["day"].initial = clock.today()


class KeeperForm(HouseForm):
    """A keeper for many places at once."""

    keeper = PickField(Unit.objects.none(), source="units", label=_("Keeper of the place"))

    def __init__(self, *args: Any, actor: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = Region.held_by(actor, "places.edit")
        if region:
            self.fields["keeper"].queryset = place_choices(region).units  # type: ignore[attr-defined]


def _is_chinese() -> bool:
    return not (get_language() or "").startswith("en")
