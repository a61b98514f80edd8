"""Handing in, two reviews by two people, returning, opening again, from paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.core.files.services import Upload
from chuangwen.core.models import Attachment
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.services import (
    Facts,
    accept_dossier,
    approve_dossier,
    reopen_dossier,
    return_dossier,
    send_back_dossier,
    submit_dossier,
    take_back_dossier,
    write_piece,
)
from chuangwen.notifications.models import Notice
from chuangwen.organizations.services import grant_role
from chuangwen.workflow.models import Step
from chuangwen.workflow.services import StaleState
from tests.evidence.making import Ledger, photo
from tests.support.factories import NOON
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
SCAN = Upload("签字页.jpg", photo(7))


def state(dossier: Dossier) -> str:
    return Dossier.objects.get(pk=dossier.pk).state


def titles(user: Any) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("title", flat=True))


def test_dossier_goes_its_way_through_both_reviews(ledger: Ledger) -> None:
    dossier = ledger.approved()
    row = Dossier.objects.get(pk=dossier.pk)
    assert (row.state, row.grade, row.value, row.accepted_by, row.approved_by, row.revision) == (
        "approved", "B", 0.75, ledger.office, ledger.leader, 2,
    )  # fmt: skip
    assert (row.submitted_by, row.submitted_at, row.approved_at) == (str(ledger.liaison), NOON, NOON)
    told = Step.objects.filter(object_type="evidence.dossier", object_id=row.pk).exclude(action="give")
    assert list(told.order_by("pk").values_list("action", "actor_id")) == [
        ("submit", ledger.liaison.pk), ("accept", ledger.office.pk), ("approve", ledger.leader.pk),
    ]  # fmt: skip
    assert "1.1 志愿服务常态开展" in titles(ledger.office)[-1]
    assert titles(ledger.liaison)[-1].startswith("已审定")


def test_incomplete_dossier_is_handed_in_only_with_what_is_missing_and_why(ledger: Ledger) -> None:
    dossier = ledger.dossier()
    assert "档案是空的" in said(submit_dossier, dossier, conclusion="x", actor=ledger.liaison)
    write_piece(dossier, ["成效"], Facts(text="翻番"), actor=ledger.liaison)
    assert "3栏中还差2栏" in said(submit_dossier, dossier, conclusion="x", actor=ledger.liaison)
    submit_dossier(dossier, conclusion="x", note="照片月底补", actor=ledger.liaison)
    step = Step.objects.get(action="submit")
    assert (step.note, step.data) == ("照片月底补", {"filled": 1, "needed": 3})


@pytest.mark.parametrize(("conclusion", "words"), [(" ", "缺少结论说明"), ("长" * 2001, "超过2000个字")])
def test_conclusion_is_there_and_short(ledger: Ledger, conclusion: str, words: str) -> None:
    dossier = ledger.filled()
    assert words in said(submit_dossier, dossier, conclusion=conclusion, actor=ledger.liaison)
    assert state(dossier) == "open"


def test_office_hands_in_from_paper_with_the_name_the_true_time_and_the_scan(ledger: Ledger) -> None:
    dossier, then = ledger.filled(), NOON - timedelta(hours=20)
    assert "请写明是谁提交" in said(submit_dossier, dossier, conclusion="x", actor=ledger.office)
    late = {"on_behalf": "联络员", "at": NOON + timedelta(hours=1)}
    assert "还没有到" in said(submit_dossier, dossier, conclusion="x", actor=ledger.office, **late)
    submit_dossier(dossier, conclusion="x", actor=ledger.office, on_behalf="市档案局联络员", at=then, scan=SCAN)
    row, step = Dossier.objects.get(pk=dossier.pk), Step.objects.get(action="submit")
    assert (row.submitted_by, row.submitted_at, step.on_behalf, step.at) == (
        "市档案局联络员", then, "市档案局联络员", then,
    )  # fmt: skip
    assert Attachment.objects.get(owner_type="evidence.dossier").name == "签字页.jpg"


def test_unit_takes_back_what_nobody_has_reviewed(ledger: Ledger) -> None:
    dossier = ledger.submitted()
    take_back_dossier(dossier, actor=ledger.liaison)
    assert state(dossier) == "open"
    graded = ledger.accepted("1.2")
    with pytest.raises(StaleState):
        take_back_dossier(graded, actor=ledger.liaison)


def test_second_review_is_another_persons(ledger: Ledger) -> None:
    dossier = ledger.accepted()
    paper = {"on_behalf": "组长", "scan": SCAN}
    assert "第一次审核是您做的" in said(approve_dossier, dossier, revision=2, actor=ledger.office, **paper)
    assert "第一次审核是您做的" in said(send_back_dossier, dossier, reason="x", revision=2, actor=ledger.office)
    assert state(dossier) == "accepted"


def test_office_approves_only_from_the_signed_sheet(ledger: Ledger) -> None:
    dossier, act = ledger.accepted(), {"revision": 2, "actor": ledger.office_too}
    assert "谁签的字" in said(approve_dossier, dossier, **act)
    assert "扫描件" in said(approve_dossier, dossier, on_behalf="组长李明", **act)
    approve_dossier(dossier, on_behalf="组长李明", scan=SCAN, **act)
    assert (state(dossier), Step.objects.get(action="approve").on_behalf) == ("approved", "组长李明")


def test_nobody_reviews_the_own_unit(ledger: Ledger) -> None:
    dossier = ledger.submitted()
    grant_role(ledger.office_too, Role.LIAISON, ledger.unit, actor=None)
    office = type(ledger.office_too).objects.get(pk=ledger.office_too.pk)
    for act in (accept_dossier, return_dossier):
        given = {"result": "A"} if act is accept_dossier else {"reason": "x"}
        assert "本单位以外的人" in said(act, dossier, revision=2, actor=office, **given)
    accept_dossier(dossier, result="A", revision=2, actor=ledger.office)
    assert "本单位以外的人" in said(approve_dossier, dossier, revision=2, actor=office, on_behalf="x", scan=SCAN)


@pytest.mark.parametrize(
    ("code", "result", "kept"),
    [("1.1", "a", ("A", 1.0)), ("1.1", "D", ("D", 0.0)), ("1.1", "86%", ("", 0.86)), ("1.1", "0.5", ("", 0.5))],
)
def test_grade_is_one_of_the_standard_or_a_rate(
    ledger: Ledger, code: str, result: str, kept: tuple[str, float]
) -> None:
    dossier = ledger.accepted(code, result)
    row = Dossier.objects.get(pk=dossier.pk)
    assert (row.grade, row.value) == kept


def test_criterion_that_counts_is_given_a_count(ledger: Ledger) -> None:
    dossier = ledger.dossier("1.4")
    write_piece(dossier, ["记录"], Facts(text="第一讲", happened_on=NOON.date()), actor=ledger.liaison)
    submit_dossier(dossier, conclusion="一讲", note="其余待补", actor=ledger.liaison)
    for wrong, words in (("A", "请填数"), ("1.5", "整数"), ("", "请填数")):
        assert words in said(accept_dossier, dossier, result=wrong, revision=2, actor=ledger.office)
    accept_dossier(dossier, result="9", revision=2, actor=ledger.office)
    assert (dossier.grade, dossier.value) == ("", 9.0)


@pytest.mark.parametrize(("wrong", "words"), [("E", "A、B、C、D"), ("", "A、B、C、D"), ("120%", "0到100")])
def test_unknown_grade_is_refused_with_those_that_there_are(ledger: Ledger, wrong: str, words: str) -> None:
    dossier = ledger.submitted()
    assert words in said(accept_dossier, dossier, result=wrong, revision=2, actor=ledger.office)
    assert state(dossier) == "submitted"


def test_returned_dossier_goes_back_with_the_reason_and_comes_again(ledger: Ledger) -> None:
    dossier = ledger.submitted()
    assert "原因" in said(return_dossier, dossier, reason=" ", revision=2, actor=ledger.office)
    return_dossier(dossier, reason="照片看不清", revision=2, actor=ledger.office)
    assert titles(ledger.liaison)[-1].startswith("退回重改：1.1")
    submit_dossier(dossier, conclusion="补拍了", actor=ledger.liaison)
    assert (state(dossier), Dossier.objects.get(pk=dossier.pk).revision) == ("submitted", 3)


def test_what_was_handed_in_anew_meanwhile_is_not_graded_unseen(ledger: Ledger) -> None:
    dossier = ledger.submitted()
    take_back_dossier(ledger.read(dossier), actor=ledger.liaison)
    submit_dossier(ledger.read(dossier), conclusion="另一份", actor=ledger.liaison)
    for act, given in ((accept_dossier, {"result": "A"}), (return_dossier, {"reason": "x"})):
        with pytest.raises(StaleState):
            act(ledger.read(dossier), revision=2, actor=ledger.office, **given)
    assert state(dossier) == "submitted"


def test_leader_sends_a_grade_back_and_the_office_opens_an_approved_dossier_again(ledger: Ledger) -> None:
    dossier = ledger.accepted()
    send_back_dossier(dossier, reason="看漏一份", revision=2, actor=ledger.leader)
    row = Dossier.objects.get(pk=dossier.pk)
    assert (row.state, row.grade, row.value) == ("submitted", "", None)
    accept_dossier(ledger.read(dossier), result="C", revision=2, actor=ledger.office)
    approve_dossier(ledger.read(dossier), revision=2, actor=ledger.leader)
    reopen_dossier(ledger.read(dossier), reason="照片是借来的", actor=ledger.office)
    row = Dossier.objects.get(pk=dossier.pk)
    assert (row.state, row.grade, row.approved_by, titles(ledger.liaison)[-1][:4]) == ("returned", "", None, "重新打开")


def test_each_step_is_up_to_its_role(ledger: Ledger) -> None:
    dossier = ledger.filled()
    for person in (ledger.stranger, ledger.leader):
        with pytest.raises(PermissionDenied):
            submit_dossier(dossier, conclusion="x", actor=person)
    submit_dossier(dossier, conclusion="x", actor=ledger.liaison)
    for person in (ledger.liaison, ledger.leader, ledger.stranger):
        with pytest.raises(PermissionDenied):
            accept_dossier(dossier, result="A", revision=2, actor=person)
    accept_dossier(dossier, result="A", revision=2, actor=ledger.office)
    for person in (ledger.liaison, ledger.stranger):
        with pytest.raises(PermissionDenied):
            approve_dossier(dossier, revision=2, actor=person)
    with pytest.raises(PermissionDenied):
        reopen_dossier(dossier, reason="x", actor=ledger.leader)
