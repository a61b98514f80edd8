"""Taking documents in: what is read, what is guessed, what is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied

from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.errors import BadUpload, Refusal
from chuangwen.directives.models import Candidate, Document
from chuangwen.directives.services import (
    SameDocument,
    accept_candidate,
    add_document,
    change_document,
    discard_document,
    issue_accepted,
    mark_by_hand,
)
from tests.directives.making import DAY, SPEECH, Desk, candidate
from tests.support.factories import NOON

pytestmark = pytest.mark.django_db
FILES = Path(__file__).parent / "files"


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


def test_upload_guesses_title_kind_and_date(desk):
    document = desk.document()
    assert (document.title, document.kind, document.day) == ("在创建工作推进会上的讲话", "speech", DAY)
    assert document.day_source == "text"
    assert document.file.name == "讲话.txt"
    assert Entry.objects.filter(action="directives.document.upload").count() == 1


def test_upload_keeps_what_was_given(desk):
    document = desk.document(title="推进会讲话", kind="minutes", day=date(2026, 11, 2))
    assert (document.title, document.kind, document.day) == ("推进会讲话", "minutes", date(2026, 11, 2))
    assert document.day_source == "given"


def test_upload_without_date_counts_from_today_and_says_so(desk):
    document = desk.document("关于清理楼道的通知\n\n各街道要在三天内清理楼道堆物。\n")
    assert (document.day, document.day_source) == (date(2026, 11, 18), "upload")


def test_upload_resolves_parties_and_deadlines(desk):
    document = desk.document()
    lanes = candidate(document, "背街小巷")
    assert lanes.lead == [{"name": "市城管局", "units": [desk.city.pk]}]
    assert lanes.cooperate == [{"name": "各街道", "units": [desk.east.pk, desk.west.pk]}]
    assert (lanes.due_on, lanes.needs_unit) == (date(2026, 11, 30), False)
    assert document.text[lanes.start : lanes.end] == lanes.quote


def test_vague_party_asks_for_the_unit(desk):
    wires = candidate(desk.document(), "飞线充电")
    assert wires.lead == [{"name": "相关单位", "units": []}]
    assert wires.needs_unit


def test_deadline_on_a_day_off_moves_to_the_next_working_day(desk):
    document = desk.document("关于清理的通知\n（2026年11月16日）\n\n市城管局要在12月5日前完成清理。\n")
    assert candidate(document, "清理").due_on == date(2026, 12, 7)  # 5 December 2026 is a Saturday


def test_pasted_text_has_no_file(desk):
    document = add_document(desk.campaign, SPEECH.encode(), actor=desk.office)
    assert document.file is None
    assert document.candidates.count() == 4


def test_gbk_file_is_read(desk):
    document = add_document(desk.campaign, SPEECH.encode("gb18030"), actor=desk.office, name="讲话.txt")
    assert document.text == SPEECH
    assert document.candidates.count() == 4


def test_same_file_twice_leads_to_the_first(desk):
    first = desk.document()
    with pytest.raises(SameDocument) as refused:
        desk.document(title="又一次")
    assert refused.value.document == first
    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"   \n", b"\x00\x01\x02\x03", b"\x89PNG\r\n\x1a\n0000", b"PK\x03\x04broken"],
    ids=["empty", "blank", "binary", "picture", "broken archive"],
)
def test_upload_refuses_what_cannot_be_read(desk, data):
    with pytest.raises(BadUpload) as refused:
        add_document(desk.campaign, data, actor=desk.office, name="a.docx")
    assert refused.value.message
    assert refused.value.way_out
    assert not Document.objects.exists()


def test_upload_refuses_an_impossible_date(desk):
    with pytest.raises(Refusal):
        desk.document(day=date(1026, 11, 16))
    assert not Document.objects.exists()


def test_text_with_characters_no_database_keeps_is_stored(desk):
    document = add_document(desk.campaign, "讲话\n市城管局要在11月30日前完成\ufeff清理。".encode(), actor=desk.office)
    assert Document.objects.get(pk=document.pk).text == document.text


def test_change_moves_deadlines_that_followed_from_the_date(desk):
    document = desk.document()
    meeting, fixed = candidate(document, "会后三天"), candidate(document, "背街小巷")
    assert meeting.due_on == date(2026, 11, 19)
    moved = change_document(document, actor=desk.office, title="讲话", kind="speech", day=date(2026, 11, 23))
    meeting.refresh_from_db()
    fixed.refresh_from_db()
    assert (moved, meeting.due_on, fixed.due_on) == (1, date(2026, 11, 26), date(2026, 11, 30))
    assert document.day_source == "given"


def test_change_leaves_a_date_that_a_person_set(desk):
    document = desk.document()
    meeting = candidate(document, "会后三天")
    Candidate.objects.filter(pk=meeting.pk).update(due_on=date(2026, 12, 1))
    assert change_document(document, actor=desk.office, title="讲话", kind="speech", day=date(2026, 11, 23)) == 0


@pytest.mark.parametrize("wrong", [{"title": " "}, {"kind": "poem"}, {"day": date(1900, 1, 1)}])
def test_change_refuses_nonsense(desk, wrong):
    document = desk.document()
    with pytest.raises(Refusal):
        change_document(document, actor=desk.office, **{"title": "讲话", "kind": "speech", "day": DAY} | wrong)
    document.refresh_from_db()
    assert document.day == DAY


def test_discard_takes_document_file_and_candidates(desk):
    document = desk.document()
    discard_document(document, actor=desk.office)
    assert (Document.objects.count(), Candidate.objects.count()) == (0, 0)
    assert Entry.objects.filter(action="directives.document.discard").count() == 1


def test_discard_refuses_a_document_whose_tasks_are_out(desk):
    document = desk.document()
    lanes = candidate(document, "背街小巷")
    accept_candidate(lanes, revision=lanes.revision, actor=desk.office)
    issue_accepted(document, actor=desk.office, measure="完成")
    with pytest.raises(Refusal):
        discard_document(document, actor=desk.office)
    assert Document.objects.count() == 1


def test_mark_reads_what_stands_in_the_passage(desk):
    document = desk.document("讲话\n（2026年11月16日）\n\n大家要继续努力。希望大家保持干劲。\n")
    row = mark_by_hand(document, "希望大家保持干劲。", actor=desk.office)
    assert (row.quote, row.by_hand, row.needs_unit, row.state) == ("希望大家保持干劲。", True, True, "open")
    assert document.text[row.start : row.end] == row.quote


def test_mark_finds_a_passage_over_a_line_end(desk):
    document = desk.document("讲话\n\n天气很好，\n大家都来。\n")
    row = mark_by_hand(document, "天气很好，大家都来。".replace("，", "，\n"), actor=desk.office, start=0)
    assert row.quote == "天气很好，\n大家都来。"


@pytest.mark.parametrize(
    "quote", ["", "   ", "文中没有的话", "登记在册的46条", "。", "长" * 1001],
    ids=["empty", "blank", "absent", "overlapping", "many times", "too long"],
)  # fmt: skip
def test_mark_refuses(desk, quote):
    document = desk.document()
    with pytest.raises(Refusal):
        mark_by_hand(document, quote, actor=desk.office)
    assert document.candidates.count() == 4


def test_mark_is_for_the_office(desk):
    from tests.support.factories import make_user

    document = desk.document()
    with pytest.raises(PermissionDenied):
        mark_by_hand(document, "应当肯定", actor=make_user("leader", desk.root))
