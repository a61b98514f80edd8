"""Reads rounds, draws and visits: whose place it is, what is asked there, how far a round has come."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from chuangwen.accounts.roles import roles_with
from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.core.access import scope_of
from chuangwen.core.asking import Question
from chuangwen.core.models import Region
from chuangwen.inspections.enums import VisitKind, VisitState
from chuangwen.inspections.models import Draw, Visit
from chuangwen.organizations.models import Holding, RoleGrant, Unit
from chuangwen.organizations.queries import lasting
from chuangwen.places.models import Place, PlaceState
from chuangwen.standards.models import Check, PlaceType, StandardVersion, name_in_language


def _versions(round_: Any) -> Any:
    """The standards of a round, for a condition."""
    return Round.versions.through.objects.filter(round=round_).values("standardversion")


CHECKS = Question(
    lambda round_, place_type: (
        Check.objects.filter(version__in=_versions(round_), place_types=place_type)
        .select_related("problem_type", "version")
        .order_by("version", "position")
    )
)
CHECK_KEYS = Question(
    lambda round_, place_type: (
        Check.objects.filter(version__in=_versions(round_), place_types=place_type)
        .order_by("version", "position")
        .values_list("pk", "quantity_at_least")
    )
)
# Roles that make a unit one's own; a bare inspector's grant says where he inspects, not where he belongs.
_BELONGING = ("liaison", "keeper", "leader")


def own_units(user: Any) -> frozenset[int]:
    """The units a person belongs to with all below them: where posts or belonging roles are held today.

    The region's root counts for itself alone: who serves the whole city may inspect in it.
    """
    posts = Holding.objects.filter(lasting(), user=user).values("post__unit")
    roles = RoleGrant.objects.filter(lasting(), user=user, role__in=_BELONGING).values("unit")
    home = list(Unit.objects.filter(Q(pk__in=posts) | Q(pk__in=roles)).values_list("pk", "path", "depth"))
    below = Q(pk__in=[pk for pk, _path, _depth in home])
    for _pk, path, depth in home:
        if depth > 1:
            below |= Q(path__startswith=path)
    return frozenset(Unit.objects.filter(below).values_list("pk", flat=True))


def belongs_to(place: Place, units: Collection[int]) -> bool:
    """Whether one of `units` answers for the place: as keeper, territory or department in charge."""
    return any(unit in units for unit in (place.keeper_id, place.territory_id, place.department_id) if unit)


def is_own_place(user: Any, place: Place) -> bool:
    """Whether the person belongs to a unit that answers for the place: nobody inspects the own unit."""
    return belongs_to(place, own_units(user))


def checklist(visit: Visit) -> list[Check]:
    """What is answered at this visit: the checks of its place type in all standards of the round, in their order."""
    return CHECKS(visit.round_id, visit.place.place_type_id)


def asked_checks(visit: Visit) -> dict[int, float | None]:
    """The keys of the checklist, each with the number from which it is met where something is counted: one query."""
    return dict(CHECK_KEYS(visit.round_id, visit.place.place_type_id))


def inspectors(region: Region) -> QuerySet[Any]:
    """The people who hold the role of inspector in the region today."""
    roles = [str(role) for role in roles_with("inspections.inspect")]
    grants = RoleGrant.objects.filter(lasting(), region=region, role__in=roles)
    people = get_user_model().objects.filter(pk__in=grants.values("user"), is_active=True)
    return people.order_by("name", "pk")


def declared_places(round_: Round) -> QuerySet[Place]:
    """What a round draws from: declared places in use that are not on its list yet; ad hoc kinds are never drawn."""
    listed = Visit.objects.filter(round=round_).values("place")
    return (
        Place.objects.filter(region=round_.region_id, declared=True, state=PlaceState.OPEN, place_type__ad_hoc=False)
        .exclude(pk__in=listed)
        .order_by("code")
    )


@dataclass(frozen=True, slots=True)
class Quota:
    """A place type on the quota sheet: how many are declared and how many shall be drawn."""

    place_type: PlaceType
    declared: int
    quota: int

    @property
    def is_short(self) -> bool:
        """More are asked for than there are: all will be taken."""
        return self.quota > self.declared


def quota_sheet(round_: Round, chosen: dict[str, int] | None = None) -> list[Quota]:
    """Every type that is drawn, with `chosen` numbers or the types' own; two queries."""
    counts = dict(
        declared_places(round_)
        .order_by()
        .values_list("place_type")
        .annotate(n=Count("pk"))
        .values_list("place_type", "n")
    )
    types = PlaceType.objects.filter(region=round_.region_id, ad_hoc=False)
    return [
        Quota(row, counts.get(row.pk, 0), (row.quota or 0) if chosen is None else chosen.get(row.code, 0))
        for row in types
        if counts.get(row.pk) or row.quota
    ]


