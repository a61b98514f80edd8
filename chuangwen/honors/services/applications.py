"""A unit's application: begun, written, submitted, returned, withdrawn; and what persons found from papers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import require, scope_of
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.models import as_json
from chuangwen.core.numbering import next_number
from chuangwen.core.soundness import true_time
from chuangwen.core.templatetags.wording import day as day_words
from chuangwen.honors.eligibility import BY_FIGURES, OFFICE, Outcome
from chuangwen.honors.enums import ApplicationState, ProgrammeState
from chuangwen.honors.models import Application, EligibilityRule, Programme, RuleFinding, SelfLine
from chuangwen.honors.queries.assessing import assessable, assessment_of, nodes_of
from chuangwen.honors.queries.facts import outcome_of
from chuangwen.honors.queries.subjects import fits
from chuangwen.honors.selfassessment import faults
from chuangwen.honors.services.papers import (
    behalf_of,
    keep_papers,
    need,
    page_of,
    refuse_own_time,
    tell_office,
    tell_unit,
)
from chuangwen.honors.workflow import APPLICATION, APPLY, REVIEW
from chuangwen.organizations.models import Unit
from chuangwen.workflow.services import advance, note_step

SETTLED_IN = (
    ApplicationState.SUBMITTED, ApplicationState.REVIEWED, ApplicationState.RECOMMENDED, ApplicationState.RESERVE,
    ApplicationState.NOTICED,
)  # fmt: skip


def begin_application(programme: Programme, unit: Unit, *, actor: Any) -> Application:
    """Begin a unit's application, still to be written. Whether it may be submitted is another question."""
    _refuse_time(programme, clock.today())
    if actor is not None:
        require(actor, APPLY, Application(region=unit.region, unit=unit))
    if unit.region_id != programme.region_id:
        raise Refusal(_("The unit belongs to another region."), _("Choose one from the list."))
    if not fits(programme.title, unit):
        raise Refusal(
            _("“%(title)s” is not for “%(unit)s”.") % {"title": programme.title, "unit": unit},
            _("Choose one of the kind that the title is for."),
        )
    if unit.valid_to and unit.valid_to < clock.today():
        raise Refusal(_("“%s” exists no more.") % unit, _("Its successor applies."))
    try:
        with transaction.atomic():
            count = next_number(programme.region, f"application-{programme.year}")
            made = Application.objects.create(
                region=programme.region, programme=programme, unit=unit, number=f"{programme.year}-{count:03d}"
            )
            note_step(made, "begin", actor=actor, on_behalf=behalf_of(unit, actor))
    except IntegrityError as error:
        raise Conflict(_("“%s” has an application here already.") % unit, _("Open that one.")) from error
    return made


@dataclass(frozen=True, slots=True)
class LineTold:
    """What a unit writes in a line of its self-assessment; `points` None: not said yet."""

    points: Decimal | None
    basis: str = ""


def write_application(
    application: Application, *, self_report: str, actor: Any, self_score: Decimal | None = None,
    lines: Mapping[str, LineTold] | None = None, papers: Iterable[Upload] = (),
) -> None:  # fmt: skip
    """Keep the self-assessment and what the unit says of itself, while it is being written.

    `lines`: by the code of each criterion, bonus and penalty; those left out stay as they are. Their sum is the
    application's self score, None while a line is open. Where the programme's standard cannot be summed, or there is
    none, the score is the one number `self_score`.
    """
    _editable(application, actor)
    by_line = assessable(application.programme) is not None
    if by_line != (lines is not None):
        raise Refusal(
            _("The self-assessment of this programme is written criterion by criterion.") if by_line
            else _("The self-assessment of this programme is one number."), _("Open the application again."),
        )  # fmt: skip
    if self_score is not None and not 0 <= self_score <= 110:  # a bonus of up to 10 goes on top
        raise Refusal(_("Points lie between 0 and 110."), _("Check the number."))
    with transaction.atomic():
        if not Application.objects.filter(pk=application.pk, state=ApplicationState.DRAFT).update(
            self_report=self_report.strip(), updated_at=clock.now()
        ):
            raise _moved_on(application)
        if lines is not None:
            self_score = _keep_lines(application, lines)
        Application.objects.filter(pk=application.pk).update(self_score=self_score)
        application.self_score, application.self_report = self_score, self_report.strip()
        keep_papers(papers, application, region=application.region, actor=actor)
        told = {code: line.points for code, line in (lines or {}).items()}
        record(
            "honors.application.write", application, actor=actor,
            data={"self_score": self_score, "lines": told, "on_behalf": behalf_of(application.unit, actor)},
        )  # fmt: skip


def _keep_lines(application: Application, lines: Mapping[str, LineTold]) -> Decimal | None:
    """Write the lines; their sum. Refused: points beyond those of a line, lines the standard does not ask for."""
    found = assessment_of(application)
    assert found is not None  # noqa: S101 (asked by the caller)
    wrong = faults([line.asked for line in found.lines], {code: line.points for code, line in lines.items()})
    if wrong:
        raise Refusal(
            _("The points of %s are not among those that the standard gives.") % _(", ").join(wrong[:5]),
            _("Give a number from nought to the points of the line."),
        )
    nodes = nodes_of(found.version)
    SelfLine.objects.bulk_create(
        [
            SelfLine(
                region=application.region, application=application, node_id=nodes.get(code), code=code,
                points=line.points, basis=line.basis.strip()[:200],
            )
            for code, line in lines.items()
        ],
        update_conflicts=True, unique_fields=["application", "code"], update_fields=["points", "basis", "updated_at"],
    )  # fmt: skip
    kept = assessment_of(application)
    return kept.total if kept and all(line.saved for line in kept.lines) else None


