"""Asks which round to score under which standard."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangwen.campaigns.models import Campaign, Round
from chuangwen.core.forms import HouseForm
from chuangwen.standards.models import StandardVersion


class RunForm(HouseForm):
    """A round of the campaign and one of its standards."""

    round = forms.ModelChoiceField(Round.objects.none(), label=_("Round"), empty_label=None)
    version = forms.ModelChoiceField(StandardVersion.objects.none(), label=_("Standard"), empty_label=None)
    missing = forms.ChoiceField(
        label=_("Criteria that nobody looked at"),
        choices=[("exclude", _("Left out (mock rounds)")), ("zero", _("Count as nought (official self-scoring)"))],
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rounds = Round.objects.filter(campaign=campaign).order_by("-starts")
        versions = StandardVersion.objects.filter(pk__in=campaign.standards.values("version"))
        self.fields["round"].queryset = rounds  # type: ignore[attr-defined]
        self.fields["version"].queryset = versions  # type: ignore[attr-defined]
