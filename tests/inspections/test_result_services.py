"""Entering, confirming, correcting and withdrawing results: four eyes, nothing counted twice, nothing lost."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.campaigns.models import Round
from chuangwen.campaigns.services import close_round
from chuangwen.core import clock
from chuangwen.core.errors import BadUpload, Conflict, Refusal
from chuangwen.core.models import Attachment
from chuangwen.inspections.models import EnteredResult, Observation
from chuangwen.inspections.services.results import (
    Proof,
    confirm_result,
    correct_result,
    enter_result,
    return_result,
    withdraw_result,
)
from chuangwen.organizations.models import Holding, Post
from chuangwen.standards.grading import MOST_ANSWERS
from chuangwen.workflow.models import Step
from chuangwen.workflow.services import StaleState
from tests.inspections.results_making import Judging, make_judging, paper
from tests.support.factories import DAY, NOON, make_unit, make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def judging() -> Any:
    with clock.at(NOON):
        yield make_judging()


def rows(code: str) -> list[tuple[float | None, float]]:
    """What scoring reads of a leaf."""
    return list(Observation.objects.standing().filter(code=code).order_by("pk").values_list("value", "weight"))


@pytest.mark.parametrize(
    ("code", "fields", "wanted"),
    [
        ("2.1", {}, [(0.75, 1.0)]),
        ("2.1", {"grade": "", "value": 0.8}, [(0.8, 1.0)]),
        ("2.1", {"grade": "d"}, [(0.0, 1.0)]),
        ("2.2", {}, [(0.81, 600.0)]),
        ("2.3", {}, [(88.0, 1.0)]),
        ("2.3", {"weight": 9.0}, [(88.0, 1.0)]),
        ("2.4", {"value": 3.0}, [(1.0, 1.0)] * 3),
        ("2.4", {"value": 0.0}, [(0.0, 1.0)]),
        ("2.5", {}, [(3.0, 1.0)]),
        ("2.6", {}, [(0.9, 1.0)]),
        ("1.2", {"value": 0.5}, [(0.5, 1.0)]),
        ("2.1", {"not_applicable": True}, [(None, 1.0)]),
        ("2.4", {"not_applicable": True}, [(None, 1.0)]),
    ],
)
def test_a_confirmed_result_becomes_the_observations_of_its_measure(
    judging: Judging, code: str, fields: dict[str, Any], wanted: list[Any]
) -> None:
    result = judging.confirmed(code, unit=judging.bureau, **fields)
    assert rows(code) == wanted
    kept = Observation.objects.filter(code=code).first()
    assert kept is not None
    assert (kept.result, kept.unit, kept.place, kept.round, kept.version, kept.note) == (
        result, judging.bureau, None, judging.round, judging.version, "抽查12份台账",
    )  # fmt: skip


@pytest.mark.parametrize(("kind", "code", "value", "wanted"), [("veto", "V1", None, 1.0), ("bonus", "P1", 1.5, 1.5),
                                                               ("penalty", "N1", 4.0, 4.0)])  # fmt: skip
def test_vetoes_bonuses_and_penalties_are_entered_with_reason_and_paper(
    judging: Judging, kind: str, code: str, value: float | None, wanted: float
) -> None:
    judging.confirmed(code, kind=kind, value=value)
    judging.confirmed(code, kind=kind, value=value)  # another event of the same kind
    assert rows(code) == [(wanted, 1.0)] * 2


def test_what_is_entered_counts_only_once_somebody_else_has_confirmed_it(judging: Judging) -> None:
    result = judging.entered()
    assert (result.state, rows("2.1")) == ("entered", [])
    with pytest.raises(Refusal, match="第二个人"):
        confirm_result(result, revision=1, actor=judging.first)
    assert rows("2.1") == []
    confirm_result(result, revision=1, actor=judging.second)
    result.refresh_from_db()
    assert (result.state, result.checked_by, result.checked_at) == ("confirmed", judging.second, NOON)
    with pytest.raises(StaleState):
        confirm_result(result, revision=1, actor=judging.second)
    assert rows("2.1") == [(0.75, 1.0)]


def test_who_corrected_it_last_does_not_confirm_it_but_the_first_one_may(judging: Judging) -> None:
    result = judging.entered()
    correct_result(result, judging.judged(grade="A"), reason="看漏一份", revision=1, actor=judging.second)
    with pytest.raises(Refusal):
        confirm_result(result, revision=2, actor=judging.second)
    confirm_result(result, revision=2, actor=judging.first)
    assert rows("2.1") == [(0.9, 1.0)]


def test_nobody_confirms_what_was_corrected_behind_the_back(judging: Judging) -> None:
    result = judging.entered()
    seen = EnteredResult.objects.get()
    correct_result(result, judging.judged(grade="A"), reason="改", revision=1, actor=judging.first)
    for act in (confirm_result, lambda r, **k: return_result(r, reason="x", **k),
                lambda r, **k: withdraw_result(r, reason="x", **k)):  # fmt: skip
        with pytest.raises(StaleState):
            act(seen, revision=1, actor=judging.second)
    stale = said(correct_result, seen, judging.judged(grade="D"), reason="又改", revision=1, actor=judging.second)
    assert stale == f"“{seen}”刚才已经被别人办理了。请重新打开看现在的状态；您填的内容还在。"
    stood = EnteredResult.objects.get()
    assert (stood.state, stood.grade, stood.revision, rows("2.1")) == ("entered", "A", 2, [])


def test_a_correction_takes_the_old_observations_back_and_keeps_both_values_in_the_history(judging: Judging) -> None:
    result = judging.confirmed()
    with pytest.raises(Refusal):
        correct_result(result, judging.judged(grade="D"), reason="  ", revision=1, actor=judging.first)
    assert rows("2.1") == [(0.75, 1.0)]
    correct_result(result, judging.judged(grade="D", unit=judging.bureau), reason="材料是去年的", revision=1,
                   actor=judging.first, proof=paper("复核.txt", b"b"))  # fmt: skip
    assert (rows("2.1"), result.state, result.checked_by) == ([], "entered", None)
    step = Step.objects.get(action="correct")
    assert (step.note, step.data) == (
        "材料是去年的", {"grade": ["B", "D"], "value": ["0.75", "0.0"], "unit": [None, "市城管局"]},
    )  # fmt: skip
    confirm_result(result, revision=2, actor=judging.second)
    assert rows("2.1") == [(0.0, 1.0)]
    assert Observation.objects.count() == 2
    assert set(Attachment.objects.values_list("name", flat=True)) == {"评分表.txt", "复核.txt"}


def test_a_returned_result_is_corrected_and_confirmed(judging: Judging) -> None:
    result = judging.entered()
    for reason, actor in (("", judging.second), ("缺页", judging.first)):
        with pytest.raises(Refusal):
            return_result(result, reason=reason, revision=1, actor=actor)
    return_result(result, reason="缺页", revision=1, actor=judging.second)
    with pytest.raises(StaleState):
        confirm_result(result, revision=1, actor=judging.second)
    correct_result(result, judging.judged(), reason="补齐", revision=1, actor=judging.first)
    confirm_result(result, revision=2, actor=judging.second)
    assert rows("2.1") == [(0.75, 1.0)]


def test_a_withdrawn_result_counts_no_more_stays_readable_and_makes_room(judging: Judging) -> None:
    result = judging.confirmed()
    with pytest.raises(Refusal):
        withdraw_result(result, reason="", revision=1, actor=judging.first)
    withdraw_result(result, reason="不属本轮", revision=1, actor=judging.first)
    assert (rows("2.1"), EnteredResult.objects.get().state) == ([], "withdrawn")
    with pytest.raises(StaleState):
        correct_result(result, judging.judged(), reason="x", revision=1, actor=judging.first)
    judging.confirmed(grade="A")
    assert rows("2.1") == [(0.9, 1.0)]


def test_one_leaf_has_one_result_for_each_unit_and_one_for_the_whole(judging: Judging) -> None:
    judging.entered()
    other = judging.entered(unit=judging.bureau)
    for unit in (None, judging.bureau):
        assert said(judging.entered, unit=unit, error=Conflict) == "“2.1”对这个单位已经登记过结果。请打开那一条更正。"
        with transaction.atomic(), pytest.raises(Conflict):
            # As when two people press at the same moment: the database itself refuses the second row.
            _enter_unasked(judging, unit)
    with pytest.raises(Conflict):
        correct_result(other, judging.judged(unit=None), reason="x", revision=1, actor=judging.first)
    assert EnteredResult.objects.count() == 2


def _enter_unasked(judging: Judging, unit: Any) -> None:
    from unittest.mock import patch

    with patch("chuangwen.inspections.services.results.standing", lambda *_a: EnteredResult.objects.none()):
        judging.entered(unit=unit)


def test_what_the_rule_does_not_know_is_refused_with_the_way_out(judging: Judging) -> None:
    by_value = {"grade": "", "value": 0.5}
    tried: list[tuple[str, dict[str, Any], str]] = [
        ("2.1", {"source": "  "}, "没有写依据。请写明依据的材料、数据或通知。"),
        ("2.1", {"judged_by": " "}, "没有写谁评的。请填评定人姓名。"),
        ("2.1", {"judged_on": DAY + timedelta(days=1)}, "评定日期在今天以后。请填今天或以前的日期。"),
        *((code, {}, f"“{code}”不是登记结果的标准。有检查项的标准由实地考察得出，不在这里登记。")
          for code in ("1.1", "9.9", "V1")),
        ("2.1", {"grade": "C"}, "这条标准没有这种结果。请填A、B、D，或者填数。"),
        ("2.1", {"grade": "", "value": None}, "结果没有填。请填上，或者标为不适用。"),
        ("2.1", {"grade": "", "value": 1.01}, "比率在0到100%之间。请核对数字。"),
        *(("2.2", {**by_value, "weight": weight}, "问卷至少有1份有效答卷。请填有效份数。")
          for weight in (0.0, 1e9, float("nan"))),
        ("2.4", {"grade": "", "value": 1.5}, "次数是0以上的整数。请核对数字。"),
        ("2.4", {"grade": "", "value": 1001.0}, "这里的次数不超过一千。请核对数字。"),
        ("2.3", {"grade": "", "value": float("inf")}, "不是数字。请核对数字。"),
        ("2.3", {"grade": "A"}, "这条标准没有这种结果。请填数。"),
        ("P1", {"kind": "veto"}, "测评体系里没有“P1”。请从列表里选。"),
        ("N1", {"kind": "bonus", "value": 1.0}, "测评体系里没有“N1”。请从列表里选。"),
        ("P1", {"kind": "penalty", "value": 1.0}, "测评体系里没有“P1”。请从列表里选。"),
        ("P1", {"kind": "bonus", "value": 2.5}, "“P1”最多2分。请填小一些的分数。"),
        *(("P1", {"kind": "bonus", "value": points}, "加分、扣分要大于0。请填分数。") for points in (0.0, None)),
        ("N1", {"kind": "penalty", "value": float("nan")}, "加分、扣分要大于0。请填分数。"),
    ]  # fmt: skip
    assert [said(judging.entered, code, **fields) for code, fields, _words in tried] == [row[2] for row in tried]
    assert not EnteredResult.objects.exists()


def test_the_limits_themselves_are_taken(judging: Judging) -> None:
    judging.entered("2.1", judged_on=DAY)
    judging.entered("2.2", value=1.0, weight=1.0)
    judging.entered("2.2", value=1.0, weight=float(MOST_ANSWERS), unit=judging.bureau)
    judging.entered("2.4", value=1000.0)
    judging.entered("P1", kind="bonus", value=2.0)
    judging.entered("N1", kind="penalty", value=0.01)
    judging.entered("V1", kind="veto")
    found = EnteredResult.objects.order_by("pk").values_list("code", "kind", "grade", "value", "weight")
    assert list(found) == [
        ("2.1", "leaf", "B", 0.75, 1.0), ("2.2", "leaf", "", 1.0, 1.0), ("2.2", "leaf", "", 1.0, 10_000_000.0),
        ("2.4", "leaf", "", 1000.0, 1.0), ("P1", "bonus", "", 2.0, 1.0), ("N1", "penalty", "", 0.01, 1.0),
        ("V1", "veto", "", 1.0, 1.0),
    ]  # fmt: skip


def test_results_of_a_round_that_does_not_run_are_neither_entered_nor_changed(judging: Judging) -> None:
    entered, confirmed = judging.entered("2.1"), judging.confirmed("2.3")
    Round.objects.update(state="closed")
    judging.round.refresh_from_db()
    for one in (entered, confirmed):
        one.round = judging.round
    acts: list[Any] = [
        lambda: judging.entered("2.2"),
        lambda: confirm_result(entered, revision=1, actor=judging.second),
        lambda: return_result(entered, reason="x", revision=1, actor=judging.second),
        lambda: correct_result(confirmed, judging.judged("2.3"), reason="x", revision=1, actor=judging.first),
        lambda: withdraw_result(confirmed, reason="x", revision=1, actor=judging.first),
    ]
    refusals = [said(act) for act in acts]
    assert refusals[0] == refusals[3] == "“第二轮模拟测评”不在进行中。结果在本轮进行中登记。"
    assert [(one.code, one.state) for one in EnteredResult.objects.order_by("code")] == [
        ("2.1", "entered"), ("2.3", "confirmed"),
    ]  # fmt: skip


def test_a_round_stays_open_while_a_result_waits_for_the_second_person(judging: Judging) -> None:
    result = judging.entered()
    with pytest.raises(Refusal, match="1"):
        close_round(judging.round, actor=judging.office)
    return_result(result, reason="缺页", revision=1, actor=judging.second)
    with pytest.raises(Refusal):
        close_round(judging.round, actor=judging.office)
    withdraw_result(result, reason="不要了", revision=1, actor=judging.first)
    judging.confirmed()
    close_round(judging.round, actor=judging.office)
    assert judging.round.state == "closed"


def test_standards_and_units_of_elsewhere_are_refused(judging: Judging) -> None:
    elsewhere = make_judging()
    assert said(judging.entered, version=elsewhere.version) == "这套标准不在这一轮里。请选这一轮所用的标准。"
    assert said(judging.entered, unit=elsewhere.bureau) == "这个单位属于别的地区。请从列表里选。"
    result = judging.entered()
    assert (
        said(correct_result, result, judging.judged("2.3"), reason="x", revision=1, actor=judging.first)
        == "更正不能换标准。请作废这一条，另外登记。"
    )
    with pytest.raises(PermissionDenied):
        enter_result(judging.round, judging.judged(), actor=elsewhere.first, proof=paper())


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.OFFICE, Role.ASSESSOR}])
def test_other_roles_enter_and_decide_nothing(judging: Judging, role: Role) -> None:
    somebody = make_user(role, judging.root)
    result = judging.entered()
    with pytest.raises(PermissionDenied):
        judging.entered("2.3", actor=somebody)
    for act in (confirm_result, lambda r, **k: return_result(r, reason="x", **k),
                lambda r, **k: withdraw_result(r, reason="x", **k),
                lambda r, **k: correct_result(r, judging.judged(), reason="x", **k)):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act(result, revision=1, actor=somebody)
    assert EnteredResult.objects.get().state == "entered"


def test_nobody_judges_the_own_unit(judging: Judging) -> None:
    post = Post.objects.create(region=judging.root.region, unit=judging.bureau, kind="liaison", title="联络员")
    Holding.objects.create(region=judging.root.region, post=post, user=judging.first, starts=date(2020, 1, 1))
    assert said(judging.entered, unit=judging.bureau) == "不能评定本单位。请交给别的评定人。"
    judging.entered(unit=make_unit(judging.root))
    assert EnteredResult.objects.count() == 1


def test_what_the_office_writes_down_for_an_assessor_says_both_names(judging: Judging) -> None:
    judging.entered(actor=judging.office)
    step = Step.objects.get(action="enter")
    assert (step.actor_name, step.on_behalf) == (str(judging.office), str(judging.first))
    assert Entry.objects.get(action="inspections.enteredresult.enter").data["on_behalf"] == str(judging.first)
    judging.entered("2.3")
    assert Step.objects.filter(action="enter", on_behalf="").count() == 1


def test_proof_is_a_paper_of_a_known_kind_and_a_file_once_given_is_used_again(judging: Judging) -> None:
    for name, data in (("a.exe", b"MZ\x90\x00"), ("a.zip", b"PK\x05\x06" + bytes(18))):
        with pytest.raises(BadUpload):
            enter_result(judging.round, judging.judged(), actor=judging.first, proof=Proof(name, data))
    assert not EnteredResult.objects.exists()
    judging.entered()
    kept = Attachment.objects.get()
    again = enter_result(
        judging.round, judging.judged("2.3"), actor=judging.first, proof=Proof(kept.name, stored=kept.file)
    )
    second = Attachment.objects.get(owner_id=again.pk, owner_type="inspections.enteredresult")
    first = judging.first
    assert (second.file, second.name, second.region, second.given_by_id, second.given_by_name) == (
        kept.file, "评分表.txt", judging.root.region, first.pk, str(first),
    )  # fmt: skip
    enter_result(judging.round, judging.judged("2.6"), actor=None, proof=Proof(kept.name, stored=kept.file))
    assert Attachment.objects.filter(given_by_id=None, given_by_name="").count() == 1
