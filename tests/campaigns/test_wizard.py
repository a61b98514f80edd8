"""Setting a campaign up step by step, with wrong words at each."""

# ruff: noqa: E501  (a case a line reads best)

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.campaigns.models import Campaign
from chuangwen.core import clock
from chuangwen.organizations.models import Unit
from tests.support.factories import NOON, make_root, make_unit, make_user, make_version

pytestmark = pytest.mark.django_db
AIM = {"title": "全国文明城市", "subject": "云溪市", "name": "云溪创城"}
PERIOD = {"starts": "2026-01-01", "ends": "2028-12-31", "assessment_on": "2028-11-16", "cycle_rule": "weighted"}
WEIGHTS = {"y2026": "15", "y2027": "25", "y2028": "60"}


@pytest.fixture(autouse=True)
def _noon():
    with clock.at(NOON):
        yield


@pytest.fixture
def root():
    return make_root(name="云溪市")


@pytest.fixture
def version(root):
    return make_version(root.region)


@pytest.fixture
def client_(sign_in, root):
    return sign_in(make_user(Role.OFFICE, root))


def step(name):
    return reverse("campaigns:new-step", args=[name])


def walk(client, version, **changed):
    given = {
        "aim": AIM, "standards": {"versions": [version.pk], "main": version.pk}, "period": PERIOD, "weights": WEIGHTS,
    }  # fmt: skip
    for name, data in given.items():
        response = client.post(step(name), data | changed.get(name, {}))
        if response.status_code != 302:
            return response
    return client.post(step("check"))


def test_five_steps_set_the_campaign_up_and_lead_into_it(client_, version):
    response = walk(client_, version)
    campaign = Campaign.objects.get()
    assert response.url == reverse("campaigns:campaign", args=[campaign.pk])
    assert (campaign.name, campaign.state, campaign.assessment_on) == ("云溪创城", "preparing", date(2028, 11, 16))
    assert list(campaign.years.values_list("year", "weight")) == [(2026, 0.15), (2027, 0.25), (2028, 0.6)]
    assert campaign.standards.get().is_main
    assert campaign.milestones.count() == 8
    assert client_.session["campaign"] == campaign.pk
    assert "campaign_draft" not in client_.session


def test_unit_is_found_by_its_short_name_and_shapes_the_campaign(client_, root, version):
    make_unit(root, name="云溪市水利局", short_name="水利局")
    walk(client_, version, aim={"title": "省级文明单位", "subject": "水利局"})
    campaign = Campaign.objects.get()
    assert (campaign.subject, campaign.shape) == (Unit.objects.get(short_name="水利局"), "unit")


def test_title_of_ones_own(client_, version):
    walk(client_, version, aim={"title": "other", "other_title": "美丽村庄", "other_subject": "village"})
    assert (Campaign.objects.get().title.name, Campaign.objects.get().shape) == ("美丽村庄", "city")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("aim", {"title": ""}), ("aim", {"title": "other"}), ("aim", {"title": "没有的称号"}), ("aim", {"subject": "没有的单位"}),
        ("aim", {"name": ""}), ("aim", {"name": "长" * 81}), ("aim", {"subject": "a\x00"}),
        ("aim", {"title": "other", "other_title": "x", "other_subject": "planet"}),
        ("standards", {"versions": []}), ("standards", {"versions": ["x"]}), ("standards", {"main": ""}),
        ("period", {"ends": "2025-01-01"}), ("period", {"assessment_on": "2029-01-01"}), ("period", {"starts": "去年"}),
        ("period", {"ends": "2199-01-01"}), ("period", {"cycle_rule": "x"}), ("period", {"target": "满分"}),
        ("weights", {"y2028": "61"}), ("weights", {"y2028": "-1"}), ("weights", {"y2028": ""}), ("weights", {"y2028": "1e9"}),
    ],
)  # fmt: skip
@pytest.mark.once
def test_wrong_words_stop_at_their_step(client_, version, name, wrong):
    response = walk(client_, version, **{name: wrong})
    assert response.status_code == 422
    assert response.context["step"] == name
    assert Campaign.objects.count() == 0


def test_steps_are_taken_in_order(client_):
    assert client_.get(step("weights")).url == step("aim")
    client_.post(step("aim"), AIM)
    assert client_.get(step("check")).url == step("standards")
    assert client_.get(step("nowhere")).status_code == 404


def test_what_was_typed_waits_and_can_be_given_up(client_, version):
    client_.post(step("aim"), AIM)
    assert "云溪创城" in client_.get(step("aim")).content.decode()
    client_.post(reverse("campaigns:give-up"))
    assert "云溪创城" not in client_.get(step("aim")).content.decode()


def test_weights_are_proposed_for_the_years_of_the_period(client_, version):
    client_.post(step("aim"), AIM)
    client_.post(step("standards"), {"versions": [version.pk], "main": version.pk})
    client_.post(step("period"), PERIOD | {"starts": "2028-01-01"})
    assert client_.get(step("weights")).context["form"].initial == {"y2028": "100"}


def test_standard_of_another_region_cannot_be_chosen(client_, root):
    other = make_version()
    client_.post(step("aim"), AIM)
    assert client_.post(step("standards"), {"versions": [other.pk], "main": other.pk}).status_code == 422


def test_name_taken_meanwhile_is_told_at_the_last_step(client_, root, version):
    walk(client_, version)
    session = client_.session
    session["campaign_draft"] = {
        "aim": AIM | {"other_title": "", "other_subject": "", "subject_id": root.pk},
        "standards": {"versions": [str(version.pk)], "main": str(version.pk)},
        "period": PERIOD | {"target": None}, "weights": WEIGHTS,
    }  # fmt: skip
    session.save()
    response = client_.post(step("check"))
    assert response.status_code == 422
    assert "已有叫" in response.content.decode()
    assert Campaign.objects.count() == 1
