"""The screens of papers, by role and with what is typed into them."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from chuangwen.core.gram_index import words_of
from chuangwen.core.models import SearchGram
from chuangwen.reports.enums import BulletinState, PaperKind
from chuangwen.reports.models import Bulletin, PaperForm, SiteFont
from chuangwen.reports.pdf import OWN_FONTS
from chuangwen.reports.services import ensure_defaults
from tests.config.doors import picture
from tests.reports.making import WEEK, stranger
from tests.reports.test_placeholders import template

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def page(name, *args):
    return reverse(f"reports:{name}", args=args)


def text(response):
    return response.content.decode()


def test_office_goes_the_whole_way_in_its_screens(sign_in, office):
    client = sign_in(office.office)
    given = {"starts": f"{WEEK.first}", "ends": f"{WEEK.last}"}
    answer = client.post(page("draft", PaperKind.RECTIFICATION), given)
    made = Bulletin.objects.get()
    assert answer.url == page("bulletin", made.pk)
    body = {
        "revision": 1,
        "title": "周报",
        "addressee": "各单位",
        "body": "一、总体情况\n好。",
        "units": f"#{office.unit.pk}",
    }
    assert client.post(page("edit", made.pk), body).status_code == 302
    client.post(page("step", made.pk, "submit"))
    assert "由他人审批" in text(client.get(page("bulletin", made.pk)))
    sign_in(office.leader).post(page("step", made.pk, "approve"))
    sign_in(office.office).post(page("step", made.pk, "issue"))
    made.refresh_from_db()
    assert (made.state, made.number, made.receipts.get().unit) == (BulletinState.ISSUED, "2026年第1期", office.unit)
    shown = sign_in(office.liaison).get(page("bulletin", made.pk))
    assert "下一步：签收" in text(shown)
    client.post(page("receive", made.pk))
    assert made.receipts.get().received_by == office.liaison
    assert "下一步：签收" not in text(client.get(page("bulletin", made.pk)))


def test_every_figure_leads_to_its_rows(sign_in, office):
    made = office.draft()
    client = sign_in(office.office)
    shown = text(client.get(page("bulletin", made.pk)))
    for row, key, title in ((0, "due", office.late.title), (0, "in_time", office.good.title)):
        assert page("rows", made.pk, row, key) in shown
        assert title in text(client.get(page("rows", made.pk, row, key)))
    assert page("rows", made.pk, 0, "long_term") not in shown
    answers = [client.get(page("rows", made.pk, row, key)).status_code for row, key in ((9, "due"), (0, "none"))]
    assert answers == [404, 404]
    book = load_workbook(io.BytesIO(client.get(page("rows", made.pk, 0, "late_open") + "?format=xlsx").content))
    assert office.late.title in [cell.value for cell in next(book.active.iter_cols(min_col=1, max_col=1))]


def test_page_prints_definition_period_and_status_date(sign_in, office):
    shown = text(sign_in(office.office).get(page("bulletin", office.draft().pk)))
    assert "按期整改率" in shown
    assert "统计时段：11月16日—22日。统计截止：11月20日12:00。" in shown


def test_unit_sees_no_draft_and_rows_only_of_its_own(sign_in, office):
    draft, issued = office.draft(), office.issued()
    client = sign_in(office.liaison)
    assert client.get(page("bulletin", draft.pk)).status_code == 404
    assert client.get(page("word", issued.pk)).content[:2] == b"PK"
    rows = text(client.get(page("rows", issued.pk, 0, "due")))
    assert (office.good.title in rows, office.late.title in rows) == (True, False)
    assert "计入2条，显示1条" in rows
    assert client.get(page("new")).status_code == 403
    assert client.post(page("step", issued.pk, "withdraw"), {"reason": "x"}).status_code == 403


def test_stranger_meets_nothing(sign_in, office):
    issued = office.issued()
    client = sign_in(stranger())
    names = ("bulletin", "edit", "word", "pdf", "receipts", "signature")
    assert {client.get(page(name, issued.pk)).status_code for name in names} == {404}
    assert client.post(page("step", issued.pk, "withdraw"), {"reason": "x"}).status_code == 404


def test_files_of_a_draft_say_that_it_is_one_and_change_nothing(sign_in, office):
    made = office.draft()
    client = sign_in(office.office)
    assert client.get(page("pdf", made.pk)).content[:5] == b"%PDF-"
    assert client.get(page("word", made.pk))["Content-Disposition"].startswith("attachment")
    made.refresh_from_db()
    assert (made.word, made.pdf, made.state) == (None, None, BulletinState.DRAFT)


@pytest.mark.parametrize(
    "given", [{}, {"starts": "2026-11-20", "ends": "2026-11-10"}, {"starts": "x", "ends": "99999-01-01"},
              {"starts": "2026-12-01", "ends": "2026-12-05"}],
)  # fmt: skip
def test_period_that_cannot_be_is_told_beside_the_form(sign_in, office, given):
    answer = sign_in(office.office).post(page("draft", PaperKind.BULLETIN), given)
    assert (answer.status_code, Bulletin.objects.count()) == (422, 0)
    assert sign_in(office.office).get(page("draft", "nothing")).status_code == 404


def test_refused_change_keeps_what_was_typed(sign_in, office):
    made = office.draft()
    body = {"revision": 7, "title": "<script>x", "body": "我写的", "units": ""}
    answer = sign_in(office.office).post(page("edit", made.pk), body)
    assert answer.status_code == 422
    assert "我写的" in text(answer)
    assert "<script>x" not in text(answer)


def test_signature_on_paper_is_entered_with_its_scan(sign_in, office):
    made = office.submitted()
    client = sign_in(office.office)
    scan = SimpleUploadedFile("签发.png", picture())
    given = {"name": "王市长", "at": "2026-11-20T11:00", "scan": scan}
    assert client.post(page("signature", made.pk), {"name": "王市长"}).status_code == 422
    refused = client.post(page("signature", made.pk), given)
    assert "早于起草时间" in text(refused)
    Bulletin.objects.update(created_at=WEEK_START)
    scan.seek(0)
    assert client.post(page("signature", made.pk), given).status_code == 302
    assert "签发.png" in text(client.get(page("bulletin", made.pk)))


WEEK_START = "2026-11-16T00:00:00+00:00"


def test_office_enters_receipts_of_several_units_at_once(sign_in, office):
    made = office.issued()
    client = sign_in(office.office)
    url = page("receipts", made.pk)
    asked = client.post(url, {"bulk": "receive", "select_all": "1"})
    assert "纸上签收的时间" in text(asked)
    client.post(url, {"bulk": "receive", "select_all": "1", "sure": "1", "at": ""})
    assert made.receipts.filter(received_at__isnull=True).count() == 0
    client.post(page("remind", made.pk))
    assert "各单位都已签收" in text(client.get(page("bulletin", made.pk)))


def test_returning_wants_a_reason(sign_in, office):
    made = office.submitted()
    client = sign_in(office.leader)
    client.post(page("step", made.pk, "return"), {"reason": ""})
    assert Bulletin.objects.get().state == BulletinState.SUBMITTED
    client.post(page("step", made.pk, "return"), {"reason": "数字核对"})
    assert Bulletin.objects.get().state == BulletinState.DRAFT
    assert client.post(page("step", made.pk, "nothing")).status_code == 404


def test_figures_are_frozen_anew_from_the_page(sign_in, office):
    made = office.draft()
    client = sign_in(office.office)
    client.post(page("refresh", made.pk), {"revision": 1, "anew": "1"})
    assert Bulletin.objects.get().snapshot_id != made.snapshot_id
    assert client.post(page("refresh", made.pk), {"revision": "x"}).status_code == 404


def test_desk_says_who_has_to_approve_issue_and_sign(sign_in, office):
    made = office.submitted()
    desk = reverse("desk:desk")
    assert f"待审批：{made.title}" in text(sign_in(office.leader).get(desk))
    assert f"待审批：{made.title}" not in text(sign_in(office.office).get(desk))
    sign_in(office.leader).post(page("step", made.pk, "approve"))
    assert f"待签发：{made.title}" in text(sign_in(office.office).get(desk))
    sign_in(office.office).post(page("step", made.pk, "issue"))
    assert made.title in text(sign_in(office.liaison).get(desk))


def test_list_costs_the_same_for_one_paper_and_three(sign_in, office):
    client, counted = sign_in(office.office), []
    office.issued()
    client.get(page("list"))
    for _turn in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page("list")).status_code == 200
        counted.append(len(captured))
        office.issued(), office.draft()
    assert counted[0] == counted[1]


def test_layout_is_changed_and_a_wrong_template_is_refused_with_its_place(sign_in, office):
    client = sign_in(office.office)
    assert client.get(page("form", "bulletin")).status_code == 404
    assert "还没有版式" in text(client.get(page("forms")))
    client.post(page("defaults"))
    client.post(page("form", "bulletin"), {"issuer": "云溪市创建办", "letters": "云创建办", "copy_to": "市委办"})
    form = PaperForm.objects.get(kind="bulletin")
    assert (form.issuer, form.letters, form.copy_to, form.source) == ("云溪市创建办", "云创建办", "市委办", "site")
    wrong = SimpleUploadedFile("a.docx", template("致{{ 秘密 }}"))
    answer = client.post(page("template", "bulletin"), {"file": wrong})
    assert (answer.status_code, "没有“秘密”这个占位符。位置：“致{{ 秘密 }}”这一段。" in text(answer)) == (422, True)
    right = SimpleUploadedFile("模板.docx", template("{{ 标题 }}"))
    assert client.post(page("template", "bulletin"), {"file": right}).status_code == 302
    assert "模板.docx" in text(client.get(page("form", "bulletin")))
    client.post(page("template-drop", "bulletin"))
    assert PaperForm.objects.get(kind="bulletin").template is None
    assert sign_in(office.leader).get(page("forms")).status_code == 403


@pytest.mark.skipif(not OWN_FONTS.exists(), reason="set-up could not fetch the fonts")
def test_font_of_the_site_is_taken_once_and_removed(sign_in, office):
    ensure_defaults(office.root.region, actor=office.office)
    client, url = sign_in(office.office), page("fonts")
    data = next(iter(sorted(OWN_FONTS.glob("noto-serif-sc-latin*.ttf")))).read_bytes()
    for name, content, fault in (("a.ttf", b"text", "不是字体"), ("a.ttf", data[:4] + b"x" * 50, "读不出来")):
        answer = client.post(url, {"file": SimpleUploadedFile(name, content)})
        assert (answer.status_code, fault in text(answer)) == (422, True)
    assert client.post(url, {"file": SimpleUploadedFile("a.ttf", data)}).status_code == 302
    assert "已经有了" in text(client.post(url, {"file": SimpleUploadedFile("a.ttf", data)}))
    made = office.draft()
    assert client.get(page("pdf", made.pk)).content[:5] == b"%PDF-"
    client.post(page("font-remove", SiteFont.objects.get().pk))
    assert SiteFont.objects.count() == 0


def test_page_of_a_unit_shows_what_was_issued_to_it(sign_in, office):
    made = office.issued()
    url = reverse("organizations:unit", args=[office.unit.pk])
    client = sign_in(office.liaison)
    assert made.title in text(client.get(url))
    assert made.title not in text(sign_in(stranger()).get(url))


def test_paper_is_found_by_title_and_number_through_the_index_of_words(sign_in, office):
    made, draft = office.issued(), office.draft(kind=PaperKind.HARD)
    kind = words_of(Bulletin).indexed.kind
    assert set(SearchGram.objects.filter(kind=kind, gram="周报").values_list("object_id", flat=True)) == {made.pk}
    assert "2026年第1期" in text(sign_in(office.office).get(reverse("core:find"), {"q": "第1期"}))
    found = text(sign_in(office.office).get(page("list"), {"q": "难点问题"}))
    assert (page("bulletin", draft.pk) in found, page("bulletin", made.pk) in found) == (True, False)
    assert draft.title not in text(sign_in(office.liaison).get(reverse("core:find"), {"q": "难点问题"}))
