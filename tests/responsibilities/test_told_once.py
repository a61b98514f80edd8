"""Who cooperates, and for whom a rule holds, hears of it once and in words; others' tasks are told apart."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chuangwen.core import clock
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import RoleGrant
from chuangwen.organizations.services import name_post
from chuangwen.responsibilities.models import Duty
from chuangwen.responsibilities.schedule import Every, Schedule
from chuangwen.responsibilities.services import (
    Errand,
    accept_task,
    cancel_task,
    draft_task,
    issue_breakdown,
    issue_task,
    open_duty,
    postpone_task,
    set_rule,
    set_share,
    withdraw_instruction,
    write_instruction,
)
from chuangwen.responsibilities.services.news import News
from chuangwen.responsibilities.services.shifting import move_tasks
from tests.responsibilities.making import make_city
from tests.support.factories import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=10)


@pytest.fixture
def city():
    with clock.at(NOON):
        made = make_city()
        made.unit("城管局")
        made.unit("市监局")
        made.unit("住建局")
        yield made


def told(person):
    return list(Notice.objects.filter(user=person).order_by("pk").values_list("title", "url"))


def test_breakdown_tells_a_cooperating_unit_once_in_what(city):
    units, office = city.units, city.office
    helper, both = city.liaison(units["市监局"]), city.liaison(units["住建局"])
    for code in ("1.1", "1.2"):
        set_share(city.campaign, city.node(code), units["城管局"], "lead", actor=office)
        set_share(city.campaign, city.node(code), units["市监局"], "cooperate", actor=office)
    set_share(city.campaign, city.node("1.3"), units["住建局"], "lead", actor=office)
    set_share(city.campaign, city.node("1.1"), units["住建局"], "cooperate", actor=office)
    Notice.objects.all().delete()
    issue_breakdown(city.campaign, due_at=LATER, measure="不失分", actor=office)
    assert told(helper) == [("您单位配合2项任务：标准1、标准2", "/tasks/?tab=helping")]
    (line,) = told(both)
    assert line[0] == "责任分解给您下发了1项任务；另配合1项任务：标准1"


def test_single_task_tells_who_leads_it(city):
    helper = city.liaison(city.units["市监局"])
    task = draft_task(
        city.campaign, city.units["城管局"], title="清理占道", due_at=LATER, measure="无占道", actor=city.office,
        cooperating=[city.units["市监局"]],
    )  # fmt: skip
    assert told(helper) == []
    issue_task(task, actor=city.office)
    assert told(helper) == [("您单位配合城管局：清理占道", f"/tasks/{task.pk}/")]


def test_recurring_duty_tells_its_helpers_when_it_opens(city, sign_in):
    helper = city.liaison(city.units["市监局"])
    duty = open_duty(
        city.campaign, city.units["城管局"], title="每周巡查", measure="有记录", schedule=Schedule(Every.WEEK, day=5),
        cooperating=[city.units["市监局"]], actor=city.office,
    )  # fmt: skip
    task = duty.tasks.get()
    assert told(helper) == [(f"您单位配合城管局：{task.title}", f"/tasks/{task.pk}/")]
    assert sign_in(helper).get(f"/duties/{duty.pk}/").status_code == 200  # and the duty is open to its helpers


def test_several_duties_lead_to_their_list_and_one_to_its_page(city):
    units = city.units
    one, several, helper = (city.liaison(units[name]) for name in ("城管局", "住建局", "市监局"))
    weekly = {"measure": "有记录", "schedule": Schedule(Every.WEEK, day=5), "actor": city.office, "tell": False}
    news = News()
    for name, title in (("城管局", "巡查夜市"), ("住建局", "巡查工地"), ("住建局", "巡查小区")):
        duty = open_duty(city.campaign, units[name], title=title, **weekly)
        news.lead(duty, [units["市监局"]] if name == "住建局" else [])
    news.tell(lambda _tasks, duties: f"{len(duties)} duties")
    assert told(one) == [("1 duties", f"/duties/{Duty.objects.get(unit=units['城管局']).pk}/")]
    assert told(several) == [("2 duties", "/duties/")]
    assert told(helper) == [("您单位配合2项任务：巡查工地、巡查小区", "/duties/")]


def test_instruction_to_several_units_tells_a_helper_once(city):
    mayor = name_post(city.root, PostKind.FIRST, "市长", actor=None)
    helper, units = city.liaison(city.units["市监局"]), city.units
    write_instruction(
        city.campaign, mayor, about="整治夜市", content="一周内见效。", medium="spoken", actor=city.office,
        errand=Errand([units["城管局"], units["住建局"]], LATER, "报结果", [units["市监局"]]),
    )  # fmt: skip
    assert [title.endswith("整治夜市") for title, _url in told(helper)] == [True]


def test_who_cooperates_hears_that_a_task_moved_or_fell_away_and_nothing_of_a_draft(city):
    helper, both = city.liaison(city.units["市监局"]), city.liaison(city.units["城管局"])
    joined = RoleGrant.objects.get(user=helper)
    joined.pk, joined.user = None, both
    joined.save()
    shared = {"due_at": LATER, "measure": "无占道", "actor": city.office, "cooperating": [city.units["市监局"]]}
    task, draft = (draft_task(city.campaign, city.units["城管局"], title=one, **shared) for one in ("清占道", "草稿"))
    postpone_task(draft, due_at=LATER + timedelta(days=1), reason="改期", actor=city.office)
    cancel_task(draft, reason="不办了", actor=city.office)
    assert told(helper) == []
    issue_task(task, actor=city.office)
    Notice.objects.all().delete()
    postpone_task(task, due_at=LATER + timedelta(days=1), reason="下雨", actor=city.office)
    cancel_task(task, reason="不办了", actor=city.office)
    url = f"/tasks/{task.pk}/"
    assert told(helper) == [("您单位配合的1项任务时限已改：清占道", url), ("您单位配合的1项任务已撤销：清占道", url)]
    assert Notice.objects.get(user=helper, read_at=None).title == "您单位配合的1项任务已撤销：清占道"
    assert told(both) == [("时限已改：清占道", url), ("任务撤销：清占道", url)]  # who leads it too hears it once


def test_instruction_that_is_withdrawn_and_a_day_that_moves_tell_a_helper_of_all_tasks_in_one_line(city):
    mayor = name_post(city.root, PostKind.FIRST, "市长", actor=None)
    helper, units = city.liaison(city.units["市监局"]), city.units
    instruction = write_instruction(
        city.campaign, mayor, about="整治夜市", content="一周内见效。", medium="spoken", actor=city.office,
        errand=Errand([units["城管局"], units["住建局"]], LATER, "报结果", [units["市监局"]]),
    )  # fmt: skip
    Notice.objects.all().delete()
    withdraw_instruction(instruction, reason="另有安排", actor=city.office)
    assert told(helper) == [("您单位配合的2项任务已撤销：整治夜市、整治夜市", "/tasks/?tab=all&state=cancelled")]
    for title in ("清理占道", "查证照"):
        issue_task(
            draft_task(city.campaign, units["城管局"], title=title, due_at=LATER, measure="完成", actor=city.office,
                       cooperating=[units["市监局"]]),
            actor=city.office,
        )  # fmt: skip
    Notice.objects.all().delete()
    day = city.campaign.assessment_on
    move_tasks(city.campaign, day, day + timedelta(days=7), actor=city.office)
    assert told(helper) == [("您单位配合的2项任务时限已改：清理占道、查证照", "/tasks/?tab=helping")]


def test_many_tasks_of_the_list_are_issued_moved_and_cancelled_in_one_line_a_unit(city, sign_in):
    units = city.units
    lead, helper = city.liaison(units["城管局"]), city.liaison(units["市监局"])
    tasks = [
        draft_task(city.campaign, units["城管局"], title=title, due_at=LATER, measure="完成", actor=city.office,
                   cooperating=[units["市监局"]])
        for title in ("清理占道", "查证照")
    ]  # fmt: skip
    client, ids = sign_in(city.office), [task.pk for task in tasks]
    for acted, said, helps in (
        ({"bulk": "issue"}, "2项新任务：清理占道、查证照", "您单位配合2项任务：清理占道、查证照"),
        ({"bulk": "shift", "days": 2, "reason": "下雨"}, "2项任务时限已改：清理占道、查证照",
         "您单位配合的2项任务时限已改：清理占道、查证照"),
        ({"bulk": "cancel", "reason": "不办了"}, "2项任务已撤销：清理占道、查证照",
         "您单位配合的2项任务已撤销：清理占道、查证照"),
    ):  # fmt: skip
        Notice.objects.all().delete()
        sent = {"id": ids, "sure": "1", **acted}
        answer = client.post("/tasks/?tab=all", sent)
        if "days" in acted:  # what would become of the deadlines was looked at
            answer = client.post("/tasks/?tab=all", sent | {"seen": answer.context["seen"]})
        assert answer.status_code == 302
        assert [[title for title, _url in told(who)] for who in (lead, helper)] == [[said], [helps]]


def test_rule_is_told_once_to_each_unit_and_to_those_that_join_later(city):
    named, other = city.liaison(city.units["城管局"]), city.liaison(city.units["住建局"])
    rule = set_rule(city.campaign, text="无占道经营", units=[city.units["城管局"]], source="x:1", actor=city.office)
    line = ("1条新的长期规定：无占道经营", f"/rules/{rule.pk}/")
    assert (told(named), told(other)) == ([line], [])
    set_rule(
        city.campaign, text="无占道经营", units=[city.units["城管局"], city.units["住建局"]], source="x:1",
        actor=city.office,
    )  # fmt: skip
    assert (told(named), told(other)) == ([line], [line])
    set_rule(city.campaign, text="来电必接", actor=city.office)
    assert [title for title, _url in told(other)] == ["1条新的长期规定：无占道经营", "1条新的长期规定：来电必接"]


def test_list_tells_ones_own_tasks_from_those_of_others(city, sign_in):
    units = city.units
    values = {"due_at": LATER, "measure": "完成", "actor": city.office}
    other = draft_task(city.campaign, units["城管局"], title="清理占道", cooperating=[units["市监局"]], **values)
    own = draft_task(city.campaign, units["市监局"], title="查证照", cooperating=[units["城管局"]], **values)
    for task in (own, other):
        issue_task(task, actor=city.office)
    liaison = city.liaison(units["市监局"])
    accept_task(other, actor=city.liaison(units["城管局"]))
    page = sign_in(liaison)
    html = page.get("/tasks/?tab=helping").content.decode()
    assert "我配合的" in html
    assert ("清理占道" in html, "查证照" in html) == (True, False)
    rows = page.get("/tasks/?tab=running").content.decode()
    assert (rows.count("配合 · R2026"), "查证照" in rows) == (1, True)
    assert "配合 · R2026" not in sign_in(city.office).get("/tasks/?tab=running").content.decode()
