"""Reads exposure and praise; public pages ask here."""

from __future__ import annotations

from django.db.models import QuerySet

from chuangwen.core.models import Region
from chuangwen.supervision.enums import StoryState
from chuangwen.supervision.models import Story


def released_stories(region: Region) -> QuerySet[Story]:
    """What may be shown to everybody, with its replies, the latest first."""
    rows = Story.objects.filter(region=region, state=StoryState.RELEASED)
    return rows.select_related("unit").prefetch_related("replies").order_by("-released_at", "-pk")
