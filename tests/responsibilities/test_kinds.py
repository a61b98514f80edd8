"""Duties by kind of organization: templates laid out in one step, each kind checked by its own, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import OrgKind, PostKind, UnitKind
from chuangwen.organizations.models import Post, Unit
from chuangwen.organizations.services import name_post
from chuangwen.responsibilities.duty_templates import shipped
from chuangwen.responsibilities.enums import DutyKeeping
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.models import Duty, DutyTemplate, KindLead, RepeatedRequest, Task
from chuangwen.responsibilities.queries.kinds import (
    kept_by_kind,
    late_for,
    proposed_lead,
    templates_for,
    units_of_kind,
)
from chuangwen.responsibilities.services import (
    accept_task,
    add_measures,
    confirm_task,
    end_duty,
    reopen_task,
    report_task,
)
from chuangwen.responsibilities.services.assigning import remind_of_task
from chuangwen.responsibilities.services.kinds import (
    LayOut,
    TemplateFacts,
    bring_templates,
    change_template,
    end_template,
    lay_out,
    remind_kind,
    take_shipped,
    write_template,
)
from chuangwen.responsibilities.services.repeating import Again, Repeated
from tests.responsibilities.making import make_city
from tests.support.factories import NOON, make_root, make_task, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
PARTY, OFFICE, MASS = OrgKind.PARTY, OrgKind.ADMINISTRATION, OrgKind.MASS
INSIDE = (("党委办公室", PARTY), ("一年级党支部", PARTY), ("总务处", OFFICE), ("校工会", MASS))


@pytest.fixture
def city():
    """A school whose organizations say their kinds; liaisons of it, of its party office, of a branch, of a bureau."""
    made = make_city()
    made.school = made.unit("市一中", kind=UnitKind.SCHOOL)
    for name, kind in INSIDE:
        made.units[name] = make_unit(made.school, name=name, kind=UnitKind.OFFICE, org_kind=kind)
        name_post(made.units[name], PostKind.ACTING, "主任", actor=None)
    made.own = made.liaison(made.school)
    made.lead = made.liaison(made.units["党委办公室"])
    made.branch = made.liaison(made.units["一年级党支部"])
    made.other = made.liaison(made.unit("住建局"))
    return made


def template(unit, title="支部会议研究创建", kind=PARTY, often="每周五", **fields):
    facts = {"measure": "有记录", "schedule": schedule_of(often), **fields}
    return write_template(unit, TemplateFacts(kind, title, **facts), actor=None)


def plan(city, *templates, units=("党委办公室", "一年级党支部"), lead="党委办公室", kind=PARTY):
    return LayOut(kind, list(templates), [city.units[name] for name in units], city.units[lead])


def laid_out(city, **fields):
    """One weekly duty of the two party organizations, checked by the party office."""
    lay_out(city.campaign, city.school, plan(city, template(city.school)), actor=city.own, **fields)
    return KindLead.objects.get()


def reported(task, actor):
    accept_task(task, actor=actor)
    add_measures(task, measures="开会", people="支委", actor=actor)
    report_task(task, actor=actor)


def task_of(city, name):
    return Task.objects.get(unit=city.units[name])


def test_shipped_set_serves_all_three_kinds_and_every_rhythm_is_read():
    several = shipped()
    assert {one.kind for one in several} == set(OrgKind.values)
    assert [one.key for one in several if schedule_of(one.often) is None] == []
    assert len({one.key for one in several}) == len({(one.kind, one.title) for one in several}) == len(several)
    assert {one.source.split(":")[0] for one in several} == {"proposed"}


def test_shipped_set_is_taken_once_and_what_was_changed_or_ended_stays(city):
    number = len(shipped())
    assert take_shipped(city.root, actor=city.office) == number
    first, second = DutyTemplate.objects.order_by("pk")[:2]
    facts = TemplateFacts(PARTY, "改过的", "有记录", schedule_of("每月"), "site: 云办发3号")
    change_template(first, facts, actor=city.office)
    end_template(second, actor=city.office)
    assert take_shipped(city.root, actor=city.office) == 0
    offered = [one.title for one in templates_for(city.school, PARTY)]
    assert (offered[0], second.title in offered) == ("改过的", False)
    template(city.school, title="改过的", often="每季度")
    assert [one.unit for one in templates_for(city.school, PARTY) if one.title == "改过的"] == [city.school]
    assert {one.unit for one in templates_for(city.units["住建局"], PARTY)} == {city.root}


def test_duties_of_a_kind_are_laid_out_once_with_who_checks_them(city):
    first, second = template(city.root), template(city.school, title="主题党日", often="每月")
    both = plan(city, first, second)
    assert lay_out(city.campaign, city.school, both, actor=city.own) == 4
    assert lay_out(city.campaign, city.school, both, actor=city.own) == 0
    lead = KindLead.objects.get()
    assert (lead.unit, lead.org_kind, lead.lead) == (city.school, PARTY, city.units["党委办公室"])
    assert set(Duty.objects.values_list("kind_lead", "origin", "made_by")) == {(lead.pk, "kind", city.own.pk)}
    weekly = Task.objects.get(unit=city.units["一年级党支部"], title__startswith="支部会议")
    assert weekly.supervisor == Post.objects.get(unit=city.units["党委办公室"])
    own = Task.objects.get(unit=city.units["党委办公室"], title__startswith="支部会议")
    assert own.supervisor is None  # nobody supervises the own work
    told = Notice.objects.filter(user=city.branch).values_list("title", flat=True)
    assert list(told) == ["市一中布置了2项定期工作"]
    assert "由你们督查：市一中 党组织" in Notice.objects.filter(user=city.lead).values_list("title", flat=True)


def test_unit_that_was_ended_once_is_not_asked_anew_and_one_that_names_nobody_gets_a_post(city):
    late_comer = city.units["二年级党支部"] = make_unit(city.school, name="二年级党支部", kind="office", org_kind=PARTY)
    lead = laid_out(city)
    end_duty(Duty.objects.get(unit=city.units["一年级党支部"]), reason="合并召开", actor=city.own)
    again = plan(city, DutyTemplate.objects.get(), units=("一年级党支部", "二年级党支部"))
    assert lay_out(city.campaign, city.school, again, actor=city.own) == 1
    assert Post.objects.get(unit=late_comer).title == "负责人"
    assert [line.unit for line in kept_by_kind(lead, city.campaign)] == [city.units["党委办公室"], late_comer]


def test_what_runs_at_a_unit_already_asks_for_a_reason_or_is_left_out(city):
    branch = city.units["一年级党支部"]
    make_task(branch, campaign=city.campaign, title="支部会议研究创建工作", state="accepted")
    chosen = plan(city, template(city.school))
    with pytest.raises(Repeated):
        lay_out(city.campaign, city.school, chosen, actor=city.own)
    assert (Duty.objects.count(), KindLead.objects.count()) == (0, 0)
    assert lay_out(city.campaign, city.school, chosen, actor=city.own, again=Again(leave_out=True)) == 1
    assert lay_out(city.campaign, city.school, chosen, actor=city.own, again=Again("按周开")) == 1
    assert RepeatedRequest.objects.get().reason == "按周开"


def test_laying_out_refuses_other_kinds_other_units_and_templates_of_others(city):
    mine, elsewhere = template(city.school), template(city.units["住建局"], title="别处的")
    told = {
        "总务处不是市一中下面的党组织。请先确认它的组织类别。": plan(city, mine, units=("总务处",)),
        "住建局不是市一中下面的党组织。请先确认它的组织类别。": plan(city, mine, units=("住建局",)),
        "校工会不在这里督查：既不是这类组织，也不是上级单位。请选这类组织中的一个，或上级单位。": plan(
            city, mine, lead="校工会"
        ),
        "有模板不适用于这里。请在本单位和创建办的模板中选择。": plan(city, elsewhere),
    }
    for words, chosen in told.items():
        with pytest.raises(Refusal) as refused:
            lay_out(city.campaign, city.school, chosen, actor=city.own)
        assert str(refused.value) == words
    assert Duty.objects.count() == 0


def test_templates_refuse_what_is_there_what_ended_and_what_says_nothing(city):
    one = template(city.school)
    told = {
        "市一中的模板里已有“支部会议研究创建”。请修改那一个，或换个名称。": {},
        "请写明是哪类组织的职责。": {"kind": "office"},
        "请写完成标准。": {"title": "另一项", "measure": " "},
    }
    for words, fields in told.items():
        with pytest.raises(Refusal) as refused:
            template(city.school, **fields)
        assert str(refused.value) == words
    end_template(one, actor=city.own)
    with pytest.raises(Refusal, match="这个模板已经停用。"):
        end_template(one, actor=city.own)
    with pytest.raises(Refusal) as refused:
        change_template(one, TemplateFacts(PARTY, "x", "x", schedule_of("每月")), actor=city.own)
    assert str(refused.value) == "这个模板已经停用。另写一条。"


def test_workbook_of_many_templates_is_kept_in_as_few_statements_as_one_of_two(city):
    def cost(titles, said):
        known = list(DutyTemplate.objects.filter(unit=city.root))
        new = [TemplateFacts(PARTY, title, "有记录", schedule_of("每月")) for title in titles]
        changed = [(one, TemplateFacts(PARTY, one.title, said, schedule_of("每季度"))) for one in known]
        with CaptureQueriesContext(connection) as asked:
            bring_templates(city.root, new, changed, actor=city.office)
        return len(asked)

    cost(("读书会", "讲座"), "有文")
    few = cost(("报告会", "座谈会"), "有图")
    assert cost([f"职责{number}" for number in range(60)], "有文") == few
    rows = DutyTemplate.objects.filter(unit=city.root, org_kind=PARTY).order_by("pk")
    assert (rows.count(), rows.filter(measure="有文").count(), rows[0].plan) == (64, 4, schedule_of("每季度"))


def test_workbook_whose_template_somebody_wrote_meanwhile_is_refused_whole(city):
    one = template(city.root, title="主题党日")
    new = [TemplateFacts(PARTY, title, "有记录", schedule_of("每月")) for title in ("读书会", "主题党日")]
    with pytest.raises(Refusal) as refused:
        bring_templates(city.root, new, [], actor=city.office)
    assert str(refused.value) == f"{city.root}的模板刚刚有人改过。请重新核对表格再导入。"
    assert list(DutyTemplate.objects.all()) == [one]


def test_only_the_unit_and_the_office_keep_templates_and_lay_out(city):
    one, office_one = template(city.school), template(city.root, title="主题党日")
    facts = TemplateFacts(PARTY, "x", "x", schedule_of("每月"))
    stranger = make_user(Role.OFFICE, make_root())
    auditor = make_user(Role.AUDITOR, city.root)
    for who in (city.lead, city.branch, city.other, stranger, auditor):
        for act in (
            lambda who=who: lay_out(city.campaign, city.school, plan(city, one), actor=who),
            lambda who=who: write_template(city.school, facts, actor=who),
            lambda who=who: change_template(one, facts, actor=who),
            lambda who=who: end_template(one, actor=who),
            lambda who=who: bring_templates(city.school, [facts], [], actor=who),
            lambda who=who: take_shipped(city.school, actor=who),
        ):
            with pytest.raises(PermissionDenied):
                act()
    with pytest.raises(PermissionDenied):
        change_template(office_one, facts, actor=city.own)
    assert (DutyTemplate.objects.filter(ended_on=None).count(), Duty.objects.count()) == (2, 0)
    assert lay_out(city.campaign, city.school, plan(city, one), actor=city.office) == 2


def test_kind_is_kept_late_or_never_shown_in_the_order_of_the_tree(city):
    lead = laid_out(city)

    def seen():
        lines = kept_by_kind(lead, city.campaign)
        return [(line.unit.name, one.keeping, one.due, one.in_time) for line in lines for one in line.lines]

    def week_later(days):
        return clock.at(NOON + timedelta(days=days))

    ahead, kept, never, late = DutyKeeping.AHEAD, DutyKeeping.KEPT, DutyKeeping.NEVER, DutyKeeping.LATE
    assert seen() == [("党委办公室", ahead, 0, 0), ("一年级党支部", ahead, 0, 0)]
    reported(task_of(city, "党委办公室"), city.lead)
    with week_later(3):
        assert seen() == [("党委办公室", kept, 1, 1), ("一年级党支部", never, 1, 0)]
        assert list(late_for(city.lead)) == [task_of(city, "一年级党支部")]
        assert not any(late_for(who).exists() for who in (city.other, city.branch, city.own))  # the school's own
        Unit.objects.filter(name="一年级党支部").update(valid_to=clock.today() - timedelta(days=1))
        assert not late_for(city.lead).exists()  # nobody is there to be reminded, and its kind counts it no more
        Unit.objects.update(valid_to=None)
        reported(task_of(city, "一年级党支部"), city.branch)
        assert seen() == [("党委办公室", kept, 1, 1), ("一年级党支部", kept, 1, 0)]
    duty = Duty.objects.get(unit=city.units["一年级党支部"])
    make_task(duty.unit, campaign=city.campaign, duty=duty, occurrence="x", state="accepted",
              due_at=NOON + timedelta(days=9))  # fmt: skip
    with week_later(10):
        assert seen() == [("党委办公室", kept, 1, 1), ("一年级党支部", late, 2, 0)]


def test_who_leads_the_kind_confirms_and_sends_back_and_nobody_the_own_work(city):
    laid_out(city)
    task, own = task_of(city, "一年级党支部"), task_of(city, "党委办公室")
    reported(task, city.branch)
    assert not Notice.objects.filter(user=city.office).exists()  # each kind checks its own
    assert Notice.objects.filter(user=city.lead, title__startswith="报告完成").count() == 1
    for who in (city.branch, city.other):
        with pytest.raises(PermissionDenied):
            confirm_task(task, actor=who)
    reopen_task(task, reason="缺决定", actor=city.lead)
    assert task.state == "accepted"
    report_task(task, actor=city.branch)
    confirm_task(task, actor=city.lead)
    assert task.state == "confirmed"
    reported(own, city.lead)
    with pytest.raises(PermissionDenied):
        confirm_task(own, actor=city.lead)
    confirm_task(own, actor=city.own)
    assert own.state == "confirmed"


def test_unit_that_reported_for_one_below_it_does_not_confirm_that(city):
    laid_out(city)
    task = task_of(city, "一年级党支部")
    reported(task, city.own)
    with pytest.raises(Refusal) as refused:
        confirm_task(task, actor=city.own)
    assert str(refused.value) == "谁上报的，不能由谁确认。"
    confirm_task(task, actor=city.lead)
    assert task.state == "confirmed"


def test_late_ones_are_reminded_once_a_day_by_who_checks(city):
    lead = laid_out(city)
    with pytest.raises(Refusal) as refused:
        remind_kind(lead, actor=city.lead)
    assert str(refused.value) == "这里没有逾期的。"
    with clock.at(NOON + timedelta(days=3)):
        for who in (city.branch, city.other, make_user(Role.LEADER, city.root)):
            with pytest.raises(PermissionDenied):
                remind_kind(lead, actor=who)
        assert remind_kind(lead, actor=city.lead) == 2
        remind_of_task(task_of(city, "一年级党支部"), actor=city.lead)
        with pytest.raises(PermissionDenied):
            remind_of_task(task_of(city, "一年级党支部"), actor=city.other)
        pressed = Notice.objects.filter(user=city.branch, title__startswith="请抓紧")
        assert pressed.count() == 1


def test_unit_pauses_and_ends_what_it_laid_out_and_nobody_below_does(city):
    laid_out(city)
    duty = Duty.objects.get(unit=city.units["一年级党支部"])
    for who in (city.lead, city.branch, city.other):
        with pytest.raises((PermissionDenied, Refusal)):
            end_duty(duty, reason="x", actor=who)
    end_duty(duty, reason="合并召开", actor=city.own)
    duty.refresh_from_db()
    assert duty.state == "ended"


def test_lead_is_proposed_by_name_and_kept_once_named(city):
    units = units_of_kind(city.school, PARTY)
    assert [unit.name for unit in units] == ["党委办公室", "一年级党支部"]
    assert proposed_lead(city.school, PARTY, units[::-1]).name == "党委办公室"
    lay_out(city.campaign, city.school, plan(city, template(city.school), lead="一年级党支部"), actor=city.own)
    assert proposed_lead(city.school, PARTY, units).name == "一年级党支部"
    for kind in (MASS, OFFICE):
        assert proposed_lead(city.school, kind, units_of_kind(city.school, kind)) == city.school  # one checks no other
