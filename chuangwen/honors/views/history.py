"""The history of a matter as the timeline shows it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.core.models import label_of
from chuangwen.core.templatetags.wording import day, moment
from chuangwen.honors.action_words import ACTION_WORDS
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.transitions import Workflow

ICONS = {
    "begin": "plus", "score": "star", "drop-score": "trash", "settle": "check", "objection": "hand-stop",
    "objection-ruled": "gavel", "grant": "award", "plaque-back": "archive", "reverify": "refresh",
    "appeal": "hand-stop", "appeal-ruled": "gavel", "plan": "plus", "sheet": "star", "register": "plus",
    "agree": "check", "rename": "pencil", "withdraw": "trash", "hand-over": "arrow-right",
}  # fmt: skip


def history(obj: Any, workflow: Workflow, *, without: Collection[str] = ()) -> list[dict[str, Any]]:
    """All steps but those `without`, the newest first: one query."""
    done = {one.action: (str(one.done), one.icon) for one in workflow.transitions}
    entries = []
    for step in history_of(obj).exclude(action__in=without):
        other = str(ACTION_WORDS.get(f"{label_of(obj)}.{step.action}", step.action))
        words, icon = done.get(step.action, (other, ICONS.get(step.action, "arrow-right")))
        behalf = pgettext("history", " (for %s)") % step.on_behalf if step.on_behalf else ""
        entries.append(
            {
                "icon": icon, "what": words, "who": _(", ") + step.actor_name + behalf if step.actor_name else behalf,
                "when": moment(step.at), "when_iso": step.at.isoformat(), "text": _detail(step.data),
                "quote": step.note,
            }
        )  # fmt: skip
    return list(reversed(entries))


def _detail(data: dict[str, Any]) -> str:
    """What a reader wants of a step's data: whose sheet, which condition, until when."""
    shown = ("reviewer", "condition", "number", "judge", "office", "decided_by", "document", "until", "plaque", "to")
    return _(", ").join(_as_written(key, data[key]) for key in shown if data.get(key)) if data else ""


def _as_written(key: str, value: Any) -> str:
    """A day as people write it; all else as it was kept."""
    return day(date.fromisoformat(value)) if key == "until" and isinstance(value, str) else str(value)
