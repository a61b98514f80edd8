"""Recurring duties become tasks ahead of their dates, each once; standing rules hold for their units."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import ZONE
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.services import name_post
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.jobs import open_recurring
from chuangwen.responsibilities.models import Duty, StandingRule, Task
from chuangwen.responsibilities.queries.recurring import coming, rules_for
from chuangwen.responsibilities.services import (
    accept_task,
    add_measures,
    cancel_task,
    change_duty,
    end_duty,
    end_rule,
    object_to_task,
    open_duty,
    open_occurrences,
    pause_duty,
    report_task,
    resume_duty,
    set_rule,
    uphold_task,
)
from chuangwen.workflow.queries import history_of
from chuangwen.workflow.services import StaleState
from tests.responsibilities.making import make_city
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db
MONTHLY = schedule_of("每月25日前")


def morning(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), ZONE).replace(hour=9)


@pytest.fixture
def city():
    made = make_city()
    made.campaign.ends = date(2027, 12, 31)
    made.campaign.save(update_fields=["ends"])
    made.unit("城管局")
    made.unit("住建局")
    return made


def opened(city, name="城管局", **fields):
    given = {"title": "排查户外广告", "measure": "无破损", "schedule": MONTHLY, "actor": city.office}
    return open_duty(city.campaign, city.units[name], **given | fields)


def shown(duty):
    return [(task.occurrence, str(clock.local(task.due_at).date()), task.state) for task in duty.tasks.order_by("pk")]


def test_each_date_becomes_one_task_ahead_and_what_was_answered_is_not_asked_again(city):
    unit = city.units["城管局"]
    post = name_post(unit, PostKind.ACTING, "副局长", actor=None)
    liaison = city.liaison(unit)
    helper = city.units["住建局"]
    with clock.at(morning("2026-11-02")):
        duty = opened(
            city, cooperating=[helper, unit], origin="directive", origin_text="每月25日前排查一次", source="c:1"
        )
        assert (duty.number, duty.next_on, duty.opens_on) == ("D2026-0001", date(2026, 11, 25), date(2026, 11, 11))
        assert shown(duty) == []
        assert [(one.name, str(one.due)) for one in coming(duty, 2)] == [
            ("2026年11月", "2026-11-25"),
            ("2026年12月", "2026-12-25"),
        ]
        assert Notice.objects.get(user=liaison).title == "新的定期工作：排查户外广告"
        assert open_occurrences(date(2026, 11, 10)) == 0
    with clock.at(morning("2026-11-11")):
        assert [open_recurring(), open_recurring()] == [1, 0]
        assert shown(duty) == [("2026-11", "2026-11-25", "issued")]
        task = duty.tasks.get()
        assert (task.title, task.measure, task.post, task.origin) == (
            "排查户外广告(2026年11月)",
            "无破损",
            post,
            "duty",
        )
        assert (task.frequency, task.origin_text) == ("每月25日", "每月25日前排查一次")
        assert list(task.cooperating.all()) == [helper]
        assert Notice.objects.filter(user=liaison, title="1项定期工作快到期").count() == 1
        accept_task(task, actor=liaison)
        add_measures(task, measures="分片检查", people="执法中队", actor=liaison)
        duty.refresh_from_db()
        assert (duty.next_on, duty.opens_on) == (date(2026, 12, 25), date(2026, 12, 11))
    with clock.at(morning("2026-12-28")):  # the program stood still: the occurrence of December is over
        assert open_recurring() == 0
    with clock.at(morning("2027-01-11")):
        assert open_recurring() == 1
        latest = duty.tasks.latest("pk")
        assert (latest.occurrence, latest.state, latest.measures, latest.people) == (
            "2027-01", "accepted", "分片检查", "执法中队",
        )  # fmt: skip
        assert [step.action for step in history_of(latest)] == ["draft", "issue", "accept"]
        report_task(latest, note="已排查", actor=liaison)
        cancel_task(task, reason="并入一月", actor=city.office)
        assert open_recurring() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=latest.pk).update(occurrence="2026-11")
    with pytest.raises(ProtectedError):
        duty.delete()


def test_same_source_opens_once_for_each_unit_and_what_is_near_opens_at_once(city):
    festive = schedule_of("重大节假日前")
    with clock.at(morning("2026-12-20")):
        first = opened(city, source="c:7", schedule=festive, title="节前大扫除")
        assert opened(city, source="c:7", schedule=MONTHLY, title="别的").pk == first.pk
        assert opened(city, "住建局", source="c:7", schedule=festive).pk != first.pk
        assert opened(city).pk != opened(city).pk
        assert Duty.objects.count() == 4
        first.refresh_from_db()
        assert (first.title, shown(first)) == ("节前大扫除", [("2027-元旦", "2026-12-29", "issued")])
        assert first.next_on == date(2027, 2, 2)


def test_paused_duty_opens_nothing_and_goes_on_from_the_day_it_is_resumed(city):
    with clock.at(morning("2026-11-02")):
        duty = opened(city)
        pause_duty(duty, reason="机构改革", actor=city.office)
    with clock.at(morning("2026-12-15")):
        assert open_recurring() == 0
        resume_duty(duty, actor=city.office)
        assert shown(duty) == [("2026-12", "2026-12-25", "issued")]
        with pytest.raises(StaleState):
            resume_duty(Duty(pk=duty.pk, region=duty.region, state="paused", campaign=duty.campaign), actor=city.office)
        change_duty(duty, actor=city.office, schedule=schedule_of("每周五"), ahead=2, measure="全部整改")
        assert [one[0] for one in shown(duty)] == ["2026-12"]
        duty.refresh_from_db()
        assert (duty.measure, duty.next_on, duty.opens_on) == ("全部整改", date(2026, 12, 18), date(2026, 12, 16))
        end_duty(duty, reason="职责划出", actor=city.office)
        assert (duty.state, duty.next_on, coming(duty, 3)) == ("ended", None, [])
        with pytest.raises(Refusal, match="已经停止"):
            change_duty(duty, actor=city.office, ahead=3)
    with clock.at(morning("2027-02-15")):
        assert open_recurring() == 0
    steps = [(step.action, step.note) for step in history_of(duty)]
    assert steps == [("open", ""), ("pause", "机构改革"), ("resume", ""), ("change", ""), ("end", "职责划出")]


def test_duty_follows_its_task_to_another_unit(city):
    liaison = city.liaison(city.units["城管局"])
    with clock.at(morning("2026-11-16")):
        duty = opened(city)
        task = duty.tasks.get()
        object_to_task(task, reason="已划转", actor=liaison)
        uphold_task(task, reason="属实", unit=city.units["住建局"], actor=city.office)
        duty.refresh_from_db()
        assert (duty.unit, duty.post) == (city.units["住建局"], None)
        assert history_of(duty).latest("pk").data == {"unit": "住建局", "before": "城管局"}


def test_duty_with_something_missing_is_refused_and_needs_the_office(city):
    stranger = make_city(leaves=1)
    post = name_post(city.units["住建局"], PostKind.ACTING, "科长", actor=None)
    with clock.at(morning("2026-11-02")):
        for wrong in (
            {"title": " "}, {"title": "长" * 201}, {"measure": ""}, {"measure": "长" * 301}, {"post": post},
            {"ahead": 61}, {"ahead": -1}, {"ends": date(2026, 11, 10)},
        ):  # fmt: skip
            with pytest.raises(Refusal):
                opened(city, **wrong)
        with pytest.raises(Refusal):
            open_duty(city.campaign, stranger.unit("外地"), title="a", measure="b", schedule=MONTHLY, actor=city.office)
        duty = opened(city)
        for call in (
            lambda who: opened(city, actor=who), lambda who: change_duty(duty, actor=who, ahead=1),
            lambda who: pause_duty(duty, reason="x", actor=who), lambda who: end_duty(duty, reason="x", actor=who),
            lambda who: set_rule(city.campaign, text="无垃圾", actor=who),
        ):  # fmt: skip
            for who in (city.liaison(city.units["城管局"]), make_user(Role.OFFICE, stranger.root)):
                with pytest.raises(PermissionDenied):
                    call(who)
        with pytest.raises(ValueError, match="unit"):
            change_duty(duty, actor=city.office, unit=city.units["住建局"])
        with pytest.raises(Refusal):
            change_duty(duty, actor=city.office, ends=date(2026, 11, 3))
    assert Duty.objects.count() == 1


def test_rule_holds_for_its_units_or_for_all_and_is_set_down_once(city):
    first, second = city.units["城管局"], city.units["住建局"]
    stranger = make_city(leaves=1)
    given = {
        "text": "主次干道无暴露垃圾",
        "source": "c:3",
        "origin_text": "做到主次干道无暴露垃圾",
        "actor": city.office,
    }
    rule = set_rule(city.campaign, units=[first], **given)
    everywhere = set_rule(city.campaign, text="点位责任人全覆盖", actor=city.office)
    assert [list(rules_for(city.campaign, unit)) for unit in (first, second)] == [[rule, everywhere], [everywhere]]
    assert set_rule(city.campaign, units=[first, second], **given) == rule
    assert list(rules_for(city.campaign, second)) == [rule, everywhere]
    assert [step.action for step in history_of(rule)] == ["set", "units"]
    for wrong in ({"text": ""}, {"text": "长" * 301}, {"units": [stranger.unit("外地")]}):
        with pytest.raises(Refusal):
            set_rule(city.campaign, **{"text": "无", "actor": city.office} | wrong)
    with pytest.raises(Refusal):
        end_rule(rule, reason=" ", actor=city.office)
    end_rule(rule, reason="标准更换", actor=city.office)
    with pytest.raises(Refusal):
        end_rule(rule, reason="再次", actor=city.office)
    with pytest.raises(PermissionDenied):
        end_rule(everywhere, reason="x", actor=city.liaison(first))
    assert list(rules_for(city.campaign, first)) == [everywhere]
    assert StandingRule.objects.filter(ended_on=None).count() == 1
