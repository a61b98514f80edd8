"""Who visits which place on which day; recusal, moving, ad hoc places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Round, RoundState
from chuangwen.core import clock
from chuangwen.core.access import may, require, require_within
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import attach
from chuangwen.core.updating import update_row
from chuangwen.inspections.enums import VisitKind, VisitState
from chuangwen.inspections.models import Draw, Recusal, Visit
from chuangwen.inspections.queries import belongs_to, inspectors, is_own_place, own_units
from chuangwen.inspections.workflow import VISIT_WORKFLOW
from chuangwen.notifications.services import notify
from chuangwen.organizations.queries import office_people
from chuangwen.places.models import Place, PlaceState
from chuangwen.workflow.services import StaleState, advance, note_step

OPEN_ROUNDS = (RoundState.PLANNED, RoundState.RUNNING)
SCANS = frozenset({"image/jpeg", "image/png", "application/pdf"})


@dataclass(frozen=True, slots=True)
class Refused:
    """A visit that could not be given to an inspector. Of a recusal no more is said than that."""

    visit: Visit
    reason: str


@dataclass(frozen=True, slots=True)
class Assigned:
    """What became of a bulk assignment; true where anything was given."""

    given: int
    refused: list[Refused] = field(default_factory=list)

    def __bool__(self) -> bool:
        return self.given > 0


def plan_visit(
    round_: Round,
    place: Place,
    *,
    actor: Any,
    kind: VisitKind = VisitKind.DRAWN,
    inspector: Any = None,
    team: str = "",
    planned_on: date | None = None,
    substitute_for: Place | None = None,
    draw: Draw | None = None,
) -> Visit:
    """Put a place on the round's list; the same place twice returns the visit that is there.

    Without a day it is the round's first.
    """
    if inspector is not None and is_own_place(inspector, place):
        raise Refusal(_("Nobody inspects their own unit."), _("Choose another inspector."))
    with transaction.atomic():
        last = Visit.objects.filter(round=round_).aggregate(last=Max("order"))["last"] or 0
        visit, created = Visit.objects.get_or_create(
            round=round_,
            place=place,
            defaults={
                "region_id": round_.region_id,
                "kind": kind,
                "inspector": inspector,
                "team": team,
                "planned_on": planned_on or round_.starts,
                "substitute_for": substitute_for,
                "draw": draw,
                "order": last + 1,
            },
        )
        if created:
            note_step(visit, "plan", actor=actor, data={"kind": str(kind)})
    return visit


def list_drawn_places(draw: Draw, codes: Sequence[str], *, actor: Any) -> list[str]:
    """Put drawn places on the round's list; returns the codes that the register no longer has."""
    places = {place.code: place for place in Place.objects.filter(region=draw.region_id, code__in=codes)}
    for code in codes:
        if code in places:
            plan_visit(draw.round, places[code], actor=actor, draw=draw)
    return [code for code in codes if code not in places]


def add_ad_hoc_visit(round_: Round, place: Place, *, actor: Any, inspector: Any = None) -> Visit:
    """A place chosen on the spot (随机查看): recorded as such, never mixed with drawn ones in an estimate.

    Its inspector is who chose it, unless the office names another one.
    """
    if not may(actor, "inspections.plan", round_):
        require_within(actor, "inspections.inspect", round_.region_id)
    if round_.state != RoundState.RUNNING:
        raise Refusal(_("The round “%s” is not running.") % round_, _("Ask the office to begin it."))
    if not place.place_type.ad_hoc:
        raise Refusal(_("Places of this type are drawn, not chosen on the spot."), _("Choose one of the ad hoc kinds."))
    if place.state == PlaceState.GONE:
        raise Refusal(_("“%s” is gone from the register.") % place, _("Choose another place."))
    if Visit.objects.filter(round=round_, place=place).exists():
        raise Refusal(_("“%s” is already on the list of this round.") % place, _("Choose another place."))
    inspector = inspector or actor
    return plan_visit(
        round_, place, actor=actor, kind=VisitKind.AD_HOC, inspector=inspector, planned_on=clock.today()
    )  # fmt: skip


def assign_visits(visits: Sequence[Visit], inspector: Any, *, team: str = "", actor: Any) -> Assigned:
    """Give visits to an inspector. Not given: places of the own unit, recused ones, visits that have begun."""
    if actor is not None:
        for visit in visits:
            require(actor, "inspections.plan", visit)
    if not visits:
        return Assigned(0)
    if not inspectors(visits[0].region).filter(pk=inspector.pk).exists():
        raise Refusal(_("%s is not an inspector here.") % inspector, _("Grant the role first, or choose another."))
    own = own_units(inspector)
    recused = set(Recusal.objects.filter(user=inspector, visit__in=visits).values_list("visit_id", flat=True))
    refused, given = [], []
    with transaction.atomic():
        for visit in visits:
            if reason := _hindrance(visit, own, recused):
                refused.append(Refused(visit, reason))
            elif _write_inspector(visit, inspector, team):
                note_step(visit, "assign", actor=actor, data={"inspector": str(inspector), "team": team})
                given.append(visit)
            else:
                refused.append(Refused(visit, _("Has begun meanwhile")))
        if given:
            _tell_inspector(inspector, given)
    return Assigned(len(given), refused)


def assign_one(visit: Visit, inspector: Any, *, team: str = "", actor: Any) -> None:
    """Give one visit to an inspector; raises Refusal with the reason why not."""
    outcome = assign_visits([visit], inspector, team=team, actor=actor)
    for one in outcome.refused:
        raise Refusal(one.reason, _("Choose another inspector."))


