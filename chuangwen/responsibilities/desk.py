"""What duties show elsewhere: the navigation's counts, lines of the start page, figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.campaigns.context import current_campaign
from chuangwen.campaigns.models import Campaign
from chuangwen.core.access import may, scope_of
from chuangwen.core.panels import Counted, DeskItem, DeskLine, Figure, KeyFigure, Panel, waiting_line
from chuangwen.core.templatetags import wording
from chuangwen.responsibilities import standing
from chuangwen.responsibilities.models import HouseRule, Instruction, Origin, Task, TaskState, WeekReport
from chuangwen.responsibilities.queries import gap_rows, overlap_rows
from chuangwen.responsibilities.queries.burden import Asked, asked_of_units
from chuangwen.responsibilities.queries.house_rules import awaited_checks, ownerless_rules
from chuangwen.responsibilities.queries.instructions import (
    has_own,
    in_standing,
    instructions_of,
    is_late,
    is_mine,
    is_open,
)
from chuangwen.responsibilities.queries.kinds import late_for
from chuangwen.responsibilities.queries.levels import to_answer, to_judge
from chuangwen.responsibilities.queries.milestones import late_steps, steps_of
from chuangwen.responsibilities.queries.roads import has_gap, roads_of
from chuangwen.responsibilities.queries.tasks import (
    OPEN,
    TO_ACCEPT,
    asks_for_time,
    due_this_week,
    lacks_fixings_late,
    late,
    ownerless,
    tasks_of,
    waiting_for,
)
from chuangwen.responsibilities.queries.weekly import missing, not_yet_due, to_confirm
from chuangwen.responsibilities.services.telling import address
from chuangwen.standards.models import Node

FRESH_BY_INSTRUCTION = Q(state=TaskState.ISSUED, origin__in=[Origin.INSTRUCTION, Origin.LETTER])
LINES = 5  # single tasks on a start page; more become one line
LINE_FIELDS = ("title", "due_at", "origin", "origin_url", "instruction__signed_as")  # all that such a line reads


def gaps(request: HttpRequest) -> QuerySet[Any]:
    """Criteria that nobody leads, beside the navigation of who can fill them."""
    campaign = current_campaign(request)
    if campaign is None or not may(request.user, "responsibilities.edit", campaign):
        return Node.objects.none()
    return gap_rows(campaign)


def waiting(request: HttpRequest) -> QuerySet[Any]:
    """Tasks that wait for this person."""
    rows = tasks_of(request).filter(waiting_for(request.user))
    return rows if current_campaign(request) else rows.none()


def instructions_waiting(request: HttpRequest) -> QuerySet[Any]:
    """Instructions that are not settled, a leader's own ones: what the list begins with."""
    if current_campaign(request) is None:
        return Instruction.objects.none()
    rows = instructions_of(request).filter(is_open(request.user))
    return rows.filter(is_mine(request.user)) if has_own(request.user) else rows


def desk_lines(request: HttpRequest) -> Iterator[DeskLine]:
    """The office's decisions, the leader's instructions, and the unit's own tasks."""
    campaign = current_campaign(request)
    if campaign is None:
        return
    yield from _house_rule_lines(request)
    yield from _kind_lines(request)
    steers = may(request.user, "responsibilities.edit", campaign)
    if steers:
        yield from _office_lines(campaign, request)
        yield _late_milestones(request, "late")
    if scope_of(request.user, "responsibilities.answer").unit_ids:
        yield from _unit_lines(request)
        if not steers:
            yield _late_milestones(request, "own")
    yield from _week_lines(campaign, request)
    yield from _level_lines(campaign, request)
    if may(request.user, "responsibilities.instruct"):
        yield from _instruction_lines(request)


