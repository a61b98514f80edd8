"""What people type about letters from above, checked before a service sees it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from chuangwen.core import clock
from chuangwen.core.fields import DayField, DayTimeField, FilesField, PickField, PicksField, ReasonField
from chuangwen.core.forms import HouseForm
from chuangwen.core.workdays import default_calendar
from chuangwen.directives.enums import SlipKind
from chuangwen.directives.forms.meetings import PAPER_KINDS
from chuangwen.directives.forms.written import REPORT_KINDS
from chuangwen.directives.models import Letter, LetterSlip
from chuangwen.directives.services.letter_answers import AnswerSignature, Sent
from chuangwen.directives.services.letters import Received
from chuangwen.directives.services.slips import LONGEST_NOTE, Routing, SlipAnswer, slip_fault
from chuangwen.directives.slips import (
    CHOICE,
    DAY,
    LARGEST_NUMBER,
    LONGEST_LABEL,
    LONGEST_TEXT,
    MOST_FIELDS,
    NUMBER,
    SlipError,
    SlipField,
    choices_of,
    fields_of,
    sound_fields,
    usual_fields,
)
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.queries import units_today
from chuangwen.responsibilities.forms import AsksAgain
from chuangwen.responsibilities.forms.days import DueField, end_of, soon_due
from chuangwen.responsibilities.models import Medium, Urgency
from chuangwen.responsibilities.services.papers import Scan

BEFORE_ANSWER = 2  # working days between the units' replies and the office's answer (proposed)


class LetterForm(HouseForm):
    """A letter for the register, or the correction of one."""

    sender = forms.CharField(label=pgettext_lazy("letter", "Sender"), max_length=80)
    paper_number = forms.CharField(
        label=pgettext_lazy("letter", "Number of the paper"), max_length=60,
        help_text=_("As it stands on it, with year and number; write “none” where it has none."),
    )  # fmt: skip
    title = forms.CharField(label=pgettext_lazy("letter", "Title"), max_length=200)
    paper = FilesField(
        label=pgettext_lazy("letter", "The paper"), required=False, accept=PAPER_KINDS,
        help_text=_("A scan, a photo, a PDF or a Word file. Papers with a secrecy grade are not taken."),
    )  # fmt: skip
    received_on = DayField(label=pgettext_lazy("letter", "Received on"))
    dated = DayField(label=pgettext_lazy("letter", "Date of the paper"), required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency.choices, initial=Urgency.ORDINARY)
    due_on = DayField(label=pgettext_lazy("letter", "Answer wanted by"), required=False)
    only_notice = forms.BooleanField(label=_("Only for notice: nobody has to answer it"), required=False)

    def __init__(
        self, *args: Any, letter: Letter | None = None, senders: list[str] | None = None, **kwargs: Any
    ) -> None:
        names = ("sender", "paper_number", "title", "received_on", "dated", "urgency", "due_on")
        kept = {name: getattr(letter, name) for name in names} if letter else {"received_on": clock.today()}
        kwargs["initial"] = kept | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        if letter is not None:
            del self.fields["only_notice"]
            self.fields["paper"].label = _("Further files")
        self.senders = senders or []
        self.fields["sender"].widget.attrs["list"] = "known-senders"
        for row in (("received_on", "dated"), ("urgency", "due_on")):
            self.fields[row[0]].opens_row = True  # type: ignore[attr-defined]
            self.fields[row[-1]].closes_row = True  # type: ignore[attr-defined]

    def received(self) -> Received:
        data = self.cleaned_data
        return Received(
            data["sender"], data["paper_number"], data["title"], data["received_on"],
            data["paper"], data["dated"], data["urgency"], data["due_on"],
            bool(data.get("only_notice")),
        )  # fmt: skip


class ProposalForm(HouseForm):
    """Proposed handling, and before whom it goes."""

    proposal = forms.CharField(
        label=_("Proposed handling"), max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=_("Who should handle it, and how. It stands on the handling sheet."),
    )  # fmt: skip
    leader = PickField(
        Post.objects.none(), source="leaders", label=_("Put before"), required=False,
        help_text=_("Empty: no leader is asked, the office passes it on."),
    )  # fmt: skip

    def __init__(self, *args: Any, letter: Letter, leader: Post | None, **kwargs: Any) -> None:
        kwargs["initial"] = {"proposal": letter.proposal, "leader": leader}
        super().__init__(*args, **kwargs)
        self.fields["leader"].queryset = Post.objects.filter(region=letter.region).select_related("unit")  # type: ignore[attr-defined]


class OwnWordsForm(HouseForm):
    """A leader writes on the letter."""

    post = forms.ModelChoiceField(Post.objects.none(), label=_("Written as"), empty_label=None)
    content = forms.CharField(label=_("Instruction"), max_length=5000, widget=forms.Textarea({"rows": 5}))

    def __init__(self, *args: Any, letter: Letter, posts: QuerySet[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = posts  # type: ignore[attr-defined]
        self.fields["post"].initial = next((one for one in posts if one.pk == letter.leader_id), posts.first())

    def words(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class PaperWordsForm(HouseForm):
    """The office enters what a leader wrote on the sheet or said."""

    post = PickField(Post.objects.none(), source="leaders", label=pgettext_lazy("instruction", "Leader"))
    medium = forms.ChoiceField(
        label=_("How it was given"), choices=[(one, one.label) for one in (Medium.PAPER, Medium.SPOKEN)]
    )
    scan = FilesField(
        label=_("Scan of the sheet"), required=False, accept="image/jpeg,image/png,image/webp,application/pdf",
        help_text=_("A photo or a PDF. By word of mouth there is none."),
    )  # fmt: skip
    written_on = DayField(label=pgettext_lazy("instruction", "Given on"))
    content = forms.CharField(
        label=_("Instruction"), max_length=5000, widget=forms.Textarea({"rows": 5}),
        help_text=_("Word for word, as it was given."),
    )  # fmt: skip

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        kwargs["initial"] = {"post": letter.leader, "written_on": clock.today()}
        super().__init__(*args, **kwargs)
        self.fields["post"].queryset = Post.objects.filter(region=letter.region).select_related("unit")  # type: ignore[attr-defined]
        self.fields["scan"].one_of = True  # type: ignore[attr-defined]  # needed on paper, so not "may stay empty"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("medium") == Medium.PAPER and not data.get("scan") and "scan" not in self.errors:
            self.add_error("scan", gettext("Add a photo or a PDF of the sheet."))
        return data

    def words(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        files = data.pop("scan")
        return data | {"scan": Scan(files[0].name, files[0].data) if files else None}


class RouteForm(AsksAgain, HouseForm):
    """To whom the letter goes, by when they reply, and the slip on which they do."""

    units = PicksField(
        Unit.objects.none(),
        source="units",
        beside="responsibilities:asked_of",
        label=_("Units in the lead"),
        help_text=_("Each replies on a slip of its own."),
    )
    cooperating = PicksField(Unit.objects.none(), source="units", label=_("Cooperating units"), required=False)
    due = DueField(label=_("Reply by"))
    reply = forms.CharField(label=_("What is to be reported back"), max_length=300)

    def __init__(self, *args: Any, letter: Letter, **kwargs: Any) -> None:
        kwargs["initial"] = {"due": reply_day(letter), "reply": letter.reply or _proposed_reply(letter)}
        super().__init__(*args, **kwargs)
        units = units_today(letter.region).filter(depth__gt=1)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]
        self.fields["cooperating"].queryset = units  # type: ignore[attr-defined]
        self.new_slip = not letter.slips.exists()
        usual = usual_fields(letter.title)
        self.has_fields = bool(usual) or self.is_bound  # the slip's rows stand open where there is something in them
        if self.new_slip:
            self._add_rows(usual)

    def _add_rows(self, usual: list[SlipField]) -> None:
        for number in range(1, MOST_FIELDS + 1):
            one = usual[number - 1] if number <= len(usual) else SlipField("")
            self.fields[f"label{number}"] = forms.CharField(
                label=gettext("Field %d") % number, required=False, max_length=LONGEST_LABEL, initial=one.label
            )
            self.fields[f"kind{number}"] = forms.ChoiceField(
                label=pgettext_lazy("slip", "Kind"), required=False, choices=SlipKind.choices, initial=one.kind
            )
            self.fields[f"choices{number}"] = forms.CharField(
                label=pgettext_lazy("slip", "To choose from"), required=False, max_length=160,
                initial="、".join(one.choices), widget=forms.TextInput({"placeholder": gettext("such as: yes, no")}),
            )  # fmt: skip

    def plain(self) -> Iterator[Any]:
        """The fields that are no rows of the slip."""
        asked = ("units", "cooperating", "due", "reply", "again", "leave_out")
        return (self[name] for name in asked if name in self.fields)

    def slip_rows(self) -> list[tuple[Any, Any, Any]]:
        """The rows of the slip, those first that are filled in."""
        if not self.new_slip:
            return []
        numbers = range(1, MOST_FIELDS + 1)
        return [(self[f"label{n}"], self[f"kind{n}"], self[f"choices{n}"]) for n in numbers]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.new_slip and not self.errors:
            try:
                data["fields"] = sound_fields(self._fields(data))
            except SlipError as fault:
                self.add_error(None, slip_fault(fault))
        return data

    def _fields(self, data: dict[str, Any]) -> Iterator[SlipField]:
        for n in range(1, MOST_FIELDS + 1):
            kind = data[f"kind{n}"] or SlipKind.TEXT
            yield SlipField(data[f"label{n}"], kind, choices_of(data[f"choices{n}"]) if kind == CHOICE else ())

    def routing(self) -> Routing:
        data = self.cleaned_data
        return Routing(
            list(data["units"]), end_of(data["due"]), data["reply"], data.get("fields") or (),
            list(data["cooperating"]), self.said(),
        )  # fmt: skip


def reply_day(letter: Letter) -> date:
    """By when units reply: two working days before the answer is due, else soon; never in the past."""
    calendar, today = default_calendar(), clock.today()
    soon: date = soon_due()
    if letter.due_on is None:
        return soon
    before = calendar.add_workdays(letter.due_on, -BEFORE_ANSWER)
    return before if before > today else max(min(letter.due_on, soon), today)


def _proposed_reply(letter: Letter) -> Any:
    return _("Fill in the reply slip") if usual_fields(letter.title) else _("What was done, and with what result")


class SlipForm(HouseForm):
    """One unit's reply; with `paper`, the office enters what came on a sheet or by telephone."""

    def __init__(self, *args: Any, slip: LetterSlip, paper: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = []
        for key, one in fields_of(slip.letter.slip):
            self.fields[key] = _field_of(one)
            self.initial.setdefault(key, slip.values.get(key))
            self.keys.append(key)
        self.fields["note"] = forms.CharField(
            label=_("A few words"), required=not self.keys, max_length=LONGEST_NOTE, initial=slip.note,
            widget=forms.Textarea({"rows": 2 if self.keys else 4}),
        )  # fmt: skip
        self.fields["papers"] = FilesField(label=_("Paper or photo"), required=False, accept=REPORT_KINDS)
        if paper:
            self.fields["at"] = DayTimeField(
                label=_("True time"), required=False, help_text=_("When it came in on paper; empty means now.")
            )

    def answer(self) -> SlipAnswer:
        data = self.cleaned_data
        return SlipAnswer({key: data[key] for key in self.keys}, data["note"], data["papers"], data.get("at"))


def _field_of(one: SlipField) -> forms.Field:
    if one.kind == NUMBER:
        return forms.IntegerField(
            label=one.label, min_value=0, max_value=LARGEST_NUMBER,
            widget=forms.NumberInput({"inputmode": "numeric"}),
        )  # fmt: skip
    if one.kind == CHOICE:
        return forms.ChoiceField(
            label=one.label, choices=[(choice, choice) for choice in one.choices], widget=forms.RadioSelect
        )
    if one.kind == DAY:
        return DayField(label=one.label)
    return forms.CharField(label=one.label, max_length=LONGEST_TEXT)


class AnswerForm(HouseForm):
    """The words of the answer."""

    answer = forms.CharField(
        label=_("Words of the answer"), max_length=10_000, widget=forms.Textarea({"rows": 10}),
        help_text=_("The table of replies is added below them by the paper itself."),
    )  # fmt: skip


class AnswerSignForm(HouseForm):
    """A leader signs here; the office enters who signed the sheet, with its scan."""

    signed_as = forms.CharField(label=_("Signed by"), max_length=80, help_text=_("A post: deputy head of the group."))
    signed_on = DayField(label=_("Signed on"))
    scans = FilesField(label=_("Signed sheet"), required=False, accept=PAPER_KINDS)

    def __init__(self, *args: Any, paper: bool, signed_as: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"signed_as": signed_as, "signed_on": clock.today()}
        super().__init__(*args, **kwargs)
        self.fields["scans"].required = paper

    def signature(self) -> AnswerSignature:
        return AnswerSignature(**self.cleaned_data)


class SentForm(HouseForm):
    """Number and day of the answer."""

    answer_number = forms.CharField(label=_("Number of the answer"), max_length=60)
    answered_on = DayField(label=_("Sent on"))
    scans = FilesField(label=_("Sealed copy"), required=False, accept=PAPER_KINDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"answered_on": clock.today()}
        super().__init__(*args, **kwargs)

    def sent(self) -> Sent:
        return Sent(**self.cleaned_data)


class LetterReasonForm(HouseForm):
    reason = ReasonField(_("Reason"), rows=2)
