"""What people type about tasks, checked before a service sees it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.fields import MomentInput, PickField, PicksField, SourceField
from chuangwen.core.forms import HouseForm, Sourced
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today
from chuangwen.responsibilities.forms.days import DueField
from chuangwen.responsibilities.models import Book, Task
from chuangwen.responsibilities.queries.proposed import pieces_held, proposed_fixings
from chuangwen.responsibilities.queries.repeats import OpenRequest, open_like
from chuangwen.responsibilities.queries.tasks import lacks_fixings
from chuangwen.responsibilities.services.assigning import MOST_SHIFT
from chuangwen.responsibilities.services.papers import PAPERS, Scan
from chuangwen.responsibilities.services.repeating import Again, Repeated
from chuangwen.standards.models import Node


class TaskForm(HouseForm):
    """A task by hand."""

    title = forms.CharField(label=_("Task"), max_length=300, help_text=_("One sentence: what is to be done."))
    unit = PickField(Unit.objects.none(), source="units", label=_("Unit in the lead"))
    cooperating = PicksField(Unit.objects.none(), source="units", label=_("Cooperating units"), required=False)
    node = forms.ModelChoiceField(
        Node.objects.none(), label=_("Criterion"), required=False, empty_label=_("None chosen")
    )
    book = forms.ChoiceField(label=_("Ledger"), choices=Book.choices, initial=Book.CAMPAIGN)
    measure = forms.CharField(
        label=_("Measure of success"), max_length=300, help_text=_("How anybody can see that it is done.")
    )
    due = DueField(label=_("Deadline"), help_text=_("Due at the end of that working day."))
    frequency = forms.CharField(label=_("How often"), max_length=80, required=False, help_text=_("Such as: weekly."))
    detail = forms.CharField(label=_("Detail"), required=False, max_length=5000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, *args: Any, region: Any, nodes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_today(region).filter(depth__gt=1)
        self.fields["book"].required = False  # nothing said: the campaign's
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        self.fields["cooperating"].queryset = units  # type: ignore[attr-defined]
        self.fields["node"].queryset = nodes  # type: ignore[attr-defined]

    def clean_book(self) -> str:
        return self.cleaned_data["book"] or Book.CAMPAIGN


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


class FixingsForm(VoiceForm):
    """Measures and people beside a step of the unit: proposed from what is known, left out once they are entered.

    Who enters an answer for a unit says what it said: nothing is proposed there.
    """

    measures = text(_("Measures"), rows=3)
    people = text(_("People on it"), rows=1)

    def __init__(self, *args: Any, task: Task, speaks: bool, **kwargs: Any) -> None:
        if speaks and lacks_fixings(task):
            known = proposed_fixings(task)
            kwargs.setdefault("initial", {"measures": known.measures, "people": known.people})
        super().__init__(*args, task=task, speaks=speaks, **kwargs)
        if not lacks_fixings(task):
            del self.fields["measures"], self.fields["people"]
        elif speaks:
            self.fields["measures"].help_text = known.measures_from or _("What you do, step by step.")
            self.fields["people"].help_text = known.people_from or _("The posts that do it, no names needed.")


class AcceptForm(FixingsForm):
    """Taken on; measures and people can still be added within three working days."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("measures", "people"):
            if name in self.fields:
                self.fields[name].required = False


class ObjectForm(VoiceForm):
    reason = text(_("Reason"), help_text=_("The office decides by it; say whose it is instead, if you know."))


class MeasuresForm(VoiceForm):
    measures = text(_("Measures"), rows=4, help_text=_("What you do, step by step."))
    people = text(_("People on it"), rows=2, help_text=_("The posts that do it, no names needed."))

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        known = proposed_fixings(task) if kwargs["speaks"] else task
        kwargs.setdefault("initial", {"measures": known.measures, "people": known.people})
        super().__init__(*args, task=task, **kwargs)


class ProgressForm(VoiceForm):
    note = forms.CharField(label=_("How it is getting on"), max_length=300)


class ReportForm(FixingsForm):
    """Done: nothing has to be typed where nothing is missing; a photo or paper can come with it."""

    PROVEN = True
    note = text(_("What was achieved"), rows=1)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        super().__init__(*args, task=task, **kwargs)
        self.fields["note"].required = bool(task.instruction_id)  # the leader who instructed is owed words
        if held := pieces_held(task):
            words = ngettext(
                "The ledger holds %d piece for it already.", "The ledger holds %d pieces for it already.", held
            )
            self.fields["paper"].help_text = words % held