def _house_rule_lines(request: HttpRequest) -> Iterator[DeskLine]:
    """Rules whose check is overdue, for the unit and its checker; all of the region for the office, and those left over
    by units that are no more."""
    if may(request.user, "responsibilities.answer"):
        yield waiting_line(
            "late", awaited_checks(request.user),
            lambda n: ngettext("%d house rule not checked in time", "%d house rules not checked in time", n) % n,
            reverse("responsibilities:house_rules") + "?tab=late", icon="book", action=_("Look"),
        )  # fmt: skip
    if may(request.user, "responsibilities.edit"):
        yield waiting_line(
            "decide", HouseRule.objects.visible_to(request.user, "responsibilities.edit").filter(ownerless_rules()),
            lambda n: ngettext("%d house rule of a unit that is no more", "%d house rules of units that are no more", n)
            % n,
            reverse("responsibilities:house_rules") + "?tab=ownerless", icon="book", action=_("Look"),
        )  # fmt: skip


def _kind_lines(request: HttpRequest) -> Iterator[DeskLine]:
    """What is late in the kind of organization that the person checks, by a role at a unit."""
    if scope_of(request.user, "responsibilities.answer").unit_ids:
        yield waiting_line(
            "late", late_for(request.user),
            lambda n: ngettext("%d duty of the organizations you check is late",
                               "%d duties of the organizations you check are late", n) % n,
            reverse("responsibilities:kind_checks"), icon="sitemap", action=_("Look"),
        )  # fmt: skip


def figures(request: HttpRequest) -> Iterator[Figure]:
    """How many tasks are late, for who sees the whole campaign."""
    campaign = current_campaign(request)
    if campaign is not None and campaign.region_id in scope_of(request.user, "responsibilities.view").regions:
        rows = tasks_of(request)
        yield Counted((rows.filter(late()), rows.filter(OPEN)), _late_tasks)


def _late_tasks(overdue: int, running: int) -> list[KeyFigure]:
    url = reverse("responsibilities:tasks") + "?tab=late"
    sub = _("of %d running") % running
    return [KeyFigure(_("Late tasks"), str(overdue), url, sub=sub, tone="bad" if overdue else "", order=40)]


def burden(request: HttpRequest, campaign: Campaign | None) -> Panel | None:
    """How many tasks were issued each month, to everybody or to the person's own units; the less, the better."""
    if campaign is None or not may(request.user, "responsibilities.view"):
        return None
    asked = asked_of_units(Task.objects.visible_to(request.user).filter(campaign=campaign))
    if not any(count for _month, count in asked.months):
        return None
    columns = [{"label": wording.month(first), "value": count} for first, count in asked.months]
    context = {"columns": columns, "words": _burden_words(asked), "url": reverse("responsibilities:burden")}
    return Panel("responsibilities/parts/burden.html", context, order=60)


def _burden_words(asked: Asked) -> str:
    said = ngettext("%d task issued this month", "%d tasks issued this month", asked.so_far) % asked.so_far
    if asked.fewer == 0:
        return _("%s, as many as last month by this day.") % said
    if asked.fewer > 0:
        return _("%(said)s, %(n)d fewer than last month by this day.") % {"said": said, "n": asked.fewer}
    return _("%(said)s, %(n)d more than last month by this day.") % {"said": said, "n": -asked.fewer}


def _office_lines(campaign: Campaign, request: HttpRequest) -> Iterator[DeskLine]:
    yield Counted((gap_rows(campaign), overlap_rows(campaign)), _gap_items)
    yield waiting_line(
        "decide", roads_of(request.user, "responsibilities.edit").filter(has_gap()),
        lambda n: ngettext("%d road has metres that nobody has", "%d roads have metres that nobody has", n) % n,
        reverse("responsibilities:roads") + "?tab=gap", icon="route", action=_("Give to units"),
    )  # fmt: skip
    rows = Task.objects.visible_to(request.user, "responsibilities.edit").filter(campaign=campaign)
    yield waiting_line(
        "decide", rows.filter(state=TaskState.OBJECTED),
        lambda n: ngettext("%d objection to a task", "%d objections to tasks", n) % n,
        reverse("responsibilities:tasks") + "?tab=objected", icon="messages", action=_("Decide"),
    )  # fmt: skip
    yield waiting_line(
        "decide", rows.filter(state=TaskState.REPORTED),
        lambda n: ngettext("%d task reported done", "%d tasks reported done", n) % n,
        reverse("responsibilities:tasks") + "?tab=confirm", icon="checkbox", action=_("Confirm"),
    )  # fmt: skip
    yield from _course_lines(rows)


