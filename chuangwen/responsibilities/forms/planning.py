"""What people type about a task's plan, its roles, whom it waits for, and requests for more time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.fields import DayInput, PicksField, SourceField
from chuangwen.core.forms import HouseForm, Sourced
from chuangwen.organizations.models import Post
from chuangwen.responsibilities.forms.days import DueField, usual_due
from chuangwen.responsibilities.forms.tasks import ReasonForm, VoiceForm, text
from chuangwen.responsibilities.milestones import MOST_STEPS, Planned
from chuangwen.responsibilities.models import Book, Task
from chuangwen.responsibilities.queries.milestones import Warn
from chuangwen.responsibilities.services import open_request, supervisors

SPARE_ROWS = 2
LINE = re.compile(r"\s*(.+?)\s*[,，:：]?\s*(\d{1,3})\s*[%％]?\s*")


class PlanForm(VoiceForm):
    """The steps of a task as rows of name, day and share; a row without a name is left out."""

    field_order = ("on_behalf", "at", "paper")

    def __init__(self, *args: Any, task: Task, proposed: Sequence[Planned], **kwargs: Any) -> None:
        self.count = min(len(proposed) + SPARE_ROWS, MOST_STEPS)
        kwargs["initial"] = {
            f"{name}_{number}": getattr(one, name)
            for number, one in enumerate(proposed)
            for name in ("name", "due_on", "share")
        }
        super().__init__(*args, task=task, **kwargs)
        for number in range(self.count):
            label = gettext("Step %d") % (number + 1)
            self.fields[f"name_{number}"] = forms.CharField(label=label, max_length=80, required=False)
            self.fields[f"due_on_{number}"] = forms.DateField(label=gettext("Day"), required=False, widget=DayInput)
            self.fields[f"share_{number}"] = forms.IntegerField(
                label=gettext("Share in per cent"), min_value=1, max_value=100, required=False
            )

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The bound fields, a row each."""
        return [(self[f"name_{n}"], self[f"due_on_{n}"], self[f"share_{n}"]) for n in range(self.count)]

    @property
    def voice(self) -> list[Any]:
        """The fields by which an answer is entered for the unit."""
        return [self[name] for name in ("on_behalf", "at", "paper") if name in self.fields]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number in range(self.count):
            given = [data.get(f"{name}_{number}") for name in ("name", "due_on", "share")]
            if given[0] and not all(given):
                self.add_error(f"name_{number}", gettext("Give this step a day and a share."))
        return data

    def call(self) -> dict[str, Any]:
        """The cleaned form as `write_plan` takes it, and the paper that came with it."""
        data = self.cleaned_data
        steps = [
            Planned(data[f"name_{n}"], data[f"share_{n}"], data[f"due_on_{n}"])
            for n in range(self.count)
            if data[f"name_{n}"]
        ]
        voice: dict[str, Any] = {name: data[name] for name in ("on_behalf", "at", "paper") if name in data}
        return {"steps": sorted(steps, key=lambda one: one.due_on), **voice}


class StepDoneForm(VoiceForm):
    """A step of the plan is done: by a file, or by what the ledger holds."""

    PROVEN = True
    proof = forms.CharField(label=_("In a few words"), max_length=300, required=False)
    in_ledger = forms.BooleanField(label=_("The proof is in the ledger already"), required=False)

    def __init__(self, *args: Any, task: Task, ledger: bool, **kwargs: Any) -> None:
        super().__init__(*args, task=task, **kwargs)
        if not ledger:
            del self.fields["in_ledger"]


class WarnRuleForm(Sourced, HouseForm):
    """When a plan gives cause to warn."""

    plan_after = forms.IntegerField(
        label=_("A task wants a plan from so many working days before its deadline"), min_value=1, max_value=120
    )
    least_gap = forms.IntegerField(label=_("Working days between two remaining steps"), min_value=1, max_value=20)
    source = SourceField()

    @property
    def rule(self) -> Warn:
        return Warn(**self.cleaned_data)


class AskForm(VoiceForm):
    """The unit asks for a later deadline."""

    due = DueField(label=_("New deadline"))
    reason = text(_("Reason"), help_text=_("The office decides by it."))


class GrantForm(HouseForm):
    """The office gives the day asked for, or another later one."""

    due = DueField(label=_("New deadline"))
    reason = forms.CharField(label=_("Answer"), max_length=300, required=False)

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        asked = open_request(task)
        if asked:
            kwargs["initial"] = {"due": clock.local(asked.wanted).date()}
        super().__init__(*args, **kwargs)


class DenyForm(ReasonForm):
    pass


class RolesForm(HouseForm):
    """Who does it, and who supervises."""

    implementer = forms.ModelChoiceField(
        Post.objects.none(), label=_("Done by"), required=False, empty_label=_("The responsible person"),
        help_text=_("A post of the unit."),
    )  # fmt: skip
    supervisor = forms.ModelChoiceField(
        Post.objects.none(), label=_("Supervised by"), required=False, empty_label=_("Nobody named"),
        help_text=_("Never of the unit that does it."),
    )  # fmt: skip

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        kwargs["initial"] = {"implementer": task.implementer_id, "supervisor": task.supervisor_id}
        super().__init__(*args, **kwargs)
        self.fields["implementer"].queryset = Post.objects.filter(unit=task.unit_id)  # type: ignore[attr-defined]
        self.fields["supervisor"].queryset = supervisors(task)  # type: ignore[attr-defined]


class WaitsForm(HouseForm):
    """For which other tasks this one waits."""

    others = PicksField(
        Task.objects.none(), source="tasks", label=_("Waits for these tasks"), required=False,
        help_text=_("Empty: it waits for none."),
    )  # fmt: skip

    def __init__(self, *args: Any, task: Task, **kwargs: Any) -> None:
        kwargs["initial"] = {"others": task.waits_for.all()}
        super().__init__(*args, **kwargs)
        rows = Task.objects.filter(campaign=task.campaign_id).exclude(pk=task.pk)
        self.fields["others"].queryset = rows  # type: ignore[attr-defined]


class OwnTaskForm(HouseForm):
    """What a unit puts on its own list."""

    title = forms.CharField(label=_("Task"), max_length=300, help_text=_("One sentence: what is to be done."))
    measure = forms.CharField(label=_("Measure of success"), max_length=300)
    due = DueField(label=_("Deadline"), initial=usual_due)
    measures = text(_("Measures"), rows=3, help_text=_("What you do, step by step."))
    people = text(_("People on it"), rows=2, help_text=_("The posts that do it, no names needed."))
    book = forms.ChoiceField(label=_("Ledger"), choices=Book.choices, widget=forms.RadioSelect, initial=Book.CAMPAIGN)


class PlanRuleForm(HouseForm):
    """Which steps the program proposes for a task's plan."""

    steps = forms.CharField(
        label=_("Steps"), max_length=1200, widget=forms.Textarea({"rows": 6}),
        help_text=_("One line a step: its name, and how much of the task is done by then, rising to 100."),
    )  # fmt: skip

    def clean_steps(self) -> list[tuple[str, int]]:
        found = []
        for line in self.cleaned_data["steps"].splitlines():
            if not line.strip():
                continue
            match = LINE.fullmatch(line)
            if not match:
                raise forms.ValidationError(gettext("“%s” has no figure at its end.") % line.strip()[:40])
            found.append((match[1], int(match[2])))
        return found
