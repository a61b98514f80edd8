"""What the checklist of a visit shows, on the phone and on the office's desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.inspections.enums import VisitState
from chuangwen.inspections.models import Visit
from chuangwen.inspections.queries import checklist, days_visits
from chuangwen.standards.models import Check, Node


def checklist_page(visit: Visit, user: Any) -> dict[str, Any]:
    """Everything for the two checklist templates; the number of queries does not depend on the checks."""
    answers = {one.checked_id: one for one in visit.answers.prefetch_related("photos")}
    checks = checklist(visit)
    manuals = _manuals(checks)
    groups: list[dict[str, Any]] = []
    for check in checks:
        if not groups or groups[-1]["name"] != check.group:
            groups.append({"name": check.group, "rows": []})
        answer = answers.get(check.pk)
        photos = [
            {"uid": str(one.uid), "url": reverse("inspections:photo", args=[visit.uid, one.uid])}
            for one in (answer.photos.all() if answer else [])
        ]
        groups[-1]["rows"].append(
            {
                "check": check,
                "answer": answer,
                "photos": photos,
                "manual": manuals.get(check.pk, ""),
                "limit": limit_words(check),
                "due": _due(visit, check),
            }
        )
    over = visit.state in {VisitState.FINISHED, VisitState.SKIPPED}
    return {
        "page_title": str(visit.place),
        "page_subtitle": _where_in_the_day(visit, user),
        "breadcrumbs": [{"label": _("Today"), "url": reverse("inspections:field")}],
        "visit": visit,
        "groups": groups,
        "total": len(checks),
        "over": over,
        "me_id": user.pk,
        "reasons": [_("Rain"), _("Closed just now"), _("Being rebuilt"), _("Nobody to ask"), _("Too dark")],
    }


def limit_words(check: Check) -> str:
    """占道经营，限1个工作日: what a "not met" would become."""
    kind = check.problem_type
    if kind is None:
        return ""
    number, unit = int(kind.within[:-1]), kind.within[-1]
    words = {
        "h": ngettext("%d working hour", "%d working hours", number),
        "d": ngettext("%d working day", "%d working days", number),
        "H": ngettext("%d hour", "%d hours", number),
    }[unit] % number
    return _("%(type)s, within %(limit)s") % {"type": kind.name, "limit": words}


def _due(visit: Visit, check: Check) -> datetime | None:
    if check.problem_type is None:
        return None
    start = visit.started_at if visit.on_paper and visit.started_at else clock.now()
    return default_calendar().deadline(start, check.problem_type.within)


def _manuals(checks: list[Check]) -> dict[int, str]:
    """How to look, from the criteria that a check feeds: one query."""
    rows = Node.objects.filter(checks__in=checks).exclude(manual="").values_list("checks", "manual")
    return {pk: manual for pk, manual in rows if pk is not None}


def _where_in_the_day(visit: Visit, user: Any) -> str:
    """第3组，今天第7处，共9处."""
    if visit.on_paper:
        return _("Entered from paper for %s") % visit.inspector
    pks = [one.pk for one in days_visits(user)]
    if visit.pk not in pks:
        return visit.round.name
    words = _("%(number)d of %(total)d today") % {"number": pks.index(visit.pk) + 1, "total": len(pks)}
    return visit.team + _(", ") + words if visit.team else words
