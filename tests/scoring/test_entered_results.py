"""A run over what was entered: scored by its rule, walked back to the paper, and what is missing is said."""

from __future__ import annotations

import math
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.core import clock
from chuangwen.inspections.models import Observation
from chuangwen.inspections.services.results import confirm_result, correct_result, withdraw_result
from chuangwen.responsibilities.models import Assignment
from chuangwen.scoring.models import NodeResult, Run
from chuangwen.scoring.queries import results
from chuangwen.scoring.queries.loss_lines import By, LossBook, loss_lines
from chuangwen.scoring.services import run_scoring, verify_run
from tests.inspections.results_making import Judging, make_judging
from tests.support.factories import NOON, make_place, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def judging() -> Any:
    with clock.at(NOON):
        yield make_judging()


def run(judging: Judging, **more: Any) -> Run:
    return run_scoring(judging.round, judging.version, actor=None, **more)


def shares(found: Run) -> dict[str, float | None]:
    rows = found.nodes.filter(code__in=["1.1", "1.2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6"])
    return {row.code: None if row.share is None else round(row.share, 9) for row in rows}


def page_of(client: Any, found: Run, query: str = "") -> str:
    text: str = client.get(reverse("scoring:run", args=[found.pk]) + query).content.decode()
    return text


def test_every_form_of_result_is_scored_by_its_rule(judging: Judging) -> None:
    for code in ("1.2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6"):
        judging.confirmed(code)
    assert shares(run(judging)) == {
        "1.1": None, "1.2": 1.0, "2.1": 0.75, "2.2": round(0.21 / 0.35, 9), "2.3": 0.8, "2.4": 0.75, "2.5": 0.7,
        "2.6": 1.0,
    }  # fmt: skip


def test_surveys_of_two_units_are_pooled_by_their_answers(judging: Judging) -> None:
    judging.confirmed("2.2", value=0.9, weight=100.0, unit=judging.bureau)
    judging.confirmed("2.2", value=0.6, weight=300.0)
    found = run(judging)
    assert shares(found)["2.2"] == round((0.675 - 0.6) / 0.35, 9)
    assert verify_run(found) == []


def test_only_what_was_confirmed_counts(judging: Judging) -> None:
    judging.confirmed("2.3")
    judging.entered("2.1")
    assert shares(run(judging))["2.1"] is None


def test_not_applicable_is_no_failure(judging: Judging) -> None:
    judging.confirmed("2.3")
    judging.confirmed("2.1", not_applicable=True)
    assert shares(run(judging, missing="zero"))["2.1"] is None


def test_bonuses_penalties_and_vetoes_reach_the_total(judging: Judging) -> None:
    judging.confirmed("2.3", value=95.0)
    judging.confirmed("N1", kind="penalty", value=1.5)
    judging.confirmed("N1", kind="penalty", value=1.0)
    judging.confirmed("P1", kind="bonus", value=2.0)
    judging.entered("V1", kind="veto", value=None)
    found = run(judging)
    assert (found.total, found.bonus, found.penalty, found.vetoed) == (99.5, 2.0, 2.5, False)
    assert [one.result.code for one in results.adjustments_of(found)] == ["N1", "N1", "P1"]
    judging.confirmed("V1", kind="veto", value=None)
    assert run(judging).vetoed is True


def test_a_correction_changes_the_next_run_and_leaves_the_last_one_as_it_was(judging: Judging, sign_in: Any) -> None:
    result = judging.confirmed("2.1")
    before = run(judging)
    correct_result(result, judging.judged(grade="D"), reason="错", revision=1, actor=judging.first)
    confirm_result(result, revision=2, actor=judging.second)
    after = run(judging)
    assert (shares(before)["2.1"], shares(after)["2.1"]) == (0.75, 0.0)
    assert verify_run(before) == []
    leaf = NodeResult.objects.get(run=before, code="2.1")
    assert [one.result for one in results.results_of(before, [leaf.code])] == [result]
    withdraw_result(result, reason="不算", revision=2, actor=judging.first)
    judging.confirmed("2.3")
    assert shares(run(judging))["2.1"] is None
    assert [one.result for one in results.results_of(after, [leaf.code])] == [result]


