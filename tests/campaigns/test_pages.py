"""The pages of campaigns: who may open them, what they do, how many queries they cost."""

# ruff: noqa: E501  (a case a line reads best)

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.campaigns import round_facts, services
from chuangwen.campaigns.context import SESSION_KEY, current_campaign
from chuangwen.campaigns.desk import desk_items
from chuangwen.campaigns.models import Campaign, Milestone, Round
from chuangwen.core import clock
from tests.campaigns.making import ASSESSMENT, running_campaign
from tests.support.factories import NOON, make_root, make_user, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def root():
    return make_root()


@pytest.fixture
def campaign(root):
    return running_campaign(root)


@pytest.fixture
def office(root):
    return make_user(Role.OFFICE, root)


def at(name, *args):
    return reverse(f"campaigns:{name}", args=args)


def planned(campaign, name="冲刺轮"):
    return services.plan_round(campaign, name=name, starts=date(2026, 12, 1), ends=date(2026, 12, 3), actor=None)


def readable(campaign):
    return [at("campaign", campaign.pk), at("plan", campaign.pk), f"{at('plan', campaign.pk)}?to=2026-12-28"]


def writable(campaign):
    round_, milestone = planned(campaign), campaign.milestones.first()
    return [
        at("round-new", campaign.pk), at("milestone-new", campaign.pk), at("round", round_.pk),
        at("milestone", milestone.pk),
    ]  # fmt: skip


def postable(campaign):
    return [
        at("standard", campaign.pk), at("step", campaign.pk, "end"), at("plan-fill", campaign.pk),
        at("milestone-act", campaign.milestones.first().pk), at("round-step", planned(campaign, "b").pk, "start"),
    ]  # fmt: skip


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADER, Role.LIAISON, Role.AUDITOR, Role.ASSESSOR])
def test_campaigns_are_read_by_their_region(sign_in, root, campaign, role):
    client = sign_in(make_user(role, root))
    assert [client.get(page).status_code for page in [at("list"), *readable(campaign)]] == [200] * 4


def test_campaigns_are_hidden_from_another_region(sign_in, campaign):
    client = sign_in(make_user(Role.OFFICE, make_root()))
    assert [client.get(page).status_code for page in [*readable(campaign), *writable(campaign)]] == [404] * 7
    assert [client.post(page).status_code for page in [*postable(campaign), at("choose", campaign.pk)]] == [404] * 6
    assert Campaign.objects.get().state == "running"


def test_writing_is_for_the_office(sign_in, root, campaign):
    client = sign_in(make_user(Role.LIAISON, root))
    assert {client.get(page).status_code for page in [*writable(campaign), at("new")]} == {403}
    assert {client.post(page).status_code for page in postable(campaign)} == {403}
    assert client.post(at("plan", campaign.pk), {"to": "2026-12-28"}).status_code == 404
    assert Campaign.objects.get().assessment_on == ASSESSMENT


def test_keeper_has_no_use_for_campaigns_and_the_nameless_sign_in(client, sign_in, root, campaign):
    assert {client.get(page).status_code for page in readable(campaign)} == {302}
    assert {sign_in(make_user(Role.KEEPER, root)).get(page).status_code for page in readable(campaign)} == {403}


def test_get_never_changes_anything(sign_in, office, campaign):
    client = sign_in(office)
    assert {client.get(page).status_code for page in [*postable(campaign), at("choose", campaign.pk)]} == {405}


def test_choosing_a_campaign_is_kept_and_leads_only_inside(sign_in, root, office, campaign):
    other = running_campaign(root, name="另一个周期", assessment_on=date(2026, 12, 30))
    client = sign_in(office)
    assert client.post(at("choose", campaign.pk), {"next": at("list")}).url == at("list")
    assert client.session[SESSION_KEY] == campaign.pk
    assert client.get(at("list")).context["current"] == campaign
    assert client.post(at("choose", other.pk), {"next": "https://evil.example/"}).url == reverse("desk:desk")


def request_of(user, chosen=None):
    request = RequestFactory().get("/")
    request.user, request.session = user, {SESSION_KEY: chosen} if chosen else {}
    return request


def test_current_campaign_is_the_chosen_one_else_the_running_one_in_one_query(root, office, campaign):
    later = running_campaign(root, name="b", assessment_on=date(2026, 12, 30))
    preparing = running_campaign(root, name="c")
    Campaign.objects.filter(pk=preparing.pk).update(state="ended")
    make_user(Role.OFFICE, make_root())
    assert current_campaign(request_of(office)) == later
    office.__dict__["_scopes"]
    request = request_of(office, preparing.pk)
    with CaptureQueriesContext(connection) as queries:
        assert current_campaign(request) == preparing
        assert current_campaign(request).title.name == "全国文明城市"
    assert len(queries) == 1
    assert request.campaign_shape == "city"


