"""Forms for units, posts, holders, roles and what hangs on them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.accounts.roles import ROLE_LABELS, Role
from chuangwen.core import clock
from chuangwen.core.fields import DayInput, PickField, PicksField, let_pick
from chuangwen.core.files.services import SCANS
from chuangwen.core.forms import HouseForm, HouseModelForm
from chuangwen.core.models import OFFICE_WORDS, Region
from chuangwen.organizations.enums import NO_KIND, SAID_KINDS, PostKind, Slot, SuccessionKind
from chuangwen.organizations.models import ContractedArea, Grid, Group, Membership, Post, Unit
from chuangwen.organizations.org_kinds import proposed_kind
from chuangwen.organizations.queries import units_today

UNIT_FIELDS = ("code", "name", "short_name", "kind", "org_kind", "branch", "resident", "line_authority", "peer_group")


def say_none_chosen(form: forms.BaseForm) -> None:
    """An empty choice says so instead of showing dashes."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField) and field.empty_label:
            field.empty_label = gettext("None chosen")


class OfficeWordForm(HouseForm):
    """What the offices inside a unit are called."""

    word = forms.ChoiceField(
        label=_("Word for the offices inside a unit"), choices=[(word, word) for word in OFFICE_WORDS],
        help_text=_("Customary: chushi in a province's organs, keshi in a city's, gushi in a county's."),
    )  # fmt: skip


def _people(region: Region) -> Any:
    """Whom a post or role can be given to, with no more of them than their names: they may be a thousand."""
    people = get_user_model().objects.filter(region=region, is_active=True)
    return people.only("name", "username").order_by("name")


def _day() -> forms.DateField:
    return forms.DateField(label=_("From"), initial=clock.today, widget=DayInput())


class UnitForm(HouseModelForm):  # type: ignore[type-arg]
    """A unit's facts; `parent` is asked for a new unit and to move one."""

    parent = PickField(Unit.objects.none(), source="units-and-root", label=_("Below"))

    class Meta:
        model = Unit
        fields = UNIT_FIELDS

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_today(region)
        self.fields["parent"].queryset = units  # type: ignore[attr-defined]
        let_pick(self, "line_authority", "units", units.filter(depth__gt=1))
        if self.instance.pk and not self.instance.is_root():
            self.fields["parent"].initial = Unit.objects.get_parent(self.instance)
        if self.instance.pk and self.instance.is_root():
            del self.fields["parent"]
        self.order_fields(["name", "short_name", "code", "parent", "kind", "org_kind", "branch"])
        say_none_chosen(self)


class OrgKindsForm(HouseForm):
    """One choice a unit; what nobody has said yet begins with what the unit's kind or name says."""

    def __init__(self, *args: Any, units: Sequence[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = {f"kind_{unit.pk}": unit for unit in units}
        for name, unit in self.units.items():
            self.fields[name] = forms.ChoiceField(
                label=str(unit), required=False,
                initial=unit.org_kind or unit.kind_of_organization or proposed_kind(unit.name),
                choices=[("", pgettext_lazy("organization kind", "Left open")), *SAID_KINDS],
            )  # fmt: skip
        self.fields["rest"] = forms.BooleanField(
            label=_("Those left open are none of these"), required=False, initial=False
        )

    @property
    def kinds(self) -> dict[Unit, str]:
        left = NO_KIND if self.cleaned_data["rest"] else ""
        return {unit: self.cleaned_data[name] or left for name, unit in self.units.items()}

    @property
    def left_open(self) -> int:
        """Of how many units neither a person nor kind nor name says anything."""
        return sum(not self[name].initial for name in self.units)

    def lines(self) -> list[tuple[Unit, Any, bool]]:
        """Each unit with its field, and whether what stands there is only proposed by its name."""
        return [
            (unit, self[name], not unit.org_kind and not unit.kind_of_organization and bool(self[name].initial))
            for name, unit in self.units.items()
        ]


class AliasForm(HouseForm):
    """Another name of the unit."""

    name = forms.CharField(label=_("Another name in papers"), max_length=80)


class PostForm(HouseForm):
    """A post at the unit and who holds it."""

    kind = forms.ChoiceField(label=_("Post"), choices=PostKind.choices)
    title = forms.CharField(label=_("Title"), max_length=60)
    user = PickField(get_user_model().objects.none(), source="people", label=_("Holder"))
    slot = forms.ChoiceField(label=_("A or B person"), choices=Slot.choices)
    starts = _day()

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = _people(region)  # type: ignore[attr-defined]


class RoleForm(HouseForm):
    """A role for a person at this unit and below."""

    user = PickField(get_user_model().objects.none(), source="people", label=_("Person"))
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, region: Region, roles: Collection[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.value, label) for role, label in ROLE_LABELS.items() if role in roles]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]
        self.fields["user"].queryset = _people(region)  # type: ignore[attr-defined]


