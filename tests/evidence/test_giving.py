"""Giving evidence: once, by many files, to many dossiers; never behind a reviewer's back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.audit.models import Entry
from chuangwen.core.files.services import Upload
from chuangwen.core.models import Attachment, StoredFile
from chuangwen.evidence.models import Dossier, Link, Piece
from chuangwen.evidence.queries.dossiers import contents_of
from chuangwen.evidence.queries.likely import offers_for, uses_of
from chuangwen.evidence.services import (
    Facts,
    drop_piece,
    edit_piece,
    give_files,
    set_passage,
    submit_dossier,
    unlink_piece,
    use_piece,
    write_piece,
)
from chuangwen.workflow.models import Step
from tests.evidence.making import PDF, Ledger, photo
from tests.support.factories import NOON, make_unit
from tests.support.refusals import said

pytestmark = pytest.mark.django_db


def figures(dossier: Dossier) -> tuple[int, int, bool]:
    """(filled, needed, whether it is kept as incomplete), as the database has them."""
    row = Dossier.objects.get(pk=dossier.pk)
    return row.slots_filled, row.slots_needed, row.missing_since is not None


def test_each_file_becomes_a_piece_whose_facts_come_from_name_and_content(ledger: Ledger) -> None:
    dossier = ledger.dossier()
    outcomes = give_files(
        dossier, "图", [Upload("IMG_20260312_101112.jpg", photo(1)), Upload("7.植树活动.jpg", photo(2))],
        actor=ledger.liaison,
    )  # fmt: skip
    give_files(dossier, "文", [Upload("云文明办〔2026〕3号 方案2026-02-01.pdf", PDF)], actor=ledger.liaison)
    assert [(one.known, one.refused) for one in outcomes] == [(False, "")] * 2
    rows = Piece.objects.order_by("pk").values_list(
        "kind", "title", "document_number", "dated_on", "happened_on", "unit__name", "given_by"
    )
    who = ledger.liaison.pk
    assert list(rows) == [
        ("photo", "照片 2026-03-12", "", None, date(2026, 3, 12), "市档案局", who),
        ("photo", "植树活动", "", None, None, "市档案局", who),
        (
            "document",
            "云文明办〔2026〕3号 方案2026-02-01",
            "云文明办〔2026〕3号",
            date(2026, 2, 1),
            None,
            "市档案局",
            who,
        ),
    ]
    assert figures(dossier) == (1, 3, True)  # one photo has no day yet
    assert Attachment.objects.filter(owner_type="evidence.piece").count() == 3


def test_same_file_again_is_the_piece_that_is_there_and_bytes_are_kept_once(ledger: Ledger) -> None:
    first, second = ledger.dossier("1.1"), ledger.dossier("1.4")
    give_files(first, "文", [Upload("方案20260105.pdf", PDF)], actor=ledger.liaison)
    outcome = give_files(second, "记录", [Upload("改名.pdf", PDF)], actor=ledger.liaison)[0]
    assert (outcome.known, outcome.piece) == (True, Piece.objects.get())
    assert Link.objects.count() == 2
    other = ledger.dossier("1.1", unit=ledger.other)
    give_files(other, "文", [Upload("方案.pdf", PDF)], actor=ledger.stranger)
    assert (Piece.objects.count(), StoredFile.objects.count()) == (2, 1)
    again = give_files(first, "文", [Upload("方案.pdf", PDF)], actor=ledger.liaison)[0]
    assert "已在这一栏" in again.refused


def test_file_that_cannot_be_taken_does_not_stop_the_others(ledger: Ledger) -> None:
    dossier = ledger.dossier()
    outcomes = give_files(
        dossier, "图", [Upload("方案.pdf", PDF), Upload("a.jpg", photo(1)), Upload("空.jpg", b"")], actor=ledger.liaison
    )
    assert [bool(one.refused) for one in outcomes] == [True, False, True]
    assert list(Piece.objects.values_list("kind", flat=True)) == ["photo"]


def test_example_fills_person_deed_and_spirit_at_once(ledger: Ledger) -> None:
    dossier = ledger.dossier("1.2")
    write_piece(dossier, ["人", "事"], Facts(person="张兰", deed="十年照看老人"), actor=ledger.liaison)
    assert figures(dossier) == (2, 3, True)
    piece = Piece.objects.get()
    assert (piece.title, piece.is_example) == ("十年照看老人", True)
    use_piece(dossier, "精神", piece, actor=ledger.liaison)
    assert figures(dossier) == (2, 3, True)  # its spirit is empty
    edit_piece(piece, Facts(title="身边好人", person="张兰", deed="十年照看老人", spirit="守望"), actor=ledger.liaison)
    assert figures(dossier) == (3, 3, False)


def test_piece_counts_in_many_dossiers_and_is_offered_where_it_fits(ledger: Ledger) -> None:
    last = ledger.dossier("1.1", year=2025)
    give_files(last, "文", [Upload("工作总结20250301.pdf", PDF)], actor=ledger.liaison)
    now = ledger.dossier("1.1")
    offers = offers_for(now, contents_of(now))
    assert {key: [(one.piece.title, one.reasons) for one in some] for key, some in offers.items()} == {
        "文": [("工作总结20250301", ("same-criterion", "same-slot", "window"))], "图": [], "成效": [],
    }  # fmt: skip
    use_piece(now, "文", offers["文"][0].piece, actor=ledger.liaison)
    assert figures(now) == (1, 3, True)
    assert offers_for(now, contents_of(now)).keys() == {"图", "成效"}


def test_piece_is_offered_to_the_open_dossiers_that_it_likely_fills(ledger: Ledger) -> None:
    done, elsewhere = ledger.filled("1.1", year=2025), ledger.dossier("1.1", unit=ledger.other)
    now = ledger.dossier("1.1")
    paper = done.links.get(slot="文").piece
    assert [(one.dossier, one.slot.key, one.reasons[0]) for one in uses_of(paper, ledger.office)] == [
        (now, "文", "same-criterion")
    ]
    assert [one.dossier for one in uses_of(paper, ledger.liaison)] == [now]
    assert uses_of(paper, ledger.stranger) == []
    use_piece(now, "文", paper, actor=ledger.liaison)
    assert uses_of(paper, ledger.office) == []
    assert elsewhere.links.count() == 0


def test_taking_a_piece_out_leaves_it_with_its_unit_and_the_dossier_incomplete_from_today(ledger: Ledger) -> None:
    dossier = ledger.filled()
    assert figures(dossier) == (3, 3, False)
    unlink_piece(dossier.links.get(slot="文"), actor=ledger.liaison)
    row = Dossier.objects.get(pk=dossier.pk)
    assert (row.slots_filled, row.missing_since, Piece.objects.count()) == (2, NOON.date(), 4)


def test_piece_that_stands_nowhere_can_be_given_up_with_its_file(ledger: Ledger) -> None:
    dossier = ledger.filled()
    link = dossier.links.get(slot="文")
    assert "每个档案中移出" in said(drop_piece, link.piece, actor=ledger.liaison)
    unlink_piece(link, actor=ledger.liaison)
    drop_piece(link.piece, actor=ledger.liaison)
    assert not Piece.objects.filter(pk=link.piece_id).exists()
    assert Entry.objects.filter(action="evidence.piece.drop").count() == 1


def test_every_act_is_told_in_the_history(ledger: Ledger) -> None:
    dossier = ledger.dossier("1.2")
    piece = write_piece(dossier, ["人"], Facts(person="张兰"), passage="第1段", actor=ledger.liaison)
    link = dossier.links.get()
    set_passage(link, " 第2段 ", actor=ledger.liaison)
    edit_piece(piece, Facts(title="张兰", person="张兰，网格员"), actor=ledger.liaison)
    unlink_piece(link, actor=ledger.liaison)
    rows = Step.objects.filter(object_type="evidence.dossier").order_by("pk").values_list("action", "note", "data")
    slot = {"slot": "人", "piece": piece.pk}
    assert list(rows) == [("give", "张兰", slot), ("passage", "第2段", slot), ("unlink", "张兰", slot)]
    assert Step.objects.get(object_type="evidence.piece").data == {"person": ["张兰", "张兰，网格员"]}


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda g, d: give_files(d, "没有", [Upload("a.jpg", photo())], actor=g.liaison), "没有叫“没有”的一栏"),
        (lambda g, d: give_files(d, "图", [], actor=g.liaison), "没有选文件"),
        (lambda g, d: give_files(d, "图", [Upload("a.jpg", b"x")] * 61, actor=g.liaison), "分几次"),
        (lambda g, d: write_piece(d, [], Facts(text="x"), actor=g.liaison), "选择栏目"),
        (lambda g, d: write_piece(d, ["成效"], Facts(text="  "), actor=g.liaison), "还没有写内容"),
        (lambda g, d: write_piece(d, ["成效"], Facts(text="长" * 21), actor=g.liaison), "最多20个字"),
        (lambda g, d: write_piece(d, ["图"], Facts(text="x"), actor=g.liaison), "要的是：照片"),
        (
            lambda g, d: write_piece(d, ["成效"], Facts(text="x", happened_on=date(2027, 1, 1)), actor=g.liaison),
            "还没到",
        ),
        (lambda g, d: write_piece(d, ["成效"], Facts(text="x" * 20_001), actor=g.liaison), "作为文件"),
    ],
)
def test_what_cannot_be_given_is_refused_and_nothing_stays(ledger: Ledger, act: Any, words: str) -> None:
    dossier = ledger.dossier()
    assert words in said(act, ledger, dossier)
    assert (Piece.objects.count(), Link.objects.count()) == (0, 0)


def test_pieces_of_another_unit_cannot_be_used_those_of_an_office_below_can(ledger: Ledger) -> None:
    dossier = ledger.dossier()
    foreign = ledger.dossier(unit=ledger.other)
    write_piece(foreign, ["成效"], Facts(text="别家"), actor=ledger.stranger)
    assert "别的单位" in said(use_piece, dossier, "成效", Piece.objects.get(), actor=ledger.office)
    below = ledger.dossier(unit=make_unit(ledger.unit, name="办公室"))
    own = write_piece(below, ["成效"], Facts(text="本处室"), actor=ledger.office)
    use_piece(dossier, "成效", own, actor=ledger.office)
    assert dossier.links.get().piece == own


def test_nothing_in_a_handed_in_dossier_changes(ledger: Ledger) -> None:
    dossier = ledger.submitted()
    link = dossier.links.get(slot="文")
    for act in (
        lambda: give_files(dossier, "图", [Upload("a.jpg", photo(5))], actor=ledger.liaison),
        lambda: write_piece(dossier, ["成效"], Facts(text="x"), actor=ledger.liaison),
        lambda: use_piece(dossier, "文", link.piece, actor=ledger.liaison),
        lambda: unlink_piece(link, actor=ledger.liaison),
        lambda: set_passage(link, "x", actor=ledger.liaison),
        lambda: edit_piece(link.piece, Facts(title="改"), actor=ledger.liaison),
    ):
        assert "已经提交" in said(act)
    assert Dossier.objects.get(pk=dossier.pk).links.count() == 4


def test_strangers_and_readers_give_nothing(ledger: Ledger) -> None:
    dossier = ledger.dossier()
    for person in (ledger.stranger, ledger.leader):
        with pytest.raises(PermissionDenied):
            give_files(dossier, "图", [Upload("a.jpg", photo())], actor=person)
    piece = write_piece(dossier, ["成效"], Facts(text="x"), actor=ledger.liaison)
    with pytest.raises(PermissionDenied):
        edit_piece(piece, Facts(title="改"), actor=ledger.stranger)
    with pytest.raises(PermissionDenied):
        drop_piece(piece, actor=ledger.leader)


def test_same_picture_given_again_by_another_unit_is_pointed_out(ledger: Ledger) -> None:
    other = ledger.dossier(unit=ledger.other)
    give_files(other, "图", [Upload("原照20260301.jpg", photo(3))], actor=ledger.stranger)
    dossier = ledger.dossier()
    give_files(dossier, "图", [Upload("新照20260401.jpg", photo(3) + b"\x00")], actor=ledger.liaison)
    view = next(one for one in contents_of(dossier).slots if one.slot.key == "图")
    assert [one.twin for one in view.pieces] == ["原照20260301 (市水务局)"]
    submit = {"conclusion": "x", "note": "差一张", "actor": ledger.liaison}
    submit_dossier(dossier, **submit)
