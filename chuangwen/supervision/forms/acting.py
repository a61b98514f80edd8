"""The small forms by which a notice is proposed, signed and answered, and by which the ladder is kept."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core import clock
from chuangwen.core.fields import PHOTO_KINDS, DayField, DayTimeField, FilesField, ReasonField, SourceField
from chuangwen.core.forms import HouseForm, Sourced
from chuangwen.core.models import Region
from chuangwen.evidence.models import Dossier
from chuangwen.rectification.forms import choose_units, units_field
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task
from chuangwen.supervision.enums import (
    Addressee,
    Colour,
    CopyTo,
    FlagColour,
    LadderStep,
    RuleCondition,
    Signer,
    StoryKind,
)
from chuangwen.supervision.forms.fields import WithinField
from chuangwen.supervision.models import NoticeRule, NoticeStep, SupervisionNotice, VetoKind
from chuangwen.supervision.queries.matters import dossiers_by_code
from chuangwen.supervision.queries.rows import Row, number_of

PAPER_KINDS = f"{PHOTO_KINDS},application/pdf,.docx,.doc"
MOST_MATTERS = 200
BETWEEN = re.compile(r"[、，,;；\s]+")  # what stands between numbers


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day as the browser's own picker gives it."""
    return DayField(label=label, **options)


