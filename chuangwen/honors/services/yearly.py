"""A unit's yearly figures: entered by the unit with the paper behind them, confirmed or returned by the office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import Upload
from chuangwen.honors.enums import FiguresState
from chuangwen.honors.models import YearlyFigures
from chuangwen.honors.services.applications import refuse_own
from chuangwen.honors.services.papers import behalf_of, keep_papers, need, tell_office, tell_unit
from chuangwen.honors.services.stepping import advance, note_step
from chuangwen.honors.workflow import APPLY, FIGURES, REVIEW
from chuangwen.organizations.enums import UnitKind
from chuangwen.organizations.models import Unit

MOST_STAFF = 1_000_000
HOURS_A_HEAD = 8784  # a leap year has no more


@dataclass(frozen=True, slots=True)
class Told:
    """What a unit says of a year; `source`: the register or list that the figures are from."""

    year: int
    staff: int
    volunteers: int
    hours: Decimal
    source: str
    households: int | None = None


def enter_figures(unit: Unit, told: Told, *, actor: Any, papers: Iterable[Upload] = ()) -> YearlyFigures:
    """Enter a unit's figures of a year; they wait for the office. Those that waited before are replaced."""
    if actor is not None:
        require(actor, APPLY, YearlyFigures(region=unit.region, unit=unit))
    if unit.kind in {UnitKind.OFFICE, UnitKind.REGION}:
        raise Refusal(_("Yearly figures are of units, not of “%s”.") % unit, _("Choose the unit itself."))
    source = _checked(told)
    try:
        with transaction.atomic():
            for before in YearlyFigures.objects.filter(unit=unit, year=told.year, state=FiguresState.GIVEN):
                advance(before, FIGURES, "replace", actor=actor)
            made: YearlyFigures = YearlyFigures.objects.create(
                region=unit.region, unit=unit, year=told.year, staff=told.staff, volunteers=told.volunteers,
                hours=told.hours, households=told.households, source=source, entered_by=actor,
            )  # fmt: skip
            said = {"staff": told.staff, "volunteers": told.volunteers, "hours": told.hours}
            if told.households is not None:
                said["households"] = told.households
            note_step(made, "enter", actor=actor, on_behalf=behalf_of(unit, actor), note=source, data=said)
            keep_papers(papers, made, region=unit.region, actor=actor)
            tell_office(unit.region, REVIEW, _("Yearly figures to be confirmed: %s") % made, page_of_figures(made))
    except IntegrityError as error:
        raise Conflict(
            _("Figures of “%s” were entered at the same moment.") % unit, _("Look at them, then enter yours again.")
        ) from error
    return made


def confirm_figures(row: YearlyFigures, *, actor: Any) -> None:
    """The office has looked at the paper: from now on the figures count. Those confirmed before are replaced."""
    _refuse_doubtful(row, actor)
    with transaction.atomic():
        for before in YearlyFigures.objects.filter(unit=row.unit_id, year=row.year, state=FiguresState.CONFIRMED):
            advance(before, FIGURES, "replace", actor=actor)
        advance(row, FIGURES, "confirm", actor=actor, confirmed_by=actor, confirmed_at=clock.now())
        tell_unit(row.unit, _("Yearly figures confirmed: %s") % row, page_of_figures(row))


def return_figures(row: YearlyFigures, *, reason: str, actor: Any) -> None:
    """Back to the unit, which enters them again."""
    _refuse_doubtful(row, actor)
    with transaction.atomic():
        advance(row, FIGURES, "return", actor=actor, note=reason)
        tell_unit(row.unit, _("Yearly figures returned: %s") % row, page_of_figures(row), body=reason)


def page_of_figures(row: YearlyFigures) -> str:
    """The address of the figures' page."""
    return reverse("honors:yearly_one", args=[row.pk])


def _refuse_doubtful(row: YearlyFigures, actor: Any) -> None:
    """Nobody confirms figures of the own unit, or those that the same person entered for a unit from paper."""
    refuse_own(row.unit, actor)
    if actor is not None and row.entered_by_id == actor.pk:
        raise Refusal(_("You have entered these figures yourself."), _("Another person of the office confirms them."))


def _checked(told: Told) -> str:
    """The source without blanks; Refusal for figures that cannot be right."""
    this_year = clock.today().year
    if not 2000 <= told.year <= this_year:
        raise Refusal(_("The year cannot be right."), _("Give this year or an earlier one."))
    if not 0 < told.staff <= MOST_STAFF:
        raise Refusal(_("The number of staff cannot be right."), _("Give a number above nought."))
    if not 0 <= told.volunteers <= told.staff:
        raise Refusal(
            _("There are more registered volunteers than staff."), _("Count only the unit's own staff, each once.")
        )
    if not 0 <= told.hours <= told.volunteers * HOURS_A_HEAD:
        raise Refusal(_("So many hours are not in a year of these volunteers."), _("Check the number of hours."))
    if told.households is not None and not 0 < told.households <= MOST_STAFF:
        raise Refusal(
            _("The number of households cannot be right."), _("Give a number above nought, or leave it empty.")
        )
    return need(told.source, _("It does not say from which papers."), _("Name the register with its day."))
