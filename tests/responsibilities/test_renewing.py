"""A new version of the standard: duties go on under it, what is new is a gap."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from chuangwen.accounts.roles import Role
from chuangwen.core import clock
from chuangwen.core.errors import Refusal
from chuangwen.responsibilities.models import Assignment, Share, SplitCriterion
from chuangwen.responsibilities.queries.renewals import renewal_of
from chuangwen.responsibilities.services import mark_split, renew_breakdown, set_share
from chuangwen.standards.fileformat import read_standard
from chuangwen.standards.services import publish_standard
from tests.responsibilities.making import City
from tests.support.factories import make_campaign, make_root, make_user, make_version

pytestmark = pytest.mark.django_db

HEAD = """
urn: urn:chuangwen:standard:renewed
version: "{version}"
title: 测试
subject: city
scale: 100
nodes:
  - {{code: "1", title: 公共环境, children: [{children}]}}
"""
OLD = (
    '{code: "1.1", title: 路面整洁, points: 40, method: field},'
    '{code: "1.2", title: 公厕干净, points: 30, method: field},'
    '{code: "1.3", title: 绿地养护, points: 30, method: field}'
)
NEW = (
    '{code: "1.1", title: 道路和路面整洁, points: 40, method: field},'
    '{code: "1.4", title: 环卫设施, points: 40, method: field, replaces: ["1.2", "1.3"]},'
    '{code: "1.5", title: 空中线缆, points: 20, method: field}'
)


def publish(region, version, children):
    data = HEAD.format(version=version, children=children).encode()
    return publish_standard(read_standard(data, "s.yaml"), region=region, actor=None)[0]


@pytest.fixture
def city():
    root = make_root()
    with clock.at(clock.now() - timedelta(days=300)):
        old = publish(root.region, "1", OLD)
    city = City(root, make_campaign(root, version=old), make_user(Role.OFFICE, root))
    first, second = city.unit("甲局"), city.unit("乙局")
    for code, unit, share in (
        ("1.1", first, "lead"), ("1.1", second, "cooperate"), ("1.2", first, "cooperate"), ("1.2", second, "lead"),
        ("1.3", first, "lead"),
    ):  # fmt: skip
        set_share(city.campaign, city.node(code), unit, share, actor=city.office)
    return city


@pytest.fixture
def new(city):
    version = publish(city.root.region, "2", NEW)
    city.campaign.standards.create(region=city.root.region, version=version)
    return version


def cells_of(version):
    rows = Assignment.objects.filter(node__version=version).values_list("node__code", "unit__name", "share")
    return {(code, unit): share for code, unit, share in rows}


def test_duties_go_on_and_who_led_a_part_leads(city, new):
    assert renew_breakdown(city.campaign, actor=city.office) == 4
    assert cells_of(new) == {
        ("1.1", "甲局"): "lead", ("1.1", "乙局"): "cooperate", ("1.4", "甲局"): "lead", ("1.4", "乙局"): "lead",
    }  # fmt: skip
    assert Assignment.objects.exclude(node__version=new).count() == 5


def test_what_goes_on_what_changed_and_what_is_new_are_counted(city, new):
    renewal = renewal_of(city.campaign)
    assert (renewal.old.version, renewal.new.version) == ("1", "2")
    assert (renewal.continued, renewal.changed, renewal.fresh) == (2, 2, 1)


def test_split_criterion_stays_split(city, new):
    mark_split(city.campaign, city.node("1.3"), split=True, actor=city.office)
    renew_breakdown(city.campaign, actor=city.office)
    split = SplitCriterion.objects.filter(node__version=new).values_list("node__code", flat=True)
    assert list(split) == ["1.4"]


def test_duties_of_another_campaign_and_of_another_standard_stay_where_they_are(city, new):
    old = city.campaign.standards.get(is_main=True).version
    third = city.unit("丙局")
    beside, other = make_campaign(city.root, version=old, name="另一个"), make_version(city.root.region)
    set_share(beside, city.node_of(old, "1.1"), third, Share.LEAD, actor=None)
    mark_split(beside, city.node_of(old, "1.1"), split=True, actor=None)
    city.campaign.standards.create(region=city.root.region, version=other)
    set_share(city.campaign, city.node_of(other, "1.1"), third, Share.LEAD, actor=None)
    mark_split(city.campaign, city.node_of(other, "1.2"), split=True, actor=None)
    renew_breakdown(city.campaign, actor=city.office)
    assert "丙局" not in {unit for _code, unit in cells_of(new)}
    assert not SplitCriterion.objects.filter(node__version=new).exists()


def test_nothing_is_taken_over_twice_or_over_what_somebody_filled(city, new):
    set_share(city.campaign, city.node("1.5"), city.units["甲局"], Share.LEAD, actor=city.office)
    with pytest.raises(Refusal):
        renew_breakdown(city.campaign, actor=city.office)
    assert cells_of(new) == {("1.5", "甲局"): "lead"}


def test_without_an_earlier_version_there_is_nothing_to_take_over(city):
    assert renewal_of(city.campaign) is None
    with pytest.raises(Refusal):
        renew_breakdown(city.campaign, actor=city.office)


def test_earlier_version_added_later_takes_nothing_from_the_newer(city, new):
    """Only a newer version continues an earlier one."""
    Assignment.objects.all().delete()
    set_share(city.campaign, city.node("1.5"), city.units["甲局"], Share.LEAD, actor=city.office)
    assert renewal_of(city.campaign) is None


def test_office_is_offered_the_renewal_and_led_to_what_is_new(city, new, sign_in):
    client = sign_in(city.office)
    page = client.get(reverse("responsibilities:breakdown"))
    assert reverse("responsibilities:renew") in page.content.decode()
    answer = client.post(reverse("responsibilities:renew"), follow=True)
    assert answer.redirect_chain == [(reverse("responsibilities:breakdown") + "?show=gap", 302)]
    assert [row.node.code for row in answer.context["matrix"].sections[0].rows] == ["1.5"]
    assert answer.context["renewal"] is None
    again = client.post(reverse("responsibilities:renew"), follow=True)
    assert 'class="cw-note' in again.content.decode()


def test_reader_takes_nothing_over(city, new, sign_in):
    client = sign_in(make_user(Role.LEADER, city.root))
    assert reverse("responsibilities:renew") not in client.get(reverse("responsibilities:breakdown")).content.decode()
    assert client.post(reverse("responsibilities:renew")).status_code == 403
    assert cells_of(new) == {}
