"""Consequences and rewards of units (奖惩, 结果运用): entered by one person, confirmed by another, answered by it.

Of units alone. What concerns persons is handed over elsewhere, and only that it was (mechanisms 113, 117).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.audit.services import record
from chuangwen.core import clock
from chuangwen.core.access import may, require_region
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.models import Region
from chuangwen.core.soundness import true_time
from chuangwen.inspections.services.sources import lapse_origin
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import office_people, people_to_tell
from chuangwen.rectification.models import Problem
from chuangwen.supervision.enums import ConsequenceState
from chuangwen.supervision.models import Consequence, ConsequenceKind, ConsequenceReply
from chuangwen.supervision.models.consequences import BASES
from chuangwen.supervision.services.papers import keep_papers
from chuangwen.supervision.services.veto import VETO, months_after
from chuangwen.supervision.workflow import (
    ANSWER,
    CONSEQUENCE_WORKFLOW,
    EDIT,
    answers_for_unit,
    not_the_own_unit,
)
from chuangwen.workflow.services import advance, note_step


@dataclass(frozen=True, slots=True)
class Decided:
    """What the paper says. `until` None: by the kind."""

    day: date
    year: int
    title: str
    issuer: str
    paper: str
    until: date | None = None


def enter_consequence(
    unit: Unit, kind: ConsequenceKind, decided: Decided, *, basis: Any = None, scans: Iterable[Upload] = (), actor: Any
) -> Consequence:
    """Enter what a paper says of a unit, with what it comes from in the program. It holds once another confirms it.

    `basis`: a notice, task, problem, dossier, exposure or veto event of the unit, or a title.
    """
    require_region(actor, EDIT, unit.region_id)
    _check_kind(kind, unit.region_id)
    _check(decided)
    on = {} if basis is None else _basis(unit, basis)
    with transaction.atomic():
        made: Consequence = Consequence.objects.create(
            region=unit.region, unit=unit, kind=kind, entered_by=actor, **_values(kind, decided), **on
        )
        kept = {"kind": kind.name, "paper": decided.paper, "scans": keep_papers(made, scans, actor=actor)}
        note_step(made, "report", actor=actor, note=decided.title, data=kept)
    return made


def take_up(consequence: Consequence, decided: Decided, *, scans: Iterable[Upload] = (), actor: Any) -> None:
    """What a rule proposed was decided on paper: enter that. Another person confirms it."""
    _check_kind(consequence.kind, consequence.region_id)
    _check(decided)
    with transaction.atomic():
        kept = {"paper": decided.paper, "scans": keep_papers(consequence, scans, actor=actor)}
        values = _values(consequence.kind, decided)
        if consequence.rule_id:
            values["year"] = consequence.year  # of the year in which the figure was reached
        advance(
            consequence, CONSEQUENCE_WORKFLOW, "enter", actor=actor, note=decided.title, data=kept, entered_by=actor,
            **values,
        )  # fmt: skip


def confirm_consequence(consequence: Consequence, *, actor: Any) -> None:
    """It holds; the unit is told."""
    with transaction.atomic():
        advance(consequence, CONSEQUENCE_WORKFLOW, "confirm", actor=actor, confirmed_by=actor, confirmed_at=clock.now())
        _tell(people_to_tell(consequence.unit, ANSWER), consequence, str(consequence.kind))


def reject_consequence(consequence: Consequence, *, reason: str, actor: Any) -> None:
    """The paper does not say so, or not of this unit: it never holds."""
    with transaction.atomic():
        advance(consequence, CONSEQUENCE_WORKFLOW, "reject", actor=actor, note=reason)


def drop_consequence(consequence: Consequence, *, reason: str, actor: Any) -> None:
    """What a rule proposed is not taken up. The rule proposes it for this year no more."""
    with transaction.atomic():
        advance(consequence, CONSEQUENCE_WORKFLOW, "drop", actor=actor, note=reason)


def lift_consequence(consequence: Consequence, *, reason: str, actor: Any) -> None:
    """It no longer holds, for instance after an appeal; the unit is told."""
    with transaction.atomic():
        advance(consequence, CONSEQUENCE_WORKFLOW, "lift", actor=actor, note=reason)
        lapse_origin(f"consequence/{consequence.pk}", reason=reason, actor=actor)
        _tell(people_to_tell(consequence.unit, ANSWER), consequence, _("Lifted: %s") % consequence.kind)


def reply_to_consequence(
    consequence: Consequence, *, text: str, actor: Any, is_appeal: bool = False, on_behalf: str = "",
    at: datetime | None = None,
) -> ConsequenceReply:  # fmt: skip
    """The unit says its word, or appeals; the office enters it from paper (代录). One appeal at a time."""
    if actor is not None and not may(actor, ANSWER, consequence):
        raise PermissionDenied(ANSWER)
    if consequence.state != ConsequenceState.CONFIRMED:
        raise Refusal(_("There is nothing to reply to now."), _("Open it again to see its present state."))
    if not text.strip():
        raise Refusal(_("There is no text."), _("Write what readers should know."))
    if is_appeal and consequence.kind.is_reward:
        raise Refusal(_("There is no appeal against a reward."), _("Write a reply."))
    moment = true_time(at)
    behalf = on_behalf if actor is None or answers_for_unit(actor, consequence) else str(consequence.unit)
    with transaction.atomic():
        Consequence.objects.select_for_update(of=("self",)).get(pk=consequence.pk)
        if is_appeal and consequence.replies.filter(is_appeal=True, decided_at__isnull=True).exists():
            raise Refusal(_("An appeal of the unit waits already."), _("Write a reply to add something."))
        reply: ConsequenceReply = ConsequenceReply.objects.create(
            region=consequence.region, consequence=consequence, text=text, is_appeal=is_appeal, at=moment,
            on_behalf=behalf,
        )  # fmt: skip
        note_step(consequence, "appeal" if is_appeal else "reply", actor=actor, note=text, at=moment, on_behalf=behalf)
        title = _("%s appeals") if is_appeal else _("%s replied")
        _tell(office_people(consequence.region, EDIT), consequence, title % consequence.unit)
    return reply


def decide_appeal(reply: ConsequenceReply, *, decision: str, lifts: bool, actor: Any) -> None:
    """Whether what was decided stays or is lifted, by a person who neither entered it nor is of the unit."""
    consequence = reply.consequence
    if actor is not None and not may(actor, VETO, consequence):
        raise PermissionDenied(VETO)
    if refused := not_the_own_unit(actor, consequence):
        raise Refusal(str(refused))
    if actor is not None and consequence.entered_by_id == actor.pk:
        raise Refusal(_("You entered this yourself."), _("Somebody else decides the appeal."))
    if not decision.strip():
        raise Refusal(_("Please give the reason in a few words."), _("It is shown to the other side."))
    with transaction.atomic():
        row = ConsequenceReply.objects.filter(pk=reply.pk, is_appeal=True, decided_at__isnull=True)
        if row.update(decision=decision, decided_by=actor, decided_at=clock.now()) != 1:
            raise Refusal(_("This appeal was decided already."), _("Open it again to see its present state."))
        note_step(consequence, "decide", actor=actor, note=decision, data={"lifts": lifts})
        if lifts:
            lift_consequence(consequence, reason=decision, actor=actor)
        else:
            title = _("Your appeal was decided: it stays")
            _tell(people_to_tell(consequence.unit, ANSWER), consequence, title)


def save_consequence_kind(
    region: Region, *, name: str, months: int, source: str, actor: Any, is_reward: bool = False, of_year: bool = False,
    bars: bool = False, is_on: bool = True, kind: ConsequenceKind | None = None,
) -> ConsequenceKind:  # fmt: skip
    """Keep a kind. What was entered under it keeps its term."""
    require_region(actor, EDIT, region.pk)
    if not 0 <= months <= 120:
        raise Refusal(_("The number lies outside 0 to 120."), _("Write a number of months between them."))
    if bars and (is_reward or not (months or of_year)):
        raise Refusal(_("Only what holds for some time bars."), _("Say for how many months, or for one year."))
    same = ConsequenceKind.objects.filter(region=region, name=name).exclude(pk=kind.pk if kind else None)
    if same.exists():
        raise Refusal(_("There is a kind of this name already."), _("Choose another name."))
    kept = kind or ConsequenceKind(region=region, position=ConsequenceKind.objects.filter(region=region).count())
    values = {
        "name": name, "months": months, "source": source, "is_reward": is_reward, "of_year": of_year, "bars": bars,
        "is_on": is_on,
    }  # fmt: skip
    for field, value in values.items():
        setattr(kept, field, value)
    with transaction.atomic():
        kept.save()
        record("supervision.consequence-kind.save", kept, actor=actor, data=values)
    return kept


def term_of(kind: ConsequenceKind, day: date, year: int) -> date | None:
    """Until when a consequence of this kind holds by itself: None where it is said once and holds no longer."""
    if kind.of_year:
        return max(date(year, 12, 31), day)
    return months_after(day, kind.months) if kind.months else None


def _values(kind: ConsequenceKind, decided: Decided) -> dict[str, Any]:
    return {
        "day": decided.day, "year": decided.year, "title": decided.title.strip(), "issuer": decided.issuer.strip(),
        "paper": decided.paper.strip(), "until": decided.until or term_of(kind, decided.day, decided.year),
    }  # fmt: skip


def _check_kind(kind: ConsequenceKind, region: int) -> None:
    if kind.region_id != region or not kind.is_on:
        raise Refusal(_("This kind is not in use."), _("Choose another one."))


def _check(decided: Decided) -> None:
    if decided.day > clock.today():
        raise Refusal(_("The day lies in the future."), _("Enter it once the paper is out."))
    if not decided.title.strip() or not decided.issuer.strip() or not decided.paper.strip():
        raise Refusal(_("Say for what, who issued the paper, and its number."))
    if decided.until is not None and decided.until < decided.day:
        raise Refusal(_("It would be over before it began."), _("Choose a later day."))
    if not decided.day.year - 2 <= decided.year <= decided.day.year + 1:
        raise Refusal(_("The year does not fit the paper's day."), _("Write the year to whose assessment it belongs."))


def _basis(unit: Unit, basis: Any) -> dict[str, Any]:
    """The field that holds the basis. Raises Refusal where it is another unit's."""
    models = {Consequence._meta.get_field(name).related_model: name for name in BASES}
    name = models[type(basis)]
    whose = basis.lead_id if isinstance(basis, Problem) else getattr(basis, "unit_id", unit.pk)
    if whose != unit.pk or basis.region_id != unit.region_id:
        raise Refusal(_("“%s” is not a matter of this unit.") % basis, _("Choose matters of one unit."))
    return {name: basis}


def _tell(people: Any, consequence: Consequence, title: str) -> None:
    url = reverse("supervision:consequence", args=[consequence.pk])
    notify(
        people, "supervision", title, region=consequence.region, url=url, body=consequence.title,
        urgent=not consequence.kind.is_reward, matter=True,
    )  # fmt: skip
