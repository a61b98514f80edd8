"""PDF from an office's own template: kept after issuing, offered again where it failed, told plainly where none is."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import read
from chuangwen.core.office_pdf import NotConverted
from chuangwen.notifications.models import Notice
from chuangwen.reports import composing
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.models import Bulletin, PaperForm
from chuangwen.reports.services import (
    approve_bulletin,
    drop_template,
    ensure_defaults,
    issue_bulletin,
    keep_pdf,
    set_template,
    withdraw_bulletin,
)
from chuangwen.reports.services.issuing import RETRIES, try_pdf
from tests.reports.making import LATER, Office
from tests.reports.test_placeholders import template

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MADE = b"%PDF-1.7 from Word"


@pytest.fixture
def office():
    with clock.at(LATER):
        made = Office()
        ensure_defaults(made.root.region, actor=made.office)
        form = PaperForm.objects.get(kind=PaperKind.RECTIFICATION)
        set_template(form, template("{{ 标题 }}"), "周报.docx", actor=made.office)
        yield made


@pytest.fixture
def converts(monkeypatch, settings):
    """LibreOffice is there and gives what is in the list, which may be an exception; returns the Word files it got."""
    settings.SOFFICE = "/bin/sh"
    got = []

    def convert(word, program, *, seconds, fonts):
        got.append(word)
        if answers and isinstance(answers[0], Exception):
            raise answers.pop(0)
        return MADE

    answers = []
    monkeypatch.setattr(composing, "pdf_from_word", convert)
    return got, answers


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def page(name, *args):
    return reverse(f"reports:{name}", args=args)


def approved(office):
    made = office.submitted()
    approve_bulletin(made, actor=office.leader)
    return made


def test_issued_paper_keeps_the_pdf_of_its_word_file(sign_in, office, converts):
    made = approved(office)
    client = sign_in(office.office)
    client.post(page("step", made.pk, "issue"))
    made = Bulletin.objects.get()
    assert (read(made.pdf.file), converts[0]) == (MADE, [read(made.word.file)])
    assert client.get(page("pdf", made.pk)).content == MADE
    assert len(converts[0]) == 1
    with pytest.raises(Conflict):
        keep_pdf(made, actor=office.office)


def test_paper_is_issued_though_no_pdf_came_and_the_page_offers_it_again(sign_in, office, converts):
    made = approved(office)
    converts[1].append(NotConverted("time"))
    client = sign_in(office.office)
    client.post(page("step", made.pk, "issue"))
    made.refresh_from_db()
    assert (made.state, made.pdf) == ("issued", None)
    assert page("pdf-make", made.pk) in client.get(page("bulletin", made.pk)).content.decode()
    assert client.get(page("pdf", made.pk)).content == MADE
    client.post(page("pdf-make", made.pk))
    made = Bulletin.objects.get()
    assert read(made.pdf.file) == MADE
    shown = client.get(page("bulletin", made.pk)).content.decode()
    assert page("pdf-make", made.pk) not in shown
    assert "生成并留存PDF" in shown


def test_failing_again_says_so_and_what_else_can_be_done(sign_in, office, converts):
    made = approved(office)
    issue_bulletin(made, actor=office.office)
    converts[1].append(NotConverted("time"))
    client = sign_in(office.office)
    client.post(page("pdf-make", made.pk))
    assert "没能把这个Word文件转成PDF" in client.get(page("bulletin", made.pk)).content.decode()


def test_failure_is_told_on_the_page_with_when_it_is_tried_again(sign_in, office, converts, committed):
    made = approved(office)
    converts[1].append(NotConverted("time"))
    client = sign_in(office.office)
    with committed(execute=True):
        client.post(page("step", made.pk, "issue"))
    waiting = DBTaskResult.objects.get(task_path="chuangwen.reports.services.issuing.try_pdf")
    assert (waiting.args_kwargs["args"], waiting.run_after) == ([made.pk, 0], LATER + RETRIES[0])
    shown = client.get(page("bulletin", made.pk)).content.decode()
    assert ("没能把这个Word文件转成PDF" in shown, "自动再试" in shown, "再试一次" in shown) == (True, True, True)
    assert "没能把这个" not in sign_in(office.liaison).get(page("bulletin", made.pk)).content.decode()


def test_worker_tries_again_later_each_time_and_then_tells_the_office(office, converts, committed):
    made = approved(office)
    converts[1].extend([NotConverted("time")] * len(RETRIES))
    issue_bulletin(made, actor=office.office)
    for attempt in range(len(RETRIES)):
        with committed(execute=True):
            try_pdf.func(made.pk, attempt)
    queued = DBTaskResult.objects.filter(task_path="chuangwen.reports.services.issuing.try_pdf")
    assert [one.args_kwargs["args"][1] for one in queued.order_by("run_after")] == [1, 2]
    told = Notice.objects.filter(title__startswith="PDF没能生成")
    assert {one.user for one in told} == {office.office, office.colleague}
    made.refresh_from_db()
    assert (made.pdf, made.pdf_next_at) == (None, None)
    try_pdf.func(made.pk, 0)
    made.refresh_from_db()
    assert (read(made.pdf.file), made.pdf_fault) == (MADE, "")
    try_pdf.func(made.pk, 0)
    assert len(converts[0]) == len(RETRIES) + 1


def test_without_libreoffice_the_page_says_so_and_offers_word(sign_in, office, settings):
    settings.SOFFICE = "0"
    made = approved(office)
    client = sign_in(office.office)
    for _state in ("approved", "issued"):
        shown = client.get(page("bulletin", made.pk)).content.decode()
        assert "这台服务器上没有" in shown
        assert f'href="{page("pdf", made.pk)}"' not in shown
        assert f'href="{page("word", made.pk)}"' in shown
        assert "这台服务器上没有" in client.get(page("pdf", made.pk)).content.decode()
        issue_bulletin(made, actor=office.office) if _state == "approved" else None
    assert "签发时只有Word" in client.get(page("form", "rectification")).content.decode()
    with pytest.raises(Refusal, match="这台服务器上没有"):
        keep_pdf(made, actor=office.office)


def test_pdf_of_a_draft_is_made_on_the_way_and_kept_nowhere(sign_in, office, converts):
    made = office.draft()
    assert sign_in(office.office).get(page("pdf", made.pk)).content == MADE
    made.refresh_from_db()
    assert made.pdf is None


def test_kept_word_file_counts_though_the_template_was_dropped(sign_in, office, converts):
    made = approved(office)
    issue_bulletin(made, actor=office.office)
    drop_template(PaperForm.objects.get(kind=PaperKind.RECTIFICATION), actor=office.office)
    assert sign_in(office.office).get(page("pdf", made.pk)).content == MADE
    assert converts[0] == [read(made.word.file)]


def test_pdf_is_made_by_who_issues_and_of_what_is_in_force(office, converts):
    draft, made = office.draft(), approved(office)
    issue_bulletin(made, actor=office.office)
    with pytest.raises(PermissionDenied):
        keep_pdf(made, actor=office.leader)
    with pytest.raises(Refusal, match="没有生效"):
        keep_pdf(draft, actor=office.office)
    withdraw_bulletin(made, reason="有误", actor=office.office)
    with pytest.raises(Refusal, match="没有生效"):
        keep_pdf(made, actor=office.office)
