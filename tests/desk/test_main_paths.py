"""The main paths of duties, meetings, claims and posts in a real browser, each from its beginning to its end."""

from __future__ import annotations

import re
from datetime import date, timedelta

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.directives.models import Meeting
from chuangwen.organizations.models import Handover, Holding, Post
from chuangwen.responsibilities.models import Assignment, Objection, Share, Task
from chuangwen.responsibilities.services import accept_task, add_measures, set_share
from tests.desk.browsing import MARKS, TUESDAY, fill, follow, playwright, says
from tests.support.factories import make_task, make_user

pytestmark = MARKS


def test_recurring_duty_from_its_making_to_its_first_report(city):
    office = city.window(city.office)
    office.goto("/duties/")
    follow(office, "/duties/new/")
    fill(office, title="排查户外广告", unit="市城管局", measure="无破损", schedule="每周五")
    says(office, "每周五")
    task = Task.objects.get()  # this Friday's: it is due within four working days
    assert clock.local(task.due_at).date() == date(2026, 11, 20)

    liaison = city.liaison(city.city)
    accept_task(task, actor=liaison)
    add_measures(task, measures="逐条街排查", people="市容科", actor=liaison)
    phone = city.window(liaison, phone=True)
    phone.goto(f"/tasks/{task.pk}/report/")
    fill(phone, note="排查46条街，更换破损12处")
    phone.wait_for_url(re.compile(rf"/tasks/{task.pk}/$"))
    office.goto(f"/tasks/{task.pk}/")
    says(office, "排查46条街")
    task.refresh_from_db()
    assert task.state == "reported"


def test_more_time_is_asked_for_on_the_phone_and_granted(city):
    task = make_task(city.city, campaign=city.campaign, state="accepted", due_at=TUESDAY + timedelta(days=3))
    phone = city.window(city.liaison(city.city), phone=True)
    phone.goto(f"/tasks/{task.pk}/")
    follow(phone, "/ask/")
    fill(phone, due="2026-11-27", reason="配件月底才到货")
    says(phone, "配件月底才到货")
    office = city.window(city.office)
    office.goto(f"/tasks/{task.pk}/")
    says(office, "配件月底才到货")
    follow(office, "/grant/")
    fill(office)
    office.wait_for_url(re.compile(rf"/tasks/{task.pk}/$"))
    task.refresh_from_db()
    assert clock.local(task.due_at).date() == date(2026, 11, 27)


def test_meeting_from_its_series_to_signed_minutes_and_tasks(city):
    office = city.window(city.office)
    office.goto("/meetings/series/new/")
    fill(office, kind="regular", name="创建工作周例会", rhythm="week", weekday="2", units="市城管局")
    office.goto("/meetings/series/")
    office.get_by_role("link", name="创建工作周例会").click()
    follow(office, "/meetings/year/2026/plan/")
    meeting = Meeting.objects.get(day=TUESDAY.date())
    office.goto(f"/meetings/{meeting.pk}/")
    follow(office, f"/{meeting.pk}/call/")
    fill(office, place="二楼会议室", chair="领导小组副组长")
    follow(office, f"/{meeting.pk}/hold/")
    fill(office, chair="领导小组副组长")
    follow(office, f"/{meeting.pk}/roll/")
    office.get_by_role("button", name="其余都到会").click()
    follow(office, f"/{meeting.pk}/decisions/new/")
    fill(office, text="清运东关市场周边垃圾", units="市城管局", due_on="2026-11-30", measure="照片")
    follow(office, f"/{meeting.pk}/decisions/issue/")
    fill(office)
    task = Task.objects.get()
    assert (task.title, task.unit, task.measure, task.state) == (
        "清运东关市场周边垃圾", city.city, "照片", "issued",
    )  # fmt: skip

    leader = city.window(make_user(Role.LEADER, city.root))
    leader.goto(f"/meetings/{meeting.pk}/")
    follow(leader, f"/{meeting.pk}/minutes/sign/")
    fill(leader, signed_as="领导小组副组长")
    says(leader, "纪要〔2026〕1号")
    assert Meeting.objects.get(pk=meeting.pk).seats.get().presence == "present"


def test_unit_claims_what_nobody_leads_and_objects_to_what_is_not_its_own(city):
    liaison = city.liaison(city.city)
    first, second = city.campaign.standards.get().version.nodes.filter(is_leaf=True).order_by("code")[:2]
    set_share(city.campaign, second, city.city, Share.LEAD, actor=city.office)
    office, phone = city.window(city.office), city.window(liaison, phone=True)
    office.goto("/breakdown/claims/pool/")
    fill(office)
    says(office, first.title)

    phone.goto(f"/breakdown/units/{city.city.pk}/")
    phone.locator("#unled li", has_text=first.title).get_by_role("button").click()
    playwright.expect(phone.locator("#unled li", has_text=first.title).get_by_role("link")).to_have_text("已认领")
    follow(phone, "/object/")
    fill(phone, reason="去年已划转", proposed="市教育局")
    says(phone, "去年已划转")

    office.reload()
    follow(office, "/breakdown/claims/pool/settle/")
    objection = Objection.objects.get()
    office.goto(f"/breakdown/objections/{objection.pk}/")
    fill(office, stays="moves", reason="属实")
    says(office, "属实")
    leads = Assignment.objects.filter(share=Share.LEAD).values_list("node__code", "unit")
    assert dict(leads) == {first.code: city.city.pk, second.code: city.schools.pk}


def test_post_is_handed_over_by_a_sheet_that_both_sign(city):
    leaving, coming = city.liaison(city.city), make_user(region=city.root.region)
    post = Post.objects.get(unit=city.city)
    holding = Holding.objects.create(region=post.region, post=post, user=leaving, starts=date(2020, 1, 1))
    make_task(city.city, campaign=city.campaign, post=post, title="整治背街小巷")
    office = city.window(city.office)
    office.goto(f"/units/{city.city.pk}/")
    follow(office, f"/units/holdings/{holding.pk}/hand-over/")
    fill(office, coming=coming.name, note="钥匙在门卫")
    says(office, "整治背街小巷")
    sheet = Handover.objects.get()
    for person in (leaving, coming):
        page = city.window(person, phone=True)
        page.goto(f"/units/handovers/{sheet.pk}/")
        follow(page, "/sign/")
        playwright.expect(page.locator("main form[action$='/sign/']")).to_have_count(0)
    office.goto("/units/handovers/?tab=signed")
    says(office, "双方已签")
    sheet.refresh_from_db()
    assert (sheet.is_signed, post.holdings.get(ends__isnull=True).user) == (True, coming)
