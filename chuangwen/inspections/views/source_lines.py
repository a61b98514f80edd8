"""Where a round's results come from, by method, and what waits to be taken: the table over its criteria."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Round
from chuangwen.campaigns.result_sources import ResultSource, result_sources
from chuangwen.core.access import may
from chuangwen.inspections.enums import ResultKind, ResultState, VisitState
from chuangwen.inspections.models import EnteredResult, Visit
from chuangwen.inspections.services.sources import offer_of
from chuangwen.inspections.services.taking import outdated, takeable
from chuangwen.inspections.workflow import ASSESS
from chuangwen.standards.enums import Method
from chuangwen.standards.models import StandardVersion


@dataclass(frozen=True, slots=True)
class Line:
    """Where results of some methods come from, how many are in the round, what waits."""

    methods: str
    label: Any
    held: int
    waits: int
    url: str = ""
    note: str = ""


def lines_of(request: HttpRequest, round_: Round, versions: Sequence[StandardVersion]) -> list[Line]:
    """Every way into the round's results, for who works on it; the same queries whatever their number."""
    visits = Visit.objects.filter(round=round_)
    done = visits.filter(state=VisitState.FINISHED).count()
    entered = EnteredResult.objects.filter(round=round_, dossier=None, origin="")
    waiting = entered.filter(state=ResultState.ENTERED).count()
    entries, assesses = reverse("inspections:entries", args=[round_.pk]), may(request.user, ASSESS, round_)
    lines = [
        Line(
            _named(["field"]), _("Answers of finished visits; they count by themselves"), done,
            visits.exclude(state__in=(VisitState.FINISHED, VisitState.SKIPPED)).count(),
            reverse("inspections:round", args=[round_.pk]),
        ),
        Line(
            _("All other methods"), _("Entered by a person and confirmed by another"),
            entered.filter(state=ResultState.CONFIRMED).count(), waiting, f"{entries}?tab=waiting",
        ),
    ]  # fmt: skip
    taken = EnteredResult.objects.filter(round=round_, state=ResultState.CONFIRMED).exclude(dossier=None)
    ready = _dossiers_waiting(round_) if assesses else 0
    url = reverse("inspections:result_take", args=[round_.pk]) if assesses else ""
    lines.append(Line(_named(["material"]), _("Reviewed dossiers"), taken.count(), ready, url))
    return lines + [_line(one, round_, versions, assesses=assesses) for one in result_sources()]


def _dossiers_waiting(round_: Round) -> int:
    back = [result.pk for result, _reason in outdated(round_)]
    return len(back) + sum(not one.why for one in takeable(round_, back))


def _line(source: ResultSource, round_: Round, versions: Sequence[StandardVersion], *, assesses: bool) -> Line:
    offer = offer_of(source, round_, versions)
    url = reverse("inspections:result_take_from", args=[round_.pk, source.name]) if assesses else ""
    waits = len(offer.waiting) + len(offer.doubtful) + len(offer.lapsed)
    return Line(_named(sorted(source.feeds)), source.label, len(offer.standing), waits, url)


def _named(feeds: Iterable[str]) -> str:
    labels = {str(key): str(label) for key, label in [*Method.choices, *ResultKind.choices]}
    return _(", ").join(labels[one] for one in feeds)
