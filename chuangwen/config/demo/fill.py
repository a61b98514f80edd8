"""Fills an empty database with the demo."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction

from chuangwen.campaigns.models import Campaign, Round
from chuangwen.campaigns.services import close_round
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City, build_city
from chuangwen.config.demo.duties import give_duties
from chuangwen.config.demo.fieldwork import draw_round, inspect
from chuangwen.config.demo.lives import Lives
from chuangwen.config.demo.pictures import scene
from chuangwen.config.demo.plan import break_down, plan_campaign, write_rules
from chuangwen.config.demo.results import begin_results, fill_results
from chuangwen.config.demo.texts import ProblemWords
from chuangwen.core import clock
from chuangwen.core.models import Region
from chuangwen.core.workdays import default_calendar
from chuangwen.rectification.enums import PhotoRole, Source
from chuangwen.rectification.models import Problem
from chuangwen.rectification.services import Finding, add_photo, report_problem
from chuangwen.scoring.services import run_scoring
from chuangwen.standards.models import ProblemType

OTHER_FINDINGS = 560  # besides those of the two rounds
SOURCES = (
    (Source.INSPECTION, 0.42), (Source.HOTLINE, 0.22), (Source.SELF, 0.14), (Source.CITIZEN, 0.12),
    (Source.SUPERIOR, 0.07), (Source.MEDIA, 0.03),
)  # fmt: skip
Say = Callable[[str], None]


def is_empty() -> bool:
    return not Region.objects.exists()


def fill(*, today: date | None = None, say: Say = lambda _line: None) -> City:
    """Tell the city's year up to now. One transaction: all of it or nothing."""
    year = Year(today or clock.today())
    now = moment(year.today, 10.5) if today else clock.now()
    with transaction.atomic():
        with clock.at(moment(year.begins)):
            city = build_city(year.begins)
            say(f"{len(city.units)} units, {len(city.places)} places")
            campaign, first, running = plan_campaign(city, year)
            write_rules(city)
            break_down(city, campaign)
        give_duties(city, campaign, year, now)
        say("breakdown, documents and tasks")
        _tell_problems(city, campaign, first, running, year, now, say)
        say(f"{Problem.objects.count()} problems")
        with clock.at(moment(year.first_to + timedelta(days=1), 10.1)):
            run_scoring(first, city.versions["city-2026"], actor=city.office)
        say("first round scored")
    return city


def _tell_problems(
    city: City, campaign: Campaign, first: Round, running: Round, year: Year, now: datetime, say: Say
) -> None:
    words = ProblemWords()
    lives = Lives(city, words, now)
    rng = random.Random("findings")  # noqa: S311
    span = (year.today - year.begins).days
    for _number in range(OTHER_FINDINGS):
        # More and more as the assessment comes near.
        day = year.begins + timedelta(days=int(span * rng.random() ** 0.55))
        when = moment(day, rng.uniform(8.5, 17.4))
        lives.at(when, lambda _when: _find(city, campaign, words, rng, lives))
    lives.at(moment(year.first_from - timedelta(days=4), 9), lambda _when: None)
    _plan_round(city, first, words, lives, "226466354326", share=0.13, until=year.first_to)
    _plan_round(
        city, running, words, lives, "512346621435", share=0.10, until=default_calendar().add_workdays(year.today, -1)
    )
    played = lives.play()
    say(f"{played} events, {lives.refused} refused")
    version = city.versions["city-2026"]
    with clock.at(moment(year.first_to, 17.8)):
        fill_results(city, first, version, year.first_to)
    with clock.at(moment(year.running_from, 17.8)):
        begin_results(city, running, version, year.running_from)
    with clock.at(moment(year.first_to, 18)):
        close_round(first, actor=city.office)


def _plan_round(
    city: City, round_: Round, words: ProblemWords, lives: Lives, dice: str, *, share: float, until: date
) -> None:
    """Draw when the round begins; then each evening the day's visits are told."""

    def draw(_when: datetime) -> None:
        draw_round(city, round_, dice)

    def tell_day(when: datetime) -> None:
        inspect(city, round_, words, until=clock.local(when).date(), share=share, found=lives.begin)

    lives.at(moment(round_.starts, 8.5), draw)
    day = round_.starts
    while day <= until:
        if default_calendar().is_workday(day):
            lives.at(moment(day, 17.4), tell_day)
        day += timedelta(days=1)


def _find(city: City, campaign: Campaign, words: ProblemWords, rng: random.Random, lives: Lives) -> None:
    """Something is seen outside the rounds."""
    place = city.places[rng.choice(sorted(city.places))]
    fitting = [code for code in words.codes() if words.fitting(code, place.place_type.code)]
    problem_type = ProblemType.objects.get(region=place.region, code=rng.choice(fitting))
    source = rng.choices([one for one, _weight in SOURCES], [weight for _one, weight in SOURCES])[0]
    number = f"{clock.today():%Y%m%d}{rng.randint(100, 999)}" if source in {Source.HOTLINE, Source.SUPERIOR} else ""
    actor = city.answering_for(place.territory) if source == Source.SELF else city.people["office2"]
    unplaced = source in {Source.CITIZEN, Source.MEDIA} and rng.random() < 0.3
    problem, new = report_problem(
        Finding(
            region=place.region, problem_type=problem_type, place=None if unplaced else place, campaign=campaign,
            title=words.pick(problem_type.code, place.place_type.code, rng), source=source, source_number=number,
            spot=place.address if unplaced else "", longitude=place.longitude, latitude=place.latitude,
        ),
        actor=actor,
    )  # fmt: skip
    if new:
        add_photo(
            problem, scene(problem.number, messy=True), "before.jpg", role=PhotoRole.BEFORE, actor=actor,
            taken_at=clock.now(), longitude=problem.longitude, latitude=problem.latitude,
        )  # fmt: skip
        lives.begin(problem, place.keeper)
