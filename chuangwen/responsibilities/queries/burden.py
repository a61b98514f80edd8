"""How much the office asks of units: tasks issued, month by month (减负: what is counted can be made less)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import pgettext

from chuangwen.core import clock
from chuangwen.core.counting import counts
from chuangwen.responsibilities.models import UnitBurden

MONTHS: Final = 6
MOST_NAMED: Final = 3  # units named as asked for most


@dataclass(frozen=True, slots=True)
class Asked:
    """Tasks issued in each of the last six months, and fair words for the current one.

    `so_far` counts the current month up to now, `before` the month before it up to the same day.
    """

    months: tuple[tuple[date, int], ...]
    so_far: int
    before: int

    @property
    def fewer(self) -> int:
        """How many fewer than last month at the same day; negative where there are more."""
        return self.before - self.so_far


@dataclass(frozen=True, slots=True)
class AskedLately:
    """What some units were asked for this month and in the month before, and who was asked for most this month."""

    units: int
    this_month: int
    before: int
    most: tuple[tuple[str, int], ...]

    @property
    def most_words(self) -> str:
        """Who was asked for most, where it is not one unit alone: "市城管局 12、东关街道 9"."""
        names = [f"{name} {number}" for name, number in self.most]
        return pgettext("between names", ", ").join(names) if self.units > 1 else ""


def asked_lately(units: Any, user: Any) -> AskedLately:
    """What `units` (a queryset) were asked for, as far as `user` may see it: three queries."""
    before, this = last_firsts(clock.today())[-2:]
    rows = UnitBurden.objects.visible_to(user).filter(unit__in=units.order_by().values("pk"), month__in=(before, this))
    sums = dict(rows.order_by().values_list("month").annotate(Sum("asked")))
    most = rows.filter(month=this, asked__gt=0).order_by("-asked", "unit__path").select_related("unit")[:MOST_NAMED]
    return AskedLately(
        units.count(), sums.get(this, 0), sums.get(before, 0), tuple((str(one.unit), one.asked) for one in most)
    )


def asked_of_units(tasks: Any) -> Asked:
    """Count `tasks` (a queryset already scoped) by the month in which they were issued: one query."""
    now = clock.local(clock.now())
    firsts = last_firsts(now.date())
    starts = [_midnight(first) for first in firsts]
    spans = [Q(issued_at__gte=first, issued_at__lt=end) for first, end in pairwise(starts)]
    spans.append(Q(issued_at__gte=starts[-1], issued_at__lte=now))
    spans.append(Q(issued_at__gte=starts[-2], issued_at__lte=_same_day_before(now, firsts)))
    *months, before = counts([tasks.filter(span) for span in spans])
    return Asked(tuple(zip(firsts, months, strict=True)), months[-1], before)


def last_firsts(today: date) -> list[date]:
    """The first days of the last six months, the current one last."""
    found = [today.replace(day=1)]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _same_day_before(now: datetime, firsts: list[date]) -> datetime:
    """This moment of the month before; its end where that month is shorter."""
    moved = _midnight(firsts[-2]) + (now - _midnight(firsts[-1]))
    return min(moved, _midnight(firsts[-1]) - timedelta(microseconds=1))
