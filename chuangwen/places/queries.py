"""Reads the register of places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from chuangwen.core.models import Region
from chuangwen.organizations.models import Holding, Post, Unit
from chuangwen.organizations.queries import lasting, units_today
from chuangwen.places.models import Place, PlaceState
from chuangwen.standards.models import PlaceType

JOINED = ("place_type", "territory", "department", "keeper", "leader__unit", "region")


def register_of(user: Any) -> QuerySet[Place]:
    """The places that a person may see, with all that a row shows joined."""
    rows: QuerySet[Place] = Place.objects.visible_to(user)
    return rows.select_related(*JOINED)


def place_or_404(user: Any, code: str, permission: str = "") -> Place:
    """The place of this code that the person may see, the own region's first where codes repeat over regions."""
    rows: QuerySet[Place] = Place.objects.visible_to(user, permission)
    found = list(rows.select_related(*JOINED).filter(code=code)[:20])
    if not found:
        raise Http404
    return min(found, key=lambda place: (place.region_id != user.region_id, place.pk))


def place_of_plate(plate: str) -> Place:
    """The place whose plate was scanned. Raises Http404."""
    try:
        found: Place = Place.objects.select_related("place_type", "territory", "keeper", "region").get(plate=plate)
    except Place.DoesNotExist:
        raise Http404 from None
    return found


def state_on(place: Place, day: date) -> str:
    """The state in which a place was on a day; before its first change it was in use."""
    change = place.state_changes.filter(day__lte=day).order_by("-day", "-pk").first()
    return change.state if change else PlaceState.OPEN.value


def without_keeper() -> Q:
    """Places on the register for which no unit answers."""
    return Q(keeper__isnull=True) & ~Q(state=PlaceState.GONE)


@dataclass(frozen=True, slots=True)
class Choices:
    """What the fields of a place can point to in a region."""

    types: QuerySet[PlaceType]
    territories: QuerySet[Unit]
    units: QuerySet[Unit]
    leaders: QuerySet[Post]


def place_choices(region: Region) -> Choices:
    """Types, territories, units and leaders to choose from."""
    units = units_today(region).filter(depth__gt=1)
    leaders = Post.objects.filter(region=region, kind__in=["first", "charge"]).select_related("unit")
    return Choices(
        PlaceType.objects.filter(region=region),
        units.filter(branch="territory"),
        units,
        leaders.order_by("unit__path", "title"),
    )


def leader_names(region: Region) -> list[tuple[int, str, tuple[str, ...]]]:
    """(post, name, other names) of those who can contract a place: the post's title and its holders' names."""
    found: dict[int, tuple[str, list[str]]] = {}
    posts = Post.objects.filter(region=region, kind__in=["first", "charge"])
    for pk, title, name, short in posts.values_list("pk", "title", "unit__name", "unit__short_name"):
        found[pk] = (f"{short or name} {title}", [f"{name}{title}"])
    held = Holding.objects.filter(lasting(), post__in=posts).values_list("post_id", "user__name")
    for pk, person in held:
        found[pk][1].append(person)
    return [(pk, name, tuple(others)) for pk, (name, others) in found.items()]


PlateOpener = Callable[[Any, Place], str]
_openers: list[tuple[int, PlateOpener]] = []


def register_plate_opener(opener: PlateOpener, order: int = 50) -> None:
    """Let `opener(request, place)` say where a scanned plate leads this person; "" where it has nothing.

    So an inspector's scan opens the visit, which a higher area knows and this one does not. The
    lowest `order` that has something wins.
    """
    if (order, opener) not in _openers:
        _openers.append((order, opener))


def plate_target(request: Any, place: Place) -> str:
    """Where a higher area wants a scanned plate to lead this person, or ""."""
    urls = (opener(request, place) for _order, opener in sorted(_openers, key=lambda one: one[0]))
    return next((url for url in urls if url), "")
