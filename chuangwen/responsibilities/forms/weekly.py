"""A weekly report on its way to being confirmed: what the program assembled, to be changed where it is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangwen.responsibilities.forms.tasks import ReasonForm, VoiceForm
from chuangwen.responsibilities.services.weekly import LONGEST_COLUMN
from chuangwen.responsibilities.weekly import COLUMNS
from chuangwen.responsibilities.words import WEEK_WORDS


class WeekForm(VoiceForm):
    """Five columns and who checked them."""

    def __init__(self, *args: Any, task: Any, **kwargs: Any) -> None:
        super().__init__(*args, task=task, **kwargs)
        for name in COLUMNS:
            self.fields[name] = forms.CharField(
                label=WEEK_WORDS[name], max_length=LONGEST_COLUMN, required=False, widget=forms.Textarea({"rows": 3})
            )
        self.fields["checked_by"] = forms.CharField(label=_("Checked by"), max_length=80, required=False)
        self.order_fields([*COLUMNS, "checked_by", "on_behalf", "at", "paper"])


class WaiveForm(ReasonForm):
    """Why units are let off."""

    def __init__(self, *args: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
