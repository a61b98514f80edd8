"""Which units a title is for: a village's is not a bureau's, a school's not a village's."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from chuangwen.campaigns.models import Title
from chuangwen.core.models import Region
from chuangwen.honors.customs import HOLDERS, TITLES
from chuangwen.honors.models import LadderStep, Programme
from chuangwen.honors.queries.register import counted_units
from chuangwen.organizations.enums import Branch, UnitKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import units_today

NOT_UNITS = (UnitKind.REGION, UnitKind.OFFICE)


def fits(title: Title, unit: Unit) -> bool:
    """Whether a unit of this kind can hold the title. A title of another kind of subject fits nobody."""
    kinds = HOLDERS.get(title.subject, ())
    return unit.kind not in NOT_UNITS if kinds is None else unit.kind in kinds


def of_kind(subject: str, prefix: str = "") -> Q:
    """The same as a condition on units."""
    kinds = HOLDERS.get(subject, ())
    return ~Q(**{f"{prefix}kind__in": NOT_UNITS}) if kinds is None else Q(**{f"{prefix}kind__in": kinds})


def candidates(programme: Programme) -> QuerySet[Unit]:
    """Who can apply in a programme: the units that its title is for and that exist today."""
    return units_today(programme.region).filter(of_kind(programme.title.subject))


def near_units(programme: Programme) -> QuerySet[Unit]:
    """Among whom the office looks for the nearest: the units of the line for a unit's title, else all candidates."""
    return counted_units(programme.region) if programme.title.subject == "unit" else candidates(programme)


def usual_titles(region: Region) -> list[tuple[str, str, str, int, int]]:
    """The ladders that a region has a use for: offices and units always, the others where it has such units.

    A region without territories is a committee or a company: its root is no city.
    """
    found = units_today(region).filter(kind__in=[*(HOLDERS["village"] or ()), *(HOLDERS["school"] or ())])
    kinds = set(found.order_by().values_list("kind", flat=True).distinct())
    wanted = {"office", "unit"} | {
        subject for subject in ("village", "school") if kinds & set(HOLDERS[subject] or ())
    }  # fmt: skip
    if units_today(region).filter(branch=Branch.TERRITORY, depth__gt=1).exists():
        wanted.add("city")
    return [one for one in TITLES if one[1] in wanted]


def lacking_titles(region: Region) -> list[str]:
    """The usual titles that stand on no ladder of the region yet."""
    there = set(LadderStep.objects.filter(region=region).values_list("title__name", flat=True))
    return [name for name, *_rest in usual_titles(region) if name not in there]
