"""What each kind counts as under a standard: a row of fields a kind."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangwen.core.forms import HouseForm
from chuangwen.supervision.enums import CountedFrom
from chuangwen.supervision.queries.counting import Countable
from chuangwen.supervision.services.counting import Counts


class CountingForm(HouseForm):
    """Fields code_, points_ and since_ for each of `kinds`; what is only proposed stands in them already."""

    def __init__(self, *args: Any, kinds: list[Countable], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds
        for one in kinds:
            names = {"kind": one.name}
            choices = [("", _("does not count")), *((code, f"{code} {title}") for code, title in one.listed)]
            fields: dict[str, forms.Field] = {
                "code": forms.ChoiceField(label=_("%(kind)s: code") % names, choices=choices, required=False),
                "points": forms.FloatField(label=_("%(kind)s: points") % names, required=False, min_value=0),
                "since": forms.ChoiceField(label=_("%(kind)s: period") % names, choices=CountedFrom.choices),
            }
            for name, field in fields.items():
                field.initial = getattr(one, name)
                field.widget.attrs |= {"class": "cw-input", "aria-label": field.label}
                self.fields[f"{name}_{one.key}"] = field

    def rows(self) -> list[tuple[Countable, Any, Any, Any]]:
        """Each kind with its three fields, as the table shows them."""
        return [(one, self[f"code_{one.key}"], self[f"points_{one.key}"], self[f"since_{one.key}"])
                for one in self.kinds]  # fmt: skip

    def chosen(self) -> dict[str, Counts]:
        """What was filled in, by kind."""
        data = self.cleaned_data
        return {
            one.key: Counts(data[f"code_{one.key}"], data[f"points_{one.key}"], data[f"since_{one.key}"])
            for one in self.kinds
        }
