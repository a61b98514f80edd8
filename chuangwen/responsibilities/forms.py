"""What people type about duties and tasks, checked before a service sees it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.fields import DayInput, MomentInput, PickField, PicksField
from chuangwen.core.files.services import SCANS
from chuangwen.core.forms import HouseForm
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.queries import units_today
from chuangwen.responsibilities.models import Medium, Share, Task, Urgency
from chuangwen.responsibilities.services.instructions import LONGEST_ABOUT, Errand
from chuangwen.responsibilities.services.papers import PAPERS, Scan
from chuangwen.standards.models import Node

CUSTOMARY_WORKDAYS = 20
INSTRUCTION_WORKDAYS = 3  # proposed: no document says how soon a leader's instruction is answered


def end_of(day: Any) -> datetime:
    """When a day's work ends: the moment by which a task given by day is due."""
    return default_calendar().end_of_day(day)


class CellForm(HouseForm):
    """One cell as the grid sends it; `was` is what the person saw there."""

    node = forms.IntegerField(min_value=1)
    unit = forms.IntegerField(min_value=1)
    share = forms.ChoiceField(choices=[("", ""), *Share.choices], required=False)
    was = forms.ChoiceField(choices=[("", ""), *Share.choices], required=False)
    cut = forms.BooleanField(required=False)


class SplitForm(HouseForm):
    node = forms.IntegerField(min_value=1)
    split = forms.BooleanField(required=False)


class RuleForm(HouseForm):
    """When a unit counts as overloaded."""

    deviations = forms.FloatField(
        label=_("Standard deviations above the mean"), min_value=0, max_value=10,
        help_text=_("1.5 marks about one unit in fifteen."),
    )  # fmt: skip
    most = forms.IntegerField(
        label=_("At most so many criteria"), min_value=0, max_value=10_000, required=False,
        help_text=_("Empty or 0: no fixed limit."),
    )  # fmt: skip

    def clean_most(self) -> int:
        return int(self.cleaned_data["most"] or 0)


