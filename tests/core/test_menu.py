"""The side bar: by the work people do, in groups that fold and stay folded for who folded them."""

from __future__ import annotations

import pytest
from django.test import Client

from chuangwen.accounts.roles import Role
from chuangwen.core.panels import NavGroup, NavItem, navigation
from tests.support.factories import make_root, make_unit, make_user

pytestmark = pytest.mark.django_db
WORDS = ["", "标准与分工", "部署与任务", "落实", "整改", "结果", "单位与设置"]


def sections_of(client: Client, path: str = "/accounts/me/"):
    return client.get(path).context["nav"]


def test_office_finds_its_entries_by_the_work_in_the_order_of_the_data(sign_in):
    found = sections_of(sign_in(make_user(Role.OFFICE)))
    assert [str(one.label) for one in found] == WORDS
    assert [entry["url"] for entry in found[0].items] == ["/desk/"]
    assert [entry["url"] for entry in found[2].items][:2] == ["/meetings/", "/directives/"]
    assert {"/tasks/", "/duties/"} < {entry["url"] for entry in found[2].items}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.once
def test_no_heading_stands_over_a_single_entry_and_every_entry_is_there_once(sign_in, role):
    user = make_user(role)
    found = sections_of(sign_in(user))
    assert [one for one in found if one.label and len(one.items) < 2] == []
    urls = [entry["url"] for one in found for entry in one.items]
    assert len(urls) == len(set(urls)) > 0
    if len(urls) <= 9:
        assert [one.label for one in found] == [""]


def test_phone_of_a_liaison_has_what_is_asked_of_her_first(sign_in):
    page = sign_in(make_user(Role.LIAISON, make_unit(make_root()))).get("/accounts/me/")
    urls = [tab["url"] for tab in page.context["phone_tabs"]]
    assert urls == ["/desk/", "/tasks/", "/problems/", "/dossiers/", "/accounts/me/"]


def test_few_entries_are_one_list(sign_in):
    found = sections_of(sign_in(make_user(Role.ADMINISTRATOR)))
    assert [one.label for one in found] == [""]
    assert [entry["url"] for entry in found[0].items] == [
        "/desk/", "/standards/", "/campaigns/", "/places/", "/units/", "/accounts/people/",
    ]  # fmt: skip


def test_what_is_seldom_opened_is_folded_until_the_person_says_otherwise(sign_in):
    user = make_user(Role.OFFICE)
    client = sign_in(user)
    assert [one.key for one in sections_of(client) if one.is_folded] == [NavGroup.STANDARDS, NavGroup.SITE]
    client.cookies[f"cw_folded_{user.pk + 1}"] = "results"  # a colleague at the same machine
    assert [one.key for one in sections_of(client) if one.is_folded] == [NavGroup.STANDARDS, NavGroup.SITE]
    client.cookies[f"cw_folded_{user.pk}"] = "results.<b>"
    assert [one.key for one in sections_of(client) if one.is_folded] == [NavGroup.RESULTS]
    client.cookies[f"cw_folded_{user.pk}"] = ""
    assert [one.key for one in sections_of(client) if one.is_folded] == []


def test_folded_group_says_what_waits_behind_it_and_keeps_the_present_page_in_sight(sign_in):
    client = sign_in(make_user(Role.OFFICE))
    page = client.get("/standards/")
    group = next(one for one in page.context["nav"] if one.key == NavGroup.STANDARDS)
    assert group.items[0]["current"]
    assert f'data-folds="cw_folded_{page.wsgi_request.user.pk}"' in page.content.decode()
    group.items[0]["count"], group.items[2]["count"] = 5, 3
    assert group.waiting == 3


def test_entry_of_an_unknown_group_stops_the_program():
    with pytest.raises(ValueError, match="'meeting' is not a valid NavGroup"):
        NavItem("meeting", 1, "x", "flag", "desk:desk", ())  # type: ignore[arg-type]
    assert {item.group for item in navigation()} == set(NavGroup)
