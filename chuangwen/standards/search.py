"""Criteria found by number or words from anywhere."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import pgettext

from chuangwen.core.search import Group, Hit, matching
from chuangwen.standards.models import Node, StandardVersion


def search_criteria(request: HttpRequest, words: str) -> Group:
    """By number or title, in the standards that the person may read."""
    versions = StandardVersion.objects.visible_to(request.user).values("pk")
    rows = Node.objects.filter(version__in=versions, is_leaf=True).select_related("version")
    found = matching(rows.order_by("version", "position"), words, begins=("code",), holds=("title_zh", "title_en"))
    hits = [Hit(f"{node.code} {node.title}", _page(node), str(node.version)) for node in found]
    return Group(pgettext("find", "Criteria"), "list-tree", hits)


def _page(node: Node) -> str:
    page = reverse("standards:version", args=[node.version.slug, node.version.version])
    return f"{page}?q={quote(node.code)}"
