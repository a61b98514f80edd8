"""Fills an empty database with the demo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction

from chuangwen.campaigns.models import Campaign, Round
from chuangwen.campaigns.services import close_round
from chuangwen.config.demo.agencies import build_committee
from chuangwen.config.demo.agency_dossiers import open_agency_ledgers
from chuangwen.config.demo.agency_titles import call_for_titles, give_agency_titles
from chuangwen.config.demo.calendar import Year, moment
from chuangwen.config.demo.city import City, build_city
from chuangwen.config.demo.conferences import Conferences
from chuangwen.config.demo.course import give_course
from chuangwen.config.demo.depth import contract_roads, draw_grids, hand_down
from chuangwen.config.demo.dossiers import fill_ledger
from chuangwen.config.demo.duties import give_duties
from chuangwen.config.demo.earlier_scores import remember_scores
from chuangwen.config.demo.families import tell_families
from chuangwen.config.demo.fieldwork import Fieldwork
from chuangwen.config.demo.findings import Findings, problem_types_asked
from chuangwen.config.demo.house_rules import write_house_rules
from chuangwen.config.demo.in_person import note_visits
from chuangwen.config.demo.instructions import give_instructions
from chuangwen.config.demo.kinds import divide_school
from chuangwen.config.demo.letters import receive_letters
from chuangwen.config.demo.lives import Lives
from chuangwen.config.demo.look_back import look_back
from chuangwen.config.demo.other_titles import call_villages_and_schools, report_accident
from chuangwen.config.demo.papers import tell_of_round, write_papers
from chuangwen.config.demo.plan import break_down, plan_campaign, write_rules
from chuangwen.config.demo.pressing import Pressing
from chuangwen.config.demo.public_pages import open_pages, put_on_notice
from chuangwen.config.demo.results import begin_results, fill_results
from chuangwen.config.demo.texts import ProblemWords
from chuangwen.config.demo.timeline import Timeline
from chuangwen.config.demo.titles import give_titles
from chuangwen.config.demo.winning import look_ahead
from chuangwen.core import clock
from chuangwen.core.files.services import flushed_together
from chuangwen.core.models import Region
from chuangwen.core.workdays import default_calendar
from chuangwen.notifications.services import read_all
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.queries.burden import last_firsts
from chuangwen.responsibilities.services.burden import count_month
from chuangwen.scoring.services import run_scoring

DICE = ("226466354326", "512346621435")
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
        with clock.at(moment(year.begins)):
            campaign, first, running = plan_campaign(city, year)
            write_rules(city)
            break_down(city, campaign)
            contract_roads(city, year.begins)
            hand_down(city, campaign)
            draw_grids(city)
        give_duties(city, campaign, year, now)
        give_instructions(city, campaign, year, now)
        receive_letters(city, campaign, year)
        give_course(city, campaign, now)
        divide_school(city, campaign, now)
        note_visits(city, campaign, now)
        write_house_rules(city, year.begins, year.today)
        say("breakdown, documents and tasks")
        say(f"{fill_ledger(city, campaign, year, now)} dossiers")
        give_titles(city, year)
        call_villages_and_schools(city, year)
        open_pages(city.root.region, year, actor=city.office, office="云溪市文明创建办公室",
                   telephone="0999-8800110", address="云溪市人民路1号市民中心3号楼")  # fmt: skip
        tell_families(city, year)
        say("titles")
        with flushed_together():
            _tell_problems(city, campaign, (first, running), year, now)
        report_accident(city, year)
        say(f"{Problem.objects.count()} problems")
        with clock.at(moment(year.first_to + timedelta(days=1), 10.1)):
            remember_scores(city, campaign, year.today)
            run_scoring(first, city.versions["city-2026"], actor=city.office)
        with clock.at(now):
            look_ahead(city, running)
            tell_of_round(city, campaign)
        with clock.at(moment(default_calendar().add_workdays(year.today, -1), 16.6)):
            look_back(city, campaign)
        say("first round scored")
        say(f"{_tell_committee(year)} agencies with titles")
        with clock.at(now):
            _count_what_was_asked()
    return city


def _count_what_was_asked() -> None:
    """The burden meter of the last six months, as the mornings would have counted it."""
    for region in Region.objects.all():
        for month in last_firsts(clock.today()):
            count_month(region, month)


def _tell_committee(year: Year) -> int:
    """The second region: agencies, their ledgers, their titles."""
    with clock.at(moment(year.begins)):
        committee = build_committee(year)
    open_agency_ledgers(committee, year)
    give_agency_titles(committee, year)
    call_for_titles(committee, year)
    put_on_notice(committee, year)
    open_pages(committee.root.region, year, actor=committee.people["gongwei"], office="楚江市直机关工委文明办",
               telephone="0998-8800220", address="楚江市行政中心2号楼5层")  # fmt: skip
    with clock.at(moment(default_calendar().add_workdays(year.today, -1), 17.8)):
        for user in committee.people.values():
            read_all(user)
    return sum(1 for agency in committee.agencies.values() if agency.title)


def _tell_problems(city: City, campaign: Campaign, rounds: tuple[Round, Round], year: Year, now: datetime) -> None:
    words, timeline = ProblemWords(problem_types_asked(city)), Timeline(now)
    lives = Lives(city, words, timeline)
    Findings(city, campaign, words, lives).plan(timeline, year)
    for round_, dice, share in zip(rounds, DICE, (0.13, 0.10), strict=True):
        Fieldwork(city, round_, words, timeline, dice=dice, share=share, found=lives.begin).plan()
    (first, running), version = rounds, city.versions["city-2026"]
    timeline.at(moment(year.first_to, 17.8), lambda: fill_results(city, first, version, year.first_to))
    timeline.at(moment(year.first_to, 17.9), lambda: close_round(first, actor=city.office))
    timeline.at(moment(year.running_from, 17.8), lambda: begin_results(city, running, version, year.running_from))
    Pressing(city, timeline).plan(year)
    Conferences(city, campaign, timeline).plan(year)
    yesterday = moment(default_calendar().add_workdays(year.today, -1), 17.8)
    timeline.at(yesterday, lambda: _read_inboxes(city))  # what came until then has been read
    timeline.at(yesterday + timedelta(minutes=6), lambda: write_papers(city, campaign))
    timeline.play()


def _read_inboxes(city: City) -> None:
    for user in city.people.values():
        read_all(user)
