"""What befalls a title: cards, suspension, re-verification, delisting, appeal, carrying on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.templatetags.wording import day as day_words
from chuangwen.core.workdays import default_calendar
from chuangwen.honors.eligibility import months_after
from chuangwen.honors.enums import AwardState, CardOutcome, CheckOutcome, Ruling
from chuangwen.honors.models import Appeal, Award, Card, LadderStep, Reverification, year_end
from chuangwen.honors.queries.facts import predecessors
from chuangwen.honors.queries.settings import setting
from chuangwen.honors.services.applications import refuse_own
from chuangwen.honors.services.granting import grant, refuse_bar
from chuangwen.honors.services.papers import (
    award_page,
    behalf_of,
    keep_papers,
    need,
    refuse_own_time,
    tell_office,
    tell_unit,
)
from chuangwen.honors.services.stepping import advance, note_step
from chuangwen.honors.workflow import APPLY, AWARD, AWARDED
from chuangwen.organizations.models import Unit
from chuangwen.workflow.models import Step
from chuangwen.workflow.queries import history_of

MEASURES = {AwardState.YELLOW: "warn", AwardState.SUSPENDED: "suspend", AwardState.DELISTED: "delist"}
UNDO = {AwardState.YELLOW: "lift", AwardState.SUSPENDED: "restore", AwardState.DELISTED: "reinstate"}


def give_card(
    award: Award, *, reason: str, decided_by: str, actor: Any, until: date | None = None, papers: Iterable[Upload] = ()
) -> Card:
    """A yellow card with its reason and a term until which the unit puts it right."""
    refuse_own(award.unit, actor)
    who = _decider(decided_by)
    today = clock.today()
    term = until or months_after(today, setting(award.region, "card-months"))
    if term <= today:
        raise Refusal(_("The term is over before it begins."), _("Give a later day."))
    with transaction.atomic():
        advance(award, AWARDED, "warn", actor=actor, note=reason, data={"until": term, "decided_by": who})
        card: Card = Card.objects.create(
            region=award.region, award=award, reason=reason.strip(), decided_by=who, issued_on=today, until=term
        )
        keep_papers(papers, award, region=award.region, actor=actor)
        tell_unit(award.unit, _("Yellow card: %s") % award, award_page(award), body=reason)
    return card


def lift_card(award: Award, *, reason: str, actor: Any) -> None:
    """It has been put right and checked: the title is in full force again."""
    refuse_own(award.unit, actor)
    with transaction.atomic():
        advance(award, AWARDED, "lift", actor=actor, note=reason)
        _settle_card(award, CardOutcome.LIFTED)
        tell_unit(award.unit, _("Yellow card lifted: %s") % award, award_page(award))


def suspend_title(award: Award, *, reason: str, decided_by: str, actor: Any, papers: Iterable[Upload] = ()) -> None:
    """The title rests (停牌) until the suspension is ended or the unit is delisted."""
    refuse_own(award.unit, actor)
    who = _decider(decided_by)
    with transaction.atomic():
        advance(award, AWARDED, "suspend", actor=actor, note=reason, data={"decided_by": who})
        _settle_card(award, CardOutcome.ENDED)
        keep_papers(papers, award, region=award.region, actor=actor)
        tell_unit(award.unit, _("Suspended: %s") % award, award_page(award), body=reason)


def restore_title(award: Award, *, reason: str, actor: Any) -> None:
    """The suspension ends."""
    refuse_own(award.unit, actor)
    with transaction.atomic():
        advance(award, AWARDED, "restore", actor=actor, note=reason)
        tell_unit(award.unit, _("Suspension ended: %s") % award, award_page(award))


def delist(
    award: Award, *, reason: str, decided_by: str, document: str, actor: Any, papers: Iterable[Upload] = ()
) -> None:
    """Take the title and the plaque away (摘牌); the unit cannot apply in the next year."""
    refuse_own(award.unit, actor)
    who = _decider(decided_by)
    number = need(document, _("The number of the decision is missing."), _("Give the number of the document."))
    today = clock.today()
    until = year_end(today, setting(award.region, "bar-years"))
    with transaction.atomic():
        advance(
            award, AWARDED, "delist", actor=actor, note=reason, ended_on=today, barred_until=until,
            data={"decided_by": who, "document": number, "barred_until": until},
        )  # fmt: skip
        _settle_card(award, CardOutcome.DELISTED)
        keep_papers(papers, award, region=award.region, actor=actor)
        tell_unit(award.unit, _("Delisted: %s") % award, award_page(award), body=reason)


def let_lapse(award: Award, *, reason: str, actor: Any) -> None:
    """The title ends without blame: its term is over, or the unit does not want it any more. No bar follows."""
    refuse_own(award.unit, actor)
    with transaction.atomic():
        advance(award, AWARDED, "lapse", actor=actor, note=reason, ended_on=clock.today())
        _settle_card(award, CardOutcome.ENDED)
        tell_unit(award.unit, _("Lapsed: %s") % award, award_page(award), body=reason)


def take_plaque_back(award: Award, *, day: date, actor: Any) -> None:
    """The plaque of a title that has ended is back."""
    if actor is not None:
        require(actor, AWARD, award)
    if award.is_standing:
        raise Refusal(_("The title is in force: its plaque stays."), _("Only of an ended title the plaque comes back."))
    if award.plaque_back_on is not None:
        raise Refusal(_("The plaque is back already."), _("Open the title again to see it."))
    if day > clock.today() or (award.ended_on and day < award.ended_on):
        raise Refusal(_("The day lies ahead or before the end of the title."), _("Check the day."))
    with transaction.atomic():
        Award.objects.filter(pk=award.pk).update(plaque_back_on=day, updated_at=clock.now())
        award.plaque_back_on = day
        note_step(award, "plaque-back", actor=actor, data={"day": day, "plaque": award.plaque})


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a re-verification found. Losing or warning needs words; `document` where the title is taken away."""

    outcome: str
    checked_on: date
    checked_by: str
    points: Decimal | None = None
    remarks: str = ""
    document: str = ""


