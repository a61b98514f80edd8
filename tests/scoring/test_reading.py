"""What is frozen row for row, and what is read of a run beside others of its kind; nothing is computed here."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.files.services import attach, read, store_bytes
from chuangwen.core.models import Attachment
from chuangwen.inspections.models import Answer, Draw, Observation, Visit
from chuangwen.organizations.models import Unit
from chuangwen.responsibilities.models import Assignment, Share
from chuangwen.scoring import keeping
from chuangwen.scoring.engine.scores import LOSSES, NODES, SUBJECTS, Scores
from chuangwen.scoring.frozen import thaw
from chuangwen.scoring.models import Loss, LossProblem, NodeResult, Run, Standing
from chuangwen.scoring.queries import losses, results, runs
from chuangwen.scoring.queries.loss_lines import By, LossBook, Narrowed, loss_lines
from chuangwen.scoring.services.cells import SUMS, PartRows, differing_parts, keep_parts
from chuangwen.scoring.services.runs import _freeze, _keep_losses, _keep_nodes, _keep_run, _seen
from chuangwen.standards.models import Check
from tests.inspections.results_making import Judging, make_judging
from tests.support.factories import (
    NOON,
    make_campaign,
    make_check,
    make_place,
    make_place_type,
    make_problem,
    make_root,
    make_round,
    make_unit,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def judging() -> Any:
    with clock.at(NOON):
        yield make_judging()


def see(judging: Judging, code: str, value: float | None, **more: Any) -> Observation:
    given = {"region": judging.root.region, "round": judging.round, "version": judging.version}
    return Observation.objects.create(**given | {"code": code, "value": value} | more)


def kept_run(judging: Judging, **more: Any) -> Run:
    """A run without computing; what it froze is looked at elsewhere."""
    frozen = store_bytes(b"frozen")
    given = {"region": judging.root.region, "round": judging.round, "version": judging.version, "total": 80.0}
    files = dict.fromkeys(("observations", "places", "frames", "leads"), frozen)
    return Run.objects.create(**given | files | more)


def result(run: Run, code: str, **figures: Any) -> NodeResult:
    given = {"position": 0, "points": 10.0, "assessed": True, "n": 1, "lost": 1.0, "missed": 1.0}
    return NodeResult.objects.create(region=run.region, run=run, code=code, **given | figures)


def lose(run: Run, unit: Unit | None, code: str, points: float) -> None:
    Loss.objects.create(region=run.region, run=run, unit=unit, code=code, points=points)


def frozen_rows(judging: Judging) -> list[list[tuple[Any, ...]]]:
    frozen = _freeze(judging.round, judging.version)
    return [thaw(table).rows() for table in (frozen.observations, frozen.places, frozen.frames, frozen.leads)]


def test_frozen_are_the_rows_of_the_round_and_no_others(judging: Judging) -> None:
    region, bureau = judging.root.region, judging.bureau
    subject = region.code
    stalls, squares = (make_place_type(region, code=code) for code in ("stall", "square"))
    keeper, other = make_unit(judging.root, code="K1"), make_unit(judging.root, code="K2")
    second = make_place(bureau, code="B-2", keeper=keeper, place_type=stalls, declared=True)
    first = make_place(bureau, code="A-1", keeper=None, place_type=stalls, declared=True)
    make_place(bureau, code="C-3", place_type=squares, declared=True, state="closed")
    make_place(bureau, place_type=stalls, declared=False)
    make_place(make_unit(make_root()), declared=True)
    see(judging, "1.2", 0.5, place=second, unit=keeper, weight=2.0)
    see(judging, "1.1", None, place=first)
    see(judging, "1.1", 1.0, withdrawn_at=NOON)
    see(judging, "1.1", 1.0, round=make_round(judging.round.campaign))
    see(judging, "1.1", 1.0, version=make_version(region))
    leads = [("2.1", keeper, "lead"), ("1.1", other, "lead"), ("1.1", keeper, "lead"), ("1.2", other, "cooperate")]
    for code, unit, share in leads:
        Assignment.objects.create(
            region=region, campaign=judging.round.campaign, node=judging.leaf(code), unit=unit, share=Share(share)
        )
    elsewhere = make_campaign(judging.root, name="别的周期", version=judging.version)
    Assignment.objects.create(region=region, campaign=elsewhere, node=judging.leaf("2.2"), unit=other, share=Share.LEAD)
    ground = ("stall", bureau.code, None)  # type, district, problem
    seen = [
        (subject, "1.2", "B-2", 0.5, 2.0, "K1", "B-2", *ground),
        (subject, "1.1", "A-1", None, 1.0, None, "A-1", *ground),
    ]
    places = [
        (subject, "A-1", "stall", bureau.code), (subject, "B-2", "stall", "K1"),
        (subject, "C-3", "square", bureau.code),
    ]  # fmt: skip
    leading = [(subject, "1.1", "K1"), (subject, "1.1", "K2"), (subject, "2.1", "K1")]
    assert frozen_rows(judging) == [seen, places, [(subject, "stall", 2.0)], leading]


def test_sizes_of_types_are_those_of_all_draws_of_the_round_that_stand(judging: Judging) -> None:
    make_place(judging.bureau, place_type=make_place_type(judging.root.region, code="stall"), declared=True)
    subject = judging.root.region.code
    see(judging, "1.1", 1.0)
    beside = make_round(judging.round.campaign)
    for round_, pool, state in (
        (judging.round, {"stall": ["A"]}, "drawn"), (judging.round, {"stall": ["A", "D"], "b": ["B", "C"]}, "drawn"),
        (judging.round, {"stall": []}, "withdrawn"), (beside, {"stall": []}, "drawn"),
    ):  # fmt: skip
        Draw.objects.create(region=judging.root.region, round=round_, pool=pool, state=state)
    assert frozen_rows(judging)[2] == [(subject, "b", 2.0), (subject, "stall", 2.0)]


def test_figures_of_the_engine_are_kept_as_they_are(judging: Judging) -> None:
    region = judging.root.region
    make_unit(make_root(), code="K1")
    unit = make_unit(judging.root, code="K1")
    make_unit(make_root(), code="K1")
    place = make_place(judging.bureau, declared=True)
    see(judging, "1.1", 0.5, place=place, weight=2.0)
    see(judging, "1.1", None)
    frozen = _freeze(judging.round, judging.version)
    subject = (region.code, 81.5, 1.25, 79.0, 84.0, True, 2.0, 0.5, True, 1)
    nodes = [
        (region.code, "", 100.0, 90.0, 0.5, 45.0, 45.0, 1, True),
        (region.code, "1.1", 40.0, *[None] * 4, 0, False),
    ]
    losses = [(region.code, "K1", "1.1", 3.5), (region.code, "", "1.2", 1.5)]
    tables = [
        pl.DataFrame(rows, schema=schema, orient="row")
        for rows, schema in (([subject], SUBJECTS), (nodes, NODES), (losses, LOSSES))
    ]
    scores = Scores(*tables)
    seen = _seen(thaw(frozen.observations))
    run = _keep_run(judging.round, judging.version, frozen, scores, seen, missing="zero", actor=judging.office)
    run.refresh_from_db()
    assert (run.region, run.round, run.version, run.missing) == (region, judging.round, judging.version, "zero")
    assert (run.rows, run.made_by, run.finished_at, run.drawn_places) == (2, judging.office, NOON, 1)
    assert (run.total, run.se, run.low, run.high, run.se_partial) == (81.5, 1.25, 79.0, 84.0, True)
    assert (run.bonus, run.penalty, run.vetoed) == (2.0, 0.5, True)
    kept = (run.observations, run.places, run.frames, run.leads)
    assert [read(file) for file in kept] == [frozen.observations, frozen.places, frozen.frames, frozen.leads]
    _keep_nodes(run, scores.nodes, seen)
    _keep_losses(run, scores.losses)
    figures = ("region", "code", "position", "points", "effective", "share", "attained", "lost", "n", "assessed")
    assert list(run.nodes.values_list(*figures, "places", "missed").order_by("pk")) == [
        (region.pk, "", 0, 100.0, 90.0, 0.5, 45.0, 45.0, 1, True, 0, 0.0),
        (region.pk, "1.1", 1, 40.0, None, None, None, None, 0, False, 1, 1.0),
    ]
    assert list(run.losses.values_list("region", "unit", "code", "points").order_by("pk")) == [
        (region.pk, unit.pk, "1.1", 3.5), (region.pk, None, "1.2", 1.5),
    ]  # fmt: skip


def cell_row(code: str, points: float, **more: Any) -> dict[str, Any]:
    given = {"unit": "K1", "seen_at": "A-1", "place_type": "stall", "district": "K1", "standing": "drawn"}
    return given | {"problem": None, "code": code, "points": points} | more


def sum_row(code: str, **figures: Any) -> dict[str, Any]:
    return dict.fromkeys(SUMS, 1) | {"code": code, "weight": 1.0, "total": 0.1 + 0.2} | figures


def test_parts_of_a_loss_are_kept_by_cell_with_the_problems_behind_them(judging: Judging) -> None:
    region = judging.root.region
    unit, kind = make_unit(judging.root, code="K1"), make_place_type(region, code="stall")
    place = make_place(unit, code="A-1", place_type=kind)
    other = make_unit(make_root(), code="K1")  # the same codes in another region, made later
    make_place(other, code="A-1", place_type=make_place_type(other.region, code="stall"))
    visit = Visit.objects.create(region=region, round=judging.round, place=place, planned_on=NOON.date())
    first, second, elsewhere = (make_problem(unit, number=f"P-{n}") for n in range(3))
    who = make_user(Role.INSPECTOR, judging.root)
    for problem, position in ((first, 10), (second, 20)):
        Answer.objects.create(
            uid=uuid.uuid4(), region=region, visit=visit, value="not_met", answered_by=who, problem=problem,
            checked=make_check(judging.version, kind, position=position),
        )  # fmt: skip
    run = kept_run(judging)
    rows = [
        cell_row("1.1", 0.1, problem=first.number), cell_row("1.1", 0.2, problem=second.number),
        cell_row("1.1", 1.0, problem=elsewhere.number),
        cell_row("2.1", 2.5, unit="", seen_at="", place_type="", district="", standing=Standing.NOWHERE),
    ]  # fmt: skip
    parts = PartRows(rows, [sum_row("1.1", rows=4)])
    keep_parts(run, parts)
    names = ("region", "unit", "code", "section", "place", "place_type", "district", "standing", "points")
    assert list(run.cells.order_by("code").values_list(*names)) == [
        (region.pk, unit.pk, "1.1", "1", place.pk, kind.pk, unit.pk, "drawn", 1.3),
        (region.pk, None, "2.1", "2", None, None, None, "none", 2.5),
    ]  # fmt: skip
    hanging = LossProblem.objects.filter(run=run).order_by("pk")
    assert list(hanging.values_list("cell__code", "problem", "points")) == [
        ("1.1", first.pk, 0.1), ("1.1", second.pk, 0.2),
    ]  # fmt: skip
    assert list(run.sums.values_list("code", "rows", "total")) == [("1.1", 4, 0.3)]
    units = {"K1": unit.pk}
    assert differing_parts(run, parts, units) == differing_parts(run, None, units) == []
    moved = [rows[0] | {"points": 0.2}, rows[1] | {"points": 0.1}, *rows[2:]]  # from one problem to the other
    assert differing_parts(run, PartRows(moved, parts.sums), units) == ["K1 1.1"]
    unknown = [*rows[:3], rows[3] | {"unit": "K9"}]  # a unit that is not kept lost it as nobody
    assert differing_parts(run, PartRows(unknown, parts.sums), units) == []


def test_book_holds_what_its_own_run_lost_and_what_a_units_people_lost(judging: Judging) -> None:
    unit, beside = (make_unit(judging.root, code=code) for code in ("K1", "K2"))
    run, other, old = kept_run(judging), kept_run(judging), kept_run(judging)
    keep_parts(run, PartRows([cell_row("1.1", 1.0), cell_row("1.1", 2.0, unit=beside.code)], []))
    keep_parts(other, PartRows([cell_row("1.1", 9.0)], []))
    for one, points in ((unit, 4.0), (beside, 5.0)):
        lose(old, one, "1.1", points)  # of a time without cells
        lose(run, one, "1.1", points)
    people = make_user(Role.LIAISON, unit)
    books = [book for one in (run, old) for book in (LossBook.whole(one), LossBook.own(one, people))]
    assert [loss_lines(book, By.CRITERION).points for book in books] == [3.0, 1.0, 9.0, 4.0]


def test_parts_that_differ_are_named_by_unit_and_criterion(judging: Judging) -> None:
    units = {"K1": make_unit(judging.root, code="K1").pk}
    make_place_type(judging.root.region, code="stall")
    run = kept_run(judging)
    rows = [cell_row("1.1", 1.0, seen_at=""), cell_row("1.1", 2.0, seen_at="?"), cell_row("2.1", 2.5, unit="")]
    sums = [sum_row("1.1"), sum_row("2.1")]
    keep_parts(run, PartRows(rows, sums))
    assert differing_parts(run, PartRows(rows, sums), units) == []
    other = [rows[0], rows[1] | {"points": 2.1}, rows[2] | {"points": 2.4}]
    changed = [sum_row("1.1", met=2), sum_row("2.2")]
    assert differing_parts(run, PartRows(other, changed), units) == ["- 2.1", "K1 1.1", "1.1", "2.1", "2.2"]
    assert differing_parts(run, PartRows(rows, sums[:1]), units) == ["2.1"]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [(None, None, True), (None, 0.0, False), (0.0, None, False), (1.0, 1.0 + 5e-10, True), (1.0, 1.0 + 2e-9, False),
     (1000.0, 1000.0 + 5e-7, False)],
)  # fmt: skip
def test_recomputed_figure_agrees_within_a_billionth(a: float | None, b: float | None, same: bool) -> None:
    assert keeping.same(a, b) is same


def test_kept_figures_have_no_digits_that_threads_decide() -> None:
    assert keeping.steady({"total": 0.1 + 0.2, "n": 3, "share": None}) == {"total": 0.3, "n": 3, "share": None}


def test_criteria_stand_below_their_own_section_the_dearest_first(judging: Judging) -> None:
    make_version(judging.root.region)  # whose sections and criteria have the same codes
    run, other = kept_run(judging), kept_run(judging)
    for code, figures in {
        "1": {}, "2": {}, "1.1": {"lost": 3.0}, "2.1": {"lost": 0.5, "effective": 7.0}, "2.2": {"lost": 2.0},
        "2.3": {"lost": None, "assessed": False}, "2.4": {"lost": None, "effective": 0.0}, "2.5": {"lost": 0.5},
    }.items():  # fmt: skip
        result(run, code, **figures)
        result(other, code, lost=9.0)
    parts = results.criteria_below(run, judging.leaf("2"))
    assert [(part.node.code, part.width) for part in parts] == [
        ("2.2", 10.0), ("2.1", 7.0), ("2.5", 10.0), ("2.4", 0.0), ("2.3", 10.0),
    ]  # fmt: skip
    assert {part.result.run for part in parts} == {run}
    assert [part.node for part in results.sections(run)] == [judging.leaf("1"), judging.leaf("2")]
    assert [part.node for part in results.criteria_below(run, judging.leaf("1"))] == [judging.leaf("1.1")]


def test_places_are_those_seen_before_the_run_with_what_each_cost(judging: Judging) -> None:
    region = judging.root.region
    visits = []
    for name in ("乙市场", "甲市场", "丙市场"):
        place = make_place(judging.bureau, name=name)
        visits.append(Visit.objects.create(region=region, round=judging.round, place=place, planned_on=NOON.date()))
    who = make_user(Role.INSPECTOR, judging.root)
    checked = Check.objects.get(version=judging.version)
    answers = [
        Answer.objects.create(
            uid=uuid.uuid4(), region=region, visit=visit, checked=checked, value="not_met", answered_by=who
        )
        for visit in visits
    ]
    for answer, values in zip(answers, [(0.0, 1.0, 0.5), (0.5, 0.0), (1.0,)], strict=True):
        for value in values:
            see(judging, "1.1", value, answer=answer, weight=2.0)
    see(judging, "1.1", None, answer=answers[2])
    see(judging, "1.2", 0.0, answer=answers[2])
    see(judging, "1.2", None, answer=answers[1])
    see(judging, "1.1", 0.0, answer=answers[2], version=make_version(region))
    see(judging, "1.1", 0.0, answer=answers[2], round=make_round(judging.round.campaign))
    run = kept_run(judging)
    later = see(judging, "1.1", 0.0, answer=answers[2])
    Observation.objects.filter(pk=later.pk).update(created_at=run.created_at + timedelta(seconds=1))
    told = [
        (one.place_id, one.name, one.met, one.seen, one.lost)
        for one in results.places_of(run, result(run, "1.1", missed=6.0, lost=3.0))
    ]
    first, second, third = (visit.place_id for visit in visits)
    assert told == [(first, "乙市场", 1, 3, 1.5), (second, "甲市场", 0, 2, 1.5), (third, "丙市场", 1, 1, 0.0)]
    free = results.places_of(run, result(run, "1.2", missed=0.0, lost=3.0))
    assert [(one.seen, one.lost) for one in free] == [(1, 0.0)]


def test_answers_at_a_place_come_unmet_first_in_the_order_of_the_checks(judging: Judging) -> None:
    region, version = judging.root.region, judging.version
    kind = make_place_type(region)
    checks = [make_check(version, kind, position=position) for position in (30, 10, 20)]
    visit, beside = (
        Visit.objects.create(
            region=region, round=judging.round, place=make_place(judging.bureau), planned_on=NOON.date()
        )
        for _number in range(2)
    )
    who = make_user(Role.INSPECTOR, judging.root)

    def answer(at: Visit, checked: Check, value: str, code: str = "1.1", times: int = 1) -> Answer:
        made = Answer.objects.create(
            uid=uuid.uuid4(), region=region, visit=at, checked=checked, value=value, answered_by=who
        )
        for _time in range(times):
            see(judging, code, 0.0, answer=made)
        return made

    met, last, first = (
        answer(visit, checks[1], "met"), answer(visit, checks[0], "not_met", times=2),
        answer(visit, checks[2], "not_met"),
    )  # fmt: skip
    answer(visit, make_check(version, kind), "not_met", "1.2")
    answer(beside, checks[0], "not_met")
    run = kept_run(judging)
    assert results.answers_at(run, result(run, "1.1"), visit.place_id) == [first, last, met]


def test_papers_of_a_result_are_those_it_had_at_the_run_the_newest_first(judging: Judging) -> None:
    made = judging.confirmed("2.1")
    second = attach(b"two", "二.txt", owner=made, region=made.region, actor=None)
    attach(b"three", "三.txt", owner=judging.round, region=made.region, actor=None)
    judging.confirmed("2.3")
    run = kept_run(judging)
    late = attach(b"four", "四.txt", owner=made, region=made.region, actor=None)
    Attachment.objects.filter(pk=late.pk).update(created_at=run.created_at + timedelta(seconds=1))
    found = results.results_of(run, ["2.1"])
    first = Attachment.objects.filter(owner_id=made.pk, owner_type="inspections.enteredresult").earliest("pk")
    assert [(one.result, one.papers) for one in found] == [(made, [second, first])]


def test_what_nobody_saw_is_summed_by_method_and_what_did_not_apply_apart(judging: Judging) -> None:
    see(judging, "2.6", None)
    make_version(judging.root.region)
    run, other = kept_run(judging), kept_run(judging)
    for code in ("1", "1.1", "1.2", "2.1", "2.2", "2.6"):
        result(run, code, n=0)
        result(other, code, n=1)
    result(run, "2.3", n=1)
    found = results.unassessed_by_method(run)
    assert [(row.method, row.label, row.criteria, row.points) for row in found] == [
        ("field", "实地考察", 2, 45.0), ("survey", "问卷调查", 1, 20.0), ("material", "材料审核", 1, 10.0),
    ]  # fmt: skip
    assert results.nothing_to_judge(run) == (1, 5.0)
    assert results.unassessed_by_method(other) == []


def test_losses_of_a_run_without_cells_still_add_up_by_unit_and_criterion(judging: Judging) -> None:
    one, two = (make_unit(judging.root, name=name) for name in ("甲局", "乙局"))
    make_version(judging.root.region)  # whose criteria have the same codes and other titles
    run, other = kept_run(judging), kept_run(judging)
    for code, unit, points in (("1.1", one, 8.0), ("1.1", two, 2.0), ("1.2", None, 4.0), ("2.1", two, 2.5)):
        lose(run, unit, code, points)
        lose(other, unit, code, 50.0)
    book = LossBook.whole(run)
    assert (book.placed, book.ways) == (False, [By.UNIT, By.CRITERION])
    titles = {node.code: f"{node.code} {node.title_zh}" for node in judging.version.nodes.all()}
    told = [(row.name, row.shown, row.shown_back, row.causes) for row in loss_lines(book, By.UNIT).lines]
    assert told == [
        ("没有责任单位", 4.0, 4.0, [titles["1.2"]]), ("甲局", 8.0, 8.0, [titles["1.1"]]),
        ("乙局", 4.5, 4.5, [titles["2.1"], titles["1.1"]]),
    ]  # fmt: skip
    inside = loss_lines(book.within(Narrowed(By.UNIT, str(two.pk))), By.CRITERION)
    assert [(row.code, row.name, row.points) for row in inside.lines] == [
        ("2.1", "台账齐全", 2.5),
        ("1.1", "整洁", 2.0),
    ]
    assert (losses.lost_by_nobody(run), losses.lost_by_nobody(kept_run(judging))) == (4.0, 0.0)


def test_the_round_before_is_the_last_with_a_total_of_this_campaign_and_standard(judging: Judging) -> None:
    campaign, starts = judging.round.campaign, judging.round.starts
    earlier, middle = (make_round(campaign, starts=starts - timedelta(days=days)) for days in (60, 30))
    run = kept_run(judging)
    assert runs.run_before(run) is None
    kept_run(judging, round=earlier)
    kept_run(judging, round=middle)
    last = kept_run(judging, round=middle)
    kept_run(judging, round=middle, total=None)
    kept_run(judging, round=middle, version=make_version(judging.root.region))
    kept_run(judging)
    other = make_round(
        make_campaign(judging.root, name="别的周期", version=judging.version), starts=starts - timedelta(1)
    )
    kept_run(judging, round=other)
    assert runs.run_before(run) == last
    assert [one.round for one in runs.last_runs(run.region_id, campaign.pk)] == [judging.round] * 2 + [middle] * 4 + [
        earlier
    ]
