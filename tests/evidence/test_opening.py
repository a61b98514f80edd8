"""Opening dossiers, their days, reminding, and what moves with the assessment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.audit.models import Entry
from chuangwen.campaigns.shifting import Move, Stay
from chuangwen.core.jobs import start_job
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import expected_pairs
from chuangwen.evidence.services import default_due, move_due, open_dossiers, remind_unit
from chuangwen.evidence.services.shifting import dossier_moves, move_dossiers
from chuangwen.notifications.models import Notice
from chuangwen.workflow.models import Step
from chuangwen.workflow.services import StaleState
from tests.evidence.making import DUE, Ledger
from tests.support.factories import NOON, make_root, make_unit
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def told(user: Any) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("title", flat=True))


def test_each_criterion_that_asks_for_evidence_gets_a_dossier_once(ledger: Ledger) -> None:
    units = [ledger.unit.pk, ledger.other.pk]
    pairs = expected_pairs(ledger.campaign, units)
    assert len(pairs) == 6  # 1.3 asks for nothing
    assert open_dossiers(ledger.campaign, 2026, pairs, due_on=DUE, actor=ledger.office) == 6
    rows = Dossier.objects.filter(unit=ledger.unit).order_by("node__code")
    fields = ("node__code", "slots_needed", "slots_filled", "missing_since", "months", "due_on")
    assert list(rows.values_list(*fields)) == [
        ("1.1", 3, 0, TODAY, "-" * 12, DUE), ("1.2", 3, 0, TODAY, "", DUE), ("1.4", 1, 0, TODAY, "0" * 12, DUE),
    ]  # fmt: skip
    assert open_dossiers(ledger.campaign, 2026, pairs, due_on=DUE, actor=ledger.office) == 0
    assert open_dossiers(ledger.campaign, 2025, pairs[:1], due_on=DUE, actor=ledger.office) == 1
    assert told(ledger.liaison) == ["有3份档案要填", "有1份档案要填"]
    assert Entry.objects.get(action="evidence.dossier.open", data__year=2026).data["units"] == {
        str(unit): 3 for unit in units
    }  # fmt: skip


def test_dossiers_are_opened_for_criteria_and_units_of_the_campaign_only(ledger: Ledger) -> None:
    node, unit = ledger.node("1.1").pk, ledger.unit.pk
    foreign, options = make_unit(make_root()), {"due_on": DUE, "actor": ledger.office}
    assert "不属于" in said(open_dossiers, ledger.campaign, 2026, [(node, foreign.pk)], **options)
    assert "不在这个创建周期" in said(open_dossiers, ledger.campaign, 2026, [(0, unit)], **options)
    assert "2023年不在" in said(open_dossiers, ledger.campaign, 2023, [(node, unit)], **options)
    late = {"due_on": TODAY - timedelta(days=1), "actor": ledger.office}
    assert "已经过了" in said(open_dossiers, ledger.campaign, 2026, [(node, unit)], **late)
    for person in (ledger.liaison, ledger.leader):
        with pytest.raises(PermissionDenied):
            open_dossiers(ledger.campaign, 2026, [(node, unit)], due_on=DUE, actor=person)
    assert not Dossier.objects.exists()


def test_usual_day_leaves_time_for_two_reviews_and_for_the_unit(ledger: Ledger) -> None:
    assert default_due(ledger.campaign, 2026) == date(2026, 12, 2)  # ten working days: twenty before would be over
    ledger.campaign.assessment_on = date(2027, 3, 31)
    assert default_due(ledger.campaign, 2026) == date(2026, 12, 3)  # twenty working days before the year ends


def test_many_dossiers_are_opened_as_work(
    ledger: Ledger, run_jobs: Any, django_capture_on_commit_callbacks: Any
) -> None:
    params = {"campaign": ledger.campaign.pk, "year": 2026, "due_on": DUE.isoformat(), "units": [ledger.unit.pk]}
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job("open_dossiers", owner=ledger.office, title="建档", params=params)
    run_jobs()
    job.refresh_from_db()
    assert (job.status, job.message, Dossier.objects.count()) == ("done", "已建3份档案。", 3)


def test_day_is_moved_with_a_reason_while_the_unit_has_it(ledger: Ledger) -> None:
    dossier = ledger.dossier()
    move_due(dossier, due_on=date(2026, 12, 20), reason="测评推迟", actor=ledger.office)
    assert Dossier.objects.get(pk=dossier.pk).due_on == date(2026, 12, 20)
    assert told(ledger.liaison)[-1].startswith("档案期限有调整")
    assert "原因" in said(move_due, dossier, due_on=DUE, reason=" ", actor=ledger.office)
    assert "已经过了" in said(move_due, dossier, due_on=TODAY - timedelta(days=1), reason="x", actor=ledger.office)
    with pytest.raises(PermissionDenied):
        move_due(dossier, due_on=DUE, reason="x", actor=ledger.liaison)
    with pytest.raises(StaleState):
        move_due(ledger.submitted("1.2"), due_on=DUE, reason="x", actor=ledger.office)


def test_reminder_goes_out_once_a_day_for_all_of_a_units_dossiers(ledger: Ledger) -> None:
    first, second = ledger.dossier("1.1"), ledger.dossier("1.2")
    Notice.objects.all().delete()
    assert [remind_unit(one, actor=ledger.office) for one in (first, second)] == [1, 1]
    assert told(ledger.liaison) == ["提醒：还有2份档案没提交"]
    assert "不用催办" in said(remind_unit, ledger.submitted("1.2"), actor=ledger.office)
    nobody = ledger.dossier(unit=make_unit(ledger.root, name="市地震局"))
    assert "市地震局" in said(remind_unit, nobody, actor=ledger.office)
    with pytest.raises(PermissionDenied):
        remind_unit(first, actor=ledger.liaison)


def test_days_move_with_the_assessment_but_not_those_that_are_over(ledger: Ledger) -> None:
    ledger.dossier("1.1")
    late = ledger.dossier("1.2")
    Dossier.objects.filter(pk=late.pk).update(due_on=TODAY - timedelta(days=1))
    handed_in = ledger.submitted("1.1", unit=ledger.unit, year=2025)
    old, new = date(2026, 12, 21), date(2026, 12, 28)
    found = list(dossier_moves(ledger.campaign, old, new))
    assert [(type(one), one.name) for one in found] == [(Stay, "1份到期档案"), (Move, "1份到期档案")]
    move_dossiers(ledger.campaign, old, new, actor=ledger.office)
    days = dict(Dossier.objects.values_list("pk", "due_on"))
    assert sorted(days.values()) == [TODAY - timedelta(days=1), DUE, date(2026, 12, 17)]
    assert days[handed_in.pk] == DUE
    assert Entry.objects.get(action="evidence.dossier.shift").data["days"] == {"2026-12-10": "2026-12-17"}
    (step,) = Step.objects.filter(object_type="evidence.dossier", action="postpone")
    assert (step.source, step.target, step.data) == ("open", "open", {"from": "2026-12-10", "to": "2026-12-17"})
