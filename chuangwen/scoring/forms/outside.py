"""Asks what an outside sheet is, and for our own row where one person types it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.campaigns.models import Campaign, RoundKind
from chuangwen.core.fields import DayInput
from chuangwen.core.forms import HouseForm
from chuangwen.core.models import Region
from chuangwen.scoring.models import OutsideResult
from chuangwen.scoring.printed import PARTS, PrintedRow
from chuangwen.scoring.services.outside import FIRST_YEAR, HIGHEST, Head, Paper
from chuangwen.standards.models import StandardVersion

PART_LABELS = {
    "material": gettext_lazy("Online material"),
    "field": gettext_lazy("Inspection"),
    "survey": gettext_lazy("Survey"),
    "household": gettext_lazy("Household survey"),
}


class HeadForm(HouseForm):
    """Year, kind of round, name and issuer of a sheet; the weights of its parts where they are known."""

    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR, max_value=2099)
    kind = forms.ChoiceField(label=pgettext_lazy("campaign", "kind"), choices=RoundKind, initial=RoundKind.OFFICIAL)
    name = forms.CharField(
        label=gettext_lazy("Name of the assessment"), max_length=80,
        help_text=gettext_lazy("As the sheet is headed, for example: 2025 assessment of the province."),
    )  # fmt: skip
    issued_by = forms.CharField(label=pgettext_lazy("outside score", "Issued by"), max_length=80)
    issued_on = forms.DateField(label=gettext_lazy("Issued on"), widget=DayInput())
    campaign: Any = forms.ModelChoiceField(Campaign.objects.none(), label=gettext_lazy("Campaign"), required=False)
    version: Any = forms.ModelChoiceField(
        StandardVersion.objects.none(), label=gettext_lazy("Standard, where it is here"), required=False,
        help_text=gettext_lazy("Scores of one standard are joined in the trend; others are only shown beside them."),
    )  # fmt: skip
    standard = forms.CharField(
        label=gettext_lazy("Or the standard as the sheet calls it"), max_length=120, required=False
    )

    def __init__(self, *args: Any, region: Region | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if region is not None:
            fields: Any = self.fields
            fields["campaign"].queryset = Campaign.objects.filter(region=region).order_by("-starts")
            fields["version"].queryset = StandardVersion.objects.filter(region=region).order_by("title_zh", "-pk")
        for name in PARTS:
            self.fields[f"weight_{name}"] = forms.FloatField(
                label=_("Weight of “%s”, per cent") % PART_LABELS[name], min_value=0, max_value=100, required=False,
                widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        weights = {name: _exact(data.get(f"weight_{name}")) for name in PARTS if data.get(f"weight_{name}")}
        if weights and abs(sum(weights.values()) - 1) > 1e-6:
            self.add_error(
                f"weight_{PARTS[0]}", _("The weights make no 100 per cent. Correct them or leave them empty.")
            )
        data["weights"] = weights
        return data

    def head(self) -> Head:
        """What was said, as the service takes it."""
        data = self.cleaned_data
        names = ("year", "kind", "name", "issued_by", "issued_on", "campaign", "standard", "version", "weights")
        return Head(**{name: data[name] for name in names})


class OutsideForm(HeadForm):
    """A sheet's head, and our own row; without a total the whole sheet is taken in by the next step."""

    total = forms.FloatField(
        label=gettext_lazy("Our total"), min_value=0, max_value=HIGHEST, required=False,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
        help_text=gettext_lazy("Leave it empty to take in the whole sheet (Excel) in the next step."),
    )  # fmt: skip
    rank = forms.IntegerField(label=gettext_lazy("Our rank"), min_value=1, max_value=10_000, required=False)
    paper = forms.FileField(
        label=gettext_lazy("Paper as proof"), required=False,
        help_text=gettext_lazy("The notice with the score: scan, photo, PDF, Word or Excel."),
    )  # fmt: skip
    field_order = ("year", "kind", "name", "issued_by", "issued_on", "total", "rank", "paper")

    def row(self, region: Region) -> PrintedRow | None:
        """Our own row; None where the sheet brings it."""
        data = self.cleaned_data
        return None if data["total"] is None else PrintedRow(region.name, data["total"], {}, data["rank"])

    def given(self) -> Paper | None:
        """The paper that was sent along."""
        upload = self.cleaned_data.get("paper")
        return Paper(upload.name, upload.read()) if upload else None

    def begun(self) -> dict[str, str]:
        """The head as it was typed, for the address of the next step."""
        return {name: str(self.data[name]) for name in HeadForm(region=None).fields if self.data.get(name)}


class CorrectionForm(OutsideForm):
    """What stands, with the reason why it is another."""

    reason = forms.CharField(label=gettext_lazy("Why it is corrected"), max_length=200)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)

    def __init__(self, *args: Any, result: OutsideResult, **kwargs: Any) -> None:
        self.own = result.rows.filter(own=True).first()
        names = ("year", "kind", "name", "issued_by", "issued_on", "campaign", "version", "standard", "revision")
        there = {name: getattr(result, name) for name in names}
        there |= {f"weight_{name}": _per_cent(weight) for name, weight in result.weights.items()}
        there |= {"total": self.own.total, "rank": self.own.rank} if self.own else {}
        super().__init__(*args, region=result.region, initial=there, **kwargs)
        if self.own is None:
            del self.fields["total"], self.fields["rank"]
        else:
            self.fields["total"].required, self.fields["total"].help_text = True, ""

    def rows(self) -> list[PrintedRow]:
        """Our own row as it is said now."""
        if self.own is None:
            return []
        data = self.cleaned_data
        return [PrintedRow(self.own.subject, data["total"], dict(self.own.parts), data["rank"], self.own.group)]


class StepForm(HouseForm):
    """A withdrawal: of what the person saw, and why."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)
    reason = forms.CharField(max_length=200, required=False)


def _exact(per_cent: float | None) -> float:
    return float(Decimal(str(per_cent)) / 100)


def _per_cent(weight: float) -> float:
    return float(Decimal(str(weight)) * 100)
