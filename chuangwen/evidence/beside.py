"""What the ledger shows on pages of lower areas: how full a unit's dossiers are."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.campaigns.context import current_campaign
from chuangwen.core.counting import counts
from chuangwen.core.panels import Panel, PanelLine, lines_panel
from chuangwen.core.templatetags.wording import day, deadline
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import INCOMPLETE, WITH_UNIT, late
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Post, Unit

LINES = 5


def unit_dossiers(request: HttpRequest, unit: Unit) -> Panel | None:
    """The unit's incomplete dossiers of the campaign, the earliest day first: two queries whatever their number."""
    rows = Dossier.objects.visible_to(request.user).filter(unit=unit, campaign=current_campaign(request))
    lacking = rows.filter(WITH_UNIT & INCOMPLETE)
    total, missing, overdue = counts([rows, lacking, rows.filter(late())])
    if not total:
        return None
    first = lacking.select_related("node").order_by("due_on", "pk")[:LINES]
    lines = [
        PanelLine(
            f"{one.node.code} {one.node.title}", reverse("evidence:dossier", args=[one.pk]),
            f"{one.slots_filled}/{one.slots_needed}", deadline(one.due_on),
        )
        for one in first
    ]  # fmt: skip
    url = reverse("evidence:dossiers") + f"?tab=all&unit={unit.pk}"
    note = ngettext("%d dossier", "%d dossiers", total) % total
    if missing:
        note = _("%(all)s, %(n)d of them incomplete") % {"all": note, "n": missing}
    if overdue:
        note = _("%(all)s, %(n)d late") % {"all": note, "n": overdue}
    lines = lines or [PanelLine(_("Nothing is missing"), url, tone="good")]
    return lines_panel("dossiers", _("Dossiers of the unit"), lines, url=url, note=note, order=25)


def task_dossier(request: HttpRequest, task: Any) -> Panel | None:
    """The dossiers of a task's criterion and unit: one query. `task` has node_id, unit_id and campaign_id."""
    if task.node_id is None:
        return None
    rows = Dossier.objects.visible_to(request.user).filter(
        campaign=task.campaign_id, node=task.node_id, unit=task.unit_id
    )
    lines = [
        PanelLine(
            f"{one.node.code} {one.node.title} {one.year}", reverse("evidence:dossier", args=[one.pk]),
            str(one.get_state_display()), f"{one.slots_filled}/{one.slots_needed}", "" if one.is_complete else "bad",
        )
        for one in rows.select_related("node").order_by("-year")
    ]  # fmt: skip
    return lines_panel("dossiers", _("Evidence of this criterion"), lines, order=20)


def post_dossiers(request: HttpRequest, post: Post) -> Panel | None:
    """The unit's incomplete dossiers, on the sheet of a post that answers for the whole unit."""
    if post.kind not in (PostKind.FIRST, PostKind.ACTING, PostKind.LIAISON):
        return None
    rows = Dossier.objects.filter(WITH_UNIT & INCOMPLETE, unit=post.unit_id).select_related("node")
    lines = [
        PanelLine(f"{one.node.code} {one.node.title}", "", f"{one.slots_filled}/{one.slots_needed}", day(one.due_on))
        for one in rows.order_by("due_on", "pk")
    ]
    return lines_panel("dossiers", _("Incomplete dossiers"), lines, order=25)
