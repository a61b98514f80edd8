"""What a run keeps and what is read from it: words, columns, audit, and only what belongs to its round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from chuangwen.audit.models import Entry
from chuangwen.config import cli
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.inspections.models import Observation
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.models import Assignment
from chuangwen.scoring.models import Loss, LossCell, LossProblem, NodeResult, Run
from chuangwen.scoring.queries import losses, results, runs
from chuangwen.scoring.queries.loss_lines import By, LossBook, loss_lines
from chuangwen.scoring.services import run_scoring, verify_run
from tests.inspections.results_making import Judging, make_judging
from tests.support.factories import (
    NOON,
    make_campaign,
    make_place,
    make_problem,
    make_root,
    make_round,
    make_unit,
    make_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def judging() -> Any:
    with clock.at(NOON):
        yield make_judging()


def run(judging: Judging, **more: Any) -> Run:
    return run_scoring(judging.round, judging.version, **{"actor": None} | more)


def see(judging: Judging, code: str, value: float, **more: Any) -> None:
    given = {"region": judging.root.region, "round": judging.round, "version": judging.version}
    Observation.objects.create(**given | {"code": code, "value": value} | more)


def test_words_of_a_run_that_cannot_be(judging: Judging) -> None:
    with pytest.raises(Refusal) as foreign:
        run_scoring(judging.round, make_version(judging.root.region), actor=None)
    assert str(foreign.value) == "这套标准不在这一轮里。请选这一轮所用的标准。"
    with pytest.raises(Refusal) as empty:
        run(judging)
    assert str(empty.value) == "这一轮还没有查看记录。有点位查看完成后再计算。"


def test_every_column_of_a_run_and_its_audit_entry(judging: Judging) -> None:
    judging.confirmed("2.1")
    judging.confirmed("P1", kind="bonus", value=2.0)
    found = run(judging, actor=judging.office)
    found.refresh_from_db()
    assert (found.region, found.round, found.version) == (judging.root.region, judging.round, judging.version)
    assert (found.missing, found.rows, found.made_by, found.finished_at) == ("exclude", 2, judging.office, NOON)
    assert (found.bonus, found.penalty, found.vetoed, found.drawn_places) == (2.0, 0.0, False, 0)
    assert run(judging, missing="zero").missing == "zero"
    entry = Entry.objects.filter(action="scoring.run").order_by("pk")[0]
    assert (entry.object_id, entry.actor_id) == (str(found.pk), str(judging.office.pk))
    assert entry.data == {"rows": 2, "observations": found.observations.sha256, "total": str(found.total)}
    assert {row.region for row in [*NodeResult.objects.all(), *Loss.objects.all()]} == {judging.root.region}
    positions = list(NodeResult.objects.filter(run=found).order_by("pk").values_list("position", flat=True))
    assert positions == list(range(len(positions)))


def test_other_rounds_campaigns_and_regions_are_not_in_it(judging: Judging) -> None:
    see(judging, "1.2", 1.0, place=make_place(judging.bureau, declared=True))
    before = run(judging)
    other = make_round(judging.round.campaign, name="另一轮", starts=judging.round.starts - timedelta(days=90))
    see(judging, "1.2", 0.0, round=other)
    stranger = make_unit(judging.root, name="外人局")
    campaign = make_campaign(judging.root, name="另一周期", version=judging.version)
    Assignment.objects.create(
        region=judging.root.region, campaign=campaign, node=judging.leaf("2.1"), unit=stranger, share="lead"
    )
    make_place(make_unit(make_root()), declared=True)
    make_place(judging.bureau, declared=False)
    after = run(judging)
    same = [
        (one.observations.sha256, one.places.sha256, one.frames.sha256, one.leads.sha256) for one in (before, after)
    ]
    assert same[0] == same[1]
    assert (after.total, after.rows, after.drawn_places) == (before.total, 1, 1)


def test_verify_names_every_figure_that_differs(judging: Judging) -> None:
    see(judging, "1.2", 0.5)
    found = run(judging)
    assert verify_run(found) == []
    for name in ("total", "se", "low", "high", "bonus", "penalty"):
        kept = getattr(found, name)
        setattr(found, name, -1.0)
        assert verify_run(found) == [name]
        setattr(found, name, kept)
    leaf = found.nodes.get(code="1.2")
    for name in ("vetoed", "se_partial"):
        kept = getattr(found, name)
        setattr(found, name, not kept)
        assert verify_run(found) == [name]
        setattr(found, name, kept)
    for name in ("rows", "drawn_places"):
        kept = getattr(found, name)
        setattr(found, name, kept + 1)
        assert verify_run(found) == [name]
        setattr(found, name, kept)
    for name in ("share", "lost", "effective", "attained", "points", "n", "places", "missed"):
        NodeResult.objects.filter(pk=leaf.pk).update(**{name: 77})
        assert verify_run(found) == ["1.2"]
        NodeResult.objects.filter(pk=leaf.pk).update(**{name: getattr(leaf, name)})
    NodeResult.objects.filter(pk=leaf.pk).update(assessed=False)
    assert verify_run(found) == ["1.2"]
    NodeResult.objects.filter(pk=leaf.pk).update(assessed=True)
    NodeResult.objects.filter(run=found, code="").delete()
    NodeResult.objects.create(run=found, region=found.region, code="9.9", position=99, points=1, assessed=True)
    assert verify_run(found) == ["total", "9.9"]


def test_verify_names_losses_that_differ_and_files_that_were_changed(
    judging: Judging, capsys: pytest.CaptureFixture[str]
) -> None:
    unit = make_unit(judging.root, name="甲局")
    see(judging, "1.2", 0.5, unit=unit)
    found = run(judging)
    assert cli.main(["score", "verify", str(found.pk)]) == 0
    assert capsys.readouterr().out == f"ok: {found}, 1 rows, observations {found.observations.sha256}\n"
    loss = found.losses.get()
    Loss.objects.filter(pk=loss.pk).update(unit=None)
    assert verify_run(found) == ["- 1.2", f"{unit.code} 1.2"]
    Loss.objects.filter(pk=loss.pk).update(unit=unit, points=loss.points + 0.001)
    assert cli.main(["score", "verify", str(found.pk)]) == 1
    assert capsys.readouterr().out == f"differs: {unit.code} 1.2\n"
    Loss.objects.filter(pk=loss.pk).delete()
    assert verify_run(found) == [f"{unit.code} 1.2"]
    found.observations.sha256 = "0" * 64
    found.observations.save()
    default_storage.save(found.observations.storage_name, ContentFile(b"PAR1"))
    assert verify_run(found) == ["observations"]
    default_storage.delete(found.frames.storage_name)
    assert verify_run(found) == ["observations", "frames"]
    assert cli.main(["score", "verify", "999"]) == 1
    assert capsys.readouterr().out.startswith("There is no run 999.")


def test_verify_names_parts_of_the_loss_that_hang_elsewhere(judging: Judging) -> None:
    """The place, the section and the problem of a part are the run's too, not its sum alone."""
    unit = make_unit(judging.root, name="甲局")
    first, second = (make_place(unit, declared=True) for _number in range(2))
    see(judging, "1.2", 0.0, place=first, unit=unit)
    found = run(judging)
    cell = found.cells.get(code="1.2")
    for wrong in ({"place": second}, {"section": "9"}, {"standing": "none"}, {"points": cell.points + 1e-6}):
        LossCell.objects.filter(pk=cell.pk).update(**wrong)
        assert verify_run(found) == [f"{unit.code} 1.2"], wrong
        kept = {name: getattr(cell, name) for name in wrong}
        LossCell.objects.filter(pk=cell.pk).update(**kept)
    made_up = make_problem(unit, place=first)
    LossProblem.objects.create(run=found, region=found.region, cell=cell, problem=made_up, points=cell.points)
    assert verify_run(found) == [f"{unit.code} 1.2"]