def _late_milestones(request: HttpRequest, tab: str) -> DeskLine:
    """Late steps: all of them for who steers, the own units' for who answers."""
    rows = steps_of(request).filter(late_steps())
    if tab == "own":
        rows = rows.filter(task__unit__in=scope_of(request.user, "responsibilities.answer").unit_ids)
    return waiting_line(
        "late", rows, lambda n: ngettext("%d milestone is late", "%d milestones are late", n) % n,
        f"{reverse('responsibilities:milestones')}?tab={tab}", icon="flag", action=_("Look"),
    )  # fmt: skip


def _course_lines(rows: QuerySet[Any]) -> Iterator[DeskLine]:
    """What the office decides about tasks on their way, and who has not filled in the five fixings in time."""
    page = reverse("responsibilities:tasks")
    yield waiting_line(
        "decide", rows.filter(asks_for_time()),
        lambda n: ngettext("%d task asks for more time", "%d tasks ask for more time", n) % n,
        f"{page}?tab=asked", icon="calendar-time", action=_("Decide"),
    )  # fmt: skip
    yield waiting_line(
        "decide", rows.filter(ownerless()),
        lambda n: ngettext("%d task of a unit that is no more", "%d tasks of units that are no more", n) % n,
        f"{page}?tab=ownerless", icon="building", action=_("Give to another"),
    )  # fmt: skip
    yield waiting_line(
        "late", rows.filter(lacks_fixings_late()),
        lambda n: ngettext("%d task without measures and people", "%d tasks without measures and people", n) % n,
        f"{page}?tab=fixings", icon="users", action=_("Look"),
    )  # fmt: skip


def _week_lines(campaign: Campaign, request: HttpRequest) -> Iterator[DeskLine]:
    """The own weekly report that waits; for the office what is missing until it is confirmed or let off."""
    rows = WeekReport.objects.filter(campaign=campaign)
    own = scope_of(request.user, "responsibilities.answer").unit_ids
    if own:
        waiting = rows.filter(to_confirm(own))
        yield _own_weeks("late", waiting.filter(missing()))
        yield _own_weeks("week", waiting.filter(not_yet_due()))
    if may(request.user, "responsibilities.edit", campaign):
        yield waiting_line(
            "late", rows.filter(missing()),
            lambda n: ngettext("%d weekly report is missing", "%d weekly reports are missing", n) % n,
            reverse("responsibilities:weeks") + "?tab=missing", icon="notes", action=_("Remind"),
        )  # fmt: skip


def _level_lines(campaign: Campaign, request: HttpRequest) -> Iterator[DeskLine]:
    """Units that wait for a judgement, and the own judgements that wait for a word."""
    user = request.user
    if not may(user, "responsibilities.answer"):
        return
    yield waiting_line(
        "decide", to_judge(user, campaign), lambda n: ngettext("%d unit to judge", "%d units to judge", n) % n,
        reverse("responsibilities:levels"), icon="gavel", action=pgettext("level", "Judge"),
    )  # fmt: skip
    rows = to_answer(user, campaign)
    for mark in rows.select_related("judge")[:LINES]:
        title = _("%s judged your period: confirm or object") % mark.judge
        url = reverse("responsibilities:level_mark", args=[mark.pk])
        yield DeskItem("mine", title, url, icon="gavel", action=_("Answer"))


def _own_weeks(group: str, rows: QuerySet[WeekReport]) -> Counted[DeskItem]:
    """A line with the earliest deadline that opens the report that waits; the list where there are several."""

    def made(number: int) -> list[DeskItem]:
        if not number:
            return []
        words = ngettext("%d weekly report to confirm", "%d weekly reports to confirm", number) % number
        pk, due_at = rows.order_by("due_at", "pk").values_list("pk", "due_at")[0]
        url = reverse("responsibilities:weeks") + "?tab=own"
        if number == 1:
            url = reverse("responsibilities:week", args=[pk])
        action = pgettext("weekly report", "Confirm")
        return [DeskItem(group, words, url, icon="notes", due=due_at, action=action, count=number)]

    return Counted((rows,), made)