def reverify(award: Award, result: CheckResult, *, actor: Any, papers: Iterable[Upload] = ()) -> Reverification:
    """Enter the yearly re-verification: the title is kept, warned or taken away, all in one act."""
    if actor is not None:
        require(actor, AWARD, award)
    refuse_own(award.unit, actor)
    if not award.is_standing:
        raise Refusal(_("“%s” is not in force.") % award, _("Only titles in force are re-verified."))
    if result.checked_on > clock.today():
        raise Refusal(_("The day lies ahead."), _("Give today or an earlier day."))
    if result.points is not None and not 0 <= result.points <= 110:
        raise Refusal(_("Points lie between 0 and 110."), _("Check the number."))
    who = need(result.checked_by, _("It does not say who checked."), _("Give the name."))
    if result.outcome != CheckOutcome.KEPT and not result.remarks.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It is shown to the other side."))
    step = LadderStep.objects.filter(title=award.title_id).first()
    following = months_after(award.reverify_by, step.reverify_months if step else 12)
    try:
        with transaction.atomic():
            made: Reverification = Reverification.objects.create(
                region=award.region, award=award, due_on=award.reverify_by, checked_on=result.checked_on,
                points=result.points, outcome=result.outcome, remarks=result.remarks.strip(), checked_by=who,
                entered_by=actor,
            )  # fmt: skip
            Award.objects.filter(pk=award.pk).update(reverify_by=following, updated_at=clock.now())
            award.reverify_by = following
            note_step(award, "reverify", actor=actor, note=result.remarks, data={"outcome": result.outcome})
            keep_papers(papers, made, region=award.region, actor=actor)
            _follow(award, result, who, actor)
    except IntegrityError as error:
        raise Conflict(_("“%s” has been re-verified already.") % award, _("Open it again to see it.")) from error
    return made


def _follow(award: Award, result: CheckResult, who: str, actor: Any) -> None:
    if result.outcome == CheckOutcome.WARNED:
        give_card(award, reason=result.remarks, decided_by=who, actor=actor)
    elif result.outcome == CheckOutcome.LOST:
        delist(award, reason=result.remarks, decided_by=who, document=result.document, actor=actor)


def raise_appeal(award: Award, *, text: str, actor: Any, raised_on: date | None = None,
                 papers: Iterable[Upload] = ()) -> Appeal:  # fmt: skip
    """The unit appeals against its card, suspension or delisting, within the days that the office has set."""
    if actor is not None:
        require(actor, APPLY, award)
    told = need(text, _("The appeal has no text."), _("Write what the unit objects to and why."))
    refuse_own_time(award.unit, actor, raised_on)
    step = measure_of(award)
    if step is None:
        raise Refusal(_("There is nothing to appeal against."), _("The title is in full force."))
    day = raised_on or clock.today()
    last = appeal_until(award, step)
    if not clock.local(step.at).date() <= day <= min(last, clock.today()):
        raise Refusal(
            _("Appeals could be raised until %s.") % day_words(last), _("What came in time on paper: give its day.")
        )
    try:
        with transaction.atomic():
            made: Appeal = Appeal.objects.create(
                region=award.region, award=award, against=award.state, text=told, raised_on=day, raised_by=actor
            )
            note_step(award, "appeal", actor=actor, note=told, on_behalf=behalf_of(award.unit, actor))
            keep_papers(papers, made, region=award.region, actor=actor)
            tell_office(award.region, AWARD, _("Appeal to be decided: %s") % award, award_page(award))
    except IntegrityError as error:
        raise Conflict(_("An appeal is being decided already."), _("Wait for its ruling.")) from error
    return made


