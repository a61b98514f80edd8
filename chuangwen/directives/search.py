"""Documents found by title from anywhere."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.search import Group, Hit, matching
from chuangwen.core.templatetags.wording import day
from chuangwen.directives.models import Document


def search_documents(request: HttpRequest, words: str) -> Group:
    """By title, the latest first; the text itself is not searched."""
    rows = Document.objects.visible_to(request.user).order_by("-day", "-pk").defer("text", "headings")
    found = matching(rows, words, holds=("title",))
    hits = [
        Hit(
            document.title,
            reverse("directives:review", args=[document.pk]),
            f"{document.get_kind_display()} {day(document.day)}",
        )
        for document in found
    ]
    return Group(_("Documents"), "file-text", hits)
