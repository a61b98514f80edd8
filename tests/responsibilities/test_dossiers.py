"""The breakdown as dossiers: who leads a criterion keeps its evidence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from chuangwen.core import clock
from chuangwen.evidence.models import Dossier
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.services import name_post
from chuangwen.responsibilities.models import Assignment
from chuangwen.responsibilities.services import issue_breakdown
from tests.evidence.making import Ledger, make_ledger
from tests.support.factories import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger() -> Any:
    with clock.at(NOON):
        made = make_ledger()
        for code, unit in (("1.1", made.unit), ("1.2", made.other), ("1.3", made.unit)):
            Assignment.objects.create(
                region=made.root.region, campaign=made.campaign, node=made.node(code), unit=unit, share="lead"
            )
        for unit in (made.unit, made.other):
            name_post(unit, PostKind.ACTING, "副局长", actor=None)
        helps = {"campaign": made.campaign, "node": made.node("1.1"), "unit": made.other, "share": "cooperate"}
        Assignment.objects.create(region=made.root.region, **helps)
        yield made


def opened() -> list[tuple[str, str]]:
    return sorted(Dossier.objects.values_list("node__code", "unit__name"))


def test_issued_tasks_open_the_dossiers_of_their_criteria(ledger: Ledger) -> None:
    due: datetime = NOON + timedelta(days=20)
    issue_breakdown(ledger.campaign, due_at=due, measure="不失分", actor=ledger.office)
    assert opened() == [("1.1", "市档案局"), ("1.2", "市水务局")]  # 1.3 asks for no evidence
    assert set(Dossier.objects.values_list("due_on", "year")) == {(clock.local(due).date(), 2026)}


def test_task_due_after_the_campaign_opens_no_dossier(ledger: Ledger) -> None:
    issue_breakdown(ledger.campaign, due_at=NOON + timedelta(days=60), measure="不失分", actor=ledger.office)
    assert opened() == []


def test_office_opens_the_leads_dossiers_from_the_breakdown(ledger: Ledger, sign_in: Any) -> None:
    client = sign_in(ledger.office)
    assert 'href="/breakdown/dossiers/"' in client.get("/breakdown/").content.decode()
    assert "2026年还有2份档案没建，涉及2个牵头单位" in client.get("/breakdown/dossiers/").content.decode()
    assert client.post("/breakdown/dossiers/", {"year": 2026, "due": "2026-11-01"}).status_code == 422
    sent = {"year": 2026, "due": "2026-12-10"}
    assert client.post("/breakdown/dossiers/", sent)["Location"] == "/dossiers/completeness/?year=2026"
    client.post("/breakdown/dossiers/", sent)
    assert opened() == [("1.1", "市档案局"), ("1.2", "市水务局")]
    assert sign_in(ledger.liaison).get("/breakdown/dossiers/").status_code == 403