def draws_of(round_: Round, user: Any) -> list[Draw]:
    """The round's draws that `user` may see, the newest first."""
    return list(Draw.objects.visible_to(user).filter(round=round_).order_by("-frozen_at", "-pk"))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the visits of one kind (a place type, a team) have come."""

    name: str
    planned: int
    done: int
    skipped: int
    not_met: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """A round at a glance. `planned` counts what shall be seen; a skipped place that has a substitute is not in it."""

    planned: int = 0
    done: int = 0
    unassigned: int = 0
    answered: int = 0
    not_met: int = 0
    drawn: int = 0
    ad_hoc: int = 0
    by_type: list[Progress] = field(default_factory=list)
    by_team: list[Progress] = field(default_factory=list)


_DONE = Count("pk", filter=Q(state=VisitState.FINISHED))
_SKIPPED = Count("pk", filter=Q(state=VisitState.SKIPPED))


def round_progress(visits: QuerySet[Any]) -> RoundProgress:
    """The progress of these visits of one round: three queries."""
    visits = visits.order_by()
    total = visits.aggregate(
        planned=Count("pk", filter=~Q(state=VisitState.SKIPPED)),
        done=_DONE,
        unassigned=Count("pk", filter=Q(inspector=None, state=VisitState.PLANNED)),
        answered=Sum("answered", default=0),
        not_met=Sum("not_met", default=0),
        drawn=Count("pk", filter=~Q(kind=VisitKind.AD_HOC) & ~Q(state=VisitState.SKIPPED)),
        ad_hoc=Count("pk", filter=Q(kind=VisitKind.AD_HOC) & ~Q(state=VisitState.SKIPPED)),
    )
    by_type = visits.values_list(
        name_in_language("place__place_type__"), "place__place_type__code", "place__place_type__position"
    )
    by_team = visits.values_list("team", "team", "team")
    return RoundProgress(**total, by_type=_grouped(by_type), by_team=_grouped(by_team))


def _grouped(rows: Any) -> list[Progress]:
    counted = rows.annotate(n=Count("pk"), done=_DONE, skipped=_SKIPPED, bad=Sum("not_met"))
    return [
        Progress(name, n - skipped, done, skipped, bad, str(key))
        for name, key, position, n, done, skipped, bad in sorted(counted, key=lambda row: (row[2], row[0]))
    ]


def versions_of(round_: Round) -> list[StandardVersion]:
    """The round's standards, the campaign's main one first."""
    main = round_.campaign.standards.filter(is_main=True).values("version")
    return list(round_.versions.annotate(main=Exists(main.filter(version=OuterRef("pk")))).order_by("-main", "pk"))


def done_of_rounds(rounds: Iterable[Round]) -> dict[int, tuple[int, int]]:
    """(done, planned) of each round: one query."""
    rows = (
        Visit.objects.filter(round__in=list(rounds))
        .exclude(state=VisitState.SKIPPED)
        .order_by()
        .values_list("round")
        .annotate(done=_DONE, n=Count("pk"))
    )
    return {pk: (done, n) for pk, done, n in rows}


def days_visits(user: Any) -> list[Visit]:
    """What an inspector has to do today: left over, planned for today or under way, then what is done today."""
    today = clock.today()
    left_over = Q(state=VisitState.PLANNED, planned_on__lt=today)
    wanted = left_over | Q(planned_on=today) | Q(state=VisitState.STARTED)
    visits = Visit.objects.of_inspector(user).filter(wanted, round__state="running")
    return list(
        visits.select_related("place__place_type", "place__territory", "round").order_by("planned_on", "order", "pk")
    )


def later_visits(user: Any) -> int:
    """How many visits are planned for days to come."""
    visits = Visit.objects.of_inspector(user)
    return int(visits.filter(state=VisitState.PLANNED, planned_on__gt=clock.today(), round__state="running").count())


def check_counts(visits: Iterable[Visit]) -> dict[int, int]:
    """How many checks each visit has: one query for each round among them."""
    by_round: dict[int, dict[int, int]] = {}
    found = {}
    for visit in visits:
        if visit.round_id not in by_round:
            rows = Check.objects.filter(version__in=visit.round.versions.all()).values_list("place_types", flat=True)
            by_round[visit.round_id] = Counter(rows)
        found[visit.pk] = by_round[visit.round_id].get(visit.place.place_type_id, 0)
    return found


def inspectors_planned_by(user: Any) -> QuerySet[Any]:
    """The inspectors of the regions whose visits `user` plans."""
    roles = [str(role) for role in roles_with("inspections.inspect")]
    regions = scope_of(user, "inspections.plan").regions
    grants = RoleGrant.objects.filter(lasting(), region_id__in=regions, role__in=roles)
    people = get_user_model().objects.filter(pk__in=grants.values("user"), is_active=True)
    return people.order_by("name", "pk")


def ad_hoc_places(round_: Round, user: Any, permission: str) -> QuerySet[Place]:
    """The places of ad hoc kinds that are not on the round's list yet."""
    listed = Visit.objects.filter(round=round_).values("place")
    places = Place.objects.visible_to(user, permission).filter(region=round_.region_id, place_type__ad_hoc=True)
    return (
        places.exclude(pk__in=listed)
        .exclude(state=PlaceState.GONE)
        .select_related("place_type")
        .order_by("place_type__position", "name", "pk")
    )


def running_rounds(user: Any) -> list[Round]:
    """The rounds under way in the regions where `user` inspects, the newest first."""
    regions = scope_of(user, "inspections.inspect").home_regions
    return list(Round.objects.filter(region_id__in=regions, state="running").order_by("-starts", "-pk"))
