"""A finished run is frozen: the database refuses every change and deletion, and what it rests on cannot go."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

from chuangwen.core import clock
from chuangwen.core.models import StoredFile
from chuangwen.scoring.models import LeafSum, Loss, LossCell, NodeResult, Run
from chuangwen.scoring.services import run_scoring, verify_run
from chuangwen.standards.models import StandardDocument
from tests.inspections.results_making import Judging, make_judging
from tests.support.factories import NOON, make_round

pytestmark = [pytest.mark.django_db, pytest.mark.both]


@pytest.fixture
def judging() -> Any:
    with clock.at(NOON):
        yield make_judging()


@pytest.fixture
def frozen() -> None:
    """The triggers of migration 0004 (the test database is made without them)."""
    migration = import_module("chuangwen.scoring.migrations.0004_frozen_runs")
    with connection.cursor() as cursor:
        for statement in migration.POSTGRESQL if connection.vendor == "postgresql" else migration.SQLITE:
            cursor.execute(statement)


def scored(judging: Judging) -> Run:
    judging.confirmed("2.1", unit=judging.bureau)
    return run_scoring(judging.round, judging.version, actor=None)


def test_database_refuses_to_change_or_delete_a_runs_rows(judging: Judging, frozen: None) -> None:
    found = scored(judging)
    tried = 0
    changes = ((Run, {"total": 1}), (NodeResult, {"lost": 0}), (Loss, {"points": 0}), (LossCell, {"points": 0}),
               (LeafSum, {"rows": 0}))  # fmt: skip
    for model, values in changes:
        rows = model.objects.filter(**{"pk" if model is Run else "run": found.pk})
        assert rows.exists()
        acts = (lambda rows=rows, values=values: rows.update(**values), lambda rows=rows: rows._raw_delete("default"))
        for act in acts:
            with pytest.raises(DatabaseError, match="a finished run is frozen"), transaction.atomic():
                act()
            tried += 1
    assert (tried, verify_run(found)) == (10, [])
    assert Run.objects.get(pk=found.pk).total == found.total


def test_round_with_a_run_is_not_deleted_and_one_without_is(judging: Judging, frozen: None) -> None:
    bare = make_round(judging.round.campaign, name="没有得分")
    scored(judging)
    with pytest.raises(DatabaseError), transaction.atomic():
        judging.round.delete()
    bare.delete()
    assert list(judging.round.campaign.rounds.all()) == [judging.round]


def test_files_and_standard_of_a_run_cannot_go(judging: Judging) -> None:
    found = scored(judging)
    for row in (found.observations, found.places, found.frames, found.leads, found.version):
        with pytest.raises((models.ProtectedError, models.RestrictedError)):
            row.delete()
    assert StoredFile.objects.filter(pk=found.observations_id).exists()


def test_verify_tells_of_a_standard_that_was_changed_behind_the_run(judging: Judging) -> None:
    found = scored(judging)
    document = StandardDocument.objects.get(version=found.version)
    document.content["nodes"][1]["children"][0]["points"] = 11
    document.save()
    assert verify_run(Run.objects.get(pk=found.pk)) == ["standard"]
