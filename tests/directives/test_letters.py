"""Letters from above: registered once, instructed on, passed on with slips, answered, late, only for notice."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as Paper

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.core import clock
from chuangwen.core.asked import asked_sources
from chuangwen.core.files.services import Upload
from chuangwen.core.models import Attachment
from chuangwen.core.panels import AgendaAsk, due_sources
from chuangwen.core.workdays import ZONE
from chuangwen.directives.agenda import late_letters
from chuangwen.directives.letter_papers import answer_paper
from chuangwen.directives.models import Document, Letter, LetterSlip
from chuangwen.directives.queries.letters import replies_of
from chuangwen.directives.reading import NeedsRecognition
from chuangwen.directives.services import letter_answers, letters, slips
from chuangwen.directives.services.letter_answers import AnswerSignature, Sent
from chuangwen.directives.services.letters import Received, SameLetter, SecretPaper
from chuangwen.directives.services.slips import Routing, SlipAnswer
from chuangwen.directives.slips import CHOICE, NUMBER, SlipField
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.services import hold_post, name_post
from chuangwen.responsibilities.models import Instruction, Task, UnitBurden
from chuangwen.responsibilities.queries.instructions import in_standing
from chuangwen.responsibilities.services.burden import count_month
from chuangwen.responsibilities.services.repeating import Again, Repeated
from chuangwen.workflow.models import Step
from tests.accounts.making import bind
from tests.config.doors import picture
from tests.directives.making import SPEECH, Desk
from tests.support.factories import NOON, make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
TODAY, ANSWER_BY = date(2026, 11, 18), date(2026, 11, 25)
REPLY_BY = datetime(2026, 11, 23, 17, 30, tzinfo=ZONE)
SCAN = Upload("批示.png", picture())
FIELDS = [SlipField("是否参加", CHOICE, ("参加", "请假")), SlipField("人数", NUMBER)]


@pytest.fixture
def desk():
    with clock.at(NOON):
        made = Desk()
        made.liaison = make_user(Role.LIAISON, made.city)
        made.mayor = name_post(made.root, PostKind.FIRST, "市长", actor=None)
        made.leader = make_user(Role.LEADER, made.root)
        hold_post(made.mayor, made.leader, starts=date(2026, 1, 1), actor=None)
        yield made


def received(**fields):
    values = {"sender": "省文明办", "paper_number": "省文明办〔2026〕31号", "title": "关于召开全省推进会的通知",
              "received_on": TODAY, "due_on": ANSWER_BY, "papers": [Upload("通知.txt.png", picture())]}  # fmt: skip
    return Received(**values | fields)


def register(desk, **fields):
    return letters.register_letter(desk.campaign, received(**fields), actor=desk.office)


def route(desk, letter, *units, **fields):
    values = {"units": units or (desk.city, desk.east), "due_at": REPLY_BY, "reply": "填报回执", "fields": FIELDS}
    return slips.route_letter(letter, Routing(**values | fields), actor=desk.office)


def fresh(row):
    """The row as the next request finds it."""
    joined = ("letter__region", "task__unit", "task__region", "task__campaign", "task__instruction", "region")
    if isinstance(row, LetterSlip):
        return LetterSlip.objects.select_related(*joined).get(pk=row.pk)
    return Letter.objects.select_related("region", "campaign__region", "unit", "leader").get(pk=row.pk)


def test_letter_is_registered_once_and_the_second_led_to_the_first(desk):
    letter = register(desk)
    assert (letter.number, letter.state, letter.unit) == ("S2026-0001", "registered", desk.root)
    assert Attachment.objects.get(owner_type="directives.letter").owner_id == letter.pk
    assert Entry.objects.filter(action="directives.letter.register").count() == 1
    with pytest.raises(SameLetter) as known:
        register(desk, paper_number="省文明办 [2026] 31 号", title="另一个标题")
    assert (known.value.letter, str(known.value)) == (
        letter, "省文明办的“省文明办〔2026〕31号”已登记，收文号S2026-0001。请打开已有的那份继续；没有新增。"
    )  # fmt: skip
    assert register(desk, sender="市委宣传部").number == "S2026-0002"
    letters.withdraw_letter(letter, reason="登记重复", actor=desk.office)
    assert register(desk).number == "S2026-0003"


def test_same_letter_is_shown_with_the_way_to_the_first(desk, sign_in):
    client, first = sign_in(desk.office), register(desk)
    fields = {"sender": "省文明办", "paper_number": "省文明办（2026）31号", "title": "通知"}
    fields |= {"received_on": "2026-11-18", "urgency": "ordinary"}
    answer = client.post(reverse("directives:letter_new"), fields)
    page = answer.content.decode()
    assert (answer.status_code, Letter.objects.count()) == (422, 1)
    assert f'href="{reverse("directives:letter", args=[first.pk])}"' in page
    assert "这件来文已登记：S2026-0001《关于召开全省推进会的通知》。" in page
    assert 'value="省文明办（2026）31号"' in page
    answer = client.post(reverse("directives:letter_new"), fields | {"paper_number": "无"})
    assert (answer.status_code, Letter.objects.count()) == (302, 2)


@pytest.mark.parametrize(
    ("fields", "grade"),
    [
        ({"title": "【机密】关于调研的函"}, "机密"),
        ({"papers": [Upload("函.txt", "秘密★1年\n\n关于调研的函".encode())]}, "秘密"),
        ({"papers": [SCAN, Upload("绝密★函.png", picture())]}, "绝密"),
    ],
)
def test_secret_paper_is_refused_and_nothing_of_it_kept(desk, fields, grade):
    words = said(register, desk, error=SecretPaper, **fields)
    assert words == (
        f"这份文件标有“{grade}”。涉密文件不得进入本系统，内容没有保存。请按保密规定用纸质件办理，并删除这台电脑上的副本。"
    )
    assert (Letter.objects.count(), Attachment.objects.count()) == (0, 0)


def test_entry_that_cannot_be_is_refused_in_words(desk):
    refused = {
        "没有写明来文单位。照来文填写；没有文号的写“无”。": {"sender": " "},
        "没有填来文字号。照来文填写；没有文号的写“无”。": {"paper_number": ""},
        "没有填标题。照来文填写；没有文号的写“无”。": {"title": ""},
        "收到日期早于成文日期。请核对两个日期。": {"dated": date(2026, 11, 19)},
        "要求回复日期11月17日(周二)早于收文日期。请核对两个日期。": {"due_on": date(2026, 11, 17)},
    }
    assert {said(register, desk, **fields): fields for fields in refused.values()} == refused
    assert said(register, desk, received_on=date(2026, 11, 19)).endswith("请填收到的日期。")


def test_letter_goes_from_proposal_over_leader_and_units_to_its_answer(desk, sign_in):
    letter = register(desk, urgency="urgent")
    letters.propose_handling(letter, proposal="请城管局、东关街道参会", leader=desk.mayor, actor=desk.office)
    told = Notice.objects.get(user=desk.leader)
    assert (letter.state, told.title, told.urgent) == ("leader", "来文待您批示：关于召开全省推进会的通知", True)
    client, page = sign_in(desk.leader), reverse("directives:letter", args=[letter.pk])
    assert "1件来文待您批示" in client.get(reverse("desk:desk")).content.decode()
    assert "请您批示" in client.get(page).content.decode()
    written = {"post": desk.mayor.pk, "content": "请城管局局长参会，办公室汇总。"}
    assert client.post(reverse("directives:letter_words", args=[letter.pk]), written).status_code == 302
    letter = fresh(letter)
    given = Instruction.objects.get()
    assert (letter.state, given.medium, given.on_letter, list(letter.instructions.all())) == (
        "passing", "screen", True, [given]
    )  # fmt: skip
    assert Instruction.objects.filter(in_standing("unassigned", desk.office)).count() == 0
    assert Instruction.objects.filter(in_standing("done", desk.office)).count() == 1
    made = route(desk, letter)
    tasks = list(Task.objects.order_by("pk"))
    assert [(one.origin, one.instruction, one.state, str(one.unit)) for one in tasks] == [
        ("letter", given, "issued", "市城管局"), ("letter", given, "issued", "东关街道")
    ]  # fmt: skip
    assert tasks[0].origin_url == reverse("directives:letter_slip", args=[made[0].pk])
    assert Notice.objects.get(user=desk.liaison).url == tasks[0].origin_url
    slips.answer_slip(fresh(made[0]), SlipAnswer({"a1": "参加", "a2": 2}), actor=desk.liaison)
    assert said(letter_answers.sign_answer, fresh(letter), AnswerSignature("市长", TODAY), actor=desk.leader) == (
        "还有1个单位没有回复。请催办，或写明理由免报。"
    )
    slips.answer_slip(fresh(made[1]), SlipAnswer({"a1": "请假", "a2": 0}, "分管领导出差"), actor=desk.office)
    assert Step.objects.filter(object_id=tasks[1].pk, action="report").get().on_behalf == "东关街道"
    letter = fresh(letter)
    assert said(letter_answers.sign_answer, letter, AnswerSignature("市长", TODAY), actor=desk.leader) == (
        "回复还没有起草。请先起草。"
    )
    letter_answers.write_answer(letter, answer="现将参会情况报告如下。", actor=desk.office)
    letter_answers.sign_answer(letter, AnswerSignature("市长", TODAY), actor=desk.leader)
    letter_answers.send_answer(letter, Sent("云文明办〔2026〕9号", TODAY), actor=desk.office)
    letter = fresh(letter)
    assert (letter.state, letter.answer_number, letter.answered_on) == ("answered", "云文明办〔2026〕9号", TODAY)
    assert set(Task.objects.values_list("state", flat=True)) == {"confirmed"}
    paper = Paper(io.BytesIO(answer_paper(letter, replies_of(letter))))
    assert [[cell.text for cell in row.cells] for row in paper.tables[0].rows] == [
        ["序号", "单位", "是否参加", "人数", "补充说明"], ["1", "市城管局", "参加", "2", ""],
        ["2", "东关街道", "请假", "0", "分管领导出差"], ["", "合计", "参加 1，请假 1", "2", ""],
    ]  # fmt: skip
    words = "\n".join(one.text for one in paper.paragraphs)
    assert "关于《关于召开全省推进会的通知》的回复\n云文明办〔2026〕9号" in words
    assert "省文明办：\n现将参会情况报告如下。" in words


def test_office_enters_the_leaders_words_from_the_sheet(desk):
    letter = register(desk)
    enter = letters.enter_words
    words = {"content": "请阅处", "actor": desk.office, "written_on": TODAY}
    assert said(enter, letter, desk.mayor, medium="paper", **words).startswith("还没有批示件的扫描件。")
    enter(letter, desk.mayor, medium="spoken", **words)
    step = Step.objects.get(object_type="directives.letter", action="instruct")
    assert (letter.state, letter.leader, step.note, step.on_behalf) == (
        "passing", desk.mayor, "请阅处", str(desk.mayor)
    )  # fmt: skip
    with pytest.raises(PermissionDenied):
        enter(letter, desk.mayor, content="x", actor=desk.liaison)


def test_slip_is_answered_on_the_phone_in_one_form(desk, sign_in):
    letter = register(desk)
    slip = route(desk, letter, desk.city)[0]
    client, page = sign_in(desk.liaison), reverse("directives:letter_slip", args=[slip.pk])
    start = client.get(reverse("desk:desk")).content.decode()
    assert f'href="{page}"' in start
    assert "个新任务待接收" not in start
    shown = client.get(page).content.decode()
    assert shown.count('type="radio"') == 2
    assert client.get(reverse("responsibilities:step", args=[slip.task_id, "report"])).url == page
    bad = client.post(page, {"a1": "参加", "a2": "许多"})
    assert (bad.status_code, "请输入整数" in bad.content.decode() or "整数" in bad.content.decode()) == (422, True)
    assert client.post(page, {"a1": "参加", "a2": "2"}).status_code == 302
    slip = fresh(slip)
    assert (slip.values, slip.task.state) == ({"a1": "参加", "a2": "2"}, "reported")
    actions = Step.objects.filter(object_type="responsibilities.task", object_id=slip.task_id)
    assert list(actions.order_by("pk").values_list("action", flat=True))[-2:] == ["accept", "report"]
    assert said(slips.answer_slip, slip, SlipAnswer({"a1": "请假", "a2": 0}), actor=desk.liaison) == (
        "这份回执不需要回复：待确认。要修改回复，请创建办退回。"
    )
    slips.return_slip(slip, reason="人数不对", actor=desk.office)
    assert "退回原因：人数不对" in client.get(page).content.decode()
    assert client.post(page, {"a1": "参加", "a2": "3", "note": "已核"}).status_code == 302
    assert fresh(slip).values["a2"] == "3"


def test_slip_behind_a_link_without_a_password(desk, sign_in):
    letter = register(desk)
    slip = route(desk, letter, desk.east)[0]
    person = make_user(Role.LIAISON, desk.east)
    listed = sign_in(desk.office).post(reverse("directives:letter_links", args=[letter.pk])).content.decode()
    path = re.search(r"http://[^/]+(/m/[\w-]{43}/)", listed)[1]
    client = bind(person, desk.office)
    page = client.get(path).content.decode()
    assert ("关于召开全省推进会的通知" in page, "登录后可看" in page) == (True, False)
    letters.change_letter(letter, received(papers=[Upload("通知.docx", _docx("通知"))]), actor=desk.office)
    page = client.get(path).content.decode()
    assert (page.count("cw-content__page"), "来文原件（通知.docx）登录后可看。" in page) == (1, True)
    assert client.post(f"{path}reply/", {"a1": "也许", "a2": "1"}).status_code == 422
    assert client.post(f"{path}reply/", {"a1": "参加", "a2": "1"}).status_code == 302
    assert fresh(slip).task.state == "reported"


def test_slip_without_fields_wants_a_few_words_or_a_paper(desk):
    letter = register(desk, title="关于报送情况的函")
    one, other = route(desk, letter, fields=())
    assert said(slips.answer_slip, fresh(one), SlipAnswer(), actor=desk.liaison) == "回复是空的。写几句话，或附上文件。"
    slips.answer_slip(fresh(one), SlipAnswer(note="已完成46处"), actor=desk.liaison)
    slips.answer_slip(fresh(other), SlipAnswer(papers=[SCAN]), actor=desk.office)
    notes = Step.objects.filter(action="report").order_by("pk").values_list("note", flat=True)
    assert list(notes) == ["已完成46处", "批示.png"]


def test_who_is_missing_is_reminded_let_off_and_listed(desk, sign_in):
    letter = register(desk)
    client, page = sign_in(desk.office), reverse("directives:letter_slips", args=[letter.pk])
    assert "还没有请单位回复" in client.get(page).content.decode()
    one, other = route(desk, letter)
    assert sign_in(desk.liaison).get(page).url == reverse("directives:letter_slip", args=[one.pk])
    client = sign_in(desk.office)
    first = costs(client, page)
    route(desk, fresh(letter), desk.schools, desk.west)
    assert costs(client, page) == first
    assert "市城管局：未报：关于召开全省推进会的通知" in client.get(f"{page}?format=message").content.decode()
    told = Notice.objects.filter(user=desk.liaison).count()
    client.post(page, {"bulk": "remind", "id": [one.pk]})
    assert Notice.objects.filter(user=desk.liaison).count() == told + 1
    client.post(page, {"bulk": "waive", "id": [other.pk], "sure": "1", "reason": "不涉及"})
    assert fresh(other).task.state == "cancelled"
    listed = client.get(reverse("directives:letters")).content.decode()
    assert "3个单位中0个已回复" in listed
    assert said(route, desk, fresh(letter), desk.city) == "市城管局已收到这件来文。去掉它，或打开它的回执。"
    assert said(slips.remind_slip, fresh(other), actor=desk.office) == "东关街道没有要回复的。不用再办。"


def test_units_reply_before_the_answer_is_due(desk):
    letter = register(desk)
    late = datetime(2026, 11, 26, 17, 30, tzinfo=ZONE)
    assert said(route, desk, letter, due_at=late) == (
        "单位回复会晚于来文要求的11月25日(周三)。请提前一些，给办公室留出汇总时间。"
    )
    assert said(route, desk, letter, fields=[SlipField("参加", CHOICE, ("是",))]).startswith(
        "“参加”要有二至八个简短的选项。"
    )
    assert letter.slips.count() == 0


def test_what_repeats_an_open_request_needs_a_reason(desk):
    first = register(desk, title="关于报送农贸市场整治情况的通知")
    route(desk, first, desk.city, fields=())
    second = register(desk, title="报送农贸市场整治情况", paper_number="〔2026〕32号")
    assert "已" in said(route, desk, second, desk.city, fields=(), error=Repeated)
    assert (second.slips.count(), fresh(second).state) == (0, "registered")
    route(desk, fresh(second), desk.city, fields=(), again=Again("省里另要一份"))
    assert fresh(second).state == "handled"


def test_letter_is_read_for_directives_once(desk, sign_in):
    letter = register(desk, papers=[Upload("讲话.docx", _docx(SPEECH))])
    client, press = sign_in(desk.office), reverse("directives:letter_read", args=[letter.pk])
    first = client.post(press)
    document = Document.objects.get()
    assert first.url == reverse("directives:review", args=[document.pk])
    assert client.post(press).url == first.url
    assert (Document.objects.count(), document.title, document.candidates.count() > 2) == (1, letter.title, True)
    page = client.get(reverse("directives:letter", args=[letter.pk])).content.decode()
    assert (first.url in page, press in page) == (True, False)


def test_paper_that_was_uploaded_before_leads_to_that_document(desk):
    known = desk.document(SPEECH)
    letter = register(desk, papers=[Upload("x.docx", _docx("通知"))])
    assert letters.read_letter(letter, actor=desk.office).pk != known.pk
    bare = register(desk, papers=(), paper_number="无")
    assert said(letters.read_letter, bare, actor=desk.office) == "这件来文没有文件。请先补上文件。"


def test_scan_is_read_by_a_job(desk, sign_in, monkeypatch):
    def needs(name, *_more):
        raise NeedsRecognition(name, "是扫描件", "用后台任务识别")

    letter = register(desk)
    monkeypatch.setattr("chuangwen.directives.services.documents.read_document", needs)
    answer = sign_in(desk.office).post(reverse("directives:letter_read", args=[letter.pk]))
    assert answer.status_code == 302
    assert "/jobs/" in answer.url


def test_only_for_notice_and_answered_after_all(desk):
    letter = register(desk, only_notice=True, due_on=None)
    assert letter.state == "notice"
    letters.reopen_letter(letter, actor=desk.office)
    letters.take_letter(letter, actor=desk.office)
    letter_answers.write_answer(letter, answer="已阅知。", actor=desk.office)
    assert said(letter_answers.sign_answer, letter, AnswerSignature("市长", TODAY), actor=desk.office).startswith(
        "缺少签字页扫描件。"
    )
    signed = AnswerSignature("市长", TODAY, [SCAN])
    letter_answers.sign_answer(letter, signed, actor=desk.office)
    letter_answers.redraft_answer(letter, reason="错字", actor=desk.office)
    assert (letter.state, letter.signed_as, letter.signed_on) == ("handled", "", None)
    letter_answers.sign_answer(letter, signed, actor=desk.office)
    assert said(letter_answers.send_answer, letter, Sent(" ", TODAY), actor=desk.office).startswith("没有填回复文号。")
    early = Sent("9号", TODAY - timedelta(days=1))
    assert said(letter_answers.send_answer, letter, early, actor=desk.office).startswith("发出日期不对。")


def test_letter_that_a_unit_answered_is_not_taken_out(desk):
    letter = register(desk)
    one, other = route(desk, letter)
    slips.answer_slip(fresh(one), SlipAnswer({"a1": "参加", "a2": 1}), actor=desk.liaison)
    assert said(letters.withdraw_letter, fresh(letter), reason="误登", actor=desk.office).startswith("已有单位回复。")
    second = register(desk, paper_number="无")
    letters.enter_words(second, desk.mayor, content="办", actor=desk.leader)
    sent = route(desk, second)
    letters.withdraw_letter(fresh(second), reason="误登", actor=desk.office)
    assert {fresh(one).task.state for one in sent} == {"cancelled"}
    assert Instruction.objects.get().withdrawn_at is not None
    assert fresh(other).task.state == "issued"


def test_late_answer_stands_on_desk_agenda_and_among_what_is_due(desk, sign_in):
    letter = register(desk)
    assert late_letters(AgendaAsk(desk.campaign, "regular", TODAY)) is None
    source = next(one for one in due_sources() if one.kind == "l")
    found = source.row(source.rows().get())
    assert (found.title, found.due, found.unit_id) == (
        "回复省文明办：关于召开全省推进会的通知", ANSWER_BY, desk.root.pk
    )  # fmt: skip
    with clock.at(NOON + timedelta(days=8)):
        point = late_letters(AgendaAsk(desk.campaign, "regular", date(2026, 11, 26)))
        assert (str(point.title), point.lines[0].text) == ("1件上级来文逾期未回复", letter.title)
        assert "1件上级来文逾期未回复" in sign_in(desk.office).get(reverse("desk:desk")).content.decode()
    letters.file_letter(letter, actor=desk.office)
    assert (source.rows().count(), late_letters(AgendaAsk(desk.campaign, "regular", date(2026, 11, 26)))) == (0, None)


def test_burden_meter_counts_a_slip_as_one_report_and_no_task(desk):
    route(desk, register(desk))
    kinds = {one.kind for one in asked_sources()}
    assert {"task", "report"} <= kinds
    count_month(desk.root.region, date(2026, 11, 1))
    told = UnitBurden.objects.get(unit=desk.city)
    assert (Task.objects.count(), told.tasks, told.reports, told.asked) == (2, 0, 1, 1)


def test_unit_sees_its_own_letter_and_slip_alone(desk, sign_in):
    letter = register(desk)
    one, other = route(desk, letter)
    client = sign_in(desk.liaison)
    page = client.get(reverse("directives:letter", args=[letter.pk])).content.decode()
    assert ("市城管局" in page, "东关街道" in page) == (True, False)
    assert client.get(reverse("directives:letter_slip", args=[other.pk])).status_code == 404
    stranger = sign_in(make_user(Role.LIAISON, desk.west))
    assert stranger.get(reverse("directives:letter", args=[letter.pk])).status_code == 404
    assert stranger.get(reverse("directives:letter_slip", args=[one.pk])).status_code == 404


def test_first_step_of_a_letter_shows_two_ways_and_holds_the_rest_in_a_menu(desk, sign_in):
    letter = register(desk)
    page = sign_in(desk.office).get(reverse("directives:letter", args=[letter.pk])).content.decode()
    step = page.split("cw-next__acts")[1].split("</section>")[0]
    shown, menu = step.split('id="cw-rare-actions"')
    labels = [[one.split("<")[0] for one in part.split("</svg>")[1:]] for part in (shown, menu)]
    assert labels == [
        ["拟办", "分办到单位", "其他办法"],
        ["录入领导批示", "由办公室自行回复", "阅知", "登记有误"],
    ]


def test_steps_of_the_office_on_screen(desk, sign_in):
    client, letter = sign_in(desk.office), register(desk)

    def act(name, **data):
        return client.post(reverse("directives:letter_act", args=[letter.pk, name]), data)

    proposal = {"proposal": "请城管局办理", "leader": f"#{desk.mayor.pk}"}
    assert act("propose", **proposal).status_code == 302
    form = client.get(reverse("directives:letter_act", args=[letter.pk, "route"])).content.decode()
    assert ('value="2026-11-23"' in form, 'value="是否参加"' in form) == (True, True)
    sent = {
        "units": [f"#{desk.city.pk}"],
        "due": "2026-11-23",
        "reply": "填报回执",
        "label1": "人数",
        "kind1": "number",
    }
    assert act("route", **sent).status_code == 302
    assert fresh(letter).slip == [{"key": "a1", "label": "人数", "kind": "number", "choices": []}]
    sheet = client.get(reverse("directives:letter_sheet", args=[letter.pk])).content.decode()
    assert ("请城管局办理" in sheet, "文件处理单" in sheet) == (True, True)
    changed = {"sender": "省文明办", "paper_number": "31号", "title": "改过的标题", "received_on": "2026-11-18",
               "urgency": "most"}  # fmt: skip
    assert client.post(reverse("directives:letter_change", args=[letter.pk]), changed).status_code == 302
    assert (fresh(letter).title, fresh(letter).urgency) == ("改过的标题", "most")
    slips.answer_slip(fresh(letter.slips.get()), SlipAnswer({"a1": 4}), actor=desk.liaison)
    written = client.get(reverse("directives:letter_answer", args=[letter.pk])).content.decode()
    assert "现将1个单位的回复汇总报告如下（见附表）。" in written
    assert client.post(reverse("directives:letter_answer", args=[letter.pk]), {"answer": "报告"}).status_code == 302
    signed = {"signed_as": "市长", "signed_on": "2026-11-18", "scans": io.BytesIO(picture())}
    assert client.post(reverse("directives:letter_sign", args=[letter.pk]), signed).status_code == 302
    assert act("send", answer_number="9号", answered_on="2026-11-18").status_code == 302
    assert fresh(letter).state == "answered"
    word = client.get(reverse("directives:letter_word", args=[letter.pk]))
    assert word["Content-Type"].endswith("wordprocessingml.document")
    first = costs(client, reverse("directives:letters") + "?tab=all")
    register(desk, paper_number="无")
    register(desk, paper_number="33号")
    assert costs(client, reverse("directives:letters") + "?tab=all") == first


def test_services_ask_for_the_permission(desk):
    letter = register(desk)
    slip, other = fresh(route(desk, letter, desk.city)[0]), register(desk, paper_number="无")
    signed = register(desk, paper_number="1号")
    Letter.objects.filter(pk=signed.pk).update(state="signed")
    for act in (
        lambda who: letters.register_letter(desk.campaign, received(paper_number="x"), actor=who),
        lambda who: letters.change_letter(letter, received(), actor=who),
        lambda who: letters.propose_handling(letter, proposal="x", leader=None, actor=who),
        lambda who: letters.file_letter(other, actor=who),
        lambda who: letters.read_letter(letter, actor=who),
        lambda who: slips.route_letter(letter, Routing([desk.east], REPLY_BY, "x"), actor=who),
        lambda who: slips.return_slip(slip, reason="x", actor=who),
        lambda who: slips.let_off(slip, reason="x", actor=who),
        lambda who: slips.remind_slip(slip, actor=who),
        lambda who: letter_answers.write_answer(letter, answer="x", actor=who),
        lambda who: letter_answers.sign_answer(letter, AnswerSignature("x", TODAY), actor=who),
        lambda who: letter_answers.send_answer(fresh(signed), Sent("x", TODAY), actor=who),
    ):
        with pytest.raises(PermissionDenied):
            act(desk.liaison)


def costs(client, page):
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return len(asked)


def _docx(text):
    paper, buffer = Paper(), io.BytesIO()
    for line in text.splitlines():
        paper.add_paragraph(line)
    paper.save(buffer)
    return buffer.getvalue()
