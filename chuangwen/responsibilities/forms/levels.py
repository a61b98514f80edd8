"""What people type about marks from level to level."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangwen.core.fields import ReasonField, SourceField
from chuangwen.core.files.services import SCANS
from chuangwen.core.forms import HouseForm, Sourced
from chuangwen.responsibilities.levels import MOST_POINTS
from chuangwen.responsibilities.models import Verdict
from chuangwen.responsibilities.queries.levels import LevelRule
from chuangwen.responsibilities.services.papers import Scan


class _WithPaper(HouseForm):
    paper = forms.FileField(
        label=_("Scan of the paper"), required=False, widget=forms.FileInput(attrs={"accept": ",".join(sorted(SCANS))})
    )

    def clean_paper(self) -> Scan | None:
        file = self.cleaned_data["paper"]
        return Scan(file.name, file.read()) if file else None


class JudgeForm(_WithPaper):
    """A word, a few points, a reason."""

    field_order = ("verdict", "points", "reason", "paper")
    verdict = forms.ChoiceField(label=_("Judgement"), choices=Verdict, widget=forms.RadioSelect)
    points = forms.IntegerField(label=_("Points, 0 to 10"), min_value=0, max_value=MOST_POINTS)
    reason = ReasonField(_("Reason"), help_text=_("The unit reads it. What the counts say need not be repeated."))


class AnswerForm(_WithPaper):
    """The unit's word: it confirms, or objects with a reason."""

    field_order = ("answer", "reason", "on_behalf", "paper")
    answer = forms.ChoiceField(
        label=_("Answer"), widget=forms.RadioSelect, initial="agree",
        choices=[("agree", _("We confirm it")), ("object", _("We object"))],
    )  # fmt: skip
    reason = ReasonField(_("Reason"), required=False, help_text=_("Needed for an objection."))
    on_behalf = forms.CharField(
        label=_("Entered for"), max_length=120, help_text=_("Whose answer this is: unit and post.")
    )

    def __init__(self, *args: Any, speaks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if speaks:
            del self.fields["on_behalf"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("answer") == "object" and not data.get("reason", "").strip():
            self.add_error("reason", _("Say why you object."))
        return data


class StayForm(HouseForm):
    """Why the judgement stays."""

    reason = ReasonField(_("Answer to the objection"), help_text=_("The unit reads it."))


class LevelRuleForm(Sourced, HouseForm):
    """How often units are judged, and within how many days."""

    months = forms.TypedChoiceField(
        label=_("Judged"), coerce=int, choices=[(1, _("Each month")), (3, _("Each quarter"))]
    )
    days = forms.IntegerField(label=_("Working days to judge after the period"), min_value=1, max_value=60)
    objection_days = forms.IntegerField(label=_("Working days to object"), min_value=1, max_value=60)
    source = SourceField()

    @property
    def rule(self) -> LevelRule:
        return LevelRule(**self.cleaned_data)
