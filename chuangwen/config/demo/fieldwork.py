"""The two rounds: drawn in the strict form, inspected in teams, one finished, one under way."""

from __future__ import annotations

import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from chuangwen.accounts.models import User
from chuangwen.campaigns.models import Round
from chuangwen.config.demo.calendar import moment
from chuangwen.config.demo.city import City
from chuangwen.config.demo.pictures import scene
from chuangwen.config.demo.texts import ProblemWords
from chuangwen.config.demo.timeline import Timeline
from chuangwen.core import clock
from chuangwen.core.workdays import default_calendar
from chuangwen.inspections.enums import VisitKind, VisitState
from chuangwen.inspections.models import Visit
from chuangwen.inspections.sampling import Chain, dice_text
from chuangwen.inspections.services.answering import Given, checklist, save_answers, start_visit
from chuangwen.inspections.services.draws import commit_draw, draw_strictly, freeze_draw
from chuangwen.inspections.services.finishing import finish_visit
from chuangwen.inspections.services.photographing import add_answer_photo
from chuangwen.inspections.services.planning import assign_visits, move_visit, plan_visit, recuse_inspector
from chuangwen.rectification.models import Problem
from chuangwen.standards.models import Check, PlaceType

TEAMS = (("第1组", "inspector1"), ("第2组", "inspector3"), ("第3组", "inspector5"))
SPACE = uuid.UUID("6d1f2f0e-6f0a-4d0e-9b0a-9a4c1d1f2026")  # the demo's answers have the same names at every run
MINUTES = 18  # of one visit
OnProblem = Callable[[Problem], None]


