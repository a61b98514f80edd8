"""The totals of a ledger of very many dossiers are kept for a minute, and shown to nobody who sees less of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.core import clock, kept_figures
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import lacking_of_all
from tests.evidence.making import make_ledger
from tests.support.factories import NOON

pytestmark = pytest.mark.django_db
PAGE = "/dossiers/completeness/?year=2026"


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(kept_figures, "_kept", {})
    monkeypatch.setattr(kept_figures, "LARGE", 1)
    with clock.at(NOON):
        made = make_ledger()
        add(made, "1.1", made.unit)
        add(made, "1.1", made.other)
        yield made


def add(ledger: Any, code: str, unit: Any) -> None:
    Dossier.objects.create(
        region=ledger.root.region, campaign=ledger.campaign, node=ledger.node(code), unit=unit, year=2026,
        due_on=NOON.date(), slots_needed=4, missing_since=NOON.date(),
    )  # fmt: skip


def dossiers_on(client: Any) -> int:
    return int(client.get(PAGE).context["matrix"].totals.dossiers)


def test_totals_are_counted_once_a_minute_for_who_sees_all_and_each_time_for_a_unit(ledger: Any, sign_in: Any) -> None:
    assert dossiers_on(sign_in(ledger.office)) == 2
    assert dossiers_on(sign_in(ledger.liaison)) == 1
    add(ledger, "1.2", ledger.unit)
    assert dossiers_on(sign_in(ledger.office)) == 2
    assert dossiers_on(sign_in(ledger.liaison)) == 2
    with clock.at(NOON + timedelta(minutes=1)):
        assert dossiers_on(sign_in(ledger.office)) == 3


def test_figure_of_the_start_page_is_one_query_and_none_for_a_minute(ledger: Any) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert lacking_of_all(ledger.campaign) == (2, 2)
    Dossier.objects.filter(unit=ledger.unit).update(missing_since=None)
    with CaptureQueriesContext(connection) as again:
        assert lacking_of_all(ledger.campaign) == (2, 2)
    assert (len(asked), len(again)) == (1, 0)
    with clock.at(NOON + timedelta(minutes=1)):
        assert lacking_of_all(ledger.campaign) == (1, 2)
