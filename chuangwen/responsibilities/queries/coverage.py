"""Whether everything has somebody: every criterion, every place, every metre of a road, every shop."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.access import may, scope_of
from chuangwen.core.counting import counts
from chuangwen.organizations.models import Grid, Unit
from chuangwen.organizations.queries import gridded_kinds, lasting, without_grid
from chuangwen.places.models import Place, PlaceState
from chuangwen.places.queries import without_keeper
from chuangwen.responsibilities.metres import Coverage, Stretch, coverage_of
from chuangwen.responsibilities.models import Assignment, RoadSection, Share
from chuangwen.responsibilities.queries.breakdown import criteria_rows, gap_rows
from chuangwen.responsibilities.queries.parts import handed_on_at_all
from chuangwen.responsibilities.queries.roads import fronts_of, open_fronts, roads_of


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing that must have somebody; `bare` of `total` have nobody; `url` opens these."""

    key: str
    label: str
    total: float
    bare: float
    url: str
    what: str  # what "somebody" means here
    action: str

    @property
    def held(self) -> float:
        return self.total - self.bare

    @property
    def is_whole(self) -> bool:
        return self.bare == 0


@dataclass(frozen=True, slots=True)
class Metres:
    """All roads together: metres, those that nobody has, and the roads on which these lie, by key."""

    total: int
    open: float
    roads: list[tuple[int, Coverage]]  # the longest gap first


def metres_of(user: Any) -> Metres:
    """Two queries for any number of roads, read as bare numbers: rows of models would take three times as long."""
    roads = roads_of(user)
    lengths = {pk: length or 0 for pk, length in roads.order_by("pk").values_list("pk", "length")}
    held: defaultdict[int, list[Stretch]] = defaultdict(list)
    sections = RoadSection.objects.filter(lasting(), road__in=roads.order_by().values("pk")).order_by()
    for road, *where in sections.values_list("road_id", "starts_at", "ends_at", "side"):
        held[road].append(Stretch(*where))
    covered = {road: coverage_of(length, held[road]) for road, length in lengths.items()}
    bare = [(road, one) for road, one in covered.items() if not one.is_whole]
    bare.sort(key=lambda one: -one[1].open_metres)
    return Metres(sum(lengths.values()), sum(one.open_metres for _road, one in bare), bare)


def has_ground(campaign: Campaign | None) -> bool:
    """Whether places, roads and grids belong to what the campaign divides; a unit's own campaign has none."""
    return campaign is None or campaign.shape != "unit"


def kinds_of(user: Any, campaign: Campaign | None, metres: Metres) -> list[Kind]:
    """Every kind that the person's campaign has; kinds of which there is nothing are left out. Who may not put it right
    reads which ones have nobody."""
    places = Place.objects.visible_to(user).exclude(state=PlaceState.GONE)
    fronts = fronts_of(user).filter(closed_on__isnull=True)
    communities = Unit.objects.visible_to(user).on(clock.today()).filter(gridded_kinds())
    grids = Grid.objects.visible_to(user)
    asked: list[Any] = [
        places, places.filter(without_keeper()), fronts, fronts.filter(open_fronts()), communities,
        communities.filter(without_grid()), grids, grids.filter(worker__isnull=True),
    ]  # fmt: skip
    if campaign is not None:
        led = Assignment.objects.visible_to(user).filter(campaign=campaign, share=Share.LEAD, node__is_leaf=True)
        asked += [criteria_rows(campaign), gap_rows(campaign), led, led.filter(~handed_on_at_all())]
    numbers = counts([rows.order_by() for rows in asked])
    found = [
        Kind("places", pgettext("coverage", "Places"), numbers[0], numbers[1], reverse("places:list") + "?tab=bare",
             _("have a keeper"), _act(user, "places.edit", _("Name keepers"))),
        Kind("metres", _("Metres of roads"), metres.total, metres.open, reverse("responsibilities:roads") + "?tab=gap",
             _("have a unit"), _act(user, "responsibilities.edit", _("Give to units"))),
        Kind("fronts", _("Shop fronts"), numbers[2], numbers[3], reverse("responsibilities:fronts") + "?tab=open",
             _("have signed all three"),
             _act(user, "responsibilities.answer", _("Have them sign"))),
        Kind("communities", _("Communities and villages"), numbers[4], numbers[5],
             reverse("organizations:units") + "?tab=ungridded", _("are divided into grids"),
             _act(user, "organizations.edit", _("Draw grids"))),
        Kind("grids", _("Grids"), numbers[6], numbers[7], reverse("organizations:grids") + "?tab=bare",
             _("have a grid worker"), _act(user, "organizations.edit", _("Name workers"))),
    ]  # fmt: skip
    if not has_ground(campaign):
        found = []
    if campaign is not None:
        url = reverse("responsibilities:breakdown") + "?show=gap"
        action = _act(user, "responsibilities.edit", _("Fill in leads"))
        if campaign.region_id not in scope_of(user, "responsibilities.view").regions:  # on its own sheet it claims them
            url, action = url + "#unled", _act(user, "responsibilities.answer", _("Claim"))
        found.insert(0, Kind("criteria", _("Criteria"), numbers[8], numbers[9], url, _("have a lead"), action))
        deep = reverse("responsibilities:depth") + "?tab=stops"
        found.insert(
            1, Kind("leads", _("Leads of units"), numbers[10], numbers[11], deep,
                    _("are handed on to an office or a post"), _("Have them handed on"))
        )  # fmt: skip
    return [one for one in found if one.total]


def _act(user: Any, permission: str, words: str) -> str:
    """What to do about it, for who may; else that it can be looked at."""
    return words if may(user, permission) else _("Look")
