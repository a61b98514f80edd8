"""Finds the run of an address among those that the person sees, and says where the page stands."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.core.access import visible_or_404
from chuangwen.scoring.models import Run


def find_run(request: HttpRequest, pk: int) -> Run:
    runs = Run.objects.select_related("round__campaign", "version", "region", "observations")
    return visible_or_404(runs, request.user, pk=pk)


def crumbs() -> list[dict[str, str]]:
    return [{"label": _("Scores"), "url": reverse("scoring:runs")}]
