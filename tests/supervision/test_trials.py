"""A trial over past days equals what every morning would have proposed, and leaves every row as it was."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import ONE_DAY, ZONE
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.services import move_due
from chuangwen.evidence.services.shifting import move_dossiers
from chuangwen.evidence.workflow import DOSSIER_WORKFLOW
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.services import name_post
from chuangwen.rectification.models import Problem
from chuangwen.rectification.services import (
    LongTermPlan,
    assign_problem,
    change_deadline,
    close_problem,
    make_long_term,
    raise_dispute,
    reassign_problem,
    return_problem,
    rule_dispute,
)
from chuangwen.rectification.workflow import PROBLEM_WORKFLOW
from chuangwen.responsibilities.models import Task
from chuangwen.responsibilities.services import (
    accept_task,
    object_to_task,
    postpone_task,
    reopen_task,
    uphold_task,
)
from chuangwen.responsibilities.workflow import TASK_WORKFLOW
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Node
from chuangwen.standards.services import publish_standard
from chuangwen.supervision.ladder import Step, look_at
from chuangwen.supervision.models import NoticeItem, NoticeRule, SupervisionNotice, VetoKind
from chuangwen.supervision.queries.pasts import histories
from chuangwen.supervision.queries.trials import rows_of, trial_of
from chuangwen.supervision.services import (
    Event,
    confirm_event,
    lift_event,
    propose_notices,
    report_event,
    save_rule,
)
from chuangwen.workflow.services import advance
from chuangwen.workflow.transitions import Workflow
from tests.evidence.making import STANDARD
from tests.supervision.making import MONDAY, NOW
from tests.support.factories import make_campaign, make_problem, make_problem_type, make_task

pytestmark = pytest.mark.django_db
FIRST, MIDDLE, LAST = date(2026, 10, 26), date(2026, 11, 6), date(2026, 11, 18)


class Weeks:
    """Four weeks in which something happens every afternoon, drawn from a seed."""

    def __init__(self, world, seed: int) -> None:
        self.world, self.rng = world, random.Random(seed)  # noqa: S311  (the same at every run)
        self.units = [world.unit, world.other]
        self.kind = make_problem_type(world.region, within="2d")
        with clock.at(datetime.combine(FIRST - timedelta(days=40), time(9), ZONE)):
            version, _new = publish_standard(
                read_standard(STANDARD.encode(), "s.yaml"), region=world.region, actor=None
            )
            self.campaign = make_campaign(world.root, version=version, subject_kind="unit")
            codes = Node.objects.filter(version=version, code__in=["1.1", "1.2", "1.4"])
            for unit in self.units:
                for node in codes:
                    due = FIRST + timedelta(days=self.rng.randint(-3, 20))
                    Dossier.objects.create(
                        region=world.region, campaign=self.campaign, node=node, unit=unit, year=2026, due_on=due
                    )
            acting = {unit: name_post(unit, PostKind.ACTING, "分管领导", actor=None) for unit in self.units}
            for unit in self.units * 2:
                due = datetime.combine(FIRST, time(18), ZONE) + timedelta(days=self.rng.randint(-5, 30))
                fixed = {"post": acting[unit], "due_at": due, "measure": "有台账"}
                task = make_task(unit, campaign=self.campaign, state="draft", **fixed)
                advance(task, TASK_WORKFLOW, "issue", actor=None, issued_at=clock.now())

    def pass_by(self) -> set[tuple[int, Step, date]]:
        """Every morning the office looks and signs all; every afternoon something happens. Returns what went out."""
        day = FIRST
        while day <= LAST:
            with clock.at(look_at(day)):
                propose_notices(self.world.region)
                waiting = SupervisionNotice.objects.filter(state="proposed")
                waiting.update(state="sent", signed_at=clock.now(), signed_name="主任")
            for hour in (15, 17):
                with clock.at(datetime.combine(day, time(hour), ZONE)), suppress(Refusal):
                    self.rng.choice([self.find, self.move_problem, self.move_problem, self.move_task,
                                     self.move_dossier, self.falsify])()  # fmt: skip
            day += ONE_DAY
        rows = SupervisionNotice.objects.exclude(signed_at__isnull=True)
        return {(unit, Step(colour), on) for unit, colour, on in rows.values_list("unit", "colour", "day")}

    def find(self) -> None:
        closed = Problem.objects.filter(state="closed").first()
        made = make_problem(
            self.rng.choice(self.units), state="found", found_at=clock.now(), problem_type=self.kind,
            recurrence_of=closed if self.rng.random() < 0.5 else None,
        )  # fmt: skip
        assign_problem(made, lead=self.rng.choice(self.units), actor=None)

    def move_problem(self) -> None:
        problem = self.rng.choice(list(Problem.objects.order_by("pk")) or [None])
        if problem is None:
            return
        now, unit = clock.now(), self.rng.choice(self.units)
        fix = lambda: advance(problem, _unguarded(), "fix", actor=None, fixed_at=now)  # noqa: E731
        acts = {
            "assigned": [
                fix,
                lambda: reassign_problem(problem, lead=unit, reason="试", actor=None),
                lambda: change_deadline(problem, due_at=now + timedelta(days=3), reason="试", actor=None),
                lambda: raise_dispute(problem, reason="试", actor=None),
                lambda: make_long_term(
                    problem, reason="试", plan=LongTermPlan("围挡", [("修", clock.today() + ONE_DAY)]), actor=None
                ),
            ],
            "returned": [fix],
            "fixed": [
                lambda: close_problem(problem, actor=None),
                lambda: return_problem(problem, reason="试", actor=None),
            ],
            "disputed": [lambda: rule_dispute(problem, lead=unit, ruling="试", actor=None, keep_as_rule=False)],
            "long-term": [fix],
        }
        self.rng.choice(acts.get(problem.state, [self.find]))()

    def move_task(self) -> None:
        task = self.rng.choice(list(Task.objects.order_by("pk")))
        acts = {
            "issued": [
                lambda: accept_task(task, actor=None),
                lambda: object_to_task(task, reason="试", actor=None),
                lambda: postpone_task(task, due_at=clock.now() + timedelta(days=2), reason="试", actor=None),
            ],
            "objected": [lambda: uphold_task(task, reason="试", actor=None, unit=self.rng.choice(self.units))],
            "accepted": [lambda: advance(task, _unguarded(TASK_WORKFLOW), "report", actor=None, note="试")],
            "reported": [lambda: reopen_task(task, reason="试", actor=None)],
        }
        self.rng.choice(acts[task.state])()

    def move_dossier(self) -> None:
        dossier = self.rng.choice(list(Dossier.objects.order_by("pk")))
        later = clock.today() + timedelta(days=self.rng.randint(0, 4))
        with_unit = [
            lambda: advance(dossier, DOSSIER_WORKFLOW, "submit", actor=None),
            lambda: move_due(dossier, due_on=later, reason="试", actor=None),
            lambda: move_dossiers(self.campaign, date(2026, 12, 21), date(2026, 12, 24), actor=None),
        ]
        back = [lambda: advance(dossier, DOSSIER_WORKFLOW, "return", actor=None, note="试")]
        self.rng.choice(back if dossier.state == "submitted" else with_unit)()

    def falsify(self) -> None:
        problems = list(Problem.objects.order_by("pk"))
        if not problems or self.rng.random() < 0.5:
            return
        problem = self.rng.choice(problems)
        kind = VetoKind.objects.get(falsification=True)
        event = report_event(Event(problem.lead, kind, clock.today(), "虚报", "通报", problem), actor=None)
        confirm_event(event, actor=None)
        if self.rng.random() < 0.4:
            lift_event(event, reason="试", actor=None)


def _unguarded(workflow=PROBLEM_WORKFLOW):
    """The same steps without what they ask for: photos and measures are no matter of the ladder."""
    return Workflow([replace(one, guards=()) for one in workflow.transitions])


def _rows():
    """Every row of every table as it stands."""
    with connection.cursor() as cursor:
        names = [name for name in connection.introspection.table_names(cursor) if "_" in name]
        found = {}
        for name in names:
            cursor.execute(f'SELECT * FROM "{name}"')  # noqa: S608
            found[name] = sorted(map(repr, cursor.fetchall()))
        return found


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.once) for seed in (1, 2))])
def test_trial_is_what_the_mornings_would_have_brought_on_a_copy(world, seed):
    weeks = Weeks(world, seed)
    sent = weeks.pass_by()
    rule = NoticeRule.objects.get(step="white", is_on=True)
    assert {colour for _unit, colour, _day in sent} >= {Step.WHITE, Step.YELLOW}
    with clock.at(datetime.combine(LAST, time(20), ZONE)):
        before = _rows()
        found = trial_of(rule, MIDDLE, LAST)
        assert _rows() == before
        assert set(found.sent) == {one for one in sent if one[2] >= MIDDLE}
        assert found.sheets[0] == set(found.sent)
        NoticeItem.objects.all().delete()  # the copy on which nobody had looked before
        assert trial_of(rule, FIRST, LAST).sheets[0] == sent


def test_trial_reads_problems_tasks_and_dossiers_with_a_fixed_number_of_queries(world):
    weeks = Weeks(world, 1)
    weeks.pass_by()
    rule = NoticeRule.objects.get(step="white", is_on=True)
    with clock.at(NOW):
        trial_of(rule, FIRST, LAST - ONE_DAY)  # the calendar is read once for all
        with CaptureQueriesContext(connection) as few:
            found = trial_of(rule, FIRST, LAST - ONE_DAY)
        assert {one.key[0] for one in found.then} == {"p", "t", "d"}
        for _more in range(5):
            weeks.find()
        with CaptureQueriesContext(connection) as more:
            trial_of(rule, FIRST, LAST - ONE_DAY)
        assert len(few) == len(more) <= 17
        rows = rows_of({one.key for one in found.then})
        assert set(rows) == {one.key for one in found.then}


def test_trial_tells_what_the_rule_would_have_brought_beside_the_others(world):
    with clock.at(MONDAY - timedelta(days=10)):
        kind = make_problem_type(world.region, within="3d")
        early = make_problem(world.unit, state="found", found_at=clock.now(), due_at=MONDAY, problem_type=kind)
        assign_problem(early, lead=world.unit, actor=None)  # due on Wednesday the 11th
    with clock.at(NOW):
        first, last = (NOW - timedelta(days=14)).date(), (NOW - timedelta(days=1)).date()
        former = NoticeRule.objects.get(step="white")
        kept = save_rule(
            world.region,
            step="white",
            condition="late",
            number=2,
            source="site: 试",
            actor=world.office,
            replaces=former,
        )
        found = trial_of(kept, first, last)
    assert [(one.step, one.day.day) for one in found.now] == [("white", 12), ("yellow", 17)]
    assert [(one.step, one.day.day) for one in found.then] == [("white", 13)]
    assert (found.looked, found.sent) == (1, [])


def test_trial_of_a_reminder_looks_for_reminders(world):
    with clock.at(MONDAY - timedelta(days=10)):
        early = make_problem(world.unit, state="found", found_at=clock.now(), problem_type=world.kind)
        assign_problem(early, lead=world.unit, actor=None)
    with clock.at(NOW):
        rule = NoticeRule.objects.get(step="reminder")
        found = trial_of(rule, (NOW - timedelta(days=14)).date(), (NOW - timedelta(days=1)).date())
    assert Step.REMINDER in {one.step for one in found.then}
    assert Step.REMINDER not in {one.step for one in found.now}


def test_past_without_steps_says_nothing(world):
    world.problem()
    with clock.at(NOW):
        assert histories(world.region, FIRST, LAST) == []


def test_page_shows_months_and_units_beside_what_went_out_and_the_matters_behind(world, sign_in):
    weeks = Weeks(world, 1)
    weeks.pass_by()
    rule = NoticeRule.objects.get(step="white", is_on=True)
    address = reverse("supervision:trial", args=[rule.pk])
    with clock.at(datetime.combine(LAST + ONE_DAY, time(20), ZONE)):
        found = trial_of(rule, LAST - timedelta(days=30), LAST)
        client = sign_in(world.office)
        page = client.get(address).context
        rows = {(row["month"], row["shape"]): row["figures"] for row in page["months"]}
        for at, sheets in enumerate(found.sheets):
            counted = Counter((f"{on.month}月", str(step)) for _unit, step, on in sheets)
            assert {key: figures[at] for key, figures in rows.items() if figures[at]} == counted
        assert page["count"] == len(found.then)
        unit = world.unit.pk
        narrow = client.get(address, {"unit": unit, "step": "yellow", "month": "2026-11"}).context
        wanted = [one for one in found.then if (one.unit, one.step, one.day.month) == (unit, Step.YELLOW, 11)]
        assert (narrow["count"], [chip["label"] for chip in narrow["chips"]]) == (len(wanted), ["月份", "单位", "颜色"])
        assert sum(row["figures"][0] for row in narrow["months"]) == len({s for s in found.sheets[0] if s[0] == unit})
        nonsense = client.get(address, {"days": "abc", "month": "13", "unit": "-1", "step": "x", "page": "99"})
        assert (nonsense.status_code, nonsense.context["matters"]) == (200, [])
