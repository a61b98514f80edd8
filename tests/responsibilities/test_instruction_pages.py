"""The pages of instructions: list, one, new from paper and on screen, its sheet; desk, search, the unit's task."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.models import Attachment
from chuangwen.core.panels import counted
from chuangwen.notifications.models import Notice
from chuangwen.organizations.enums import PostKind
from chuangwen.organizations.services import hold_post, name_post
from chuangwen.responsibilities import desk, services
from chuangwen.responsibilities.models import Instruction, Medium, Task
from chuangwen.responsibilities.search import search_instructions
from chuangwen.responsibilities.services.repeating import Again
from tests.responsibilities.making import make_city
from tests.responsibilities.test_instructions import picture
from tests.support.factories import NOON, make_campaign, make_root, make_unit, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("noon")]
LIST, NEW = "/instructions/", "/instructions/new/"
AGAIN = Again("领导另有批示")  # the same matter comes more than once here


@pytest.fixture
def city():
    made = make_city()
    made.unit("城管局")
    made.unit("住建局")
    return made


@pytest.fixture
def mayor(city):
    return name_post(city.root, PostKind.FIRST, "市长", actor=None)


@pytest.fixture
def leader(city, mayor):
    user = make_user(Role.LEADER, city.root)
    hold_post(mayor, user, starts=date(2026, 1, 1), actor=None)
    return user


@pytest.fixture
def liaison(city):
    return city.liaison(city.units["城管局"])


def make(city, post, *names, about="公厕夜间锁门", days=3):
    errand = services.Errand(
        [city.units[name] for name in names or ("城管局",)], NOON + timedelta(days=days), "结果", again=AGAIN
    )
    return services.write_instruction(
        city.campaign,
        post,
        about=about,
        content="请一周内解决。",
        medium=Medium.SPOKEN,
        errand=errand,
        actor=city.office,
    )


def reply(made, city, words="46座公厕不再锁门"):
    for task in made.tasks.all():
        liaison = city.liaison(task.unit)
        services.accept_task(task, actor=liaison)
        services.add_measures(task, measures="两班", people="科长", actor=liaison)
        services.report_task(task, note=words, actor=liaison)


def paper(city, mayor, **changes):
    """The office's form, filled in as a browser sends it."""
    values = {
        "post": f"#{mayor.pk}", "medium": "paper", "scan": SimpleUploadedFile("批示.png", picture()),
        "written_on": "2026-11-17", "content": "请城管局一周内解决。", "about": "公厕夜间锁门", "urgency": "most",
        "leads": "城管局", "cooperating": "住建局", "due": "2026-11-20", "reply": "结果和照片",
    }  # fmt: skip
    return {key: value for key, value in (values | changes).items() if value is not None}


def numbers(answer):
    return [row.number for row in answer.context["listing"].slice.rows]


def test_office_enters_a_sheet_with_its_scan_in_one_act(city, mayor, sign_in):
    client = sign_in(city.office)
    form = client.get(NEW).content.decode()
    assert ("录入批示" in form, 'value="2026-11-23"' in form) == (True, True)
    answer = client.post(NEW, paper(city, mayor))
    made = Instruction.objects.get()
    assert answer.url == f"/instructions/{made.pk}/"
    assert (made.post, made.medium, made.urgency, made.written_on) == (mayor, "paper", "most", date(2026, 11, 17))
    task = made.tasks.get()
    assert (str(task.unit), [str(one) for one in task.cooperating.all()], task.measure) == (
        "城管局", ["住建局"], "结果和照片",
    )  # fmt: skip
    assert Attachment.objects.get(owner_type="responsibilities.instruction").name == "批示.png"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"scan": None}, "请附上批示件的照片或PDF。"),
        ({"written_on": "2026-11-19"}, "日期在今天以后。"),
        ({"leads": ""}, "这一项还空着"),
        ({"due": "2026-11-17"}, "这一天已经过了"),
        ({"content": "请\x0b办"}, "看不见的字符"),
        ({"post": "没有这个职务"}, "没有这个职务"),
        ({"urgency": "now"}, "now"),
    ],
)
def test_form_keeps_what_was_typed_and_says_what_is_wrong(city, mayor, sign_in, changes, words):
    answer = sign_in(city.office).post(NEW, paper(city, mayor, **changes))
    page = answer.content.decode()
    assert (answer.status_code, "公厕夜间锁门" in page, Instruction.objects.count()) == (422, True, 0)
    assert words in page


