"""One line to whom a paper concerns."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from chuangwen.notifications.services import notify
from chuangwen.reports.models import Bulletin


def tell(people: Any, bulletin: Bulletin, words: str) -> None:
    """A line that leads to the paper."""
    url = reverse("reports:bulletin", args=[bulletin.pk])
    notify(people, "reports", words, region=bulletin.region, url=url, matter=True)