def test_unit_that_has_another_code_by_now_is_the_same_unit(judging: Judging) -> None:
    one, other = (make_unit(judging.root, name=name) for name in ("甲局", "乙局"))
    see(judging, "1.1", 0.0, unit=one)
    see(judging, "1.2", 0.5, unit=other)
    found = run(judging)
    Unit.objects.filter(pk=one.pk).update(code="new-code")
    assert verify_run(found) == []
    Loss.objects.filter(run=found, unit=one).update(points=0.5)
    assert verify_run(found) != []


def test_losses_by_unit_name_two_causes_and_what_can_be_won_back(judging: Judging) -> None:
    units = [make_unit(judging.root, name=name) for name in ("甲局", "乙局")]
    for code in ("1.1", "1.2", "2.1"):
        see(judging, code, 0.0, unit=units[0])
    see(judging, "1.2", 0.0, unit=units[1])
    found = run(judging)
    other = run(judging)
    rows = loss_lines(LossBook.whole(found), By.UNIT).lines
    assert [row.name for row in rows] == ["甲局", "乙局"]
    mine = Loss.objects.filter(run=found, unit=units[0]).order_by("-points", "code")
    titles = {node.code: node.title for node in judging.version.nodes.all()}
    assert rows[0].causes == [f"{row.code} {titles[row.code]}" for row in mine[:2]]
    assert rows[0].points == pytest.approx(sum(row.points for row in mine))
    assert [row.gone for row in rows] == [0.0, 0.0]
    assert losses.lost_by_nobody(found) == 0.0
    assert list(runs.last_runs(found.region_id, judging.round.campaign_id)) == [other, found]
    assert list(runs.last_runs(found.region_id, 0)) == []
    assert [part.node.code for part in results.sections(found)] == ["1", "2"]
