"""Asks for the limits of a plan, and what problems of a type take."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chuangwen.core.forms import HouseForm
from chuangwen.scoring.efforts import LARGEST_COST, LARGEST_DAYS, Effort
from chuangwen.scoring.queries.plans import PlanAsk
from chuangwen.standards.models import ProblemType


class PlanForm(HouseForm):
    """The limits of a plan. Nothing has to be typed: all of it is proposed."""

    people = forms.IntegerField(label=pgettext_lazy("plan", "People"), min_value=1, max_value=9999)
    days = forms.IntegerField(label=_("Working days"), min_value=1, max_value=400)
    money = forms.FloatField(label=_("Money in yuan"), min_value=0, max_value=LARGEST_COST, required=False)

    def __init__(self, data: Any, *, usual: PlanAsk, units: Iterable[int] = ()) -> None:
        """`data` is the address's query; what it leaves out is as usual. `units` may have people of their own."""
        given = data.copy()
        for name in ("people", "days"):
            if not given.get(name):
                given[name] = str(getattr(usual, name))
        super().__init__(given)
        self._units = list(units)
        for name in ("people", "days", "money"):
            self.fields[name].widget.attrs.update({"class": "cw-input cw-num", "inputmode": "numeric"})

    @property
    def ask(self) -> PlanAsk:
        """The limits, once they are sound."""
        said = self.cleaned_data
        return PlanAsk(said["people"], said["days"], said["money"], self.unit_people)

    @property
    def unit_people(self) -> dict[int, int]:
        """People of single units; what is no small number says nothing."""
        typed = {unit: str(self.data.get(f"unit_{unit}", "")).strip() for unit in self._units}
        return {unit: int(text) for unit, text in typed.items() if text.isdecimal() and len(text) <= 4}

    @property
    def query(self) -> dict[str, Any]:
        """The limits as the address says them."""
        ask = self.ask
        money = {} if ask.money is None else {"money": f"{ask.money:g}"}
        units = {f"unit_{unit}": people for unit, people in ask.units.items()}
        return {"people": ask.people, "days": ask.days, **money, **units}


class EffortForm(HouseForm):
    """What one type of problem takes."""

    person_days = forms.FloatField(label=_("Person-days"), min_value=0, max_value=LARGEST_DAYS)
    least_days = forms.IntegerField(label=_("Days at least"), min_value=0, max_value=int(LARGEST_DAYS))
    cost = forms.FloatField(label=_("Cost in yuan"), min_value=0, max_value=LARGEST_COST)

    def __init__(self, data: Any, *, kind: ProblemType, effort: Effort) -> None:
        """`effort` is what holds now; a type that the form does not name keeps it."""
        figures = {
            "person_days": f"{effort.person_days:g}",
            "least_days": effort.least_days,
            "cost": f"{effort.cost:g}",
        }
        super().__init__(data, prefix=str(kind.pk), initial=figures)
        self.kind, self.effort = kind, effort
        for field in self.fields.values():
            field.widget.attrs.update({"class": "cw-input cw-num", "aria-label": f"{kind.name}：{field.label}"})

    @property
    def typed(self) -> Effort:
        said = self.cleaned_data
        return Effort(said["person_days"], said["least_days"], said["cost"], proposed=False)
