"""Reviewed dossiers become results of a round: at once, once, with both reviewers, and never by half."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.campaigns.models import Round
from chuangwen.core import clock
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.services.reviewing import accept_dossier, approve_dossier, reopen_dossier, submit_dossier
from chuangwen.inspections.models import EnteredResult, Observation
from chuangwen.inspections.services.results import Proof, correct_result, enter_result, withdraw_result
from chuangwen.inspections.services.taking import outdated, take_dossiers, takeable
from chuangwen.workflow.models import Step
from tests.evidence.making import Ledger, make_ledger
from tests.inspections.results_making import Judged
from tests.support.factories import DAY, NOON, make_round
from tests.support.refusals import said

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger() -> Any:
    with clock.at(NOON):
        yield make_ledger()


def test_reviewed_dossier_counts_at_once_with_both_reviewers(ledger: Ledger) -> None:
    dossier, round_ = ledger.approved("1.1", "B"), make_round(ledger.campaign)
    ledger.accepted("1.2")  # not through the second review
    assert take_dossiers(round_, actor=ledger.office) == (1, 0)
    made = EnteredResult.objects.get()
    assert (made.dossier, made.grade, made.value, made.unit, made.entered_by, made.checked_by, made.state) == (
        dossier, "B", 0.75, ledger.unit, ledger.office, ledger.leader, "confirmed",
    )  # fmt: skip
    assert (made.judged_by, made.judged_on, made.source) == (
        str(ledger.office), DAY, "审定档案：1.1 志愿服务常态开展，市档案局",
    )  # fmt: skip
    rows = Observation.objects.standing().values_list("code", "unit", "value", "result")
    assert list(rows) == [("1.1", ledger.unit.pk, 0.75, made.pk)]
    steps = Step.objects.filter(object_type="inspections.enteredresult").order_by("pk")
    assert list(steps.values_list("action", "actor_id")) == [("enter", ledger.office.pk), ("take", ledger.office.pk)]
    assert (take_dossiers(round_, actor=ledger.office), takeable(round_)) == ((0, 0), [])


def test_dossier_of_the_subject_itself_speaks_for_the_whole(ledger: Ledger) -> None:
    ledger.campaign.subject = ledger.unit
    ledger.campaign.save()
    ledger.approved("1.1", "A")
    take_dossiers(make_round(Ledger.read(Dossier.objects.get()).campaign), actor=None)
    assert EnteredResult.objects.get().unit is None


def test_what_stands_already_is_left_and_what_is_withdrawn_comes_again(ledger: Ledger) -> None:
    ledger.approved("1.1", "B")
    round_ = make_round(ledger.campaign)
    judged = Judged(ledger.version, "1.1", "纸质评分", judged_by="王评", judged_on=DAY, grade="A", unit=ledger.unit)
    by_hand = enter_result(round_, judged, actor=None, proof=Proof("a.txt", b"x"))
    assert take_dossiers(round_, actor=ledger.office) == (0, 0)
    withdraw_result(by_hand, reason="以档案为准", revision=1, actor=None)
    assert take_dossiers(round_, actor=ledger.office) == (1, 0)


def graded_again(ledger: Ledger, dossier: Dossier, grade: str) -> None:
    """Handed in once more and through both reviews."""
    submit_dossier(ledger.read(dossier), conclusion="补了成效", note="无", actor=ledger.liaison)
    now = ledger.read(dossier)
    accept_dossier(now, result=grade, revision=now.revision, actor=ledger.office)
    approve_dossier(now, revision=now.revision, actor=ledger.leader)


def counted() -> list[Any]:
    return list(Observation.objects.standing().values_list("code", "value"))


def test_dossier_that_was_opened_again_counts_no_longer_with_the_next_press(ledger: Ledger) -> None:
    """Once it has been through both reviews again it comes back with its new grade, at the first press."""
    dossier, round_ = ledger.approved("1.1", "B"), make_round(ledger.campaign)
    take_dossiers(round_, actor=ledger.office)
    reopen_dossier(ledger.read(dossier), reason="缺了成效", actor=ledger.office)
    taken = EnteredResult.objects.get()
    assert outdated(round_) == [(taken, "这本档案已经重新打开。")]
    assert take_dossiers(round_, actor=ledger.office) == (0, 1)
    assert (counted(), take_dossiers(round_, actor=ledger.office)) == ([], (0, 0))
    step = Step.objects.filter(object_type="inspections.enteredresult").latest("pk")
    assert (step.action, step.note, step.actor_id) == ("lapse", "这本档案已经重新打开。", ledger.office.pk)
    graded_again(ledger, dossier, "A")
    assert take_dossiers(round_, actor=ledger.office) == (1, 0)
    assert counted() == [("1.1", 1.0)]


def test_dossier_that_is_graded_otherwise_since_changes_its_result(ledger: Ledger) -> None:
    dossier, round_ = ledger.approved("1.1", "B"), make_round(ledger.campaign)
    take_dossiers(round_, actor=ledger.office)
    reopen_dossier(ledger.read(dossier), reason="缺了成效", actor=ledger.office)
    graded_again(ledger, dossier, "A")
    assert [why for _result, why in outdated(round_)] == ["这本档案现在的等次不一样了。"]
    assert take_dossiers(round_, actor=ledger.office) == (1, 1)
    assert (counted(), outdated(round_)) == ([("1.1", 1.0)], [])


def test_result_that_a_person_corrected_stays_when_its_dossier_is_opened_again(ledger: Ledger) -> None:
    dossier, round_ = ledger.approved("1.1", "B"), make_round(ledger.campaign)
    take_dossiers(round_, actor=ledger.office)
    result = EnteredResult.objects.get()
    judged = Judged(ledger.version, "1.1", "复核", judged_by="王评", judged_on=DAY, grade="A", unit=ledger.unit)
    correct_result(result, judged, reason="复核改判", revision=1, actor=None)
    reopen_dossier(ledger.read(dossier), reason="缺了成效", actor=ledger.office)
    assert (outdated(round_), take_dossiers(round_, actor=ledger.office)) == ([], (0, 0))


def test_round_that_is_over_keeps_the_grade_it_had(ledger: Ledger) -> None:
    dossier, round_ = ledger.approved("1.1", "B"), make_round(ledger.campaign)
    take_dossiers(round_, actor=ledger.office)
    Round.objects.filter(pk=round_.pk).update(state="closed")
    reopen_dossier(ledger.read(dossier), reason="缺了成效", actor=ledger.office)
    assert "不在进行中" in said(take_dossiers, Round.objects.get(), actor=ledger.office)
    assert counted() == [("1.1", 0.75)]


def test_page_shows_what_is_taken_back_and_says_how_many(ledger: Ledger, sign_in: Any) -> None:
    dossier, round_ = ledger.approved("1.1", "B"), make_round(ledger.campaign)
    take_dossiers(round_, actor=ledger.office)
    reopen_dossier(ledger.read(dossier), reason="缺了成效", actor=ledger.office)
    client, address = sign_in(ledger.office), f"/rounds/{round_.pk}/results/dossiers/"
    page = client.get(address).content.decode()
    assert "这些要收回" in page
    assert f"/results/{EnteredResult.objects.get().uid}/" in page
    assert "这本档案已经重新打开。" in page
    assert "1项结果已收回" in client.post(address, follow=True).content.decode()
    assert counted() == []


def test_only_dossiers_of_the_rounds_year_and_standards_are_taken(ledger: Ledger) -> None:
    ledger.approved("1.1", "B", year=2025)
    assert takeable(make_round(ledger.campaign)) == []
    bare = make_round(ledger.campaign, year=2025)
    bare.versions.clear()
    assert takeable(bare) == []


def test_grade_that_the_criterion_no_longer_knows_is_told_and_left(ledger: Ledger) -> None:
    dossier, round_ = ledger.approved("1.1", "B"), make_round(ledger.campaign)
    Dossier.objects.filter(pk=dossier.pk).update(grade="Z")
    assert [one.why for one in takeable(round_)] == ["这条标准没有这个等次。"]
    assert (take_dossiers(round_, actor=ledger.office), EnteredResult.objects.count()) == ((0, 0), 0)


def test_round_that_does_not_run_takes_nothing_and_nor_does_who_may_not(ledger: Ledger) -> None:
    ledger.approved("1.1", "B")
    round_ = make_round(ledger.campaign)
    for person in (ledger.liaison, ledger.leader):
        with pytest.raises(PermissionDenied):
            take_dossiers(round_, actor=person)
    Round.objects.filter(pk=round_.pk).update(state="closed")
    assert "不在进行中" in said(take_dossiers, Round.objects.get(), actor=ledger.office)


def test_office_takes_them_on_the_rounds_page_and_the_result_leads_back(ledger: Ledger, sign_in: Any) -> None:
    dossier, round_ = ledger.approved("1.1", "B"), make_round(ledger.campaign)
    client, address = sign_in(ledger.office), f"/rounds/{round_.pk}/results/"
    assert f'href="{address}dossiers/"' in client.get(address).content.decode()
    page = client.get(f"{address}dossiers/").content.decode()
    assert f'href="/dossiers/{dossier.pk}/"' in page
    assert client.post(f"{address}dossiers/")["Location"] == address
    result = EnteredResult.objects.get()
    assert f'href="/dossiers/{dossier.pk}/"' in client.get(f"/results/{result.uid}/").content.decode()
    assert f"/results/{result.uid}/" in client.get(f"/dossiers/{dossier.pk}/").content.decode()
