"""What problems show on pages of lower areas: those of a unit, of a campaign, of a task's criterion."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.counting import COUNT_LIMIT, counts, limited_words
from chuangwen.core.panels import Panel, PanelLine, lines_panel
from chuangwen.core.templatetags.wording import day, deadline
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import ContractedArea, Post, Unit
from chuangwen.rectification.enums import ProblemState
from chuangwen.rectification.models import Problem
from chuangwen.rectification.queries import OPEN, late
from chuangwen.responsibilities.models import SiteVisit, Task

LINES = 5


def unit_problems(request: HttpRequest, unit: Unit) -> Panel | None:
    """The unit's problems that are not closed, the earliest deadline first: two queries."""
    rows = Problem.objects.visible_to(request.user).filter(OPEN, lead=unit)
    url = reverse("rectification:ledger") + f"?lead={unit.pk}"
    return _panel(rows, _("Problems of the unit"), url)


def task_problems(request: HttpRequest, task: Task) -> Panel | None:
    """The unit's open problems that count in the task's criterion: two queries. None for a task without criterion."""
    if task.node is None:
        return None
    reference = f"{task.node.version.urn}#{task.node.code}"
    mine = Problem.objects.visible_to(request.user).filter(OPEN, lead=task.unit_id)
    # The quotation marks end the code: 1.1 is not 1.10.
    rows = mine.filter(node_codes__icontains=f'"{reference}"')
    return _panel(rows, _("Problems at this criterion"), "")


def visit_problems(request: HttpRequest, visit: SiteVisit) -> Panel | None:
    """On the page of a head's visit on the spot: the problems that name its number, and how one is registered."""
    rows = Problem.objects.visible_to(request.user).filter(source_number=visit.number).order_by("pk")
    lines = [
        PanelLine(one.title, reverse("rectification:problem", args=[one.number]), str(one.lead), day(one.due_at))
        for one in rows.select_related("lead")
    ]
    if visit.withdrawn_at is None and may(request.user, "rectification.report"):
        places = list(visit.places.all())
        known = {"source_number": visit.number, "title": visit.found[:200], "spot": visit.spot}
        known |= {"place": places[0].code} if len(places) == 1 else {}
        url = f"{reverse('rectification:register')}?{urlencode({key: said for key, said in known.items() if said})}"
        lines.append(PanelLine(_("Register what was found as a problem"), url))
    return lines_panel("problems", _("Problems found there"), lines, order=20)


def campaign_problems(request: HttpRequest, campaign: Campaign) -> Panel | None:
    """How the campaign's problems stand: one query."""
    rows = Problem.objects.visible_to(request.user).filter(campaign=campaign)
    conditions = (OPEN, late(), Q(state=ProblemState.CLOSED))
    found = counts([rows.filter(condition) for condition in conditions], COUNT_LIMIT)
    if not any(found):
        return None
    running, overdue, closed = map(limited_words, found)
    ledger = f"{reverse('rectification:ledger')}?campaign={campaign.pk}"
    lines = [
        PanelLine(_("Not closed"), f"{ledger}&tab=open", end=running),
        PanelLine(_("Late"), f"{ledger}&tab=late", end=overdue, tone="bad" if found[1] else ""),
        PanelLine(pgettext("problem", "Closed"), f"{ledger}&tab=closed", end=closed),
    ]
    return lines_panel("problems", _("Problems"), lines, url=ledger, order=30)


def area_problems(request: HttpRequest, area: ContractedArea) -> Panel | None:
    """What is not closed in a contracted area, the earliest deadline first: two queries."""
    rows = Problem.objects.visible_to(request.user).filter(OPEN, territory__path__startswith=area.unit.path)
    url = reverse("rectification:ledger") + f"?tab=open&territory={area.unit_id}"
    return _panel(rows, _("Problems of the area"), url)


def post_problems(request: HttpRequest, post: Post) -> Panel | None:
    """The unit's open problems, on the sheet of a post that answers for the whole unit."""
    if post.kind not in (PostKind.FIRST, PostKind.ACTING, PostKind.LIAISON):
        return None
    rows = Problem.objects.filter(OPEN, lead=post.unit_id).order_by("due_at", "pk")
    lines = [PanelLine(one.title, "", one.number, day(one.due_at)) for one in rows]
    return lines_panel("problems", _("Problems of the unit"), lines, order=30)


def _panel(rows: Any, title: str, url: str) -> Panel | None:
    first = list(rows.order_by("due_at", "pk")[:LINES])
    if not first:
        return None
    number = rows.count()
    lines = [
        PanelLine(
            one.title, reverse("rectification:problem", args=[one.number]), one.number, deadline(one.due_at),
            "bad" if one.due_at < clock.now() else "",
        )
        for one in first
    ]  # fmt: skip
    note = ngettext("%d problem is not closed", "%d problems are not closed", number) % number
    return lines_panel("problems", title, lines, url=url, note=note, order=30)
