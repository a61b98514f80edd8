"""Two units quarrel over whose it is: a clock, interim action by the territory, a ruling that becomes a rule."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import default_calendar
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import office_people, people_to_tell
from chuangwen.rectification.models import Dispute, Problem
from chuangwen.rectification.services.finding import tell_unit
from chuangwen.rectification.services.routing import save_rule
from chuangwen.rectification.workflow import PROBLEM_WORKFLOW
from chuangwen.workflow.services import advance

RULING_WITHIN = "2d"  # practice.md: a ruling comes within 2 days


def raise_dispute(problem: Problem, *, reason: str, actor: Any, proposed_lead: Unit | None = None) -> Dispute:
    """The lead objects. Until the ruling the territory acts (practice.md) and is told so."""
    moment = clock.now()
    with transaction.atomic():
        dispute = Dispute(
            region=problem.region, problem=problem, by_unit=problem.lead, reason=reason, proposed_lead=proposed_lead,
            raised_at=moment, rule_by=default_calendar().deadline(moment, RULING_WITHIN),
        )  # fmt: skip
        advance(problem, PROBLEM_WORKFLOW, "dispute", actor=actor, note=reason)
        dispute.save()
        url = reverse("rectification:problem", args=[problem.number])
        title = _("Objection to be ruled on: %s") % problem.title
        notify(
            office_people(problem.region, "rectification.rule"), "rectification", title, region=problem.region, url=url
        )
        if problem.territory:
            title = _("Please act for the time being: %s") % problem.title
            people = people_to_tell(problem.territory, "rectification.answer")
            notify(people, "rectification", title, region=problem.region, url=url)
    return dispute


def rule_dispute(problem: Problem, *, lead: Unit, ruling: str, actor: Any, keep_as_rule: bool = True) -> None:
    """Decide whose it is. The clock of the type starts anew, and the ruling becomes a routing rule."""
    dispute = problem.disputes.filter(ruled_at__isnull=True).order_by("-raised_at").first()
    if dispute is None:
        raise Refusal(_("There is no open objection to this problem."), _("Open it again to see its present state."))
    moment = clock.now()
    due = default_calendar().deadline(moment, problem.problem_type.within)
    with transaction.atomic():
        advance(
            problem, PROBLEM_WORKFLOW, "rule", actor=actor, note=ruling, lead=lead, assigned_at=moment, due_at=due,
            routed_by="ruling", data={"lead": str(lead)},
        )  # fmt: skip
        Dispute.objects.filter(pk=dispute.pk).update(ruled_at=moment, ruling=ruling, lead=lead)
        if keep_as_rule:
            place_type = problem.place.place_type if problem.place else None
            save_rule(problem.problem_type, place_type, problem.territory, lead=lead, origin="ruling", actor=actor)
        tell_unit(problem, _("Ruled: %s") % problem.title)
