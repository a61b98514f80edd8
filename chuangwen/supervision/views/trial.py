"""The trial of a rule on past days: what would have gone out by month, unit and colour, beside what really did.

The whole past is read for each look at the page, which changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from chuangwen.core import clock
from chuangwen.core.access import visible_or_404
from chuangwen.core.pages import signed_in
from chuangwen.core.templatetags.wording import day, month
from chuangwen.organizations.models import Unit
from chuangwen.supervision.enums import LadderStep
from chuangwen.supervision.forms import TrialForm
from chuangwen.supervision.ladder import COLOURS, Finding, Step
from chuangwen.supervision.models import NoticeRule
from chuangwen.supervision.queries.rows import number_of, page_of_row, title_of_row
from chuangwen.supervision.queries.trials import Sheet, Trial, rows_of, trial_of
from chuangwen.supervision.views.parts import way_to
from chuangwen.supervision.words import condition_words, ground_words

PLACE = (gettext_lazy("Rules of the ladder"), "supervision:rules")
PAGE = 40  # matters on one page
UNITS = 50  # units in the table, those with the most sheets
USUAL = 31  # days


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page is asked for: the period, and what of it."""

    days: int = USUAL
    month: date | None = None
    unit: int | None = None
    step: str = ""
    page: int = 1

    def url(self, **changes: Any) -> str:
        """The page with something else asked for; any change but the page's begins with the first page."""
        other = replace(self, **{"page": 1} | changes)
        values = {
            "days": other.days, "month": f"{other.month:%Y-%m}" if other.month else "", "unit": other.unit or "",
            "step": other.step, "page": other.page if other.page > 1 else "",
        }  # fmt: skip
        return "?" + urlencode({name: value for name, value in values.items() if value})

    def wants(self, unit: int, step: Step, on: date) -> bool:
        """Whether a sheet is among those asked for."""
        return (
            (self.month is None or (on.year, on.month) == (self.month.year, self.month.month))
            and (self.unit is None or unit == self.unit)
            and (not self.step or step == self.step)
        )


@signed_in("supervision.edit")
@require_GET
def trial(request: HttpRequest, pk: int) -> HttpResponse:
    """What the rule would have proposed on past days, beside the rules in force and what went out."""
    rows = NoticeRule.objects.select_related("region", "replaces")
    rule = visible_or_404(rows, request.user, "supervision.edit", pk=pk)
    asked = _asked(request)
    last = clock.today() - timedelta(days=1)
    first = last - timedelta(days=asked.days - 1)
    found = trial_of(rule, first, last)
    counted = _Counted(found, asked)
    names = Unit.objects.filter(region=rule.region).in_bulk(counted.units | {asked.unit or 0})
    context = {
        "page_title": _("Try on past days"), "page_subtitle": f"{rule.get_step_display()}: {condition_words(rule)}",
        "breadcrumbs": way_to(PLACE, _("Try on past days")), "rule": rule, "looked": found.looked,
        "period": _("%(first)s to %(last)s") % {"first": day(first), "last": day(last)},
        "choices": [
            {"label": label, "url": asked.url(days=value, month=None), "on": value == asked.days}
            for value, label in TrialForm.DAYS
        ],
        "months": counted.months(), "by_unit": counted.by_unit(names), "more_units": counted.more_units,
        "chips": _chips(asked, names), **_matters(found, asked, names),
    }  # fmt: skip
    return render(request, "supervision/trial.html", context)


def _asked(request: HttpRequest) -> Asked:
    """What the address asks for; nonsense in it is left out."""
    form = TrialForm(request.GET)
    form.is_valid()
    values = {name: value for name, value in form.cleaned_data.items() if value}
    return Asked(**values)


