"""What is typed on the screens of papers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.campaigns.models import Campaign, Round, RoundState
from chuangwen.core import clock
from chuangwen.core.fields import DayField, DayTimeField, PicksField, ReasonField
from chuangwen.core.files.sniffing import DOCX
from chuangwen.core.forms import HouseForm
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.reports.enums import BulletinState, PaperKind
from chuangwen.reports.models import Bulletin, PaperForm
from chuangwen.reports.periods import Period, month_of, month_to_tell, week_of, year_of
from chuangwen.reports.services import PaperSignature
from chuangwen.reports.words import MONTHLY, YEARLY

WORD_FILES = f".docx,{DOCX}"
LONGEST_BODY = 50_000


def usual_period(kind: str, last_end: date | None, today: date) -> Period:
    """What is most likely reported on: this year, month or week by kind; the one before where no paper of the series
    has told of it yet."""
    due = month_to_tell(today)
    if kind in MONTHLY and due is not None and (last_end is None or last_end < due.last):
        return due
    around = year_of if kind in YEARLY else month_of if kind in MONTHLY else week_of
    found = around(today)
    return found.before if last_end and last_end < found.before.last else found


class NewForm(HouseForm):
    """The period of a new paper; its kind stands in the address."""

    starts = DayField(label=pgettext_lazy("period", "From"))
    ends = DayField(label=pgettext_lazy("period", "Until"), help_text=gettext_lazy("The last day counts too."))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts"), data.get("ends")
        if first and last and last < first:
            self.add_error("ends", _("The end lies before the beginning."))
        return data

    def period(self) -> Period:
        """The chosen days."""
        return Period(self.cleaned_data["starts"], self.cleaned_data["ends"])


class RoundForm(HouseForm):
    """Of which finished round; those whose papers stand already are left out."""

    round = forms.ChoiceField(label=gettext_lazy("Round"))

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told = Bulletin.objects.exclude(state=BulletinState.WITHDRAWN).filter(snapshot__round__isnull=False)
        rows = Round.objects.filter(campaign=campaign, state=RoundState.CLOSED).select_related("region", "campaign")
        found = rows.exclude(pk__in=told.values("snapshot__round")).order_by("-ends", "-pk")
        self.rounds = {str(one.pk): one for one in found}
        self.fields["round"].choices = [(key, str(one)) for key, one in self.rounds.items()]  # type: ignore[attr-defined]

    def clean_round(self) -> Round:
        return self.rounds[self.cleaned_data["round"]]


class RevisionForm(HouseForm):
    """The revision that the person saw, and for a refreshing whether the text is drafted anew."""

    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    anew = forms.BooleanField(required=False)


class EditForm(HouseForm):
    """A draft's words and whom it goes to."""

    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    title = forms.CharField(label=pgettext_lazy("paper", "Title"), max_length=200)
    addressee = forms.CharField(label=gettext_lazy("Addressed to"), max_length=300, required=False)
    body = forms.CharField(
        label=pgettext_lazy("paper", "Text"), max_length=LONGEST_BODY, required=False,
        widget=forms.Textarea({"rows": 22, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "A line is a paragraph. Headings of three levels begin as in official papers; "
            "the table stands where a line holds its mark."
        ),
    )  # fmt: skip
    units = PicksField(
        Unit.objects.none(), source="units", label=gettext_lazy("Receiving units"), required=False,
        help_text=gettext_lazy("They sign for it once it is issued. Nobody chosen: it stays in the office."),
    )  # fmt: skip

    checked = forms.CharField(
        label=gettext_lazy("Checked by, where another name stands on the unit's paper"), max_length=4000,
        required=False, widget=forms.Textarea({"rows": 3, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "A unit a line, as in the table: unit, colon, name. Nothing: as in the unit's weekly report."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, bulletin: Bulletin, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {row["name"]: row["unit"] for row in bulletin.snapshot.sheet["rows"]}
        if bulletin.kind == PaperKind.WORK:
            names = {str(unit): name for name, unit in self.rows.items()}
            lines = [f"{names.get(unit, unit)}：{name}" for unit, name in bulletin.checked.items()]
            self.fields["checked"].initial = "\n".join(lines)
        else:
            del self.fields["checked"]
        self.fields["units"].queryset = units_today(bulletin.region).filter(depth__gt=1)  # type: ignore[attr-defined]

    def clean_checked(self) -> dict[int, str]:
        """The typed lines as unit's key -> name; a line that names no unit of the table is told."""
        found: dict[int, str] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["checked"].splitlines())):
            unit, _colon, name = line.replace(":", "：", 1).partition("：")
            if unit.strip() not in self.rows or not name.strip():
                raise forms.ValidationError(_("“%s” names no unit of the table and a person behind a colon.") % line)
            found[self.rows[unit.strip()]] = name.strip()
        return found


class PhotosForm(HouseForm):
    """What goes with the chosen photos: the revision that the person saw, and that she looked at them."""

    revision = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)
    looked = forms.BooleanField(required=False)
    more = forms.BooleanField(required=False)  # they go on choosing


class ReasonForm(HouseForm):
    """Why a paper is returned or withdrawn."""

    reason = ReasonField(gettext_lazy("Reason"))


class SignatureForm(HouseForm):
    """A signature on paper, entered by the office."""

    name = forms.CharField(label=gettext_lazy("Who signed"), max_length=60)
    at = DayTimeField(label=gettext_lazy("When it was signed"))
    scan = forms.FileField(
        label=gettext_lazy("Scan of the signed paper"),
        widget=forms.ClearableFileInput({"accept": "image/jpeg,image/png,application/pdf"}),
    )

    def signature(self) -> PaperSignature:
        """What was entered."""
        file = self.cleaned_data["scan"]
        return PaperSignature(self.cleaned_data["name"], self.cleaned_data["at"], file.read(), file.name)


class ReceiptForm(HouseForm):
    """When units signed on paper."""

    at = DayTimeField(
        label=gettext_lazy("True time"), required=False, help_text=gettext_lazy("When they signed; empty means now.")
    )

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor


class ArrangeForm(HouseForm):
    """How papers of a kind look."""

    issuer = forms.CharField(label=pgettext_lazy("paper", "Issuing body"), max_length=80)
    letters = forms.CharField(
        label=gettext_lazy("Document letters"), max_length=20, required=False,
        help_text=gettext_lazy("They stand before the year and the number."),
    )  # fmt: skip
    copy_to = forms.CharField(label=gettext_lazy("Copy to"), max_length=300, required=False)

    @classmethod
    def of(cls, form: PaperForm, data: Any = None) -> ArrangeForm:
        """Filled with what stands."""
        initial = {"issuer": form.issuer, "letters": form.letters, "copy_to": form.copy_to}
        made = cls(data, initial=initial)
        if form.kind != PaperKind.BULLETIN:
            del made.fields["letters"]
        return made


class TemplateForm(HouseForm):
    """A Word file as a template."""

    file = forms.FileField(
        label=gettext_lazy("Word file (.docx)"), widget=forms.ClearableFileInput({"accept": WORD_FILES})
    )


class FontForm(HouseForm):
    """A font that the site owns."""

    file = forms.FileField(
        label=gettext_lazy("Font file"), widget=forms.ClearableFileInput({"accept": ".ttf,.otf,.ttc"}),
        help_text=gettext_lazy("For example FangSong_GB2312, KaiTi_GB2312, FZXiaoBiaoSong. The site must own it."),
    )  # fmt: skip


def first_period(kind: str, last_end: date | None) -> dict[str, date]:
    """What the form for a new paper shows first."""
    found = usual_period(kind, last_end, clock.today())
    return {"starts": found.first, "ends": found.last}
