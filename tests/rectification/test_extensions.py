"""A unit asks for more time; the office grants or refuses it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from chuangwen.accounts.roles import Role
from chuangwen.audit.models import Entry
from chuangwen.notifications.models import Notice
from chuangwen.rectification import services
from chuangwen.rectification.models import Extension, Problem
from chuangwen.workflow.queries import history_of
from tests.rectification.making import TUESDAY, make_city, photo
from tests.rectification.test_matter import opened
from tests.support.factories import make_user
from tests.support.refusals import said

pytestmark = pytest.mark.django_db
SOON = TUESDAY + timedelta(hours=2)  # Tuesday noon; the problem is due on Wednesday evening
FRIDAY = date(2026, 11, 20)
FRIDAY_EVENING = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
TALK = "请与创建办联系。"


@pytest.fixture(autouse=True)
def _tuesday():
    with time_machine.travel(SOON, tick=False):
        yield


def asked(city, **fields):
    problem = city.problem()
    services.ask_extension(problem, until=FRIDAY, reason="等施工队进场", actor=city.liaison, **fields)
    return problem


def url(problem, action=""):
    return f"/problems/{problem.number}/{action + '/' if action else ''}"


def test_asking_is_kept_and_told_and_changes_no_deadline():
    city = make_city()
    problem = asked(city)
    row = Extension.objects.values("problem", "by_unit", "reason", "until", "asked_at", "decide_by", "decided_at",
                                   "granted_until", "answer").get()  # fmt: skip
    assert row == {
        "problem": problem.pk, "by_unit": city.line.pk, "reason": "等施工队进场", "until": FRIDAY, "asked_at": SOON,
        "decide_by": datetime(2026, 11, 18, 10, 0, tzinfo=UTC), "decided_at": None, "granted_until": None,
        "answer": "",
    }  # fmt: skip
    before = problem.due_at
    problem.refresh_from_db()
    assert (problem.state, problem.due_at) == ("assigned", before)
    step = history_of(problem).get(action="ask_extension")
    assert (step.note, step.data, step.actor_id, step.on_behalf) == (
        "等施工队进场", {"until": "2026-11-20"}, city.liaison.pk, "",
    )  # fmt: skip
    assert Entry.objects.filter(action="rectification.problem.ask_extension").count() == 1
    told = Notice.objects.filter(title=f"申请延期：{problem.title}")
    assert [one.user for one in told] == [city.office]


def test_granting_moves_the_deadline_to_the_day_that_the_office_names():
    city = make_city()
    problem = asked(city)
    services.grant_extension(problem, until=FRIDAY, actor=city.office)
    problem.refresh_from_db()
    assert problem.due_at == FRIDAY_EVENING
    row = Extension.objects.get()
    assert (row.decided_at, row.granted_until, row.answer) == (SOON, FRIDAY_EVENING, "按申请准予延期：等施工队进场")
    step = history_of(problem).get(action="deadline")
    assert (step.note, step.data["granted"], step.actor_id) == (row.answer, True, city.office.pk)
    told = Notice.objects.filter(title=f"已同意延期：{problem.title}")
    assert [one.user for one in told] == [city.liaison]


def test_refusing_leaves_the_deadline_and_says_why():
    city = make_city()
    problem = asked(city)
    before = problem.due_at
    services.refuse_extension(problem, reason="迎检在即", actor=city.office)
    problem.refresh_from_db()
    row = Extension.objects.get()
    assert (problem.due_at, row.decided_at, row.granted_until, row.answer) == (before, SOON, None, "迎检在即")
    assert history_of(problem).get(action="refuse_extension").note == "迎检在即"
    assert Notice.objects.filter(title=f"未同意延期：{problem.title}", user=city.liaison).count() == 1


def test_what_is_refused_is_said_word_for_word():
    city = make_city()
    problem = city.problem()
    ask = {"actor": city.liaison, "reason": "x"}
    assert said(services.ask_extension, problem, until=FRIDAY, actor=city.liaison, reason=" ") == (
        "请简单写明原因。对方会看到。"
    )
    assert said(services.ask_extension, problem, until=date(2026, 11, 18), **ask) == (
        "新时限要晚于11月18日(周三)。请选晚一点的日期。"
    )
    assert said(services.ask_extension, problem, until=date(2026, 12, 19), **ask) == (
        "比原时限晚了30天以上。要几个月才能办好的，由创建办列入长期整改。"
    )
    assert said(services.grant_extension, problem, until=FRIDAY, actor=city.office) == (
        "这件问题没有待审批的延期申请。请重新打开，看看现在的情况。"
    )
    services.ask_extension(problem, until=date(2026, 12, 18), **ask)
    assert said(services.ask_extension, problem, until=FRIDAY, **ask) == f"贵单位已申请延期，正等创建办答复。{TALK}"
    assert said(services.refuse_extension, problem, reason="", actor=city.office) == "请简单写明原因。对方会看到。"
    services.refuse_extension(problem, reason="x", actor=city.office)
    assert said(services.ask_extension, problem, until=FRIDAY, **ask) == f"贵单位已申请过一次延期，按答复办理。{TALK}"
    with time_machine.travel(problem.due_at + timedelta(seconds=1)):
        late = city.problem()
        Problem.objects.filter(pk=late.pk).update(due_at=problem.due_at)
        late.refresh_from_db()
        assert said(services.ask_extension, late, until=FRIDAY, **ask) == f"时限已过；延期要在到期前申请。{TALK}"


def test_only_the_lead_asks_and_only_the_office_decides():
    city, elsewhere = make_city(), make_city()
    problem = city.problem()
    stranger = make_user(Role.LIAISON, city.other_line)
    with pytest.raises(PermissionDenied, match=r"^rectification\.answer$"):
        services.ask_extension(problem, until=FRIDAY, reason="x", actor=stranger)
    assert said(services.ask_extension, problem, until=FRIDAY, reason="x", actor=city.street_liaison) == (
        "这里由牵头单位答复。您可以补充说明。"
    )
    services.ask_extension(problem, until=FRIDAY, reason="x", actor=city.office)
    assert history_of(problem).get(action="ask_extension").on_behalf == str(city.line)
    for actor in (city.liaison, city.verifier, elsewhere.office):
        for decide in (
            lambda who: services.grant_extension(problem, until=FRIDAY, actor=who),
            lambda who: services.refuse_extension(problem, reason="x", actor=who),
        ):
            with pytest.raises(PermissionDenied, match=r"^rectification\.assign$"):
                decide(actor)


def test_later_deadline_of_the_office_grants_what_was_asked_and_an_earlier_one_does_not():
    city = make_city()
    problem = asked(city)
    services.change_deadline(problem, due_at=problem.due_at - timedelta(hours=1), reason="x", actor=city.office)
    assert Extension.objects.get().decided_at is None
    services.change_deadline(problem, due_at=FRIDAY_EVENING, reason="统一顺延", actor=city.office)
    assert Extension.objects.get().granted_until == FRIDAY_EVENING


def test_request_lapses_when_it_is_put_right(sign_in):
    city = make_city()
    problem = asked(city)
    with time_machine.travel(SOON + timedelta(hours=1)):
        services.fix_problem(problem, measure="清了", actor=city.liaison, photos=[photo(2)])
        services.return_problem(problem, reason="没清净", actor=city.office)
        assert said(services.refuse_extension, problem, reason="x", actor=city.office).startswith("这件问题没有待审批")
        decisions = sign_in(city.office).get("/desk/").context["groups"].decide
        assert "hourglass" not in [one.icon for one in decisions]
        # It was never decided, so there may be another.
        services.ask_extension(problem, until=date(2026, 11, 25), reason="y", actor=city.liaison)
        services.change_deadline(problem, due_at=FRIDAY_EVENING, reason="z", actor=city.office)
    assert list(Extension.objects.order_by("pk").values_list("answer", flat=True)) == ["", "z"]


def test_office_finds_it_on_its_start_page_and_decides_on_the_problems_page(sign_in):
    city = make_city()
    problem = asked(city)
    office = sign_in(city.office)
    item = next(one for one in office.get("/desk/").context["groups"].decide if one.icon == "hourglass")
    assert (item.title, item.sub, item.count, item.due) == (
        "1件延期申请", "城管局", 1, datetime(2026, 11, 18, 10, 0, tzinfo=UTC),
    )  # fmt: skip
    assert problem.title in office.get(item.url).content.decode()
    step = office.get(url(problem)).context["step"]
    assert step.title == "下一步：由您审批延期"
    assert step.text == "城管局申请延期到11月20日(周五)：等施工队进场；应在11月18日18:00前答复。"
    assert [one["key"] for one in step.buttons if one["primary"]] == ["grant_extension"]
    page = office.get(url(problem, "grant_extension")).content.decode()
    assert 'value="2026-11-20"' in page
    assert "等施工队进场" in page
    assert office.post(url(problem, "grant_extension"), {"until": "2026-11-19", "reason": ""}).status_code == 302
    problem.refresh_from_db()
    assert problem.due_at == datetime(2026, 11, 19, 10, 0, tzinfo=UTC)


def test_lead_asks_on_its_page_and_through_its_link(sign_in):
    city = make_city()
    problem = city.problem()
    page = sign_in(city.liaison).get(url(problem))
    assert "ask_extension" in [one["key"] for one in page.context["step"].buttons]
    street = sign_in(city.street_liaison).get(url(problem)).context["step"]
    assert "ask_extension" not in [one["key"] for one in (*street.buttons, *street.menu)]
    phone, path = opened(city, problem, city.liaison)
    assert phone.post(f"{path}extension/", {"until": "2026-11-20", "reason": ""}).status_code == 422
    assert phone.post(f"{path}extension/", {"until": "2026-11-20", "reason": "等苗木"}).status_code == 302
    assert Extension.objects.get().reason == "等苗木"
    again = phone.get(path)
    assert again.context["extension"] is None
    assert "等苗木" in again.content.decode()