def test_refusal_of_the_service_stands_in_the_form(city, sign_in):
    liaison = name_post(city.root, PostKind.LIAISON, "联络员", actor=None)
    answer = sign_in(city.office).post(NEW, paper(city, liaison))
    assert (answer.status_code, "联络员不作批示" in answer.content.decode()) == (422, True)


def test_leader_writes_on_screen_and_the_office_hands_it_on(city, mayor, leader, sign_in):
    client = sign_in(leader)
    form = client.get(NEW).content.decode()
    assert ("写批示" in form, "扫描件" in form) == (True, False)
    values = {"post": mayor.pk, "content": "请研究。", "about": "窗口服务", "urgency": "urgent"}
    made_at = client.post(NEW, values).url
    assert Task.objects.count() == 0
    refused = client.post(NEW, values | {"leads": "城管局", "due": "", "reply": ""}).content.decode()
    assert ("请写回复时限。" in refused, "请写要回复什么。" in refused) == (True, True)
    assert "下一步：交办给单位" in client.get(made_at).content.decode()
    office = sign_in(city.office)
    assert office.get(f"{made_at}pass-on/").status_code == 200
    answer = office.post(f"{made_at}pass-on/", {"leads": "城管局", "due": "2026-11-20", "reply": "结果"})
    assert (answer.url, Task.objects.get().state) == (made_at, "issued")
    again = office.post(f"{made_at}pass-on/", {"leads": "城管局", "due": "2026-11-20", "reply": "结果"})
    assert (again.status_code, "已经交办给城管局" in again.content.decode()) == (422, True)


def test_leader_without_a_post_is_told_who_names_it(city, sign_in):
    answer = sign_in(make_user(Role.LEADER, city.root)).get(NEW)
    assert (answer.status_code, "还不知道您担任哪个职务" in answer.content.decode()) == (400, True)


def test_list_holds_own_ones_first_for_a_leader_and_what_is_open_for_the_office(city, mayor, leader, sign_in):
    vice = name_post(city.root, PostKind.CHARGE, "副市长", actor=None)
    mine, other = make(city, mayor), make(city, vice, "住建局", about="路灯")
    settled = make(city, vice, about="旧事")
    settled.tasks.update(state="confirmed")
    assert numbers(sign_in(leader).get(LIST)) == [mine.number]
    office = sign_in(city.office)
    assert sorted(numbers(office.get(LIST))) == [mine.number, other.number]
    assert numbers(office.get(f"{LIST}?tab=done")) == [settled.number]
    assert numbers(office.get(f"{LIST}?tab=all&leader={mayor.pk}")) == [mine.number]
    assert numbers(office.get(f"{LIST}?tab=all&unit={city.units['住建局'].pk}")) == [other.number]
    assert len(numbers(office.get(f"{LIST}?tab=all&urgency=urgent"))) == 3
    assert numbers(office.get(f"{LIST}?tab=all&q=路灯")) == [other.number]
    assert "我的未办结" not in office.get(LIST).content.decode()


def test_list_tells_late_and_answered(city, mayor, sign_in):
    late, answered = make(city, mayor, days=1), make(city, mayor, "住建局", about="路灯")
    reply(answered, city)
    office = sign_in(city.office)
    with clock.at(NOON + timedelta(days=2)):
        assert numbers(office.get(f"{LIST}?tab=late")) == [late.number]
        page = office.get(f"{LIST}?tab=answered")
    assert numbers(page) == [answered.number]
    assert "已全部回复" in page.content.decode()


def test_list_costs_the_same_for_one_and_for_three(city, mayor, sign_in):
    client = sign_in(city.office)

    def cost(address):
        client.get(address)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    addresses = (f"{LIST}?tab=all", f"{LIST}?tab=all&format=print")
    make(city, mayor, "城管局", "住建局")
    before = [cost(address) for address in addresses]
    reply(make(city, mayor, "城管局", "住建局"), city)
    make(city, mayor)
    assert [cost(address) for address in addresses] == before


