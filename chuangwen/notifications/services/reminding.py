"""Finds whom a day's reminders go to: what is due in the next days, then up the line what is late.

What a person was told once at a stage of a deadline is not told again, and nobody hears of what she may not see:
where nobody up the line may see a matter, the campaign office hears of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model

from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.core.panels import DueRow, DueSource, due_sources
from chuangwen.core.workdays import default_calendar
from chuangwen.notifications.addressees import Ask, directory
from chuangwen.notifications.digest_lines import LATE, SOON, Told
from chuangwen.notifications.enums import Stage
from chuangwen.notifications.models import Reminded
from chuangwen.notifications.queries import rules_of
from chuangwen.notifications.stages import horizon, reached

PORTION = 500
KEPT_FOR = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A matter with the stages it has reached."""

    source: DueSource
    row: DueRow
    stages: tuple[str, ...]

    def key(self, stage: str) -> str:
        return reminder_key(self.matter, stage, self.row.due)

    @property
    def matter(self) -> str:
        return f"{self.source.kind}{self.row.pk}"


def reminder_key(matter: str, stage: str, due: date) -> str:
    """What is told once: a moved deadline is told anew."""
    day = clock.local(due).date() if isinstance(due, datetime) else due
    return f"{matter}-{stage}-{day.isoformat()}"


def reminders_of(region: Region) -> dict[int, list[Told]]:
    """What each person (by key) is to hear today and has not heard yet; the sharpest stage where there are several."""
    waiting = _waiting(region)
    asks = {one: {stage: Ask(one.row.unit_id, one.row.post_id, stage) for stage in one.stages} for one in waiting}
    people = directory().people({ask for of in asks.values() for ask in of.values()})
    wanted = {
        (one, stage): _people(one, people.get(ask, ()), stage) for one, of in asks.items() for stage, ask in of.items()
    }
    wanted = _seen(wanted, region)
    known = _known({one.key(stage) for one, stage in wanted})
    names = directory().unit_names({one.row.unit_id for one in waiting})
    found: defaultdict[int, dict[str, Told]] = defaultdict(dict)
    for (one, stage), users in wanted.items():
        for user in users:
            if (user, one.key(stage)) not in known:
                found[user][one.matter] = _told(one, stage, names)
    return {user: list(told.values()) for user, told in found.items()}


def mark_told(user: Any, told: Iterable[Told], day: date) -> None:
    """Keep that the person has heard of these."""
    rows = [Reminded(user=user, key=one.key, day=day) for one in told]
    Reminded.objects.bulk_create(rows, ignore_conflicts=True, batch_size=PORTION)


def told_to_somebody(keys: Collection[str]) -> set[str]:
    """Which of these reminders (reminder_key) somebody has had."""
    return {key for _user, key in _known(keys)}


def sweep_reminded() -> None:
    """Forget what was told long ago."""
    Reminded.objects.filter(day__lt=clock.today() - KEPT_FOR).delete()


def _waiting(region: Region) -> list[Waiting]:
    """The region's matters that have reached a stage: one query a kind."""
    rules, now, calendar = rules_of(region), clock.local(clock.now()), default_calendar()
    last = horizon(now.date(), rules, calendar)
    found = []
    for source in due_sources():
        rows = source.between(source.rows().filter(region=region), None, last)
        for one in rows.order_by(source.due, "pk"):
            row = source.row(one)
            due = clock.local(row.due) if isinstance(row.due, datetime) else row.due
            stages = reached(due, now, rules, calendar)
            if source.inside:
                stages = [stage for stage in stages if stage != Stage.ABOVE]
            if source.ahead_only:
                stages = [stage for stage in stages if stage == Stage.AHEAD]
            if stages:
                found.append(Waiting(source, row, tuple(stages)))
    return found


def _people(one: Waiting, found: tuple[int, ...], stage: str) -> tuple[int, ...]:
    return tuple(dict.fromkeys((*found, *one.row.users))) if stage == Stage.AHEAD else found


def _told(one: Waiting, stage: str, names: Mapping[int, str]) -> Told:
    unit = names.get(one.row.unit_id, "") if stage == Stage.ABOVE else ""
    section = SOON if stage == Stage.AHEAD else LATE
    due = clock.local(one.row.due) if isinstance(one.row.due, datetime) else one.row.due
    return Told(one.source.kind, section, one.key(stage), one.row.title, one.row.url, due, unit)


Wanted = dict[tuple[Waiting, str], tuple[int, ...]]


def _seen(wanted: Wanted, region: Region) -> Wanted:
    """Without the people who may not see a matter; the office for what nobody above may see."""
    office = directory().office(region.pk)
    asked: defaultdict[int, set[Waiting]] = defaultdict(set)
    for (one, stage), users in wanted.items():
        for user in (*users, *office) if stage == Stage.ABOVE else users:
            asked[user].add(one)
    may_see = _sight(asked)
    kept: Wanted = {}
    for (one, stage), users in wanted.items():
        seers = tuple(user for user in users if (user, one.matter) in may_see)
        if stage == Stage.ABOVE and not seers:
            seers = tuple(user for user in office if (user, one.matter) in may_see)
        kept[one, stage] = seers
    return kept


def _sight(asked: Mapping[int, Collection[Waiting]]) -> set[tuple[int, str]]:
    """(person, matter) for what each of them may see of what is asked."""
    found: set[tuple[int, str]] = set()
    for user in get_user_model().objects.filter(pk__in=asked, is_active=True).iterator(chunk_size=PORTION):
        by_kind: defaultdict[str, list[Waiting]] = defaultdict(list)
        for one in asked[user.pk]:
            by_kind[one.source.kind].append(one)
        for kind, several in by_kind.items():
            visible = several[0].source.rows().visible_to(user).order_by()  # type: ignore[attr-defined]
            for chunk in _chunks([one.row.pk for one in several]):
                seen = visible.filter(pk__in=chunk).values_list("pk", flat=True)
                found.update((user.pk, f"{kind}{pk}") for pk in seen)
    return found


def _known(keys: Collection[str]) -> set[tuple[int, str]]:
    rows = (Reminded.objects.filter(key__in=chunk).values_list("user", "key") for chunk in _chunks(list(keys)))
    return {pair for several in rows for pair in several}


def _chunks(values: list[Any]) -> Iterable[list[Any]]:
    return (values[first : first + PORTION] for first in range(0, len(values), PORTION))
