"""What is typed from the call for applications to the award."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.campaigns.forms import day_field
from chuangwen.campaigns.models import Title
from chuangwen.core.fields import DayTimeField, PickField, ReasonField, SourceField
from chuangwen.core.forms import HouseModelForm, Sourced
from chuangwen.core.models import Region
from chuangwen.honors.customs import FAMILY
from chuangwen.honors.eligibility import CONSENT, FAMILY_KINDS, RECOMMENDER
from chuangwen.honors.enums import RuleKind
from chuangwen.honors.forms.fields import ActForm, line_field, met_field, papers_field, plain, points_field
from chuangwen.honors.models import EligibilityRule, Programme
from chuangwen.honors.queries.subjects import candidates
from chuangwen.honors.services.deciding import Complaint, Meeting
from chuangwen.honors.services.papers import behalf_of
from chuangwen.honors.services.reviewing import Score
from chuangwen.organizations.models import Unit
from chuangwen.standards.models import StandardVersion


class ProgrammeForm(HouseModelForm[Programme]):
    """A call for applications with its days."""

    papers = papers_field(
        gettext_lazy("The rules themselves"), gettext_lazy("The published rules of selection, for everybody to read.")
    )

    class Meta:
        model = Programme
        fields = (
            "title", "year", "name", "authority", "basis", "standard", "quota", "unit_quota", "reviewers", "trimmed",
            "apply_from", "apply_until", "review_until", "deliberate_on", "notice_from", "notice_until", "award_on",
        )  # fmt: skip

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles: Any = self.fields["title"]
        titles.queryset = (
            Title.objects.filter(region=region, ladder_step__isnull=False)
            .exclude(subject="office")
            .order_by("ladder_step__rank")
        )
        titles.empty_label = None
        standard: Any = self.fields["standard"]
        standard.queryset = StandardVersion.objects.filter(region=region, state="published").order_by("-published_at")
        standard.empty_label = _("The newest for this kind of title")
        standard.help_text = _("Units assess themselves by its criteria; empty: the newest for this kind of title.")
        self.fields["quota"].help_text = _("Empty: no limit.")
        self.fields["quota"].min_value = 1  # type: ignore[attr-defined]
        self.fields["unit_quota"].min_value = 1  # type: ignore[attr-defined]
        self.fields["unit_quota"].help_text = _("Only for families: at most so many from each unit; empty: no limit.")
        if not titles.queryset.filter(subject=FAMILY).exists():
            del self.fields["unit_quota"]
        self.fields["reviewers"].min_value = 1  # type: ignore[attr-defined]
        for name, one in self.fields.items():
            if isinstance(one, forms.DateField):
                self.fields[name] = day_field(one.label)
        self.fields["year"].widget.attrs["inputmode"] = "numeric"

    def clean_year(self) -> int:
        year: int = self.cleaned_data["year"]
        if not 2000 <= year <= 2099:
            raise forms.ValidationError(_("The year cannot be right."))
        return year

    def clean_reviewers(self) -> int:
        count: int = self.cleaned_data["reviewers"]
        if not 1 <= count <= 50:
            raise forms.ValidationError(_("Give a number from 1 to 50."))
        return count

    def clean_quota(self) -> int | None:
        quota: int | None = self.cleaned_data["quota"]
        if quota is not None and not 1 <= quota <= 10_000:
            raise forms.ValidationError(_("Give a number from 1 to 10,000, or leave it empty."))
        return quota


class RuleForm(Sourced, HouseModelForm[EligibilityRule]):
    """A condition. Which numbers it needs depends on its kind; the service says what lacks."""

    class Meta:
        model = EligibilityRule
        fields = ("kind", "threshold", "months", "lower", "words", "source")
        field_classes = {"source": SourceField}

    def __init__(self, *args: Any, region: Region, subject: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lower: Any = self.fields["lower"]
        lower.queryset = Title.objects.filter(region=region, subject=subject, ladder_step__isnull=False)
        lower.empty_label = _("Choose a title")
        lower.help_text = _("Only for “%s”.") % RuleKind.HELD.label
        kinds = [one for one in RuleKind.choices if (one[0] in FAMILY_KINDS if subject == FAMILY else
                                                     one[0] not in {CONSENT, RECOMMENDER})]  # fmt: skip
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["threshold"].required = self.fields["months"].required = False
        self.fields["threshold"].help_text = _("Per cent, points or a number, as the condition wants it.")
        self.fields["months"].help_text = _("For how long, where the condition has a time.")
        self.fields["words"].help_text = _("How units read it; empty: the usual words.")
        self.initial["threshold"] = plain(self.instance.threshold)
        for name in ("threshold", "months"):
            self.fields[name].min_value = 0  # type: ignore[attr-defined]

    def clean_threshold(self) -> Decimal:
        return self.cleaned_data["threshold"] or Decimal(0)

    def clean_months(self) -> int:
        return self.cleaned_data["months"] or 0


class SettingForm(ActForm):
    value = forms.IntegerField(label=gettext_lazy("Value"), min_value=0, max_value=1000)


class AspectForm(ActForm):
    name = line_field(gettext_lazy("Aspect"), most=40)
    weight = points_field(gettext_lazy("Weight"))


class BeginForm(ActForm):
    """For which unit: asked only of who enters it for another."""

    unit = PickField(Unit.objects.none(), source="units", label=gettext_lazy("Unit"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.obj.title.subject == "city":
            self.fields["unit"] = PickField(Unit.objects.none(), source="units-and-root", label=gettext_lazy("Unit"))
        self.fields["unit"].queryset = candidates(self.obj)  # type: ignore[attr-defined]


class WriteForm(ActForm):
    self_score = points_field(
        gettext_lazy("Points of the self-assessment"), most=110, required=False,
        help_text=gettext_lazy("By the standard that the programme follows; a bonus goes on top."),
    )  # fmt: skip
    self_report = ReasonField(
        gettext_lazy("What the unit has done"), required=False, rows=8,
        help_text=gettext_lazy("A page will do: what was done, what came of it, what is still weak."),
    )  # fmt: skip
    papers = papers_field(gettext_lazy("Papers of the application"))

    def clean_self_report(self) -> str:
        return str(self.cleaned_data["self_report"] or "")


class SubmitForm(ActForm):
    responsible = line_field(
        gettext_lazy("Signed by"), most=60, help_text=gettext_lazy("The first responsible of the unit.")
    )
    signed_on = day_field(gettext_lazy("Signed on"))
    papers = papers_field(gettext_lazy("The signed page"))
    at = DayTimeField(
        label=gettext_lazy("True time"), required=False,
        help_text=gettext_lazy("When it came in on paper; empty means now."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not behalf_of(self.obj.unit, self.actor):
            del self.fields["at"]  # the unit's own time is now

    def answers(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key != "at" or value}


class FindingForm(ActForm):
    met = met_field(gettext_lazy("What the papers say"))
    source = line_field(
        gettext_lazy("Which papers"),
        most=200,
        help_text=gettext_lazy("Whose answer or register, with number and date."),
    )
    papers = papers_field()


class ScoreForm(ActForm):
    reviewer = line_field(gettext_lazy("Reviewer"), most=60)
    points = points_field(pgettext_lazy("score", "Points"))
    reviewed_on = day_field(gettext_lazy("Reviewed on"))
    remarks = ReasonField(gettext_lazy("Remarks"), required=False)

    def answers(self) -> dict[str, Any]:
        return {"score": Score(**self.cleaned_data)}


class MeetingForm(ActForm):
    """The deliberation in one sheet: the meeting, and one choice and note for each application."""

    held_on = day_field(gettext_lazy("Held on"))
    chair = line_field(gettext_lazy("In the chair"), most=60)
    minutes = line_field(
        gettext_lazy("Number of the minutes"), required=False,
        help_text=gettext_lazy("Needed where you enter it for the guiding group."),
    )  # fmt: skip
    papers = papers_field(gettext_lazy("Scan of the minutes"))

    def __init__(self, *args: Any, applications: list[Any], proposed: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applications = applications
        choices = [
            ("recommend", gettext_lazy("Recommend")), ("reserve", gettext_lazy("Reserve")),
            ("pass_over", gettext_lazy("Not recommend")),
        ]  # fmt: skip
        for one in applications:
            label = _("Decision about %s") % one.holder
            self.fields[f"choice_{one.pk}"] = forms.ChoiceField(
                label=label, choices=choices, initial=proposed.get(one.pk, "pass_over")
            )
            self.fields[f"note_{one.pk}"] = line_field(_("Reason for %s") % one.holder, most=300, required=False)

    def lines(self) -> list[tuple[Any, Any, Any]]:
        """Application, its choice, its note."""
        return [(one, self[f"choice_{one.pk}"], self[f"note_{one.pk}"]) for one in self.applications]

    def head_fields(self) -> list[Any]:
        return [self[name] for name in ("held_on", "chair", "minutes", "papers")]

    def answers(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "meeting": Meeting(data["held_on"], data["chair"], data["minutes"]),
            "decisions": {one.pk: (data[f"choice_{one.pk}"], data[f"note_{one.pk}"]) for one in self.applications},
            "papers": data["papers"],
        }


class NoticeForm(ActForm):
    first = day_field(gettext_lazy("First day"))
    last = day_field(gettext_lazy("Last day"))


class NamingForm(ActForm):
    granted_on = day_field(gettext_lazy("Granted on"))
    document = line_field(gettext_lazy("Document number"))
    papers = papers_field(gettext_lazy("The naming document"))


class ComplaintForm(ActForm):
    text = ReasonField(pgettext_lazy("notice", "Objection"))
    received_on = day_field(gettext_lazy("Received on"))
    sender = line_field(gettext_lazy("From whom"), required=False, help_text=gettext_lazy("Seen by the office alone."))
    contact = line_field(gettext_lazy("Where to answer"), most=120, required=False)
    papers = papers_field()

    def answers(self) -> dict[str, Any]:
        papers = self.cleaned_data.pop("papers", ())
        return {"complaint": Complaint(**self.cleaned_data), "papers": papers}
