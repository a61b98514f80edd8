"""The lives of problems: who received, fixed, verified, returned or disputed them, and when."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

from django.db import transaction

from chuangwen.campaigns.models import Round
from chuangwen.config.demo.city import City
from chuangwen.config.demo.pictures import scene
from chuangwen.config.demo.texts import ProblemWords
from chuangwen.config.demo.timeline import Event, Timeline
from chuangwen.core import clock
from chuangwen.core.asking import Question
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit
from chuangwen.places.models import Place
from chuangwen.rectification.enums import OPEN_STATES, PhotoRole, ProblemState
from chuangwen.rectification.models import Problem
from chuangwen.rectification.services import (
    LongTermPlan,
    add_photo,
    ask_extension,
    assign_problem,
    close_problem,
    complete_milestone,
    end_gone_problem,
    fix_problem,
    make_long_term,
    merge_problem,
    raise_dispute,
    receive_problem,
    renew_long_term,
    return_problem,
    rule_dispute,
)
from chuangwen.standards.models import ProblemType

FRESH_WORKDAYS = 2  # what was found since then is where the office's present cases come from
PROBLEM = Question(lambda key: Problem.objects.filter(pk=key))
TO_FIX = frozenset({ProblemState.ASSIGNED, ProblemState.RETURNED})


class Lives:
    """Plans what becomes of each problem, and lets it happen on the timeline.

    Its services leave a problem as it stands in the database, so it is loaded once; the chance of a
    problem is its own, so that one life does not hang on another.
    """

    def __init__(self, city: City, words: ProblemWords, timeline: Timeline) -> None:
        self.city, self.words, self._timeline = city, words, timeline
        self._fresh_from = default_calendar().add_workdays(clock.local(timeline.now).date(), -FRESH_WORKDAYS)
        self._units = {unit.pk: unit for unit in city.units.values()}
        self._places = {place.pk: place for place in city.places.values()}
        self._types = {row.pk: row for row in ProblemType.objects.filter(region=city.root.region)}
        self._rounds = {row.pk: row for row in Round.objects.filter(region=city.root.region)}
        self._yesterday = default_calendar().add_workdays(clock.local(timeline.now).date(), -1)
        self._problems: dict[int, Problem] = {}
        self._last: list[int] = []  # the problems found last
        self._closed: list[tuple[Place, ProblemType]] = []  # where something was closed lately
        self._seen: Counter[str] = Counter()
        self._open: dict[tuple[int, int], int] = {}  # (problem type, territory) -> the problem found last

    def begin(self, problem: Problem, lead: Unit | None = None, *, neglected: bool = False) -> None:
        """Plan the life of a problem that was just found; `lead` is whom the office will find where no rule did.

        A `neglected` one is signed for and then left lying.
        """
        rng = random.Random(problem.number)  # noqa: S311
        if neglected:
            self._in(2, lambda: self._receive(problem.pk))
            return
        if problem.state == ProblemState.FOUND:
            if clock.today() < self._yesterday:
                self._in(3, lambda: self._assign(problem.pk, lead, rng))
        else:
            self._live(problem, rng)

    def some_open(self, rng: random.Random) -> Problem | None:
        """One of the last problems that is still open: what a caller may tell a second time."""
        for pk in rng.sample(self._last, len(self._last)):
            problem = self._problem(pk, ProblemState.ASSIGNED)
            if problem and problem.place:
                return problem
        return None

    def some_closed(self, rng: random.Random) -> tuple[Place, ProblemType] | None:
        """Where something was closed within the last weeks: it may come back."""
        return rng.choice(self._closed) if self._closed else None

    def _in(self, hours: float, event: Event) -> None:
        self._timeline.at(clock.now() + timedelta(hours=hours), event)

    def _live(self, problem: Problem, rng: random.Random) -> None:
        if clock.today() >= self._fresh_from:
            self._live_now(problem, rng)
        elif problem.place is None and self._twin_of(problem):
            self._in(0.5, lambda: self._merge(problem.pk))
        else:
            self._live_then(problem, rng)
        if problem.place and problem.territory_id:
            self._open[problem.problem_type_id, problem.territory_id] = problem.pk
            self._last = [*self._last[-14:], problem.pk]

    def _live_then(self, problem: Problem, rng: random.Random) -> None:
        """Months ago: a few were disputed, took long or ended with their object."""
        chance = rng.random()
        works = self.words.needs_works(problem.problem_type.code)
        if chance < 0.025:
            self._in(5, lambda: self._dispute(problem.pk, rng))
        elif works and chance < (0.8 if problem.problem_class == "long-term" else 0.12):
            self._in(20, lambda: self._long_term(problem.pk, rng))
        elif problem.place and chance > 0.97 and self.words.gone(problem.place.place_type.code):
            self._in(30, lambda: self._gone(problem.pk))
        else:
            self._plan_fix(problem, rng)

    def _live_now(self, problem: Problem, rng: random.Random) -> None:
        """These days: in turn, so that each desk has something of each kind to do."""
        self._seen["fresh"] += 1
        turn = self._seen["fresh"] % 10
        if turn == 1:
            self._in(rng.uniform(1, 3), lambda: self._dispute(problem.pk, rng))
        elif turn == 6:
            self._in(0.5, lambda: self._ask_time(problem.pk, rng))
        elif turn == 4:
            self._in(1.5, lambda: self._fix(problem.pk, rng, verified=False))
        elif turn == 7 and self.words.needs_works(problem.problem_type.code):
            self._in(4, lambda: self._long_term(problem.pk, rng))
        elif turn == 8:
            self._in(1, lambda: self._fix(problem.pk, rng, returned=True))
        else:
            self._plan_fix(problem, rng)

    def _plan_fix(self, problem: Problem, rng: random.Random) -> None:
        """Most are put right in time, some late, a few not at all."""
        start, chance = clock.now(), rng.random()
        time_left = max(problem.due_at - start, timedelta(hours=2))
        if rng.random() < 0.85:
            self._in(rng.uniform(0.3, 3), lambda: self._receive(problem.pk))
        old = self._timeline.now - start > timedelta(days=15)  # nothing old is left lying about
        if chance < 0.8:
            self._timeline.at(start + time_left * rng.uniform(0.3, 0.92), lambda: self._fix(problem.pk, rng))
        elif chance < 0.97 or old:
            late = time_left + timedelta(hours=rng.uniform(3, 90))
            self._timeline.at(start + late, lambda: self._fix(problem.pk, rng))

    def _assign(self, pk: int, lead: Unit | None, rng: random.Random) -> None:
        if problem := self._problem(pk, ProblemState.FOUND):
            assign_problem(problem, lead=lead or problem.territory or self.city.root, actor=self.city.office)
            self._live(problem, rng)

    def _receive(self, pk: int) -> None:
        problem = self._problem(pk, *TO_FIX)
        if problem and not problem.received_at:
            receive_problem(problem, actor=self.city.answering_for(problem.lead))

    def _fix(self, pk: int, rng: random.Random, *, verified: bool = True, returned: bool = False) -> None:
        problem = self._problem(pk, *TO_FIX)
        if problem is None:
            return
        measure = self.words.phrase(problem.problem_type.code, "fix_notes", rng)
        with transaction.atomic():  # no photo stays of a fix that is refused
            self._show(problem, rng)
            fix_problem(problem, measure=measure, actor=self.city.answering_for(problem.lead))
        if verified:
            self._in(1 if returned else rng.uniform(2, 26), lambda: self._verify(pk, rng, returned=returned))

    def _show(self, problem: Problem, rng: random.Random) -> None:
        """The after-photo, taken nearby."""
        near = [None if one is None else one + rng.uniform(-0.00025, 0.00025)
                for one in (problem.longitude, problem.latitude)]  # fmt: skip
        add_photo(
            problem, photo_of(problem, messy=False), "after.jpg", role=PhotoRole.AFTER,
            actor=self.city.answering_for(problem.lead), taken_at=clock.now(), longitude=near[0], latitude=near[1],
        )  # fmt: skip

    def _verify(self, pk: int, rng: random.Random, *, returned: bool = False) -> None:
        problem = self._problem(pk, ProblemState.FIXED)
        if problem is None:
            return
        verifier = self.city.people["verifier" if rng.random() < 0.6 else "verifier2"]
        if returned or rng.random() < 0.09:
            reason = self.words.phrase(problem.problem_type.code, "return_reasons", rng)
            return_problem(problem, reason=reason, actor=verifier)
            if not returned:
                self._plan_fix(problem, rng)
            return
        on_site = rng.random() < 0.2
        note = self.words.note("verify_notes_on_site" if on_site else "verify_notes", rng)
        close_problem(problem, actor=verifier, note=note, on_site=on_site)
        if problem.place:
            self._closed = [*self._closed[-40:], (problem.place, problem.problem_type)]

    def _dispute(self, pk: int, rng: random.Random) -> None:
        problem = self._problem(pk, ProblemState.ASSIGNED)
        if problem is None:
            return
        reason = self.words.phrase(problem.problem_type.code, "dispute_reasons", rng)
        raise_dispute(
            problem, reason=reason, actor=self.city.answering_for(problem.lead), proposed_lead=problem.territory
        )
        if clock.today() < self._fresh_from:
            self._in(rng.uniform(12, 40), lambda: self._rule(pk, rng))

    def _ask_time(self, pk: int, rng: random.Random) -> None:
        """Left for the office to decide."""
        if problem := self._problem(pk, ProblemState.ASSIGNED):
            until = default_calendar().add_workdays(clock.local(problem.due_at).date(), rng.randint(3, 6))
            reason = self.words.note("extension_reasons", rng)
            ask_extension(problem, until=until, reason=reason, actor=self.city.answering_for(problem.lead))

    def _rule(self, pk: int, rng: random.Random) -> None:
        problem = self._problem(pk, ProblemState.DISPUTED)
        if problem is None:
            return
        territory = problem.territory if problem.territory_id != problem.lead_id else None
        moved = territory if rng.random() < 0.5 else None
        rule_dispute(
            problem, lead=moved or problem.lead,
            ruling=self.words.note("rulings_moved" if moved else "rulings_kept", rng), actor=self.city.office,
            keep_as_rule=False,
        )  # fmt: skip
        self._plan_fix(problem, rng)

    def _long_term(self, pk: int, rng: random.Random) -> None:
        problem = self._problem(pk, ProblemState.ASSIGNED)
        if problem is None:
            return
        day = clock.today()
        steps = [("方案报批、资金落实", 25), ("进场施工", 50), ("完工验收", 78)]
        plan = LongTermPlan(
            interim_measure=self.words.phrase(problem.problem_type.code, "interim_measures", rng),
            milestones=[(name, day + timedelta(days=days)) for name, days in steps],
            cause=self.words.phrase(problem.problem_type.code, "long_term_causes", rng),
            funding=self.words.note("funding_notes", rng),
        )  # fmt: skip
        make_long_term(problem, reason=self.words.note("long_term_reasons", rng), plan=plan, actor=self.city.office)
        for _name, days in steps[:2]:
            self._in(24 * (days - rng.uniform(0, 6)), lambda: self._step_done(pk))
        if rng.random() < 0.9:
            self._in(24 * rng.uniform(60, 77), lambda: self._finish(pk, rng))
        else:
            self._in(24 * 75, lambda: self._renew(pk, rng))

    def _renew(self, pk: int, rng: random.Random) -> None:
        """The rains held the works up: the leader lets the plan run on once; this time it is kept."""
        problem = self._problem(pk, ProblemState.LONG_TERM)
        if problem is None:
            return
        steps = [("汛期停工后复工", 28), ("主体完成", 56), ("完工验收", 84)]
        day = clock.today()
        milestones = [(name, day + timedelta(days=days)) for name, days in steps]
        renew_long_term(problem, reason="汛期停工，工期顺延", milestones=milestones, actor=self.city.people["leader"])
        for _name, days in steps[:2]:
            self._in(24 * (days - rng.uniform(0, 6)), lambda: self._step_done(pk))
        self._in(24 * rng.uniform(66, 83), lambda: self._finish(pk, rng))

    def _step_done(self, pk: int) -> None:
        problem = self._problem(pk, ProblemState.LONG_TERM)
        step = problem.milestones.filter(done_on__isnull=True).order_by("due_on").first() if problem else None
        if problem and step:
            complete_milestone(step, actor=self.city.answering_for(problem.lead))

    def _finish(self, pk: int, rng: random.Random) -> None:
        if problem := self._problem(pk, ProblemState.LONG_TERM):
            self._show(problem, rng)
            fix_problem(problem, measure="工程完工并通过验收", actor=self.city.answering_for(problem.lead))
            self._in(20, lambda: self._verify(pk, rng))

    def _gone(self, pk: int) -> None:
        problem = self._problem(pk, ProblemState.ASSIGNED)
        if problem and problem.place:
            end_gone_problem(problem, reason=self.words.gone(problem.place.place_type.code), actor=self.city.office)

    def _problem(self, pk: int, *states: ProblemState) -> Problem | None:
        """The problem as it stands now, where it is in one of `states`; what it points to the city knows."""
        problem: Problem | None = self._problems.get(pk)
        if problem is None:
            problem = self._problems[pk] = PROBLEM(pk)[0]
        if problem.state not in states:
            return None
        problem.region, problem.lead = self.city.root.region, self._units[problem.lead_id]
        problem.problem_type = self._types[problem.problem_type_id]
        problem.territory = self._units[problem.territory_id] if problem.territory_id else None
        problem.place = self._places[problem.place_id] if problem.place_id else None
        problem.round = self._rounds[problem.round_id] if problem.round_id else None
        return problem

    def _twin_of(self, problem: Problem) -> Problem | None:
        """What was found before of the same type in the same territory and is still open."""
        pk = self._open.get((problem.problem_type_id, problem.territory_id or 0))
        return self._problem(pk, *OPEN_STATES) if pk else None

    def _merge(self, pk: int) -> None:
        problem = self._problem(pk, ProblemState.ASSIGNED)
        twin = self._twin_of(problem) if problem else None
        if problem and twin and twin.pk != pk:
            merge_problem(problem, twin, actor=self.city.office)


def photo_of(problem: Problem, *, messy: bool) -> bytes:
    """A photo of what the problem is about: the same view before and after."""
    place = problem.place
    return scene(
        view_of(problem), messy=messy, take=problem.returned_times,
        place_type=place.place_type.code if place else "", problem_type=problem.problem_type.code,
    )  # fmt: skip


def view_of(problem: Problem) -> str:
    """Names the view of a problem's photos; what a check found was photographed as the check's answer."""
    if problem.check_code and problem.place and problem.round:
        return f"{problem.round.name}-{problem.place.code}-{problem.check_code}"
    return problem.number