def submit_application(
    application: Application, *, responsible: str, signed_on: date, actor: Any, papers: Iterable[Upload] = (),
    at: datetime | None = None,
) -> None:  # fmt: skip
    """Hand the application in, signed by the unit's first responsible; what the rules say now is kept with it.

    Refused: outside the days for applying, and where a condition is not met or waits for the unit.
    """
    refuse_own_time(application.unit, actor, at)
    moment = true_time(at)
    programme = application.programme
    _refuse_time(programme, clock.local(moment).date())
    name = need(responsible, _("It does not say who signed."), _("Give the name of the first responsible."))
    if signed_on > clock.today():
        raise Refusal(_("The day of signing lies ahead."), _("Give today or an earlier day."))
    outcome = outcome_of(programme, application.unit)
    if not outcome.may_submit:
        raise _barred(application, outcome)
    with transaction.atomic():
        advance(
            application, APPLICATION, "submit", actor=actor, at=moment, on_behalf=behalf_of(application.unit, actor),
            data={"responsible": name, "met": outcome.met, "of": len(outcome.verdicts)}, submitted_at=moment,
            responsible=name, signed_on=signed_on, verdicts=snapshot(outcome),
        )  # fmt: skip
        keep_papers(papers, application, region=application.region, actor=actor)
        tell_office(application.region, REVIEW, _("Application to be reviewed: %s") % application, page_of(application),
                    body=str(programme))  # fmt: skip


def return_application(application: Application, *, reason: str, actor: Any) -> None:
    """Back to the unit for completion, as long as units can apply."""
    _refuse_time(application.programme, clock.today())
    refuse_own(application.unit, actor)
    with transaction.atomic():
        advance(application, APPLICATION, "return", actor=actor, note=reason)
        tell_unit(application.unit, _("Returned for completion: %s") % application, page_of(application), body=reason)


def withdraw_application(application: Application, *, reason: str, actor: Any) -> None:
    """The unit does not want it any more."""
    with transaction.atomic():
        advance(application, APPLICATION, "withdraw", actor=actor, note=reason,
                on_behalf=behalf_of(application.unit, actor))  # fmt: skip


def settle_condition(
    application: Application, rule: EligibilityRule, *, met: bool, source: str, actor: Any,
    papers: Iterable[Upload] = (),
) -> RuleFinding:  # fmt: skip
    """Say from papers whether a condition is met that the program cannot know (also after 征求意见).

    What the program knows is never overruled: then it is refused.
    """
    if actor is not None:
        require(actor, REVIEW, application)
    refuse_own(application.unit, actor)
    if application.state not in SETTLED_IN:
        raise Refusal(_("Conditions are settled once it is submitted."), _("Open it again to see its present state."))
    told = need(source, _("It does not say from which papers."), _("Name them with number and date."))
    outcome = outcome_of(application.programme, application.unit)
    verdict = next((one for one in outcome.verdicts if one.rule.key == rule.pk), None)
    if rule.kind in BY_FIGURES:
        raise Refusal(
            _("This condition rests on the unit's yearly figures."),
            _("Confirm the figures, or return them to the unit."),
        )
    if verdict is None or not (verdict.by_person or verdict.waits_for == OFFICE):
        raise Refusal(
            _("This condition is judged by what the program knows."), _("Where that is wrong, correct it at its place.")
        )
    with transaction.atomic():
        found, _new = RuleFinding.objects.update_or_create(
            application=application, rule=rule,
            defaults={
                "region": application.region, "met": met, "source": told, "found_by": actor, "found_at": clock.now(),
            },
        )  # fmt: skip
        note_step(application, "settle", actor=actor, note=told, data={"condition": str(rule), "met": met})
        keep_papers(papers, application, region=application.region, actor=actor)
    return found


def snapshot(outcome: Outcome) -> list[dict[str, Any]]:
    """The verdicts as they are kept with an application."""
    return [
        {
            "rule": one.rule.key, "kind": one.rule.kind, "state": one.state, "have": as_json(one.have),
            "whole": one.whole, "need": as_json(one.need), "by_person": one.by_person,
        }
        for one in outcome.verdicts
    ]  # fmt: skip


def refuse_own(unit: Unit, actor: Any) -> None:
    """Nobody judges the own unit: refused to its own people."""
    if actor is not None and unit.pk in scope_of(actor, APPLY).unit_ids:
        raise Refusal(_("Nobody judges the own unit."), _("Leave it to somebody else."))


def _editable(application: Application, actor: Any) -> None:
    if actor is not None:
        require(actor, APPLY, application)
    if application.state != ApplicationState.DRAFT:
        raise _moved_on(application)


def _moved_on(application: Application) -> Refusal:
    return Refusal(
        _("“%s” is handed in and no more changed.") % application,
        _("The office can return it for completion while units can apply."),
    )


def _refuse_time(programme: Programme, day: date) -> None:
    if programme.state != ProgrammeState.OPEN:
        raise Refusal(_("“%s” takes no applications.") % programme, _("Look at its timetable."))
    if day < programme.apply_from:
        raise Refusal(
            _("Applications begin on %s.") % day_words(programme.apply_from),
            _("Until then you can see what is missing."),
        )
    if day > programme.apply_until:
        raise Refusal(
            _("Applications ended on %s.") % day_words(programme.apply_until),
            _("What came in time on paper is entered by the office."),
        )


def _barred(application: Application, outcome: Outcome) -> Refusal:
    number = len(outcome.missing)
    return Refusal(
        _("“%(unit)s” cannot submit yet: %(n)d conditions are missing.") % {"unit": application.unit, "n": number},
        _("The list of conditions says what to do."),
    )
