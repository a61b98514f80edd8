"""The pages: who may open them, what they answer, what they refuse, how many queries they take."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from docx import Document as WordDocument
from pypdf import PdfWriter

from chuangwen.core import clock
from chuangwen.core.models import Job
from chuangwen.core.panels import desk_items
from chuangwen.directives.models import Candidate, Document, Presence
from chuangwen.directives.services import accept_candidate, issue_accepted
from chuangwen.directives.views import documents as document_views
from chuangwen.directives.views import review as review_views
from chuangwen.responsibilities.models import Duty, Task
from tests.directives.making import SPEECH, Desk, candidate
from tests.support.factories import NOON, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def desk():
    with clock.at(NOON):
        yield Desk()


@pytest.fixture
def page(desk, sign_in):
    return sign_in(desk.office)


def url(name: str, *args: object) -> str:
    return reverse(f"directives:{name}", args=args)


def given(text: str | bytes = SPEECH, name: str = "讲话.txt") -> dict[str, object]:
    data = text.encode() if isinstance(text, str) else text
    return {"file": SimpleUploadedFile(name, data)}


# Who


@pytest.mark.parametrize(
    ("role", "read", "write"),
    [("office", 200, 200), ("leader", 200, 403), ("auditor", 200, 403), ("liaison", 403, 403), ("inspector", 403, 403)],
)
def test_pages_by_role(desk, sign_in, role, read, write):
    document = desk.document()
    client = sign_in(make_user(role, desk.root))
    first = document.candidates.first().pk
    for address in (url("list"), url("table", document.pk)):
        assert client.get(address).status_code == read
    # A unit is led from here to its own passages, of which this document has none.
    assert client.get(url("review", document.pk)).status_code == (404 if role == "liaison" else read)
    for address in (url("new"), url("facts", document.pk), url("issue", document.pk), url("edit", first)):
        assert client.get(address).status_code == write


def test_stranger_from_another_region_sees_nothing(desk, sign_in):
    document = desk.document()
    first = document.candidates.first()
    client = sign_in(make_user("office"))
    for name in ("review", "table", "facts", "issue", "units", "mark"):
        assert client.get(url(name, document.pk)).status_code == 404
    for name in ("presence", "undo", "discard"):
        assert client.post(url(name, document.pk)).status_code == 404
    assert client.get(url("edit", first.pk)).status_code == 404
    assert client.post(url("decide", first.pk, "accept"), {"revision": 1}).status_code == 404
    assert client.get(reverse("core:file", args=[document.file.uid])).status_code == 404
    assert Candidate.objects.get(pk=first.pk).state == "open"


def test_nobody_is_led_to_sign_in(desk, client):
    assert client.get(url("review", desk.document().pk)).status_code == 302


def test_get_changes_nothing(desk, page):
    document = desk.document()
    first = document.candidates.first().pk
    for address in (url("decide", first, "accept"), url("undo", document.pk), url("discard", document.pk)):
        assert page.get(address).status_code == 405


def test_review_of_a_reader_has_no_buttons(desk, sign_in):
    document = desk.document()
    html = sign_in(make_user("leader", desk.root)).get(url("review", document.pk)).content.decode()
    assert "背街小巷" in html
    assert "data-key=" not in html
    assert "/accept/" not in html


# Upload


def test_upload_leads_to_the_review(desk, page):
    answer = page.post(url("new"), given())
    document = Document.objects.get()
    assert (answer.status_code, answer.url) == (302, url("review", document.pk))
    html = page.get(answer.url).content.decode()
    assert "在创建工作推进会上的讲话" in html
    assert html.count("<tbody") == 4


def test_pasted_text_is_read(desk, page):
    assert page.post(url("new"), {"text": SPEECH}).status_code == 302
    assert Document.objects.get().candidates.count() == 4


def test_gbk_upload_is_read(desk, page):
    assert page.post(url("new"), given(SPEECH.encode("gbk"))).status_code == 302
    assert Document.objects.get().text == SPEECH


def test_same_file_again_offers_the_first(desk, page):
    document = desk.document()
    answer = page.post(url("new"), given())
    assert answer.status_code == 422
    assert url("review", document.pk) in answer.content.decode()
    assert Document.objects.count() == 1


def scan() -> bytes:
    writer, target = PdfWriter(), io.BytesIO()
    writer.add_blank_page(600, 800)
    writer.write(target)
    return target.getvalue()


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b" " * 80_000_000)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"", "empty.txt", ""),
        (b" \n ", "blank.txt", "文字"),
        (scan(), "scan.pdf", "扫描"),
        (bomb(), "bomb.docx", ""),
        (b"\xff\xd8\xff\xe0" + b"0" * 200, "photo.docx", ""),
        (b"MZ\x90\x00" + b"\x00\x01" * 90, "program.txt", ""),
    ],
    ids=["empty", "blank", "scan", "bomb", "picture", "program"],
)
def test_upload_refuses_and_says_why(desk, page, data, name, words, monkeypatch):
    monkeypatch.setattr("chuangwen.directives.reading.recognition.is_installed", lambda: False)
    answer = page.post(url("new"), {**given(data, name), "title": "我写的标题"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "cw-field__error" in html or "cw-errors" in html
    assert words in html
    assert "我写的标题" in html  # what was typed stays
    assert not Document.objects.exists()


def test_upload_wants_one_of_file_and_text(desk, page):
    assert page.post(url("new"), {}).status_code == 422
    assert page.post(url("new"), {**given(), "text": "正文"}).status_code == 422
    assert not Document.objects.exists()


def test_large_file_is_read_as_a_job(desk, page, run_jobs, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(document_views, "DIRECT_BYTES", 10)
    with django_capture_on_commit_callbacks(execute=True):
        answer = page.post(url("new"), given())
    assert answer.url == reverse("core:job", args=[Job.objects.get().uid])
    run_jobs()
    document, job = Document.objects.get(), Job.objects.get()
    assert (job.status, job.result_url) == ("done", url("review", document.pk))
    assert document.file.name == "讲话.txt"


def test_job_tells_why_a_large_file_cannot_be_read(
    desk, page, run_jobs, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(document_views, "DIRECT_BYTES", 10)
    first = desk.document()
    typed = {"title": "迎检讲话", "kind": "speech", "day": "2026-11-20", "revises": first.pk}
    with django_capture_on_commit_callbacks(execute=True):
        page.post(url("new"), given(scan(), "scan.pdf") | typed)
    run_jobs()
    assert Job.objects.get().status == "failed"
    assert "scan.pdf" in Job.objects.get().message
    again = page.get(Job.objects.get().result_url)
    assert [again.context["form"][name].value() for name in ("title", "kind", "day")] == [
        "迎检讲话", "speech", "2026-11-20",
    ]  # fmt: skip
    assert again.context["revises"] == first
    other = page.get(url("new") + "?again=" + "0" * 64)
    assert (other.context["form"]["title"].value(), other.context["revises"]) == (None, None)


# Review


def test_accept_answers_with_the_row_and_goes_to_the_next(desk, page):
    document = desk.document()
    first, second = document.candidates.order_by("start")[:2]
    answer = page.post(url("decide", first.pk, "accept"), {"revision": 1}, **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="c{first.pk}"' in html
    assert f'id="c{second.pk}"' not in html
    assert 'id="review-head"' in html
    assert json.loads(answer["HX-Trigger-After-Swap"])["cw:review"]["at"] == second.pk


def test_accept_without_htmx_leads_back(desk, page):
    document = desk.document()
    first, second = document.candidates.order_by("start")[:2]
    answer = page.post(url("decide", first.pk, "accept"), {"revision": 1})
    assert answer.url == f"{url('review', document.pk)}?at={second.pk}#c{second.pk}"


@pytest.mark.parametrize("revision", ["", "0", "2", "x", "9" * 30])
def test_decision_on_another_revision_is_a_conflict(desk, page, revision):
    first = desk.document().candidates.first()
    answer = page.post(url("decide", first.pk, "drop"), {"revision": revision}, **HTMX)
    assert answer.status_code == 409
    assert Candidate.objects.get(pk=first.pk).state == "open"


def test_unknown_act_is_not_found(desk, page):
    first = desk.document().candidates.first()
    assert page.post(url("decide", first.pk, "burn"), {"revision": 1}).status_code == 404


def test_edit_panel_proposes_and_asks(desk, page):
    wires = candidate(desk.document(), "飞线充电")
    answer = page.get(url("edit", wires.pk), **HTMX)
    html = answer.content.decode()
    assert answer["HX-Retarget"] == f"#c{wires.pk}"
    assert "相关单位" in html
    assert "2026-12-10" in html


def test_edit_saves_chips_and_typed_names(desk, page):
    wires = candidate(desk.document(), "飞线充电")
    values = {
        "action": "拿出方案", "lead": [f"u{desk.city.pk}"], "lead_typed": "市教育局", "cooperate": ["n各街道"],
        "due_on": "2026-12-10", "measure": "书面方案1份", "revision": 1, "then": "accept",
    }  # fmt: skip
    assert page.post(url("edit", wires.pk), values, **HTMX).status_code == 200
    wires.refresh_from_db()
    assert [party["units"] for party in wires.lead] == [[desk.city.pk], [desk.schools.pk]]
    assert wires.cooperate[0]["units"] == [desk.east.pk, desk.west.pk]
    assert (wires.state, wires.measure) == ("accepted", "书面方案1份")


@pytest.mark.parametrize(
    "wrong",
    [
        {"action": ""}, {"action": "长" * 301}, {"due_on": "昨天"}, {"due_on": "2020-01-01"}, {"lead": ["u999999"]},
        {"lead": ["<script>"]}, {"lead_typed": "没有的单位"}, {"lead": ["u" + "9" * 30]}, {"revision": ""},
    ],
)  # fmt: skip
def test_edit_keeps_what_was_typed_when_it_is_wrong(desk, page, wrong):
    lanes = candidate(desk.document(), "背街小巷")
    values = {"action": "做", "due_on": "2026-11-30", "measure": "我写的成果", "revision": 1}
    answer = page.post(url("edit", lanes.pk), values | wrong, **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "我写的成果" in html
    assert "<script>" not in html
    assert Candidate.objects.get(pk=lanes.pk).revision == 1


def test_stale_save_shows_both_versions(desk, page):
    lanes = candidate(desk.document(), "背街小巷")
    Candidate.objects.filter(pk=lanes.pk).update(revision=2, action="同事的说法")
    values = {"action": "我的说法", "lead": [f"u{desk.city.pk}"], "revision": 1}
    answer = page.post(url("edit", lanes.pk), values, **HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "同事的说法" in html
    assert "我的说法" in html
    assert Candidate.objects.get(pk=lanes.pk).action == "同事的说法"
    again = page.post(url("edit", lanes.pk), values | {"revision": 2}, **HTMX)
    assert again.status_code == 200
    assert Candidate.objects.get(pk=lanes.pk).action == "我的说法"


def test_panel_without_htmx_is_a_page(desk, page):
    lanes = candidate(desk.document(), "背街小巷")
    html = page.get(url("edit", lanes.pk)).content.decode()
    assert "<html" in html
    assert 'name="measure"' in html


def test_split_merge_and_undo_draw_the_table_anew(desk, page):
    document = desk.document()
    lanes = candidate(document, "背街小巷")
    panel = page.get(url("split", lanes.pk), **HTMX).content.decode()
    cut = lanes.start + lanes.quote.index("11月30日前")
    assert f'value="{cut}"' in panel
    assert page.post(url("split", lanes.pk), {"cut": "x", "revision": 1}, **HTMX).status_code == 422
    html = page.post(url("split", lanes.pk), {"cut": cut, "revision": 1}, **HTMX).content.decode()
    assert 'id="review-rows"' in html
    assert 'id="review-text"' in html
    second = document.candidates.get(start__gt=lanes.start, quote__contains="46条")
    assert page.post(url("decide", second.pk, "merge"), {"revision": 1}, **HTMX).status_code == 200
    page.post(url("undo", document.pk), **HTMX)
    page.post(url("undo", document.pk), **HTMX)
    assert candidate(document, "背街小巷").quote == lanes.quote
    answer = page.post(url("undo", document.pk), **HTMX)
    assert json.loads(answer["HX-Trigger-After-Swap"])["cw:review"]["say"] == "这里没有您最近12小时内可以撤销的操作。"


def test_mark_by_hand(desk, page):
    document = desk.document()
    start = document.text.index("应当肯定")
    answer = page.post(url("mark", document.pk), {"quote": "应当肯定", "start": start}, **HTMX)
    assert answer.status_code == 200
    assert document.candidates.get(by_hand=True).quote == "应当肯定"
    refused = page.post(url("mark", document.pk), {"quote": "没有这句"}, **HTMX)
    assert (refused.status_code, refused["HX-Retarget"]) == (422, "#review-mark")
    assert "没有这句" in refused.content.decode()


def test_chips_narrow_the_table_not_the_text(desk, page):
    document = desk.document()
    html = page.get(url("review", document.pk), {"show": "unclear"}).content.decode()
    assert (html.count("<tbody"), html.count("<mark ")) == (1, 4)


def test_text_is_escaped(desk, page):
    document = desk.document("讲话\n（2026年11月16日）\n\n市城管局要在11月30日前清理<script>alert(1)</script>门口。\n")
    html = page.get(url("review", document.pk)).content.decode()
    assert "<script>alert" not in html


def test_units_are_found_by_part_of_the_name(desk, page):
    document = desk.document()
    html = page.get(url("units", document.pk), {"lead_typed": "教育"}).content.decode()
    assert f'data-value="u{desk.schools.pk}"' in html
    assert f"u{desk.city.pk}" not in html
    assert "n各街道" in page.get(url("units", document.pk), {"cooperate_typed": "各街"}).content.decode()
    assert "cw-party__none" in page.get(url("units", document.pk), {"lead_typed": "%_'"}).content.decode()


def test_others_are_told_where_one_looks(desk, page, sign_in):
    document = desk.document()
    row = candidate(document, "飞线充电")
    page.post(url("presence", document.pk), {"at": row.pk}, **HTMX)
    html = sign_in(desk.colleague).get(url("review", document.pk)).content.decode()
    assert f"{desk.office}也在看，第2条" in html
    Presence.objects.update(seen_at=timezone.now() - timedelta(days=30))
    assert "也在看" not in page.get(url("review", document.pk)).content.decode()


def test_sign_of_life_brings_rows_that_others_changed_but_the_one_being_edited(desk, page):
    document = desk.document()
    rows = list(document.candidates.order_by("start"))
    shown = ",".join(f"{row.pk}.1" for row in rows)
    accept_candidate(candidate(document, "背街小巷"), revision=1, actor=desk.colleague)
    accept_candidate(candidate(document, "每周检查"), revision=1, actor=desk.colleague)
    said = {"at": rows[1].pk, "rows": shown, "open": rows[2].pk}
    answer = page.post(url("presence", document.pk), said, **HTMX)
    html = answer.content.decode()
    assert [f'id="c{row.pk}"' in html for row in rows] == [True, False, False, False]
    assert "第3条刚被别人改过" in html
    assert answer["HX-Reswap"] == "none"
    assert "条目有增减" not in html
    fresh = f"{rows[0].pk}.2,{rows[1].pk}.1,{rows[2].pk}.2,{rows[3].pk}.1"
    quiet = page.post(url("presence", document.pk), said | {"rows": fresh}, **HTMX)
    assert "tbody" not in quiet.content.decode()
    assert "HX-Reswap" not in quiet
    for odd, anew in ((f"{rows[0].pk}.2", True), (f"{fresh},999999.1", True), ("x.y,,", False)):
        html = page.post(url("presence", document.pk), said | {"rows": odd}, **HTMX).content.decode()
        assert ("条目有增减" in html) == anew


# Issue, table, facts


def test_issue_page_says_what_will_happen_and_does_it(desk, page):
    document = desk.document()
    for row in document.candidates.select_related("document", "region"):
        accept_candidate(row, revision=1, actor=desk.office)
    html = page.get(url("issue", document.pk)).content.decode()
    assert "下发3件任务、1项定期工作" in html  # one lead, no lead, one school each week, two streets
    assert "每周五" in html
    assert "按原文要求完成，书面报创建办" in html
    assert page.post(url("issue", document.pk), {"due_on": "", "measure": ""}).status_code == 422
    assert not Task.objects.exists()
    answer = page.post(url("issue", document.pk), {"measure": "完成"}, follow=True)
    assert Task.objects.filter(duty=None).count() == 3
    assert Duty.objects.get().unit == desk.schools
    assert "已下发：3件任务、1项定期工作。" in answer.content.decode()
    assert "飞线充电" in answer.content.decode()
    assert "没有要下发的" in page.get(url("issue", document.pk)).content.decode()


def test_many_tasks_are_issued_as_a_job(desk, page, run_jobs, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(review_views, "MANY_TASKS", 0)
    document = desk.document()
    accept_candidate(candidate(document, "背街小巷"), revision=1, actor=desk.office)
    with django_capture_on_commit_callbacks(execute=True):
        page.post(url("issue", document.pk), {"due_on": "2026-12-21", "measure": "完成"})
    run_jobs()
    assert (Job.objects.get().status, Task.objects.count()) == ("done", 1)


def test_table_as_page_excel_and_word(desk, page):
    document = desk.document()
    for words in ("背街小巷", "飞线充电"):
        accept_candidate(candidate(document, words), revision=1, actor=desk.office)
    issue_accepted(document, actor=desk.office, measure="全部到位")
    html = page.get(url("table", document.pk)).content.decode()
    assert "任务分解及工作推进表" in html
    book = openpyxl.load_workbook(io.BytesIO(page.get(url("table", document.pk), {"format": "xlsx"}).content))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    head = next(row for row in cells if row[0] == "序号")
    assert head == ["序号", "任务", "牵头", "配合", "时限", "频次", "措施/成果", "进展", "原文"]
    line = cells[cells.index(head) + 1]
    assert (line[2], line[3], line[4]) == ("市城管局", "各街道", "11月30日(周一)")
    paper = WordDocument(io.BytesIO(page.get(url("table", document.pk), {"format": "docx"}).content))
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert rows[0] == head
    assert rows[2][2] == "相关单位(要指明)"
    assert paper.sections[0].page_width > paper.sections[0].page_height


def test_facts_can_be_corrected(desk, page):
    document = desk.document()
    values = {"title": "推进会讲话", "kind": "speech", "day": "2026-11-23"}
    assert page.post(url("facts", document.pk), values).status_code == 302
    document.refresh_from_db()
    assert (document.title, document.day.day) == ("推进会讲话", 23)
    assert page.post(url("facts", document.pk), values | {"day": "0001-01-01"}).status_code == 422


def test_discard_needs_a_document_without_tasks(desk, page):
    document = desk.document()
    accept_candidate(candidate(document, "背街小巷"), revision=1, actor=desk.office)
    issue_accepted(document, actor=desk.office, measure="完成")
    assert page.post(url("discard", document.pk)).url == url("facts", document.pk)
    other = desk.document("关于清扫的通知\n\n各街道要在11月30日前清扫。\n", name="b.txt")
    assert page.post(url("discard", other.pk)).url == url("list")
    assert [one.pk for one in Document.objects.all()] == [document.pk]


# Lists and figures


def queries(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_list_takes_as_many_queries_for_three_as_for_one(desk, page):
    desk.document()
    one = queries(page, url("list"))
    for number in range(2):
        desk.document(f"关于清扫的通知{number}\n\n各街道要在11月30日前清扫。\n", name=f"{number}.txt")
    assert queries(page, url("list")) == one
    html = page.get(url("list")).content.decode()
    assert "4条待定" in html


def test_review_takes_as_many_queries_for_many_rows_as_for_few(desk, page):
    few = desk.document("讲话\n（2026年11月16日）\n\n市城管局要在11月30日前清理。\n", name="a.txt")
    many = desk.document()
    assert few.candidates.count() == 1
    assert queries(page, url("review", many.pk)) == queries(page, url("review", few.pk))


def test_desk_and_navigation_count_what_waits(desk, page, rf):
    document = desk.document()
    html = page.get(url("list")).content.decode()
    assert "文件与部署" in html
    request = rf.get("/desk/")
    request.user, request.session = desk.office, {}
    item = next(one for one in desk_items(request) if one.icon == "file-text")
    assert str(item.title) == f"《{document.title}》还有4条部署待采纳"
    request = rf.get("/desk/")
    request.user, request.session = make_user("leader", desk.root), {}
    assert not [one for one in desk_items(request) if one.icon == "file-text"]
