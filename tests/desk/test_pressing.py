"""What is late or nearly due on the start page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Milestone
from chuangwen.core import clock
from tests.support.factories import make_campaign, make_problem, make_root, make_round, make_task, make_unit, make_user

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime(2026, 11, 18, 4, tzinfo=UTC)  # noon in China


@pytest.fixture
def city():
    return make_campaign(make_root())


def _office(campaign):
    return make_user(Role.OFFICE, campaign.subject)


def _desk(sign_in, user, query=""):
    with clock.at(WEDNESDAY):
        return sign_in(user).get(f"/desk/{query}").content.decode()


def test_late_matters_of_both_kinds_stand_together_by_deadline(sign_in, city):
    unit = make_unit(city.subject, name="城管局")
    make_task(unit, campaign=city, title="月报", due_at=WEDNESDAY - timedelta(days=5))
    make_problem(unit, title="垃圾满溢", due_at=WEDNESDAY - timedelta(days=2))
    make_task(unit, campaign=city, title="已办结", due_at=WEDNESDAY - timedelta(days=9), state="confirmed")
    page = _desk(sign_in, _office(city))
    table = page[page.index('id="due"') :]
    assert (table.index("月报") < table.index("垃圾满溢"), "已办结" in table) == (True, False)
    assert ('?tab=late">问题1件</a>' in table, '?tab=late">任务1项</a>' in table) == (True, True)


def test_week_ends_with_sunday_and_holds_today(sign_in, city):
    unit = make_unit(city.subject)
    sunday = datetime(2026, 11, 22, 15, tzinfo=UTC)  # 23:00
    for title, due in (
        ("今天", WEDNESDAY + timedelta(hours=1)),
        ("周日", sunday),
        ("周一", sunday + timedelta(hours=2)),
    ):
        make_problem(unit, title=f"问题到{title}", due_at=due)
    week, today = (_desk(sign_in, _office(city), f"?due={tab}") for tab in ("week", "today"))
    assert [f"问题到{day}" in week for day in ("今天", "周日", "周一")] == [True, True, False]
    assert [f"问题到{day}" in today for day in ("今天", "周日", "周一")] == [True, False, False]


def test_message_for_the_group_gives_a_line_to_each_unit(sign_in, city):
    unit = make_unit(city.subject, name="城管局")
    for title in ("垃圾满溢", "井盖破损"):
        make_problem(unit, title=title, due_at=WEDNESDAY - timedelta(days=1))
    page = _desk(sign_in, _office(city))
    assert "【逾期】\n城管局：垃圾满溢(逾期1天)；井盖破损(逾期1天)" in page


def test_liaison_finds_hers_in_the_groups_late_first_and_no_second_list_of_the_same(sign_in, city):
    unit = make_unit(city.subject, name="城管局")
    make_problem(unit, title="垃圾满溢", due_at=WEDNESDAY - timedelta(days=1))
    make_problem(unit, title="井盖破损", due_at=WEDNESDAY + timedelta(days=2))
    page = _desk(sign_in, make_user(Role.LIAISON, unit))
    assert (page.count("垃圾满溢</div>"), page.index("垃圾满溢") < page.index("井盖破损"), 'id="due"' in page) == (
        1,
        True,
        False,
    )
    assert "没有等您处理的事" not in page


def test_desk_of_a_stranger_shows_nothing_of_the_city(sign_in, city):
    make_problem(make_unit(city.subject), title="垃圾满溢", due_at=WEDNESDAY - timedelta(days=1))
    stranger = make_user(Role.OFFICE, make_root())
    assert "垃圾满溢" not in _desk(sign_in, stranger)


def test_plan_stands_on_the_desk_and_only_who_keeps_it_is_led_to_change_it(sign_in, city):
    for name, days in (("方案印发", -20), ("模拟测评", 2)):
        due = (WEDNESDAY + timedelta(days=days)).date()
        Milestone.objects.create(region=city.region, campaign=city, name=name, due_on=due, round=make_round(city))
    page = _desk(sign_in, _office(city))
    assert ("方案印发" in page, "模拟测评" in page, f"/campaigns/{city.pk}/plan/" in page) == (True, True, True)
    leader = _desk(sign_in, make_user(Role.LEADER, city.subject))
    assert f'<a class="cw-more" href="/campaigns/{city.pk}/">' in leader


def test_desk_counts_the_days_to_the_assessment_until_it_is_over(sign_in, city):
    city.assessment_on = (WEDNESDAY + timedelta(days=33)).date()
    city.save()
    assert "距正式测评还有33天" in _desk(sign_in, _office(city))
    city.assessment_on = (WEDNESDAY - timedelta(days=1)).date()
    city.save()
    assert "距正式测评" not in _desk(sign_in, _office(city))


def test_desk_asks_the_database_as_often_for_three_matters_as_for_one(sign_in, city):
    unit, office = make_unit(city.subject), _office(city)

    def add():
        make_problem(unit, due_at=WEDNESDAY - timedelta(days=1))
        make_task(unit, campaign=city, due_at=WEDNESDAY - timedelta(days=1))
        round_ = make_round(city)
        Milestone.objects.create(region=city.region, campaign=city, name="步骤", due_on=round_.ends, round=round_)

    add()
    _desk(sign_in, office)
    with CaptureQueriesContext(connection) as one:
        _desk(sign_in, office)
    add()
    add()
    with CaptureQueriesContext(connection) as three:
        _desk(sign_in, office)
    assert len(one) == len(three)