@pytest.mark.parametrize("chosen", ["x", -1, 10**12])
def test_current_campaign_survives_a_strange_choice(office, campaign, chosen):
    assert current_campaign(request_of(office, chosen)) == campaign


def test_who_sees_none_has_none(campaign):
    assert current_campaign(request_of(make_user(Role.OFFICE, make_root()))) is None


def test_list_costs_the_same_for_one_row_and_three(sign_in, root, office, campaign):
    client = sign_in(office)
    client.get(at("list"))
    with CaptureQueriesContext(connection) as one:
        client.get(at("list"))
    for name in "ab":
        running_campaign(root, name=name)
    with CaptureQueriesContext(connection) as three:
        assert client.get(at("list")).content.decode().count("data-row") == 3
    assert len(one) == len(three)


def test_campaign_page_costs_the_same_for_one_round_and_three(sign_in, office, campaign, monkeypatch):
    monkeypatch.setattr(round_facts, "_providers", [])
    round_facts.register_round_facts(
        lambda _r, rounds: {one.pk: round_facts.RoundFact("查46处", "/x/") for one in rounds}
    )
    client = sign_in(office)
    planned(campaign, "a")
    client.get(at("campaign", campaign.pk))
    with CaptureQueriesContext(connection) as one:
        client.get(at("campaign", campaign.pk))
    planned(campaign, "b")
    planned(campaign, "c")
    services.add_milestone(campaign, name="x", offset_workdays=3, actor=None)
    with CaptureQueriesContext(connection) as three:
        text = client.get(at("campaign", campaign.pk)).content.decode()
    assert text.count("查46处") == 3
    assert len(one) == len(three)


ROUND = {"name": "冲刺轮", "kind": "mock", "starts": "2026-12-01", "ends": "2026-12-03"}


def test_round_is_planned_edited_started_and_closed_on_screen(sign_in, office, campaign):
    client = sign_in(office)
    version = campaign.standards.get().version_id
    assert client.post(at("round-new", campaign.pk), ROUND | {"versions": [version]}).status_code == 302
    round_ = Round.objects.get()
    client.post(at("round", round_.pk), ROUND | {"versions": [version], "name": "冲刺", "unannounced": "on"})
    round_.refresh_from_db()
    assert (round_.name, round_.unannounced) == ("冲刺", True)
    client.post(at("round-step", round_.pk, "start"))
    client.post(at("round-step", round_.pk, "close"))
    round_.refresh_from_db()
    assert round_.state == "closed"
    assert client.post(at("round-step", round_.pk, "close")).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": "长" * 61}, {"name": "a\x00"}, {"kind": "x"}, {"starts": "下周"}, {"starts": "0000-00-00"},
        {"ends": "2026-11-01"}, {"versions": []}, {"versions": ["999999"]}, {"versions": ["1 OR 1=1"]},
        {"starts": "1999-01-01"},
    ],
)  # fmt: skip
def test_wrong_round_is_refused_and_what_was_typed_stays(sign_in, office, campaign, wrong):
    given = ROUND | {"versions": [campaign.standards.get().version_id]} | wrong
    response = sign_in(office).post(at("round-new", campaign.pk), given)
    assert response.status_code == 422
    assert "2026-12-03" in response.content.decode() or "ends" in wrong
    assert Round.objects.count() == 0


def test_unknown_step_of_a_round_is_not_found(sign_in, office, campaign):
    assert sign_in(office).post(at("round-step", planned(campaign).pk, "explode")).status_code == 404


def test_plan_previews_the_shift_and_changes_nothing(sign_in, office, campaign):
    text = sign_in(office).get(at("plan", campaign.pk), {"to": "2026-12-28"}).content.decode()
    assert "12月21日(周一)调整到12月28日(周一)" in text
    assert "调整这9个日期" in text
    assert Campaign.objects.get().assessment_on == ASSESSMENT


def test_plan_moves_the_date_after_the_preview(sign_in, office, campaign):
    given = {"to": "2026-12-28", "expected": "2026-12-21", "note": "上级通知"}
    assert sign_in(office).post(at("plan", campaign.pk), given).url == at("plan", campaign.pk)
    assert Campaign.objects.get().assessment_on == date(2026, 12, 28)


@pytest.mark.parametrize(
    "given",
    [{"to": ""}, {"to": "明天"}, {"to": "2026-12-21"}, {"to": "2020-01-01"}, {"to": "2026-12-28", "expected": "2026-12-20"},
     {"to": "9999-12-31"}, {"to": "2026-12-28", "note": "长" * 201}],
)  # fmt: skip
def test_plan_refuses_what_is_no_new_date(sign_in, office, campaign, given):
    assert sign_in(office).post(at("plan", campaign.pk), given).status_code == 422
    assert Campaign.objects.get().assessment_on == ASSESSMENT


