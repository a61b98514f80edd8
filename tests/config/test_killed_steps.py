"""The long and the wide steps of the way, killed in the middle: each is there as a whole or not at all.

A kind of step is one function that makes its world and returns the work and what it changes; steps of one
row are covered by tests/config/test_posts.py, which counts the commits of every POST.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.campaigns.models import Campaign, Milestone, Round
from chuangwen.campaigns.services import close_round, shift_assessment
from chuangwen.config.backup import restore_site, write_backup
from chuangwen.config.backup.guards import GUARDS
from chuangwen.core import clock
from chuangwen.core.jobs import run_job, start_job
from chuangwen.core.models import Attachment, Job
from chuangwen.directives.models import Candidate, Document
from chuangwen.directives.services import accept_candidate, add_document, issue_accepted
from chuangwen.inspections.models import Draw, EnteredResult, Observation, Visit
from chuangwen.inspections.services.results import confirm_result, enter_result
from chuangwen.notifications.models import Notice
from chuangwen.organizations.models import Unit, UnitSuccession
from chuangwen.organizations.services import succeed_units
from chuangwen.places.models import Place
from chuangwen.places.services import change_place_state
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import Task
from chuangwen.scoring.models import Run
from chuangwen.scoring.services import runs as scoring
from chuangwen.standards.fileformat.reader import read_standard
from chuangwen.standards.models import Node, StandardVersion
from chuangwen.standards.services import publish_standard
from chuangwen.workflow.models import Step
from tests.campaigns.making import ASSESSMENT, running_campaign
from tests.config.doors import STANDARD, World
from tests.directives.making import Desk
from tests.directives.making import candidate as candidate_of
from tests.inspections.results_making import make_judging, paper
from tests.support.factories import make_problem, make_root, make_task, make_unit, make_user
from tests.support.killing import kill_through

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork"),
]

Work = tuple[Callable[[], Any], Callable[[], Any]]


def rows(*models: Any) -> Callable[[], list[int]]:
    """How many rows each table holds, with the history and the audit chain."""
    return lambda: [model.objects.count() for model in (*models, Step, Entry)]


def _compute_beforehand(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    """Only what is kept is killed: the engine's own threads do not live in a forked process."""
    frozen = scoring._freeze(world.round, world.version)
    scores, thawed = scoring._score(world.version, frozen, "exclude"), scoring.thaw(frozen.observations)
    seen = scoring._seen(thawed)
    parts = scoring.parts_of_run(world.version, frozen, scores.nodes)
    monkeypatch.setattr(scoring, "_freeze", lambda *_given: frozen)
    monkeypatch.setattr(scoring, "_score", lambda *_given: scores)
    monkeypatch.setattr(scoring, "thaw", lambda _data: thawed)
    monkeypatch.setattr(scoring, "_seen", lambda *_given: seen)
    monkeypatch.setattr(scoring, "parts_of_run", lambda *_given: parts)


def _score(monkeypatch: pytest.MonkeyPatch) -> Work:
    """In the worker: a run has all its figures and its entry, or is not there."""
    world = World()
    _compute_beforehand(monkeypatch, world)
    params = {"round_id": world.round.pk, "version_id": world.version.pk}
    job = start_job("score_round", owner=world.people[Role.OFFICE], title="算分", params=params)

    def work() -> None:
        Job.objects.filter(pk=job.pk).update(status="queued")  # as the person who starts it again
        run_job.func(job.pk)
        assert Job.objects.get(pk=job.pk).status == "done"

    def facts() -> Any:
        runs = Run.objects.all()
        whole = {(run.nodes.count(), run.losses.count(), run.cells.count(), run.sums.count()) for run in runs}
        return len(runs) > 1, whole, Entry.objects.filter(action="scoring.run").count() == len(runs)

    return work, facts


def _shift(_patch: Any) -> Work:
    campaign = running_campaign()
    make_task(make_unit(campaign.subject), campaign=campaign)

    def shift() -> None:
        shift_assessment(campaign, ASSESSMENT + timedelta(days=20), expected=ASSESSMENT, actor=None)

    def facts() -> Any:
        plan = Milestone.objects.order_by("pk").values_list("due_on", flat=True)
        tasks = Task.objects.order_by("pk").values_list("due_at", flat=True)
        return Campaign.objects.get().assessment_on, list(plan), list(tasks), rows(Notice)()

    return shift, facts


