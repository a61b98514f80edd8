"""What duties show on pages of lower areas: a unit's tasks, who has which metres of a road."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.context import current_campaign
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.panels import Panel, PanelLine, lines_panel
from chuangwen.core.templatetags.wording import day, deadline
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import ContractedArea, Group, Post, Unit
from chuangwen.organizations.queries import lasting
from chuangwen.places.models import Place
from chuangwen.responsibilities.in_person import Ask, acts_of
from chuangwen.responsibilities.levels import period_of
from chuangwen.responsibilities.models import HouseRule, Part, RoadSection, Task
from chuangwen.responsibilities.queries.house_rules import in_force, unchecked
from chuangwen.responsibilities.queries.in_person import heads_of
from chuangwen.responsibilities.queries.matrix import title_of
from chuangwen.responsibilities.queries.parts import chain_of
from chuangwen.responsibilities.queries.roads import coverage, metres_words, stretch_words, with_sections
from chuangwen.responsibilities.queries.tasks import OPEN, late

LINES = 5
AREA_LINES = 20


def unit_tasks(request: HttpRequest, unit: Unit) -> Panel | None:
    """The unit's running tasks of the campaign, the earliest deadline first: three queries whatever their number."""
    campaign = current_campaign(request)
    rows = Task.objects.visible_to(request.user).filter(OPEN, unit=unit, campaign=campaign)
    first = list(rows.order_by("due_at", "pk")[:LINES])
    if not first:
        return None
    number, overdue = rows.count(), rows.filter(late()).count()
    lines = [
        PanelLine(
            task.title, reverse("responsibilities:task", args=[task.pk]), task.number, deadline(task.due_at),
            "bad" if task.due_at < clock.now() else "",
        )
        for task in first
    ]  # fmt: skip
    note = ngettext("%d task runs", "%d tasks run", number) % number
    if overdue:
        note = _("%(all)s, %(n)d of them late") % {"all": note, "n": overdue}
    url = reverse("responsibilities:tasks") + f"?tab=running&unit={unit.pk}"
    return lines_panel("tasks", _("Tasks of the unit"), lines, url=url, note=note, order=20)


def road_sections(request: HttpRequest, place: Place) -> Panel | None:
    """On a road's page: its sections along the way, what nobody has in red."""
    if place.length is None or not may(request.user, "responsibilities.view", place):
        return None
    road: Any = with_sections(Place.objects.filter(pk=place.pk)).get()
    held = [
        (one.starts_at, PanelLine(str(one.unit), "", one.post.title if one.post else "",
                                  metres_words(one.starts_at, one.ends_at)))
        for one in road.now
    ]  # fmt: skip
    bare = [
        (one.starts, PanelLine(_("Nobody has these metres"), "", "", stretch_words(one), "bad"))
        for one in coverage(road, road.now).gaps
    ]
    lines = [line for _at, line in sorted((*held, *bare), key=lambda one: one[0])]
    url = reverse("responsibilities:road", args=[place.code])
    return lines_panel("road", _("Who has which metres"), lines, url=url, order=15)


def place_parts(request: HttpRequest, place: Place) -> Panel | None:
    """On a place's page: which criteria were handed on for it, to whom: one query."""
    campaign = current_campaign(request)
    if campaign is None or not may(request.user, "responsibilities.view", place):
        return None
    rows = Part.objects.filter(campaign=campaign, place=place).select_related("node", "unit", "post", "giver")
    lines = [
        PanelLine(f"{one.node.code} {title_of(one.node)}", "", _("handed on by %s") % one.giver,
                  f"{one.unit}{one.post.title if one.post else ''}")
        for one in rows.order_by("node__position", "pk")[:AREA_LINES]
    ]  # fmt: skip
    return lines_panel("parts", _("Who has what here"), lines, order=16)


def task_chain(request: HttpRequest, task: Task) -> Panel | None:
    """On a task's page: who decides, who answers for it, who does it; proposed by the unit's posts until it is said."""
    links = chain_of(task)
    if not any(link.post for link in links):
        return None
    lines = [
        PanelLine(link.label, "", _("as the unit's posts say") if link.proposed and link.post else "", link.words)
        for link in links
    ]
    url = (
        reverse("responsibilities:chain", args=[task.pk]) if may(request.user, "responsibilities.answer", task) else ""
    )
    return lines_panel("chain", _("Who decides, answers and does"), lines, url=url, order=30)


WHOLE_UNIT = (PostKind.FIRST, PostKind.ACTING, PostKind.LIAISON)  # these posts answer for everything of the unit


