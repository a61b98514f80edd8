"""Forms of documents and candidates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core.fields import DayInput, OwnFormField
from chuangwen.core.forms import HouseForm, HouseModelForm
from chuangwen.directives.addressees import Addressees, Party
from chuangwen.directives.models import Document, DocumentKind, Outcome
from chuangwen.directives.reading.document import MAX_CHARACTERS, MAX_FILE_BYTES
from chuangwen.directives.services import Wanted
from chuangwen.organizations.models import Unit

ACCEPT = ".txt,.docx,.doc,.wps,.rtf,.pdf,.html,.htm,.mht,.xlsx,.xls,.et,.ods,.jpg,.jpeg,.png,.heic"
PARTY_LIMIT = 60
_DAY = DayInput()


class UploadForm(HouseForm):
    """A file or pasted text; everything else is read from it unless given."""

    file = forms.FileField(label=_("File"), required=False)
    text = forms.CharField(
        label=_("Or paste the text"), required=False, strip=False, max_length=MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    title = forms.CharField(
        label=pgettext_lazy("directive", "Title"),
        required=False,
        max_length=200,
        help_text=_("Empty: the first line of the text."),
    )
    kind = forms.ChoiceField(
        label=pgettext_lazy("directive", "Kind"),
        required=False,
        choices=[("", _("As the text says")), *DocumentKind.choices],
    )
    day = forms.DateField(
        label=_("Date of the meeting or paper"), required=False, widget=_DAY,
        help_text=_("Deadlines such as “within three days” count from it. Empty: the date in the text."),
    )  # fmt: skip

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file and file.size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // 1024 // 1024
            raise forms.ValidationError(
                gettext("“%(name)s” is larger than %(limit)d MB. Make its pictures smaller or upload the text alone.")
                % {"name": file.name, "limit": limit}
            )
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if self.errors:
            return values
        if values.get("file") and values["text"].strip():
            raise forms.ValidationError(
                gettext("There is a file and pasted text. Take one of them away, so that it is clear which counts.")
            )
        if not values.get("file") and not values["text"].strip():
            raise forms.ValidationError(gettext("Choose a file or paste the text."))
        return values


class FactsForm(HouseModelForm[Document]):
    """Title, kind and date, as guessed or corrected."""

    class Meta:
        model = Document
        fields = ("title", "kind", "day")
        widgets = {"day": DayInput()}
        help_texts = {"day": _("Deadlines such as “within three days” count from it and move along.")}


class CandidateForm(HouseForm):
    """The panel in which a directive is corrected. Parties come as chips: u<id> a unit, n<name> a name."""

    action = forms.CharField(label=_("What is to be done"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    due_on = forms.DateField(label=_("Deadline"), required=False, widget=_DAY)
    frequency = forms.CharField(label=_("How often"), required=False, max_length=80)
    measure = forms.CharField(
        label=_("What is handed in, or by what it counts as done"), required=False, max_length=300
    )
    becomes = forms.ChoiceField(label=pgettext_lazy("directive", "Becomes"), required=False, choices=Outcome.choices)
    remember = forms.BooleanField(required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, known: Addressees, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known, self.units = known, units
        self.fields["action"].widget.attrs["rows"] = 2

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in ("lead", "cooperate"):
            values[name] = self._parties(name)
        return values

    def wanted(self) -> Wanted:
        """What the person wants, once the form is valid."""
        values = self.cleaned_data
        return Wanted(
            action=values["action"], lead=values["lead"], cooperate=values["cooperate"], due_on=values["due_on"],
            frequency=values["frequency"], measure=values["measure"], becomes=values["becomes"],
            remember=values["remember"],
        )  # fmt: skip

    def _parties(self, name: str) -> list[Party]:
        """The chips of one field, and what was typed beside them without choosing."""
        return parties_in(self, name, self.known, self.units)


class NamesForm(HouseForm):
    """Who is meant by names that fit no unit; those left empty stay as they are."""

    def __init__(self, *args: Any, names: list[str], known: Addressees, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names, self.known, self.units = names, known, units

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        fields = [f"name{number}" for number in range(len(self.names))]
        return values | {name: parties_in(self, name, self.known, self.units) for name in fields}

    def meant(self) -> dict[str, list[Unit]]:
        """The names that were answered, with their units."""
        answers = ((name, self.cleaned_data[f"name{number}"]) for number, name in enumerate(self.names))
        found = {name: [pk for party in parties for pk in party.units] for name, parties in answers if parties}
        units = self.units.in_bulk([pk for keys in found.values() for pk in keys])
        return {name: [units[pk] for pk in dict.fromkeys(keys)] for name, keys in found.items()}


def parties_in(form: forms.Form, name: str, known: Addressees, among: Any) -> list[Party]:
    """The chips of one field of a form, and what was typed beside them without choosing."""
    chosen = form.data.getlist(name)[:PARTY_LIMIT]  # type: ignore[attr-defined]
    ids = [int(value[1:]) for value in chosen if value[:1] == "u" and value[1:].isdecimal() and len(value) < 19]
    units: dict[int, Unit] = among.in_bulk(ids)
    parties = []
    for value in chosen:
        if value[:1] == "n":
            parties.append(known.resolve(value[1:]))
        elif value[1:].isdecimal() and int(value[1:]) in units:
            unit = units[int(value[1:])]
            parties.append(Party(unit.name, (unit.pk,)))
        else:
            form.add_error(None, gettext("A unit in the list is not known here. Take it out and choose it again."))
    typed = str(form.data.get(f"{name}_typed", "")).replace("，", "、").replace(",", "、")
    for party in known.resolve_all(typed.split("、")[:PARTY_LIMIT]):
        parties.append(party)
        if not party.units:
            form.add_error(
                None, gettext("“%s” is no unit here. Choose one from the list below the field.") % party.name
            )
    return parties


class OwnForm(HouseForm):
    """The authority's own Word file for the breakdown table; filled and sent back, not kept."""

    file = OwnFormField(label=_("Your own Word form (.docx)"))


class MarkForm(HouseForm):
    """A passage marked by hand."""

    quote = forms.CharField(
        label=_("Sentence"), max_length=1200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Select it in the text, or copy it here."),
    )  # fmt: skip
    start = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0)


class IssueForm(HouseForm):
    """What stands in where a directive names no deadline or measure."""

    due_on = forms.DateField(
        label=_("Deadline for those without one, or with one that is over"), required=False, widget=_DAY
    )
    measure = forms.CharField(
        label=_("For those without a measure: by what it counts as done"), required=False, max_length=300
    )

    rhythm = forms.ChoiceField(
        label=_("How often, for duties that do not say when"), required=False,
        choices=[
            ("", "—"), ("每个工作日", _("Each working day")), ("每周", _("Each week")), ("每半月", _("Twice a month")),
            ("每月", _("Each month")), ("每季度", _("Each quarter")), ("每半年", _("Twice a year")),
        ],
    )  # fmt: skip

    def ask(self, *, deadline: bool, measure: bool, rhythm: bool = False) -> None:
        """Require what the directives to be issued lack."""
        self.fields["due_on"].required = deadline
        self.fields["measure"].required = measure
        self.fields["rhythm"].required = rhythm
