"""What the page of one visit shows."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.access import may
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.inspections.enums import AnswerValue, VisitKind, VisitState
from chuangwen.inspections.models import Visit
from chuangwen.inspections.queries import checklist
from chuangwen.inspections.views.lists import SHAPES
from chuangwen.inspections.workflow import VISIT_WORKFLOW, may_answer
from chuangwen.organizations.queries import titles_of
from chuangwen.workflow.queries import history_of

DONE = {step.action: step.done for step in VISIT_WORKFLOW.transitions}


def visit_page(visit: Visit, user: Any) -> dict[str, Any]:
    """Everything for inspections/visit.html; a dozen queries whatever the number of checks."""
    answers = {
        answer.checked_id: answer
        for answer in visit.answers.select_related("problem").prefetch_related("photos__attachment__file")
    }
    groups: dict[str, list[dict[str, Any]]] = {}
    for check in checklist(visit):
        answer = answers.get(check.pk)
        word = AnswerValue(answer.value).label if answer else _("No answer yet")
        groups.setdefault(check.group, []).append({"check": check, "answer": answer, "word": word})
    round_url = reverse("inspections:round", args=[visit.round_id])
    plans = may(user, "inspections.plan", visit)
    return {
        "sees_problems": may(user, "rectification.view"),
        "page_title": str(visit.place),
        "breadcrumbs": [{"label": visit.round.name, "url": round_url}, {"label": str(visit.place)}],
        "visit": visit,
        "state": state(SHAPES[visit.state], visit.get_state_display()),
        "groups": groups,
        "facts": _facts(visit),
        "next": _next(visit, user) if plans else None,
        "entries": _history(visit),
        "scans": Attachment.objects.filter(owner_type=label_of(visit), owner_id=visit.pk) if visit.on_paper else [],
    }


def _facts(visit: Visit) -> list[dict[str, Any]]:
    place = visit.place
    rows = [
        (_("Place type"), place.place_type),
        (_("Drawn or ad hoc"), visit.get_kind_display()),
        (pgettext("place", "Territory"), place.territory),
        (_("Address"), place.address),
        (pgettext("visit", "Inspector"), visit.inspector or _("Needs an inspector")),
        (_("Team"), visit.team),
        (_("Planned day"), day(visit.planned_on)),
        (_("Begun"), moment(visit.started_at)),
        (_("Finished"), moment(visit.finished_at)),
        (_("Substitute for"), visit.substitute_for),
    ]
    return [{"label": label, "value": value} for label, value in rows if value not in {None, "", "—"}]


def _next(visit: Visit, user: Any) -> dict[str, Any] | None:
    """The next step and its buttons for the office."""

    def action(label: str, icon: str, name: str, *, primary: bool = False) -> dict[str, Any]:
        return {
            "label": label,
            "icon": icon,
            "url": reverse(f"inspections:{name}", args=[visit.uid]),
            "primary": primary,
        }

    assign = action(_("Give to an inspector"), "user-check", "assign", primary=visit.inspector_id is None)
    move = action(_("Move to another day"), "calendar-event", "move")
    paper = action(_("Enter a paper sheet"), "writing", "paper")
    blank = action(_("Print an empty sheet"), "printer", "visit_sheet")
    substitute = action(_("Substitute the place"), "repeat", "substitute")
    skip = action(_("Skip the visit"), "circle-x", "skip")
    drawn = visit.kind != VisitKind.AD_HOC and visit.draw_id is not None
    if visit.state == VisitState.PLANNED:
        title = _("Next: an inspector is needed") if visit.inspector_id is None else _("Next: the visit")
        return {"title": title, "actions": [assign, move, blank, paper, substitute if drawn else skip]}
    if visit.state == VisitState.STARTED:
        if visit.on_paper and not may_answer(user, visit):
            checks = action(_("Go on to the checklist"), "clipboard-check", "checklist", primary=True)
            return {"title": _("Next: enter the answers"), "actions": [checks, skip]}
        return {"title": _("The inspector is there"), "actions": [substitute if drawn else skip]}
    if visit.state == VisitState.SKIPPED and drawn and visit.round.state == "running":
        substitute["primary"] = True
        return {"title": _("Next: a substitute"), "text": visit.skip_reason, "actions": [substitute]}
    return None


ICONS = {
    "plan": "plus", "assign": "user-check", "move": "calendar-event", "recuse": "user", "start": "player-play",
    "finish": "check", "skip": "circle-x",
}  # fmt: skip


def _history(visit: Visit) -> list[dict[str, Any]]:
    words = {
        "plan": _("On the list"),
        "assign": _("Given out"),
        "move": _("Moved"),
        # Who stepped back is in the audit; here it only matters that somebody else is needed.
        "recuse": _("Needs another inspector"),
    }
    entries, steps = [], list(history_of(visit))
    titles = titles_of({step.actor_id for step in steps if step.actor_id})
    for step in steps:
        actor = titles.get(step.actor_id or 0, step.actor_name)
        quiet = step.action == "recuse"
        entries.append(
            {
                "icon": ICONS.get(step.action, "arrow-right"),
                "what": words.get(step.action) or DONE.get(step.action, step.action),
                "who": "" if quiet else _(", ") + actor + (_(" (%s)") % step.on_behalf if step.on_behalf else ""),
                "when": moment(step.at),
                "when_iso": step.at.isoformat(),
                "text": step.data.get("inspector", ""),
                "quote": step.note,
            }
        )
    return entries
