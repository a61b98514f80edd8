"""What each act leaves behind: columns, history, audit, what people are told, and nothing in the row beside it."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from chuangwen.accounts.models import User
from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.files.services import Upload
from chuangwen.core.models import Attachment
from chuangwen.evidence.models import PIECE_OWNER, Dossier, Link, Piece
from chuangwen.evidence.services import (
    Facts,
    accept_dossier,
    approve_dossier,
    drop_piece,
    edit_piece,
    give_files,
    reopen_dossier,
    return_dossier,
    send_back_dossier,
    set_passage,
    submit_dossier,
    unlink_piece,
    use_piece,
    write_piece,
)
from chuangwen.evidence.services.giving import LONGEST_TEXT
from chuangwen.evidence.services.reviewing import LONGEST_CONCLUSION
from chuangwen.notifications.models import Notice
from chuangwen.organizations.services import grant_role
from tests.evidence.making import PDF, Ledger, photo
from tests.support.factories import NOON, make_root
from tests.support.leaving import columns, fields, kept

pytestmark = [pytest.mark.django_db, pytest.mark.once]
TODAY, DAY, HOUR = NOON.date(), timedelta(days=1), timedelta(hours=1)
LATER = NOON + HOUR
SCAN = Upload("签字页.jpg", photo(7))


def told(person: User) -> list[tuple[Any, ...]]:
    rows = Notice.objects.filter(user=person, read_at=None).order_by("pk")
    return list(rows.values_list("kind", "title", "url", "key", "urgent", "region"))


def shot_on(moment: str) -> bytes:
    buffer, record = io.BytesIO(), Image.Exif()
    record.get_ifd(0x8769).update({0x9003: moment})
    Image.new("RGB", (40, 30), (200, 120, 40)).save(buffer, "JPEG", exif=record.tobytes())
    return buffer.getvalue()


def test_file_is_kept_with_all_that_was_said_and_none_of_the_next_unit(ledger: Ledger) -> None:
    beside = ledger.dossier(unit=ledger.other)
    theirs = write_piece(beside, ["成效"], Facts(text="别家"), actor=ledger.stranger)
    untouched = [fields(beside), fields(theirs)]
    dossier = ledger.dossier()
    said = Facts(
        title=f" {'题' * 201}", issuing_body="局" * 81, document_number="号" * 61, dated_on=TODAY,
        happened_on=TODAY - DAY,
    )  # fmt: skip
    with clock.at(LATER):
        (outcome,) = give_files(dossier, "文", [Upload("方案.pdf", PDF)], actor=ledger.liaison, facts=said)
    piece = outcome.piece
    assert piece is not None
    assert (outcome.name, outcome.known, outcome.refused) == ("方案.pdf", False, "")
    names = ("region_id", "unit_id", "kind", "title", "issuing_body", "document_number", "dated_on", "happened_on")
    assert columns(piece, *names, "given_by_id") == [
        ledger.root.region_id, ledger.unit.pk, "document", "题" * 200, "局" * 80, "号" * 60, TODAY, TODAY - DAY,
        ledger.liaison.pk,
    ]  # fmt: skip
    hung = Attachment.objects.get(owner_type=PIECE_OWNER, owner_id=piece.pk)
    assert (hung.name, hung.file, hung.region, hung.given_by_id) == (
        "方案.pdf", piece.file, ledger.root.region, ledger.liaison.pk,
    )  # fmt: skip
    assert columns(dossier.links.get(), "region_id", "slot", "piece_id", "passage") == [
        ledger.root.region_id, "文", piece.pk, "",
    ]  # fmt: skip
    what = {"slot": "文", "piece": piece.pk, "sha256": piece.file.sha256}
    assert kept(dossier) == [("give", ledger.liaison.pk, LATER, "题" * 200, "", what)]
    assert columns(dossier, "slots_filled", "slots_needed", "missing_since", "updated_at") == [1, 3, TODAY, LATER]
    assert (dossier.slots_filled, dossier.slots_needed, dossier.missing_since) == (1, 3, TODAY)
    assert [fields(beside), fields(theirs)] == untouched


def test_day_and_kind_of_a_file_come_from_the_camera_its_name_and_the_slot(ledger: Ledger) -> None:
    month, give = ledger.dossier("1.4"), {"actor": ledger.liaison}
    uploads = [
        Upload("2026-03-01 宣讲.jpg", shot_on("2026:03:02 06:00:00")),  # the first of March in London
        Upload("2026-03-03 宣讲.jpg", shot_on("2027:03:02 06:00:00")),  # a clock that runs ahead
        Upload("IMG_1.jpg", shot_on("2026:11:18 12:00:00")),  # at this very moment
        Upload("IMG_2.jpg", photo(4)),
        Upload("纪要.txt", "2026年".encode()),
        Upload("拒.exe", b"MZ" + b"\0" * 80),
    ]
    outcomes = give_files(month, "记录", uploads, **give)
    found = [(one.piece.kind, one.piece.title, one.piece.happened_on) for one in outcomes if one.piece]
    assert found == [
        ("photo", "宣讲", date(2026, 3, 2)), ("photo", "宣讲", date(2026, 3, 3)), ("photo", "记录 2026-11-18", TODAY),
        ("photo", "记录", None), ("record", "纪要", None),
    ]  # fmt: skip
    assert [bool(one.refused) for one in outcomes] == [False] * 5 + [True]
    assert (month.slots_filled, month.slots_needed, month.months) == (0, 1, "001000000010")
    give_files(month, "表", [Upload("名单.pdf", PDF)], **give)
    assert Piece.objects.get(title="名单").kind == "table"


def test_words_are_kept_and_their_first_line_is_their_title(ledger: Ledger) -> None:
    dossier, beside = ledger.dossier("1.4"), ledger.dossier("1.4", year=2025)
    unchanged = fields(beside)
    texts = ["字" * 40, "字" * 41, "一行\n二行", "长" * LONGEST_TEXT]
    given = [write_piece(dossier, ["记录"], Facts(text=text), passage=f" {'页' * 501}", actor=ledger.liaison)
             for text in texts]  # fmt: skip
    assert [one.title for one in given] == ["字" * 40, f"{'字' * 39}…", "一行", f"{'长' * 39}…"]
    said = Facts(title="守望", spirit="互助", issuing_body=" 局 ", dated_on=TODAY, happened_on=TODAY)
    last = write_piece(dossier, ["记录"], said, actor=ledger.liaison)
    names = ("kind", "title", "spirit", "issuing_body", "dated_on", "happened_on", "given_by_id", "file_id")
    assert columns(last, *names) == [
        "statement", "守望", "互助", "局", TODAY, TODAY, ledger.liaison.pk, None,
    ]  # fmt: skip
    assert [link.passage for link in dossier.links.order_by("pk")] == [*["页" * 500] * 4, ""]
    assert kept(dossier)[-1] == ("give", ledger.liaison.pk, NOON, "守望", "", {"slot": "记录", "piece": last.pk})
    assert (dossier.months, fields(beside)) == ("000000000010", unchanged)
    spirit = write_piece(ledger.dossier("1.2"), ["精神"], Facts(spirit="守" * 40, text="长" * 41), actor=ledger.liaison)
    assert Link.objects.get(piece=spirit).slot == "精神"  # what counts is the length of that part
    with pytest.raises(Refusal):
        edit_piece(spirit, Facts(title="x", spirit="守" * 41), actor=ledger.liaison)


def test_piece_is_used_marked_and_taken_out_in_one_slot_alone(ledger: Ledger) -> None:
    first, second = ledger.dossier("1.1"), ledger.dossier("1.4")
    (outcome,) = give_files(first, "文", [Upload("方案20260105.pdf", PDF)], actor=ledger.liaison)
    piece = outcome.piece
    assert piece is not None
    link = use_piece(second, "表", piece, passage=f" {'页' * 501}", actor=ledger.liaison)
    other = use_piece(second, "记录", piece, actor=ledger.liaison)
    assert (columns(link, "passage", "slot"), columns(other, "passage")) == (["页" * 500, "表"], [""])
    assert (second.slots_filled, second.months, second.missing_since) == (0, "100000000000", TODAY)
    with clock.at(LATER):
        set_passage(link, f" {'句' * 501} ", actor=ledger.liaison)
    assert columns(link, "passage", "updated_at") == ["句" * 500, LATER]
    assert (columns(other, "passage"), columns(first.links.get(), "passage")) == ([""], [""])
    where = {"slot": "表", "piece": piece.pk}
    assert kept(second)[-1] == ("passage", ledger.liaison.pk, LATER, "句" * 501, "", where)
    steps = [(action, who, data.get("sha256")) for action, who, _at, _note, _for, data in kept(second)[:2]]
    assert steps == [("give", ledger.liaison.pk, piece.file.sha256)] * 2
    unlink_piece(other, actor=ledger.liaison)
    assert list(Link.objects.order_by("pk").values_list("dossier", "slot")) == [(first.pk, "文"), (second.pk, "表")]
    assert columns(second, "months", "missing_since") == ["0" * 12, TODAY]
    with clock.at(NOON + DAY):
        unlink_piece(first.links.get(), actor=ledger.liaison)
    assert columns(first, "slots_filled", "missing_since") == [0, TODAY]  # it lacked something before already


def test_correcting_a_piece_corrects_it_alone_and_everywhere(ledger: Ledger) -> None:
    first, reviewed = ledger.dossier("1.1"), ledger.submitted("1.2")
    second = ledger.dossier("1.1", year=2025)
    piece = write_piece(first, ["成效"], Facts(title="甲", text="翻番"), actor=ledger.liaison)
    use_piece(second, "成效", piece, actor=ledger.liaison)
    untouched = [fields(one) for one in Piece.objects.exclude(pk=piece.pk).order_by("pk")]
    new = Facts(title="乙", text="", dated_on=TODAY, happened_on=date(2026, 3, 1))
    with clock.at(LATER):
        edit_piece(piece, new, actor=ledger.liaison)
    assert columns(piece, "title", "text", "dated_on", "happened_on", "updated_at") == [
        "乙", "", TODAY, date(2026, 3, 1), LATER,
    ]  # fmt: skip
    assert (piece.title, piece.happened_on) == ("乙", date(2026, 3, 1))
    changed = {"title": ["甲", "乙"], "text": ["翻番", ""], "dated_on": [None, "2026-11-18"],
               "happened_on": [None, "2026-03-01"]}  # fmt: skip
    assert kept(piece) == [("edit", ledger.liaison.pk, LATER, "", "", changed)]
    assert [columns(one, "slots_filled", "updated_at") for one in (first, second)] == [[0, LATER]] * 2
    assert [fields(one) for one in Piece.objects.exclude(pk=piece.pk).order_by("pk")] == untouched
    assert columns(reviewed, "state") == ["submitted"]  # that one is handed in keeps nothing but its own pieces


def test_piece_given_up_takes_its_own_file_along_and_is_told(ledger: Ledger) -> None:
    dossier = ledger.dossier()
    uploads = [Upload("甲20260301.jpg", photo(1)), Upload("乙20260301.jpg", photo(2))]
    gone, stays = (one.piece for one in give_files(dossier, "图", uploads, actor=ledger.liaison))
    assert gone is not None
    assert stays is not None
    foreign = Attachment.objects.get(owner_id=stays.pk)
    foreign.pk, foreign.uid, foreign.owner_type, foreign.owner_id = None, uuid4(), "elsewhere", gone.pk
    foreign.save()
    unlink_piece(dossier.links.get(piece=gone), actor=ledger.liaison)
    drop_piece(gone, actor=ledger.liaison)
    assert set(Attachment.objects.values_list("owner_type", "owner_id")) == {
        (PIECE_OWNER, stays.pk), ("elsewhere", foreign.owner_id),
    }  # fmt: skip
    entry = Entry.objects.get(action="evidence.piece.drop")
    assert (entry.object_type, entry.actor_id, entry.data) == (
        "evidence.piece", str(ledger.liaison.pk), {"title": "甲20260301", "unit": "市档案局"},
    )  # fmt: skip
    assert Piece.objects.get() == stays


def test_dossier_handed_in_graded_and_approved_keeps_every_column(ledger: Ledger) -> None:
    beside, dossier = ledger.submitted("1.2"), ledger.filled("1.1")
    untouched, url = fields(beside), f"/dossiers/{dossier.pk}/"
    conclusion = "长" * LONGEST_CONCLUSION
    Dossier.objects.filter(pk=dossier.pk).update(grade="A", value=1.0)
    before = len(kept(dossier))
    submit_dossier(
        dossier, conclusion=f" {conclusion} ", note=" 齐了 ", on_behalf=f" {'员' * 119} ", at=NOON, scan=SCAN,
        actor=ledger.office,
    )  # fmt: skip
    names = ("state", "conclusion", "submitted_by", "submitted_at", "revision", "grade", "value")
    assert columns(dossier, *names) == ["submitted", conclusion, "员" * 119, NOON, 2, "", None]
    scan = Attachment.objects.get(owner_type="evidence.dossier")
    assert (scan.owner_id, scan.given_by_id, scan.region) == (dossier.pk, ledger.office.pk, ledger.root.region)
    handed_in = ("evidence", "市档案局提交：1.1 志愿服务常态开展", url, "", False, ledger.root.region_id)
    assert told(ledger.office_too)[-1] == handed_in
    with clock.at(LATER):
        accept_dossier(dossier, result="C", note=" 还行 ", revision=2, actor=ledger.office)
    names = ("state", "grade", "value", "accepted_by_id", "accepted_at", "approved_by_id", "approved_at")
    assert columns(dossier, *names) == ["accepted", "C", 0.5, ledger.office.pk, LATER, None, None]
    with clock.at(LATER):
        send_back_dossier(dossier, reason=" 看漏 ", revision=2, actor=ledger.leader)
    assert columns(dossier, "state", "grade", "value") == ["submitted", "", None]
    sent_back = ("evidence", "退回第一次审核：1.1 志愿服务常态开展", url, "", False, ledger.root.region_id)
    assert [one for one in told(ledger.office) if one[2] == url] == [sent_back]  # in place of what was told before
    accept_dossier(dossier, result="B", revision=2, actor=ledger.office)
    with clock.at(LATER):
        approve_dossier(
            dossier, note=" 同意 ", on_behalf=" 组长 ", at=NOON, scan=SCAN, revision=2, actor=ledger.office_too
        )
    assert columns(dossier, *names[:3], *names[5:]) == ["approved", "B", 0.75, ledger.office_too.pk, NOON]
    scans = Attachment.objects.filter(owner_type="evidence.dossier", owner_id=dossier.pk).order_by("pk")
    assert list(scans.values_list("name", "given_by_id")) == [
        ("签字页.jpg", ledger.office.pk), ("签字页.jpg", ledger.office_too.pk),
    ]  # fmt: skip
    approved = ("evidence", "已审定：1.1 志愿服务常态开展", url, "", False, ledger.root.region_id)
    assert told(ledger.liaison)[-1] == approved
    with clock.at(LATER):
        reopen_dossier(dossier, reason=" 借来的 ", actor=ledger.office)
    assert columns(dossier, *names[:3], *names[5:]) == ["returned", "", None, None, None]
    assert [one for one in told(ledger.liaison) if one[2] == url] == [
        ("evidence", "重新打开：1.1 志愿服务常态开展", url, "", False, ledger.root.region_id)
    ]
    grade = {"grade": "B", "value": "0.75"}
    assert kept(dossier)[before:] == [
        ("submit", ledger.office.pk, NOON, "齐了", "员" * 119, {"filled": 3, "needed": 3}),
        ("accept", ledger.office.pk, LATER, "还行", "", {"grade": "C", "value": "0.5"}),
        ("send-back", ledger.leader.pk, LATER, "看漏", "", {"grade": "C", "value": "0.5"}),
        ("accept", ledger.office.pk, NOON, "", "", grade),
        ("approve", ledger.office_too.pk, NOON, "同意", "组长", {}),
        ("reopen", ledger.office.pk, LATER, "借来的", "", grade),
    ]
    assert fields(beside) == untouched


def test_dossier_graded_anew_is_not_approved_yet_and_the_next_one_is_not_held(ledger: Ledger) -> None:
    dossier, beside = ledger.approved("1.1"), ledger.submitted("1.2")
    reopen_dossier(dossier, reason="x", actor=ledger.office)
    submit_dossier(dossier, conclusion="补", actor=ledger.liaison)
    Dossier.objects.filter(pk=dossier.pk).update(approved_by=ledger.leader, approved_at=NOON)
    untouched = fields(beside)
    with clock.at(LATER):
        accept_dossier(dossier, result="90%", revision=3, actor=ledger.office)
        return_note = "照片"
        return_dossier(beside, reason=f" {return_note} ", revision=2, actor=ledger.office)
    assert columns(dossier, "grade", "value", "approved_by_id", "approved_at") == ["", 0.9, None, None]
    assert kept(beside)[-1] == ("return", ledger.office.pk, LATER, return_note, "", {})
    assert {name for name, value in fields(beside).items() if untouched[name] != value} == {"state", "updated_at"}
    assert told(ledger.liaison)[-1][1:3] == (f"退回重改：{beside}", f"/dossiers/{beside.pk}/")


def test_leader_approves_in_person_whatever_post_is_held_elsewhere(ledger: Ledger) -> None:
    dossier, elsewhere = ledger.accepted(), make_root()
    grant_role(ledger.leader, Role.OFFICE, elsewhere, actor=None)
    approve_dossier(dossier, revision=2, actor=User.objects.get(pk=ledger.leader.pk))
    assert columns(dossier, "state", "approved_by_id") == ["approved", ledger.leader.pk]
    assert kept(dossier)[-1] == ("approve", ledger.leader.pk, NOON, "", "", {})
    own = ledger.filled("1.2")
    submit_dossier(own, conclusion="x", actor=None)  # by the program, in nobody's name
    assert columns(own, "state", "submitted_by") == ["submitted", ""]