def test_plan_is_laid_out_for_a_campaign_without_one(sign_in, office, campaign):
    Milestone.objects.all().delete()
    client = sign_in(office)
    assert at("plan-fill", campaign.pk) in client.get(at("plan", campaign.pk)).content.decode()
    client.post(at("plan-fill", campaign.pk))
    assert campaign.milestones.count() == 8


def test_unit_shaped_campaign_says_nothing_of_places_and_draws(sign_in, root, office):
    title = services.keep_title(root.region, "省级文明单位", subject="unit", actor=None)
    campaign = running_campaign(root, title=title)
    client = sign_in(office)
    pages = [at("campaign", campaign.pk), at("plan", campaign.pk), at("round-new", campaign.pk)]
    mains = [re.search(r"<main.*</main>", client.get(page).content.decode(), re.DOTALL).group() for page in pages]
    assert [word for text in mains for word in ("点位", "抽签", "实地考察", "暗访") if word in text] == []


def test_milestone_is_added_edited_done_and_removed_on_screen(sign_in, office, campaign):
    client = sign_in(office)
    client.post(at("milestone-new", campaign.pk), {"name": "誓师大会", "due_on": "2026-12-02"})
    row = Milestone.objects.get(name="誓师大会")
    client.post(at("milestone", row.pk), {"name": "誓师大会", "offset_workdays": "10"})
    client.post(at("milestone-act", row.pk), {"act": "finish"})
    row.refresh_from_db()
    assert (row.due_on, row.done_on) == (date(2026, 12, 7), date(2026, 11, 18))
    client.post(at("milestone-act", row.pk), {"act": "reopen"})
    client.post(at("milestone-act", row.pk), {"act": "remove"})
    assert not Milestone.objects.filter(name="誓师大会").exists()


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"offset_workdays": "3", "due_on": "2026-12-02"}, {"due_on": "", "offset_workdays": ""},
     {"offset_workdays": "-1", "due_on": ""}, {"offset_workdays": "99999", "due_on": ""}, {"due_on": "2040-01-01"},
     {"round_": "77"}],
)  # fmt: skip
def test_wrong_milestone_is_refused(sign_in, office, campaign, wrong):
    given = {"name": "x", "due_on": "2026-12-02"} | wrong
    assert sign_in(office).post(at("milestone-new", campaign.pk), given).status_code == 422
    assert campaign.milestones.count() == 8


@pytest.mark.parametrize("version", ["", "x", "99999999999999999999999", "0"])
def test_unknown_standard_is_not_found(sign_in, office, campaign, version):
    assert sign_in(office).post(at("standard", campaign.pk), {"version": version}).status_code == 404


def test_standards_are_added_made_main_and_left_out_on_screen(sign_in, root, office, campaign):
    client, first, second = sign_in(office), campaign.standards.get().version_id, make_version(root.region)
    for version, act in ((second.pk, "add"), (second.pk, "main"), (first, "drop")):
        client.post(at("standard", campaign.pk), {"version": version, "act": act})
    assert list(campaign.standards.values_list("version", "is_main")) == [(second.pk, True)]
    assert client.post(at("standard", campaign.pk), {"version": first, "act": "drop"}).status_code == 404


def test_desk_tells_the_office_what_is_late_and_due_this_week(root, office, campaign):
    Milestone.objects.filter(offset_workdays__gte=44).update(done_on=date(2026, 10, 1))
    services.add_milestone(campaign, name="周五会", due_on=date(2026, 11, 20), actor=None)
    services.add_milestone(campaign, name="下周会", due_on=date(2026, 11, 23), actor=None)
    services.add_milestone(campaign, name="上周会", due_on=date(2026, 11, 13), actor=None)
    items = list(desk_items(request_of(office)))
    assert [(item.group, str(item.title)) for item in items] == [("late", "节点：上周会"), ("week", "节点：周五会")]
    assert list(desk_items(request_of(make_user(Role.LIAISON, root)))) == []


@pytest.mark.parametrize(
    "page", ["/breakdown/", "/scores/", "/directives/new/", "/tasks/new/", "/rounds/new/", "/imports/breakdown/"]
)
def test_without_a_campaign_pages_lead_the_office_to_the_first(sign_in, office, page):
    answer = sign_in(office).get(page)
    assert answer.status_code == 404
    assert answer.context["refusal"].step[1] == at("new")


def test_without_a_campaign_others_are_told_who_sets_it_up(sign_in, root):
    answer = sign_in(make_user(Role.LIAISON, root)).get("/breakdown/")
    assert (answer.status_code, answer.context["refusal"].step) == (404, None)
    assert answer.context["refusal"].way_out == "由创建办建立，建好后这一页就能打开。"