def test_list_goes_to_paper_with_the_columns_of_the_handling_sheet(city, mayor, sign_in):
    made = make(city, mayor)
    reply(made, city)
    client = sign_in(city.office)
    sheet = client.get(f"{LIST}?tab=all&format=print").content.decode()
    heads = re.findall(r"<th scope=\"col\"[^>]*>([^<]+)</th>", sheet)
    assert heads == ["序号", "批示人", "批示事项", "批示内容", "批示日期", "承办单位", "回复时限", "状态", "结果"]
    assert ("46座公厕不再锁门" in sheet, "云溪市 市长" in sheet) == (True, True)
    assert client.get(f"{LIST}?tab=all&format=xlsx").status_code == 200
    assert "城管局" in client.get(f"{LIST}?tab=all&format=message").content.decode()


def test_office_reminds_of_all_that_are_chosen(city, mayor, liaison, sign_in):
    made = make(city, mayor)
    sign_in(city.office).post(f"{LIST}?tab=all", {"bulk": "remind", "id": [made.pk]})
    assert Notice.objects.filter(user=liaison, title__startswith="请尽快回复批示").count() == 1


def test_page_shows_words_replies_and_what_comes_next(city, mayor, leader, sign_in):
    made = make(city, mayor, "城管局", "住建局")
    address = f"/instructions/{made.pk}/"
    page = sign_in(city.office).get(address).content.decode()
    for shown in ("请一周内解决。", "2个单位中0个已回复", "等城管局、住建局回复", "催办", "撤回批示", "批示件办理单"):
        assert shown in page
    reply(made, city)
    page = sign_in(city.office).get(address).content.decode()
    assert ("看回复并确认" in page, page.count("46座公厕不再锁门"), "撤回批示" in page) == (True, 2, False)
    page = sign_in(leader).get(address).content.decode()
    assert ("看回复并确认" in page, "已全部回复，等创建办确认" in page) == (False, True)


def test_buttons_of_the_page_remind_and_withdraw(city, mayor, sign_in):
    made = make(city, mayor)
    address, client = f"/instructions/{made.pk}/", sign_in(city.office)
    assert "已提醒1个单位" in client.post(f"{address}remind/", follow=True).content.decode()
    assert client.post(f"{address}withdraw/", {"reason": " "}).status_code == 422
    page = client.post(f"{address}withdraw/", {"reason": "误录"}, follow=True).content.decode()
    assert ("已撤回" in page, "误录" in page) == (True, True)
    assert "没有等回复的单位" in client.post(f"{address}remind/", follow=True).content.decode()
    assert client.post(f"{address}withdraw/", {"reason": "误录"}).status_code == 422


def test_handling_sheet_has_the_papers_columns(city, mayor, sign_in):
    made = make(city, mayor, "城管局", "住建局")
    reply(made, city)
    page = sign_in(city.office).get(f"/instructions/{made.pk}/paper/").content.decode()
    for shown in ("批示件办理单", "批示人", "云溪市 市长", "批示日期", "承办单位", "回复时限", "结果", "领导阅签"):
        assert shown in page
    assert page.count("46座公厕不再锁门") == 2


def test_unit_sees_the_instruction_on_its_task_and_on_its_desk(city, mayor, liaison, sign_in):
    make(city, mayor, "住建局", about="别家的事")
    made = make(city, mayor)
    task = made.tasks.get()
    client = sign_in(liaison)
    page = client.get(f"/tasks/{task.pk}/").content.decode()
    for shown in ("请一周内解决。", "加急", "云溪市 市长批示", f'href="/instructions/{made.pk}/"'):
        assert shown in page
    start = client.get("/desk/").content.decode()
    assert ("公厕夜间锁门" in start, "云溪市 市长批示" in start, "别家的事" in start) == (True, True, False)
    assert numbers(client.get(LIST)) == [made.number]
    assert f'href="{LIST}"' not in start
    assert "批示(加急)" in client.get("/tasks/").content.decode()


