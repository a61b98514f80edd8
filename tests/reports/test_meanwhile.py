"""What papers say elsewhere; what was done between looking and pressing; what the program does by itself."""

import io
from datetime import timedelta

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Conflict, Refusal
from chuangwen.core.files.services import read
from chuangwen.core.panels import counted
from chuangwen.reports import composing
from chuangwen.reports.beside import unit_papers
from chuangwen.reports.desk import desk
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.models import Bulletin, PaperForm, Receipt
from chuangwen.reports.services import (
    approve_bulletin,
    choose_photos,
    draft_bulletin,
    edit_bulletin,
    ensure_defaults,
    issue_bulletin,
    keep_pdf,
    propose_release,
    receive_bulletin,
    refresh_figures,
    remind_units,
    set_template,
    submit_bulletin,
    withdraw_bulletin,
)
from chuangwen.reports.sheet import from_json
from chuangwen.reports.workbook import workbook_of
from chuangwen.workflow.models import Step
from tests.reports.making import LATER, WEEK
from tests.reports.test_ledgers import instruct
from tests.reports.test_placeholders import template
from tests.support.asking import asked_by
from tests.support.factories import NOON, make_problem, make_root, make_task, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def lines(user):
    return [(one.group, str(one.title), str(one.action)) for one in counted(desk(asked_by(user)))]


def test_start_page_calls_for_the_approval_the_issue_and_the_release_of_others_papers(office):
    made = office.submitted()
    assert lines(office.office) == []
    assert lines(office.leader) == [("decide", f"待审批：{made.title}", "审批")]
    approve_bulletin(made, actor=office.leader)
    assert lines(office.leader) == []
    assert lines(office.office) == [("decide", f"待签发：{made.title}", "签发")]
    issue_bulletin(made, actor=office.office)
    propose_release(made, actor=office.office)
    assert lines(office.office) == []
    assert lines(office.colleague) == [("decide", f"待公开：{made.title}", "公开")]


def test_start_page_of_a_unit_lists_four_papers_to_sign_for_and_counts_the_rest(office):
    made = [office.issued() for _number in range(4)]
    told = [("mine", one.title, "签收") for one in made]
    assert lines(office.liaison) == told
    office.issued()
    assert lines(office.liaison) == [*told, ("mine", "共有5份文件待签收", "")]
    assert lines(make_user(Role.LIAISON, office.root)) == []


def test_without_a_campaign_nobody_is_asked_for_the_months_bulletin():
    with clock.at(NOON.replace(day=30)):
        assert lines(make_user(Role.OFFICE, make_root())) == []


def test_unit_shows_its_latest_papers_and_whether_it_signed(office):
    first, second = office.issued(), office.issued()
    receive_bulletin(first.receipts.get(unit=office.unit), actor=office.liaison)
    panel = unit_papers(asked_by(office.office), office.unit)
    numbers = {str(line.sub).split()[0] for line in panel.context["lines"]}
    assert numbers == {first.number, second.number}
    assert sorted((str(one.end), one.tone) for one in panel.context["lines"]) == [
        ("11月20日12:00签收", ""), ("未签收", "bad"),
    ]  # fmt: skip
    assert unit_papers(asked_by(make_user()), office.unit) is None
    assert unit_papers(asked_by(office.office), office.root) is None


def test_report_on_work_says_what_is_to_be_coordinated_and_what_comes_next(office):
    disputed = make_task(office.unit, campaign=office.campaign, state="objected", title="路权", due_at=LATER)
    ahead = make_task(office.unit, campaign=office.campaign, title="绿化", due_at=NOON + timedelta(days=9))
    make_task(office.unit, campaign=office.campaign, title="远", due_at=NOON + timedelta(days=40))
    make_task(office.unit, campaign=office.campaign, title="草稿", state="draft", due_at=LATER)
    row = from_json(office.draft(kind=PaperKind.WORK).snapshot.sheet).rows[0]
    told = (row.values["coordinate"], row.values["next"], row.values["focus"])
    assert told == ("有异议：路权", "绿化", "路权；1件问题到期")
    assert (row.refs["coordinate"], row.refs["next"]) == ((disputed.pk,), (ahead.pk,))


def test_problem_returned_in_the_period_is_counted_and_an_earlier_return_is_not(office):
    for problem, at in ((office.late, NOON), (office.late, NOON - timedelta(days=9)), (office.good, LATER)):
        values = {"object_type": "rectification.problem", "object_id": problem.pk, "action": "return"}
        Step.objects.create(region=problem.region, at=at, actor_name="核查员", **values)
    sheet = from_json(office.draft().snapshot.sheet)
    assert {row.name: row.values["returned"] for row in sheet.rows} == {"市城管局": 1, "东关街道": 1}
    assert sheet.total.values["returned"] == 2


