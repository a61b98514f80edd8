"""Resolves the names by which standards and workbooks call parties: single units, kinds, collectives."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import Region
from chuangwen.organizations.naming import Answer, NameIndex, plain
from chuangwen.organizations.queries import name_index
from chuangwen.places.models import Place, PlaceState
from chuangwen.responsibilities.hints import BY_PLACE, LOCAL
from chuangwen.responsibilities.models import Collective
from chuangwen.responsibilities.queries.breakdown import criteria_of
from chuangwen.standards.models import Check


def collectives_of(region: Region) -> dict[str, tuple[int, ...]]:
    """The units behind each collective name that the office has explained, by plain name: one query."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    members = Collective.units.through.objects.filter(collective__region=region).order_by("unit__path")
    for name, unit in members.values_list("collective__name", "unit_id"):
        found[plain(name)].append(unit)
    return {name: tuple(units) for name, units in found.items()}


class Parties:
    """Whom names mean in one region. Four queries when made, none afterwards."""

    def __init__(self, region: Region) -> None:
        self._index: NameIndex = name_index(region)
        self._collectives = collectives_of(region)

    def answer(self, name: str) -> Answer:
        """The units that `name` means, else the likeliest ones for a person to choose from."""
        if units := self._collectives.get(plain(name)):
            return Answer(units=units)
        return self._index.resolve(LOCAL.get(plain(name), name))

    def units(self, name: str) -> tuple[int, ...]:
        return self.answer(name).units


def departments_by_criterion(region: Region, nodes: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """For each criterion the departments in charge of the places it is checked at (各场所主管单位): two queries."""
    by_type: defaultdict[int, list[int]] = defaultdict(list)
    places = Place.objects.filter(region=region, department__isnull=False).exclude(state=PlaceState.GONE)
    for place_type, unit in places.order_by("department__path").values_list("place_type", "department").distinct():
        by_type[place_type].append(unit)
    found: defaultdict[int, dict[int, None]] = defaultdict(dict)
    checks = Check.objects.filter(criteria__in=list(nodes), place_types__isnull=False)
    for node, place_type in checks.order_by().values_list("criteria", "place_types").distinct():
        found[node].update(dict.fromkeys(by_type[place_type]))
    return {node: tuple(units) for node, units in found.items()}


def means_by_place(name: str) -> bool:
    """Whether `name` stands for whoever is in charge of the place."""
    return plain(name) in BY_PLACE


def unknown_names(campaign: Campaign) -> list[tuple[str, int]]:
    """The parties that the campaign's standards name and that fit no unit, with the criteria that name them."""
    parties = Parties(campaign.region)
    nodes = criteria_of(campaign)
    by_place = departments_by_criterion(campaign.region, [node.pk for node in nodes])
    found: Counter[str] = Counter()
    for node in nodes:
        for name in dict.fromkeys(node.lead_hints):
            if not parties.units(name) and not (means_by_place(name) and by_place.get(node.pk)):
                found[name] += 1
    return found.most_common()
