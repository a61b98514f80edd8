"""The quarterly look-back: picked from all areas, trimmed, given to units, answered, judged, closed."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from docx import Document as Paper

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.core.lags import LagAsk
from chuangwen.core.panels import AgendaAsk, due_sources
from chuangwen.core.workdays import ZONE
from chuangwen.directives.models import Decision, Meeting, StudyTopic, WrittenCall, WrittenReport
from chuangwen.notifications.models import Notice
from chuangwen.organizations.models import RoleGrant
from chuangwen.responsibilities.services import postpone_task
from chuangwen.scoring.lags import falling_criteria
from chuangwen.supervision.agenda import look_back as on_agenda
from chuangwen.supervision.enums import LagState
from chuangwen.supervision.lags import sampled
from chuangwen.supervision.linking import Figure
from chuangwen.supervision.look_back_papers import study_sheet
from chuangwen.supervision.models import LagLine, LinkRule, LookBack, SupervisionNotice
from chuangwen.supervision.queries.linking import reached_in
from chuangwen.supervision.queries.look_backs import JOINED, judged_by_ledger, lines_of, with_returns
from chuangwen.supervision.services import look_backs as services
from chuangwen.supervision.services.look_backs import Numbers
from chuangwen.workflow.models import Step
from tests.supervision.making import MONDAY, NOW
from tests.support.factories import make_task, make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)
IN_QUARTER = datetime(2026, 10, 20, 4, tzinfo=ZONE)
DUE = date(2026, 12, 2)


@pytest.fixture
def late_task(world):
    return world.task(title="清运渣土")


@pytest.fixture
def campaign(late_task):
    return Campaign.objects.select_related("region").get(pk=late_task.campaign_id)


def made(world, campaign, **numbers):
    with clock.at(NOW):
        return services.make_look_back(campaign, TODAY, actor=world.office, numbers=Numbers(**numbers))


def given(world, campaign):
    look_back = made(world, campaign)
    with clock.at(NOW):
        services.give_look_back(look_back, due_on=DUE, actor=world.office)
    return look_back


def the(look_back, **named):
    return with_returns(LagLine.objects.select_related(*JOINED)).get(look_back=look_back, **named)


def closed_problem(world, number, **fields):
    values = {"state": "closed", "closed_at": IN_QUARTER, "fixed_at": IN_QUARTER, "number": number}
    return world.problem(**values | fields)


def test_list_is_picked_from_all_areas_each_matter_once(world, campaign, late_task):
    decided = make_task(world.unit, campaign=campaign, title="补齐台账", due_at=MONDAY, state="accepted")
    meeting = Meeting.objects.create(
        region=world.region, campaign=campaign, kind="regular", name="十月例会", day=date(2026, 10, 9),
        planned_day=date(2026, 10, 9), state="held",
    )  # fmt: skip
    Decision.objects.create(meeting=meeting, position=1, text="补齐台账").tasks.add(decided)
    moved = make_task(
        world.other, campaign=campaign, title="改造公厕", due_at=NOW + timedelta(days=2), state="accepted"
    )
    with clock.at(NOW):
        for days in (3, 5):
            postpone_task(moved, due_at=NOW + timedelta(days=days), reason="雨", actor=world.office)
    call = WrittenCall.objects.create(region=world.region, campaign=campaign, title="情况报告", due_at=IN_QUARTER)
    WrittenReport.objects.create(region=world.region, call=call, unit=world.other)
    old = closed_problem(world, "2026-0001", title="积水")
    world.problem(title="积水又现", recurrence_of=old, number="2026-0002")
    SupervisionNotice.objects.create(
        region=world.region, unit=world.other, number="2026-9001", colour="white", day=date(2026, 11, 2), state="sent",
        signer="clerk", proposed_at=IN_QUARTER, signed_at=IN_QUARTER, signed_name="创建办", due_at=IN_QUARTER, serial=1,
    )  # fmt: skip
    look_back = made(world, campaign)
    found = {one.title: (one.kind, one.fact, one.unit) for one in look_back.lines.select_related("unit")}
    assert (str(look_back), look_back.starts, look_back.ends) == (
        "2026年第4季度",
        date(2026, 10, 1),
        date(2026, 12, 31),
    )
    assert {title: (kind, unit) for title, (kind, _fact, unit) in found.items()} == {
        "补齐台账": ("decision", world.unit), "清运渣土": ("task", world.unit), "改造公厕": ("moved", world.other),
        "情况报告": ("report", world.other), "积水又现": ("back", world.unit),
        "白单 督白〔2026〕1号": ("notice", world.other),
    }  # fmt: skip
    assert found["补齐台账"][1] == "十月例会：逾期2个工作日"
    assert found["改造公厕"][1].startswith("已延期2次，现期限11月23日")
    assert found["积水又现"][1] == "2026-0001销号后回潮"


def test_why_a_matter_is_listed_is_kept_in_chinese_whatever_language_its_maker_reads(world, campaign):
    with translation.override("en"):
        look_back = made(world, campaign)
    assert the(look_back).fact == "逾期2个工作日"


def test_closed_problems_are_drawn_the_same_at_every_asking(world, campaign):
    for number in range(25):
        closed_problem(world, f"2026-1{number:03d}")
    ask = LagAsk(campaign, date(2026, 10, 1), date(2026, 12, 31), 2, 10)
    with clock.at(NOW):
        first, second = [one.key for one in sampled(ask)], [one.key for one in sampled(ask)]
        none = sampled(LagAsk(campaign, ask.first, ask.last, 2, 0))
        before = sampled(LagAsk(campaign, date(2026, 7, 1), date(2026, 9, 30), 2, 100))
    assert (first, len(first), none, before) == (second, 3, [], [])


def test_made_anew_keeps_what_was_left_out_and_given_out_it_stands(world, campaign, late_task):
    look_back = made(world, campaign)
    line = the(look_back)
    with clock.at(NOW):
        assert said(services.drop_line, line, reason=" ", actor=world.office).startswith("请")
        services.drop_line(line, reason="与市局合并考核", actor=world.office)
        assert said(services.give_look_back, look_back, due_on=DUE, actor=world.office) == (
            "清单上没有事项。没有滞后就不用下发。"
        )
    assert [(one.state, one.judgement) for one in made(world, campaign).lines.all()] == [("dropped", "与市局合并考核")]
    with clock.at(NOW):
        services.take_back_line(the(look_back), actor=world.office)
        assert said(services.give_look_back, look_back, due_on=date(2026, 11, 1), actor=world.office) == (
            "这一天已经过去。请给晚一些的时间。"
        )
        services.give_look_back(look_back, due_on=DUE, actor=world.office)
        told = Notice.objects.get(user=world.liaison)
        assert told.title == "季度“回头望”：请在12月2日(周三)前答复本单位事项"
        again = said(services.make_look_back, campaign, TODAY, actor=world.office)
        assert again == "这份清单已下发。清单不再改动。"
        assert said(services.drop_line, the(look_back), reason="x", actor=world.office) == "清单已下发，不再改动。"


def test_closed_problem_that_was_drawn_is_asked_whether_it_held_and_not_why_it_lags(
    world, campaign, late_task, sign_in
):
    closed_problem(world, "2026-0001", title="飞线")
    look_back = given(world, campaign)
    with clock.at(NOW):
        pages = [
            sign_in(world.liaison)
            .get(reverse("supervision:lag_line", args=[the(look_back, kind=kind).pk]))
            .content.decode()
            for kind in ("sample", "task")
        ]
    assert [[words in page for words in ("整改后是否保持住了", "销号日期", "滞后起始")] for page in pages] == [
        [True, True, False], [False, False, True],
    ]  # fmt: skip


def test_unit_answers_and_the_office_judges_by_the_ledger_or_by_hand(world, campaign, late_task):
    drawn = closed_problem(world, "2026-0001", title="飞线")
    look_back = given(world, campaign)
    task, sample = the(look_back, kind="task"), the(look_back, kind="sample")
    with clock.at(NOW):
        services.answer_line(task, answer="雨停后三天内清完", actor=world.liaison)
        assert said(services.close_look_back, look_back, actor=world.office).startswith("还有事项没有判定。")
        assert said(services.judge_by_ledger, sample, actor=world.office) == (
            "台账看不出“飞线”的现状。请到现场看过后人工判定。"
        )
        services.judge_line(sample, judgement="done", note="现场没有回潮", actor=world.office)
        services.judge_by_ledger(task, actor=world.office)
        assert (task.state, task.judgement) == ("still", "按11月18日(周三)台账")
        type(late_task).objects.filter(pk=late_task.pk).update(state="confirmed")
        services.judge_by_ledger(the(look_back, kind="task"), actor=world.office)
        assert the(look_back, kind="task").state == "done"
        services.close_look_back(look_back, actor=world.office)
        closed = the(look_back, kind="sample")
        assert said(services.judge_line, closed, judgement="gone", actor=world.office) == "清单现在不在单位手中。"
    world.problem(title="又来了", recurrence_of=drawn, number="2026-0009")
    assert judged_by_ledger(the(look_back, kind="sample")) == LagState.STILL


def test_answer_from_paper_names_the_unit_and_nobody_judges_the_own(world, campaign):
    look_back = given(world, campaign)
    line = the(look_back)
    with clock.at(NOW):
        services.answer_line(line, answer="已在整改", actor=world.office, at=NOW - timedelta(hours=3))
        step = Step.objects.get(object_type="supervision.lagline", action="answer")
        assert (step.on_behalf, line.answered_at) == ("城管局", NOW - timedelta(hours=3))
        insider = make_user(Role.OFFICE, world.root)
        RoleGrant.objects.create(region=world.region, user=insider, unit=world.unit, role="liaison", starts=TODAY)
        assert said(services.judge_line, line, judgement="done", actor=insider) == "由本单位以外的人判定。"
        with pytest.raises(PermissionDenied):
            services.judge_line(line, judgement="done", actor=world.liaison)
        assert said(services.judge_line, line, judgement="best", actor=world.office).startswith("没有这种判定。")


def test_what_still_lags_goes_on_a_notice_and_counts_for_the_linking_rules(world, campaign):
    look_back = given(world, campaign)
    line = the(look_back)
    with clock.at(NOW):
        assert said(services.press_lag, line, colour="yellow", actor=world.office) == (
            "“清运渣土”没有判定为仍未完成。请先判定。"
        )
        services.judge_line(line, judgement="still", actor=world.office)
        notice = services.press_lag(line, colour="yellow", actor=world.office)
        assert (notice.state, notice.reason, notice.items.get().task) == (
            "proposed", "2026年第4季度“回头望”后仍未完成。", line.task
        )  # fmt: skip
        assert said(services.press_lag, line, colour="yellow", actor=world.office).startswith("“清运渣土”已")
        rule = LinkRule.objects.get(region=world.region, figure=Figure.LAGGED_YEAR)
        assert (rule.number, reached_in(world.region, [rule], 2026)) == (3, [])
        rule.number = 1
        assert [(one.unit, one.day) for one in reached_in(world.region, [rule], 2026)] == [(world.unit.pk, TODAY)]
        topic = services.bring_before_group(line, actor=world.office)
        assert (topic.title, topic.why, topic.unit) == (
            "清运渣土", "2026年第4季度“回头望”：逾期2个工作日", world.unit
        )  # fmt: skip
        assert said(services.bring_before_group, line, actor=world.office).startswith("“清运渣土”已在议题库。")
        assert StudyTopic.objects.count() == 1


def test_what_lagged_in_the_look_back_before_is_marked(world, campaign):
    with clock.at(NOW):
        before = services.make_look_back(campaign, date(2026, 8, 1), actor=world.office)
        services.give_look_back(before, due_on=DUE, actor=world.office)
        services.judge_line(the(before), judgement="still", actor=world.office)
    assert the(made(world, campaign)).again


def test_program_makes_the_draft_once_in_the_first_weeks(world, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(state="running", starts=date(2026, 1, 1))
    with clock.at(NOW):
        assert services.look_back_on_last_quarter(world.region) == []
    with clock.at(datetime(2026, 10, 9, 9, tzinfo=ZONE)):
        type(world.task()).objects.filter(campaign=campaign).update(due_at=datetime(2026, 9, 1, 9, tzinfo=ZONE))
        found = services.look_back_on_last_quarter(world.region)
        assert [str(one) for one in found] == ["2026年第3季度"]
        assert services.look_back_on_last_quarter(world.region) == []
        assert Notice.objects.filter(user=world.office, title__startswith="季度“回头望”清单已生成").count() == 1


def test_it_stands_on_agenda_desk_and_among_what_is_due(world, campaign, sign_in):
    look_back = made(world, campaign)
    ask = AgendaAsk(campaign, "regular", TODAY)
    assert on_agenda(ask) is None
    with clock.at(NOW):
        assert "1份“回头望”清单待筛选下发" in sign_in(world.office).get(reverse("desk:desk")).content.decode()
        services.give_look_back(look_back, due_on=DUE, actor=world.office)
        assert str(on_agenda(ask).title) == "2026年第4季度“回头望”：滞后1项"
        line = the(look_back)
        source = next(one for one in due_sources() if one.kind == "b")
        row = source.row(source.rows().get())
        assert (row.title, row.due, row.unit_id) == ("回头望：清运渣土", DUE, world.unit.pk)
        page = sign_in(world.liaison).get(reverse("desk:desk")).content.decode()
        assert reverse("supervision:lag_line", args=[line.pk]) in page
        services.answer_line(line, answer="月底前", actor=world.liaison)
        assert source.rows().count() == 0
        assert "1份“回头望”有事项待判定" in sign_in(world.office).get(reverse("desk:desk")).content.decode()


def test_pages_from_draft_to_closed(world, campaign, sign_in):
    with clock.at(NOW):
        client = sign_in(world.office)
        fields = {"period": "2026-10-01", "moved": 2, "sample": 10}
        assert client.post(reverse("supervision:look_back_make"), fields | {"moved": 0}).status_code == 422
        answer = client.post(reverse("supervision:look_back_make"), fields)
        look_back = LookBack.objects.get()
        page = reverse("supervision:look_back", args=[look_back.pk])
        assert answer.url == page
        assert sign_in(world.liaison).get(page).status_code == 404
        client = sign_in(world.office)
        assert (
            client.post(reverse("supervision:look_back_give", args=[look_back.pk]), {"due_on": DUE}).status_code == 302
        )
        line = the(look_back)
        own = reverse("supervision:lag_line", args=[line.pk])
        liaison = sign_in(world.liaison)
        assert "清运渣土" in liaison.get(page).content.decode()
        assert liaison.post(reverse("supervision:lag_answer", args=[line.pk]), {"answer": ""}).status_code == 422
        assert liaison.post(reverse("supervision:lag_answer", args=[line.pk]), {"answer": "月底前"}).url == own
        other = sign_in(make_user(Role.LIAISON, world.other))
        assert other.get(own).status_code == 404
        shown = sign_in(world.liaison).get(reverse("supervision:look_backs"))
        one = shown.context["listing"].slice.rows[0]
        assert (one.listed, one.to_judge, "待下发" in shown.content.decode()) == (1, 1, False)
        opened = re.findall(rf'href="{page}\?tab=(\w+)">(\d+)<', shown.content.decode())
        assert opened == [("list", "1"), ("judge", "1")]  # a figure opens the matters that it counts
        client = sign_in(world.office)
        client.post(page, {"bulk": "judge", "id": [line.pk], "sure": "1", "judgement": "still", "note": "仍在"})
        line.refresh_from_db()
        assert (line.state, line.judgement, line.answer) == ("still", "仍在", "月底前")
        assert client.post(reverse("supervision:lag_judge", args=[line.pk]), {"judgement": "gone"}).url == own
        first = costs(client, page)
        assert client.post(reverse("supervision:look_back_close", args=[look_back.pk])).url == page
        look_back.refresh_from_db()
        assert look_back.state == "closed"
        paper = Paper(io.BytesIO(client.get(reverse("supervision:look_back_paper", args=[look_back.pk])).content))
        assert [cell.text for cell in paper.tables[0].rows[1].cells] == [
            "1", "城管局", "清运渣土", "任务逾期", "逾期2个工作日", "月底前", "对象灭失"
        ]  # fmt: skip
        assert "“回头望”专题研究单（2026年第4季度）" in paper.paragraphs[0].text
        for number in range(2):
            LagLine.objects.create(region=world.region, look_back=look_back, kind="task", key=f"x{number}",
                                   unit=world.other, title="x", fact="x", since=TODAY)  # fmt: skip
        assert costs(client, page) <= first
        assert study_sheet(look_back, lines_of(look_back))


def test_criteria_fall_only_where_two_rounds_were_scored(campaign):
    assert list(falling_criteria(LagAsk(campaign, date(2026, 10, 1), date(2026, 12, 31), 2, 10))) == []


def test_services_ask_for_the_permission(world, campaign):
    look_back = made(world, campaign)
    line = the(look_back)
    with clock.at(NOW):
        for act in (
            lambda who: services.make_look_back(campaign, TODAY, actor=who),
            lambda who: services.drop_line(line, reason="x", actor=who),
            lambda who: services.give_look_back(look_back, due_on=DUE, actor=who),
            lambda who: services.bring_before_group(line, actor=who),
            lambda who: services.press_lag(line, colour="white", actor=who),
        ):
            with pytest.raises(PermissionDenied):
                act(world.liaison)


def costs(client, page):
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    return len(asked)
