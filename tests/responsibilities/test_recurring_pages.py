"""The pages of recurring duties and standing rules, and the sheet of a unit that shows both."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chuangwen.core import clock
from chuangwen.organizations.queries import own_units
from chuangwen.responsibilities.frequency import schedule_of
from chuangwen.responsibilities.models import Duty, StandingRule
from chuangwen.responsibilities.services import open_duty, pause_duty, set_rule
from tests.responsibilities.making import make_city
from tests.support.factories import NOON, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("noon")]


@pytest.fixture
def city():
    made = make_city()
    made.campaign.ends = date(2027, 12, 31)
    made.campaign.save(update_fields=["ends"])
    made.unit("城管局")
    made.unit("住建局")
    return made


def opened(city, title="排查户外广告", unit="城管局", phrase="每周五"):
    return open_duty(
        city.campaign, city.units[unit], title=title, measure="无破损", schedule=schedule_of(phrase), actor=city.office
    )


def test_office_opens_changes_pauses_resumes_and_ends_a_duty(city, sign_in):
    page = sign_in(city.office)
    typed = {"title": "排查户外广告", "unit": "城管局", "measure": "无破损", "schedule": "有空时"}
    wrong = page.post("/duties/new/", typed)
    assert (wrong.status_code, "没有说明何时" in wrong.content.decode()) == (422, True)
    for phrase, day in (("每年2月30日", "2月30日"), ("每年四月三十一日前", "4月31日"), ("每月35日前", "35日")):
        wrong = page.post("/duties/new/", typed | {"schedule": phrase})
        assert wrong.context["form"].errors["schedule"] == [f"没有{day}这一天，请写当月有的日期。"]
    made = page.post("/duties/new/", typed | {"schedule": "每两个月一次,20日前"})
    duty = Duty.objects.get()
    assert (made.status_code, made["location"]) == (302, f"/duties/{duty.pk}/")
    shown = page.get(f"/duties/{duty.pk}/").content.decode()
    assert all(words in shown for words in ("每两月20日", "排查户外广告", "接下来的日期", "无破损"))
    english = page.get(f"/duties/{duty.pk}/", headers={"accept-language": "en"})
    assert english.status_code == 200
    page.post(f"/duties/{duty.pk}/change/", typed | {"schedule": "每周三", "ahead": "3"})
    duty.refresh_from_db()
    assert (duty.schedule["day"], duty.ahead, duty.ends) == (3, 3, city.campaign.ends)
    old = page.get(f"/duties/{duty.pk}/change/")
    assert "每周三" in old.content.decode()
    seen = {"schedule": "每周三", "ahead": "3", "seen": old.context["form"]["seen"].value()}
    with clock.at(NOON + timedelta(minutes=1)):
        assert page.post(f"/duties/{duty.pk}/change/", typed | seen | {"measure": "全换新"}).status_code == 302
    answer = page.post(f"/duties/{duty.pk}/change/", typed | seen | {"measure": "无空白"})
    assert (answer.status_code, "完成标准 全换新" in answer.content.decode()) == (422, True)
    for action, state in (("pause", "paused"), ("resume", "running"), ("end", "ended")):
        page.post(f"/duties/{duty.pk}/{action}/", {"reason": "职责调整"})
        duty.refresh_from_db()
        assert duty.state == state
        assert page.get(f"/duties/{duty.pk}/").status_code == 200
    assert [page.get(f"/duties/{duty.pk}/{action}/").status_code for action in ("pause", "nothing")] == [200, 404]
    assert page.post(f"/duties/{duty.pk}/pause/", {"reason": "再停"}).status_code == 409


def test_office_sets_down_and_ends_a_rule_which_stands_on_the_units_sheet(city, sign_in):
    page = sign_in(city.office)
    assert page.post("/rules/new/", {"text": ""}).status_code == 422
    page.post("/rules/new/", {"text": "主次干道无暴露垃圾", "units": "城管局", "origin_text": "做到无暴露垃圾"})
    rule = StandingRule.objects.get()
    opened(city)
    sheet = page.get(f"/breakdown/units/{city.units['城管局'].pk}/").content.decode()
    assert all(words in sheet for words in ("主次干道无暴露垃圾", "排查户外广告", "每周五"))
    paper = page.get(f"/breakdown/units/{city.units['城管局'].pk}/?format=print").content.decode()
    assert "主次干道无暴露垃圾" in paper
    assert "主次干道无暴露垃圾" not in page.get(f"/breakdown/units/{city.units['住建局'].pk}/").content.decode()
    assert "做到无暴露垃圾" in page.get(f"/rules/{rule.pk}/").content.decode()
    assert page.get(f"/rules/{rule.pk}/end/").status_code == 200
    page.post(f"/rules/{rule.pk}/end/", {"reason": "标准更换"})
    rule.refresh_from_db()
    assert rule.ended_on == clock.today()
    assert "标准更换" in page.get(f"/rules/{rule.pk}/").content.decode()


def test_rule_of_all_units_says_so_with_their_number(city, sign_in):
    page, all_of_them = sign_in(city.office), list(own_units(city.root.region))
    deep = make_unit(all_of_them[0], name="环卫所")
    named = set_rule(city.campaign, text="不得推诿", units=[*all_of_them, deep], actor=city.office)
    none = set_rule(city.campaign, text="首问负责", actor=city.office)
    some = set_rule(city.campaign, text="无暴露垃圾", units=all_of_them[:1], actor=city.office)
    said = f"全部单位({len(all_of_them)}个)"
    for rule, words in ((named, said), (none, said), (some, str(all_of_them[0]))):
        assert f"<dd>{words}</dd>" in page.get(f"/rules/{rule.pk}/").content.decode()
    assert page.get("/rules/").content.decode().count(said) == 2


def test_unit_sees_its_own_duties_and_all_rules_and_changes_neither(city, sign_in):
    mine, other = opened(city), opened(city, "检查工地", "住建局")
    rule = set_rule(city.campaign, text="无暴露垃圾", units=[city.units["住建局"]], actor=city.office)
    page = sign_in(city.liaison(city.units["城管局"]))
    assert [page.get(f"/duties/{duty.pk}/").status_code for duty in (mine, other)] == [200, 404]
    assert page.get(f"/rules/{rule.pk}/").status_code == 200
    shut = [f"/duties/{mine.pk}/change/", f"/duties/{mine.pk}/end/", "/duties/new/", "/rules/new/",
            f"/rules/{rule.pk}/end/"]  # fmt: skip
    # Ending is open to who laid a duty out by kind, so that this one is not told apart from one that is not there.
    assert [page.get(url).status_code for url in shut] == [403, 404, 403, 403, 403]
    stranger = sign_in(make_city(leaves=1).office)
    assert [stranger.get(url).status_code for url in (f"/duties/{mine.pk}/", f"/rules/{rule.pk}/")] == [404, 404]


def test_lists_cost_the_same_whatever_their_length_and_act_on_all_that_match(city, sign_in):
    page = sign_in(city.office)
    opened(city)
    set_rule(city.campaign, text="无乱贴", units=[city.units["城管局"]], actor=city.office)
    page.get("/duties/")

    def cost(url):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert page.get(url).status_code == 200
        return len(queries)

    before = [cost("/duties/"), cost("/rules/")]
    for number in range(2):
        opened(city, f"任务{number}", "住建局")
        set_rule(city.campaign, text=f"规则{number}", units=city.units.values(), actor=city.office)
    assert [cost("/duties/"), cost("/rules/")] == before
    paused = Duty.objects.first()
    pause_duty(paused, reason="x", actor=city.office)
    unit = city.units["住建局"].pk
    rows = page.get(f"/duties/?unit={unit}&sort=next_on").content.decode()
    assert ("任务0" in rows, "排查户外广告" in rows) == (True, False)
    assert "排查户外广告" in page.get("/duties/?tab=paused").content.decode()
    assert page.get("/duties/?format=xlsx").status_code == 200
    found = page.get(f"/rules/?unit={unit}").content.decode()
    assert ("规则0" in found, "无乱贴" in found) == (True, False)
