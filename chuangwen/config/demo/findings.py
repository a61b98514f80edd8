"""What is found outside the rounds: by inspectors, callers, citizens, superiors, the media, the units themselves."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from chuangwen.accounts.models import User
from chuangwen.campaigns.models import Campaign
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City
from chuangwen.config.demo.lives import Lives, photo_of
from chuangwen.config.demo.texts import ProblemWords
from chuangwen.config.demo.timeline import Timeline
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.places.models import Place
from chuangwen.rectification.enums import PhotoRole, Source
from chuangwen.rectification.models import RoutingRule
from chuangwen.rectification.services import Finding, add_photo, report_problem
from chuangwen.standards.models import Check, ProblemType

HOW_MANY = 560
SOURCES = (
    (Source.INSPECTION, 0.42), (Source.HOTLINE, 0.22), (Source.SELF, 0.14), (Source.CITIZEN, 0.12),
    (Source.SUPERIOR, 0.07), (Source.MEDIA, 0.03),
)  # fmt: skip
UNPLACED = frozenset({Source.HOTLINE, Source.CITIZEN, Source.MEDIA})  # they say where, but not which place it is
KEEPER = "zhonggulou"  # of whom an account is shown
KEEPERS_OWN = (
    "public-notice",
    "rules",
    "records",
    "fire-gear",
    "facilities",
)  # no rule routes them: the keeper answers
TWICE, AGAIN = 0.15, 0.04  # a caller tells what is known already; something comes back


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody came upon. `place` is where it really is, whether the finder names it or not."""

    place: Place
    problem_type: ProblemType
    source: Source
    unplaced: bool = False
    without_territory: bool = False
    title: str = ""  # in the words of one that is known already


class Findings:
    """Puts the year's findings on the timeline and tells `lives` of each."""

    def __init__(self, city: City, campaign: Campaign, words: ProblemWords, lives: Lives) -> None:
        self._city, self._campaign, self._words, self._lives = city, campaign, words, lives
        self._codes = sorted(city.places)
        region = city.root.region
        self._types = {row.code: row for row in ProblemType.objects.filter(region=region)}
        ruled = set(RoutingRule.objects.filter(region=region).values_list("problem_type__code", flat=True))
        self._unruled = set(self._types) - ruled
        self._rng = random.Random("findings")  # noqa: S311

    def plan(self, timeline: Timeline, year: Year) -> None:
        """More and more as the assessment comes near; the last ones wait for the office to say whose they are."""
        span = (timeline.now.date() - year.begins).days
        for _number in range(HOW_MANY):
            day = year.begins + timedelta(days=int(span * self._rng.random() ** 0.55))
            timeline.at(moment(day, self._rng.uniform(8.5, 17.4)), lambda: self._enter(self._somewhere()))
        for offset, hour, neglected in ((-5, 9.4, True), (-1, 9.7, False), (-1, 10.9, False), (-1, 15.3, False)):
            when = moment(default_calendar().add_workdays(year.today, offset), hour)
            timeline.at(when, _enter_later(self, KEEPER, neglected))
        for hour in (16.2, 16.8, 17.3):
            when = moment(default_calendar().add_workdays(year.today, -1), hour)
            timeline.at(when, lambda: self._enter(self._unclear()))

    def _somewhere(self) -> Seen:
        rng = self._rng
        source = Source(rng.choices([one for one, _ in SOURCES], [weight for _, weight in SOURCES])[0])
        chance = rng.random()
        if source == Source.HOTLINE and chance < TWICE and (known := self._lives.some_open(rng)) and known.place:
            return Seen(known.place, known.problem_type, source, unplaced=True, title=known.title)
        if source != Source.HOTLINE and chance < AGAIN and (closed := self._lives.some_closed(rng)):
            return Seen(closed[0], closed[1], source)
        place = self._city.places[rng.choice(self._codes)]
        problem_type = self._types[rng.choice(self._words.codes(place.place_type.code))]
        unplaced = source in UNPLACED and rng.random() < 0.25
        return Seen(place, problem_type, source, unplaced, without_territory=source == Source.CITIZEN)

    def _unclear(self) -> Seen:
        """A citizen's report of something that no rule routes, at a place that nobody has named yet."""
        while True:
            place = self._city.places[self._rng.choice(self._codes)]
            open_to = sorted(self._unruled.intersection(self._words.codes(place.place_type.code)))
            if open_to:
                problem_type = self._types[self._rng.choice(open_to)]
                return Seen(place, problem_type, Source.CITIZEN, unplaced=True, without_territory=True)

    def enter_at(self, keeper: str, *, neglected: bool) -> None:
        """Something at a place of the unit `keeper` that no rule takes from it; left lying where `neglected`."""
        mine = [place for place in self._city.places.values() if place.keeper_id == self._city.units[keeper].pk]
        asked = {place.code: sorted(set(KEEPERS_OWN).intersection(self._words.codes(place.place_type.code)))
                 for place in mine}  # fmt: skip
        place = self._rng.choice([one for one in mine if asked[one.code]])
        fitting = asked[place.code]
        problem_type = self._types[self._rng.choice(fitting)]
        self._enter(Seen(place, problem_type, Source.INSPECTION), neglected=neglected)

    def _enter(self, seen: Seen, *, neglected: bool = False) -> None:
        rng, place = self._rng, seen.place
        title = seen.title or self._words.pick(seen.problem_type.code, place.place_type.code, rng)
        number = f"{clock.today():%Y%m%d}{rng.randint(100, 999)}" if seen.source in _NUMBERED else ""
        actor = self._finder(seen)
        problem, new = report_problem(
            Finding(
                region=place.region, problem_type=seen.problem_type, place=None if seen.unplaced else place,
                campaign=self._campaign, title=title, detail=self._words.detail(seen.source, title, rng),
                source=seen.source, source_number=number, spot=f"{place.address}附近" if seen.unplaced else "",
                territory=place.territory if seen.unplaced and not seen.without_territory else None,
                longitude=place.longitude, latitude=place.latitude,
            ),
            actor=actor,
        )  # fmt: skip
        if new:
            add_photo(
                problem, photo_of(problem, messy=True), "before.jpg", role=PhotoRole.BEFORE, actor=actor,
                taken_at=clock.now(), longitude=problem.longitude, latitude=problem.latitude,
            )  # fmt: skip
            self._lives.begin(problem, place.keeper, neglected=neglected)

    def _finder(self, seen: Seen) -> User:
        """Who enters it: the unit itself, an inspector, or the office for what comes from outside."""
        if seen.source == Source.SELF:
            return self._city.answering_for(seen.place.territory)
        return self._city.people["inspector2" if seen.source == Source.INSPECTION else "office2"]


_NUMBERED = frozenset({Source.HOTLINE, Source.SUPERIOR})  # these come with a number of their own


def problem_types_asked(city: City) -> dict[str, list[str]]:
    """The problem types that the standard's checks look for at each type of place."""
    rows = Check.objects.filter(
        version=city.versions["city-2026"], problem_type__isnull=False, place_types__isnull=False
    )
    found: dict[str, list[str]] = {}
    pairs = rows.order_by("place_types__code", "problem_type__code").values_list(
        "place_types__code", "problem_type__code"
    )
    for place_type, problem_type in pairs.distinct():
        found.setdefault(place_type, []).append(problem_type)
    return found


def _enter_later(findings: Findings, keeper: str, neglected: bool) -> Callable[[], None]:
    return lambda: findings.enter_at(keeper, neglected=neglected)
