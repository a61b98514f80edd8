"""A unit's application: begun, written, submitted, returned, withdrawn; and what persons found from papers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
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
from chuangwen.honors.models import Application, EligibilityRule, Programme, RuleFinding
from chuangwen.honors.queries.assessing import assessable
from chuangwen.honors.queries.family_facts import outcome_for
from chuangwen.honors.queries.subjects import fits
from chuangwen.honors.services.assessing import (
    Clashed,
    LineTold,
    keep_lines,
    keep_report,
    refresh_lines,
    refuse_written,
    still_written,
    whole_sum,
)
from chuangwen.honors.services.papers import (
    behalf_of,
    keep_papers,
    need,
    page_of,
    refuse_own_time,
    tell_office,
    tell_unit,
)
from chuangwen.honors.services.stepping import advance, note_step
from chuangwen.honors.workflow import APPLICATION, APPLY, REVIEW
from chuangwen.organizations.models import Unit

SETTLED_IN = (
    ApplicationState.SUBMITTED, ApplicationState.REVIEWED, ApplicationState.RECOMMENDED, ApplicationState.RESERVE,
    ApplicationState.NOTICED,
)  # fmt: skip
OUT = (ApplicationState.WITHDRAWN, ApplicationState.REFUSED, ApplicationState.PASSED_OVER)


def begin_application(programme: Programme, unit: Unit, *, actor: Any) -> Application:
    """Begin a unit's application, still to be written. Whether it may be submitted is another question."""
    refuse_time(programme, clock.today())
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


def write_application(
    application: Application, *, self_report: str, actor: Any, self_score: Decimal | None = None,
    lines: Mapping[str, LineTold] | None = None, papers: Iterable[Upload] = (), seen: Mapping[str, int] | None = None,
) -> None:  # fmt: skip
    """Keep the self-assessment and what the unit says of itself, while it is being written.

    `lines`: by the code of each criterion, bonus and penalty; those left out stay as they are. Their sum is the
    application's self score, None while a line is open. Where the programme's standard cannot be summed, or there is
    none, the score is the one number `self_score`. `seen`: as assessing.keep_lines; Clashed where another person
    wrote meanwhile, and nothing is kept.
    """
    refuse_written(application, actor)
    if application.family_id is not None:
        raise Refusal(_("A family assesses nothing itself."), _("Write the short text that the family has seen."))
    by_line = assessable(application.programme) is not None
    if by_line != (lines is not None):
        raise Refusal(
            _("The self-assessment of this programme is written criterion by criterion.") if by_line
            else _("The self-assessment of this programme is one number."), _("Open the application again."),
        )  # fmt: skip
    if self_score is not None and not 0 <= self_score <= 110:  # a bonus of up to 10 goes on top
        raise Refusal(_("Points lie between 0 and 110."), _("Check the number."))
    with transaction.atomic():
        still_written(application)
        clashes = keep_report(application, self_report, seen)
        if lines is not None:
            clashes |= keep_lines(application, lines, seen, actor=actor).clashes
        if clashes:
            raise Clashed(clashes)
        if lines is not None:
            self_score = whole_sum(application)
        Application.objects.filter(pk=application.pk).update(self_score=self_score)
        application.self_score = self_score
        keep_papers(papers, application, region=application.region, actor=actor)
        told = {code: line.points for code, line in (lines or {}).items()}
        record(
            "honors.application.write", application, actor=actor,
            data={"self_score": self_score, "lines": told, "on_behalf": behalf_of(application.unit, actor)},
        )  # fmt: skip


def write_and_refresh(
    application: Application, codes: Collection[str] | None, *, actor: Any, **answers: Any
) -> int:  # fmt: skip
    """Keep what was written, then take lines anew from the ledger, as refresh_lines; both or nothing."""
    with transaction.atomic():
        write_application(application, actor=actor, **answers)
        return refresh_lines(application, codes, actor=actor)


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
    refuse_time(programme, clock.local(moment).date())
    name = need(responsible, _("It does not say who signed."), _("Give the name of the first responsible."))
    if signed_on > clock.today():
        raise Refusal(_("The day of signing lies ahead."), _("Give today or an earlier day."))
    outcome = outcome_for(application)
    if not outcome.may_submit:
        raise _barred(application, outcome)
    with transaction.atomic():
        if application.family_id is not None:
            refuse_over_quota(application)
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
    refuse_time(application.programme, clock.today())
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
    if application.family_id is not None and len(told) > 60:
        raise Refusal(_("More is said than is kept of families."), _("Say only who was asked, and on which day."))
    outcome = outcome_for(application)
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


def refuse_over_quota(application: Application) -> None:
    """Refusal where the recommending unit has handed in as many families as the programme gives each unit."""
    programme = Programme.objects.select_for_update().get(pk=application.programme_id)
    if programme.unit_quota is None:
        return
    others = Application.objects.filter(programme=programme, unit=application.unit_id).exclude(pk=application.pk)
    if others.exclude(state__in=[ApplicationState.DRAFT, *OUT]).count() >= programme.unit_quota:
        raise Refusal(
            _("“%(unit)s” has handed in the %(n)d families that each unit can recommend.")
            % {"unit": application.unit, "n": programme.unit_quota},
            _("Withdraw another one first."),
        )


def refuse_time(programme: Programme, day: date) -> None:
    """Refusal outside the days for applying."""
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
        _("“%(unit)s” cannot submit yet: %(n)d conditions are missing.") % {"unit": application.holder, "n": number},
        _("The list of conditions says what to do."),
    )