def move_visit(visit: Visit, day: date, *, reason: str, actor: Any) -> None:
    """Another day, for rain or a closed road, without a new draw."""
    if actor is not None and visit.inspector_id != actor.pk:
        require(actor, "inspections.plan", visit)
    if not reason.strip():
        raise Refusal(_("Please give the reason in a few words."), _("For example: rain, road closed."))
    if day < visit.round.starts:
        raise Refusal(_("The round begins later than that day."), _("Choose a day within the round."))
    if day > visit.round.campaign.ends:
        raise Refusal(_("The campaign is over by that day."), _("Choose a day within the round."))
    with transaction.atomic():
        rows = Visit.objects.filter(pk=visit.pk, state=VisitState.PLANNED)
        if not rows.update(planned_on=day, updated_at=clock.now()):
            raise Refusal(
                _("Only a visit that has not begun can be moved."), _("Open it again to see its present state.")
            )
        note_step(visit, "move", actor=actor, note=reason, data={"from": visit.planned_on, "to": day})
    visit.planned_on = day


def skip_visit(visit: Visit, *, reason: str, actor: Any) -> None:
    """The place is closed or gone; the draw's next place may take its turn. An inspector's word goes to the office."""
    with transaction.atomic():
        advance(visit, VISIT_WORKFLOW, "skip", actor=actor, note=reason, skip_reason=reason.strip()[:200])
        if actor is not None and visit.inspector_id == actor.pk:
            people = office_people(visit.region, "inspections.plan")
            title = _("Closed or gone: %s") % visit.place
            url = reverse("inspections:visit", args=[visit.uid])
            notify(people, "inspections", title, body=reason.strip()[:200], region=visit.region, url=url)


def skip_visits_of_gone_place(place: Place, *, actor: Any, day: date, reason: str) -> None:
    """A place goes: visits that wait there are skipped, whichever the round (practice.md). Called with the place's own
    transaction; `day` stands with the place."""
    words = reason or _("The place is gone")
    for visit in Visit.objects.filter(place=place, state=VisitState.PLANNED, round__state__in=OPEN_ROUNDS).order_by(
        "pk"
    ):
        skip_visit(visit, reason=words, actor=actor)


def recuse_inspector(visit: Visit, *, actor: Any) -> None:
    """The inspector steps back. No reason is asked for; the office finds another."""
    if visit.inspector_id != actor.pk or visit.state != VisitState.PLANNED:
        raise Refusal(_("You can step back from your own visits before they begin."))
    with transaction.atomic():
        rows = Visit.objects.filter(pk=visit.pk, state=VisitState.PLANNED, inspector=actor)
        if not rows.update(inspector=None, updated_at=clock.now()):
            raise StaleState(visit)
        Recusal.objects.get_or_create(visit=visit, user=actor, defaults={"region_id": visit.region_id})
        note_step(visit, "recuse", actor=actor)
        people = office_people(visit.region, "inspections.plan")
        title = _("A visit needs another inspector: %s") % visit.place
        url = reverse("inspections:round", args=[visit.round_id])
        notify(people, "inspections", title, region=visit.region, url=url)
    visit.inspector = None


def begin_paper_entry(
    visit: Visit, *, inspector: Any, seen_at: datetime, scan: bytes, scan_name: str, actor: Any
) -> None:
    """The office enters a sheet that was filled in on paper (代录), with its scan and the true time."""
    if actor is not None:
        require(actor, "inspections.plan", visit)
    if seen_at > clock.now():
        raise Refusal(_("The visit cannot have been in the future."), _("Enter the time that stands on the sheet."))
    if visit.round.state != RoundState.RUNNING:
        raise Refusal(_("The round “%s” is not running.") % visit.round, _("Ask the office to begin it."))
    if is_own_place(inspector, visit.place) or Recusal.objects.filter(visit=visit, user=inspector).exists():
        raise Refusal(_("%s does not inspect this place.") % inspector, _("Choose who really was there."))
    with transaction.atomic():
        visit.on_paper = True
        advance(
            visit, VISIT_WORKFLOW, "start", actor=actor, at=seen_at, on_behalf=str(inspector), started_at=seen_at,
            inspector=inspector, on_paper=True,
        )  # fmt: skip
        attach(scan, scan_name, owner=visit, region=visit.region, actor=actor, accept=SCANS)


def _hindrance(visit: Visit, own: frozenset[int], recused: set[int]) -> str:
    if belongs_to(visit.place, own):
        return _("Own unit")
    if visit.pk in recused:
        return _("Needs another inspector")
    return "" if visit.state == VisitState.PLANNED else _("Has begun or is over")


def _write_inspector(visit: Visit, inspector: Any, team: str) -> bool:
    values = {"inspector": inspector, "team": team, "updated_at": clock.now()}
    if not update_row(visit, values, state=VisitState.PLANNED):
        return False
    visit.inspector, visit.team = inspector, team
    return True


def _tell_inspector(inspector: Any, given: Sequence[Visit]) -> None:
    """Once a day and round, however many places are given out one by one."""
    round_ = given[0].round
    title = _("Places to inspect are yours: %s") % round_
    key = f"visits-{round_.pk}-{clock.today()}"
    notify([inspector], "inspections", title, region=given[0].region, url=reverse("inspections:field"), key=key)
