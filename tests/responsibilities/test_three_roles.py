"""The three roles of a task (row 29): filled from the posts, and where one has nobody it is said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chuangwen.core import clock
from chuangwen.organizations.enums import GroupKind, PostKind
from chuangwen.organizations.models import Group, Membership
from chuangwen.organizations.services import hold_post, name_post
from chuangwen.responsibilities.services import add_own_task, draft_task, issue_task, set_share
from chuangwen.responsibilities.services.assigning import assign_task
from chuangwen.responsibilities.services.repeating import Again
from tests.responsibilities.making import make_city
from tests.support.factories import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=10)


@pytest.fixture
def city():
    with clock.at(NOON):
        made = make_city()
        made.unit("城管局")
        made.unit("创建办")
        yield made


@pytest.fixture
def group(city):
    """The leading group with its office, in which a deputy mayor sits."""
    region = city.root.region
    found = Group.objects.create(
        region=region, kind=GroupKind.LEADING, name="文明城市创建领导小组", office=city.units["创建办"]
    )
    mayor = name_post(city.root, PostKind.CHARGE, "副市长", actor=None)
    Membership.objects.create(region=region, group=found, post=mayor, seat="组长", rank=1)
    return found


def drafted(city, unit="城管局", **fields):
    return draft_task(
        city.campaign, city.units[unit], title="清理占道", due_at=LATER, measure="无占道", actor=city.office, **fields
    )


def roles(task):
    return [post.title if post else None for post in (task.post, task.implementer, task.supervisor)]


def test_three_roles_are_filled_from_the_posts(city, group):
    name_post(city.units["城管局"], PostKind.LIAISON, "市容科科长", actor=None)
    task = drafted(city)
    assert roles(task) == ["分管领导", "市容科科长", "分管领导"]
    assert task.supervisor.unit == city.units["创建办"]
    assert roles(drafted(city, "创建办")) == ["分管领导", None, "副市长"]  # not its own supervisor
    own = add_own_task(
        city.campaign, city.units["城管局"], title="整治后院", measure="无杂物", due_at=LATER, measures="清运",
        people="后勤科", actor=city.liaison(city.units["城管局"]),
    )  # fmt: skip
    assert roles(own) == ["分管领导", "市容科科长", "分管领导"]


def test_nobody_supervises_rather_than_who_does_it(city, group):
    doing = name_post(city.units["城管局"], PostKind.LIAISON, "市容科科长", actor=None)
    seeing = drafted(city).supervisor
    for post in (doing, seeing):
        hold_post(post, city.office, actor=None)
    assert roles(drafted(city)) == ["分管领导", "市容科科长", None]


def test_supervisor_stays_with_a_task_but_for_one_who_does_it_at_the_new_unit(city, group):
    task, moved = drafted(city), drafted(city)
    seeing = task.supervisor
    doing = name_post(city.unit("住建局"), PostKind.LIAISON, "质安科科长", actor=None)
    assign_task(task, unit=city.units["住建局"], reason="职责调整", actor=city.office)
    assert (task.implementer, task.supervisor) == (doing, seeing)
    for post in (doing, seeing):
        hold_post(post, city.office, actor=None)
    assign_task(moved, unit=city.units["住建局"], reason="职责调整", actor=city.office, again=Again("分两批办"))
    assert (moved.implementer, moved.supervisor) == (doing, None)


def test_missing_role_is_said_on_the_task_and_listed(city, group, sign_in):
    short, whole = drafted(city), None
    issue_task(short, actor=city.office)
    name_post(city.units["城管局"], PostKind.LIAISON, "市容科科长", actor=None)
    whole = drafted(city, detail="齐的")
    issue_task(whole, actor=city.office)
    page = sign_in(city.office)
    assert "还没有明确：实施人" in page.get(f"/tasks/{short.pk}/").content.decode()
    assert "还没有明确" not in page.get(f"/tasks/{whole.pk}/").content.decode()
    listed = page.get("/tasks/?tab=roles").content.decode()
    assert (short.number in listed, whole.number in listed) == (True, False)


def test_missing_role_is_said_before_the_breakdown_goes_out(city, group, sign_in):
    set_share(city.campaign, city.node("1.1"), city.units["城管局"], "lead", actor=city.office)
    page = sign_in(city.office)
    said = page.get("/breakdown/issue/").content.decode()
    assert "1个单位的任务三个角色不全" in said
    assert "城管局：实施人" in said
    name_post(city.units["城管局"], PostKind.LIAISON, "市容科科长", actor=None)
    assert "三个角色不全" not in page.get("/breakdown/issue/").content.decode()
