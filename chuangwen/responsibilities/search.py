"""Tasks and instructions found by number or words from anywhere."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.search import Group, Hit, matching
from chuangwen.core.templatetags.wording import day
from chuangwen.responsibilities.models import Instruction, Task


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


def search_instructions(request: HttpRequest, words: str) -> Group:
    """By number, what they are about or their words, the latest first."""
    rows = Instruction.objects.visible_to(request.user).order_by("-pk")
    found = matching(rows, words, begins=("number",), holds=("about", "content"))
    hits = [
        Hit(
            one.about,
            reverse("responsibilities:instruction", args=[one.pk]),
            f"{one.number} {one.signed_as} {day(one.written_on)}",
        )
        for one in found
    ]
    url = f"{reverse('responsibilities:instructions')}?tab=all&q={quote(words)}"
    return Group(_("Instructions"), "signature", hits, url)
