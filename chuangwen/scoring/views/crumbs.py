"""Where a page of scores stands."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _


def crumbs() -> list[dict[str, str]]:
    return [{"label": _("Scores"), "url": reverse("scoring:runs")}]