def _export(_patch: Any) -> Work:
    """A list written by the worker: the job has its whole file or none."""
    root = make_root()
    office, unit = make_user(Role.OFFICE, root), make_unit(root)
    for _number in range(3):
        make_problem(unit)
    params = {"name": "problems", "path": "/problems/", "query": "", "session": {}}
    job = start_job("export_list", owner=office, title="台账", params=params)

    def work() -> None:
        Job.objects.filter(pk=job.pk).update(status="queued")  # as the person who starts it again
        run_job.func(job.pk)
        assert Job.objects.get(pk=job.pk).status == "done"

    def facts() -> Any:
        now = Job.objects.get(pk=job.pk)
        return now.result_name, now.result_file and now.result_file.size > 0

    return work, facts


def _enter(_patch: Any) -> Work:
    judging = make_judging()
    work = partial(enter_result, judging.round, judging.judged(), actor=judging.first, proof=paper())
    return work, rows(EnteredResult, Attachment, Observation)


def _confirm(_patch: Any) -> Work:
    judging = make_judging()
    made = judging.entered()

    def work() -> None:
        confirm_result(EnteredResult.objects.get(pk=made.pk), revision=made.revision, actor=judging.second)

    return work, lambda: (EnteredResult.objects.get().state, rows(Observation)())


def _close(_patch: Any) -> Work:
    world = World()
    Visit.objects.update(state="skipped")
    EnteredResult.objects.update(state="withdrawn")
    Draw.objects.update(state="withdrawn")

    def work() -> None:
        close_round(Round.objects.get(pk=world.round.pk), actor=world.people[Role.OFFICE])

    return work, lambda: (Round.objects.get().state, rows(Notice)())


def _read_document(_patch: Any) -> Work:
    desk = Desk()
    text = "由市城管局牵头，各街道配合，11月30日前把登记在册的46条背街小巷全部整治到位。".encode()
    work = partial(add_document, desk.campaign, text, actor=desk.office, name="讲话.txt")
    return work, rows(Document, Candidate, Attachment)


def _accept(_patch: Any) -> Work:
    desk = Desk()
    found = candidate_of(desk.document(), "46条背街小巷")

    def work() -> None:
        accept_candidate(Candidate.objects.get(pk=found.pk), revision=found.revision, actor=desk.office)

    return work, lambda: (Candidate.objects.get(pk=found.pk).state, rows()())


def _issue_directives(_patch: Any) -> Work:
    desk = Desk()
    document = desk.document()
    found = candidate_of(document, "46条背街小巷")
    accept_candidate(found, revision=found.revision, actor=desk.office)
    due = clock.today() + timedelta(days=30)
    work = partial(issue_accepted, document, actor=desk.office, due_on=due, measure="不失分")
    return work, lambda: (list(Task.objects.values_list("state", flat=True)), rows(Notice)())


def _publish(_patch: Any) -> Work:
    root = make_root()
    standard = read_standard(STANDARD.encode(), "s.yaml")
    return partial(publish_standard, standard, region=root.region, actor=None), rows(StandardVersion, Node)


def _place_gone(_patch: Any) -> Work:
    world = World()
    Problem.objects.update(state="assigned")

    def work() -> None:
        place = Place.objects.get(pk=world.place.pk)
        change_place_state(place, state="gone", reason="拆除", actor=world.people[Role.OFFICE])

    def facts() -> Any:
        return [one.objects.get().state for one in (Place, Problem, Visit)], rows(Notice)()

    return work, facts


def _succeed(_patch: Any) -> Work:
    world = World()
    heir = make_unit(world.root)

    def work() -> None:
        old = [Unit.objects.get(pk=world.lead.pk)]
        succeed_units(old, [heir], kind="renamed", day=clock.today(), actor=None)

    return work, lambda: (list(Unit.objects.order_by("pk").values_list("valid_to", flat=True)), rows(UnitSuccession)())


STEPS = [
    _score, _shift, _export, _enter, _confirm, _close, _read_document, _accept, _issue_directives,
    _publish, _place_gone, _succeed,
]  # fmt: skip


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__.strip("_"))
def test_step_is_whole_or_not_there_at_all(step: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    work, facts = step(monkeypatch)
    kill_through(work, facts, stride=25)


def test_restore_replaces_everything_or_nothing(tmp_path: Any) -> None:
    root = make_root()
    make_problem(make_unit(root))
    write_backup(tmp_path / "site.tar")
    make_problem(make_unit(root))
    try:
        kill_through(partial(restore_site, tmp_path / "site.tar", replace=True), rows(Unit, Problem), stride=40)
    finally:  # a restore sets the triggers that guard rows, and other tests are cleaned up by deleting rows
        with connection.cursor() as cursor:
            for name in GUARDS:
                for statement in import_module(name).UNDO[connection.vendor]:
                    cursor.execute(statement)
