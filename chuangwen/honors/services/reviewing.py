"""Several reviewers score an application; the mean, or the trimmed mean, is what it is ranked by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import may, require
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.honors.enums import ApplicationState
from chuangwen.honors.models import Application, ReviewSheet
from chuangwen.honors.services.applications import refuse_own
from chuangwen.honors.services.papers import need
from chuangwen.honors.services.stepping import advance, note_step, refuse_naming
from chuangwen.honors.tally import mean
from chuangwen.honors.workflow import APPLICATION, AWARD, REVIEW


@dataclass(frozen=True, slots=True)
class Score:
    """What one reviewer says: points of 0 to 100 and a few words."""

    reviewer: str
    points: Decimal
    reviewed_on: date
    remarks: str = ""


def enter_review(application: Application, score: Score, *, actor: Any) -> ReviewSheet:
    """Keep one reviewer's score. Whoever enters another's sheet is named beside that person (代录)."""
    if actor is not None:
        require(actor, REVIEW, application)
    refuse_own(application.unit, actor)
    name = need(score.reviewer, _("It does not say who reviewed."), _("Give the reviewer's name."))
    if actor is not None and name != str(actor) and not may(actor, AWARD, application):
        raise Refusal(_("You score under your own name."), _("The sheets of others are entered by the office."))
    if not 0 <= score.points <= 100:
        raise Refusal(_("Points lie between 0 and 100."), _("Check the number."))
    if score.reviewed_on > clock.today():
        raise Refusal(_("The day of the review lies ahead."), _("Give today or an earlier day."))
    refuse_naming(application, score.remarks)
    try:
        with transaction.atomic():
            _refuse_closed(application)
            sheet: ReviewSheet = ReviewSheet.objects.create(
                region=application.region, application=application, reviewer=name, entered_by=actor,
                points=score.points, remarks=score.remarks.strip(), reviewed_on=score.reviewed_on,
            )  # fmt: skip
            note_step(application, "score", actor=actor, data={"reviewer": name},
                      on_behalf="" if actor is None or str(actor) == name else name)  # fmt: skip
    except IntegrityError as error:
        raise Conflict(
            _("There is a sheet of “%s” already.") % name, _("Take it away first, then enter another.")
        ) from error
    return sheet


def drop_review(sheet: ReviewSheet, *, actor: Any) -> None:
    """Take a sheet away that was entered wrongly, while the review is open. Only who entered it can."""
    if actor is not None and sheet.entered_by_id != actor.pk:
        raise Refusal(_("Another person entered this sheet."), _("That person can take it away."))
    with transaction.atomic():
        _refuse_closed(sheet.application)
        note_step(
            sheet.application, "drop-score", actor=actor, data={"reviewer": sheet.reviewer, "points": sheet.points}
        )
        sheet.delete()


def close_review(application: Application, *, actor: Any) -> None:
    """Enough reviewers have scored: from now on the application has its points and can be deliberated."""
    refuse_own(application.unit, actor)
    programme = application.programme
    with transaction.atomic():
        _state_now(application)
        points = list(application.sheets.values_list("points", flat=True))
        if len(points) < programme.reviewers:
            raise Refusal(
                _("%(there)d of %(needed)d reviewers have scored.")
                % {"there": len(points), "needed": programme.reviewers},
                _("Enter the other sheets first."),
            )
        total = mean(points, trimmed=programme.trimmed)
        advance(application, APPLICATION, "review", actor=actor, data={"points": total, "sheets": len(points)},
                score=total)  # fmt: skip


def _state_now(application: Application) -> str:
    """Locks the application until the transaction ends: the mean is that of the sheets there are, and stays so."""
    return Application.objects.select_for_update().values_list("state", flat=True).get(pk=application.pk)


def _refuse_closed(application: Application) -> None:
    if _state_now(application) != ApplicationState.SUBMITTED:
        raise Refusal(_("“%s” is not being reviewed.") % application, _("Open it again to see its present state."))
