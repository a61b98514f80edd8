"""The lives of problems: who received, fixed, verified, returned or disputed them, and when."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from chuangwen.config.demo.city import City
from chuangwen.config.demo.pictures import scene
from chuangwen.config.demo.texts import ProblemWords
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import default_calendar
from chuangwen.organizations.models import Unit
from chuangwen.rectification.enums import PhotoRole, ProblemState
from chuangwen.rectification.models import Problem
from chuangwen.rectification.services import (
    LongTermPlan,
    add_photo,
    assign_problem,
    close_problem,
    end_gone_problem,
    fix_problem,
    make_long_term,
    merge_problem,
    raise_dispute,
    receive_problem,
    return_problem,
    rule_dispute,
)

Event = Callable[[datetime], None]


class Lives:
    """Plays events in the order of time, up to `now`; what would come later has not happened yet."""

    def __init__(self, city: City, words: ProblemWords, now: datetime) -> None:
        self.city, self.words, self.now = city, words, now
        self._queue: list[tuple[datetime, int, Event]] = []
        self._order = itertools.count()
        self._last: Problem | None = None
        self.refused = 0

    def at(self, when: datetime, event: Event) -> None:
        """Let `event` happen at `when`, moved into working time."""
        heapq.heappush(self._queue, (self._working(when), next(self._order), event))

    def play(self) -> int:
        """Run all events up to now; returns how many."""
        played = 0
        while self._queue and self._queue[0][0] <= self.now:
            when, _order, event = heapq.heappop(self._queue)
            try:
                with clock.at(when):
                    event(when)
            except Refusal:  # somebody else was faster, as happens in an office too
                self.refused += 1
            played += 1
        return played

    def begin(self, problem: Problem, lead: Unit | None = None) -> None:
        """Plan the life of a problem that was just found; `lead` is whom the office will find where no rule did."""
        rng = random.Random(problem.number)  # noqa: S311
        if problem.state == ProblemState.FOUND:
            if rng.random() < 0.8:
                self.at(clock.now() + timedelta(hours=3), lambda _when: self._assign(problem, lead, rng))
            return
        self._live(problem, rng)

    def _live(self, problem: Problem, rng: random.Random) -> None:
        chance, start = rng.random(), clock.now()
        fresh = self.now - start < timedelta(days=3)  # so that some objections are open today
        if chance < (0.08 if fresh else 0.02):
            self.at(start + timedelta(hours=5), lambda _when: self._dispute(problem, rng))
        elif chance < (0.1 if fresh else 0.045):
            self.at(start + timedelta(hours=20), lambda _when: self._long_term(problem, rng))
        elif chance < 0.05:
            self.at(start + timedelta(hours=30), lambda _when: self._gone(problem))
        elif chance < 0.06 and self._last:
            twin = self._last
            self.at(start + timedelta(hours=2), lambda _when: self._merge(problem, twin))
        else:
            self._last = problem
            if rng.random() < 0.85:
                self.at(start + timedelta(hours=rng.uniform(0.3, 5)), lambda _when: self._receive(problem))
            self._plan_fix(problem, rng)

    def _plan_fix(self, problem: Problem, rng: random.Random) -> None:
        """Most are put right in time, some late, a few not at all."""
        start, chance = clock.now(), rng.random()
        time_left = max(problem.due_at - start, timedelta(hours=2))
        if chance < 0.8:
            self.at(start + time_left * rng.uniform(0.3, 0.92), lambda _when: self._fix(problem, rng))
        elif chance < 0.97 or self.now - start > timedelta(days=15):  # nothing old is left lying about
            late = time_left + timedelta(hours=rng.uniform(3, 90))
            self.at(start + late, lambda _when: self._fix(problem, rng))

    def _assign(self, problem: Problem, lead: Unit | None, rng: random.Random) -> None:
        problem.refresh_from_db()
        if problem.state != ProblemState.FOUND:
            return
        assign_problem(problem, lead=lead or problem.territory or self.city.root, actor=self.city.office)
        self._live(problem, rng)

    def _receive(self, problem: Problem) -> None:
        problem.refresh_from_db()
        if problem.state in {ProblemState.ASSIGNED, ProblemState.RETURNED}:
            receive_problem(problem, actor=self.city.answering_for(problem.lead))

    def _fix(self, problem: Problem, rng: random.Random) -> None:
        problem.refresh_from_db()
        if problem.state not in {ProblemState.ASSIGNED, ProblemState.RETURNED}:
            return
        actor = self.city.answering_for(problem.lead)
        after = scene(view_of(problem), messy=False, take=problem.returned_times)
        add_photo(
            problem, after, "after.jpg", role=PhotoRole.AFTER, actor=actor, taken_at=clock.now(),
            longitude=_near(problem.longitude, rng), latitude=_near(problem.latitude, rng),
        )  # fmt: skip
        fix_problem(problem, measure=self.words.phrase(problem.problem_type.code, "fix_notes", rng), actor=actor)
        self.at(clock.now() + timedelta(hours=rng.uniform(2, 26)), lambda _when: self._verify(problem, rng))

    def _verify(self, problem: Problem, rng: random.Random) -> None:
        problem.refresh_from_db()
        verifier = self.city.people["verifier" if rng.random() < 0.6 else "verifier2"]
        if problem.state != ProblemState.FIXED:
            return
        if rng.random() < 0.09:
            reason = self.words.phrase(problem.problem_type.code, "return_reasons", rng)
            return_problem(problem, reason=reason, actor=verifier)
            self._plan_fix(problem, rng)
        else:
            close_problem(problem, actor=verifier, on_site=rng.random() < 0.15)

    def _dispute(self, problem: Problem, rng: random.Random) -> None:
        problem.refresh_from_db()
        if problem.state != ProblemState.ASSIGNED:
            return
        reason = self.words.phrase(problem.problem_type.code, "dispute_reasons", rng)
        raise_dispute(
            problem, reason=reason, actor=self.city.answering_for(problem.lead), proposed_lead=problem.territory
        )
        patience = 4 if self.now - clock.now() < timedelta(days=3) else 1  # some wait for a ruling today
        self.at(clock.now() + timedelta(hours=patience * rng.uniform(12, 40)), lambda _when: self._rule(problem, rng))

    def _rule(self, problem: Problem, rng: random.Random) -> None:
        problem.refresh_from_db()
        if problem.state != ProblemState.DISPUTED:
            return
        lead = problem.territory if problem.territory and rng.random() < 0.5 else problem.lead
        rule_dispute(
            problem, lead=lead, ruling="按管理权属和属地责任，由该单位牵头，另一方配合", actor=self.city.office,
            keep_as_rule=False,
        )  # fmt: skip
        self._plan_fix(problem, rng)

    def _long_term(self, problem: Problem, rng: random.Random) -> None:
        problem.refresh_from_db()
        if problem.state != ProblemState.ASSIGNED:
            return
        day = clock.today()
        steps = [("方案报批、资金落实", day + timedelta(days=25)), ("进场施工", day + timedelta(days=50))]
        steps.append(("完工验收", day + timedelta(days=78)))
        plan = LongTermPlan(
            interim_measure=self.words.phrase(problem.problem_type.code, "interim_measures", rng),
            milestones=steps, cause="历史欠账，需要工程改造", funding="列入年度城建计划",
        )  # fmt: skip
        make_long_term(problem, reason="需要工程改造和资金安排", plan=plan, actor=self.city.office)

        def finish(_when: datetime) -> None:
            problem.refresh_from_db()
            if problem.state != ProblemState.LONG_TERM:
                return
            actor = self.city.answering_for(problem.lead)
            add_photo(
                problem, scene(view_of(problem), messy=False), "after.jpg", role=PhotoRole.AFTER, actor=actor,
                taken_at=clock.now(), longitude=problem.longitude, latitude=problem.latitude,
            )  # fmt: skip
            fix_problem(problem, measure="工程完工并通过验收", actor=actor)
            self.at(clock.now() + timedelta(hours=20), lambda _when: self._verify(problem, rng))

        if rng.random() < 0.9:
            self.at(clock.now() + timedelta(days=rng.uniform(60, 80)), finish)

    def _gone(self, problem: Problem) -> None:
        problem.refresh_from_db()
        if problem.state == ProblemState.ASSIGNED:
            end_gone_problem(problem, reason="该处已纳入征收范围，建筑已拆除", actor=self.city.office)

    def _merge(self, problem: Problem, twin: Problem) -> None:
        problem.refresh_from_db()
        twin.refresh_from_db()
        if problem.state == ProblemState.ASSIGNED and twin.state != ProblemState.MERGED:
            merge_problem(problem, twin, actor=self.city.office)

    @staticmethod
    def _working(when: datetime) -> datetime:
        """`when`, or the beginning of the next working time."""
        return default_calendar().add_workhours(when, 0)


def view_of(problem: Problem) -> str:
    """What the photos of a problem show: the same view before and after."""
    if problem.check_code and problem.place:
        return f"{problem.round_id}-{problem.place.code}-{problem.check_code}"
    return problem.number


def _near(degrees: float | None, rng: random.Random) -> float | None:
    return None if degrees is None else degrees + rng.uniform(-0.00025, 0.00025)
