"""The small forms by which a problem is registered and moved on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from chuangwen.core.access import may, scope_of
from chuangwen.core.fields import PHOTO_KINDS, DayField, DayTimeField, FilesField, PickField, ReasonField
from chuangwen.core.forms import HouseForm, HouseModelForm
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.places.models import Place
from chuangwen.rectification.enums import OPEN_STATES, PhotoRole, Source
from chuangwen.rectification.models import Problem, RoutingRule
from chuangwen.rectification.queries import open_extension
from chuangwen.standards.models import PlaceType, ProblemType

MILESTONE_ROWS = 4


def units_field(label: Any, *, required: bool = True, help_text: Any = "", source: str = "units") -> Any:
    """A choice among the region's units of today; `choose_units` fills it."""
    return PickField(Unit.objects.none(), source=source, label=label, required=required, help_text=help_text)


def choose_units(form: forms.BaseForm, region: Any, *names: str) -> None:
    """Let the named fields choose among the region's units of today, in the order of the tree."""
    units = units_today(region).filter(depth__gt=1)
    for name in names:
        form.fields[name].queryset = units  # type: ignore[attr-defined]


class ActForm(HouseForm):
    """What every form about one problem knows. With `paper`, the office enters a step on the lead's behalf."""

    def __init__(self, *args: Any, problem: Problem, actor: Any, paper: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problem, self.actor = problem, actor
        if paper:
            self.fields["at"] = DayTimeField(
                label=_("True time"), required=False, help_text=_("When it happened on paper; empty means now.")
            )
            self.fields["scans"] = FilesField(
                label=_("Scan of the paper"), required=False, accept=f"{PHOTO_KINDS},application/pdf"
            )


class PlainForm(ActForm):
    """No questions, beyond those of the paper path."""


class FixForm(ActForm):
    measure = ReasonField(_("What was done"), help_text=_("For example: two loads cleared, the ground washed."))
    photos = FilesField(
        label=_("Photos of how it looks now"),
        required=False,
        help_text=_("From where the photo before was taken. Faces and number plates are not needed."),
    )
    field_order = ("photos", "measure")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only a photo of this attempt that was given before lets the field stay empty.
        given = self.problem.photos.filter(role=PhotoRole.AFTER, attempt=self.problem.returned_times).exists()
        self.fields["photos"].one_of = not given  # type: ignore[attr-defined]


class ExplainForm(ActForm):
    text = ReasonField(_("Explanation"))
    photos = FilesField(label=_("Photos or papers"), required=False, accept=f"{PHOTO_KINDS},application/pdf")


class ReasonForm(ActForm):
    reason = ReasonField(_("Reason"))


class ReturnForm(ActForm):
    reason = ReasonField(
        _("What is still missing"), help_text=_("The unit reads this. Say what the photo should show.")
    )


class DisputeForm(ActForm):
    reason = ReasonField(_("Why it is not yours"))
    proposed_lead = units_field(_("Whose it is, in your view"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_units(self, self.problem.region, "proposed_lead")


class NotMineForm(ActForm):
    """The objection behind a link: whose it is then, the office looks up."""

    reason = ReasonField(
        _("Why it is not yours"), help_text=_("Name whose it is, if you know. Until the ruling the territory acts.")
    )


class LeadForm(ActForm):
    lead = units_field(_("Lead"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_units(self, self.problem.region, "lead")


class ReassignForm(LeadForm):
    reason = ReasonField(_("Reason"))


class RuleForm(LeadForm):
    ruling = ReasonField(_("Ruling"))
    keep_as_rule = forms.BooleanField(
        label=_("Keep as a routing rule: such problems go there from now on"), required=False, initial=True
    )
    field_order = ("lead", "ruling", "keep_as_rule")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dispute = self.problem.disputes.filter(ruled_at__isnull=True).first()
        if dispute and dispute.proposed_lead_id:
            self.fields["lead"].initial = dispute.proposed_lead_id


class DeadlineForm(ActForm):
    due_at = DayTimeField(label=_("New deadline"))
    reason = ReasonField(_("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_at"].initial = self.problem.due_at


class ExtensionForm(ActForm):
    """More time, asked for by the unit."""

    until = DayField(label=_("Until when"))
    reason = ReasonField(_("Why it takes longer"), help_text=_("What holds it up, and what is done meanwhile."))


class GrantForm(ActForm):
    """The day asked for stands in the field; the office may name another."""

    until = DayField(label=_("Until when"))
    reason = ReasonField(_("A word to the unit"), required=False, rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = open_extension(self.problem)
        self.fields["until"].initial = asked and asked.until


class AnswerNumberForm(ActForm):
    """The document by which the superior was answered."""

    number = forms.CharField(
        label=_("Number of the answer"), max_length=100,
        help_text=_("It stands on the document that was sent to the superior. One document may answer many problems."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].initial = self.problem.answer_number


class MergeForm(ActForm):
    into = forms.CharField(label=_("Number of the problem that stays"), max_length=24)

    def clean_into(self) -> Problem:
        number = self.cleaned_data["into"].strip()
        found = Problem.objects.visible_to(self.actor, "rectification.assign").filter(
            number=number, region=self.problem.region_id, state__in=[str(state) for state in OPEN_STATES]
        )
        if not (into := found.first()):
            raise ValidationError(_("There is no open problem %(number)s.") % {"number": number})
        return into


class MilestonesForm(ActForm):
    """Up to four steps, each with its day; `milestones` in the cleaned data."""

    reason = ReasonField(_("Why it takes long"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MILESTONE_ROWS + 1):
            needed = number == 1
            self.fields[f"step_{number}"] = forms.CharField(
                label=_("Step %d") % number, required=needed, max_length=120
            )
            self.fields[f"day_{number}"] = DayField(label=_("By the day"), required=needed)
            self.fields[f"step_{number}"].opens_row = True  # type: ignore[attr-defined]
            self.fields[f"day_{number}"].closes_row = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["milestones"] = []
        for number in range(1, MILESTONE_ROWS + 1):
            name, day = data.pop(f"step_{number}", ""), data.pop(f"day_{number}", None)
            if bool(name) != bool(day) and f"day_{number}" not in self.errors and f"step_{number}" not in self.errors:
                self.add_error(f"day_{number}", _("A step needs a name and a day."))
            if name and day:
                data["milestones"].append((name, day))
        return data


class LongTermForm(MilestonesForm):
    interim_measure = ReasonField(_("What is done for the time being"), rows=2)
    funding = forms.CharField(label=_("Money and its source"), required=False, max_length=120)
    coordinator = forms.CharField(label=_("Coordinating leader"), required=False, max_length=60)


class BulkReassignForm(HouseForm):
    lead = units_field(_("Lead"))
    reason = ReasonField(_("Reason"))

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose_units(self, actor.region_id, "lead")


class BulkDeadlineForm(HouseForm):
    due_at = DayTimeField(label=_("New deadline"))
    reason = ReasonField(_("Reason"))

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class BulkAnswerNumberForm(HouseForm):
    number = forms.CharField(label=_("Number of the answer"), max_length=100)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class RegisterForm(HouseForm):
    """A problem in one short form; the place comes from the picker."""

    place = PickField(
        Place.objects.none(), source="places-to-report", label=_("Place"), required=False,
        help_text=_("Type a part of its name, number or address."),
    )  # fmt: skip
    problem_type = forms.ModelChoiceField(
        ProblemType.objects.none(), label=_("Problem type"), empty_label=_("Choose a type")
    )
    title = forms.CharField(
        label=_("What is wrong"), max_length=200, help_text=_("A few words, for example: stalls block the south gate.")
    )
    spot = forms.CharField(label=_("Where exactly"), max_length=160, required=False)
    photos = FilesField(label=_("Photos"), required=False, help_text=_("Faces and number plates are not needed."))
    source = forms.ChoiceField(label=_("Source"))
    source_number = forms.CharField(label=_("The source's own number"), max_length=60, required=False)
    territory = units_field(_("Territory"), required=False, help_text=_("Only where there is no place."))
    lead = units_field(_("Another lead than suggested"), required=False)
    found_at = DayTimeField(label=_("Found at"), required=False, help_text=_("Empty means now."))

    def __init__(self, *args: Any, actor: Any, region: Any, places: bool = True, **kwargs: Any) -> None:
        """`places` is False in a unit's own campaign, which has neither places nor territories."""
        super().__init__(*args, **kwargs)
        self.places = places
        self.may_assign = may(actor, "rectification.assign")
        # Who answers for a unit finds for the unit; an inspector finds for the office.
        self.own = not self.may_assign and bool(scope_of(actor, "rectification.answer"))
        self.fields["place"].queryset = Place.objects.visible_to(actor, "rectification.report").filter(region=region)  # type: ignore[attr-defined]
        self.fields["problem_type"].queryset = ProblemType.objects.filter(region=region)  # type: ignore[attr-defined]
        choose_units(self, region, "territory", "lead")
        source = self.fields["source"]
        if self.may_assign:
            source.choices = Source.choices  # type: ignore[attr-defined]
            source.initial = Source.INSPECTION if places else Source.SELF
        else:
            only = Source.SELF if self.own else Source.INSPECTION
            source.choices = [(only, only.label)]  # type: ignore[attr-defined]
            source.initial = only
            for name in ("lead", "found_at", "source_number"):
                del self.fields[name]
            if self.initial.get("source_number") or (self.data or {}).get("source_number"):  # known where it began
                hidden = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
                self.fields["source_number"] = hidden
        if not places:
            del self.fields["place"], self.fields["territory"]
            self.fields["spot"].required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.places and not data.get("place") and not data.get("spot") and "place" not in self.errors:
            self.add_error("spot", _("Choose a place, or say where it is."))
        return data

    @property
    def true_time(self) -> datetime | None:
        return self.cleaned_data.get("found_at")


class LedgerForm(HouseForm):
    """What holds for all rows of a ledger that do not say it themselves. Sent to the import wizard's address."""

    source = forms.ChoiceField(label=_("Source"), choices=Source.choices, initial=Source.SUPERIOR)
    batch = forms.CharField(
        label=_("Batch"), max_length=30, required=False,
        help_text=_(
            "For example: provincial feedback 2026-1. With the number in the ledger it recognises a row that is "
            "imported again."
        ),
    )  # fmt: skip
    type = forms.ModelChoiceField(
        ProblemType.objects.none(), label=_("Type of rows without one"), required=False, empty_label=_("None chosen"),
        help_text=_("Where the ledger has a column for the type, nothing needs to be chosen."),
    )  # fmt: skip

    def __init__(self, *args: Any, region: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].queryset = ProblemType.objects.filter(region=region)  # type: ignore[attr-defined]


class RuleEditForm(HouseModelForm[RoutingRule]):
    """A routing rule: problem type, place type, territory, lead."""

    class Meta:
        model = RoutingRule
        fields = ("problem_type", "place_type", "territory", "lead")

    def __init__(self, *args: Any, region: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["problem_type"].queryset = ProblemType.objects.filter(region=region)  # type: ignore[attr-defined]
        self.fields["place_type"].queryset = PlaceType.objects.filter(region=region)  # type: ignore[attr-defined]
        self.fields["problem_type"].empty_label = _("Choose a type")  # type: ignore[attr-defined]
        self.fields["lead"].empty_label = _("Choose a unit")  # type: ignore[attr-defined]
        self.fields["place_type"].empty_label = _("Every place type")  # type: ignore[attr-defined]
        self.fields["territory"].empty_label = _("Every territory")  # type: ignore[attr-defined]
        choose_units(self, region, "territory", "lead")
        if self.instance.pk:  # the case of a rule stays; what changes is who leads
            for name in ("problem_type", "place_type", "territory"):
                self.fields[name].disabled = True

    def _post_clean(self) -> None:
        """The service keeps rules; the form's own saving and uniqueness checks are not wanted."""
