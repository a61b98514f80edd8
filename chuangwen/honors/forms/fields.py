"""Fields and bases that the forms about titles share."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy, pgettext_lazy

from chuangwen.core.fields import FilesField, ReasonField
from chuangwen.core.forms import HouseForm
from chuangwen.honors.services.stepping import family_of

PAPERS = "image/jpeg,image/png,image/webp,application/pdf,.doc,.docx,.xls,.xlsx"


def papers_field(label: Any = None, help_text: Any = "") -> FilesField:
    return FilesField(
        label=label or pgettext_lazy("honour", "Papers"), required=False, accept=PAPERS, help_text=help_text
    )


def met_field(label: Any) -> forms.TypedChoiceField:
    """Whether something is met, answered by yes or no."""
    return forms.TypedChoiceField(
        label=label, choices=[("yes", gettext_lazy("Met")), ("no", gettext_lazy("Not met"))],
        coerce=lambda value: value == "yes", widget=forms.RadioSelect,
    )  # fmt: skip


def points_field(label: Any, *, most: int = 100, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_value=most, max_digits=6, decimal_places=2, **options)


def plain(value: Decimal) -> Decimal:
    """A kept number as a person writes it: 20 and not 20.00."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def line_field(label: Any, *, most: int = 80, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, **options)


class ActForm(HouseForm):
    """What every form about one matter knows: the matter, and who acts."""

    def __init__(self, *args: Any, obj: Any, actor: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.obj, self.actor = obj, actor
        if family_of(obj) is not None:
            self.fields.pop("papers", None)  # no files are kept about families

    def answers(self) -> dict[str, Any]:
        """The cleaned data as the service's arguments."""
        return dict(self.cleaned_data)


class PlainForm(ActForm):
    """Nothing is asked; the page says what will happen."""


class PapersForm(ActForm):
    """Only papers that go with the step."""

    papers = papers_field(gettext_lazy("Signed papers"))


class ReasonForm(ActForm):
    reason = ReasonField(gettext_lazy("Reason"), help_text=gettext_lazy("It is shown to the other side."))
