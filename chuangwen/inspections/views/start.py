"""What fieldwork puts into the side bar and on start pages: visits of today or without inspector, progress."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any

from django.db.models import Count, QuerySet, prefetch_related_objects
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.context import current_campaign
from chuangwen.campaigns.models import Round, RoundState
from chuangwen.campaigns.round_facts import RoundFact
from chuangwen.core import clock
from chuangwen.core.access import may
from chuangwen.core.panels import DeskItem, KeyFigure, NavGroup, NavItem
from chuangwen.inspections.enums import WAITING_STATES, ResultState, VisitState
from chuangwen.inspections.models import EnteredResult, Visit
from chuangwen.inspections.queries import days_visits, done_of_rounds

NAVIGATION = (
    NavItem(
        NavGroup.FIELD, 32, gettext_lazy("Inspections"), "clipboard-check", "inspections:rounds", ("inspections.view",),
        shapes=("city",), prefixes=("/rounds/", "/visits/", "/results/", "/imports/results/"),
    ),
    NavItem(
        NavGroup.FIELD, 33, gettext_lazy("Today"), "walk", "inspections:field", ("inspections.inspect",),
        shapes=("city",), phone=(Role.INSPECTOR,),
    ),
    NavItem(
        NavGroup.FIELD, 34, gettext_lazy("Outbox"), "cloud-upload", "inspections:outbox", ("inspections.inspect",),
        shapes=("city",), phone=(Role.INSPECTOR,),
    ),
    NavItem(
        NavGroup.FIELD, 35, gettext_lazy("Manual"), "book", "inspections:manual", ("inspections.inspect",),
        shapes=("city",), phone=(Role.INSPECTOR,),
    ),
)  # fmt: skip
END_OF_WORK = time(17, 30)


def desk_items(request: HttpRequest) -> Iterable[DeskItem]:
    """The inspector's day, visits without inspector, rounds that can be closed, results that wait for a second eye."""
    if may(request.user, "inspections.inspect"):
        yield from _for_inspector(request)
    if may(request.user, "inspections.plan"):
        yield from _for_office(request)
    if may(request.user, "inspections.assess"):
        yield from _for_assessor(request)


def key_figures(request: HttpRequest) -> Iterable[KeyFigure]:
    """46 / 82 places of the round that is running."""
    campaign = current_campaign(request)
    if campaign is None or not may(request.user, "inspections.view", campaign):
        return
    rounds = list(Round.objects.filter(campaign=campaign, state=RoundState.RUNNING).order_by("-starts", "-pk")[:1])
    counts = done_of_rounds(rounds)
    for round_ in rounds:
        if campaign.shape == "unit":  # nothing is visited
            continue
        done, planned = counts.get(round_.pk, (0, 0))
        yield KeyFigure(
            _("Places inspected"), f"{done} / {planned}", reverse("inspections:round", args=[round_.pk]),
            unit=_("places"), sub=round_.name, order=30,
        )  # fmt: skip


def round_facts(request: HttpRequest, rounds: Sequence[Round]) -> dict[int, RoundFact]:
    """How far each round is in the field, with the way to it, on the campaign's page."""
    if not may(request.user, "inspections.view"):
        return {}
    counts = done_of_rounds(rounds)
    prefetch_related_objects(rounds, "campaign")
    entered = {
        one.pk: RoundFact(_("Results by criterion"), reverse("inspections:results", args=[one.pk]))
        for one in rounds
        if one.campaign.shape == "unit" and one.state != RoundState.PLANNED
    }
    return entered | {
        one.pk: RoundFact(
            _("%(done)d of %(planned)d places done")
            % dict(zip(("done", "planned"), counts.get(one.pk, (0, 0)), strict=True)),
            reverse("inspections:round", args=[one.pk]),
        )
        for one in rounds
        if one.pk in counts
    }


def _for_inspector(request: HttpRequest) -> Iterable[DeskItem]:
    waiting = [visit for visit in days_visits(request.user) if visit.state in WAITING_STATES]
    if waiting:
        yield DeskItem(
            "mine",
            ngettext("%d place to inspect today", "%d places to inspect today", len(waiting)) % len(waiting),
            reverse("inspections:field"),
            sub="、".join(str(visit.place) for visit in waiting[:3]),
            icon="clipboard-check",
            due=_end_of(clock.today()),
            action=_("Inspect"),
            count=len(waiting),
        )


def _for_office(request: HttpRequest) -> Iterable[DeskItem]:
    visible = Visit.objects.visible_to(request.user, "inspections.plan").filter(round__state=RoundState.RUNNING)
    nobody = visible.filter(inspector=None, state=VisitState.PLANNED).order_by()
    rows = nobody.values_list("round", "round__name", "round__ends").annotate(n=Count("pk"))
    for pk, name, ends, number in rows:
        yield DeskItem(
            "decide",
            ngettext("%d visit needs an inspector", "%d visits need an inspector", number) % number,
            reverse("inspections:round", args=[pk]) + "?tab=nobody",
            sub=name,
            icon="user-plus",
            due=_end_of(ends),
            action=_("Give out"),
            count=number,
        )
    open_rounds = visible.filter(state__in=WAITING_STATES).values("round")
    finished = Round.objects.visible_to(request.user, "inspections.plan").filter(
        state=RoundState.RUNNING, visits__isnull=False
    )
    for round_ in finished.exclude(pk__in=open_rounds).distinct():
        yield DeskItem(
            "decide", _("Every place is seen: %s") % round_.name, reverse("inspections:close", args=[round_.pk]),
            icon="lock", due=_end_of(round_.ends), action=_("Close the round"),
        )  # fmt: skip


def _for_assessor(request: HttpRequest) -> Iterable[DeskItem]:
    """Results that others entered, to be compared with their papers; own ones that came back."""
    results = EnteredResult.objects.visible_to(request.user, "inspections.assess").filter(
        round__state=RoundState.RUNNING
    )
    others = results.filter(state=ResultState.ENTERED).exclude(entered_by=request.user.pk)
    for pk, name, ends, number in _by_round(others):
        title = ngettext("%d result to be confirmed", "%d results to be confirmed", number) % number
        yield DeskItem("decide", title, reverse("inspections:entries", args=[pk]) + "?tab=waiting", sub=name,
                       icon="checkbox", due=_end_of(ends), action=pgettext("result", "Confirm"),
                       count=number)  # fmt: skip
    returned = results.filter(state=ResultState.RETURNED, entered_by=request.user.pk)
    for pk, name, ends, number in _by_round(returned):
        title = ngettext("%d result came back", "%d results came back", number) % number
        yield DeskItem("mine", title, reverse("inspections:entries", args=[pk]) + "?tab=returned", sub=name,
                       icon="arrow-back-up", due=_end_of(ends), action=_("Correct"), count=number)  # fmt: skip


def _by_round(rows: QuerySet[Any]) -> QuerySet[Any]:
    fields = ("round", "round__name", "round__ends")
    return rows.order_by("round__starts").values_list(*fields).annotate(n=Count("pk"))


def _end_of(day: object) -> datetime:
    return datetime.combine(day, END_OF_WORK, timezone.get_current_timezone())  # type: ignore[arg-type]
