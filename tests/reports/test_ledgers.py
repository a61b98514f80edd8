"""Papers that list matters: their columns are those of practice.md, and each is filled from the ledger."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation

from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.services import name_post
from chuangwen.rectification.services import enter_answer_number
from chuangwen.reports.composing import sheet_of, table_of
from chuangwen.reports.enums import PaperKind
from chuangwen.reports.forms import EditForm
from chuangwen.reports.periods import month_of, week_of
from chuangwen.reports.services import edit_bulletin
from chuangwen.responsibilities.models import Medium, WeekReport
from chuangwen.responsibilities.services import (
    Errand,
    accept_task,
    add_measures,
    confirm_task,
    confirm_week,
    open_week,
    report_task,
    withdraw_instruction,
    write_instruction,
)
from tests.reports.making import LATER, Office
from tests.support.factories import DAY, NOON, make_campaign, make_problem, make_task, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MONTH = month_of(DAY)
# practice.md, Papers and their columns; the first stands for the row, money and its source are one field
COLUMNS = {
    PaperKind.RECTIFICATION: [
        "单位",
        "新交办",
        "应办结",
        "按期",
        "逾期办结",
        "逾期未结",
        "未销号",
        "长期",
        "退回",
        "回潮",
        "按期率",
        "环比",
    ],
    PaperKind.SUPERIOR: ["问题", "批次", "原文序号", "照片", "牵头", "时限", "结果", "回复文号"],
    PaperKind.HARD: ["问题", "牵头", "成因", "资金及来源", "临时措施", "节点", "协调领导"],
    PaperKind.WORK: ["单位", "本周重点", "完成", "困难", "需协调事项", "下周安排", "审核人"],
    PaperKind.INSTRUCTIONS: ["批示人", "内容", "日期", "承办单位", "时限", "结果"],
}


@pytest.fixture
def office():
    with clock.at(NOON):
        yield Office()


def instruct(office, *units, written=DAY, content="请立即整改。", campaign=None):
    post = office.root.posts.filter(kind=PostKind.FIRST).first() or name_post(
        office.root, PostKind.FIRST, "市长", actor=None
    )
    errand = Errand(units, NOON + timedelta(days=3), "报结果") if units else None
    return write_instruction(
        campaign or office.campaign, post, about="路灯", content=content, medium=Medium.SPOKEN, written_on=written,
        actor=office.office, errand=errand,
    )  # fmt: skip


def lines(bulletin):
    with translation.override("zh-hans"):
        table = table_of(bulletin.kind, sheet_of(bulletin))
    return [dict(zip(table.heads, row, strict=True)) for row in table.rows]


@pytest.mark.parametrize("kind", COLUMNS)
def test_columns_are_those_that_offices_print(office, kind):
    make_problem(office.unit, source="superior", state="long-term")
    make_task(office.unit, campaign=office.campaign)
    instruct(office, office.unit)
    with translation.override("zh-hans"):
        heads = table_of(kind, sheet_of(office.draft(kind=kind))).heads
    assert heads[: len(COLUMNS[kind])] == COLUMNS[kind]


def test_handling_sheet_tells_who_wrote_what_who_handles_it_and_what_came_of_it(office):
    made = instruct(office, office.unit, office.other)
    task = made.tasks.get(unit=office.unit)
    accept_task(task, actor=office.liaison)
    add_measures(task, measures="换灯", people="市政科", actor=office.liaison)
    report_task(task, note="已修复", actor=office.liaison)
    bulletin = office.draft(kind=PaperKind.INSTRUCTIONS, period=MONTH)
    assert lines(bulletin) == [
        {
            "批示人": made.signed_as, "内容": "请立即整改。", "日期": "11月18日(周三)",
            "承办单位": "市城管局、东关街道", "时限": "11月21日12:00", "结果": "等回复：市城管局：已修复",
        }
    ]  # fmt: skip
    assert bulletin.title == "批示件办理单（2026年11月）"
    assert bulletin.units.count() == 0


def test_handling_sheet_carries_over_what_is_not_settled_and_leaves_out_what_was_withdrawn(office):
    before = MONTH.first - timedelta(days=9)
    settled = instruct(office, office.unit, written=before, content="已办")
    task = settled.tasks.get()
    accept_task(task, actor=office.liaison)
    add_measures(task, measures="换灯", people="市政科", actor=office.liaison)
    report_task(task, note="好", actor=office.liaison)
    confirm_task(task, actor=office.office)
    instruct(office, office.unit, written=before, content="未办")
    withdraw_instruction(instruct(office, office.unit, content="撤回"), reason="有误", actor=office.office)
    instruct(office, office.unit, content="别的", campaign=make_campaign(office.root, name="另一个"))
    assert [row["内容"] for row in lines(office.draft(kind=PaperKind.INSTRUCTIONS, period=MONTH))] == ["未办"]


def test_row_of_the_handling_sheet_opens_its_instruction(sign_in, office):
    made = instruct(office, office.unit)
    bulletin = office.draft(kind=PaperKind.INSTRUCTIONS, period=MONTH)
    url = reverse("reports:rows", args=[bulletin.pk, 1, "name"])
    client = sign_in(office.office)
    assert url in client.get(reverse("reports:bulletin", args=[bulletin.pk])).content.decode()
    assert reverse("responsibilities:instruction", args=[made.pk]) in client.get(url).content.decode()


def test_ledger_of_superiors_feedback_prints_batch_number_and_answer(office):
    joined = make_problem(office.unit, source="superior", source_number="2026年省一轮-7", title="甲")
    make_problem(office.unit, source="superior", source_number="2026-118", title="乙")
    enter_answer_number(joined, number="云创建办〔2026〕8号", actor=office.office)
    found = {row["问题"]: row for row in lines(office.draft(kind=PaperKind.SUPERIOR))}
    told = [(row["批次"], row["原文序号"], row["回复文号"]) for row in (found["甲"], found["乙"])]
    assert told == [("2026年省一轮", "7", "云创建办〔2026〕8号"), ("2026-11-18", "2026-118", "")]


def test_report_on_work_says_who_checked_a_unit_who_did_not_confirm_and_whom_the_office_entered(office):
    make_task(office.unit, campaign=office.campaign)
    quiet = make_unit(office.root, name="市水务局")
    make_task(quiet, campaign=office.campaign, due_at=NOON + timedelta(days=40))
    with clock.at(LATER):
        assert open_week(office.campaign, week_of(DAY).first) == 3
        report = WeekReport.objects.get(unit=office.unit)
        confirm_week(report, actor=office.liaison, changes={"checked_by": "王科长"})
    bulletin = office.draft(kind=PaperKind.WORK)
    assert {row["单位"]: row["审核人"] for row in lines(bulletin)} == {"市城管局": "王科长", "东关街道": "未确认"}
    told = "1个单位已确认本单位周报；1个单位未确认，其内容由台账汇总；另有1个单位没有需要列入的事项。"
    assert told in bulletin.body.splitlines()
    given = {"title": "周报", "addressee": "", "body": "文", "units": []}
    edit_bulletin(bulletin, **given, revision=1, checked={office.other.pk: " 李四 "}, actor=office.office)
    bulletin.refresh_from_db()
    assert {row["单位"]: row["审核人"] for row in lines(bulletin)} == {"市城管局": "王科长", "东关街道": "李四"}
    with pytest.raises(Refusal, match="没有这个单位"):
        edit_bulletin(bulletin, **given, revision=2, checked={office.root.pk: "王五"}, actor=office.office)
    with pytest.raises(PermissionDenied):
        edit_bulletin(bulletin, **given, revision=2, checked={}, actor=office.leader)


def test_who_checked_is_typed_a_unit_a_line_and_a_line_that_names_none_is_told(office):
    make_task(office.other, campaign=office.campaign)
    bulletin = office.draft(kind=PaperKind.WORK)
    data = {"revision": 1, "title": "周报", "checked": "东关街道：李四\n\n 东关街道: 王五 "}
    form = EditForm(data, bulletin=bulletin)
    assert form.is_valid()
    assert form.cleaned_data["checked"] == {office.other.pk: "王五"}
    for line in ("市水务局：李四", "东关街道", "东关街道："):
        assert "认不出" in str(EditForm(data | {"checked": line}, bulletin=bulletin).errors["checked"])
    bulletin.checked = {str(office.other.pk): "李四"}
    assert EditForm(None, bulletin=bulletin).fields["checked"].initial == "东关街道：李四"
    assert "checked" not in EditForm(None, bulletin=office.draft()).fields