class SuccessionForm(HouseForm):
    """Renamed, merged or split: which units follow on which day."""

    kind = forms.ChoiceField(label=_("What happens"), choices=SuccessionKind.choices)
    old = PicksField(Unit.objects.none(), source="units-ever", label=_("Units that end"))
    new = PicksField(Unit.objects.none(), source="units-ever", label=_("Units that follow"))
    day = forms.DateField(label=pgettext_lazy("day", "On"), initial=clock.today, widget=DayInput())

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.filter(region=region, depth__gt=1)
        self.fields["old"].queryset = units  # type: ignore[attr-defined]
        self.fields["new"].queryset = units  # type: ignore[attr-defined]


class _RegionForm(HouseModelForm):  # type: ignore[type-arg]
    """A model form whose choices are those of one region; `picked`: field -> source of its choices."""

    picked: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.region = region
        for name, source in self.picked.items():
            field: Any = self.fields[name]
            rows = field.queryset.filter(region=region)
            let_pick(self, name, source, rows.select_related("unit") if source in {"posts", "leaders"} else rows)
        say_none_chosen(self)


class GroupForm(_RegionForm):
    """A leading or working group with its office."""

    picked: ClassVar = {"office": "units-and-root"}

    class Meta:
        model = Group
        fields = ("kind", "name", "office", "duties")
        labels: ClassVar = {"kind": _("Kind")}


class MembershipForm(_RegionForm):
    """A seat for a post."""

    picked: ClassVar = {"post": "posts"}

    class Meta:
        model = Membership
        fields = ("post", "seat", "rank")
        labels: ClassVar = {"post": _("Post"), "rank": _("Order")}


class GridForm(_RegionForm):
    """A grid of a community."""

    picked: ClassVar = {"unit": "units-and-root", "worker": "posts"}

    class Meta:
        model = Grid
        fields = ("code", "name", "unit", "worker", "households", "estates", "standards", "bounds")
        labels: ClassVar = {"unit": _("Community"), "worker": _("Grid worker")}
        help_texts = {
            "households": _("Their number only; no household is named anywhere."),
            "estates": _("One a line."),
            "standards": _("One a line, such as: notice board complete, stairs free, bins closed."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Post.objects.filter(region=self.instance.region, unit__kind__in=["community", "village"])
        self.fields["worker"].queryset = posts.select_related("unit")  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        """The only one of its region; the model form does not look, since the region is not typed."""
        code: str = self.cleaned_data["code"]
        others = Grid.objects.filter(region=self.instance.region, code=code).exclude(pk=self.instance.pk)
        if others.exists():
            raise forms.ValidationError(_("Another grid has the code “%s”. Choose another code.") % code)
        return code


class ContractForm(_RegionForm):
    """Which leader answers for which area."""

    picked: ClassVar = {"leader": "posts", "unit": "units-and-root"}

    class Meta:
        model = ContractedArea
        fields = ("name", "leader", "unit", "starts", "ends")
        labels: ClassVar = {"leader": _("Leader"), "unit": _("Unit")}
        widgets = {
            "starts": DayInput(),
            "ends": DayInput(),
        }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("starts") and data.get("ends") and data["ends"] < data["starts"]:
            self.add_error("ends", _("The end lies before the beginning. Choose a later date."))
        return data


class GridVisitForm(HouseForm):
    """Households called on: how many, when, what about."""

    day = forms.DateField(label=_("Day"), initial=clock.today, widget=DayInput())
    households = forms.IntegerField(label=_("Households called on"), min_value=1, max_value=5000)
    about = forms.CharField(label=_("What about"), max_length=120)

    def clean_day(self) -> Any:
        day = self.cleaned_data["day"]
        if day > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class HandoverForm(HouseForm):
    """Who takes the post over, and from which day."""

    coming = PickField(get_user_model().objects.none(), source="people", label=_("Taken over by"))
    day = _day()
    note = forms.CharField(
        label=_("What else to know"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["coming"].queryset = _people(region)  # type: ignore[attr-defined]


class SignedSheetForm(HouseForm):
    """The sheet that both signed on paper."""

    paper = forms.FileField(
        label=_("Scan of the signed sheet"), widget=forms.FileInput(attrs={"accept": ",".join(sorted(SCANS))})
    )
