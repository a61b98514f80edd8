"""What people type about dossiers and pieces, checked before a service sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.fields import DayInput, MomentInput, PickField, PicksField
from chuangwen.core.files.services import Upload
from chuangwen.core.forms import HouseForm
from chuangwen.evidence.models import Dossier, Piece
from chuangwen.evidence.queries.dossiers import conclusion_for
from chuangwen.evidence.services.giving import Facts
from chuangwen.evidence.slots import Slot
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.standards.grading import Asked

PAPER_KINDS = "image/*,application/pdf"


def area(label: Any, *, rows: int = 4, most: int = 2000, required: bool = True, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(label=label, max_length=most, required=required, help_text=help_text, widget=widget)


def _upload(file: Any) -> Upload | None:
    return Upload(file.name, file.read()) if file else None


class PaperForm(HouseForm):
    """An answer or a signature that is entered from paper (代录): whose it is, when it was given, the scan."""

    on_behalf = forms.CharField(label=_("Entered for"), max_length=120, help_text=_("Unit and post."))
    at = forms.DateTimeField(label=_("Really given at"), required=False, widget=MomentInput, help_text=_("Empty: now."))
    scan = forms.FileField(
        label=_("Scan of the signed sheet"), required=False, widget=forms.FileInput({"accept": PAPER_KINDS})
    )

    def __init__(self, *args: Any, on_paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not on_paper:
            del self.fields["on_behalf"], self.fields["at"], self.fields["scan"]

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        if at and at > clock.now():
            raise forms.ValidationError(_("This time lies in the future."))
        return at

    def paper(self) -> dict[str, Any]:
        """What a service wants to know of the paper."""
        if "on_behalf" not in self.fields:
            return {}
        data = self.cleaned_data
        return {"on_behalf": data["on_behalf"], "at": data["at"], "scan": _upload(data["scan"])}


class SubmitForm(PaperForm):
    """Handing in: the conclusion, and for an incomplete dossier what is missing and why."""

    conclusion = area(
        _("Conclusion"),
        help_text=_("One or two sentences: what the material shows. It stands in the submission table."),
    )
    note = area(_("What is missing, and why"), rows=3, most=1000)

    def __init__(self, *args: Any, dossier: Dossier, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"conclusion": partial(conclusion_for, dossier)})  # asked where it is shown
        super().__init__(*args, **kwargs)
        if dossier.is_complete:
            del self.fields["note"]
        self.order_fields(["conclusion", "note", "on_behalf", "at", "scan"])


class ReasonForm(HouseForm):
    reason = area(_("Reason"), rows=3, most=1000, help_text=_("The unit reads it."))


class DueForm(ReasonForm):
    """Another day for one dossier or many."""

    due_on = forms.DateField(label=_("New day"), widget=DayInput)

    def __init__(self, *args: Any, actor: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.order_fields(["due_on", "reason"])


class OpenForm(HouseForm):
    """For whom dossiers are opened, of which year, due when."""

    whom = forms.ChoiceField(label=_("For whom"), widget=forms.RadioSelect)
    units = PicksField(
        Unit.objects.none(), source="units", label=_("Units"), required=False,
        help_text=_("Only for “the units named here”. Each of them gets a dossier for every criterion."),
    )  # fmt: skip
    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    due_on = forms.DateField(
        label=_("Due"), widget=DayInput,
        help_text=_("Proposed: 20 working days before the assessment, so that both reviews are done in time."),
    )  # fmt: skip

    def __init__(self, *args: Any, campaign: Campaign, whom: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whom"].choices = whom  # type: ignore[attr-defined]
        years = range(campaign.starts.year, campaign.ends.year + 1)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["units"].queryset = units_today(campaign.region)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("whom") == "chosen" and "units" in data and not data["units"]:
            self.add_error("units", _("Name at least one unit."))
        return data


class _FactsForm(HouseForm):
    """What is said of a piece."""

    title = forms.CharField(label=pgettext_lazy("evidence", "Title"), max_length=200, required=False)
    issuing_body = forms.CharField(label=_("Issuing body"), max_length=80, required=False)
    document_number = forms.CharField(label=_("Document number"), max_length=60, required=False)
    dated_on = forms.DateField(label=_("Date on the paper"), required=False, widget=DayInput)
    happened_on = forms.DateField(
        label=_("Day of the matter"), required=False, widget=DayInput,
        help_text=_("When it happened. Without it the date on the paper counts."),
    )  # fmt: skip

    def _facts(self, **words: str) -> Facts:
        data = self.cleaned_data
        said = {name: data.get(name) or "" for name in ("title", "issuing_body", "document_number")}
        return Facts(**said, **words, dated_on=data.get("dated_on"), happened_on=data.get("happened_on"))


class WriteForm(_FactsForm):
    """A statement, or an example with person, deed and spirit, for one slot or for those of an example together."""

    passage = forms.CharField(label=_("Passage that proves it"), max_length=500, required=False)

    def __init__(self, *args: Any, slots: list[Slot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.slots = slots
        del self.fields["issuing_body"], self.fields["dated_on"], self.fields["document_number"]
        names = []
        for slot in slots:
            name = slot.part or "text"
            limit = slot.most_chars or 20_000
            help_text = _("Up to %d characters.") % slot.most_chars if slot.most_chars else ""
            self.fields[name] = area(slot.label, most=limit, rows=3 if limit <= 100 else 6, help_text=help_text)
            names.append(name)
        self.order_fields([*names, "title", "happened_on", "passage"])

    def facts(self) -> Facts:
        words = {name: self.cleaned_data.get(name, "") for name in ("text", "person", "deed", "spirit")}
        facts = self._facts(**words)
        if any("文号" in slot.label for slot in self.slots):  # the words are the number itself
            facts = replace(facts, document_number=facts.text)
        return facts


class PieceForm(_FactsForm):
    """Correcting what is said of a piece."""

    text = area(_("Text"), most=20_000, rows=6, required=False)
    person = area(pgettext_lazy("example", "Person"), most=2000, rows=2, required=False)
    deed = area(pgettext_lazy("example", "Deed"), most=5000, rows=4, required=False)
    spirit = area(pgettext_lazy("example", "Spirit"), most=5000, rows=3, required=False)

    def __init__(self, *args: Any, piece: Piece, **kwargs: Any) -> None:
        names = ("title", "text", "person", "deed", "spirit", "issuing_body", "document_number", "dated_on",
                 "happened_on")  # fmt: skip
        kwargs.setdefault("initial", {name: getattr(piece, name) for name in names})
        super().__init__(*args, **kwargs)
        self.fields["title"].required = True
        if not piece.is_example:
            del self.fields["person"], self.fields["deed"], self.fields["spirit"]
        if piece.file_id is not None or piece.is_example:
            del self.fields["text"]
        self._kept = {name: getattr(piece, name) for name in ("text", "person", "deed", "spirit")}
        self.order_fields(["title", "text", "person", "deed", "spirit", "happened_on", "issuing_body"])

    def facts(self) -> Facts:
        return self._facts(**{name: self.cleaned_data.get(name, kept) for name, kept in self._kept.items()})


class UseForm(HouseForm):
    """A piece that is there already, looked up by its title or number."""

    piece = PickField(Piece.objects.none(), source="pieces", label=_("Piece"))

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["piece"].queryset = rows  # type: ignore[attr-defined]


class PassageForm(HouseForm):
    passage = area(
        _("Passage that proves it"), most=500, rows=3, required=False,
        help_text=_("Page and sentence, so that the reviewer need not look for it."),
    )  # fmt: skip


class ReviewForm(PaperForm):
    """Both reviews: the grade, the signature from paper, a reason for what is sent back."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    result = forms.CharField(label=_("Grade"), max_length=20, required=False)
    reason = area(_("Reason for returning it"), rows=3, most=1000, required=False)

    def __init__(self, *args: Any, asked: Asked | None, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("on_behalf", "at", "scan"):
            if name in self.fields:
                self.fields[name].required = False
        for name in ("result", "reason", "on_behalf", "scan"):  # which of them is needed depends on the button
            if name in self.fields:
                self.fields[name].one_of = True  # type: ignore[attr-defined]
        if not first:
            del self.fields["result"]
        elif asked is not None and asked.grades:
            choices = [(letter, letter) for letter in asked.grades]
            self.fields["result"] = forms.ChoiceField(
                label=_("Grade"), choices=choices, required=False, widget=forms.RadioSelect
            )
            self.fields["result"].one_of = True  # type: ignore[attr-defined]
        else:
            self.fields["result"].help_text = _("A number; a rate also as 86%.")
        self.order_fields(["revision", "result", "on_behalf", "at", "scan", "reason"])
