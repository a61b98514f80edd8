"""Whatever people do in whatever order: no grade stands without two reviewers from outside, and figures stay true."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.evidence.models import Dossier
from chuangwen.evidence.queries.dossiers import completeness_for, slots_for
from chuangwen.evidence.services import (
    Facts,
    accept_dossier,
    approve_dossier,
    give_files,
    reopen_dossier,
    return_dossier,
    send_back_dossier,
    submit_dossier,
    take_back_dossier,
    unlink_piece,
    write_piece,
)
from tests.evidence.making import PDF, Ledger, make_ledger, photo
from tests.support.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PEOPLE = ("liaison", "stranger", "office", "office_too", "leader")
SCAN = Upload("签字页.jpg", photo(9))


def unlink(dossier: Dossier, actor: Any) -> None:
    link = dossier.links.first()
    if link is not None:
        unlink_piece(link, actor=actor)


ACTS: dict[str, Callable[[Dossier, Any], Any]] = {
    "photo": lambda d, who: give_files(d, "图", [Upload("20260301.jpg", photo(1)), Upload("20260401.jpg", photo(2))],
                                       actor=who),
    "paper": lambda d, who: give_files(d, "文", [Upload("20260105.pdf", PDF)], actor=who),
    "words": lambda d, who: write_piece(d, ["成效"], Facts(text="翻番"), actor=who),
    "unlink": unlink,
    "submit": lambda d, who: submit_dossier(d, conclusion="x", note="x", on_behalf="联络员", actor=who),
    "take back": lambda d, who: take_back_dossier(d, actor=who),
    "accept": lambda d, who: accept_dossier(d, result="B", revision=d.revision, actor=who),
    "return": lambda d, who: return_dossier(d, reason="x", revision=d.revision, actor=who),
    "approve": lambda d, who: approve_dossier(d, revision=d.revision, actor=who, on_behalf="组长", scan=SCAN),
    "send back": lambda d, who: send_back_dossier(d, reason="x", revision=d.revision, actor=who),
    "reopen": lambda d, who: reopen_dossier(d, reason="x", actor=who),
}  # fmt: skip


def look(ledger: Ledger) -> None:
    """What must be true of the dossier at any moment."""
    row = Dossier.objects.select_related("node__version").get()
    links = list(row.links.select_related("piece"))
    found = completeness_for(slots_for(row.node), links, row.year)
    assert (row.slots_filled, row.slots_needed, row.missing_since is None) == (
        found.filled, found.needed, found.is_complete,
    )  # fmt: skip
    offices = {ledger.office.pk, ledger.office_too.pk}
    if row.state in {"accepted", "approved"}:
        assert row.grade == "B"
        assert row.accepted_by_id in offices
        assert links
    else:
        assert (row.grade, row.value, row.approved_by_id) == ("", None, None)
    if row.state == "approved":
        assert row.approved_by_id in (offices | {ledger.leader.pk}) - {row.accepted_by_id}


@settings(max_examples=12)
@given(st.lists(st.tuples(st.sampled_from(sorted(ACTS)), st.sampled_from(PEOPLE)), max_size=18))
def test_no_order_of_acts_leaves_a_grade_without_two_reviewers(acts: list[tuple[str, str]]) -> None:
    with transaction.atomic(), clock.at(NOON):
        ledger = make_ledger()
        dossier = ledger.dossier("1.1")
        for act, who in [("words", "liaison"), ("submit", "liaison"), *acts]:
            try:
                with transaction.atomic():
                    ACTS[act](ledger.read(dossier), getattr(ledger, who))
            except (Refusal, PermissionDenied):
                continue
            finally:
                look(ledger)
        transaction.set_rollback(True)
