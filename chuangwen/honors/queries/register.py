"""Reads the register of titles: what waits for a decision, and the figures of the whole (先进面, 创建率, 合格率)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from chuangwen.campaigns.models import Campaign, CampaignState, Title
from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.honors.customs import CIVIL
from chuangwen.honors.enums import STANDING_AWARDS, ApplicationState, AwardState
from chuangwen.honors.models import Application, Award, LadderStep
from chuangwen.honors.tally import unbroken_since, years_unbroken
from chuangwen.organizations.enums import Branch, UnitKind
from chuangwen.organizations.models import Unit
from chuangwen.organizations.queries import line_authorities, units_today

STANDING = [str(one) for one in STANDING_AWARDS]
SOON = timedelta(days=30)  # what is re-verified soon, on the start page and in the list


def lost_units() -> Q:
    """Titles in force of units that exist no more: somebody has to decide."""
    return Q(state__in=STANDING, family__isnull=True, unit__valid_to__lt=clock.today())


def due_for_check() -> Q:
    """Titles in force that are to be re-verified soon."""
    return Q(state__in=STANDING, reverify_by__lte=clock.today() + SOON)


def open_cards_over() -> Q:
    """Yellow cards whose term is over and that nobody has settled."""
    return Q(state=AwardState.YELLOW, cards__settled_on__isnull=True, cards__until__lt=clock.today())


def open_appeals() -> Q:
    """Titles about which an appeal waits for its ruling."""
    return Q(appeals__isnull=False, appeals__ruled_on__isnull=True)


def holding(offices: Collection[Unit], title: Title) -> set[int]:
    """Which of the offices hold the title: they are re-verified and do not compete."""
    rows = Award.objects.filter(unit__in=offices, title=title, state__in=STANDING)
    return set(rows.values_list("unit", flat=True))


def civil_among(offices: Collection[Unit]) -> set[int]:
    """Which of the offices are civil ones in full force: model offices come from among them (mechanisms.md 103)."""
    rows = Award.objects.filter(unit__in=offices, title__level=CIVIL, state=AwardState.VALID)
    return set(rows.values_list("unit", flat=True))


def counted_units(region: Region) -> QuerySet[Unit]:
    """Whom the shares are divided by: the units of the line that exist today.

    Offices inside a unit are left out, and so are line authorities, which stand above the region.
    """
    mine = units_today(region).filter(depth__gt=1, branch=Branch.LINE).exclude(kind=UnitKind.OFFICE)
    return mine.exclude(pk__in=line_authorities(region))


@dataclass(frozen=True, slots=True)
class Share:
    """A share with numerator and denominator; `url` opens the rows."""

    part: int
    whole: int

    @property
    def share(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Level:
    """How many units hold a title of one level, those with a higher one left out; and all who hold it."""

    title: Any
    highest: int
    holders: int
    offices: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of titles on one day."""

    titled: Share
    levels: list[Level]
    campaigning: Share
    passed: Share
    years: list[tuple[Any, int, date]]  # award, whole years without a break, since
    civil: Share
    model: int


def figures_of(region: Region, year: int, *, most: int = 20) -> Figures:
    """Shares by level, campaign rate, pass rate and years without a break, of units: a fixed number of queries."""
    units = set(counted_units(region).values_list("pk", flat=True))
    offices = units_today(region).filter(kind=UnitKind.OFFICE).count()
    steps = {one.title_id: one for one in LadderStep.objects.filter(region=region).select_related("title")}
    rows = Award.objects.filter(region=region, state__in=STANDING, family__isnull=True)
    standing = list(rows.select_related("title", "unit"))
    highest: dict[int, Award] = {}
    holders: Counter[int] = Counter()
    by_level: defaultdict[str, set[int]] = defaultdict(set)
    for award in standing:
        if award.title.subject == "office":
            by_level[award.title.level].add(award.unit_id)
            continue
        if award.unit_id not in units or award.title_id not in steps:
            continue
        holders[award.title_id] += 1
        best = highest.get(award.unit_id)
        if best is None or steps[award.title_id].rank > steps[best.title_id].rank:
            highest[award.unit_id] = award
    top = Counter(award.title_id for award in highest.values())
    order = sorted((one for one in steps.values() if one.title.subject != "office"), key=lambda one: -one.rank)
    levels = [Level(one.title, top[one.title_id], holders[one.title_id]) for one in order if holders[one.title_id]]
    return Figures(
        titled=Share(len(highest), len(units)), levels=levels, campaigning=_campaigning(region, units, set(highest)),
        passed=_passed(region, year), years=_years(list(highest.values()))[:most],
        civil=Share(len(by_level["civil"] | by_level["model"]), offices), model=len(by_level["model"]),
    )  # fmt: skip


def _campaigning(region: Region, units: set[int], titled: set[int]) -> Share:
    """Units that hold a title, have an application or run a campaign of their own, among all."""
    applied = Application.objects.filter(region=region, unit__in=units, family__isnull=True).exclude(
        state__in=[ApplicationState.DRAFT, ApplicationState.WITHDRAWN]
    )
    running = Campaign.objects.filter(region=region, subject__in=units, state=CampaignState.RUNNING)
    found = titled | set(applied.values_list("unit", flat=True)) | set(running.values_list("subject", flat=True))
    return Share(len(found), len(units))


def _passed(region: Region, year: int) -> Share:
    """Applications of the year's programmes that were awarded, among those decided."""
    rows = Application.objects.filter(region=region, programme__year=year, family__isnull=True)
    over = [ApplicationState.AWARDED, ApplicationState.REFUSED, ApplicationState.PASSED_OVER]
    counted = Counter(rows.filter(state__in=over).values_list("state", flat=True))
    return Share(counted[ApplicationState.AWARDED], sum(counted.values()))


def _years(awards: list[Award]) -> list[tuple[Award, int, date]]:
    """How long each unit has held a title of its kind without a break, the longest first: two queries."""
    today = clock.today()
    spans: defaultdict[int, list[tuple[date, date | None]]] = defaultdict(list)
    kept = {award.unit_id: award for award in awards}
    rows = Award.objects.filter(unit__in=kept, family__isnull=True).exclude(title__subject="office")
    for unit, since, ended in rows.values_list("unit", "held_since", "ended_on"):
        spans[unit].append((since, ended))
    found = []
    for unit, award in kept.items():
        since = unbroken_since(spans[unit], today)
        if since:
            found.append((award, years_unbroken(since, today), since))
    return sorted(found, key=lambda one: (one[2], one[0].pk))