class AsksAgain:
    """For a form by which units are asked: once one of them has a like request open, the same form asks why."""

    SEVERAL = True  # whether the units that have it already can be left out
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "again" in (self.data or {}):  # type: ignore[attr-defined]
            self.ask_again()

    def ask_again(self) -> None:
        """Add the field of the reason, and the box that leaves units out."""
        words = _("Kept and counted; the leaders see it.")
        self.fields["again"] = text(_("Why it is asked again"), rows=2, most=300, help_text=words)
        self.fields["again"].required = False
        if self.SEVERAL:
            self.fields["leave_out"] = forms.BooleanField(
                label=_("Leave out the units where it is open already"), required=False
            )

    def refuse(self, refusal: Refusal) -> None:
        """Where it is refused because it is open already, the reason is asked for."""
        if isinstance(refusal, Repeated):
            self.ask_again()
        super().refuse(refusal)  # type: ignore[misc]

    def said(self) -> Again:
        """The answer, taken out of what was typed."""
        return Again(self.cleaned_data.pop("again", ""), self.cleaned_data.pop("leave_out", False))

    def answer(self, found: Mapping[int, OpenRequest]) -> None:
        """Keep the answer to all that was found open in `cleaned_data`; where nothing was said, ask for it."""
        said = self.said()
        try:
            said.left_out(found)
        except Repeated as refusal:
            self.refuse(refusal)
        else:
            self.cleaned_data["again"] = said


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


class AssignForm(AsksAgain, ReasonForm):
    """Which unit leads from now on, or which of its posts answers for the task; for one task or many."""

    unit = PickField(
        Unit.objects.none(), source="units", label=_("Give it to"), required=False,
        help_text=_("Empty: it stays with the unit."),
    )  # fmt: skip
    post_kind = forms.ChoiceField(
        label=_("Post that answers for it"), required=False, choices=[("", _("The acting responsible, as usual")), *(
            (kind.value, kind.label) for kind in (PostKind.FIRST, PostKind.ACTING, PostKind.LIAISON, PostKind.CHARGE)
        )],
    )  # fmt: skip
    field_order = ("unit", "post_kind", "reason")

    def __init__(self, *args: Any, task: Task | None = None, actor: Any = None, **kwargs: Any) -> None:
        self.SEVERAL = task is None
        super().__init__(*args, **kwargs)
        region = task.region if task else actor.region
        units = units_today(region).filter(depth__gt=1) if region else Unit.objects.none()
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("unit") and not cleaned.get("post_kind"):
            self.add_error("unit", _("Choose another unit, or a post."))
        return cleaned


class ShiftForm(ReasonForm):
    """By how many working days deadlines move; earlier with a minus."""

    days = forms.IntegerField(
        label=_("Working days"), min_value=-MOST_SHIFT, max_value=MOST_SHIFT,
        help_text=_("5: a week later. −5: a week earlier. The hour stays."),
    )  # fmt: skip
    field_order = ("days", "reason")

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)

    def clean_days(self) -> int:
        days = int(self.cleaned_data["days"])
        if not days:
            raise forms.ValidationError(_("Nothing would move."))
        return days


class AgainForm(HouseForm):
    """Why a unit is asked again for what it has been asked already."""

    again = text(_("Why it is asked again"), rows=2, most=300, help_text=_("Kept and counted; the leaders see it."))

    def __init__(self, *args: Any, task: Task | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["again"].required = False
        if task is not None and not open_like(task.unit, task.title, task.node, but=task):
            del self.fields["again"]

    def said(self) -> Again:
        """The answer to all that is open already: the reason, or the button that leaves it out."""
        return Again(self.cleaned_data["again"], "leave_out" in self.data)


class ManyAgainForm(AsksAgain, HouseForm):
    """Asks nothing but the reason, once some of many tasks are open at their units already."""

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class RepeatRuleForm(Sourced, HouseForm):
    """From how many like words on a request counts as the same."""

    percent = forms.IntegerField(label=_("Like words, in per cent"), min_value=30, max_value=100)
    source = SourceField()