class _Counted:
    """The sheets with the rule, without it, and those that went out, counted by month, unit and colour."""

    def __init__(self, found: Trial, asked: Asked) -> None:
        self._asked, self._steps = asked, _steps(found)
        with_it, without, sent = found.sheets
        with_it |= {(one.unit, one.step, one.day) for one in found.then if one.step == Step.REMINDER}
        self._all: tuple[Iterable[Sheet], ...] = (with_it, without, sent)
        of_unit = [[one for one in sheets if self._shown(one)] for sheets in self._all]
        self._by_unit = [Counter((unit, step) for unit, step, _day in sheets) for sheets in of_unit]
        sums = Counter[int]()
        for counts in self._by_unit:
            for (unit, _step), number in counts.items():
                sums[unit] += number
        self._first = [unit for unit, _number in sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))[:UNITS]]
        self.units, self.more_units = set(self._first), max(0, len(sums) - UNITS)

    def months(self) -> list[dict[str, Any]]:
        """A row for each month and colour, of the unit that is asked for where one is."""
        counts = [
            Counter((on.replace(day=1), step) for unit, step, on in sheets if self._asked.unit in {None, unit})
            for sheets in self._all
        ]
        months = sorted({key[0] for counted in counts for key in counted}, reverse=True)
        return [
            {
                "label": month(one) if step == self._steps[0] else "", "rows": len(self._steps), "month": month(one),
                "step": LadderStep(step).label, "shape": _shape(step), "on": self._asked.month == one,
                "figures": [counted[one, step] for counted in counts],
                "url": self._asked.url(month=one, step=str(step)) + "#matters",
                "all_url": self._asked.url(month=one, step=""),
            }
            for one in months for step in self._steps
        ]  # fmt: skip

    def by_unit(self, names: dict[int, Unit]) -> list[dict[str, Any]]:
        """The units with the most sheets: of each colour how many, beside those that went out."""
        with_it, _without, sent = self._by_unit
        return [
            {
                "unit": str(names[unit]), "url": self._asked.url(unit=unit) + "#matters",
                "cells": [
                    {"then": with_it[unit, step], "sent": sent[unit, step],
                     "label": LadderStep(step).label, "url": self._asked.url(unit=unit, step=str(step)) + "#matters"}
                    for step in self._steps
                ],
            }
            for unit in self._first if unit in names
        ]  # fmt: skip

    def _shown(self, sheet: Sheet) -> bool:
        return replace(self._asked, unit=None, step="").wants(*sheet)


def _steps(found: Trial) -> list[Step]:
    """The colours, and the reminder where the rule brings one."""
    reminds = any(one.step == Step.REMINDER for one in found.then)
    return [*([Step.REMINDER] if reminds else []), *COLOURS]


def _chips(asked: Asked, names: dict[int, Unit]) -> list[dict[str, Any]]:
    """What the matters are narrowed to, each to be dropped."""
    chips: list[tuple[str, Any, str]] = []
    if asked.month:
        chips.append((_("Month"), month(asked.month), asked.url(month=None)))
    if asked.unit:
        chips.append((_("Unit"), names.get(asked.unit, "—"), asked.url(unit=None)))
    if asked.step:
        chips.append((_("Colour"), LadderStep(asked.step).label, asked.url(step="")))
    return [{"label": label, "value": value, "drop_url": f"{url}#matters"} for label, value, url in chips]


def _matters(found: Trial, asked: Asked, names: dict[int, Unit]) -> dict[str, Any]:
    """The matters behind the figures, the latest first, some at a time."""
    several = [one for one in found.then if asked.wants(one.unit, one.step, one.day)]
    several.sort(key=lambda one: (one.day, one.key), reverse=True)
    start = (asked.page - 1) * PAGE
    shown = several[start : start + PAGE]
    known = {(one.key, one.unit, one.step) for one in found.now}
    rows = rows_of({one.key for one in shown})
    missing = {one.unit for one in shown} - set(names)
    units = names | Unit.objects.in_bulk(missing)
    words = _("%(first)d to %(last)d of %(all)d")
    place = {"first": start + 1, "last": start + len(shown), "all": len(several)}
    return {
        "count": len(several),
        "matters": [_line(one, rows, units, known) for one in shown if one.key in rows],
        "place": words % place if shown else "",
        "before_url": asked.url(page=asked.page - 1) + "#matters" if asked.page > 1 else "",
        "after_url": asked.url(page=asked.page + 1) + "#matters" if start + PAGE < len(several) else "",
    }


def _line(one: Finding, rows: dict[str, Any], units: dict[int, Unit], known: set[Any]) -> dict[str, Any]:
    row = rows[one.key]
    return {
        "title": title_of_row(row), "url": page_of_row(row), "number": number_of(row), "unit": units.get(one.unit, ""),
        "step": LadderStep(one.step).label, "shape": _shape(one.step), "day": day(one.day),
        "why": ground_words(one.rule.condition, one.found), "new": (one.key, one.unit, one.step) not in known,
    }  # fmt: skip


def _shape(step: Step) -> str:
    return "open" if step == Step.REMINDER else str(step)
