"""The two runs that an address compares, found once a request: for the page and its list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from chuangwen.campaigns.context import campaign_or_404
from chuangwen.core.access import visible_or_404
from chuangwen.core.addresses import asked_key
from chuangwen.scoring.models import Run
from chuangwen.scoring.queries.comparing import Comparison, comparison


@dataclass(frozen=True, slots=True)
class Asked:
    """The runs to choose from, the two chosen, and what is found of them; None for what is not there."""

    runs: Sequence[Run]
    earlier: Run | None
    later: Run | None
    found: Comparison | None


def asked_of(request: HttpRequest) -> Asked:
    """What `?a=` and `?b=` name; without them the newest run and the newest of a round before it."""
    if "_compared" not in request.__dict__:
        runs = _runs(request)
        earlier, later = _chosen(request, runs)
        found = comparison(earlier, later) if earlier and later else None
        request.__dict__["_compared"] = Asked(runs, earlier, later, found)
    asked: Asked = request.__dict__["_compared"]
    return asked


def _runs(request: HttpRequest) -> list[Run]:
    """The campaign's runs that have a total, the newest round first."""
    rows = Run.objects.visible_to(request.user).filter(round__campaign=campaign_or_404(request), total__isnull=False)
    return list(rows.select_related("round", "version").order_by("-round__starts", "-created_at", "-pk")[:200])


def _chosen(request: HttpRequest, runs: Sequence[Run]) -> tuple[Run | None, Run | None]:
    """The runs that the address names (404 for one that is not the person's), else the newest two of two rounds."""
    pks = [asked_key(request.GET.get(name, "")) for name in ("a", "b")]
    seen = Run.objects.filter(total__isnull=False).select_related("round", "version", "region")
    seen = seen.select_related("observations", "places", "frames", "round__campaign")
    named = [visible_or_404(seen, request.user, pk=pk) if pk else None for pk in pks]
    later = named[1] or next((run for run in runs if named[0] is None or run.pk != named[0].pk), None)
    if later is None:
        return named[0], None
    before = (run for run in runs if run.round_id != later.round_id and run.version.urn == later.version.urn)
    return named[0] or next(before, None), later
