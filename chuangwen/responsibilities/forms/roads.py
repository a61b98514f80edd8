"""What people type about road sections and shop fronts, checked before a service sees it."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.fields import DayField, PickField, let_pick
from chuangwen.core.files.services import SCANS
from chuangwen.core.forms import HouseForm, HouseModelForm, OfRow
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.queries import units_today
from chuangwen.places.models import Place
from chuangwen.responsibilities.enums import RoadSide
from chuangwen.responsibilities.models import ShopFront
from chuangwen.responsibilities.services.papers import Scan
from chuangwen.responsibilities.services.roads import SectionFacts

SIGNED_PARTS = ("keeps_clean", "keeps_order", "keeps_green")
FACTS = ("starts_at", "ends_at", "side", "between", "unit", "post", "leader", "starts")


class SectionForm(OfRow, HouseForm):
    """Which metres of the road, whose, from which day."""

    starts_at = forms.IntegerField(label=_("From metre"), min_value=0)
    ends_at = forms.IntegerField(label=_("To metre"), min_value=1)
    side = forms.ChoiceField(
        label=_("Side of the road"), choices=RoadSide.choices, initial=RoadSide.BOTH,
        help_text=_("Left and right as one walks from metre 0."),
    )  # fmt: skip
    between = forms.CharField(
        label=_("From where to where"), max_length=120, required=False, help_text=_("Such as: bell tower to bridge.")
    )
    unit = PickField(Unit.objects.none(), source="units", label=_("Responsible unit"))
    post = PickField(
        Post.objects.none(), source="posts", label=_("Post of the unit"), required=False,
        help_text=_("Who answers right there."),
    )  # fmt: skip
    leader = PickField(Post.objects.none(), source="leaders", label=_("Contracted leader"), required=False)
    starts = DayField(label=_("From which day"), initial=clock.today)
    paper = forms.FileField(
        label=_("Scan of the signed contract"), required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(sorted(SCANS))}),
    )  # fmt: skip

    def __init__(self, *args: Any, road: Place, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Post.objects.filter(region=road.region_id).select_related("unit")
        for name, rows in (
            ("unit", units_today(road.region_id).filter(depth__gt=1)), ("post", posts),
            ("leader", posts.filter(kind__in=["first", "charge"])),
        ):  # fmt: skip
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields["ends_at"].widget.attrs["max"] = road.length

    def clean_paper(self) -> Scan | None:
        file = self.cleaned_data["paper"]
        return Scan(file.name, file.read()) if file else None

    @property
    def facts(self) -> SectionFacts:
        return SectionFacts(**{name: self.cleaned_data[name] for name in FACTS})


class EndForm(HouseForm):
    """The last day on which it holds."""

    ends = DayField(label=_("Last day"), initial=clock.today)


class SignedForm(HouseForm):
    """When the shops signed all three."""

    signed_on = DayField(label=_("Signed on"), initial=clock.today)

    def __init__(self, *args: Any, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean_signed_on(self) -> date:
        day: date = self.cleaned_data["signed_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class FrontForm(OfRow, HouseModelForm[ShopFront]):
    """A shop, and which of the three responsibilities it signed."""

    class Meta:
        model = ShopFront
        fields = ("road", "number", "name", "side", "unit", *SIGNED_PARTS, "signed_on", "closed_on")
        field_classes: ClassVar = {"signed_on": DayField, "closed_on": DayField}
        help_texts = {
            "name": _("What the sign says; nobody's name or telephone."),
            "unit": _("The community or street that looks after it."),
        }

    def __init__(self, *args: Any, roads: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        let_pick(self, "road", "roads", roads)
        let_pick(self, "unit", "units", units)
        for name in ("signed_on", "closed_on"):
            self.fields[name].required = False
        if self.instance.pk:
            self.watch(self.instance)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("signed_on") and not any(data.get(name) for name in SIGNED_PARTS):
            self.add_error("signed_on", _("Tick what was signed."))
        for name in ("signed_on", "closed_on"):
            if data.get(name) and data[name] > clock.today():
                self.add_error(name, _("This day is still to come."))
        if data.get("signed_on") and data.get("closed_on") and data["closed_on"] < data["signed_on"]:
            self.add_error("closed_on", _("The shop signed after this day."))
        return data

    def _post_clean(self) -> None:
        """Uniqueness is the service's to say, in its words; the instance takes the values here."""
        for name, value in self.cleaned_data.items():
            setattr(self.instance, name, value)