def test_the_result_page_leads_from_the_criterion_to_note_and_file(judging: Judging, sign_in: Any) -> None:
    result = judging.confirmed("2.2", unit=judging.bureau)
    page = page_of(sign_in(judging.office), run(judging), "?node=2&leaf=2.2")
    for words in (
        "抽查12份台账", "81%(600份)", "市城管局", "评分表.txt", reverse("inspections:result", args=[result.uid]),
        str(judging.second),
    ):  # fmt: skip
        assert words in page
    paper = results.results_of(run(judging), ["2.2"])[0].papers[0]
    assert reverse("core:file", args=[paper.uid]) in page


def test_points_not_yet_assessed_are_told_by_method(judging: Judging, sign_in: Any) -> None:
    judging.confirmed("2.1")
    judging.confirmed("2.3", not_applicable=True)
    found = run(judging)
    rows = results.unassessed_by_method(found)
    assert [(row.method, row.criteria, row.points) for row in rows] == [
        ("field", 2, 45.0), ("survey", 1, 20.0), ("material", 1, 5.0), ("record", 1, 5.0), ("report", 1, 5.0),
    ]  # fmt: skip
    page = page_of(sign_in(judging.office), found)
    assert "还有80.00分没有测评" in page
    assert results.nothing_to_judge(found) == (1, 10.0)
    assert "1条、10.00分因不适用或看不到没有计分" in page
    assert "不计入本次得分" in page
    assert "按0分计入" in page_of(sign_in(judging.office), run(judging, missing="zero"))


def test_a_whole_score_says_nothing_of_missing_points(judging: Judging, sign_in: Any) -> None:
    for code in ("1.2", "2.1", "2.2", "2.3", "2.4", "2.5", "2.6"):
        judging.confirmed(code)
    Observation.objects.create(
        region=judging.root.region, round=judging.round, version=judging.version, code="1.1", value=1
    )
    found = run(judging)
    assert results.unassessed_by_method(found) == []
    assert "没有测评" not in page_of(sign_in(judging.office), found)


def test_losses_of_entered_results_go_to_the_unit_or_its_leads_and_can_be_won_back(judging: Judging) -> None:
    lead = make_unit(judging.root, name="市档案局")
    Assignment.objects.create(
        region=judging.root.region, campaign=judging.round.campaign, node=judging.leaf("2.3"), unit=lead, share="lead"
    )
    judging.confirmed("2.1", unit=judging.bureau)
    judging.confirmed("2.3")
    found = run(judging)
    rows = {row.name: row for row in loss_lines(LossBook.whole(found), By.UNIT).lines}
    assert set(rows) == {"市城管局", "市档案局"}
    assert math.isclose(sum(row.points for row in rows.values()) + (found.total or 0), 100, abs_tol=1e-9)
    for row in rows.values():
        assert math.isclose(row.back, row.points, abs_tol=1e-9)


def test_entered_results_are_no_places(judging: Judging) -> None:
    place = make_place(judging.bureau, declared=True)
    judging.confirmed("1.2", value=0.5)
    Observation.objects.create(
        region=judging.root.region, round=judging.round, version=judging.version, code="1.2", place=place, value=0
    )
    found = run(judging)
    leaf = NodeResult.objects.get(run=found, code="1.2")
    places = results.places_of(found, leaf)
    assert [(one.place_id, one.seen) for one in places] == [(None, 1)]
    # Two rows, 0.5 and 0: the place carries two thirds of what the criterion lost.
    assert math.isclose(places[0].lost, (leaf.lost or 0) * 2 / 3, abs_tol=1e-9)
    section = judging.leaf("1")
    assert {part.node.code: part.result.places for part in results.criteria_below(found, section)} == {
        "1.1": 0,
        "1.2": 1,
    }
    assert found.drawn_places == 1


def test_the_result_page_costs_the_same_for_one_result_and_for_many(judging: Judging, sign_in: Any) -> None:
    client = sign_in(judging.office)
    counts = []
    for units in ([judging.bureau], [None, make_unit(judging.root)]):
        for unit in units:
            judging.confirmed("2.2", unit=unit)
            judging.confirmed("P1", kind="bonus", value=1.0)
        found = run(judging)
        page_of(client, found, "?node=2&leaf=2.2")
        with CaptureQueriesContext(connection) as made:
            page_of(client, found, "?node=2&leaf=2.2")
        counts.append(len(made))
    assert counts[0] == counts[1]