def test_pdf_that_somebody_kept_meanwhile_is_the_only_one(office, monkeypatch, settings):
    settings.SOFFICE = "/bin/sh"
    ensure_defaults(office.root.region, actor=office.office)
    form = PaperForm.objects.get(kind=PaperKind.RECTIFICATION)
    set_template(form, template("{{ 标题 }}"), "周报.docx", actor=office.office)
    made = office.submitted()
    with pytest.raises(Refusal, match="没有生效"):
        keep_pdf(made, actor=office.office)
    approve_bulletin(made, actor=office.leader)
    settings.SOFFICE = "0"
    issue_bulletin(made, actor=office.office)
    settings.SOFFICE = "/bin/sh"
    answers = [b"%PDF-1.7 mine", b"%PDF-1.7 theirs"]

    def convert(_word, _program, **_how):
        """LibreOffice takes its time: meanwhile a colleague presses the same button."""
        if len(answers) == 2:
            answers.pop()
            keep_pdf(Bulletin.objects.get(pk=made.pk), actor=office.colleague)
        return answers[0]

    monkeypatch.setattr(composing, "pdf_from_word", convert)
    with pytest.raises(Conflict, match="已经有了"):
        keep_pdf(made, actor=office.office)
    kept = Bulletin.objects.get(pk=made.pk)
    assert (read(kept.pdf.file), Step.objects.filter(action="pdf").count()) == (b"%PDF-1.7 mine", 1)


def test_what_the_program_does_itself_needs_no_person_and_says_so(office):
    made = draft_bulletin(office.campaign, PaperKind.RECTIFICATION, WEEK, actor=None)
    edit_bulletin(made, title="周报", addressee="", body="文", units=[office.unit], revision=1, actor=None)
    refresh_figures(made, revision=2, actor=None)
    choose_photos(made, [], looked=False, revision=3, actor=None)
    steps = Step.objects.filter(object_type="reports.bulletin", object_id=made.pk).order_by("pk")
    assert list(steps.values_list("action", "actor_id")) == [
        ("draft", None), ("edit", None), ("refresh", None), ("photos", None),
    ]  # fmt: skip
    submit_bulletin(made, actor=office.office)
    approve_bulletin(made, actor=office.leader)
    issue_bulletin(made, actor=office.office)
    assert remind_units(made, actor=None) == 1
    receive_bulletin(Receipt.objects.get(), actor=None, on_behalf="市城管局")
    assert (Receipt.objects.get().received_by, Receipt.objects.get().received_at) == (None, LATER)


def test_paper_withdrawn_meanwhile_is_not_signed_for(office):
    made = office.issued()
    withdraw_bulletin(made, reason="数字有误", actor=office.office)
    with pytest.raises(Refusal, match="没有生效"):
        receive_bulletin(made.receipts.get(unit=office.unit), actor=office.liaison)
    assert not Receipt.objects.filter(received_at__isnull=False).exists()


def told_by(bulletin):
    """The first row of the workbook below its heads, by head."""
    cells = [list(row) for row in load_workbook(io.BytesIO(workbook_of(bulletin))).active.iter_rows(values_only=True)]
    at = next(number for number, row in enumerate(cells) if row[0] in {"单位", "批示人"})
    return dict(zip(cells[at], cells[at + 1], strict=True))


def test_table_for_other_systems_writes_days_as_days_and_changes_with_their_sign(office):
    week = timedelta(days=7)
    for pk in (office.unit, office.other):
        make_problem(pk, state="closed", closed_in_time=pk == office.other, due_at=NOON - week, fixed_at=NOON - week)
    assert told_by(office.draft())["环比"] == "+100"
    instruct(office, office.unit)
    row = told_by(office.draft(kind=PaperKind.INSTRUCTIONS))
    assert (row["日期"].date(), row["内容"]) == (NOON.date(), "请立即整改。")


def test_rows_of_a_report_on_work_open_their_tasks(sign_in, office):
    task = make_task(office.unit, campaign=office.campaign, due_at=LATER)
    made = office.draft(kind=PaperKind.WORK)
    shown = sign_in(office.office).get(reverse("reports:rows", args=[made.pk, 1, "focus"])).content.decode()
    assert reverse("responsibilities:task", args=[task.pk]) in shown