class Fieldwork:
    """One round: `share` of its checks are not met, `found` hears of each problem."""

    def __init__(
        self, city: City, round_: Round, words: ProblemWords, timeline: Timeline,
        *, dice: str, share: float, found: OnProblem,
    ) -> None:  # fmt: skip
        self._city, self._round, self._words, self._timeline = city, round_, words, timeline
        self._dice, self._share, self._found = dice, share, found
        today = clock.local(timeline.now).date()
        over = round_.ends < today
        self._yesterday = None if over else default_calendar().add_workdays(today, -1)
        self._broken_off: set[int] = set()
        self._people = {user.pk: user for user in city.people.values()}

    def plan(self) -> None:
        """Frozen and committed three days before, drawn by dice one hour before departure, then visited."""
        before = default_calendar().add_workdays(self._round.starts, -3)
        self._timeline.at(moment(before, 17), self._freeze)

    def _freeze(self) -> None:
        office = self._city.office
        types = PlaceType.objects.filter(region=self._round.region_id, ad_hoc=False)
        chain = Chain(f"demo secret of {self._round.name}".encode())
        draw = freeze_draw(
            self._round, {row.code: row.quota for row in types if row.quota}, actor=office, strict=True,
            source="市民代表和公证员在政务服务中心掷骰子12次", release_at=moment(self._round.starts, 8.5),
        )  # fmt: skip
        commitment = chain.commitment()
        commit_draw(draw, commitment=commitment.digest, times=commitment.times, actor=office)

        def roll() -> None:
            draw_strictly(draw, randomness=dice_text(self._dice), code=chain.code(), actor=office)
            self._add_ad_hoc()
            self._share_out()

        self._timeline.at(moment(self._round.starts, 8.6), roll)

    def _add_ad_hoc(self) -> None:
        """Two places of each of the six ad hoc kinds, as the inspectors come upon them."""
        rng = random.Random(self._round.name)  # noqa: S311
        for row in PlaceType.objects.filter(region=self._round.region_id, ad_hoc=True):
            places = [place for place in self._city.places.values() if place.place_type_id == row.pk]
            for place in rng.sample(places, min(row.quota or 2, len(places))):
                plan_visit(self._round, place, actor=self._city.office, kind=VisitKind.AD_HOC)

    def _share_out(self) -> None:
        """Visits go to three teams over the round's days; who belongs to a place's unit is passed over."""
        days = list(_workdays(self._round.starts, self._round.ends))
        visits = list(Visit.objects.filter(round=self._round).select_related("place", "region", "round").order_by("pk"))
        random.Random(f"{self._round.name} days").shuffle(visits)  # noqa: S311
        for number, visit in enumerate(visits):
            day = days[number * len(days) // len(visits)]
            if day != visit.planned_on:
                move_visit(visit, day, reason="按路线分日安排", actor=self._city.office)
        self._assign(visits)
        routes: defaultdict[tuple[date, str], list[int]] = defaultdict(list)
        for visit in visits:
            routes[visit.planned_on, visit.team].append(visit.pk)
        for (day, _team), route in routes.items():
            done = len(route)
            if day == self._yesterday:  # the day was too short: one visit broken off, two left over
                done = max(0, done - 2)
                self._broken_off.update(route[done - 1 : done])
            for number, pk in enumerate(route[:done]):
                hour = 8.8 + number * 1.15  # a team goes from place to place
                hour += 2.6 if hour > 11.6 else 0  # after the noon break
                self._timeline.at(moment(day, hour), _one(self._visit, pk))
        self._step_in(visits, days)

    def _assign(self, visits: list[Visit]) -> None:
        """Every third visit to each team; what is its own goes to the next team."""
        left = {team: visits[number :: len(TEAMS)] for number, (team, _login) in enumerate(TEAMS)}
        for offset in range(len(TEAMS)):
            refused: dict[str, list[Visit]] = {}
            for number, (first, _login) in enumerate(TEAMS):
                team, login = TEAMS[(number + offset) % len(TEAMS)]
                given = assign_visits(left[first], self._city.people[login], team=team, actor=self._city.office)
                refused[first] = [one.visit for one in given.refused]
            left = refused

    def _step_in(self, visits: list[Visit], days: list[date]) -> None:
        """Two visits are put off, and one inspector steps back without giving a reason."""
        last = [visit for visit in visits if visit.planned_on == days[-2]]

        def put_off() -> None:
            for visit in last[:2]:
                move_visit(
                    visit,
                    days[-1],
                    reason="接到通知，该处当天停水检修不开放，顺延一个工作日",
                    actor=self._people[visit.inspector_id or 0],
                )

        def step_back() -> None:
            recuse_inspector(last[2], actor=self._people[last[2].inspector_id or 0])

        self._timeline.at(moment(days[1], 11), step_back)
        self._timeline.at(moment(days[1], 16.5), put_off)

    def _visit(self, pk: int) -> None:
        related = ("place__place_type", "round__campaign", "round__region", "region", "inspector")
        visit = Visit.objects.select_related(*related).get(pk=pk)
        if visit.inspector_id is None and self._closes_first():
            assign_visits([visit], self._city.people["inspector2"], team="第1组", actor=self._city.office)
        if visit.state != VisitState.PLANNED or visit.inspector is None or visit.planned_on > clock.today():
            if visit.state == VisitState.PLANNED and visit.planned_on > clock.today():
                self._timeline.at(moment(visit.planned_on, 17), _one(self._visit, pk))
            return
        inspector = self._people[visit.inspector.pk]
        visit.inspector = inspector
        start_visit(visit, actor=inspector, longitude=visit.place.longitude, latitude=visit.place.latitude)
        rng = random.Random(f"{self._round.name} {visit.place.code}")  # noqa: S311
        given = [self._answer(visit, check, rng) for check in checklist(visit)]
        finished = clock.now() + timedelta(minutes=MINUTES)
        if finished > self._timeline.now or pk in self._broken_off:  # the inspector is still there, or was
            save_answers(visit, given[: len(given) // 2], actor=inspector)
            return
        save_answers(visit, given, actor=inspector)
        with clock.at(finished):
            self._finish(visit, inspector)

    def _closes_first(self) -> bool:
        """Whether this round is told to its end, so that no place may be left over."""
        return self._round.ends < clock.local(self._timeline.now).date()

    def _finish(self, visit: Visit, inspector: User) -> None:
        self._photograph(visit, inspector)
        for problem in finish_visit(visit, actor=inspector):
            self._found(problem)

    def _answer(self, visit: Visit, check: Check, rng: random.Random) -> Given:
        uid = uuid.uuid5(SPACE, f"{self._round.name} {visit.place.code} {check.code}")
        chance = rng.random()
        if chance < self._share and check.problem_type:
            note = self._words.pick(check.problem_type.code, visit.place.place_type.code, rng)
            count = 0.0 if check.quantity_at_least else None
            return Given(uid, check.pk, "not-met", note=note, count=count)
        if chance > 0.985:
            return Given(uid, check.pk, "not-observable", reason=self._words.note("not_observable_reasons", rng))
        if chance > 0.96:
            return Given(uid, check.pk, "not-applicable")
        return Given(uid, check.pk, "met", count=check.quantity_at_least)

    def _photograph(self, visit: Visit, inspector: User) -> None:
        for answer in visit.answers.select_related("checked__problem_type", "region"):
            check = answer.checked
            if check.photo == "always" or (check.photo == "if-not-met" and answer.value == "not-met"):
                view = f"{self._round.name}-{visit.place.code}-{check.code}"
                picture = scene(
                    view, messy=answer.value == "not-met", place_type=visit.place.place_type.code,
                    problem_type=check.problem_type.code if check.problem_type else "",
                )  # fmt: skip
                add_answer_photo(
                    answer, picture, f"{visit.place.code}.jpg", uid=uuid.uuid5(SPACE, view), actor=inspector,
                    taken_at=clock.now(), longitude=visit.place.longitude, latitude=visit.place.latitude,
                )  # fmt: skip


def _one(event: Callable[[int], None], pk: int) -> Callable[[], None]:
    return lambda: event(pk)


def _workdays(first: date, last: date) -> Iterator[date]:
    calendar = default_calendar()
    day = first
    while day <= last:
        if calendar.is_workday(day):
            yield day
        day += timedelta(days=1)