def rule_appeal(appeal: Appeal, *, ruling: str, reply: str, actor: Any) -> None:
    """Decide an appeal. Upheld, the measure is taken back. Not by the person who took the measure."""
    award = appeal.award
    if actor is not None:
        require(actor, AWARD, award)
    refuse_own(award.unit, actor)
    told = need(reply, _("There is no reply."), _("Write why it is decided so."))
    step = measure_of(award)
    if actor is not None and step is not None and step.actor_id == actor.pk:
        raise Refusal(_("You took the measure yourself."), _("Another person of the office decides the appeal."))
    with transaction.atomic():
        done = Appeal.objects.filter(pk=appeal.pk, ruled_on__isnull=True).update(
            ruling=ruling, reply=told, ruled_on=clock.today(), ruled_by=actor, updated_at=clock.now()
        )
        if not done:
            raise Refusal(_("The appeal has been decided already."), _("Open it again to see the ruling."))
        appeal.refresh_from_db()
        note_step(award, "appeal-ruled", actor=actor, note=told, data={"ruling": ruling})
        if ruling == Ruling.UPHELD and award.state == appeal.against:
            _take_back(award, told, actor)
        tell_unit(award.unit, _("Appeal decided: %s") % award, award_page(award), body=told)


def _take_back(award: Award, reason: str, actor: Any) -> None:
    changes: dict[str, Any] = {"ended_on": None, "barred_until": None} if award.state == AwardState.DELISTED else {}
    if award.state == AwardState.YELLOW:
        _settle_card(award, CardOutcome.LIFTED)
    try:
        advance(award, AWARDED, UNDO[AwardState(award.state)], actor=actor, note=reason, **changes)
    except IntegrityError as error:
        raise Conflict(_("The unit holds the title again already."), _("Open the register.")) from error


def measure_of(award: Award) -> Step | None:
    """The step by which the award got its present card, suspension or delisting; None where it has none."""
    action = MEASURES.get(AwardState(award.state))
    return history_of(award).filter(action=action).last() if action else None


def appeal_until(award: Award, step: Step) -> date:
    """The last day for an appeal against the measure."""
    return default_calendar().add_workdays(clock.local(step.at).date(), setting(award.region, "appeal-workdays"))


def carry_on(award: Award, *, to: Unit | None, reason: str, actor: Any) -> Award | None:
    """Decide what becomes of the title of a unit that was renamed, merged or split: never by itself.

    `to`: the successor that holds it from now on, with its years; None lets it lapse. A card or a suspension
    has to be settled before, so that nobody leaves it behind with the old name.
    """
    if actor is not None:
        require(actor, AWARD, award)
    refuse_own(award.unit, actor)
    if award.family_id is not None:
        raise Refusal(_("A family keeps its title, whoever recommends it."), _("Hand the family over to another unit."))
    if award.unit.valid_to is None or award.unit.valid_to >= clock.today():
        raise Refusal(_("“%s” still exists: its title stays with it.") % award.unit, _("There is nothing to decide."))
    if to is None:
        let_lapse(award, reason=reason, actor=actor)
        return None
    if award.state != AwardState.VALID:
        raise Refusal(_("The title is not in full force."), _("Settle the card or the suspension first."))
    if award.unit_id not in predecessors(award.region, [to.pk])[to.pk]:
        raise Refusal(_("“%(new)s” did not follow “%(old)s”.") % {"new": to, "old": award.unit},
                      _("Choose a successor of the unit."))  # fmt: skip
    refuse_bar(to, clock.today())
    with transaction.atomic():
        day = award.unit.valid_to + timedelta(days=1)
        advance(award, AWARDED, "carry", actor=actor, note=reason, ended_on=award.unit.valid_to, data={"to": str(to)})
        return grant(to, award.title, granted_on=day, document=award.document, actor=actor, carried_from=award,
                     held_since=award.held_since, plaque=award.plaque)  # fmt: skip


def _settle_card(award: Award, outcome: str) -> None:
    Card.objects.filter(award=award, settled_on__isnull=True).update(
        outcome=outcome, settled_on=clock.today(), updated_at=clock.now()
    )


def _decider(name: str) -> str:
    return need(name, _("It does not say who decided."), _("Give the body or the person."))
