"""Changes the register of places. Every change is dated and audited."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chuangwen.core import clock
from chuangwen.core.access import require_actor, require_region
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.models import Region
from chuangwen.organizations.enums import Branch
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place, PlaceState, PlaceStateChange
from chuangwen.places.workflow import ACTION_TO, PLACE_WORKFLOW
from chuangwen.workflow.services import advance, note_step

EDITABLE = (
    "code", "name", "place_type", "address", "contact", "phone", "territory", "department", "keeper", "leader",
    "hours", "longitude", "latitude", "length", "batch", "declared",
)  # fmt: skip
RESERVED_CODES = frozenset({"import", "map", "new", "plates", "points.geojson"})  # words of our own addresses
_CODE = re.compile(r"[\w.()（）·-]+")

# (place, actor, day, reason): called in the transaction in which a place goes, so that a higher area
# can end what was open there (its problems end as "object gone" and are not counted).
GoneHandler = Callable[..., None]
_gone_handlers: list[GoneHandler] = []


def register_on_place_gone(handler: GoneHandler) -> None:
    """Call `handler(place, actor=…, day=…, reason=…)` whenever a place goes. From an area's `ready()`."""
    if handler not in _gone_handlers:
        _gone_handlers.append(handler)


def check_code(code: str) -> str:
    """The code as it may stand in an address. Raises Refusal."""
    code = code.strip()
    if not _CODE.fullmatch(code) or code.lower() in RESERVED_CODES or set(code) == {"."}:
        raise Refusal(
            _("“%s” cannot be a place's code.") % code,
            _("Use letters, digits, Chinese characters and - . ( ) only, such as ZG-001."),
        )
    return code


def check_territory(unit: Unit) -> Unit:
    """A place lies in a territory (块), never in a department. Raises Refusal."""
    if unit.branch != Branch.TERRITORY:
        raise Refusal(
            _("“%s” is a department, not a territory.") % unit,
            _("Name the street, town, community or village in which the place lies."),
        )
    return unit


def create_place(region: Region, *, actor: Any, **fields: Any) -> Place:
    """Put a place on the register. Raises Refusal for a code that is taken or impossible."""
    require_region(actor, "places.edit", region.pk)
    fields["code"] = check_code(fields["code"])
    _check_units(region, fields)
    with transaction.atomic():
        _refuse_taken_code(region, fields["code"])
        place = Place.objects.create(region=region, **fields)
        note_step(place, "create", actor=actor, data={"code": place.code})
    return place


def edit_place(place: Place, *, actor: Any, seen: datetime | None = None, **fields: Any) -> Place:
    """Change a place's facts (EDITABLE); its state has a service of its own.

    `seen` is the `updated_at` that the person's page showed: raises Conflict where somebody changed
    the place meanwhile. Nothing is written where nothing differs.
    """
    require_actor(actor, "places.edit", place)
    unknown = set(fields) - set(EDITABLE)
    if unknown:
        raise ValueError(f"not editable: {sorted(unknown)}")
    if "code" in fields:
        fields["code"] = check_code(fields["code"])
    changes = {name: value for name, value in fields.items() if getattr(place, name) != value}
    if not changes:
        return place
    _check_units(place.region, changes)
    before = {name: getattr(place, name) for name in changes}
    with transaction.atomic():
        if "code" in changes:
            _refuse_taken_code(place.region, changes["code"])
        rows = Place.objects.filter(pk=place.pk, **({"updated_at": seen} if seen else {}))
        if rows.update(**changes, updated_at=clock.now()) != 1:
            raise Conflict(
                _("Somebody else changed “%s” meanwhile.") % place,
                _("Compare with what stands there now and save again."),
            )
        for name, value in changes.items():
            setattr(place, name, value)
        note_step(place, "edit", actor=actor, data={"before": _named(before), "after": _named(changes)})
    return place


def change_place_state(
    place: Place, state: str, *, actor: Any, day: date | None = None, reason: str = ""
) -> PlaceStateChange:
    """Close a place for a time, put it in use again, or let it be gone, from `day` on (today by default).

    A place that is gone keeps its history and leaves the draw; what is open there is ended by the
    handlers that higher areas registered. Raises Refusal for a day that cannot be or a missing reason.
    """
    require_actor(actor, "places.edit", place)
    day = day or clock.today()
    if state not in PlaceState.values or state == place.state:
        raise Refusal(_("“%s” is in this state already.") % place, _("Choose another state."))
    if day > clock.today():
        raise Refusal(_("The day lies in the future."), _("Choose today or an earlier day."))
    last = place.state_changes.order_by("-day", "-pk").first()
    if last and day < last.day:
        raise Refusal(
            _("The state last changed on %s, which is later.") % last.day, _("Choose that day or a later one.")
        )
    with transaction.atomic():
        at = timezone.make_aware(datetime.combine(day, time())) if day < clock.today() else None
        advance(place, PLACE_WORKFLOW, ACTION_TO[state], actor=actor, note=reason, data={"day": day}, at=at)
        change = PlaceStateChange.objects.create(
            region=place.region, place=place, state=state, day=day, reason=reason[:200], changed_by=str(actor or "")
        )
        if state == PlaceState.GONE:
            for handler in _gone_handlers:
                handler(place, actor=actor, day=day, reason=reason)
    return change


def _refuse_taken_code(region: Region, code: str) -> None:
    taken = Place.objects.filter(region=region, code=code).first()
    if taken:
        raise Refusal(
            _("The code “%(code)s” belongs to “%(place)s”.") % {"code": code, "place": taken},
            _("Choose another code."),
        )


def _check_units(region: Region, fields: dict[str, Any]) -> None:
    """All that a place points to lies in its region; its territory is one."""
    for name in ("place_type", "territory", "department", "keeper", "leader"):
        value = fields.get(name)
        if value is not None and value.region_id != region.pk:
            raise Refusal(_("“%s” belongs to another region.") % value, _("Choose one of this region."))
    if fields.get("territory") is not None:
        check_territory(fields["territory"])


def _named(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as history keeps them: names for rows, since rows may be renamed."""
    return {name: value if isinstance(value, str | int | float | bool | None) else str(value)
            for name, value in facts.items()}  # fmt: skip
