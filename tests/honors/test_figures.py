"""The figures of titles: shares with their numerators and denominators, years without a break."""

from __future__ import annotations

from datetime import date

import pytest

from chuangwen.honors.models import Application
from chuangwen.honors.queries.register import Share, figures_of
from chuangwen.honors.services import begin_application, delist
from tests.honors.making import make_programme
from tests.support.factories import make_unit

pytestmark = pytest.mark.once


def test_shares_count_each_unit_once_at_its_highest(house):
    third = make_unit(house.root, name="市档案局")
    make_unit(house.root, kind="street", branch="territory")  # no unit of the line
    house.give(house.bureau, "city", date(2020, 1, 8))
    house.give(house.bureau, "province", date(2023, 1, 8))
    gone = house.give(house.other, "city")
    delist(gone, reason="r", decided_by="d", document="1", actor=house.office)
    house.give(third, "county", date(2024, 5, 1))
    house.offices_civil(house.bureau, 3, model=1)
    found = figures_of(house.root.region, 2026)
    assert found.titled == Share(2, 3)
    assert [(str(one.title), one.highest, one.holders) for one in found.levels] == [
        ("省级文明单位", 1, 1), ("市级文明单位", 0, 1), ("区级文明单位", 1, 1),
    ]  # fmt: skip
    assert (found.civil, found.model) == (Share(3, 20), 1)
    assert [(award.unit.name, years) for award, years, _since in found.years] == [("市水利局", 6), ("市档案局", 2)]


def test_seventy_of_eighty_five_is_eighty_two_per_cent():
    assert round(Share(70, 85).share * 100) == 82
    assert Share(0, 0).share is None


def test_campaign_rate_counts_who_applies_and_pass_rate_who_was_decided(house):
    programme = make_programme(house)
    made = begin_application(programme, house.bureau, actor=house.office)
    assert figures_of(house.root.region, 2026).campaigning == Share(0, 2)  # a draft is no application yet
    Application.objects.filter(pk=made.pk).update(state="refused")
    other = begin_application(programme, house.other, actor=house.office)
    Application.objects.filter(pk=other.pk).update(state="awarded")
    found = figures_of(house.root.region, 2026)
    assert (found.campaigning, found.passed) == (Share(2, 2), Share(1, 2))
    assert figures_of(house.root.region, 2025).passed == Share(0, 0)
