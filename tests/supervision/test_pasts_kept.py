"""How the past of a matter is read from its steps, value for value, and what a trial sets against it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chuangwen.core import clock
from chuangwen.evidence.models import Dossier
from chuangwen.rectification.enums import Source
from chuangwen.standards.models import Node
from chuangwen.supervision.ladder import Given
from chuangwen.supervision.ladder import Step as Rung
from chuangwen.supervision.models import NoticeItem, NoticeRule, SupervisionNotice, VetoEvent, VetoKind
from chuangwen.supervision.queries.pasts import Mark, Taken, dossier_marks, histories, problem_marks, task_marks
from chuangwen.supervision.queries.trials import rows_of, trial_of
from chuangwen.supervision.replay import History, Phase
from chuangwen.workflow.models import Step
from tests.supervision.making import NOW, make_world
from tests.supervision.test_linking_kept import local
from tests.support.factories import make_campaign

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY = date(2026, 11, 18)
MOMENT, SOON = timedelta(microseconds=1), timedelta(days=14)


def taken(action, target, at, **data):
    return Taken(action, target, data, at)


def test_problem_is_read_backwards_through_its_steps():
    due, first = local(11, 20, 18), local(11, 5, 18)
    steps = [
        taken("assign", "assigned", local(11, 2), due=first.isoformat()),
        taken("reassign", "assigned", local(11, 3), former=7),
        taken("fix", "fixed", local(11, 4)),
        taken("return", "returned", local(11, 5)),
        taken("deadline", "returned", local(11, 6), to=due.isoformat(), due="x"),
        taken("make_long_term", "assigned", local(11, 7)),
    ]
    early = first - SOON + MOMENT
    assert list(problem_marks(steps, 9, local(1, 1), "limited", None)) == [
        Mark(local(11, 2), 7, first, True, 0, early), Mark(local(11, 3), 9, first, True, 0, early),
        Mark(local(11, 4), 9, first, False, 0, early), Mark(local(11, 5), 9, first, True, 1),
        Mark(local(11, 6), 9, due, True, 1), Mark(local(11, 7), 9, due, False, 1),
    ]  # fmt: skip
    (mark,) = problem_marks([taken("assign", "assigned", local(11, 2))], 9, due, "limited", 0)
    assert mark == Mark(local(11, 2), 9, due, True, 0, None)
    (slow,) = problem_marks([taken("assign", "assigned", local(11, 2))], 9, due, "long-term", None)
    (found,) = problem_marks([taken("x", "assigned", local(11, 2), **{"class": "long-term"})], 9, due, "limited", None)
    (was,) = problem_marks([taken("x", "assigned", local(11, 2), **{"class": "limited"})], 9, due, "long-term", None)
    assert [one.running for one in (slow, found, was)] == [False, False, True]


def test_task_and_dossier_are_read_through_their_steps():
    old, new = local(11, 5, 18), local(11, 9, 18)
    steps = [
        taken("issue", "issued", local(11, 1)),
        taken("postpone", "issued", local(11, 2), **{"from": old.isoformat(), "to": new.isoformat()}),
        taken("report", "reported", local(11, 3)),
        taken("reopen", "accepted", local(11, 4), former=7),
    ]
    before, after = old - SOON + MOMENT, new - SOON + MOMENT
    assert list(task_marks(steps, 9, local(1, 1))) == [
        Mark(local(11, 1), 7, old, True, 0, before), Mark(local(11, 2), 7, new, True, 0, after),
        Mark(local(11, 3), 7, new, False, 0, after), Mark(local(11, 4), 9, new, True, 1, after),
    ]  # fmt: skip
    (plain,) = task_marks(steps[:1], 9, new)
    assert (plain.unit, plain.due) == (9, new)
    ends, ended = local(11, 5, 23, 59), local(11, 9, 23, 59)
    watched, later = local(10, 22), local(10, 26)
    steps = [
        taken("open", "open", local(11, 1)),
        taken("note", "", local(11, 2)),
        taken("postpone", "open", local(11, 2), **{"from": "2026-11-05", "to": "2026-11-09"}),
        taken("submit", "submitted", local(11, 3)),
        taken("return", "returned", local(11, 4)),
        taken("campaign-over", "ended", local(11, 5)),
        taken("campaign-on", "running", local(11, 6)),
    ]
    assert list(dossier_marks(steps, date(2026, 1, 1))) == [
        Mark(local(11, 1), 0, ends, True, 0, watched), Mark(local(11, 2), 0, ends, True, 0, watched),
        Mark(local(11, 2), 0, ended, True, 0, later), Mark(local(11, 3), 0, ended, False, 0, later),
        Mark(local(11, 4), 0, ended, True, 1, later), Mark(local(11, 5), 0, ended, False, 1, later),
        Mark(local(11, 6), 0, ended, True, 1, later),
    ]  # fmt: skip
    (plain,) = dossier_marks(steps[:1], date(2026, 11, 9))
    assert plain.due == ended


FIRST, LAST = date(2026, 11, 9), date(2026, 11, 13)
START = local(11, 9)


def step(row, action, at, target="", **data):
    Step.objects.create(
        region=row.region, object_type=row._meta.label_lower, object_id=row.pk, action=action, target=target, at=at,
        actor_name="某", data=data,
    )  # fmt: skip


def had(world, row, name, colour, day, *, state="sent", signed=None, unit=None):
    notice = SupervisionNotice.objects.create(
        region=world.region, unit=unit or world.unit, number=f"9-{SupervisionNotice.objects.count()}", colour=colour,
        day=day, state=state, signer="clerk", proposed_at=NOW, due_at=NOW, signed_at=signed,
        signed_name="某" if signed else "",
    )  # fmt: skip
    NoticeItem.objects.create(region=world.region, notice=notice, due_at=NOW, **{name: row})
    return notice


def test_past_of_a_problem_begins_with_the_trial_and_knows_what_it_had(world):
    theirs = make_world()
    with clock.at(NOW):
        due = local(11, 30, 18)
        mine = world.problem(due_at=due, found_at=local(11, 1))
        step(mine, "assign", local(11, 2), "assigned")
        step(mine, "note", START, "assigned")
        step(mine, "deadline", local(11, 12), "assigned", to=due.isoformat())
        world.problem(found_at=local(11, 14), due_at=due)
        late = world.problem(found_at=local(11, 13, 23, 59), due_at=due)
        own = world.problem(found_at=local(11, 1), source=Source.SELF)
        foreign = theirs.problem(found_at=local(11, 1))
        for row in (late, own, foreign):
            step(row, "assign", local(11, 13, 23, 59), "assigned")
        had(world, mine, "problem", "white", date(2026, 11, 6), signed=local(11, 6))
        had(world, mine, "problem", "white", date(2026, 11, 9), signed=local(11, 9))
        had(world, mine, "problem", "yellow", date(2026, 11, 7), signed=local(11, 7), unit=world.other)
        waits = had(world, mine, "problem", "yellow", date(2026, 11, 5), state="proposed")
        dropped = had(world, mine, "problem", "red", date(2026, 11, 4), state="dropped")
        after = had(world, mine, "problem", "yellow", date(2026, 11, 3), state="dropped")
        gone = had(world, mine, "problem", "red", date(2026, 11, 2), state="withdrawn", signed=local(11, 2))
        step(dropped, "drop", local(11, 5))
        step(after, "drop", START)
        step(gone, "withdraw", local(11, 3))
        kind = VetoKind.objects.get(region=world.region, falsification=True)
        plain = VetoKind.objects.filter(region=world.region, falsification=False).first()
        values = {"region": world.region, "unit": world.unit, "day": TODAY, "bars_until": TODAY, "problem": mine}
        for sort, state, at in (
            (kind, "lifted", 4),
            (kind, "confirmed", 8),
            (kind, "rejected", 5),
            (plain, "confirmed", 6),
        ):
            event = VetoEvent.objects.create(kind=sort, state=state, confirmed_at=local(11, at), **values)
            if state == "lifted":
                step(event, "lift", local(11, 7))
        found = {one.key: one for one in histories(world.region, FIRST, LAST)}
    watched = due - SOON + MOMENT  # after the trial: nothing looks at it before
    assert found[f"p{mine.pk}"] == History(
        f"p{mine.pk}",
        (
            Phase(START, local(11, 12), 0, due, running=False),
            Phase(local(11, 12), local(11, 12), 0, due, running=True),
            Phase(local(11, 12), watched, 0, due, running=False), Phase(watched, None, 0, due, running=True),
        ),
        world.unit.pk,
        None,
        ((local(11, 4), local(11, 7)), (local(11, 8), None)),
        tuple((0, one) for one in (
            Given(Rung.WHITE, date(2026, 11, 6)), Given(Rung.RED, date(2026, 11, 4), sent=False),
            Given(Rung.RED, date(2026, 11, 2), sent=False),
        )),
    )  # fmt: skip
    assert set(found) == {f"p{mine.pk}", f"p{late.pk}"}
    assert waits.state == "proposed"


def test_past_of_tasks_and_dossiers_knows_hands_and_ended_campaigns(world):
    with clock.at(local(11, 1)):
        campaign, over = make_campaign(world.root), make_campaign(world.root)
        task, done = (
            world.task(campaign=campaign, due_at=local(11, 10, 18)),
            world.task(campaign=campaign, state="confirmed"),
        )
        nodes = Node.objects.filter(version__in=campaign.standards.values("version"))
        node = nodes.get(code="1.1")
        make = lambda **fields: Dossier.objects.create(  # noqa: E731
            **{"region": world.region, "campaign": campaign, "node": node, "unit": world.unit, "year": 2026,
               "due_on": date(2026, 11, 10)} | fields
        )  # fmt: skip
        untouched, alike = make(), make(year=2032)
        closed, far = make(campaign=over), make(year=2027, due_on=date(2026, 11, 29))
        near, approved = make(year=2028, due_on=date(2026, 11, 28)), make(year=2029, state="approved")
        step(task, "issue", local(11, 2), "issued")
        step(task, "uphold", local(11, 11), "issued", former=world.other.pk)
        step(done, "confirm", local(11, 2), "confirmed")
        step(over, "end", local(11, 11), "ended")
        step(over, "resume", local(11, 12), "running")
        had(world, untouched, "dossier", "white", date(2026, 11, 6), signed=local(11, 6))
    with clock.at(local(11, 10)):
        fresh = make(year=2030)
    with clock.at(local(11, 14)):
        make(year=2031)
        found = {one.key: one for one in histories(world.region, FIRST, LAST)}
    due, ends = local(11, 10, 18), local(11, 10, 23, 59)
    assert found[f"t{task.pk}"] == History(f"t{task.pk}", (
        Phase(START, local(11, 11), world.other.pk, due, running=True),
        Phase(local(11, 11), None, world.unit.pk, due, running=True),
    ))  # fmt: skip
    unit = world.unit.pk
    white = ((0, Given(Rung.WHITE, date(2026, 11, 6))),)
    assert found[f"d{untouched.pk}"] == History(
        f"d{untouched.pk}", (Phase(START, None, 0, ends, running=True),), unit, given=white
    )
    assert found[f"d{alike.pk}"] == History(f"d{alike.pk}", found[f"d{untouched.pk}"].phases, unit)
    assert found[f"d{closed.pk}"].phases == (
        Phase(START, local(11, 11), 0, ends, running=True), Phase(local(11, 11), local(11, 12), 0, ends, running=False),
        Phase(local(11, 12), None, 0, ends, running=True),
    )  # fmt: skip
    assert found[f"d{fresh.pk}"].phases == (Phase(local(11, 10), None, 0, ends, running=True),)
    assert found[f"d{near.pk}"].phases == (
        Phase(START, local(11, 14), 0, local(11, 28, 23, 59), running=False),
        Phase(local(11, 14), None, 0, local(11, 28, 23, 59), running=True),
    )  # fmt: skip
    assert {f"d{far.pk}", f"d{approved.pk}", f"t{done.pk}"} & set(found) == set()


def test_trial_sets_a_rule_against_those_in_force_and_what_went_out(world):
    theirs = make_world()
    with clock.at(NOW):
        mine = world.problem(due_at=local(11, 9, 18), found_at=local(11, 1))
        step(mine, "assign", local(11, 2), "assigned")
        for day, state, signed in ((9, "sent", NOW), (13, "withdrawn", NOW), (14, "sent", NOW), (10, "proposed", None)):
            had(
                world,
                world.problem(found_at=local(11, 20)),
                "problem",
                "red",
                date(2026, 11, day),
                state=state,
                signed=signed,
            )
        had(theirs, theirs.problem(), "problem", "red", date(2026, 11, 10), signed=NOW)
        white = NoticeRule.objects.get(region=world.region, step="white")
        tried = trial_of(white, FIRST, LAST)
    told = [(one.step, one.day.day) for one in tried.then]
    assert (told, [(one.step, one.day.day) for one in tried.now]) == ([("white", 10), ("yellow", 13)], [])
    assert sorted(tried.sent) == [
        (world.unit.pk, "red", date(2026, 11, 9)), (world.unit.pk, "red", date(2026, 11, 13)),
    ]  # fmt: skip
    assert tried.sheets[1] == set()
    task = world.task()
    assert rows_of([f"p{mine.pk}", f"t{task.pk}", "d999"]) == {f"p{mine.pk}": mine, f"t{task.pk}": task}
    assert rows_of([]) == {}
