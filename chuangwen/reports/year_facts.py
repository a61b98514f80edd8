"""Gathers what the year-end sheet says of each unit, from the areas that know it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db.models import Q

from chuangwen.campaigns.models import Campaign
from chuangwen.core.models import Region
from chuangwen.honors.models import Award
from chuangwen.organizations.enums import UnitKind
from chuangwen.organizations.queries import units_today
from chuangwen.reports.periods import Period
from chuangwen.reports.queries import span_of
from chuangwen.reports.sheet import Sheet
from chuangwen.reports.year_end import UnitYear, year_sheet
from chuangwen.supervision.enums import ConsequenceState, FlagState, NoticeState, StoryState, VetoState
from chuangwen.supervision.models import Consequence, Flag, Story, SupervisionNotice, VetoEvent
from chuangwen.supervision.peers import Part
from chuangwen.supervision.queries.standings import unit_scores

Keys = dict[str, dict[int, tuple[int, ...]]]


def year_end_sheet(campaign: Campaign, period: Period, as_of: datetime) -> Sheet:
    """The figures of the region's units in the period: a fixed number of queries."""
    region = campaign.region
    scores = {one.unit.pk: one for one in unit_scores(region, period.first, period.last)}
    counted, titles = _counted(region, period, as_of), _titles(region, period)
    units = units_today(region).filter(depth__gt=1).exclude(kind=UnitKind.OFFICE)
    found = []
    for unit in units.order_by("branch", "position", "pk"):
        score = scores.get(unit.pk)
        shares = score.shares if score else {}
        found.append(
            UnitYear(
                unit.pk, str(unit), unit.peer_group, score.standing.score if score else None,
                _value(shares.get(Part.RECTIFICATION)), _value(shares.get(Part.TASKS)),
                {key: rows[unit.pk] for key, rows in counted.items() if unit.pk in rows}, titles.get(unit.pk, {}),
            )
        )  # fmt: skip
    return year_sheet(found)


def _value(share: Any) -> float | None:
    return share.value if share else None


def _counted(region: Region, period: Period, as_of: datetime) -> Keys:
    """Keys by column and unit: notices that were sent, flags that were given, what was released, vetoes confirmed,
    rewards and consequences that stand and belong to the year in which the period ends."""
    span = span_of(period, as_of)
    days = (period.first, period.last)
    sent = Q(signed_at__isnull=False) & ~Q(state=NoticeState.WITHDRAWN)
    notices = SupervisionNotice.objects.filter(sent, region=region, day__range=days)
    flags = Flag.objects.filter(region=region, given_on__range=days, state__in=[FlagState.GIVEN, FlagState.BACK])
    stories = Story.objects.filter(
        region=region, state=StoryState.RELEASED, released_at__gte=span.start, released_at__lt=span.end
    )
    vetoes = VetoEvent.objects.filter(region=region, day__range=days, state=VetoState.CONFIRMED)
    found: defaultdict[str, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for rows, name in ((notices, "colour"), (flags, "colour"), (stories, "kind"), (vetoes, "")):
        ending = "_flag" if rows.model is Flag else ""
        values = rows.order_by("pk").values_list("pk", "unit_id", *([name] if name else []))
        for pk, unit, *kind in values:
            found[f"{kind[0]}{ending}" if kind else "veto"][unit].append(pk)
    stand = Consequence.objects.filter(
        region=region, year=period.last.year, day__lte=period.last, state=ConsequenceState.CONFIRMED
    )
    for pk, unit, is_reward in stand.order_by("pk").values_list("pk", "unit_id", "kind__is_reward"):
        found["reward" if is_reward else "consequence"][unit].append(pk)
    return {key: {unit: tuple(pks) for unit, pks in units.items()} for key, units in found.items()}


def _titles(region: Region, period: Period) -> dict[int, dict[int, str]]:
    """The titles that units held on the last day, by unit; those of the offices inside them are left out."""
    held = Award.objects.filter(region=region, family__isnull=True, granted_on__lte=period.last)
    held = held.exclude(unit__kind=UnitKind.OFFICE)
    held = held.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=period.last))
    found: defaultdict[int, dict[int, str]] = defaultdict(dict)
    for pk, unit, title in held.order_by("granted_on", "pk").values_list("pk", "unit_id", "title__name"):
        found[unit][pk] = title
    return found