def post_tasks(request: HttpRequest, post: Post) -> Panel | None:
    """What runs at a post that is handed over: the unit's tasks, or those that name the post; its road sections."""
    condition = Q(unit=post.unit_id) if post.kind in WHOLE_UNIT else Q(post=post.pk)
    tasks = Task.objects.filter(OPEN, condition).order_by("due_at", "pk")
    sections = RoadSection.objects.filter(lasting(), post=post).select_related("road").order_by("road__code")
    lines = [PanelLine(one.title, "", one.number, day(one.due_at)) for one in tasks]
    lines += [PanelLine(one.road.name, "", metres_words(one.starts_at, one.ends_at)) for one in sections]
    return lines_panel("tasks", _("Tasks and road sections"), lines, order=20)


def area_tasks(request: HttpRequest, area: ContractedArea) -> Panel | None:
    """What runs in a contracted area: two queries."""
    rows = Task.objects.visible_to(request.user).filter(OPEN, unit__path__startswith=area.unit.path)
    first = list(rows.select_related("unit").order_by("due_at", "pk")[:AREA_LINES])
    lines = [
        PanelLine(one.title, reverse("responsibilities:task", args=[one.pk]), str(one.unit), deadline(one.due_at),
                  "bad" if one.due_at < clock.now() else "")
        for one in first
    ]  # fmt: skip
    url = reverse("responsibilities:tasks") + f"?tab=running&unit={area.unit_id}"
    number = rows.count() if first else 0
    note = ngettext("%d task runs", "%d tasks run", number) % number
    return lines_panel("tasks", _("Tasks of the area"), lines, url=url, note=note, order=30)


def group_tasks(request: HttpRequest, group: Group) -> Panel | None:
    """How the tasks of a group's units stand, unit by unit, the latest first: two queries."""
    members = group.memberships.order_by().values("post__unit")
    rows = Task.objects.visible_to(request.user).filter(OPEN, unit__in=members, campaign=current_campaign(request))
    counted = rows.order_by().values("unit").annotate(n=Count("pk"), behind=Count("pk", filter=late()))
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in=members)}
    lines = [
        PanelLine(
            str(units[one["unit"]]), reverse("responsibilities:tasks") + f"?tab=running&unit={one['unit']}",
            ngettext("%d task runs", "%d tasks run", one["n"]) % one["n"],
            ngettext("%d late", "%d late", one["behind"]) % one["behind"] if one["behind"] else "", "bad",
        )
        for one in sorted(counted, key=lambda one: (-one["behind"], -one["n"], one["unit"]))
    ]  # fmt: skip
    return lines_panel("tasks", _("Tasks of the group's units"), lines, order=20)


def unit_in_person(request: HttpRequest, unit: Unit) -> Panel | None:
    """On a unit's page: the last acts of its first responsible in this quarter; nothing for a unit without one."""
    campaign = current_campaign(request)
    heads = heads_of([unit])
    if campaign is None or not heads.posts or not may(request.user, "responsibilities.view", unit):
        return None
    period = period_of(clock.today(), 3)
    acts = acts_of(Ask(campaign, heads, period, request.user)).get(unit.pk, [])
    lines = [PanelLine(act.line.text, act.line.url, source.label, day(act.day)) for source, act in acts[:LINES]]
    if not lines:
        lines = [PanelLine(_("Nothing in this quarter yet"))]
    url = reverse("responsibilities:in_person_unit", args=[unit.pk])
    return lines_panel("in-person", _("Led in person"), lines, url=url, order=60)


def unit_house_rules(request: HttpRequest, unit: Unit) -> Panel | None:
    """On a unit's page: how many rules of its own are in force, and how many were not checked in time."""
    rows = HouseRule.objects.visible_to(request.user).filter(in_force(), unit=unit)
    sums = rows.aggregate(now=Count("pk"), late=Count("pk", filter=unchecked()))
    if not sums["now"]:
        return None
    url = f"{reverse('responsibilities:house_rules')}?unit={unit.pk}"
    lines = [PanelLine(ngettext("%d rule in force", "%d rules in force", sums["now"]) % sums["now"], url)]
    if sums["late"]:
        words = ngettext("%d not checked in time", "%d not checked in time", sums["late"]) % sums["late"]
        lines.append(PanelLine(words, f"{url}&tab=late", tone="bad"))
    return lines_panel("house-rules", _("House rules"), lines, url=url, order=70)
