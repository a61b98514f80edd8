"""What happened between looking and pressing: a piece gone, a link gone, the same file from a colleague."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from chuangwen.audit.models import Entry
from chuangwen.core.files.services import Upload
from chuangwen.core.models import Attachment, StoredFile
from chuangwen.evidence.models import Dossier, Link, Piece
from chuangwen.evidence.queries.likely import uses_of
from chuangwen.evidence.services import (
    Facts,
    carry_dossiers,
    edit_piece,
    give_files,
    open_dossiers,
    set_passage,
    unlink_piece,
    use_piece,
    write_piece,
)
from chuangwen.evidence.services.shifting import dossier_moves, move_dossiers
from chuangwen.notifications.models import Notice
from chuangwen.workflow.models import Step
from chuangwen.workflow.services import StaleState
from tests.evidence.making import DUE, PDF, Ledger
from tests.support.factories import make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db


def test_link_that_a_colleague_took_out_meanwhile_is_neither_taken_out_nor_written_again(ledger: Ledger) -> None:
    dossier = ledger.filled()
    link = dossier.links.get(slot="文")
    unlink_piece(Link.objects.get(pk=link.pk), actor=ledger.liaison)
    steps = Step.objects.count()
    said(unlink_piece, link, actor=ledger.liaison, error=StaleState)
    said(set_passage, link, "第2页", actor=ledger.liaison, error=StaleState)
    assert Step.objects.count() == steps


def test_same_file_from_a_colleague_at_the_same_moment_is_one_piece(ledger: Ledger) -> None:
    """The colleague's row comes between the look and the writing, as on a database where two write at once."""
    dossier, colleague = ledger.dossier("1.1"), make_user("liaison", ledger.unit)

    looked: list[str] = []

    def colleague_is_first(execute: Any, sql: str, *rest: Any) -> Any:
        found = execute(sql, *rest)
        if sql.startswith("SELECT") and 'FROM "evidence_piece"' in sql and not looked:
            looked.append(sql)
            row = {"region": dossier.region, "unit": dossier.unit, "kind": "document", "title": "方案"}
            Piece.objects.create(file=StoredFile.objects.get(), given_by=colleague, **row)
        return found

    with connection.execute_wrapper(colleague_is_first):
        (outcome,) = give_files(dossier, "文", [Upload("方案20260105.pdf", PDF)], actor=ledger.liaison)
    piece = Piece.objects.get()
    assert (outcome.known, outcome.refused, outcome.piece) == (True, "", piece)
    assert (piece.given_by, dossier.links.get().piece) == (colleague, piece)
    assert Attachment.objects.count() == 0  # the colleague's own giving hangs the file on it


def test_edit_that_changes_nothing_leaves_no_trace(ledger: Ledger) -> None:
    piece = write_piece(ledger.dossier(), ["成效"], Facts(title="成效", text="翻番"), actor=ledger.liaison)
    edit_piece(piece, Facts(title=" 成效 ", text="翻番"), actor=ledger.liaison)
    assert not Step.objects.filter(action="edit").exists()
    assert "没有名称" in said(edit_piece, piece, Facts(text="翻番"), actor=ledger.liaison)


def test_piece_is_offered_to_a_dossier_that_has_something_already_for_what_it_lacks(ledger: Ledger) -> None:
    paper = ledger.filled("1.1", year=2025).links.get(slot="文").piece
    now = ledger.dossier("1.1")
    write_piece(now, ["成效"], Facts(text="翻番"), actor=ledger.liaison)
    assert [(one.dossier, one.slot.key) for one in uses_of(paper, ledger.liaison)] == [(now, "文")]


def test_dossiers_opened_without_a_word_tell_nobody(ledger: Ledger) -> None:
    pairs = [(ledger.node("1.1").pk, ledger.unit.pk)]
    assert open_dossiers(ledger.campaign, 2026, pairs, due_on=DUE, actor=ledger.office, tell=False) == 1
    assert Notice.objects.count() == 0
    assert Entry.objects.filter(action="evidence.dossier.open").count() == 1


def test_dossiers_stay_where_the_assessment_does_not_move_their_day(ledger: Ledger) -> None:
    ledger.dossier("1.1")
    day = ledger.campaign.assessment_on
    assert list(dossier_moves(ledger.campaign, day, day)) == []
    move_dossiers(ledger.campaign, day, day, actor=ledger.office)
    assert Dossier.objects.get().due_on == DUE
    assert not Entry.objects.filter(action="evidence.dossier.shift").exists()


def test_dossier_of_a_criterion_that_is_gone_stays_and_one_handed_in_gets_nothing_more(ledger: Ledger) -> None:
    gone = ledger.dossier("1.2")
    handed_in, old = ledger.submitted("1.1"), ledger.dossier("1.4")
    use_piece(old, "记录", handed_in.links.get(slot="文").piece, actor=ledger.liaison)
    before = set(handed_in.links.values_list("pk", flat=True))
    goes = {gone.node_id: [], old.node_id: [handed_in.node_id]}
    assert carry_dossiers(ledger.campaign, goes, actor=ledger.office) == 0
    assert set(handed_in.links.values_list("pk", flat=True)) == before
    assert [Dossier.objects.get(pk=one.pk).node_id for one in (gone, old)] == [gone.node_id, old.node_id]
