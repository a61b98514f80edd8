"""What is typed on the screens of papers."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.fields import DayField, DayTimeField, PicksField, ReasonField
from chuangwen.core.forms import HouseForm
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.models import Bulletin, PaperForm
from chuangwen.reports.periods import Period, month_of, week_of
from chuangwen.reports.services import PaperSignature
from chuangwen.reports.words import MONTHLY

WORD_FILES = ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LONGEST_BODY = 50_000


def usual_period(kind: str, last_end: date | None, today: date) -> Period:
    """What is most likely reported on: this month for a bulletin, this week for the others; the one before where no
    paper of the series has told of it yet."""
    around = month_of if kind in MONTHLY else week_of
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

    def __init__(self, *args: Any, bulletin: Bulletin, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units_today(bulletin.region).filter(depth__gt=1)  # type: ignore[attr-defined]


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
