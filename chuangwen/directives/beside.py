"""What documents show on a task's page: the passage that it came from."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.panels import Panel, PanelLine, lines_panel
from chuangwen.core.templatetags.wording import day
from chuangwen.directives.models import Candidate
from chuangwen.responsibilities.models import Task


def task_source(request: HttpRequest, task: Task) -> Panel | None:
    """The document behind a task, for who may see documents: one query; its passage unless the task quotes it."""
    found = list(Candidate.objects.visible_to(request.user).filter(tasks=task).select_related("document"))
    replaced = {one.document.replaces_id for one in found}
    rows = [one for one in found if one.document_id not in replaced]  # where a revised version says it, that one
    lines = [
        PanelLine(
            one.document.title, reverse("directives:review", args=[one.document_id]) + f"#c{one.pk}",
            "" if one.quote.strip() == task.origin_text.strip() else one.quote, day(one.document.day),
        )
        for one in rows
    ]  # fmt: skip
    return lines_panel("source", _("From the document"), lines, order=10)