class ActForm(HouseForm):
    """What every form about one notice knows. With `paper`, the office enters a step that was taken on paper."""

    def __init__(self, *args: Any, notice: SupervisionNotice, actor: Any, paper: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notice, self.actor, self.paper = notice, actor, paper
        if paper:
            self.fields["at"] = DayTimeField(
                label=_("True time"), required=False, help_text=_("When it happened on paper; empty means now.")
            )
            self.fields["scans"] = FilesField(label=_("Scan of the paper"), required=False, accept=PAPER_KINDS)


class PlainForm(ActForm):
    """No questions, beyond those of the paper path."""


class JudgeForm(ActForm):
    """In person nothing is asked; from paper who judged the answer, and the scan."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.paper:
            self.fields["judged_name"] = forms.CharField(
                label=_("Who judged it"), max_length=80,
                help_text=_("Post and name as they stand on it: deputy head of the leading group, …"),
            )  # fmt: skip
            self.fields["scans"].required = True
            self.order_fields(["judged_name", "reason", "at", "scans"])


class SignForm(ActForm):
    """In person nothing is asked; from paper who signed, and the scan."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.paper:
            self.fields["signed_name"] = forms.CharField(
                label=_("Who signed the sheet"), max_length=80,
                help_text=_("Post and name as they stand on it: deputy head of the leading group, …"),
            )  # fmt: skip
            self.fields["scans"].required = True
            self.order_fields(["signed_name", "at", "scans"])


class AnswerForm(ActForm):
    text = ReasonField(
        _("Answer"), help_text=_("What was done, what is left, and by when. Matter by matter, a sentence each."), rows=6
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "scans" not in self.fields:
            self.fields["scans"] = FilesField(label=_("Papers or photos"), required=False, accept=PAPER_KINDS)


class ReasonForm(ActForm):
    reason = ReasonField(_("Reason"))


class ReturnForm(JudgeForm):
    reason = ReasonField(_("What is missing in the answer"), help_text=_("The unit reads this."))


class TalkForm(ActForm):
    held_at = DayTimeField(label=_("Held at"))
    place = forms.CharField(label=pgettext_lazy("talk", "Place"), required=False, max_length=80)
    held_by = forms.CharField(
        label=_("Held by"), max_length=120, help_text=_("Posts: deputy head of the leading group, office director.")
    )
    held_with = forms.CharField(
        label=_("Held with"), max_length=120, help_text=_("Posts of the unit: head, deputy head in charge.")
    )
    subject = ReasonField(pgettext_lazy("talk", "About"))
    agreed = ReasonField(_("What was agreed"), help_text=_("What will be done, and by when."))
    scans = FilesField(label=_("Signed record"), required=False, accept=PAPER_KINDS)


class ReferralForm(ActForm):
    handed_to = forms.CharField(label=_("Handed over to"), max_length=80)
    handed_on = day_field(_("On the day"))
    paper_number = forms.CharField(label=_("Number of the letter"), required=False, max_length=60)


class ReferralBackForm(HouseForm):
    closed_on = day_field(_("The result came back on"))


class BulkReasonForm(HouseForm):
    reason = ReasonField(_("Reason"))

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ProposeForm(HouseForm):
    """A notice by hand: the unit, the colour, its open matters by number, the reason."""

    unit = units_field(_("Unit"))
    colour = forms.ChoiceField(
        label=_("Colour"), choices=Colour.choices, initial=Colour.RED,
        help_text=_("An urgent matter may start at red. Whoever proposes yellow or red does not sign it."),
    )  # fmt: skip
    matters = forms.CharField(
        label=_("Matters"), max_length=2000, widget=forms.Textarea({"rows": 2}),
        help_text=_("Numbers of the unit's open problems and tasks, criteria of its dossiers, with 、 between them."),
    )  # fmt: skip
    reason = ReasonField(_("Reason and what is asked"), help_text=_("It stands on the sheet."))

    def __init__(self, *args: Any, actor: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        choose_units(self, region, "unit")

    def clean_matters(self) -> list[Row]:
        numbers = list(
            dict.fromkeys(part.strip() for part in BETWEEN.split(self.cleaned_data["matters"]) if part.strip())
        )
        if len(numbers) > MOST_MATTERS:
            raise ValidationError(_("These are too many at once; %(n)d are enough.") % {"n": MOST_MATTERS})
        problems = Problem.objects.visible_to(self.actor).filter(number__in=numbers).select_related("lead", "region")
        tasks = Task.objects.visible_to(self.actor).filter(number__in=numbers).select_related("unit", "region")
        found: list[Row] = [*problems, *tasks]
        left = [number for number in numbers if number not in {number_of(one) for one in found}]
        unit = self.cleaned_data.get("unit")
        dossiers = dossiers_by_code(self.actor, unit, left) if unit and left else {}
        missing = [number for number in left if number not in dossiers]
        if missing:
            raise ValidationError(_("There is no problem, task or dossier %(number)s.") % {"number": missing[0][:40]})
        return [*found, *dossiers.values()]

    @property
    def split(self) -> dict[str, Any]:
        """The arguments of the service."""
        matters = self.cleaned_data["matters"]
        return {
            "colour": self.cleaned_data["colour"], "reason": self.cleaned_data["reason"],
            "problems": [one for one in matters if isinstance(one, Problem)],
            "tasks": [one for one in matters if isinstance(one, Task)],
            "dossiers": [one for one in matters if isinstance(one, Dossier)],
        }  # fmt: skip


class StepForm(Sourced, HouseForm):
    """To whom a step goes, who signs it, within how long it is answered."""

    addressee = forms.ChoiceField(label=_("To"), choices=Addressee.choices)
    copy_to = forms.ChoiceField(label=_("Copy to"), choices=CopyTo.choices, required=False)
    signer = forms.ChoiceField(label=pgettext_lazy("supervision", "Signed by"), choices=Signer.choices, required=False)
    answer_within = WithinField(label=_("Answer within"), help_text=_("Such as 2 working days or 4 working hours."))
    talk_within = WithinField(label=_("Talk within"), help_text=_("Empty: no talk belongs to this step."))
    source = SourceField()

    def __init__(self, *args: Any, step: NoticeStep, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(step, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        if step.step == LadderStep.REMINDER:
            for name in ("signer", "answer_within", "talk_within"):
                del self.fields[name]


class RuleForm(Sourced, HouseForm):
    """A condition of the ladder. It is kept switched off and tried first."""

    step = forms.ChoiceField(label=_("Step"), choices=LadderStep.choices)
    condition = forms.ChoiceField(label=pgettext_lazy("rule", "When"), choices=RuleCondition.choices)
    number = forms.IntegerField(
        label=_("Value"), min_value=0, max_value=90, initial=1,
        help_text=_("Working days, days or times, as the condition counts; a confirmed falsification needs none."),
    )  # fmt: skip
    source = SourceField()

    def __init__(self, *args: Any, rule: NoticeRule | None, **kwargs: Any) -> None:
        initial = {name: getattr(rule, name) for name in self.base_fields} if rule else {}
        kwargs["initial"] = initial | kwargs.pop("initial", {})
        super().__init__(*args, **kwargs)
        if rule is not None:  # what changes is the number; another condition is another rule
            for name in ("step", "condition"):
                self.fields[name].disabled = True


class TrialForm(HouseForm):
    """Over how many past days a rule is tried, and of which month, unit and colour its matters are shown."""

    DAYS = ((14, _("14 days")), (31, _("31 days")), (92, _("3 months")), (183, _("6 months")))
    days = forms.TypedChoiceField(label=_("Past days"), choices=DAYS, coerce=int, required=False)
    month = forms.DateField(label=_("Month"), input_formats=["%Y-%m"], required=False)
    unit = forms.IntegerField(label=_("Unit"), min_value=1, required=False)
    step = forms.ChoiceField(label=_("Colour"), choices=[("", ""), *LadderStep.choices], required=False)
    page = forms.IntegerField(min_value=1, max_value=100_000, required=False)


class EventForm(HouseForm):
    """A veto event as it is entered."""

    unit = units_field(_("Unit"))
    kind = forms.ModelChoiceField(VetoKind.objects.none(), label=_("Kind"), empty_label=_("Choose a kind"))
    day = day_field(_("Day of the event"))
    title = forms.CharField(
        label=pgettext_lazy("veto", "What happened"), max_length=200, help_text=_("A sentence; no names of persons.")
    )
    source = forms.CharField(label=_("Source"), max_length=120, help_text=_("Which paper says so, with its number."))
    problem = forms.CharField(
        label=_("Number of the problem"), max_length=24, required=False,
        help_text=_("For a falsification: the problem that was reported as put right."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        choose_units(self, region, "unit")
        self.fields["kind"].queryset = VetoKind.objects.filter(region=region, is_on=True)  # type: ignore[attr-defined]
        self.fields["day"].initial = clock.today()

    def clean_problem(self) -> Problem | None:
        return the_problem(self.cleaned_data["problem"], self.actor)


class EventActForm(HouseForm):
    """Confirming asks nothing."""


class EventReasonForm(EventActForm):
    reason = ReasonField(_("Reason"))


class KindForm(Sourced, HouseForm):
    """A kind of veto event."""

    name = forms.CharField(label=_("Name of the kind"), max_length=80)
    months = forms.IntegerField(label=_("Bars for months"), min_value=1, max_value=120, initial=12)
    falsification = forms.BooleanField(
        label=_("Falsified rectification: the ladder answers it with red"), required=False
    )
    source = SourceField()
    is_on = forms.BooleanField(label=_("In use"), required=False, initial=True)


class NumberForm(Sourced, HouseForm):
    """A number or a weight of the rules of flags and lists."""

    value = forms.IntegerField(label=_("Value"), min_value=0, max_value=1000)
    source = SourceField()


class FlagReasonForm(HouseForm):
    reason = ReasonField(_("Reason"))


class FlagActForm(HouseForm):
    """Giving asks nothing."""


class FlagBackForm(HouseForm):
    note = ReasonField(pgettext_lazy("flag", "Note"), required=False, rows=2)


class FlagProposeForm(HouseForm):
    """Of which month or quarter flags are proposed."""

    colour = forms.ChoiceField(label=_("Flag"), choices=FlagColour.choices)
    month = forms.ChoiceField(
        label=_("Month"), help_text=_("Black flags are of a month; red ones of the quarter in which it lies.")
    )

    def __init__(self, *args: Any, months: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months  # type: ignore[attr-defined]


class WeekForm(HouseForm):
    """Of which week a list is made."""

    week = forms.ChoiceField(label=_("Week"), help_text=_("A draft of the same week is made anew."))

    def __init__(self, *args: Any, weeks: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["week"].choices = weeks  # type: ignore[attr-defined]


class StoryForm(HouseForm):
    """An exposure or a praise as it is recommended."""

    kind = forms.ChoiceField(label=pgettext_lazy("story", "Kind"), choices=StoryKind.choices)
    unit = units_field(_("Unit"))
    problem = forms.CharField(label=_("Number of the problem"), max_length=24, required=False)
    title = forms.CharField(
        label=pgettext_lazy("story", "Title"), max_length=120, help_text=_("Places and problems; no names of persons.")
    )
    text = ReasonField(pgettext_lazy("story", "Text"), rows=6)
    spot = forms.CharField(label=_("Where exactly"), max_length=160, required=False)
    outlet = forms.CharField(
        label=_("Outlet and column"), max_length=80, help_text=_("For example: city TV, weekly focus.")
    )
    issue = forms.CharField(label=pgettext_lazy("story", "Issue"), max_length=40, required=False)

    def __init__(self, *args: Any, actor: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        choose_units(self, region, "unit")

    def clean_problem(self) -> Problem | None:
        return the_problem(self.cleaned_data["problem"], self.actor)


class StoryReplyForm(HouseForm):
    text = ReasonField(_("Reply"), help_text=_("It is shown with the story."), rows=4)


class StoryOutcomeForm(HouseForm):
    outcome = ReasonField(_("What became of it"), help_text=_("It is shown with the story."))


def the_problem(number: str, actor: Any) -> Problem | None:
    """The problem of that number which the person may see; None where none is named."""
    if not number.strip():
        return None
    found: Problem | None = Problem.objects.visible_to(actor).filter(number=number.strip()).first()
    if found is None:
        raise ValidationError(_("There is no problem %(number)s.") % {"number": number.strip()})
    return found
