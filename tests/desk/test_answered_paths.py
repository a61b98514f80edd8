"""What is asked and answered between above and below, in a real browser: letters, the look-back, milestones, marks from
level to level; and what happens to a form when the session ends or its button is pressed twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.workdays import ZONE
from chuangwen.directives.models import Letter
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.models import Holding
from chuangwen.organizations.services import name_post
from chuangwen.responsibilities.levels import period_of
from chuangwen.responsibilities.models import LevelMark, TaskMilestone
from chuangwen.responsibilities.services import freeze_period
from chuangwen.supervision.models import LagLine
from tests.desk.browsing import MARKS, TUESDAY, City, fill, follow, playwright, says
from tests.support.factories import make_task, make_user

pytestmark = MARKS


def the_deputy(city: City):
    """A leader who holds the post before whom letters are put."""
    leader = make_user(Role.LEADER, city.root)
    post = name_post(city.root, PostKind.CHARGE, "分管副市长", actor=None)
    Holding.objects.create(region=post.region, post=post, user=leader, starts=date(2020, 1, 1))
    return leader, post


def test_letter_from_register_to_the_answer_that_is_sent(city):
    leader, post = the_deputy(city)
    office, above = city.window(city.office), city.window(leader)
    office.goto("/letters/new/")
    fill(
        office,
        sender="省文明办",
        paper_number="省文明办〔2026〕41号",
        title="关于报送自查情况的函",
        due_on="2026-12-04",
    )
    letter = Letter.objects.get()
    follow(office, "/propose/")
    fill(office, proposal="拟请市城管局自查。", leader=str(post))
    says(office, "待批示")

    above.goto(f"/letters/{letter.pk}/")
    follow(above, "/words/")
    fill(above, content="请市城管局认真自查。")
    says(above, "请市城管局认真自查。")

    office.reload()
    follow(office, "/route/")
    fill(office, units="市城管局", reply="自查情况")
    says(office, "市城管局")
    phone = city.window(city.liaison(city.city), phone=True)
    phone.goto(f"/letters/slips/{letter.slips.get().pk}/")
    fill(phone, note="自查点位46处，整改3处")
    says(phone, "自查点位46处")

    office.goto(f"/letters/{letter.pk}/")
    says(office, "自查点位46处")
    follow(office, "/answer/")
    fill(office, answer="现将自查情况报上。")
    above.goto(f"/letters/{letter.pk}/")
    follow(above, "/sign/")
    fill(above, signed_as="分管副市长")
    office.goto(f"/letters/{letter.pk}/")
    follow(office, "/send/")
    fill(office, answer_number="云文明办〔2026〕18号")
    says(office, "云文明办〔2026〕18号")
    letter.refresh_from_db()
    assert (letter.state, letter.signed_as) == ("answered", "分管副市长")


def test_look_back_from_its_list_to_a_line_that_is_judged(city):
    make_task(
        city.city, campaign=city.campaign, title="清运渣土", state="accepted",
        due_at=datetime(2026, 11, 3, 18, tzinfo=ZONE),
    )  # fmt: skip
    office = city.window(city.office)
    office.goto("/look-backs/")
    follow(office, "/look-backs/new/")
    fill(office)
    line = LagLine.objects.get()
    says(office, "清运渣土")
    follow(office, "/give/")
    fill(office)

    phone = city.window(city.liaison(city.city), phone=True)
    phone.goto(f"/look-backs/lines/{line.pk}/")
    fill(phone, answer="车辆已到位，本周五前清完")
    says(phone, "车辆已到位")
    office.goto(f"/look-backs/lines/{line.pk}/")
    fill(office, judgement="done", note="现场看过")
    says(office, "现场看过")
    line.refresh_from_db()
    assert line.state == "done"


def test_milestones_lead_to_their_tasks_and_the_chart_draws_them(city):
    task = make_task(
        city.city, campaign=city.campaign, title="改造公厕", state="accepted", due_at=TUESDAY + timedelta(days=40)
    )
    for name, days in (("招标", -3), ("完工", 30)):
        TaskMilestone.objects.create(
            region=task.region, task=task, name=name, share=50, due_on=TUESDAY.date() + timedelta(days=days)
        )
    office = city.window(city.office)
    office.goto("/milestones/")
    says(office, "招标")
    follow(office, "/milestones/chart/")
    chart = office.locator(".cw-plans__lane", has_text="改造公厕")
    playwright.expect(chart.locator("svg .cw-plans__late")).to_have_count(1)
    office.set_viewport_size({"width": 390, "height": 844})
    playwright.expect(chart.locator(".cw-plans__steps")).to_contain_text("招标")
    assert office.evaluate("document.documentElement.scrollWidth") <= 390
    chart.get_by_role("link").first.click()
    says(office, "完工")


def test_mark_of_a_month_is_judged_by_the_office_and_objected_to_on_the_phone(city, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 4, 9, tzinfo=ZONE))  # while it may be judged
    over = period_of(TUESDAY.date(), 1).before
    task = make_task(city.city, campaign=city.campaign, due_at=clock.midnight(over.first) + timedelta(days=9))
    type(task).objects.filter(pk=task.pk).update(state="confirmed", finished_at=task.due_at + timedelta(hours=5))
    freeze_period(city.campaign, over)
    mark = LevelMark.objects.get(unit=city.city)
    office = city.window(city.office)
    office.goto("/levels/")
    follow(office, f"/levels/marks/{mark.pk}/")
    fill(office, verdict="fair", points="8", reason="有1项逾期")
    says(office, "有1项逾期")

    phone = city.window(city.liaison(city.city), phone=True)
    phone.goto("/levels/")
    follow(phone, f"/levels/marks/{mark.pk}/")
    fill(phone, answer="object", reason="已批准延期")
    says(phone, "已批准延期")
    mark.refresh_from_db()
    assert (mark.state, mark.points) == ("objected", 8)


def test_form_whose_session_ended_has_what_was_typed_again_and_goes_once(city):
    office = city.window(city.office)
    office.goto("/letters/new/")
    kept = office.context.cookies()
    typed = {"sender": "省文明办", "paper_number": "7号", "title": "关于报送典型材料的函"}
    office.context.clear_cookies(name="sessionid")
    fill(office, **typed)
    office.wait_for_url("**/account/login/**")
    office.context.add_cookies(kept)
    office.goto("/letters/new/")
    says(office, "请核对后提交")
    assert {name: office.locator(f"[name={name}]").input_value() for name in typed} == typed
    posts = []
    office.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    office.get_by_role("button", name="登记来文").dblclick()
    says(office, "待拟办")
    assert (Letter.objects.count(), len(posts)) == (1, 1)
