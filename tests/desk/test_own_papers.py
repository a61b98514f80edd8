"""What offices and units bring along themselves, in a real browser: an authority's Excel form, the rules of the house,
and where the head of a unit went in person; with what is refused on the way."""

from __future__ import annotations

from datetime import date, timedelta

from chuangwen.core import clock
from chuangwen.core.models import TableForm
from chuangwen.organizations.enums import PostKind, UnitKind
from chuangwen.organizations.services import name_post
from chuangwen.rectification.models import Problem
from chuangwen.responsibilities.models import HouseRule, SiteVisit
from tests.core.workbook_templates.making import form, opened, saved, texts
from tests.desk.browsing import MARKS, TUESDAY, City, fill, follow, says
from tests.support.factories import make_problem, make_problem_type, make_unit

pytestmark = MARKS
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def give(page, data: bytes) -> None:
    """Choose a workbook, name the form and send it."""
    workbook = {"name": "省台账.xlsx", "mimeType": XLSX, "buffer": data}
    page.locator("main [name=file]").first.set_input_files(workbook)
    fill(page, name="省台账")


def test_form_of_an_authority_is_taken_looked_at_and_the_ledger_goes_out_by_it(city: City):
    make_problem(lead=city.city, campaign=city.campaign, title="垃圾未清")
    office, page = city.window(city.office), "/own-forms/list-problems/"
    office.goto(page)
    give(office, b"no workbook")
    says(office, "请")
    assert not TableForm.objects.exists()
    give(office, saved(form()[0]))
    chosen = office.locator("select[name=column-B]")
    assert (chosen.evaluate("one => one.value"), office.locator("[name=last]").input_value()) == ("问题", "14")
    fill(office)
    says(office, "用前几行试填")
    says(office, "垃圾未清")
    office.emulate_media(media="print")  # a first column that stays in sight would cover the lines on paper
    first = office.locator(".cw-scroll tbody tr > :first-child").first
    assert first.evaluate("one => getComputedStyle(one).position") == "static"
    office.emulate_media(media="screen")
    follow(office, "/use/")
    says(office, "在用")
    office.goto(page)
    give(office, saved(form()[0]))
    says(office, "已有名为“省台账”的表样。")

    office.goto("/problems/?tab=all")
    address = office.locator("a[href*='format=own']").first.get_attribute("href") or ""
    rows = texts(opened(office.request.get(f"{city.url}/problems/{address}").body()).active)
    assert ([row[1:3] for row in rows[4:5]], rows[14][0]) == ([["垃圾未清", "市城管局"]], "合计")


def test_rule_of_the_house_is_entered_and_checked_on_the_phone_and_what_was_not_checked_is_seen(city, monkeypatch):
    make_unit(city.city, name="办公室", kind=UnitKind.OFFICE)
    name_post(city.city, PostKind.OTHER, "纪检组长", actor=None)
    liaison = city.liaison(city.city)
    phone = city.window(liaison, phone=True)
    phone.goto("/house-rules/")
    follow(phone, "/house-rules/new/")
    fill(phone, title="首问负责制", answers="办公室", schedule="每年2月30日", checker="办公室")
    says(phone, "没有2月30日这一天")
    fill(phone, schedule="每月25日前")
    says(phone, "负责的人不能自己检查落实")
    fill(phone, checker="纪检组长")
    says(phone, "首问负责制")
    rule = HouseRule.objects.get()
    fill(phone, result="partly")
    says(phone, "请写明")
    fill(phone, remark="一个窗口没有登记")
    says(phone, "一个窗口没有登记")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    rule.refresh_from_db()
    later = TUESDAY + timedelta(days=(rule.next_check - TUESDAY.date()).days + 1)
    monkeypatch.setattr(clock, "now", lambda: later)
    office = city.window(city.office)
    office.goto("/desk/")
    office.get_by_role("link", name="1项内部制度未按时检查").first.click()
    says(office, "首问负责制")
    assert office.url.endswith("/house-rules/?tab=late")


def test_visit_on_the_spot_needs_a_place_and_becomes_a_problem(city):
    kind = make_problem_type(city.root.region)
    name_post(city.city, PostKind.FIRST, "局长", actor=None)
    phone = city.window(city.liaison(city.city), phone=True)
    phone.goto(f"/in-person/units/{city.city.pk}/")
    follow(phone, "/visits/new/")
    fill(phone, found="油污接水盘缺七个")
    says(phone, "请写清在哪里")
    assert not SiteVisit.objects.exists()
    fill(phone, spot="东关夜市")
    says(phone, "油污接水盘缺七个")
    office = city.window(city.office)
    office.goto(f"/in-person/visits/{SiteVisit.objects.get().pk}/")
    office.locator("main a[href*='source_number=']").click()
    assert office.locator("[name=title]").input_value() == "油污接水盘缺七个"
    fill(office, problem_type=kind.name_zh)
    says(office, "交办")
    visit, problem = SiteVisit.objects.get(), Problem.objects.get()
    assert (problem.source_number, problem.spot, visit.day) == (visit.number, "东关夜市", date(2026, 11, 17))
