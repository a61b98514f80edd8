"""Two units quarrel over whose it is: a clock, interim action by the territory, a ruling that becomes a rule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit
from chuangwen.rectification.deadlines import resumed
from chuangwen.rectification.enums import PhotoRole, Routed, RuleOrigin
from chuangwen.rectification.models import Dispute, Problem
from chuangwen.rectification.services.assigning import check_lead
from chuangwen.rectification.services.handling import behalf, check_time
from chuangwen.rectification.services.photos import add_uploads
from chuangwen.rectification.services.routing import save_rule
from chuangwen.rectification.services.telling import tell_both, tell_office, tell_unit
from chuangwen.rectification.workflow import PROBLEM_WORKFLOW, objection_refused
from chuangwen.workflow.services import advance

RULING_WITHIN = "2d"  # practice.md: a ruling comes within 2 days


def raise_dispute(
    problem: Problem,
    *,
    reason: str,
    actor: Any,
    proposed_lead: Unit | None = None,
    on_behalf: str = "",
    scans: Iterable[Upload] = (),
    at: datetime | None = None,
) -> Dispute:
    """The lead objects. Until the ruling the territory acts (practice.md) and is told so."""
    moment = check_time(problem, at)
    if refused := objection_refused(problem, moment):
        raise Refusal(refused, _("Talk to the campaign office."))
    if proposed_lead:
        check_lead(problem, proposed_lead)
    with transaction.atomic():
        advance(
            problem, PROBLEM_WORKFLOW, "dispute", actor=actor, note=reason, at=moment,
            on_behalf=behalf(problem, actor, on_behalf), data={"proposed": str(proposed_lead or "")},
        )  # fmt: skip
        dispute: Dispute = Dispute.objects.create(
            region=problem.region, problem=problem, by_unit=problem.lead, reason=reason, proposed_lead=proposed_lead,
            raised_at=moment, rule_by=default_calendar().deadline(moment, RULING_WITHIN),
        )  # fmt: skip
        add_uploads(problem, scans, role=PhotoRole.PROOF, actor=actor, at=at)
        tell_office(problem, _("Objection to be ruled on: %s") % problem.title, "rectification.rule")
        if problem.territory and problem.territory_id != problem.lead_id:
            tell_unit(problem, _("Please act for the time being: %s") % problem.title, unit=problem.territory)
    return dispute


def rule_dispute(
    problem: Problem,
    *,
    lead: Unit,
    ruling: str,
    actor: Any,
    keep_as_rule: bool = True,
    at: datetime | None = None,
) -> None:
    """Decide whose it is; the ruling becomes a routing rule.

    A new lead gets the whole time of the type; the old one gets back what the ruling took.
    """
    dispute = problem.disputes.filter(ruled_at__isnull=True).order_by("-raised_at").first()
    if dispute is None:
        raise Refusal(_("There is no open objection to this problem."), _("Open it again to see its present state."))
    check_lead(problem, lead)
    moment = check_time(problem, at)
    former, calendar, within = problem.lead, default_calendar(), problem.problem_type.within
    stays = lead.pk == former.pk
    due = (
        resumed(calendar, problem.due_at, since=dispute.raised_at, until=moment, within=within)
        if stays
        else calendar.deadline(moment, within)
    )
    with transaction.atomic():
        rule = _kept(problem, lead, actor=actor) if keep_as_rule else None
        advance(
            problem, PROBLEM_WORKFLOW, "rule", actor=actor, note=ruling, at=moment, lead=lead, assigned_at=moment,
            received_at=problem.received_at if stays else None, due_at=due, routed_by=Routed.RULING, routing_rule=rule,
            data={"lead": str(lead), "due": due, "kept": keep_as_rule, "former": former.pk},
        )  # fmt: skip
        Dispute.objects.filter(pk=dispute.pk).update(ruled_at=moment, ruling=ruling, lead=lead)
        tell_both(problem, _("Ruled: %s") % problem.title)
        if not stays:
            tell_unit(problem, _("No longer yours: %s") % problem.title, unit=former)


def _kept(problem: Problem, lead: Unit, *, actor: Any) -> Any:
    place_type = problem.place.place_type if problem.place else None
    return save_rule(
        problem.problem_type, place_type, problem.territory, lead=lead, origin=RuleOrigin.RULING, actor=actor
    )
