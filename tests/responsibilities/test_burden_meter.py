"""The burden meter: what each unit was asked in a month, over all areas; asking twice needs a reason."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import Refusal
from chuangwen.core.workdays import ZONE
from chuangwen.evidence.models import Dossier
from chuangwen.organizations.queries import own_units
from chuangwen.responsibilities.models import RepeatedRequest, Task, UnitBurden
from chuangwen.responsibilities.queries.repeats import open_like
from chuangwen.responsibilities.repeats import alike
from chuangwen.responsibilities.services import draft_task, send_task, set_repeat_rule
from chuangwen.responsibilities.services.burden import count_burdens, count_month
from chuangwen.responsibilities.services.repeating import Repeated
from tests.responsibilities.making import make_city
from tests.support.factories import NOON, make_problem, make_task, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]
NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)


@pytest.fixture
def city():
    made = make_city()
    made.unit("城管局")
    made.unit("住建局")
    return made


def on(month, day):
    return datetime(2026, month, day, 10, tzinfo=ZONE)


def fill(city):
    """In November: three tasks, one answered within two working days, one within six; a dossier; a problem."""
    unit = city.units["城管局"]
    values = {"campaign": city.campaign, "state": "accepted"}
    make_task(unit, issued_at=on(11, 2), finished_at=on(11, 4), **values | {"state": "reported"})
    make_task(unit, issued_at=on(10, 30), finished_at=on(11, 9), **values | {"state": "reported"})
    make_task(unit, issued_at=on(11, 30), **values)
    make_task(unit, issued_at=None, **values | {"state": "draft"})
    make_task(city.units["住建局"], issued_at=on(12, 1), **values)
    make_task(make_unit(), issued_at=on(11, 3))
    Dossier.objects.create(
        region=unit.region,
        campaign=city.campaign,
        node=city.node("1.1"),
        unit=unit,
        year=2026,
        due_on=date(2026, 12, 1),
    )
    make_problem(unit, found_at=on(11, 5))
    make_problem(unit, found_at=on(11, 5), source="self")
    return unit


def test_month_counts_what_was_sent_in_it_over_all_areas_and_the_median_of_what_was_answered(city):
    unit = fill(city)
    RepeatedRequest.objects.create(
        region=unit.region, unit=unit, title="新", url="/", ground="words", earlier="旧", earlier_url="/"
    )
    for _time in range(2):  # counted anew, never twice
        assert count_month(unit.region, NOVEMBER) == 1
    row = UnitBurden.objects.get()
    counted = (row.unit, row.asked, row.tasks, row.dossiers, row.problems, row.repeated, row.prefilled)
    assert counted == (unit, 3, 2, 1, 1, 1, 0)
    assert row.median_days == Decimal("4.0")  # of 2 and 6 working days
    count_burdens(date(2026, 11, 3))  # in the first week the month before once more
    assert set(UnitBurden.objects.filter(unit=unit).values_list("month", flat=True)) == {NOVEMBER, OCTOBER}
    assert UnitBurden.objects.get(unit=unit, month=OCTOBER).tasks == 1


def test_page_shows_units_their_months_and_the_trend_to_who_may_see_them(city, sign_in):
    unit = fill(city)
    count_month(unit.region, NOVEMBER)
    client = sign_in(make_user(Role.LEADER, city.root))
    page = client.get("/burden/").content.decode()
    assert ("城管局" in page, "住建局" in page, "本月向单位要了3次，上月0次。" in page) == (True, False, True)
    with CaptureQueriesContext(connection) as one:
        client.get("/burden/")
    for name in ("甲", "乙"):
        UnitBurden.objects.create(region=unit.region, unit=city.unit(name), month=NOVEMBER, asked=1)
    with CaptureQueriesContext(connection) as three:
        client.get("/burden/")
    assert len(three) == len(one)
    assert "城管局" not in client.get("/burden/?month=2026-10").content.decode()
    assert client.get("/burden/?format=xlsx").status_code == 200
    own = sign_in(city.liaison(city.units["甲"])).get("/burden/").content.decode()
    assert ("甲" in own, "城管局" in own) == (True, False)


def draft(city, title="报送市容整治工作总结", **more):
    due = NOON + timedelta(days=9)
    values = {"title": title, "due_at": due, "measure": "有总结", "actor": city.office}
    return draft_task(city.campaign, city.units["城管局"], **values | more)


def test_sending_what_is_open_already_needs_a_reason_which_is_kept(city):
    send_task(draft(city), actor=city.office)
    again = draft(city, "请报送市容整治工作总结（第二次）")
    with pytest.raises(Repeated) as refused:
        send_task(again, actor=city.office, again="  ")
    assert [one.title for one in refused.value.found] == ["报送市容整治工作总结"]
    again.refresh_from_db()
    assert (again.state, RepeatedRequest.objects.count()) == ("draft", 0)
    send_task(again, actor=city.office, again="上级要求按新口径重报")
    kept = RepeatedRequest.objects.get()
    assert (kept.task, kept.ground, kept.earlier, kept.reason, kept.made_by) == (
        again, "words", "报送市容整治工作总结", "上级要求按新口径重报", city.office,
    )  # fmt: skip
    send_task(draft(city, "清理河道漂浮物"), actor=city.office)  # another matter
    other = draft_task(
        city.campaign, city.units["住建局"], title="报送市容整治工作总结", due_at=NOON + timedelta(days=9),
        measure="有总结", actor=city.office,
    )  # fmt: skip
    send_task(other, actor=city.office)  # another unit
    assert RepeatedRequest.objects.count() == 1


def test_same_criterion_open_dossier_and_the_regions_own_measure(city):
    unit, node = city.units["城管局"], city.node("1.1")
    make_task(unit, campaign=city.campaign, node=node, title="完全不同的话", state="accepted")
    make_task(unit, campaign=city.campaign, node=node, title="已经办完", state="confirmed")
    Dossier.objects.create(
        region=unit.region, campaign=city.campaign, node=node, unit=unit, year=2026, due_on=date(2026, 12, 1)
    )
    assert [one.ground for one in open_like(unit, "新的要求事项", node)] == ["criterion", "dossier"]
    assert open_like(unit, "新的要求事项", city.node("1.2")) == []
    title = "开展背街小巷整治"
    make_task(unit, campaign=city.campaign, title="背街小巷整治台账", state="issued")
    assert [one.ground for one in open_like(unit, title, None)] == ["words"]
    set_repeat_rule(unit.region, percent=100, source="site: 减负通知", actor=city.office)
    assert open_like(unit, title, None) == []
    for percent in (29, 101):
        with pytest.raises(Refusal):
            set_repeat_rule(unit.region, percent=percent, source="", actor=city.office)


def test_office_sees_beside_the_form_what_the_unit_has_and_gives_its_reason_there(city, sign_in):
    send_task(draft(city), actor=city.office)
    unit, client = city.units["城管局"], sign_in(city.office)
    count_month(unit.region, NOVEMBER)
    asked = {"unit": str(unit.pk), "title": "市容整治工作总结报送"}
    beside = client.get("/tasks/new/beside/", asked).content.decode()
    assert ("本月向单位要了1次，上月0次。" in beside, "报送市容整治工作总结" in beside) == (True, True)
    assert client.get("/tasks/new/beside/").content.decode().strip() == ""
    values = asked | {"due": "2026-11-30", "measure": "有总结"}
    page = client.post("/tasks/new/", values)
    assert page.status_code == 422
    assert "为什么再要一次" in page.content.decode()
    assert Task.objects.count() == 1
    assert client.post("/tasks/new/", values | {"again": "口径变了"}).status_code == 302
    assert "口径变了" in client.get("/burden/repeats/").content.decode()
    written = draft(city, "市容整治工作总结再报")
    assert "为什么再要一次" in client.get(f"/tasks/{written.pk}/issue/").content.decode()
    assert client.post(f"/tasks/{written.pk}/issue/", {}).status_code == 422
    client.post("/burden/rule/", {"percent": "80", "source": "减负通知"})
    assert "site: 减负通知" in str(unit.region.__class__.objects.get(pk=unit.region_id).settings)


@pytest.mark.once
@pytest.mark.parametrize(
    ("one", "other", "percent"),
    [
        ("报送工作总结", "报送工作总结", 100), ("报送2025年工作总结", "报送2026年工作总结", 100),
        ("清扫街道", "整改台账补齐", 0), ("总结", "总结", 0), ("", "报送", 0),
        ("开展文明交通劝导", "文明交通劝导周", 83),
    ],
)  # fmt: skip
def test_alike_words_are_shared_pairs_of_the_shorter(one, other, percent):
    assert alike(one, other) == percent
    assert alike(other, one) == percent


def test_under_a_field_of_units_stands_what_they_were_asked_for(city, sign_in):
    first, second = city.units["城管局"], city.units["住建局"]
    for unit, month, number in ((first, NOVEMBER, 12), (first, OCTOBER, 30), (second, NOVEMBER, 5)):
        UnitBurden.objects.create(region=unit.region, unit=unit, month=month, asked=number)
    page, url = sign_in(city.office), reverse("responsibilities:asked_of")
    both = page.get(url, {"units": [f"#{first.pk}", f"#{second.pk}"]}).content.decode()
    assert "这2个单位本月已被要求17件事，上月30件。 最多的是城管局 12、住建局 5。" in both
    one = page.get(url, {"leads": "城管局"}).content.decode()
    assert ("这1个单位本月已被要求12件事，上月30件。" in one, "最多的" in one) == (True, False)
    assert page.get(url, {"units": ""}).content.decode().strip() == ""
    everybody = page.get(url, {"units": "", "everybody": "on"}).content.decode()
    assert f"这{own_units(first.region).count()}个单位本月已被要求17件事" in everybody
    seen = sign_in(make_user(Role.LIAISON, second)).get(url, {"units": [f"#{first.pk}", f"#{second.pk}"]})
    assert "已被要求5件事，上月0件" in seen.content.decode()  # of others she is told nothing


def test_under_a_name_of_many_units_stands_what_all_of_them_were_asked_for(city, sign_in):
    streets = [make_unit(city.root, name=f"{name}街道", kind="street") for name in ("东关", "西关")]
    for unit, number in zip([*streets, city.units["城管局"]], (4, 3, 2), strict=True):
        UnitBurden.objects.create(region=unit.region, unit=unit, month=NOVEMBER, asked=number)
    page, url = sign_in(city.office), reverse("responsibilities:asked_of")
    for sent in ({"units": ["#各街道"]}, {"units": "各街道"}, {"units": ["#各街道", f"#{streets[0].pk}"]}):
        assert "这2个单位本月已被要求7件事" in page.get(url, sent).content.decode()
    more = page.get(url, {"units": ["#各街道", "城管局"]}).content.decode()
    assert "这3个单位本月已被要求9件事" in more


@pytest.mark.parametrize(
    "name",
    [
        "directives:written_new",
        "responsibilities:new_instruction",
        "responsibilities:new_duty",
        "responsibilities:new_rule",
    ],
)
def test_forms_that_ask_units_say_it_before_anything_is_sent(city, sign_in, name):
    page = sign_in(city.office).get(reverse(name)).content.decode()
    assert f'hx-get="{reverse("responsibilities:asked_of")}"' in page
