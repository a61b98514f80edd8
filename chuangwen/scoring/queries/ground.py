"""Where a row was seen: each place's type and district on the day of a run, also of places chosen on the spot."""

from __future__ import annotations

from dataclasses import dataclass

from chuangwen.campaigns.models import Round
from chuangwen.core.models import Region
from chuangwen.inspections.enums import VisitKind
from chuangwen.inspections.models import Answer
from chuangwen.organizations.enums import Branch
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place


@dataclass(frozen=True, slots=True)
class Ground:
    """A place by codes: its own, its type's, its district's."""

    place: str
    place_type: str
    district: str


NOWHERE = Ground("", "", "")


def grounds(region: Region) -> dict[int, Ground]:
    """Key of a place -> where it stands: two queries."""
    districts = district_codes(region)
    rows = Place.objects.filter(region=region).order_by().values_list("pk", "code", "place_type__code", "territory")
    return {pk: Ground(code, kind, districts.get(territory, "")) for pk, code, kind, territory in rows.iterator()}


def district_codes(region: Region) -> dict[int, str]:
    """Key of a unit -> code of the district it lies in: the highest territory above it, below the region. One query.

    A unit of one level (a county's street) is its own district; where communities stand below streets, the street.
    """
    rows = list(
        Unit.objects.filter(region=region).order_by("path").values_list("pk", "path", "depth", "code", "branch")
    )
    top = min((depth for _pk, _path, depth, _code, _branch in rows), default=1)
    territories = {path: code for _pk, path, depth, code, branch in rows if branch == Branch.TERRITORY and depth > top}
    step = Unit.steplen
    found = {}
    for pk, path, _depth, code, _branch in rows:
        above = (path[:length] for length in range(step, len(path) + 1, step))
        found[pk] = next((territories[one] for one in above if one in territories), code)
    return found


def places_on_the_spot(round_: Round) -> dict[int, int]:
    """Key of an answer given at a place chosen on the spot -> key of that place: one query."""
    answers = Answer.objects.filter(visit__round=round_, visit__kind=VisitKind.AD_HOC).order_by()
    return dict(answers.values_list("pk", "visit__place_id"))
