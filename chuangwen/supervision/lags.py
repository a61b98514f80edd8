"""What the lower areas bring before the quarterly look-back, and supervision's own notices without an answer.

Registered in core.lags like the sources of an agenda; a higher area (scoring) registers its own there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.lags import LagAsk, LagRow, LagSource, register_lag
from chuangwen.core.templatetags.wording import day
from chuangwen.core.workdays import ONE_DAY, default_calendar
from chuangwen.directives.enums import CallStage
from chuangwen.directives.models import Decision, WrittenReport
from chuangwen.directives.queries.written import MISSING
from chuangwen.rectification.enums import ProblemState
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.queries.tasks import OPEN, late
from chuangwen.supervision.enums import LagKind, RuleCondition
from chuangwen.supervision.models import SupervisionNotice
from chuangwen.supervision.queries.notices import late as unanswered
from chuangwen.supervision.words import ground_words, sheet_number
from chuangwen.workflow.models import Step

MOST_OF_KIND = 300  # the longest first: a quarter's study cannot speak of more
MOST_SAMPLED = 30


def _local(at: datetime) -> date:
    return clock.local(at).date()


def _days_late(due: datetime) -> str:
    return ground_words(RuleCondition.LATE, default_calendar().workdays_between(_local(due), clock.today()))


def _task(task: Task, fact: str, since: date) -> LagRow:
    url = reverse("responsibilities:task", args=[task.pk])
    return LagRow(f"t{task.pk}", task.unit_id, task.title, fact, url, since, task)


def decisions(ask: LagAsk) -> Iterator[LagRow]:
    """Tasks that meetings up to the quarter's end decided, running and past their day."""
    of_meeting = Decision.objects.filter(tasks=OuterRef("pk"), meeting__day__lte=ask.last)
    rows = Task.objects.filter(late(), campaign=ask.campaign, meeting_decisions__meeting__day__lte=ask.last).distinct()
    rows = rows.annotate(decided=Subquery(of_meeting.order_by("meeting__day").values("meeting__name")[:1]))
    for task in rows.order_by("due_at", "pk")[:MOST_OF_KIND]:
        words = {"meeting": task.decided, "late": _days_late(task.due_at)}
        yield _task(task, _("%(meeting)s: %(late)s") % words, _local(task.due_at))


def late_tasks(ask: LagAsk) -> Iterator[LagRow]:
    """Running tasks past their deadline when the list is made, the longest first, also what fell due since."""
    rows = Task.objects.filter(late(), campaign=ask.campaign).order_by("due_at", "pk")
    for task in rows[:MOST_OF_KIND]:
        yield _task(task, _days_late(task.due_at), _local(task.due_at))


def moved_tasks(ask: LagAsk) -> Iterator[LagRow]:
    """Running tasks whose deadline was moved so many times; the assessment date's own moves count for nobody."""
    moved = Step.objects.filter(object_type="responsibilities.task", action="postpone", actor_id__isnull=False)
    counted = moved.filter(object_id=OuterRef("pk")).order_by().values("object_id").annotate(n=Count("pk")).values("n")
    rows = Task.objects.filter(OPEN, campaign=ask.campaign).annotate(moved=Subquery(counted))
    for task in rows.filter(moved__gte=ask.moved).order_by("due_at", "pk")[:MOST_OF_KIND]:
        times = ngettext("postponed %d time", "postponed %d times", task.moved) % task.moved
        words = {"times": times, "due": day(task.due_at)}
        yield _task(task, _("%(times)s, now due %(due)s") % words, min(_local(task.due_at), clock.today()))


def silent_notices(ask: LagAsk) -> Iterator[LagRow]:
    """Notices whose answer is late."""
    rows = SupervisionNotice.objects.filter(unanswered(), region=ask.campaign.region_id).select_related("region")
    for one in rows.order_by("due_at", "pk")[:MOST_OF_KIND]:
        title = f"{one.get_colour_display()} {sheet_number(one)}"
        url = reverse("supervision:notice", args=[one.number])
        yield LagRow(f"n{one.pk}", one.unit_id, title, _days_late(one.due_at), url, _local(one.due_at), one)


def missing_reports(ask: LagAsk) -> Iterator[LagRow]:
    """Written reports that were due in the quarter and are not in."""
    first, end = clock.midnight(ask.first), clock.midnight(ask.last + ONE_DAY)
    rows = WrittenReport.objects.filter(
        MISSING, call__campaign=ask.campaign, call__due_at__gte=first, call__due_at__lt=min(end, clock.now())
    ).exclude(call__state=CallStage.WITHDRAWN)  # fmt: skip
    for one in rows.select_related("call").order_by("call__due_at", "pk")[:MOST_OF_KIND]:
        url = reverse("directives:written_report", args=[one.pk])
        fact = _("due %s") % day(one.call.due_at)
        yield LagRow(f"w{one.pk}", one.unit_id, one.call.title, fact, url, _local(one.call.due_at), one)


def _closed(ask: LagAsk) -> Any:
    """Problems of the region that were closed in the quarter."""
    span = {"closed_at__gte": clock.midnight(ask.first), "closed_at__lt": clock.midnight(ask.last + ONE_DAY)}
    return Problem.objects.filter(region=ask.campaign.region_id, state=ProblemState.CLOSED, **span)


def _problem(key: str, problem: Problem, fact: str, since: date) -> LagRow:
    url = reverse("rectification:problem", args=[problem.number])
    return LagRow(key, problem.lead_id, problem.title, fact, url, since, problem)


def back_again(ask: LagAsk) -> Iterator[LagRow]:
    """Problems closed in the quarter that were registered again and are open: the new one stands on the list."""
    rows = Problem.objects.filter(is_open=True, recurrence_of__in=_closed(ask).values("pk"))
    for one in rows.select_related("recurrence_of").order_by("found_at", "pk")[:MOST_OF_KIND]:
        number = one.recurrence_of.number if one.recurrence_of else ""
        yield _problem(f"p{one.pk}", one, _("back after %s was closed") % number, _local(one.found_at))


def sampled(ask: LagAsk) -> list[LagRow]:
    """A share of the problems closed in the quarter, drawn by their numbers' digests: the same draw at every asking.

    Those that are back already stand on the list by themselves and are not drawn.
    """
    rows = list(_closed(ask).exclude(recurrences__is_open=True).only("pk", "number", "title", "lead_id", "closed_at"))
    most = min(-(-len(rows) * ask.sample // 100), MOST_SAMPLED)
    drawn = sorted(rows, key=lambda one: (_digest(ask, one.number), one.pk))[:most]
    return [
        _problem(f"c{one.pk}", one, _("closed %s; look whether it is back") % day(one.closed_at), _local(one.closed_at))
        for one in sorted(drawn, key=lambda one: (one.closed_at, one.pk))
        if one.closed_at is not None
    ]


def _digest(ask: LagAsk, number: str) -> str:
    return hashlib.sha256(f"{ask.first.isoformat()}-{number}".encode()).hexdigest()


register_lag(
    LagSource(LagKind.DECISION, 10, decisions),
    LagSource(LagKind.TASK, 20, late_tasks),
    LagSource(LagKind.MOVED, 25, moved_tasks),
    LagSource(LagKind.NOTICE, 30, silent_notices),
    LagSource(LagKind.REPORT, 40, missing_reports),
    LagSource(LagKind.BACK, 50, back_again),
    LagSource(LagKind.SAMPLE, 60, sampled),
)