def _gap_items(gaps: int, overlaps: int) -> list[DeskItem]:
    if not gaps and not overlaps:
        return []
    url = reverse("responsibilities:breakdown") + ("?show=gap" if gaps else "?show=overlap")
    title, action = _gap_words(gaps, overlaps), _("Fill in")
    return [DeskItem("decide", title, url, icon="table", action=action, count=gaps + overlaps)]


def _gap_words(gaps: int, overlaps: int) -> str:
    """One sentence for both, as the office says it."""
    if gaps and overlaps:
        return _("%(gaps)d criteria have no lead yet, %(overlaps)d have several") % {"gaps": gaps, "overlaps": overlaps}
    if gaps:
        return ngettext("%d criterion has no lead yet", "%d criteria have no lead yet", gaps) % gaps
    return ngettext("%d criterion has several leads", "%d criteria have several leads", overlaps) % overlaps


def _instruction_lines(request: HttpRequest) -> Iterator[DeskLine]:
    """For the office what is to be passed on, for a leader the replies; for both what is late."""
    rows, user = instructions_of(request), request.user
    page = reverse("responsibilities:instructions")
    if may(user, "responsibilities.edit"):
        yield waiting_line(
            "decide", rows.filter(in_standing(standing.UNASSIGNED, user)),
            lambda n: ngettext("%d instruction to pass on", "%d instructions to pass on", n) % n,
            f"{page}?tab={standing.UNASSIGNED}", icon="signature", action=_("Pass on"),
        )  # fmt: skip
    else:
        rows = rows.filter(is_mine(user))
        yield waiting_line(
            "mine", rows.filter(in_standing(standing.ANSWERED, user)),
            lambda n: ngettext("%d instruction answered by all", "%d instructions answered by all", n) % n,
            f"{page}?tab={standing.ANSWERED}", icon="signature", action=pgettext("instruction", "Read"),
        )  # fmt: skip
    yield waiting_line(
        "late", rows.filter(is_late(user)),
        lambda n: ngettext("%d instruction without its reply", "%d instructions without their reply", n) % n,
        f"{page}?tab=late", icon="signature", action=_("Look"),
    )  # fmt: skip


def _new_by_instruction(rows: QuerySet[Any]) -> list[DeskItem]:
    """New tasks of instructions and letters, one by one above all others; late ones stand with the late."""
    fresh = rows.filter(FRESH_BY_INSTRUCTION).exclude(late()).select_related("instruction").only(*LINE_FIELDS)
    return [
        DeskItem(
            "decide", task.title, address(task), icon="signature", due=task.due_at, sub=_by_whom(task),
            action=pgettext("letter", "Reply") if task.origin == Origin.LETTER else _("Accept"),
        )
        for task in fresh.order_by("due_at")[:LINES]
    ]  # fmt: skip


def _by_whom(task: Task) -> str:
    return _("By instruction of %s") % task.instruction.signed_as if task.instruction else ""


def _unit_lines(request: HttpRequest) -> Iterator[DeskLine]:
    """Late ones first; what is to be accepted in one line; what is due this week one by one."""
    own = scope_of(request.user, "responsibilities.answer").unit_ids
    rows = tasks_of(request).filter(unit__in=own)
    yield from _new_by_instruction(rows)
    yield waiting_line(
        "mine", rows.filter(TO_ACCEPT),
        lambda n: ngettext("%d new task to accept", "%d new tasks to accept", n) % n,
        reverse("responsibilities:tasks") + "?tab=accept", icon="checkbox", action=_("Look"),
    )  # fmt: skip
    for group, condition in (("late", late()), ("week", due_this_week() & ~FRESH_BY_INSTRUCTION)):
        found = rows.filter(condition).select_related("node", "instruction").only(*LINE_FIELDS, "node__code")
        for task in found.order_by("due_at")[:LINES]:
            sub = _("Criterion %s") % task.node.code if task.node else _by_whom(task)
            yield DeskItem(
                group, task.title, address(task), sub=sub, icon="checkbox", due=task.due_at, action=_("Open")
            )
