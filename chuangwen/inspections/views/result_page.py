"""What the page of one entered result shows."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.campaigns.result_sources import source_of
from chuangwen.core.access import may
from chuangwen.core.models import Attachment, label_of
from chuangwen.core.templatetags.chuangwen import state
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.inspections.enums import ResultKind, ResultState
from chuangwen.inspections.models import EnteredResult
from chuangwen.inspections.views.result_lists import RESULT_SHAPES, crumbs
from chuangwen.inspections.wording import name_of, result_words
from chuangwen.inspections.workflow import ASSESS, RESULT_WORKFLOW, is_second_person
from chuangwen.standards.queries import tree_of
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import available

ICONS = {"enter": "writing", "confirm": "check", "return": "arrow-back-up", "correct": "edit", "withdraw": "trash"}


def result_page(found: EnteredResult, user: Any) -> dict[str, Any]:
    """Everything for inspections/result.html; the same number of queries whatever its history."""
    leaf = next((one for one in tree_of(found.version).leaves() if one.code == found.code), None)
    papers = Attachment.objects.filter(owner_type=label_of(found), owner_id=found.pk).select_related("file")
    steps = {one.action for one in available(found, RESULT_WORKFLOW, user)}
    return {
        "page_title": name_of(found),
        "breadcrumbs": crumbs(found.round, name_of(found)),
        "result": found,
        "state": state(RESULT_SHAPES[found.state], found.get_state_display()),
        "rule": leaf if found.kind == ResultKind.LEAF else None,
        "facts": _facts(found, user),
        "papers": papers.order_by("-pk"),
        "steps": steps,
        "own": found.state == ResultState.ENTERED and may(user, ASSESS, found) and bool(is_second_person(user, found)),
        "entries": _history(found),
    }


def _facts(found: EnteredResult, user: Any) -> list[dict[str, Any]]:
    rows = [
        (_("Result"), result_words(found)),
        (_("About"), found.unit or found.round.campaign.subject),
        (pgettext("result", "Source"), found.source),
        (_("Judged by"), found.judged_by),
        (_("Judged on"), day(found.judged_on)),
        (pgettext("result", "Entered by"), found.entered_by),
        (_("Confirmed by"), found.checked_by),
        (_("Confirmed on"), moment(found.checked_at) if found.checked_at else ""),
        (_("Round"), found.round),
        (_("Standard"), found.version),
    ]
    found_facts: list[dict[str, Any]] = [{"label": label, "value": value} for label, value in rows if value]
    if found.dossier:
        url = reverse("evidence:dossier", args=[found.dossier_id])
        found_facts.insert(2, {"label": _("Dossier"), "value": found.dossier, "url": url})
    if came := source_of(found.origin):
        source, key = came
        url = source.url(key) if may(user, source.permission, found) else ""
        found_facts.insert(2, {"label": _("Comes from"), "value": source.label, "url": url})
    return found_facts


def _history(found: EnteredResult) -> list[dict[str, Any]]:
    labels = {"grade": _("Grade"), "value": _("Value"), "weight": _("Valid answers"), "unit": _("Unit"),
              "source": pgettext("result", "Source"), "judged_by": _("Judged by"),
              "judged_on": _("Judged on")}  # fmt: skip
    done = {"enter": _("Entered")} | {one.action: str(one.done) for one in RESULT_WORKFLOW.transitions}
    entries = []
    for step in history_of(found):
        changes = step.data.items() if step.action == "correct" else ()
        text = _("; ").join(f"{labels.get(k, k)} {old or '—'} → {new or '—'}" for k, (old, new) in changes)
        entries.append(
            {
                "icon": ICONS.get(step.action, "arrow-right"),
                "what": done.get(step.action, step.action),
                "who": _(", ") + step.actor_name + (_(" (%s)") % step.on_behalf if step.on_behalf else ""),
                "when": moment(step.at),
                "when_iso": step.at.isoformat(),
                "text": text,
                "quote": step.note if step.action != "enter" else "",
            }
        )
    return entries
