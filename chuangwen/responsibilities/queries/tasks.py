"""Reads tasks: what waits for whom, the five fixings, what a person may do next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from chuangwen.campaigns.context import current_campaign
from chuangwen.core import clock
from chuangwen.core.access import may, scope_of
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.workdays import ZONE, default_calendar
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Post, Unit
from chuangwen.responsibilities.milestones import last_accepted
from chuangwen.responsibilities.models import OPEN_TASK_STATES, Origin, Postponement, Request, Task, TaskState
from chuangwen.responsibilities.workflow import TASK_WORKFLOW, speaks_for, task_flow
from chuangwen.workflow.models import Step
from chuangwen.workflow.services import available

MEASURES_DAYS = 3  # practice.md: the unit adds measures and people within three days of accepting
MEASURES_WITHIN = f"{MEASURES_DAYS}d"
ASKABLE = frozenset({TaskState.ACCEPTED})
REMINDABLE = frozenset({TaskState.ISSUED, TaskState.ACCEPTED})  # an objection waits for the office
POSTPONABLE = frozenset({TaskState.DRAFT, TaskState.ISSUED, TaskState.ACCEPTED, TaskState.OBJECTED})
LAST = ("assign", "address", "cancel")
OPEN = Q(state__in=[str(state) for state in OPEN_TASK_STATES])


UNFINISHED = OPEN | Q(state=TaskState.DRAFT)


def ownerless() -> Q:
    """Not finished, and its unit is no more: nobody follows it, or several do, so that a person gives it away."""
    return UNFINISHED & Q(unit__valid_to__lt=clock.today())


def papers_of(matters: Iterable[Any]) -> dict[int, list[Attachment]]:
    """The files that hang on tasks, or on other matters of one kind, by their key: one query."""
    several = list(matters)
    if not several:
        return {}
    rows = Attachment.objects.filter(owner_type=label_of(several[0]), owner_id__in=[one.pk for one in several])
    found: dict[int, list[Attachment]] = {}
    for one in rows.select_related("file").order_by("pk"):
        found.setdefault(one.owner_id, []).append(one)
    return found


def tasks_of(request: HttpRequest) -> QuerySet[Task]:
    """The tasks of the present campaign that the person sees: what the list holds, and all counts that lead to it."""
    rows = Task.objects.visible_to(request.user)
    campaign = current_campaign(request)
    return rows.filter(campaign=campaign) if campaign else rows


def late() -> Q:
    """Running and past the deadline."""
    return OPEN & Q(due_at__lt=clock.now())


def due_today() -> Q:
    """Running and due before the day ends."""
    return OPEN & Q(due_at__gte=clock.now(), due_at__lt=clock.end_of_today())


def due_this_week() -> Q:
    """Running and due between now and Sunday's end."""
    return OPEN & Q(due_at__gte=clock.now(), due_at__lt=clock.end_of_week())


TO_ACCEPT = Q(state=TaskState.ISSUED) & ~Q(origin=Origin.LETTER)  # a letter is not accepted but answered


def lacks_fixings_late() -> Q:
    """Accepted more than three working days ago, and still without measures or people."""
    calendar, now = default_calendar(), clock.now()
    over = clock.today() if calendar.end_of_day(clock.today()) < now else clock.today() - timedelta(days=1)
    day = last_accepted(over, MEASURES_DAYS, calendar)
    begins = datetime.combine(day + timedelta(days=1), time(0), ZONE)
    return (
        Q(state=TaskState.ACCEPTED, accepted_at__lt=begins) & (Q(measures="") | Q(people="")) & ~Q(origin=Origin.LETTER)
    )


def asks_for_time() -> Q:
    """The unit asked for a later deadline and nobody has decided."""
    return Q(pk__in=Postponement.objects.filter(state=Request.ASKED).values("task"))


def waiting_for(user: Any) -> Q:
    """What waits for this person: to answer and to do for the own unit, to decide, issue and confirm for the office."""
    decides = scope_of(user, "responsibilities.edit").regions
    own = scope_of(user, "responsibilities.answer").unit_ids
    states = [TaskState.DRAFT, TaskState.OBJECTED, TaskState.REPORTED]
    return Q(region__in=decides, state__in=states) | Q(unit__in=own, state__in=[TaskState.ISSUED, TaskState.ACCEPTED])


def helping(user: Any) -> Q:
    """What others lead and the person's units cooperate in, as far as it runs (我配合的)."""
    own = scope_of(user, "responsibilities.answer").unit_ids
    shared = Task.cooperating.through.objects.filter(unit_id__in=own)
    return OPEN & Q(pk__in=shared.values("task_id")) & ~Q(unit__in=own)


@dataclass(frozen=True, slots=True)
class Fixing:
    """One of the five fixings (五定): what is fixed, and by whom it is still to be."""

    key: str
    label: str
    value: str
    missing: str = ""


def fixings(task: Task) -> list[Fixing]:
    """Task, progress, responsibility, measures, people, each with what it lacks (mechanism 25)."""
    unit = str(task.unit) + (f" {task.post.title}" if task.post else "")
    doing = _("done by %s") % task.implementer.title if task.implementer else ""
    seeing = _("supervised by %s") % task.supervisor if task.supervisor else ""
    helpers = "、".join(str(one) for one in task.cooperating.all())
    told = [one for one in (unit, doing, seeing, _("with %s") % helpers if helpers else "") if one]
    theirs = "" if task.origin == Origin.LETTER else _("The unit adds them.")
    return [
        Fixing("task", _("Task"), task.measure, "" if task.measure else _("The office has not said the measure yet.")),
        Fixing("progress", _("Progress"), f"{task.progress}%"),
        Fixing("duty", _("Responsibility"), "\n".join(told), roles_missing(task)),
        Fixing("measures", _("Measures"), task.measures, "" if task.measures else theirs),
        Fixing("people", _("People on it"), task.people, "" if task.people else theirs),
    ]


