"""A unit takes what nobody leads; the first one wins, strangers and readers take nothing."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core.errors import Refusal
from chuangwen.notifications.models import Notice
from chuangwen.responsibilities.models import Assignment, Share
from chuangwen.responsibilities.services import claim_criterion, set_share
from tests.responsibilities.making import make_city
from tests.support.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_city()


def test_unit_leads_what_it_takes_and_the_office_is_told(city, django_capture_on_commit_callbacks):
    unit = city.unit("甲局")
    with django_capture_on_commit_callbacks(execute=True):
        claim_criterion(city.campaign, city.node("1.1"), unit, actor=city.liaison(unit))
    assert city.cells() == {("1.1", "甲局"): "lead"}
    assert list(Notice.objects.values_list("user", "url")) == [(city.office.pk, "/breakdown/")]


def test_unit_that_cooperated_leads_from_then_on(city):
    unit = city.unit("甲局")
    set_share(city.campaign, city.node("1.1"), unit, Share.COOPERATE, actor=city.office)
    claim_criterion(city.campaign, city.node("1.1"), unit, actor=city.liaison(unit))
    assert city.cells() == {("1.1", "甲局"): "lead"}


def test_what_somebody_leads_is_not_taken(city):
    first, second = city.unit("甲局"), city.unit("乙局")
    claim_criterion(city.campaign, city.node("1.1"), first, actor=city.liaison(first))
    with pytest.raises(Refusal, match="甲局"):
        claim_criterion(city.campaign, city.node("1.1"), second, actor=city.liaison(second))
    assert city.cells() == {("1.1", "甲局"): "lead"}


def test_nobody_takes_for_another_unit(city):
    own, other = city.unit("甲局"), city.unit("乙局")
    with pytest.raises(PermissionDenied):
        claim_criterion(city.campaign, city.node("1.1"), other, actor=city.liaison(own))
    assert Assignment.objects.count() == 0


def test_sheet_offers_what_nobody_leads_and_takes_it_by_a_button(city, sign_in):
    own, other = city.unit("甲局"), city.unit("乙局")
    set_share(city.campaign, city.node("1.2"), other, Share.LEAD, actor=city.office)
    client = sign_in(city.liaison(own))
    page = reverse("responsibilities:sheet", args=[own.pk])
    assert [node.code for node in client.get(page).context["unled"]] == ["1.1", "1.3"]
    answer = client.post(reverse("responsibilities:claim", args=[own.pk]), {"node": city.node("1.1").pk}, follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert [node.code for node in answer.context["unled"]] == ["1.3"]
    assert city.cells()["1.1", "甲局"] == "lead"


@pytest.mark.parametrize("node", ["", "0", "x", "taken"])
def test_what_cannot_be_taken_is_told_and_changes_nothing(city, sign_in, node):
    own, other = city.unit("甲局"), city.unit("乙局")
    set_share(city.campaign, city.node("1.2"), other, Share.LEAD, actor=city.office)
    client = sign_in(city.liaison(own))
    data = {"node": str(city.node("1.2").pk) if node == "taken" else node}
    answer = client.post(reverse("responsibilities:claim", args=[own.pk]), data, follow=True)
    assert 'class="cw-note' in answer.content.decode()
    assert city.cells() == {("1.2", "乙局"): "lead"}


def test_reader_and_stranger_take_nothing(city, sign_in):
    unit = city.unit("甲局")
    address, data = reverse("responsibilities:claim", args=[unit.pk]), {"node": city.node("1.1").pk}
    assert sign_in(make_user(Role.LEADER, city.root)).post(address, data).status_code == 403
    assert sign_in(make_user(Role.LIAISON)).post(address, data).status_code == 404
    assert city.cells() == {}
