"""The history of a matter as core/parts/timeline.html shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from chuangwen.core.templatetags.wording import moment
from chuangwen.organizations.queries import titles_of
from chuangwen.workflow.models import Step


def timeline(steps: Sequence[Step], said: Callable[[Step], dict[str, Any]]) -> list[dict[str, Any]]:
    """A line a step, the latest first: `said` tells what it was, with its icon; who by unit and post, and when, follow.

    The step's note is quoted unless `said` quotes something else. One query.
    """
    titles = titles_of({step.actor_id for step in steps if step.actor_id})
    return [
        {
            "who": _(", ") + _who(step, titles.get(step.actor_id or 0, step.actor_name)),
            "when": moment(step.at), "when_iso": step.at.isoformat(timespec="minutes"), "quote": step.note,
            **said(step),
        }
        for step in reversed(steps)
    ]  # fmt: skip


def _who(step: Step, actor: str) -> str:
    if step.on_behalf:
        return _("%(who)s, entered for %(whom)s") % {"who": actor, "whom": step.on_behalf}
    return actor or _("the program")
