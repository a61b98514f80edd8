"""Tasks found by number or words from anywhere."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.search import Group, Hit, matching
from chuangwen.responsibilities.models import Task


def search_tasks(request: HttpRequest, words: str) -> Group:
    """By number or title, the latest first."""
    rows = Task.objects.visible_to(request.user).select_related("unit").order_by("-pk")
    found = matching(rows, words, begins=("number",), holds=("title",))
    hits = [
        Hit(
            task.title,
            reverse("responsibilities:task", args=[task.pk]),
            f"{task.number} {task.get_state_display()} {task.unit}",
        )
        for task in found
    ]
    return Group(_("Tasks"), "checkbox", hits, f"{reverse('responsibilities:tasks')}?q={quote(words)}")
