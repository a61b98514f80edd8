"""What people type about campaigns: the steps of the wizard, rounds, milestones, the new assessment date."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Campaign, CycleRule, Round, RoundKind
from chuangwen.campaigns.queries import TITLES, unnamed_in, versions_to_choose
from chuangwen.core.fields import DayInput, PickInput, RowsField
from chuangwen.core.forms import HouseForm
from chuangwen.core.models import Region
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import name_index
from chuangwen.standards.enums import Subject

OTHER = "other"


def day_field(label: Any, **options: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), input_formats=["%Y-%m-%d"], **options)


def _title_choices() -> list[tuple[str, Any]]:
    groups: dict[str, Any] = {}
    for name, subject, _level in TITLES:
        groups.setdefault(subject, []).append((name, name))
    return [(str(Subject(subject).label), names) for subject, names in groups.items()]


class AimForm(HouseForm):
    """Step 1: who strives for which title."""

    title = forms.ChoiceField(label=_("Title aimed at"))
    other_title = forms.CharField(
        label=_("Another title"),
        max_length=60,
        required=False,
        help_text=_("Only if none of the list above fits."),
    )
    other_subject = forms.ChoiceField(
        label=_("The other title is for"), required=False, choices=[("", "—"), *Subject.choices]
    )
    subject = forms.CharField(
        label=_("Who strives for it"),
        max_length=80,
        help_text=_("The city itself or one unit; type part of its name and choose."),
        widget=PickInput("units-and-root"),
    )
    name = forms.CharField(label=_("Name of the campaign"), max_length=80)

    def __init__(self, *args: Any, region: Region, **options: Any) -> None:
        super().__init__(*args, **options)
        self.region = region
        self.fields["title"].choices = [*_title_choices(), (OTHER, _("Another title, named below"))]  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if not unnamed_in(self.region, name):
            raise forms.ValidationError(_("There is a campaign of this name already. Give this one another name."))
        return name

    def clean_subject(self) -> str:
        """The unit's full name, whatever name it was called by."""
        typed: str = self.cleaned_data["subject"]
        unit = find_unit(self.region, typed)
        if unit is None:
            raise forms.ValidationError(
                _("“%(name)s” is no unit of this region. Choose one from the list."), params={"name": typed}
            )
        self.cleaned_data["subject_id"] = unit.pk
        return unit.name

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("title") != OTHER:
            return data | {"other_title": "", "other_subject": ""}
        if not data.get("other_title"):
            self.add_error("other_title", _("Name the title."))
        if not data.get("other_subject"):
            self.add_error("other_subject", _("Say for whom the title is."))
        return data


def find_unit(region: Region, typed: str) -> Unit | None:
    """The one unit that a typed name means; the region's root goes by its own name."""
    root = Unit.objects.filter(region=region, depth=1).first()
    if root is not None and typed.strip() in {root.name, root.short_name}:
        return root
    found = name_index(region).resolve(typed).units
    return Unit.objects.filter(pk=found[0]).first() if len(found) == 1 else None


class StandardsForm(HouseForm):
    """Step 2: the standards that count; one of them is the main one."""

    versions = forms.MultipleChoiceField(
        label=_("Standards"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Several may count at once: one visit, photo or dossier counts in each."),
        error_messages={"required": _("Choose at least one.")},
    )
    main = forms.ChoiceField(label=_("Main standard"), help_text=_("Its total is the score of the campaign."))

    def __init__(self, *args: Any, region: Region, subject: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        rows = list(versions_to_choose(region))
        fitting = [row for row in rows if row.subject == subject]
        rows = fitting + [row for row in rows if row.subject != subject]
        choices = [(str(row.pk), f"{row.title} {row.version}") for row in rows]
        self.fields["versions"].choices = choices  # type: ignore[attr-defined]
        self.fields["main"].choices = choices  # type: ignore[attr-defined]
        self.first = str(fitting[0].pk) if fitting else ""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("main") and data.get("versions") and data["main"] not in data["versions"]:
            self.add_error("main", _("The main standard is not among those chosen above. Choose it there too."))
        return data


class PeriodForm(HouseForm):
    """Step 3: from when to when, and the day of the assessment."""

    starts = day_field(_("First day"))
    ends = day_field(_("Last day"))
    assessment_on = day_field(
        _("Assessment date"),
        help_text=_("The first day of the official assessment; an estimate will do, it can be moved."),
    )
    cycle_rule = forms.ChoiceField(label=_("How the years make the total"), choices=CycleRule.choices)
    target = forms.FloatField(
        label=_("Target score"), required=False, min_value=0, max_value=10000, help_text=_("What you want to reach.")
    )


class WeightsForm(HouseForm):
    """Step 4: the weight of each year in per cent."""

    def __init__(self, *args: Any, years: list[int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.years = years
        for year in years:
            self.fields[f"y{year}"] = forms.DecimalField(
                label=_("%d, per cent") % year, min_value=0, max_value=100, max_digits=6, decimal_places=3
            )

    def weights(self) -> dict[int, float]:
        """Year to weight, 0 to 1."""
        return {year: float(self.cleaned_data[f"y{year}"]) / 100 for year in self.years}


class RoundForm(HouseForm):
    """A round: what, when, under which standards."""

    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(
        label=pgettext_lazy("campaign", "Kind"), choices=RoundKind.choices, widget=forms.RadioSelect
    )
    starts = day_field(_("First day"))
    ends = day_field(_("Last day"))
    unannounced = forms.BooleanField(label=_("Unannounced: places are not told before"), required=False)
    versions: Any = RowsField(
        label=_("Standards"),
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )

    def __init__(self, *args: Any, campaign: Campaign, round_: Round | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        own = [row.version_id for row in campaign.standards.all()]
        own += [version.pk for version in round_.versions.all()] if round_ else []
        chosen = self.fields["versions"]
        chosen.queryset = versions_to_choose(campaign.region).filter(pk__in=own)  # type: ignore[attr-defined]
        if campaign.shape == "unit":
            del self.fields["unannounced"]


class MilestoneForm(HouseForm):
    """A milestone: counted back, or on a day fixed by hand."""

    name = forms.CharField(label=_("Milestone"), max_length=60)
    offset_workdays = forms.IntegerField(
        label=_("Working days before the assessment"),
        required=False,
        min_value=0,
        max_value=2500,
        help_text=_("The day follows the assessment date when that is moved."),
    )
    due_on = day_field(
        _("Or a fixed day"), required=False, help_text=_("Stays where it is when the assessment date is moved.")
    )
    round_: Any = forms.ModelChoiceField(
        label=_("Belongs to the round"), queryset=None, required=False, empty_label=_("None chosen")
    )

    def __init__(self, *args: Any, campaign: Campaign, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["round_"].queryset = Round.objects.filter(campaign=campaign)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and (data.get("offset_workdays") is None) == (data.get("due_on") is None):
            self.add_error("offset_workdays", _("Give either the working days or a fixed day, not both."))
        return data


class ShiftForm(HouseForm):
    """The new assessment date, and the one that the preview was made from."""

    to = day_field(_("New assessment date"))
    expected = day_field(_("Present date"), required=False)
    note = forms.CharField(label=_("Why"), max_length=200, required=False)


class NoteForm(HouseForm):
    """A reason in a few words."""

    note = forms.CharField(label=_("Reason"), max_length=200, required=False)
