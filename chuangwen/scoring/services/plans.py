"""Issues a plan: freezes what was chosen, and sends each unit one task with its problems in their order."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.audit.services import record
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import require_actor
from chuangwen.core.errors import Refusal
from chuangwen.core.templatetags.wording import day
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit
from chuangwen.rectification.enums import ProblemState
from chuangwen.responsibilities.models import Origin, Task
from chuangwen.responsibilities.queries.repeats import Ask, OpenRequest, open_alike
from chuangwen.responsibilities.services.repeating import FIRST, Again, keep_repeats
from chuangwen.responsibilities.services.tasks import acting_post, draft_task, issue_task
from chuangwen.scoring.engine import show
from chuangwen.scoring.models import ActionPlan, PlanItem, Run
from chuangwen.scoring.problem_words import standing_of, won
from chuangwen.scoring.queries.plans import Plan, UnitPart, problems_of


def issue_plan(run: Run, plan: Plan, *, actor: Any, again: Again = FIRST) -> ActionPlan:
    """Keep the plan as it stands and send each unit its task, due on the plan's last day.

    What a problem's own deadline asks for already is not asked again: the task only says in which order. `again`
    answers for units that have such a task open; raises Repeated where it says nothing. All or nothing.
    """
    campaign = run.round.campaign
    require_actor(actor, "scoring.run", run)
    require_actor(actor, "responsibilities.edit", campaign)
    if not plan.chosen:
        raise Refusal(_("This plan holds no problem."), _("Give more people or days, or look at what is left out."))
    with transaction.atomic():
        # Whoever presses at the same moment waits here, and then finds the tasks already out.
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        repeats = repeats_of(run, plan)
        away = again.left_out(repeats)
        parts = [part for part in plan.units if part.unit.pk not in away]
        _check_people(parts)
        kept = _keep(run, plan, actor)
        sent: list[tuple[Task, OpenRequest]] = []
        for part in parts:
            task = _send(run, plan, part, actor)
            PlanItem.objects.filter(plan=kept, problem__in=[one.problem_id for one in part.chosen]).update(task=task)
            if part.unit.pk in repeats:
                sent.append((task, repeats[part.unit.pk]))
        keep_repeats(sent, again, actor)
        data = {"problems": len(plan.chosen), "tasks": len(parts), "people": plan.ask.people, "days": plan.ask.days,
                "expected": show(plan.expected)}  # fmt: skip
        record("scoring.plan.issue", kept, actor=actor, data=data)
    return kept


def repeats_of(run: Run, plan: Plan) -> dict[int, OpenRequest]:
    """Unit -> what is open there that its task of this plan would ask again."""
    asks = {part.unit.pk: Ask(part.unit.pk, task_title(part)) for part in plan.units}
    return open_alike(run.region, asks)


def task_title(part: UnitPart) -> str:
    number = len(part.chosen)
    words = ngettext("Put %d problem right in the order of the plan", "Put %d problems right in the order of the plan",
                     number)  # fmt: skip
    return words % number


def _check_people(parts: list[UnitPart]) -> None:
    missing = sorted(str(part.unit) for part in parts if acting_post(part.unit) is None)
    if missing:
        raise Refusal(
            _("No responsible person is named at: %s") % "、".join(missing),
            _("Name the acting responsible on the page of each unit."),
        )


def _keep(run: Run, plan: Plan, actor: Any) -> ActionPlan:
    ask = plan.ask
    kept = ActionPlan.objects.create(
        region_id=run.region_id, run=run, people=ask.people, days=ask.days, until=ask.until, money=ask.money,
        before=plan.before, expected=plan.expected, person_days=plan.person_days, cost=plan.cost, proven=plan.proven,
        made_by=actor,
    )  # fmt: skip
    PlanItem.objects.bulk_create(
        PlanItem(
            region_id=run.region_id, plan=kept, problem_id=one.problem_id, unit_id=one.lead_id, position=position,
            points=one.points, person_days=one.person_days, cost=one.cost,
        )
        for position, one in enumerate(plan.chosen, 1)
    )  # fmt: skip
    return kept


def _send(run: Run, plan: Plan, part: UnitPart, actor: Any) -> Task:
    """One task for one unit: what, until when, by what measure; the posts follow from the unit."""
    unit: Unit = part.unit
    task = draft_task(
        run.round.campaign, unit, title=task_title(part), detail=_detail(plan, part), actor=actor,
        due_at=default_calendar().end_of_day(plan.ask.until),
        measure=_("All of them put right and verified; what has a deadline of its own, by that day."),
        origin=Origin.HAND, origin_text=_("Plan of what to do next, %s") % run.round,
    )  # fmt: skip
    issue_task(task, actor=actor)
    return task


def _detail(plan: Plan, part: UnitPart) -> str:
    lines = []
    for number, (one, problem) in enumerate(zip(part.chosen, problems_of(part.chosen), strict=True), 1):
        asked = _("by %s") % day(plan.ask.until) if problem.state == ProblemState.FOUND else standing_of(problem)
        words = {"n": number, "number": problem.number, "title": problem.title, "won": won(one.points), "asked": asked}
        lines.append(_("%(n)d. %(number)s %(title)s: %(won)s points, %(asked)s") % words)
    lines.append(_("What is under way already keeps its own deadline and is not reported again."))
    return "\n".join(lines)