def roles_missing(task: Task) -> str:
    """Which of the three roles (三角色, mechanism 29) has nobody, in words; a letter's reply has nobody who does it."""
    lacks = [
        word
        for word, post in (
            (_("who leads"), task.post_id),
            (_("who does it"), task.implementer_id or task.origin == Origin.LETTER),
            (_("who supervises"), task.supervisor_id),
        )
        if not post
    ]
    return _("Not named yet: %s") % "、".join(lacks) if lacks else ""


def lacks_roles() -> Q:
    """Not finished, and one of the three roles has nobody."""
    nobody = Q(post=None) | Q(supervisor=None) | (Q(implementer=None) & ~Q(origin=Origin.LETTER))
    return UNFINISHED & nobody


def without_roles(units: Iterable[Unit]) -> list[str]:
    """Of these units, those at which a task would go out without one of the three roles, each with what it lacks:
    said before anything is issued. Three queries."""
    several = {unit.pk: unit for unit in units}
    rows = Post.objects.filter(unit__in=several, kind__in=[PostKind.ACTING, PostKind.FIRST, PostKind.LIAISON])
    kinds: dict[int, set[str]] = {}
    for unit, kind in rows.values_list("unit", "kind"):
        kinds.setdefault(unit, set()).add(kind)
    found = []
    for pk, unit in sorted(several.items(), key=lambda pair: pair[1].path):
        known = kinds.get(pk, set())
        lacks = [_("who leads")] if not known & {PostKind.ACTING, PostKind.FIRST} else []
        lacks += [_("who does it")] if PostKind.LIAISON not in known else []
        if lacks:
            found.append(_("%(unit)s: %(roles)s") % {"unit": unit, "roles": "、".join(lacks)})
    return found


def lacks_fixings(task: Task) -> bool:
    """Whether measures or people are still to be given by the unit."""
    if task.origin == Origin.LETTER:  # a reply is given, nothing is carried out
        return False
    return not (task.measures.strip() and task.people.strip())


def lacks_measures(task: Task) -> bool:
    return task.state == TaskState.ACCEPTED and lacks_fixings(task)


def measures_due(task: Task, steps: list[Step]) -> datetime | None:
    """By when an accepted task needs its measures and people; None while it does not or has them."""
    accepted = next((step.at for step in reversed(steps) if step.action == "accept"), None)
    if not lacks_measures(task) or accepted is None:
        return None
    return default_calendar().deadline(accepted, MEASURES_WITHIN)


@dataclass(frozen=True, slots=True)
class Possible:
    """A step that a person may take now."""

    action: str
    label: str
    icon: str
    on_behalf: bool = False


def _steps_by_kind(task: Task, actor: Any) -> list[Possible]:
    """What `actor` may do because of checking the kind of organization that the task's unit is (mechanism 19)."""
    flow = task_flow(task, actor)
    if flow is TASK_WORKFLOW:
        return []
    found = [Possible(step.action, str(step.label), step.icon) for step in available(task, flow, actor)]
    return [Possible("remind", _("Remind"), "bell")] if task.state in REMINDABLE else found


def possible_steps(task: Task, actor: Any) -> list[Possible]:
    """What `actor` may do with the task now, the likeliest first. Steps of the unit taken by others are on behalf."""
    speaks = speaks_for(actor, task)
    answers = may(actor, "responsibilities.answer", task)
    found = []
    if lacks_measures(task) and answers:  # its form brings what is missing along
        found.append(Possible("report", _("Report as done"), "flag", not speaks))
    if task.state == TaskState.ACCEPTED and answers:
        label = _("Add measures and people") if lacks_measures(task) else _("Change measures and people")
        found.append(Possible("measures", label, "edit", not speaks))
    if task.state in REMINDABLE and not speaks and may(actor, "responsibilities.edit", task):
        found.append(Possible("remind", _("Remind"), "bell"))
    found += _steps_by_kind(task, actor)
    for step in available(task, TASK_WORKFLOW, actor):
        theirs = step.permission == "responsibilities.answer" and not speaks
        found.append(Possible(step.action, str(step.label), step.icon, theirs))
    if task.state == TaskState.ACCEPTED and answers:
        found.append(Possible("progress", _("Note progress"), "trending-up", not speaks))
    edits = may(actor, "responsibilities.edit", task)
    if task.state in ASKABLE:
        asked = task.postponements.filter(state=Request.ASKED).exists()
        if asked and edits:
            found.insert(0, Possible("grant", _("Grant the request"), "check"))
            found.insert(1, Possible("deny", _("Refuse the request"), "x"))
        elif answers and not asked:
            found.append(Possible("ask", _("Ask for a later deadline"), "calendar-time", not speaks))
    if task.state in POSTPONABLE and edits:
        found.append(Possible("postpone", _("Move the deadline"), "calendar-time"))
        found.append(Possible("roles", _("Name the roles"), "users"))
    if task.state in POSTPONABLE and (edits or speaks):
        found.append(Possible("waits", _("Say whom it waits for"), "hourglass"))
    if not lacks_measures(task):
        found.sort(key=lambda one: one.action == "measures")
    return sorted(found, key=lambda one: LAST.index(one.action) if one.action in LAST else -1)
