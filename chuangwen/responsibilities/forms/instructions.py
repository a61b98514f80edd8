"""What people type about leaders' instructions, checked before a service sees it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.fields import DayInput, PickField, PicksField
from chuangwen.core.files.services import SCANS
from chuangwen.core.forms import HouseForm
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.queries import units_today
from chuangwen.responsibilities.forms.days import DueField, end_of, soon_due
from chuangwen.responsibilities.forms.tasks import AsksAgain, text
from chuangwen.responsibilities.models import Medium, Urgency
from chuangwen.responsibilities.services.instructions import LONGEST_ABOUT, Errand
from chuangwen.responsibilities.services.papers import Scan


class ErrandForm(AsksAgain, HouseForm):
    """To whom an instruction goes, by when, and what is to be reported back."""

    leads = PicksField(
        Unit.objects.none(),
        source="units",
        beside="responsibilities:asked_of",
        label=_("Units in the lead"),
        help_text=_("Each gets a task of its own."),
    )
    cooperating = PicksField(Unit.objects.none(), source="units", label=_("Cooperating units"), required=False)
    due = DueField(
        label=_("Reply by"),
        help_text=_("Due at the end of that working day. Proposed: three working days; the leader's own day wins."),
    )
    reply = forms.CharField(
        label=_("What is to be reported back"),
        max_length=300,
        help_text=_("The unit reads it as its measure of success."),
    )
    ERRAND = ("leads", "cooperating", "due", "reply")

    def __init__(self, *args: Any, region: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"due": soon_due(), "reply": _("What was done, and with what result")} | kwargs.get(
            "initial", {}
        )
        super().__init__(*args, **kwargs)
        units = units_today(region).filter(depth__gt=1)
        self.fields["leads"].queryset = units  # type: ignore[attr-defined]
        self.fields["cooperating"].queryset = units  # type: ignore[attr-defined]

    def errand(self) -> Errand | None:
        """The cleaned fields as the services take them; None where no unit is named."""
        data = self.cleaned_data
        if not data["leads"]:
            return None
        return Errand(
            list(data["leads"]), end_of(data["due"]), data["reply"], list(data["cooperating"]), again=self.said()
        )


class OwnInstructionForm(ErrandForm):
    """A leader writes: the words, and to whom they go, where that is known."""

    post = forms.ModelChoiceField(Post.objects.none(), label=_("Written as"), empty_label=None)
    content = text(_("Instruction"), rows=5, most=5000)
    about = forms.CharField(
        label=_("What it is about"), max_length=LONGEST_ABOUT, help_text=_("It becomes the title of the task.")
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, initial=Urgency.URGENT)
    field_order = ("post", "content", "about", "urgency", *ErrandForm.ERRAND)

    def __init__(self, *args: Any, posts: QuerySet[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]
        self.fields["post"].initial = posts.first()
        self.fields["leads"].help_text = _("Each gets a task of its own. Empty: the campaign office finds who does it.")
        for name in self.ERRAND:
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("leads"):
            for name, words in (("due", _("Say by when.")), ("reply", _("Say what is to be reported back."))):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return data

    def words(self) -> dict[str, Any]:
        """The instruction itself as write_instruction takes it."""
        return {name: self.cleaned_data[name] for name in ("post", "content", "about", "urgency")}


class PaperInstructionForm(ErrandForm):
    """The office takes down what a leader wrote on a sheet or said."""

    post = PickField(Post.objects.none(), source="leaders", label=pgettext_lazy("instruction", "Leader"))
    medium = forms.ChoiceField(
        label=_("How it was given"), choices=[(one, one.label) for one in (Medium.PAPER, Medium.SPOKEN)]
    )
    scan = forms.FileField(
        label=_("Scan of the sheet"), required=False, help_text=_("A photo or a PDF. By word of mouth there is none."),
        widget=forms.FileInput(attrs={"accept": ",".join(sorted(SCANS))}),
    )  # fmt: skip
    written_on = forms.DateField(label=pgettext_lazy("instruction", "Given on"), widget=DayInput())
    content = text(_("Instruction"), rows=5, most=5000, help_text=_("Word for word, as it was given."))
    about = forms.CharField(
        label=_("What it is about"), max_length=LONGEST_ABOUT, help_text=_("It becomes the title of the task.")
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, initial=Urgency.URGENT)
    field_order = ("post", "medium", "scan", "written_on", "content", "about", "urgency", *ErrandForm.ERRAND)

    def __init__(self, *args: Any, region: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"written_on": clock.today()} | kwargs.get("initial", {})
        super().__init__(*args, region=region, **kwargs)
        self.fields["post"].queryset = Post.objects.filter(region=region).select_related("unit")  # type: ignore[attr-defined]
        self.fields["scan"].one_of = True  # type: ignore[attr-defined]  # needed on paper, so not "may stay empty"

    def clean_written_on(self) -> Any:
        day = self.cleaned_data["written_on"]
        if day > clock.today():
            raise forms.ValidationError(_("The day lies in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("medium") == Medium.PAPER and not data.get("scan") and "scan" not in self.errors:
            self.add_error("scan", _("Add a photo or a PDF of the sheet."))
        return data

    def words(self) -> dict[str, Any]:
        """The instruction itself as write_instruction takes it."""
        names = ("post", "medium", "written_on", "content", "about", "urgency")
        file = self.cleaned_data["scan"]
        scan = Scan(file.name, file.read()) if file else None
        return {name: self.cleaned_data[name] for name in names} | {"scan": scan}
