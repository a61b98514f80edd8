"""What is typed on the screens of rounds, draws and visits."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.campaigns.forms import find_unit
from chuangwen.core import clock
from chuangwen.core.fields import DayInput, MomentInput, PickField, PickInput
from chuangwen.core.forms import HouseForm
from chuangwen.core.models import Region
from chuangwen.inspections.enums import ResultKind
from chuangwen.inspections.models import Visit
from chuangwen.inspections.queries import Quota, inspectors, inspectors_planned_by
from chuangwen.inspections.refusals import words_of
from chuangwen.inspections.sampling import SamplingError, dice_text, index_text, lottery_text
from chuangwen.inspections.services.results import Judged, Proof
from chuangwen.inspections.wording import in_words
from chuangwen.organizations.models import Unit
from chuangwen.standards.grading import MOST_ANSWERS, Asked
from chuangwen.standards.models import StandardVersion
from chuangwen.standards.tree import Standard

MOST_DRAWN = 20_000
METHODS = [("vrs", gettext_lazy("VRS (draft-thomson-elegy-vrs)")), ("rfc3797", "RFC 3797")]
KINDS = [
    ("dice", gettext_lazy("Dice, in the order thrown")),
    ("lottery", gettext_lazy("Lottery numbers")),
    ("index", gettext_lazy("Stock index")),
    ("text", gettext_lazy("Text as announced")),
]
WRITERS: dict[str, Callable[[str], str]] = {"dice": dice_text, "lottery": lottery_text, "index": index_text}


class QuotaForm(HouseForm):
    """How many places of each type are drawn."""

    def __init__(self, *args: Any, sheet: list[Quota], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        for row in sheet:
            self.fields[f"quota_{row.place_type.code}"] = forms.IntegerField(
                label=row.place_type.name, min_value=0, max_value=MOST_DRAWN, required=False,
                initial=row.quota if row.declared else 0, widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip

    def rows(self) -> list[tuple[Quota, forms.BoundField]]:
        """The sheet with its fields, for the template."""
        return [(row, self[f"quota_{row.place_type.code}"]) for row in self.sheet]

    def quotas(self) -> dict[str, int]:
        """The chosen numbers by type; empty is nought."""
        return {row.place_type.code: self.cleaned_data[f"quota_{row.place_type.code}"] or 0 for row in self.sheet}


class StrictForm(HouseForm):
    """What the strict form publishes beside the quotas."""

    source = forms.CharField(
        label=gettext_lazy("Public source of randomness"),
        max_length=200,
        help_text=gettext_lazy("One that does not exist yet: dice before witnesses, a lottery and its date."),
    )
    release_at = forms.DateTimeField(
        label=gettext_lazy("Release time"),
        widget=MomentInput(),
        help_text=gettext_lazy("Before it nobody sees an order. Usually one hour before departure."),
    )
    method = forms.ChoiceField(label=gettext_lazy("Method of drawing"), choices=METHODS, initial="vrs")


class CommitmentForm(HouseForm):
    """The line that `chuangwen draw commit` prints, or the hash and the number by hand."""

    commitment = forms.CharField(
        label=gettext_lazy("Commitment"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "autocomplete": "off"}),
        help_text=gettext_lazy("Paste what “chuangwen draw commit” printed. The secret itself never comes here."),
    )
    times = forms.IntegerField(label=gettext_lazy("Number of hashes"), min_value=1, max_value=10_000, initial=10)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text = str(data.get("commitment", "")).strip()
        if text.startswith("{"):
            try:
                printed = json.loads(text)
                data["commitment"], data["times"] = str(printed["commitment"]), int(printed["times"])
            except (ValueError, KeyError, TypeError, RecursionError):
                self.add_error("commitment", _("This is not what the command printed. Copy the whole line again."))
        return data


class RunForm(HouseForm):
    """What was thrown or drawn in public, and the one-time code."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of source"), choices=KINDS, initial="dice")
    numbers = forms.CharField(
        label=gettext_lazy("What fell"),
        max_length=400,
        help_text=gettext_lazy("Dice such as 2 2 6 4 or 2264. It is written as 2.2.6.4./ for everybody alike."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    code = forms.CharField(
        label=gettext_lazy("One-time code"),
        max_length=80,
        help_text=gettext_lazy(
            "The hash before the commitment: the facilitator's command prints it when run with --times one less."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        text, kind = data.get("numbers", ""), data.get("kind", "")
        try:
            write = WRITERS.get(kind)
            data["randomness"] = write(text) if write else text
        except SamplingError as error:
            self.add_error("numbers", words_of(error.template, error.params))
        return data


class SecretForm(HouseForm):
    secret = forms.CharField(
        label=gettext_lazy("Secret"),
        max_length=4000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=gettext_lazy("What the facilitator's file holds. From now on everybody can read it."),
    )


class ReasonForm(HouseForm):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class MoveForm(ReasonForm):
    day = forms.DateField(label=gettext_lazy("New day"), widget=DayInput())
    field_order = ("day", "reason")

    def __init__(self, *args: Any, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = _("For example: rain, road closed.")


class AssignForm(HouseForm):
    """Who goes: an inspector and the team's name."""

    inspector: Any = PickField(None, source="inspectors", label=pgettext_lazy("visit", "Inspector"))
    team = forms.CharField(label=gettext_lazy("Team"), max_length=40, required=False)

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inspector"].queryset = inspectors_planned_by(actor)  # type: ignore[attr-defined]


class PaperForm(HouseForm):
    """A sheet that was filled in on paper."""

    inspector: Any = PickField(None, source="inspectors", label=gettext_lazy("Who was there"))
    seen_at = forms.DateTimeField(label=gettext_lazy("Time on the sheet"), widget=MomentInput())
    scan = forms.FileField(
        label=gettext_lazy("Scan or photo of the sheet"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,application/pdf"}),
    )

    def __init__(self, *args: Any, visit: Visit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inspector"].queryset = inspectors(visit.region)  # type: ignore[attr-defined]
        self.initial.setdefault("inspector", visit.inspector_id)
        self.initial.setdefault("seen_at", clock.local(clock.now()))


class AdHocForm(HouseForm):
    """A place of an ad hoc kind, and for the office who goes there."""

    place: Any = PickField(None, source="ad-hoc-places", label=gettext_lazy("Place"))
    inspector: Any = PickField(None, source="inspectors", label=pgettext_lazy("visit", "Inspector"))

    def __init__(self, *args: Any, places: Any, people: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = places  # type: ignore[attr-defined]
        if people is None:
            del self.fields["inspector"]
        else:
            self.fields["inspector"].queryset = people  # type: ignore[attr-defined]


class ResultForm(HouseForm):
    """What an assessor says of one leaf: only the fields that its rule asks for."""

    grade = forms.ChoiceField(label=gettext_lazy("Grade"), required=False, widget=forms.RadioSelect)
    value = forms.FloatField(required=False)
    weight = forms.IntegerField(
        label=gettext_lazy("Valid answers"), required=False, min_value=1, max_value=MOST_ANSWERS
    )
    not_applicable = forms.BooleanField(label=gettext_lazy("Not applicable here"), required=False)
    unit = forms.CharField(
        label=gettext_lazy("Unit"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Whom the result is about; leave it empty where it is about the whole."),
        widget=PickInput("units"),
    )
    source = forms.CharField(
        label=pgettext_lazy("result", "Source"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Which papers, whose figures, which notice; with number and date."),
    )
    judged_by = forms.CharField(label=gettext_lazy("Judged by"), max_length=60)
    judged_on = forms.DateField(label=gettext_lazy("Judged on"), widget=DayInput())
    paper = forms.FileField(
        label=gettext_lazy("Paper as proof"),
        required=False,
        help_text=gettext_lazy("The signed score sheet, the report, the notice: scan, photo, PDF, Word or Excel."),
    )
    same: Any = forms.ModelChoiceField(
        queryset=None,
        label=gettext_lazy("Or a file of this round"),
        required=False,
        empty_label=gettext_lazy("Choose one that is here already"),
    )
    reason = forms.CharField(label=gettext_lazy("Why it is corrected"), max_length=200)

    def __init__(
        self, *args: Any, region: Region, asked: Asked | None, papers: Any, correcting: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.region, self.asked, self.has_paper = region, asked, correcting
        self.fields["same"].queryset = papers  # type: ignore[attr-defined]
        if not correcting:
            del self.fields["reason"]
        if not papers:
            del self.fields["same"]
        self._ask_for(asked)
        for name in ("grade", "value", "weight", "paper", "same"):
            if name in self.fields and not (correcting and name in {"paper", "same"}):
                self.fields[name].one_of = True  # type: ignore[attr-defined]  # the template says no "may stay empty"

    def _ask_for(self, asked: Asked | None) -> None:
        """The fields of the leaf's own rule; a bonus or penalty has points, a veto nothing (asked None)."""
        value = self.fields["value"]
        if asked is None:
            value.label = _("Points")
            for name in ("grade", "weight", "not_applicable"):
                del self.fields[name]
            return
        value.label = {"rate": _("Rate, per cent"), "number": _("Value"), "count": _("Number found")}[asked.form]
        value.widget.attrs["step"] = "1" if asked.form == "count" else "any"
        if asked.grades:
            value.label = _("Or the rate, per cent") if asked.form == "rate" else _("Or the value")
            grade: Any = self.fields["grade"]
            grade.choices = [(letter, letter) for letter in asked.grades]
        else:
            del self.fields["grade"]
        if not asked.weighed:
            del self.fields["weight"]

    def clean_unit(self) -> Unit | None:
        typed: str = self.cleaned_data["unit"]
        if not typed:
            return None
        unit = find_unit(self.region, typed)
        if unit is None:
            raise forms.ValidationError(
                _("“%(name)s” is no unit of this region. Choose one from the list."), params={"name": typed}
            )
        return unit

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("grade") and data.get("value") is not None:
            self.add_error("value", _("Give either the grade or the number."))
        counted = "weight" in self.fields and not data.get("not_applicable")
        if counted and "weight" not in self.errors and not data.get("weight"):
            self.add_error("weight", _("Give the number of valid answers."))
        if not self.has_paper and "paper" not in self.errors and not (data.get("paper") or data.get("same")):
            self.add_error("paper", _("Attach the paper that it rests on, or choose one that is here already."))
        return data

    def proof(self) -> Proof | None:
        """The paper that was given; a fresh one goes before one chosen."""
        upload, kept = self.cleaned_data.get("paper"), self.cleaned_data.get("same")
        if upload:
            return Proof(upload.name, upload.read())
        return Proof(kept.name, stored=kept.file) if kept else None

    def judged(self, version: StandardVersion, kind: str, code: str) -> Judged:
        """What was said, as the service takes it."""
        data = self.cleaned_data
        value = data.get("value")
        if value is not None and self.asked is not None and self.asked.form == "rate":
            value = float(Decimal(str(value)) / 100)
        return Judged(
            version, code, source=data["source"], judged_by=data["judged_by"], judged_on=data["judged_on"], kind=kind,
            grade=data.get("grade") or "", value=value, weight=float(data.get("weight") or 1), unit=data["unit"],
            not_applicable=bool(data.get("not_applicable")),
        )  # fmt: skip


class EventForm(ResultForm):
    """A bonus, a penalty or a veto: which one of those that the standard lists."""

    what = forms.ChoiceField(label=gettext_lazy("Bonus, penalty or veto"))
    field_order = ("what", "value")

    def __init__(self, *args: Any, standard: Standard, **kwargs: Any) -> None:
        super().__init__(*args, asked=None, **kwargs)
        listed: list[tuple[ResultKind, Any, str]] = [
            (ResultKind.BONUS, standard.bonuses, _("at most %g points")),
            (ResultKind.PENALTY, standard.penalties, _("at most %g points")),
            (ResultKind.VETO, standard.vetoes, ""),
        ]
        what: Any = self.fields["what"]
        what.choices = [
            (str(kind.label), [(f"{kind}:{one.code}", _event_label(one, most)) for one in rows])
            for kind, rows, most in listed
            if rows
        ]
        self.fields["value"].help_text = _("Points of the bonus or penalty; a veto has none.")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("what", "").startswith(f"{ResultKind.VETO}:"):
            data["value"] = None
        elif "what" in data and "value" not in self.errors and data.get("value") is None:
            self.add_error("value", _("Give the points."))
        return data


def _event_label(one: Any, most: str) -> str:
    title = in_words(one.title)
    return f"{one.code} {title}" + _(" (%s)") % (most % one.cap) if most else f"{one.code} {title}"


class StepForm(HouseForm):
    """A step on a result as the person saw it, with the reason where one is wanted."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=1_000_000)
    reason = forms.CharField(max_length=200, required=False)