class CollectiveForm(HouseForm):
    """Whom a collective name means."""

    name = forms.CharField(max_length=80, widget=forms.HiddenInput)
    units = PicksField(Unit.objects.none(), source="units", label=_("Units"))

    def __init__(self, *args: Any, region: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units_today(region).filter(depth__gt=1)  # type: ignore[attr-defined]


class DueField(forms.DateField):
    """A day to come, on which the working day's end is the deadline."""

    widget = DayInput

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and end_of(day) <= clock.now():
            raise forms.ValidationError(_("This day is over. Choose a later one."))
        return day


def usual_due() -> Any:
    """Twenty working days from today: a month's work, moved by who issues."""
    return default_calendar().add_workdays(clock.today(), CUSTOMARY_WORKDAYS)


class IssueForm(HouseForm):
    """The breakdown as tasks: which criteria, by when, by what measure."""

    nodes = forms.TypedMultipleChoiceField(
        label=_("Criteria"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "cw-box", "data-select": ""}),
    )
    due = DueField(label=_("Deadline"), help_text=_("Due at the end of that working day."))
    measure = forms.CharField(
        label=_("Measure of success"), max_length=300, help_text=_("How anybody can see that it is done."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["nodes"].choices = choices  # type: ignore[attr-defined]


class DossiersForm(HouseForm):
    """Of which year the leads' dossiers are opened, and by when they are due."""

    year = forms.TypedChoiceField(label=_("Year"), coerce=int)
    due = DueField(label=_("Deadline"), help_text=_("Proposed: 20 working days before the assessment."))

    def __init__(self, *args: Any, years: range, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]


class ClaimForm(HouseForm):
    """The criterion that a unit takes."""

    node = forms.ModelChoiceField(Node.objects.none())

    def __init__(self, *args: Any, nodes: QuerySet[Node], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["node"].queryset = nodes  # type: ignore[attr-defined]


class TaskForm(HouseForm):
    """A task by hand."""

    title = forms.CharField(label=_("Task"), max_length=300, help_text=_("One sentence: what is to be done."))
    unit = PickField(Unit.objects.none(), source="units", label=_("Unit in the lead"))
    cooperating = PicksField(Unit.objects.none(), source="units", label=_("Cooperating units"), required=False)
    node = forms.ModelChoiceField(
        Node.objects.none(), label=_("Criterion"), required=False, empty_label=_("None chosen")
    )
    measure = forms.CharField(
        label=_("Measure of success"), max_length=300, help_text=_("How anybody can see that it is done.")
    )
    due = DueField(label=_("Deadline"), help_text=_("Due at the end of that working day."))
    frequency = forms.CharField(label=_("How often"), max_length=80, required=False, help_text=_("Such as: weekly."))
    detail = forms.CharField(label=_("Detail"), required=False, max_length=5000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, region: Any, nodes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_today(region).filter(depth__gt=1)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["cooperating"].queryset = units  # type: ignore[attr-defined]
        self.fields["node"].queryset = nodes  # type: ignore[attr-defined]


class VoiceForm(HouseForm):
    """Every answer of a unit; who is not of the unit says for whom, and when it was really given."""

    on_behalf = forms.CharField(
        label=_("Entered for"), max_length=120, help_text=_("Whose answer this is: unit and post.")
    )
    at = forms.DateTimeField(
        label=_("Really given at"), required=False, widget=MomentInput,
        help_text=_("Empty: now."),
    )  # fmt: skip
    paper = forms.FileField(
        label=_("Scan of the paper"), required=False, widget=forms.FileInput(attrs={"accept": ",".join(sorted(PAPERS))})
    )
    PROVEN = False  # whether the unit itself gives a file with it

    def __init__(self, *args: Any, speaks: bool, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.task = task
        last = ["on_behalf", "at", "paper"]
        if speaks:
            del self.fields["on_behalf"], self.fields["at"]
            self.fields["paper"].label = _("Paper or photo")
            if not self.PROVEN:
                del self.fields["paper"]
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def clean_paper(self) -> Scan | None:
        file = self.cleaned_data["paper"]
        return Scan(file.name, file.read()) if file else None

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        if at and at > clock.now():
            raise forms.ValidationError(_("This time lies in the future."))
        return at


def text(label: Any, *, rows: int = 3, most: int = 1000, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, max_length=most, help_text=help_text, widget=forms.Textarea({"rows": rows}))


class AcceptForm(VoiceForm):
    pass


class ObjectForm(VoiceForm):
    reason = text(_("Reason"), help_text=_("The office decides by it; say whose it is instead, if you know."))


class MeasuresForm(VoiceForm):
    measures = text(_("Measures"), rows=4, help_text=_("What you do, step by step."))
    people = text(_("People on it"), rows=2, help_text=_("The posts that do it, no names needed."))

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"measures": task.measures, "people": task.people})
        super().__init__(*args, task=task, **kwargs)


class ProgressForm(VoiceForm):
    percent = forms.IntegerField(label=_("Done so far, in per cent"), min_value=0, max_value=99)
    note = forms.CharField(label=_("In a few words"), max_length=300, required=False)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"percent": min(task.progress, 99)})
        super().__init__(*args, task=task, **kwargs)


class ReportForm(VoiceForm):
    PROVEN = True
    note = text(_("What was achieved"))


class ConfirmForm(HouseForm):
    note = forms.CharField(label=_("Remark"), max_length=300, required=False)


class ReasonForm(HouseForm):
    reason = text(_("Reason"), help_text=_("The unit reads it."))


class DecideForm(ReasonForm):
    unit = PickField(
        Unit.objects.none(), source="units", label=_("Give it to"), required=False,
        help_text=_("Empty: it stays with the unit."),
    )  # fmt: skip

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_today(task.region).filter(depth__gt=1).exclude(pk=task.unit_id)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class PostponeForm(ReasonForm):
    due = DueField(label=_("New deadline"))
    field_order = ["due", "reason"]


def soon_due() -> Any:
    """The day proposed for the reply to an instruction."""
    return default_calendar().add_workdays(clock.today(), INSTRUCTION_WORKDAYS)


class ErrandForm(HouseForm):
    """To whom an instruction goes, by when, and what is to be reported back."""

    leads = PicksField(
        Unit.objects.none(), source="units", label=_("Units in the lead"), help_text=_("Each gets a task of its own.")
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
        return Errand(list(data["leads"]), end_of(data["due"]), data["reply"], list(data["cooperating"]))


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
