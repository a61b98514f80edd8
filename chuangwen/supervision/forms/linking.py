"""Forms of consequences and rewards, their kinds, the unit's reply, and the linking rules."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Title
from chuangwen.core import clock
from chuangwen.core.fields import FilesField, ReasonField, SourceField
from chuangwen.core.forms import HouseForm, Sourced
from chuangwen.core.models import Region
from chuangwen.evidence.models import Dossier
from chuangwen.rectification.forms import choose_units, units_field
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task
from chuangwen.supervision.enums import LinkFigure
from chuangwen.supervision.forms.acting import PAPER_KINDS, day_field
from chuangwen.supervision.models import Consequence, ConsequenceKind, Story, SupervisionNotice, VetoEvent
from chuangwen.supervision.services import Decided

# How a basis is named in an address and in the form's hidden field
SOURCES: dict[str, tuple[Any, str]] = {
    "notice": (SupervisionNotice, "number"), "problem": (Problem, "number"), "task": (Task, "number"),
    "dossier": (Dossier, "pk"), "story": (Story, "pk"), "event": (VetoEvent, "pk"),
    "title": (Title, "pk"),
}  # fmt: skip


def basis_of(name: str, user: Any) -> Any:
    """The row that `notice:2026-0003` or `dossier:7` names, where the person may see it; None otherwise."""
    kind, _colon, key = name.partition(":")
    if kind not in SOURCES or not key or len(key) > 24:
        return None
    model, field = SOURCES[kind]
    if field == "pk" and not key.isdecimal():
        return None
    return model.objects.visible_to(user).filter(**{field: key}).first()


class PaperForm(HouseForm):
    """What the paper says that decided it."""

    title = forms.CharField(
        label=pgettext_lazy("consequence", "For what"), max_length=200, help_text=_("A sentence; no names of persons.")
    )
    issuer = forms.CharField(label=_("Issuing body"), max_length=80)
    paper = forms.CharField(label=_("Document number"), max_length=80)
    day = day_field(_("Day of the paper"))
    year = forms.IntegerField(label=_("Year to which it belongs"), min_value=2000, max_value=2200)
    until = day_field(
        pgettext_lazy("consequence", "Holds until"), required=False, help_text=_("Empty: as its kind says.")
    )
    scans = FilesField(
        label=_("Scan of the paper"), accept=PAPER_KINDS, required=False, help_text=_("It is kept as it is.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today: date = clock.today()
        self.fields["day"].initial = today
        self.fields["year"].initial = today.year

    def decided(self) -> Decided:
        """What was filled in."""
        names = ("day", "year", "title", "issuer", "paper", "until")
        return Decided(**{name: self.cleaned_data[name] for name in names})


class ConsequenceForm(PaperForm):
    """A consequence or reward as it is entered, with what it comes from."""

    unit = units_field(_("Unit"))
    kind = forms.ModelChoiceField(ConsequenceKind.objects.none(), label=_("Kind"), empty_label=_("Choose a kind"))
    basis = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    field_order = ("unit", "kind", "title", "issuer", "paper", "day", "year", "until", "scans", "basis")

    def __init__(self, *args: Any, actor: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        choose_units(self, region, "unit")
        self.fields["kind"].queryset = ConsequenceKind.objects.filter(  # type: ignore[attr-defined]
            region=region, is_on=True
        )

    def clean_basis(self) -> Any:
        name = self.cleaned_data["basis"]
        found = basis_of(name, self.actor) if name else None
        if name and found is None:
            raise ValidationError(_("What it comes from is not there any more."))
        return found


class TakeUpForm(PaperForm):
    """What was decided of a rule's proposal."""

    def __init__(self, *args: Any, consequence: Consequence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title"].initial = consequence.title
        self.fields["year"].initial = consequence.year
        self.fields["year"].disabled = True


class ConsequenceReplyForm(HouseForm):
    """What the unit says, or its appeal."""

    text = ReasonField(_("Reply"), rows=4)
    is_appeal = forms.BooleanField(label=_("This is an appeal: somebody decides on it"), required=False)


class AppealForm(HouseForm):
    """What is decided of an appeal."""

    decision = ReasonField(pgettext_lazy("appeal", "What was decided, and why"), rows=4)
    lifts = forms.TypedChoiceField(
        label=_("What was decided on"), coerce=lambda value: value == "lift", empty_value=None,
        widget=forms.RadioSelect,
        choices=(("stay", _("stays")), ("lift", _("is lifted"))),
    )  # fmt: skip


class ConsequenceKindForm(Sourced, HouseForm):
    """A kind of consequence or reward."""

    name = forms.CharField(label=_("Name of the kind"), max_length=80)
    is_reward = forms.BooleanField(label=_("It is a reward"), required=False)
    months = forms.IntegerField(
        label=_("Holds for months"), min_value=0, max_value=120, initial=0,
        help_text=_("0: it is said once and holds no longer."),
    )  # fmt: skip
    of_year = forms.BooleanField(label=_("It holds for one year's assessment, to the end of that year"), required=False)
    bars = forms.BooleanField(label=_("While it holds the unit applies for no title"), required=False)
    source = SourceField()
    is_on = forms.BooleanField(label=_("In use"), required=False, initial=True)


class LinkForm(Sourced, HouseForm):
    """A linking rule: from which figure on what is proposed."""

    figure = forms.ChoiceField(label=_("Figure"), choices=LinkFigure.choices)
    number = forms.IntegerField(
        label=_("At least"), min_value=1, max_value=500,
        help_text=_("Times; for units without anything late, how many matters they had to do."),
    )  # fmt: skip
    kind = forms.ModelChoiceField(
        ConsequenceKind.objects.none(), label=_("What it proposes"), empty_label=_("Choose a kind")
    )
    source = SourceField()

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = ConsequenceKind.objects.filter(  # type: ignore[attr-defined]
            region=region, is_on=True
        )
