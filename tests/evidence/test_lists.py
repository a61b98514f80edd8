"""The ledger's lists: every filter narrows, and three rows cost no more queries than one."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.evidence.making import Ledger

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def rows(client: Any, query: str) -> list[str]:
    """The criteria on the page."""
    shown = client.get(f"/dossiers/?tab=all&{query}").content.decode()
    return [code for code in ("1.1", "1.2", "1.4") if f">{code} " in shown]


def test_each_filter_leaves_what_it_says(ledger: Ledger, sign_in: Any) -> None:
    ledger.dossier("1.1")
    ledger.dossier("1.2", unit=ledger.other)
    ledger.dossier("1.4", year=2025)
    client, top = sign_in(ledger.office), ledger.node("1").pk
    assert rows(client, "") == ["1.1", "1.2", "1.4"]
    assert rows(client, f"unit={ledger.other.pk}") == ["1.2"]
    assert rows(client, f"unit={ledger.root.pk}") == []  # not among the units to choose
    assert rows(client, "year=2025") == ["1.4"]
    assert rows(client, f"section={top}") == ["1.1", "1.2", "1.4"]
    assert rows(client, f"standard={ledger.version.pk}&q=道德") == ["1.4"]
    assert rows(client, "standard=99") == []


def test_list_costs_the_same_queries_for_one_row_and_three(ledger: Ledger, sign_in: Any) -> None:
    ledger.dossier("1.1")
    client = sign_in(ledger.office)
    for address in ("/dossiers/?tab=all", "/dossiers/pieces/"):
        client.get(address)
    counted = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get("/dossiers/?tab=all")
        counted.append(len(captured))
        ledger.filled("1.2")
        ledger.dossier("1.4", unit=ledger.other)
    assert counted[0] == counted[1]


def test_list_goes_out_as_a_workbook_and_as_a_message(ledger: Ledger, sign_in: Any) -> None:
    ledger.dossier("1.1")
    client = sign_in(ledger.office)
    assert client.get("/dossiers/?tab=missing&format=xlsx").content[:2] == b"PK"
    text = client.get("/dossiers/?tab=missing&format=message").content.decode()
    assert "市档案局：1.1 志愿服务常态开展：还差3栏（12月10日(周四)前）" in text
    assert "志愿服务常态开展" in client.get("/dossiers/?tab=all&format=print").content.decode()
