"""Who visits which place on which day; recusal, moving, ad hoc places."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.inspections.enums import VisitKind, VisitState
from chuangwen.inspections.models import Recusal, Visit
from chuangwen.notifications.services import notify
from chuangwen.organizations.models import Holding, RoleGrant
from chuangwen.organizations.queries import lasting, office_people
from chuangwen.places.models import Place, PlaceState
from chuangwen.workflow.services import note_step

# Roles that make a unit one's own; a bare inspector's grant says where he inspects, not where he belongs.
_BELONGING = ("liaison", "keeper", "leader")


def own_units(user: Any) -> set[int]:
    """The units a person belongs to: where posts or belonging roles are held today."""
    posts = Holding.objects.filter(lasting(), user=user).values_list("post__unit_id", flat=True)
    roles = RoleGrant.objects.filter(lasting(), user=user, role__in=_BELONGING).values_list("unit_id", flat=True)
    return {*posts, *roles}


def is_own_place(user: Any, place: Place) -> bool:
    """Whether the person belongs to a unit that answers for the place: nobody inspects the own unit."""
    return bool({place.keeper_id, place.territory_id, place.department_id} & own_units(user))


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
) -> Visit:
    """Put a place on the round's list; the same place twice returns the visit that is there."""
    if inspector is not None and is_own_place(inspector, place):
        raise Refusal(_("Nobody inspects the own unit."), _("Choose another inspector."))
    with transaction.atomic():
        last = Visit.objects.filter(round=round_).aggregate(last=Max("order"))["last"] or 0
        visit, created = Visit.objects.get_or_create(
            round=round_,
            place=place,
            defaults={
                "region": round_.region,
                "kind": kind,
                "inspector": inspector,
                "team": team,
                "planned_on": planned_on,
                "substitute_for": substitute_for,
                "order": last + 1,
            },
        )
        if created:
            note_step(visit, "plan", actor=actor, data={"kind": str(kind)})
    return visit


def add_ad_hoc_visit(round_: Round, place: Place, *, actor: Any) -> Visit:
    """The inspector chooses a place on the spot (随机查看); recorded as such, never mixed with drawn ones."""
    if not place.place_type.ad_hoc:
        raise Refusal(_("Places of this type are drawn, not chosen on the spot."), _("Choose one of the ad hoc kinds."))
    return plan_visit(round_, place, actor=actor, kind=VisitKind.AD_HOC, inspector=actor, planned_on=clock.today())


def assign_visits(visits: Sequence[Visit], inspector: Any, *, team: str = "", actor: Any) -> tuple[int, list[Visit]]:
    """Give visits to an inspector; returns (how many were given, those refused as the own unit or recused)."""
    own = own_units(inspector)
    recused = set(Recusal.objects.filter(user=inspector, visit__in=visits).values_list("visit_id", flat=True))
    refused = [
        visit
        for visit in visits
        if visit.pk in recused or {visit.place.keeper_id, visit.place.territory_id, visit.place.department_id} & own
    ]
    given = [visit for visit in visits if visit not in refused and visit.state == VisitState.PLANNED]
    with transaction.atomic():
        Visit.objects.filter(pk__in=[v.pk for v in given], state=VisitState.PLANNED).update(
            inspector=inspector, team=team, updated_at=clock.now()
        )
        for visit in given:
            note_step(visit, "assign", actor=actor, data={"inspector": str(inspector)})
    return len(given), refused


def move_visit(visit: Visit, day: date, *, reason: str, actor: Any) -> None:
    """Another day, for rain or a closed road, without a new draw."""
    if visit.state != VisitState.PLANNED:
        raise Refusal(_("Only a visit that has not begun can be moved."), _("Open it again to see its present state."))
    with transaction.atomic():
        Visit.objects.filter(pk=visit.pk, state=VisitState.PLANNED).update(planned_on=day, updated_at=clock.now())
        note_step(visit, "move", actor=actor, note=reason, data={"from": visit.planned_on, "to": day})
    visit.planned_on = day


def recuse_inspector(visit: Visit, *, actor: Any) -> None:
    """The inspector steps back. No reason is asked for; the office finds another."""
    if visit.inspector_id != actor.pk or visit.state != VisitState.PLANNED:
        raise Refusal(_("You can step back from your own visits before they begin."))
    with transaction.atomic():
        Recusal.objects.get_or_create(visit=visit, user=actor, defaults={"region": visit.region})
        Visit.objects.filter(pk=visit.pk).update(inspector=None, updated_at=clock.now())
        note_step(visit, "recuse", actor=actor)
        people = office_people(visit.region, "inspections.plan")
        title = _("A visit needs another inspector: %s") % visit.place
        notify(people, "inspections", title, region=visit.region)
    visit.inspector = None


def places_of_type(round_: Round, code: str) -> list[Place]:
    """The places in use of a type in the round's region."""
    return list(Place.objects.filter(region=round_.region, place_type__code=code, state=PlaceState.OPEN))
