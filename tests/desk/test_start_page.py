"""The start page: for each role what is mine, due and late, and nothing of anybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Milestone
from chuangwen.core import clock, panels
from chuangwen.core.panels import DeskItem
from chuangwen.desk import queries
from chuangwen.inspections.models import Visit
from chuangwen.organizations.enums import Branch, UnitKind
from tests.support.factories import (
    DAY,
    NOON,
    make_campaign,
    make_place,
    make_problem,
    make_root,
    make_round,
    make_task,
    make_unit,
    make_user,
)

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def root(db):
    return make_root()


@pytest.fixture
def unit(root):
    return make_unit(root, name="城市管理局", short_name="城管局")


@pytest.fixture
def campaign(root):
    return make_campaign(root)


def request_of(user):
    request = RequestFactory().get("/desk/")
    request.user, request.session = user, {}
    return request


def office(root):
    return make_user(Role.OFFICE, root)


def counts(request):
    return [tab["count"] for tab in queries.pressing(request, "").tabs]


@pytest.mark.parametrize(
    ("due", "late_today_week"),
    [
        (NOON - HOUR, [1, 0, 0]),
        (NOON, [0, 1, 1]),
        (NOON + 11 * HOUR + timedelta(minutes=59), [0, 1, 1]),
        (NOON + 12 * HOUR, [0, 0, 1]),  # midnight belongs to tomorrow
        (NOON + 4 * 24 * HOUR + 11 * HOUR, [0, 0, 1]),  # Sunday 23:00
        (NOON + 4 * 24 * HOUR + 12 * HOUR, [0, 0, 0]),  # Monday
    ],
)
def test_matter_stands_under_late_today_or_this_week_by_the_offices_clock(root, unit, campaign, due, late_today_week):
    request = request_of(office(root))
    make_problem(unit, due_at=due)
    assert counts(request) == late_today_week
    make_task(unit, campaign=campaign, due_at=due)
    assert counts(request) == [2 * count for count in late_today_week]


def test_week_ends_on_sunday_when_today_is_sunday(root, unit):
    request = request_of(office(root))
    with clock.at(NOON + 4 * 24 * HOUR):
        make_problem(unit, due_at=clock.now() + 11 * HOUR)
        make_problem(unit, due_at=clock.now() + 13 * HOUR)
        assert counts(request) == [0, 1, 1]


@pytest.mark.parametrize("state", ["closed", "long_term"])
def test_problem_off_the_clock_is_not_late(root, unit, state):
    make_problem(unit, due_at=NOON - HOUR, state=state)
    assert counts(request_of(office(root)))[0] == 0


def test_task_that_is_done_is_not_late(root, unit, campaign):
    make_task(unit, campaign=campaign, due_at=NOON - HOUR, state="confirmed")
    make_task(unit, campaign=campaign, due_at=NOON - HOUR, state="issued")
    assert counts(request_of(office(root)))[0] == 1


def test_tabs_name_the_chosen_one_and_an_unknown_one_is_late(root):
    request = request_of(office(root))
    for chosen, current in (
        ("today", "?due=today"),
        ("week", "?due=week"),
        ("<script>", "?due=late"),
        ("", "?due=late"),
    ):
        tabs = queries.pressing(request, chosen).tabs
        assert [tab["url"] for tab in tabs if tab["current"]] == [current]
    assert [str(tab["label"]) for tab in tabs] == ["逾期", "今天到期", "本周到期"]


def test_matters_are_mixed_by_deadline_and_end_after_eight(root, unit, campaign):
    street = make_unit(root, name="东关街道", kind=UnitKind.STREET, branch=Branch.TERRITORY)
    for number in range(6):
        make_problem(unit, title=f"题{number}", due_at=NOON - (2 * number + 1) * HOUR, territory=street)
        make_task(unit, campaign=campaign, title=f"任务{number}", due_at=NOON - (2 * number + 2) * HOUR)
    matters = queries.pressing(request_of(office(root)), "late").matters
    assert [matter.title for matter in matters] == [
        "任务5", "题5", "任务4", "题4", "任务3", "题3", "任务2", "题2",
    ]  # fmt: skip
    assert [(matter.lead, matter.territory) for matter in matters[:2]] == [("城管局", ""), ("城管局", "东关街道")]
    assert matters[0].url.startswith("/tasks/")
    assert matters[1].url.startswith("/problems/2026-")


def test_who_looks_after_one_unit_or_none_has_no_such_list_and_a_stranger_an_empty_one(root, unit):
    make_problem(unit, due_at=NOON - HOUR)
    assert queries.pressing(request_of(make_user(Role.LIAISON, unit)), "") is None
    assert queries.pressing(request_of(make_user(region=root.region)), "") is None
    stranger = queries.pressing(request_of(make_user(Role.OFFICE)), "late")
    assert ([tab["count"] for tab in stranger.tabs], stranger.matters, stranger.links) == ([0, 0, 0], [], [])


@pytest.mark.parametrize(
    ("chosen", "addresses"),
    [
        ("late", ["/problems/?tab=late", "/tasks/?tab=late"]),
        ("today", ["/problems/?tab=today", "/tasks/?tab=today"]),
        ("week", ["/problems/?tab=week", "/tasks/?tab=week"]),
    ],
)
def test_links_lead_to_the_lists_that_hold_the_rest(root, unit, campaign, chosen, addresses):
    request = request_of(office(root))
    due = {"late": NOON - HOUR, "today": NOON + HOUR, "week": NOON + 30 * HOUR}[chosen]
    assert queries.pressing(request, chosen).links == []
    make_problem(unit, due_at=due)
    make_task(unit, campaign=campaign, due_at=due)
    assert [address for _words, address in queries.pressing(request, chosen).links] == addresses


def test_items_stand_in_their_groups_by_deadline(root, monkeypatch):
    items = [
        DeskItem("mine", "乙", "/b/", due=NOON + HOUR), DeskItem("late", "丙", "/c/"), DeskItem("week", "丁", "/d/"),
        DeskItem("mine", "无期", "/e/"), DeskItem("mine", "甲", "/a/", due=NOON), DeskItem("decide", "戊", "/f/"),
    ]  # fmt: skip
    monkeypatch.setattr(panels, "_desk", [lambda _request: items])
    groups = queries.grouped_items(request_of(office(root)))
    assert [item.title for item in groups.mine] == ["甲", "乙", "无期"]
    assert [len(group) for group in (groups.decide, groups.week, groups.late)] == [1, 1, 1]


def milestone(campaign, name, due):
    return Milestone.objects.create(region=campaign.region, campaign=campaign, name=name, due_on=due)


def visit(made_round, place, team, state, day=DAY):
    return Visit.objects.create(
        region=made_round.region, round=made_round, place=place, team=team, state=state, planned_on=day
    )


def test_teams_of_today_for_those_who_see_fieldwork(root, campaign):
    made = make_round(campaign)
    places = [make_place(make_unit(root)) for _ in range(6)]
    rows = [("一组", "finished"), ("一组", "planned"), ("一组", "skipped"), ("", "planned"), ("二组", "finished")]
    for place, (team, state) in zip(places, rows, strict=False):
        visit(made, place, team, state)
    visit(made, places[5], "一组", "planned", DAY + timedelta(days=1))
    teams = queries.teams_today(request_of(office(root)), campaign)
    assert sorted((team.team, team.done, team.planned) for team in teams) == [
        ("一组", 2, 3), ("二组", 1, 1), ("未分组", 0, 1),
    ]  # fmt: skip
    assert queries.teams_today(request_of(office(root)), make_campaign(root, name="另一项")) == []
    assert queries.teams_today(request_of(make_user(Role.LIAISON, make_unit(root))), campaign) == []


@pytest.mark.parametrize("role", Role)
@pytest.mark.once
def test_everybody_has_a_start_page(sign_in, root, unit, campaign, role):
    make_problem(unit, due_at=NOON - HOUR)
    answer = sign_in(make_user(role, root)).get("/desk/")
    assert answer.status_code == 200
    assert answer.context["today"] == DAY
    assert answer.context["may_plan"] is (role is Role.OFFICE)


def test_page_counts_the_days_to_the_assessment(sign_in, root, campaign):
    assert sign_in(office(root)).get("/desk/").context["days_left"] == 33


def test_page_without_a_campaign_is_there_too(sign_in, root):
    answer = sign_in(office(root)).get("/desk/?due=week")
    assert (answer.status_code, answer.context["days_left"], answer.context["plan"]) == (200, None, [])


def test_anonymous_is_led_to_the_sign_in_page(client, db):
    assert client.get("/desk/").url.startswith("/account/login/")


def test_start_page_costs_the_same_whatever_is_late(sign_in, root, unit, campaign):
    page = sign_in(office(root))

    def cost(number):
        for _ in range(number):
            make_problem(unit, due_at=NOON - HOUR, territory=unit)
            make_task(unit, campaign=campaign, due_at=NOON - HOUR)
            milestone(campaign, "步骤", DAY)
        page.get("/desk/")
        with CaptureQueriesContext(connection) as asked:
            page.get("/desk/")
        return len(asked)

    assert cost(1) == cost(3)


def test_site_without_a_campaign_says_what_to_do_first(sign_in, root):
    page = sign_in(make_user(Role.OFFICE, root)).get("/desk/")
    assert [(step.url, step.done) for step in page.context["first_steps"]] == [
        ("/imports/units/", False),
        ("/standards/", False),
        ("/campaigns/new/", False),
    ]
    assert page.context["next_step"].url == "/imports/units/"


def test_first_steps_show_what_is_done_and_only_what_one_may_do(sign_in, root, unit):
    office, administrator = make_user(Role.OFFICE, root), make_user(Role.ADMINISTRATOR, root)
    steps = sign_in(office).get("/desk/").context
    assert [step.done for step in steps["first_steps"]] == [True, False, False]
    assert steps["next_step"].url == "/standards/"
    assert [step.url for step in sign_in(administrator).get("/desk/").context["first_steps"]] == ["/imports/units/"]
    assert sign_in(make_user(Role.LIAISON, unit)).get("/desk/").context["first_steps"] == []


def test_first_steps_are_gone_once_there_is_a_campaign(sign_in, root, campaign):
    assert sign_in(make_user(Role.OFFICE, root)).get("/desk/").context["first_steps"] == []


@pytest.mark.parametrize(
    ("page", "step", "may", "may_not"),
    [
        ("/places/", "/places/import/", Role.OFFICE, Role.LEADER),
        ("/campaigns/", "/campaigns/new/", Role.OFFICE, Role.LIAISON),
        ("/directives/", "/directives/new/", Role.OFFICE, Role.LEADER),
        ("/problems/rules/", "/problems/rules/new/", Role.OFFICE, Role.LEADER),
        ("/problems/", "/problems/new/", Role.LIAISON, Role.LEADER),
    ],
)
def test_empty_list_offers_its_first_step_to_those_who_may(sign_in, root, page, step, may, may_not):
    assert sign_in(make_user(may, root)).get(page).context["first_step"]["url"] == step
    assert sign_in(make_user(may_not, root)).get(page).context["first_step"] is None


def test_rules_from_hints_wait_for_a_standard(sign_in, root):
    answer = sign_in(make_user(Role.OFFICE, root)).get("/problems/rules/hints/")
    assert (answer.status_code, answer.context["refusal"].step[1]) == (404, "/standards/")
