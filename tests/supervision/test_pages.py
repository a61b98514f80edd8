"""The pages: a notice from proposal to settlement through its forms, the rules, papers, panels, desk, search."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from chuangwen.accounts.services.links import link_for
from chuangwen.core import clock
from chuangwen.rectification.models import Problem
from chuangwen.supervision.models import NoticeRule, NoticeStep, SupervisionNotice, VetoEvent, VetoKind
from chuangwen.supervision.services import sign_notice
from tests.accounts.making import bind
from tests.supervision.making import NOW, SCAN

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def _noon(noon):
    """Pages are opened on Wednesday noon."""


def url(notice, action=""):
    if action:
        return reverse("supervision:act", args=[notice.number, action])
    return reverse("supervision:notice", args=[notice.number])


def scan():
    return SimpleUploadedFile(SCAN.name, SCAN.data, "application/pdf")


def test_notice_goes_its_way_through_the_pages(world, sign_in):
    world.problem(title="占道")
    (notice,) = world.proposed()
    office = sign_in(world.office)
    page = office.get(url(notice)).content.decode()
    assert "占道" in page
    assert "下一步：签发" in page
    assert office.get(url(notice, "sign")).status_code == 200
    assert office.post(url(notice, "sign")).status_code == 302
    liaison = sign_in(world.liaison)
    assert "下一步：由您答复" in liaison.get(url(notice)).content.decode()
    assert liaison.post(url(notice, "acknowledge")).status_code == 302
    refused = liaison.post(url(notice, "answer"), {"text": " "})
    assert refused.status_code == 422
    assert liaison.post(url(notice, "answer"), {"text": "已清理", "scans": scan()}).status_code == 302
    office = sign_in(world.office)
    page = office.get(url(notice)).content.decode()
    assert "还有1件没有整改到位，暂不能办结。" in page
    assert url(notice, "settle") not in page  # what would be refused is not offered
    kept = office.post(url(notice, "settle"))
    assert (kept.status_code, "还有1件没有办结" in kept.content.decode()) == (422, True)
    assert office.post(url(notice, "return"), {"reason": "缺照片"}).status_code == 302
    assert "答复退回" in office.get(url(notice)).content.decode()
    sign_in(world.liaison).post(url(notice, "answer"), {"text": "照片已补"})
    Problem.objects.update(state="closed")
    assert url(notice, "settle") in sign_in(world.office).get(url(notice)).content.decode()
    assert sign_in(world.office).post(url(notice, "settle")).status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.returned_times) == ("settled", 1)


def test_office_enters_a_red_signature_from_paper(world, sign_in):
    client = sign_in(world.office)
    problem = world.problem()
    form = {"unit": world.unit.name, "colour": "red", "matters": problem.number, "reason": "立即围挡"}
    assert client.post(reverse("supervision:propose"), form).status_code == 302
    notice = SupervisionNotice.objects.get()
    page = client.get(url(notice)).content.decode()
    assert "1个工作日" in page
    assert "自签发起算" in page  # no day before the clock runs
    assert "<h1>代录纸质签发</h1>" in client.get(url(notice, "sign")).content.decode()
    answer = client.post(url(notice, "sign"), {"signed_name": "副组长"})
    assert answer.status_code == 422
    answer = client.post(url(notice, "sign"), {"signed_name": "副组长", "scans": scan(), "at": "2026-11-18T12:00"})
    assert answer.status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.signed_name) == ("sent", "副组长")


def test_wrong_proposals_stay_with_what_was_typed(world, sign_in):
    client = sign_in(world.office)
    page = reverse("supervision:propose")
    form = {"unit": world.unit.name, "colour": "red", "matters": "2026-9999", "reason": "<b>催</b>"}
    answer = client.post(page, form)
    words = answer.content.decode()
    assert (answer.status_code, "没有编号为2026-9999的问题、任务或台账" in words) == (422, True)
    assert "&lt;b&gt;催&lt;/b&gt;" in words
    many = client.post(page, form | {"matters": "、".join(str(n) for n in range(201))})
    assert "最多200件" in many.content.decode()
    problem = world.problem()
    assert problem.number in client.get(f"{page}?problem={problem.number}").content.decode()
    task = world.task()
    assert task.number in client.get(f"{page}?task={task.number}").content.decode()
    notice = world.sent()
    assert (
        notice.items.get(problem=problem).problem.number
        in client.get(f"{page}?notice={notice.number}").content.decode()
    )


def test_without_a_ladder_the_pages_lead_to_its_writing(world, sign_in):
    NoticeRule.objects.all().delete()
    NoticeStep.objects.all().delete()
    client = sign_in(world.office)
    answer = client.get(reverse("supervision:propose"))
    assert (answer.status_code, reverse("supervision:rules") in answer.content.decode()) == (404, True)
    assert "写入督办梯次" in client.get(reverse("supervision:rules")).content.decode()
    assert client.post(reverse("supervision:rules_fill")).status_code == 302
    assert NoticeStep.objects.count() == 4
    VetoKind.objects.all().delete()
    assert client.get(reverse("supervision:event_new")).status_code == 404
    assert client.get(reverse("supervision:kinds")).status_code == 200


def test_rule_is_kept_tried_and_switched_on_through_the_pages(world, sign_in):
    client = sign_in(world.office)
    former = NoticeRule.objects.get(step="white")
    answer = client.post(reverse("supervision:rule", args=[former.pk]), {"number": 2, "source": "市创建办〔2026〕8号"})
    made = NoticeRule.objects.get(replaces=former)
    assert (made.number, made.source, made.is_on) == (2, "site: 市创建办〔2026〕8号", False)
    assert answer.url == reverse("supervision:trial", args=[made.pk])
    assert client.get(f"{answer.url}?days=31").status_code == 200
    assert client.get(f"{answer.url}?days=9999999999").status_code == 200
    assert "未启用，待试算" in client.get(reverse("supervision:rules")).content.decode()
    client.post(reverse("supervision:rule_switch", args=[made.pk, "on"]))
    made.refresh_from_db()
    assert made.is_on
    assert client.post(reverse("supervision:rule_new"), {"step": "white", "condition": "after", "number": 1,
                                                          "source": "试"}).status_code == 422  # fmt: skip
    form = {"addressee": "first", "signer": "clerk", "answer_within": "1d", "source": "试"}
    assert client.post(reverse("supervision:step", args=["white"]), form).status_code == 302
    assert NoticeStep.objects.get(step="white").answer_within == "1d"


@pytest.mark.parametrize("kind", ["notice", "assignment", "feedback"])
def test_papers_on_screen_and_as_word(world, sign_in, kind):
    problem = world.problem(title="占道")
    (notice,) = world.proposed()
    client = sign_in(world.office)
    page = reverse("supervision:paper", args=[notice.number, kind])
    assert "草稿，未签发" in client.get(page).content.decode()
    sign_notice(notice, actor=world.office)
    words = client.get(page).content.decode()
    assert ("占道" in words, "草稿" in words, "督白〔2026〕1号" in words) == (True, False, True)
    answer = client.get(f"{page}?format=docx")
    paper = Document(io.BytesIO(answer.content))
    cells = [cell.text for row in paper.tables[0].rows for cell in row.cells]
    assert problem.number in cells
    assert any("督白〔2026〕1号" in line.text for line in paper.paragraphs)
    assert client.get(reverse("supervision:paper", args=[notice.number, "other"])).status_code == 404


def test_unit_neither_sees_proposals_nor_the_notices_of_others(world, sign_in):
    world.problem()
    (proposed,) = world.proposed()
    sent = world.sent(lead=world.other)
    client = sign_in(world.liaison)
    assert [client.get(url(one)).status_code for one in (proposed, sent)] == [404, 404]
    assert client.get(reverse("supervision:register")).status_code == 200


def test_register_asks_as_often_for_three_notices_as_for_one(world, sign_in):
    client = sign_in(world.office)
    world.sent()

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get(f"{reverse('supervision:register')}?tab=all").status_code == 200
        return len(found)

    queries()
    one = queries()
    for lead in (world.other, world.root):
        world.problem(lead=lead)
    world.proposed()
    assert SupervisionNotice.objects.count() == 3
    assert queries() == one


def test_notice_asks_as_often_for_three_matters_as_for_one(world, sign_in):
    client = sign_in(world.office)
    first = world.sent()
    for _number in range(3):
        world.problem(lead=world.other)
    (three,) = world.proposed()
    sign_notice(three, actor=world.office)

    def queries(notice):
        with CaptureQueriesContext(connection) as found:
            assert client.get(url(notice)).status_code == 200
        return len(found)

    queries(first)
    assert queries(three) == queries(first)


def test_many_are_signed_at_once(world, sign_in):
    for lead in (world.unit, world.other):
        world.problem(lead=lead)
    world.proposed()
    client = sign_in(world.office)
    page = f"{reverse('supervision:register')}?tab=sign"
    asked = client.post(page, {"bulk": "sign", "select_all": "1"})
    assert "白单和黄单" in asked.content.decode()
    client.post(page, {"bulk": "sign", "select_all": "1", "sure": "1"})
    assert set(SupervisionNotice.objects.values_list("state", "signed_by")) == {("sent", world.office.pk)}


def test_look_now_proposes(world, sign_in):
    world.problem()
    client = sign_in(world.office)
    assert client.post(reverse("supervision:look")).url.endswith("?tab=sign")
    assert SupervisionNotice.objects.count() == 1
    assert client.post(reverse("supervision:look")).status_code == 302


def test_panels_tell_what_comes_next(world, sign_in):
    problem = world.problem(title="占道")
    client = sign_in(world.liaison)
    page = client.get(reverse("rectification:problem", args=[problem.number])).content.decode()
    assert "11月19日(周四)" in page  # white with the next morning's look
    notice = world.sent(title="积水")
    page = sign_in(world.office).get(reverse("organizations:unit", args=[world.unit.pk])).content.decode()
    assert "近12个月：白单1张，黄单0张，红单0张。" in page
    assert url(notice) in page
    task = world.task()
    page = sign_in(world.office).get(reverse("responsibilities:task", args=[task.pk])).content.decode()
    assert "提出督办单" in page


def test_desk_and_search_lead_to_what_waits(world, sign_in):
    world.problem()
    (notice,) = world.proposed()
    assert "1张督办单待签发" in sign_in(world.office).get("/desk/").content.decode()
    sign_notice(notice, actor=world.office)
    page = sign_in(world.liaison).get("/desk/").content.decode()
    assert "白单待答复" in page
    found = sign_in(world.office).get(f"{reverse('core:find')}?q={notice.number}").content.decode()
    assert url(notice) in found


def test_link_without_password_confirms_and_answers(world, sign_in):
    notice = world.sent(title="占道")
    words = sign_in(world.office).post(reverse("supervision:links", args=[notice.number])).content.decode()
    assert "/m/" in words
    phone = bind(world.liaison, world.office)
    path = "/m/" + link_for(world.liaison, notice, made_by=world.office).rsplit("/m/", 1)[1]
    page = phone.get(path).content.decode()
    assert ("占道" in page, f"{path}answer/" in page) == (True, True)
    assert phone.post(f"{path}acknowledge/").status_code == 302
    assert phone.post(f"{path}answer/", {"text": " "}).status_code == 422
    assert phone.post(f"{path}answer/", {"text": "已清理"}).status_code == 302
    notice.refresh_from_db()
    assert (notice.state, notice.answer) == ("answered", "已清理")
    assert "已清理" in phone.get(path).content.decode()


def test_no_link_is_handed_out_to_what_is_not_sent(world, sign_in):
    world.problem()
    (notice,) = world.proposed()
    answer = sign_in(world.office).post(reverse("supervision:links", args=[notice.number]))
    assert (answer.status_code, "先签发，链接才能打开" in answer.content.decode()) == (400, True)


def test_link_to_a_problem_tells_what_comes_next(world):
    problem = world.problem()
    phone = bind(world.liaison, world.office)
    page = phone.get("/m/" + link_for(world.liaison, problem, made_by=world.office).rsplit("/m/", 1)[1])
    assert "11月19日(周四)" in page.content.decode()


def test_event_is_entered_and_confirmed_through_the_pages(world, sign_in):
    office = sign_in(world.office)
    kind = VetoKind.objects.filter(falsification=False).first()
    form = {"unit": world.unit.name, "kind": kind.pk, "day": "2026-11-10", "title": "事故", "source": "通报"}
    assert office.post(reverse("supervision:event_new"), form | {"problem": "no"}).status_code == 422
    assert office.post(reverse("supervision:event_new"), form).status_code == 302
    event = VetoEvent.objects.get()
    act = reverse("supervision:event_act", args=[event.pk, "confirm"])
    assert office.post(act).status_code == 422
    leader = sign_in(world.leader)
    assert "1件否决事项待确认" in leader.get("/desk/").content.decode()
    assert leader.post(act).status_code == 302
    assert "至2027年11月10日" in leader.get(reverse("supervision:events")).content.decode()
    assert leader.get(reverse("supervision:event", args=[event.pk])).status_code == 200
    lift = reverse("supervision:event_act", args=[event.pk, "lift"])
    assert leader.post(lift, {"reason": "申诉成立"}).status_code == 302
    office = sign_in(world.office)
    page = reverse("supervision:kind", args=[kind.pk])
    assert office.post(page, {"name": kind.name, "months": 24, "source": "试", "is_on": "on"}).status_code == 302
    kind.refresh_from_db()
    assert (kind.months, kind.source) == (24, "site: 试")


def test_talk_and_referral_through_the_pages(world, sign_in):
    notice = world.sent()
    client = sign_in(world.office)
    form = {
        "held_at": "2026-11-18T12:00",
        "held_by": "副组长",
        "held_with": "局长",
        "subject": "逾期",
        "agreed": "周五前",
    }
    with clock.at(NOW):
        assert client.post(url(notice, "talk"), form).status_code == 302
        handed = {"handed_to": "市纪委监委", "handed_on": "2026-11-18"}
        assert client.post(url(notice, "refer"), handed).status_code == 302
    page = client.get(url(notice)).content.decode()
    assert ("副组长与局长" in page, "市纪委监委" in page) == (True, True)
    back = reverse("supervision:referral", args=[notice.number, notice.referrals.get().pk])
    assert client.post(back, {"closed_on": "2026-11-18"}).status_code == 302
    page = sign_in(world.liaison).get(url(notice)).content.decode()
    assert ("副组长与局长" in page, "市纪委监委" in page) == (True, False)