def test_desk_tells_office_and_leader_what_waits(city, mayor, leader, sign_in):
    services.write_instruction(city.campaign, mayor, about="窗口", content="请研究。", actor=leader)
    make(city, mayor, days=1)
    reply(make(city, mayor, "住建局", about="路灯"), city)

    def lines(user):
        request = RequestFactory().get("/")
        request.user, request.session = user, {}
        with clock.at(NOON + timedelta(days=2)):
            return [
                (one.group, str(one.title)) for one in counted(desk.desk_lines(request)) if "批示" in str(one.title)
            ]

    assert lines(city.office) == [("decide", "1件批示待交办"), ("late", "1件批示逾期未回复")]
    assert lines(leader) == [("mine", "1件批示已全部回复"), ("late", "1件批示逾期未回复")]
    assert lines(make_user(Role.LEADER, city.root)) == []
    request = RequestFactory().get("/")
    request.user, request.session = leader, {}
    assert sorted(str(one) for one in desk.instructions_waiting(request)) == ["公厕夜间锁门", "窗口", "路灯"]


def test_stranger_and_other_units_find_nothing(city, mayor, sign_in):
    made = make(city, mayor)
    root = make_root()
    make_campaign(root)
    for user in (make_user(Role.OFFICE, root), city.liaison(city.units["住建局"])):
        client = sign_in(user)
        assert numbers(client.get(f"{LIST}?tab=all")) == []
        for end in ("", "paper/"):
            assert client.get(f"/instructions/{made.pk}/{end}").status_code == 404
    assert sign_in(make_user(Role.LIAISON, make_unit(city.root))).get(NEW).status_code == 403


def test_search_finds_it_by_its_words_and_number(city, mayor, leader):
    made = make(city, mayor)
    request = RequestFactory().get("/")
    for user, found in ((leader, 1), (city.liaison(city.units["住建局"]), 0)):
        request.user = user
        for words in ("一周内", "公厕", made.number):
            assert len(search_instructions(request, words).hits) == found


def test_reply_comes_with_a_paper_from_the_unit_or_from_the_office_for_it(city, mayor, liaison, sign_in):
    made = make(city, mayor)
    task = made.tasks.get()
    services.accept_task(task, actor=liaison)
    services.add_measures(task, measures="两班", people="科长", actor=liaison)
    office, address = sign_in(city.office), f"/tasks/{task.pk}/report/"
    odd = {"note": "已办结", "on_behalf": "城管局局长", "paper": SimpleUploadedFile("a.txt", b"plain text")}
    refused = office.post(address, odd)
    task.refresh_from_db()
    assert (refused.status_code, task.state, Attachment.objects.count()) == (422, "accepted", 0)
    assert office.post(address, odd | {"paper": SimpleUploadedFile("回复.png", picture())}).status_code == 302
    for page in (f"/tasks/{task.pk}/", f"/instructions/{made.pk}/"):
        assert 'alt="回复.png"' in office.get(page).content.decode()
    task.refresh_from_db()
    services.reopen_task(task, reason="再补", actor=city.office)
    assert 'name="paper"' in sign_in(liaison).get(address).content.decode()
    assert 'name="paper"' not in sign_in(liaison).get(f"/tasks/{task.pk}/progress/").content.decode()


def test_sheet_is_opened_by_the_units_that_have_a_task_and_by_no_other(city, mayor, liaison, sign_in):
    sign_in(city.office).post(NEW, paper(city, mayor, cooperating=""))
    address = reverse("core:file", args=[Attachment.objects.get().uid])
    other = city.liaison(city.units["住建局"])
    statuses = [sign_in(user).get(address).status_code for user in (city.office, liaison, other)]
    assert statuses == [200, 200, 404]


def test_who_does_not_hand_it_on_is_led_back(city, mayor, leader, sign_in):
    vice = name_post(city.root, PostKind.CHARGE, "副市长", actor=None)
    made = make(city, vice)
    answer = sign_in(leader).get(f"/instructions/{made.pk}/pass-on/", follow=True)
    assert "由创建办或批示人交办" in answer.content.decode()
    assert "再交办给别的单位" not in answer.content.decode()
    assert services.remind_of_instruction(made, actor=city.office) == 1
