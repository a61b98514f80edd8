"""Duties by kind of organization in a real browser: a school divides them, its party office checks and reminds."""

from __future__ import annotations

from datetime import timedelta

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import PostKind, UnitKind
from chuangwen.organizations.services import name_post
from chuangwen.responsibilities.models import Duty, Task
from tests.desk.browsing import MARKS, TUESDAY, follow, playwright, says
from tests.support.factories import make_unit, make_user

pytestmark = MARKS


def notes(page, words):
    """What was done is said in a note beside the page."""
    playwright.expect(page.locator("body")).to_contain_text(words)


def test_school_confirms_kinds_lays_out_duties_and_its_party_office_reminds(city):
    school = make_unit(city.root, name="市一中", kind=UnitKind.SCHOOL)
    units = {}
    for name in ("党委办公室", "高二党支部", "总务处"):
        units[name] = make_unit(school, name=name, kind=UnitKind.OFFICE)
        name_post(units[name], PostKind.ACTING, "主任", actor=None)
    branch = make_user(Role.LIAISON, units["高二党支部"])
    page = city.window(city.liaison(school))
    page.goto("/duty-checks/")
    follow(page, "/duty-templates/lay-out/")
    follow(page, f"/units/{school.pk}/kinds/")
    page.get_by_role("button", name="确认组织类别").click()
    notes(page, "3个单位的组织类别已更新")
    page.goto("/duty-templates/lay-out/")
    page.get_by_role("button", name="采用程序自带的模板").click()
    says(page, "高二党支部")
    for title in ("支部会议", "主题党日", "党员到社区", "节前提醒"):
        page.get_by_label(title).uncheck()
    page.get_by_role("button", name="布置").click()
    notes(page, "已布置2项职责")
    assert {duty.title for duty in Duty.objects.all()} == {"学习社会主义核心价值观和创建知识"}

    Task.objects.all().delete()
    duty = Duty.objects.get(unit=units["高二党支部"])
    late = Task.objects.create(
        region=school.region, campaign=duty.campaign, unit=duty.unit, duty=duty, occurrence="x", number="R2026-9",
        title=duty.title, measure="有记录", state="accepted", due_at=TUESDAY - timedelta(days=2),
    )  # fmt: skip
    assert clock.now() == TUESDAY
    phone = city.window(make_user(Role.LIAISON, units["党委办公室"]), phone=True)
    phone.goto("/duty-checks/")
    says(phone, "从未上报")
    phone.get_by_role("button", name="全部催办").click()
    notes(phone, "已就1项逾期职责催办")
    assert Notice.objects.filter(user=branch, url=f"/tasks/{late.pk}/").count() == 1
